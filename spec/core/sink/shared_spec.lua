--- A download beside calls that share a socket over HTTP/2.

local loopback = require "spec.support.loopback"
local meet = require "googlemeet"

local FILE = "/google-drive/drive/v3/files/big"
local SIZE = 3000000

describe("client:request with a sink, where the server speaks HTTP/2", function()
  local server, client

  setup(function()
    server = loopback.start { tls = true }
    server:call("add_file", { id = "big", size = SIZE })
  end)

  teardown(function() server:close() end)

  before_each(function()
    client = assert(meet.new {
      api_key = "test-key", base_url = server.url, ca_file = server.certificate, rate = false,
    })
  end)

  after_each(function() client:close() end)

  local function get() return client.spaces:get "Qm7xT2kLw9Za" end

  it("has a socket of its own, and leaves calls the one that they share", function()
    assert(get())
    assert.equal(SIZE, assert(client:request("GET", FILE, {
      query = { alt = "media" }, sink = function() end,
    })))
    assert.equal(2, client:stats().sockets_opened)
    assert(client:gather { get, get, get, get, get, get })
    assert.equal(2, client:stats().sockets_opened)
  end)

  it("holds no call back while its function is slow", function()
    assert(get())
    local is_slow = false
    local results = assert(client:gather({
      function()
        return client:request("GET", FILE, { query = { alt = "media" }, sink = function()
          if is_slow == nil then return end
          is_slow = true
          repeat client:sleep(0.001) until is_slow == nil
        end })
      end,
      function()
        repeat client:sleep(0.001) until is_slow
        local space = get()
        is_slow = nil
        return space.name
      end,
    }, { deadline = 20 }))
    assert.same({ n = 2, SIZE, "spaces/Qm7xT2kLw9Za" }, results)
  end)
end)
