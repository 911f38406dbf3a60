--- Sockets of a process that has few file descriptors, or has closed the first three.

local Server = require "spec.support.server"
local frames = require "spec.support.frames"
local tree = require "spec.support.tree"

local BODY = '{"name":"spaces/abc"}'
local TLS = { tls = "good", protocol = "h2" }

--- A right answer on that stream of HTTP/2.
local function answer(stream)
  return frames.headers(stream, { { ":status", "200" }, { "content-type", "application/json" } })
    .. frames.data(stream, BODY, true)
end

describe("a process", function()
  local server

  setup(function() server = Server.start() end)
  teardown(function() server:close() end)

  local function ask(mode, arguments, before, after)
    local pipe <close> = io.popen(("%s %s spec/support/scarce.lua %s %s 2>&1 %s")
      :format(before, tree.lua(), mode, arguments, after or ""))
    return pipe:read "a"
  end

  local function run(mode, count, before, after)
    local answers = {}
    for i = 1, count do answers[i] = { body = BODY, delay = 0.005 } end
    server:script(answers)
    return ask(mode, server.url, before, after)
  end

  it("without a descriptor gets an event, and goes on when there are some", function()
    assert.equal("config\tno file descriptor is left for a socket: allow the process more "
      .. "(ulimit -n), or have fewer calls under way\nspaces/abc\n",
      run("none", 2, "ulimit -n 40;"))
  end)

  it("with few descriptors has its calls wait for one another's", function()
    assert.equal("40\n", run("few", 40, "ulimit -n 40;"))
  end)

  it("with few descriptors closes an idle socket for one to another server", function()
    local other <close> = Server.start()
    server:script { { body = BODY } }
    other:script { { body = BODY } }
    assert.equal("spaces/abc\n", ask("idle", server.url .. " " .. other.url, "ulimit -n 40;"))
  end)

  it("with few descriptors closes an idle socket though a long call is under way", function()
    local other <close> = Server.start()
    server:script { { body = BODY } }
    other:script { { body = BODY, delay = 1.5 }, { body = BODY } }
    assert.equal("spaces/abc\ttrue\n", ask("busy", server.url .. " " .. other.url, "ulimit -n 40;"))
  end)

  it("with few descriptors looks a name up when there are enough for that", function()
    server:script { { body = BODY, delay = 1.2 } }
    -- libcurl 8.14 loses the name that it has no descriptor to look up.
    assert.equal("true\n", ask("name", server.url .. " https://no-such-host.invalid",
      "ulimit -n 40; ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0"))
  end)

  for count = 1, 2 do
    it("with few descriptors has a call take the place of pages: " .. count, function()
      local page = { body = '{"participants":[{"name":"a"},{"name":"b"}],"nextPageToken":"t"}' }
      server:script(count == 1 and { page, { stall = true }, { body = BODY } }
        or { page, { stall = true }, page, { stall = true }, { body = BODY } })
      assert.equal("spaces/abc\n", ask("page", server.url .. " " .. count, "ulimit -n 40;"))
    end)
  end

  it("without a descriptor for as long as a call has fails with the reason", function()
    server:script { { body = BODY, delay = 1.2 } }
    assert.equal("deadline\tno file descriptor was free in time: allow the process more "
      .. "(ulimit -n), or have fewer calls under way\n",
      ask("late_for_all", server.url .. " http://127.0.0.1:1", "ulimit -n 40;"))
  end)

  it("with few descriptors takes those that another part of it leaves", function()
    local other <close> = Server.start()
    server:script { { body = BODY, delay = 2 } }
    other:script { { body = BODY } }
    assert.equal("spaces/abc\ttrue\n", ask("freed", server.url .. " " .. other.url,
      "ulimit -n 40;"))
  end)

  it("with few descriptors has no write in doubt whose socket makes room", function()
    local second <close> = Server.start()
    local third <close> = Server.start()
    local answers = {}
    for i = 1, 101 do answers[i] = { body = BODY } end
    for _ = 1, 8 do -- whether a socket makes room just as its answer came is chance
      local count = 0
      for _, each in ipairs { server, second, third } do each:script(answers) end
      assert.equal("100\n", ask("writes", ("%s %s,%s"):format(server.url, second.url, third.url),
        "ulimit -n 40;"))
      for _, each in ipairs { server, second, third } do count = count + #each:requests() end
      assert.equal(101, count)
    end
  end)

  it("with few descriptors has its calls wait for a socket that fell silent", function()
    local secure <close> = Server.start { tls = true }
    secure:play {
      { TLS, frames.settings(), { streams = 2 }, { pause = 1.2 }, answer(3), { hold = true } },
      { TLS, frames.settings(), { streams = 1 }, answer(1), { hold = true } },
    }
    assert.equal("timeout\tspaces/abc\tspaces/abc\n",
      ask("late", secure.url .. " " .. secure.cert, "ulimit -n 40;"))
    assert.equal(2, secure:sockets())
  end)

  it("whose first three are closed sends a server nothing that is printed", function()
    run("closed", 2, "", "<&- >&- 2>&-")
    local requests = server:requests()
    assert.same({ "GET", "POST" }, { requests[1].method, requests[2].method })
  end)
end)
