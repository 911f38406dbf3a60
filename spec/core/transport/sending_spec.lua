-- A socket on which sending failed is not used again, though neither side has ended it: TLS cannot
-- go on there, and libcurl 8.23 does not see that.

local Server = require "spec.support.server"
local compiled = require "spec.support.compiled"
local tree = require "spec.support.tree"

local SCRIPT = [[
  local meet, url, cert = require "googlemeet", ...
  local client = assert(meet.new { api_key = "k", base_url = url, ca_file = cert, retry = false })
  assert(client.spaces:get "a")
  local body = { text = ("x"):rep(1 << 20) }
  print(select(2, client:request("POST", "/google-meet/v2/spaces", { body = body })).kind)
  print(assert(client.spaces:create()).name)
  print(client:stats().sockets_opened)]]

describe("a socket on which sending failed", function()
  local folder

  setup(function() folder = compiled.folder "failing_send" end)
  teardown(function() tree.remove(folder) end)

  for _, kind in ipairs { "http", "https" } do
    it("takes no other request over " .. kind, function()
      local server <close> = Server.start { tls = kind == "https" }
      local answer = { body = '{"name":"spaces/x"}' }
      server:script { answer, answer, answer } -- the server may take the write for whole
      local output = tree.run(("LD_PRELOAD=%s/failing_send.so ASAN_OPTIONS=${ASAN_OPTIONS:-}"
        .. ":verify_asan_link_order=0:detect_leaks=0 %s - %s %s <<'END'\n%s\nEND"):format(folder,
        tree.lua(), server.url, server.cert or "", SCRIPT))
      assert.equal("transport\nspaces/x\n2\n", output)
    end)
  end
end)
