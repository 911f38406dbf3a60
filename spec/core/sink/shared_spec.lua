--- A download beside calls that share a socket over HTTP/2.

local loopback = require "spec.support.loopback"
local meet = require "googlemeet"

local FILE = "/google-drive/drive/v3/files/big"
local SIZE = 3000000

describe("client:request with a sink, where the server speaks HTTP/2", function()
  it("has its own socket, and leaves calls the one that they share", function()
    local server <close> = loopback.start { tls = true }
    server:call("add_file", { id = "big", size = SIZE })
    local client <close> = assert(meet.new {
      api_key = "test-key", base_url = server.url, ca_file = server.certificate, rate = false,
    })
    local function get() return client.spaces:get "Qm7xT2kLw9Za" end
    assert(get())
    assert.equal(SIZE, assert(client:request("GET", FILE, {
      query = { alt = "media" }, sink = function() end,
    })))
    assert.equal(2, client:stats().sockets_opened)
    assert(client:gather { get, get, get, get, get, get })
    assert.equal(2, client:stats().sockets_opened)
  end)
end)
