--- Which ends of a stream of HTTP/2 leave a write in doubt, on a socket that was used before.
-- A server that refuses a stream has not processed it (RFC 9113 8.7), nor one above the last stream
-- of a GOAWAY (6.8): such a write may be sent again. Every other end is in doubt.

local meet = require "googlemeet"
local Server = require "spec.support.server"
local frames = require "spec.support.frames"
local hostile = require "spec.support.hostile"
local library = require "spec.support.library"

local TLS = { tls = "good", protocol = "h2" }
local ASKED = { streams = 1 }
local HOLD = { hold = true }
local FIELDS = { { ":status", "200" }, { "content-type", "application/json" } }
local REFUSED_STREAM, NO_ERROR, HTTP_1_1_REQUIRED = 7, 0, 13

local function answer(stream)
  return frames.headers(stream, FIELDS) .. frames.data(stream, hostile.BODY, true)
end

describe("a call on a used socket", function()
  local server

  setup(function() server = Server.start { tls = true } end)
  teardown(function() server:close() end)

  --- The outcome of a write whose stream ends so.
  local function write(ending, options)
    collectgarbage()
    collectgarbage()
    server:play {
      { TLS, frames.settings(), ASKED, answer(1), ASKED, table.unpack(ending) },
      { TLS, frames.settings(), ASKED, answer(1), HOLD },
    }
    local all = { api_key = "key-of-the-spec", base_url = server.url, ca_file = server.cert,
      rate = false, retry = false, timeout = 10 }
    for name, value in pairs(options or {}) do all[name] = value end
    local client <close> = assert(meet.new(all))
    assert(client.spaces:get "abc")
    return client.spaces:create()
  end

  for code = NO_ERROR, HTTP_1_1_REQUIRED do
    it("that writes and is reset with code " .. code, function()
      local _, err = write { frames.reset(3, code), HOLD }
      local is_refused = code == REFUSED_STREAM
        or code == HTTP_1_1_REQUIRED and library.is_curl "8.23"
      assert.same({ "transport", not is_refused or nil }, { err.kind, err.ambiguous },
        tostring(err))
      assert.equal(2, #server:requests())
    end)
  end

  local refused = { frames.reset(3, REFUSED_STREAM), HOLD }

  it("that writes and is refused is sent again, once", function()
    local space, err = write(refused, { retry = { max_attempts = 2, initial = 0, max = 0 } })
    assert.equal("spaces/abc", space and space.name, tostring(err))
    assert.equal(3, #server:requests())
  end)

  it("that writes and is refused is one request with retry = false", function()
    local _, err = write(refused)
    assert.same({ "transport", nil, 1 }, { err.kind, err.ambiguous, err.attempts })
    assert.equal(2, #server:requests())
  end)

  for name, call in pairs {
    writes = function(client) return client.spaces:create() end,
    reads = function(client) return client.spaces:get "abc" end,
  } do
    it("or a fresh one that " .. name .. " and is refused is one request with retry = false",
      function()
        collectgarbage()
        collectgarbage()
        server:play {
          { TLS, frames.settings(), ASKED, frames.reset(1, REFUSED_STREAM), ASKED, answer(3) },
          { TLS, frames.settings(), ASKED, answer(1), HOLD },
        }
        local client <close> = assert(meet.new { api_key = "key-of-the-spec", timeout = 10,
          base_url = server.url, ca_file = server.cert, rate = false, retry = false })
        local _, err = call(client)
        assert.same({ "transport", nil, 1 }, { err.kind, err.ambiguous, err.attempts })
        assert.equal(1, #server:requests())
      end)
  end

  it("that writes and is refused is not in doubt when this is seen too late", function()
    collectgarbage()
    collectgarbage()
    server:play { { TLS, frames.settings(), ASKED, { pause = 0.2 },
      frames.reset(1, REFUSED_STREAM), HOLD } }
    local client <close> = assert(meet.new { api_key = "key-of-the-spec", base_url = server.url,
      ca_file = server.cert, rate = false, retry = false, timeout = 1 })
    local task = client:submit(function() return client.spaces:create() end)
    local limit = os.time() + 5
    repeat client:step(0.01) until #server:requests() > 0 or os.time() > limit
    os.execute "sleep 1.1" -- the script is busy for longer than the timeout
    local _, err = task:result()
    assert.same({ "transport" }, { err.kind, err.ambiguous }, tostring(err))
  end)

  local doubtful = {
    -- As the last stream of its socket: libcurl 7.88 shows no difference from other ends, newer
    -- ones may, and then it is sent again.
    { "above the last one of a GOAWAY", { frames.goaway(1, NO_ERROR), HOLD }, may_be_known = true },
    { "above the last one of a GOAWAY with an error", { frames.goaway(1, 2), HOLD },
      may_be_known = true },
    { "within its GOAWAY", { frames.goaway(3, NO_ERROR) } },
    { "followed by the socket's end", {} },
    { "followed by a reset", { { reset = true } } },
    { "followed by the end without a goodbye", { { cut = true } } },
    { "followed by garbage", { ("x"):rep(100), HOLD } },
    { "followed by a frame of stream 0", { frames.data(0, "x"), HOLD } },
    { "followed by a ping of a wrong size", { frames.frame(6, 0, 0, "x"), HOLD } },
    { "followed by a window of nothing", { frames.window(3, 0), HOLD } },
    { "followed by a window of nothing for all", { frames.window(0, 0), HOLD } },
    { "followed by bytes past TLS", { { bare = "garbage" }, HOLD } },
    { "within its GOAWAY and reset", { frames.goaway(3, NO_ERROR) .. frames.reset(3, 2), HOLD } },
    { "reset and within its GOAWAY", { frames.reset(3, 8) .. frames.goaway(3, 2), HOLD } },
    { "refused once its answer has begun",
      { frames.headers(3, FIELDS), { pause = 0.3 }, frames.reset(3, REFUSED_STREAM), HOLD } },
    { "above a GOAWAY once its answer has begun",
      { frames.headers(3, FIELDS), { pause = 0.3 }, frames.goaway(1, NO_ERROR), HOLD } },
  }
  for _, row in ipairs(doubtful) do
    it("that writes and is " .. row[1] .. " is in doubt", function()
      local space, err = write(row[2], { retry = { max_attempts = 3, initial = 0, max = 0 } })
      if space and row.may_be_known and library.is_curl "8.14" then return end
      assert.is_true(err.ambiguous, tostring(err))
      assert.equal(2, #server:requests(), tostring(err))
    end)
  end

  -- libcurl 8.23 does not look at a socket that was used within the last second.
  local protocols = {
    ["HTTP/1.1"] = { { tls = "good" }, { read = "request" }, hostile.GOOD },
    ["HTTP/2"] = { TLS, frames.settings(), ASKED, answer(1) },
  }
  local ends = { ["closed"] = {}, ["cut"] = { { cut = true } } }
  for protocol, steps in pairs(protocols) do
    for how, ending in pairs(ends) do
      it(("that writes takes another one where that was %s, %s"):format(how, protocol), function()
        collectgarbage()
        collectgarbage()
        local used = table.move(steps, 1, #steps, 1, {})
        used[#used + 1], used[#used + 2] = { mark = true }, ending[1]
        server:play { used, steps }
        local client <close> = assert(meet.new { api_key = "key-of-the-spec", timeout = 10,
          base_url = server.url, ca_file = server.cert, rate = false, retry = false })
        assert(client.spaces:get "abc")
        server:wait_for(2)
        os.execute "sleep 0.05" -- nothing reports when the network has brought the end
        assert.equal("spaces/abc", assert(client.spaces:create()).name)
        assert.same({ 3, 2 }, { #server:requests(), server:sockets() }) -- with the mark
      end)
    end
  end

  for code = NO_ERROR, HTTP_1_1_REQUIRED do
    it("whose reads are all reset with code " .. code .. " sends each once", function()
      collectgarbage()
      collectgarbage()
      local socket = { TLS, frames.settings(), ASKED, answer(1) }
      for stream = 3, 21, 2 do
        table.move({ ASKED, frames.reset(stream, code) }, 1, 2, #socket + 1, socket)
      end
      socket[#socket + 1] = HOLD
      server:play { socket, { TLS, frames.settings(), ASKED, frames.reset(1, code), HOLD } }
      local client <close> = assert(meet.new { api_key = "key-of-the-spec", base_url = server.url,
        ca_file = server.cert, rate = false, retry = false, timeout = 10 })
      assert(client.spaces:get "abc")
      local _, err = client.spaces:get "abc"
      assert.same({ "transport", 1 }, { err.kind, err.attempts }, tostring(err))
      assert.equal(2, #server:requests())
    end)
  end

  -- libcurl keeps a refusal on its handle where it did not send again.
  it("that writes is in doubt after one that was refused once its answer had begun", function()
    collectgarbage()
    collectgarbage()
    local begun, refusal = frames.headers(1, FIELDS), frames.reset(1, REFUSED_STREAM)
    server:play {
      { TLS, frames.settings(), ASKED, begun, { pause = 0.3 }, refusal, HOLD },
      { TLS, frames.settings(), ASKED, ("x"):rep(100), HOLD },
      { TLS, frames.settings(), ASKED, answer(1), HOLD },
    }
    local client <close> = assert(meet.new { api_key = "key-of-the-spec", base_url = server.url,
      ca_file = server.cert, rate = false, timeout = 10,
      retry = { max_attempts = 3, initial = 0, max = 0 } })
    for requests = 1, 2 do
      local _, err = client.spaces:create()
      assert.is_true(err and err.ambiguous, tostring(err))
      assert.equal(requests, #server:requests())
    end
  end)
end)
