--- Sockets of a process that has few file descriptors, or has closed the first three.

local Server = require "spec.support.server"
local tree = require "spec.support.tree"

local BODY = '{"name":"spaces/abc"}'

describe("a process", function()
  local server

  setup(function() server = Server.start() end)
  teardown(function() server:close() end)

  local function run(mode, count, before, after)
    local answers = {}
    for i = 1, count do answers[i] = { body = BODY, delay = 0.005 } end
    server:script(answers)
    local pipe <close> = io.popen(("%s %s spec/support/scarce.lua %s %s 2>&1 %s")
      :format(before, tree.lua(), mode, server.url, after or ""))
    return pipe:read "a"
  end

  it("without a descriptor is told so, and goes on when there are some", function()
    assert.equal("config\tno file descriptor is left for a socket: allow the process more "
      .. "(ulimit -n), or have fewer calls under way\nspaces/abc\n",
      run("none", 2, "ulimit -n 40;"))
  end)

  it("with few descriptors has its calls wait for one another's", function()
    assert.equal("40\n", run("few", 40, "ulimit -n 40;"))
  end)

  it("whose first three are closed sends a server nothing that is printed", function()
    run("closed", 2, "", "<&- >&- 2>&-")
    local requests = server:requests()
    assert.same({ "GET", "POST" }, { requests[1].method, requests[2].method })
  end)
end)
