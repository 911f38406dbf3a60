-- A server that is gone while we write must not end the process: what writes to a socket whose
-- peer is gone gets SIGPIPE unless it asks for none, and Lua hosts do not ignore that signal.

local server = require "spec.support.server"
local tree = require "spec.support.tree"

-- Too much for the kernel's buffers, so that there is still something to write when the peer goes.
local SCRIPT = [[
  local meet, url, cert = require "googlemeet", ...
  local client = assert(meet.new { api_key = "k", base_url = url, ca_file = cert, retry = false })
  local body = { text = ("x"):rep(8 << 20) }
  for _ = 1, 3 do
    local _, err = client:request("POST", "/google-meet/v2/spaces", { body = body })
    print(err.kind)
  end
  print(assert(client.spaces:get "x").name)
  print(select(2, client.spaces:create()).kind)
  print(assert(client.spaces:get "z").name)]]

for _, kind in ipairs { "http", "https" } do
  describe("a server that goes away while we write, over " .. kind, function()
    local stub

    setup(function() stub = server.start { tls = kind == "https" } end)
    teardown(function() stub:close() end)

    it("does not end the process", function()
      local gone = { refuse = true }
      stub:script {
        gone, gone, gone,
        { body = '{"name":"spaces/x"}', drop_on_reuse = true }, { body = '{"name":"spaces/z"}' },
      }
      local output = tree.run(("%s - %s %s <<'END'\n%s\nEND\necho status $?"):format(tree.lua(),
        stub.url, stub.cert or "", SCRIPT))
      assert.equal("transport\ntransport\ntransport\nspaces/x\ntransport\nspaces/z\nstatus 0\n",
        output)
    end)
  end)
end
