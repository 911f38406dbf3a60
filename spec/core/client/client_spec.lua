-- What a client is made of: options, siblings, closing, counters.

local meet = require "googlemeet"

local KEY = "secret-key-123"

--- A transport that always has the same good answer.
local function answer() return { status = 200, body = '{"name":"spaces/x"}' } end

local function new(options)
  options.api_key = options.api_key or KEY
  if options.rate == nil then options.rate = false end
  return meet.new(options)
end

--- What misuse in `act` says; the position is that of this file.
local function complaint(act)
  local raised, message = pcall(act)
  assert.is_false(raised)
  return (assert(message:match("client_spec%.lua:%d+: (.*)$"), message))
end

--- Run a Lua chunk in its own process; `environment` as for env(1).
local function in_child(environment, chunk)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write('local meet = require "googlemeet"\n', chunk)
  file:close()
  local pipe <close> = assert(io.popen(("env -u MATON_API_KEY -u MATON_API_URL -u MATON_CONNECTION"
    .. " %s %s '%s' 2>&1"):format(environment, os.getenv "LUA" or "lua5.4", path)))
  local output = pipe:read "a"
  os.remove(path)
  return output
end

describe("googlemeet.new takes", function()
  for _, row in ipairs {
    { "api_key", "other-key" }, { "connection", "c1" }, { "connection", "only" },
    { "base_url", "https://gateway.example:8443/" }, { "timeout", 0.5 }, { "timeout", 86400 },
    { "connect_timeout", 3 }, { "deadline", 30 }, { "retry", false },
    { "retry", { max_attempts = 2, initial = 0, multiplier = 1, max = 0 } }, { "retry", {} },
    { "rate", false }, { "rate", { per_second = 1, reads_per_minute = 2, writes_per_minute = 3,
      creates_per_minute = 4 } }, { "proxy", "http://127.0.0.1:3128" },
    { "no_proxy", "localhost" }, { "ca_file", "/nowhere.pem" }, { "ca_path", "/nowhere" },
    { "max_response_bytes", 1024 }, { "max_response_bytes", 2048.0 }, { "user_agent", "app/1.0" },
  } do
    it(row[1] .. " = " .. tostring(row[2]), function()
      local client <close> = assert(new { [row[1]] = row[2] })
      assert.equal("userdata", type(client))
    end)
  end

  it("functions for api_key, connection, on_event and transport, and a clock", function()
    local function nothing() end
    local client <close> = assert(new { api_key = nothing, connection = nothing, transport = answer,
      on_event = nothing, clock = { now = os.time, sleep = nothing } })
    assert.equal("googlemeet.client (https://api.maton.ai)", tostring(client))
  end)
end)

describe("googlemeet.new refuses", function()
  for _, row in ipairs {
    { "api_key", 5, "option 'api_key': string or function expected, got number" },
    { "api_key", {}, "option 'api_key': string or function expected, got table" },
    { "connection", 7, "option 'connection': string or function expected, got number" },
    { "connection", { name = "c1" }, "option 'connection': the table has no 'connection_id'" },
    { "connection", { connection_id = 7 },
      "option 'connection': the table has no 'connection_id'" },
    { "base_url", true, "option 'base_url': string expected, got true" },
    { "timeout", "60", "option 'timeout': number expected, got string" },
    { "timeout", 0, "option 'timeout' must be from 0.001 to 86400" },
    { "timeout", -1, "option 'timeout' must be from 0.001 to 86400" },
    { "timeout", 0 / 0, "option 'timeout' must be from 0.001 to 86400" },
    { "timeout", math.huge, "option 'timeout' must be from 0.001 to 86400" },
    { "connect_timeout", 1e9, "option 'connect_timeout' must be from 0.001 to 86400" },
    { "deadline", 0, "option 'deadline' must be from 0.001 to 86400" },
    { "retry", true, "option 'retry': table or false expected, got true" },
    { "retry", { max_attempts = 0 }, "option 'max_attempts' must be from 1 to 100" },
    { "retry", { max_attempts = 1.5 }, "option 'max_attempts' must be a whole number" },
    { "retry", { multiplier = 0.5 }, "option 'multiplier' must be from 1 to 100" },
    { "retry", { initial = -1 }, "option 'initial' must be from 0 to 3600" },
    { "retry", { attempts = 3 },
      "unknown option 'attempts'; known: initial, max, max_attempts, multiplier" },
    { "rate", 10, "option 'rate': table or false expected, got number" },
    { "rate", { per_second = 0 }, "option 'per_second' must be from 1 to 10000" },
    { "rate", { per_secnd = 9 }, "unknown option 'per_secnd'; did you mean 'per_second'?" },
    { "proxy", false, "option 'proxy': string expected, got boolean" },
    { "max_response_bytes", 10, "option 'max_response_bytes' must be from 1024 to 2147483647" },
    { "max_response_bytes", 2000.5, "option 'max_response_bytes' must be a whole number" },
    { "user_agent", "a\r\nX: y", "user_agent has a control byte" },
    { "user_agent", io.stdout, "option 'user_agent': string expected, got userdata" },
    { "user_agent", "a\0b", "option 'user_agent' has a NUL byte" },
    { "connection", "a b", "the connection has a blank" },
    { "on_event", "print", "option 'on_event': function expected, got string" },
    { "transport", {}, "option 'transport': function expected, got table" },
    { "clock", { sleep = print }, "option 'clock' needs the functions 'now' and 'sleep'" },
    { "clock", { now = os.time }, "option 'clock' needs the functions 'now' and 'sleep'" },
    { "clock", { now = os.time, sleep = print }, "option 'clock' needs option 'transport'" },
    { "timeot", 5, "unknown option 'timeot'; did you mean 'timeout'?" },
    { ("timeout"):rep(5), 5, "unknown option '" .. ("timeout"):rep(5) .. "'" }, -- near to none
    { "a\27[1m\n", 5, "unknown option 'a\\x1B[1m\\x0A'; known: api_key," },
    { "api_kye", 5, "unknown option 'api_kye'; did you mean 'api_key'?" },
    { "ratry", 5, "unknown option 'ratry'; did you mean 'retry'?" },
    { "ratrx", 5, "unknown option 'ratrx'; known: api_key, base_url, ca_file, ca_path," },
    { "api_kez", 5, "unknown option 'api_kez'; did you mean 'api_key'?" },
    { "key", 5, "unknown option 'key'; known: api_key," },
    { "deadlien", 5, "unknown option 'deadlien'; did you mean 'deadline'?" },
    { "pr", 5, "unknown option 'pr'; known: api_key," },
  } do
    it(row[1] .. " = " .. tostring(row[2]) .. ": " .. row[3]:sub(1, 30), function()
      local said = complaint(function() assert(new { [row[1]] = row[2] }) end)
      assert.truthy(said:find(row[3], 1, true), said)
    end)
  end

  it("of several unknown options the first in alphabetical order", function()
    local said = complaint(function() assert(new { zeta = 1, alpha = 1, timeot = 5 }) end)
    assert.matches("^new: unknown option 'alpha'; known: ", said)
  end)

  it("the module or a resource for options", function()
    assert.equal("new: options expected, got the module: call it with a dot",
      complaint(function() assert(meet:new { api_key = "k" }) end))
    local client <close> = assert(new { transport = answer })
    local space = assert(client.spaces:get "x")
    assert.equal("new: options must be a plain table, got a googlemeet.space",
      complaint(function() assert(meet.new(space)) end))
    assert.equal("with: options must be a plain table, got a googlemeet.space",
      complaint(function() assert(client:with(space)) end))
    assert.equal("spaces:get: options must be a plain table, got a googlemeet.space",
      complaint(function() assert(client.spaces:get("x", space)) end))
    assert.equal("request: options must be a plain table, got a googlemeet.space",
      complaint(function() assert(client:request("GET", "/x", space)) end))
    assert.equal("spaces/x", space.name)
  end)

  it("no table for its metatable, if that is not the module's", function()
    for _, metatable in ipairs { { __name = "other.type" }, { __name = 7 }, {} } do
      local client <close> = assert(new(setmetatable({ transport = answer }, metatable)))
      assert.equal("userdata", type(client))
    end
  end)

  it("a limit below 0 or above all, in words that a person reads", function()
    local client <close> = assert(new { transport = answer })
    assert.equal("conference_records:list: option 'limit' must be 0 or more",
      complaint(function() return (client.conference_records:list { limit = -1 }) end))
    for _, limit in ipairs { math.huge, math.maxinteger } do
      assert.equal("conference_records:list: option 'limit' must be from 0 to 9007199254740992",
        complaint(function() return (client.conference_records:list { limit = limit }) end))
    end
  end)

  it("options that are no table", function()
    assert.equal("new: options must be a table, got string",
      complaint(function() assert(meet.new("key")) end))
  end)

  it("an option's name that is no string", function()
    assert.equal("new: an option's name must be a string without NUL bytes",
      complaint(function() assert(meet.new { "key" }) end))
  end)

  it("an option's name that goes on after a NUL byte", function()
    assert.equal("new: an option's name must be a string without NUL bytes",
      complaint(function() assert(new { ["timeout\0"] = 3 }) end))
    assert.equal("retry: an option's name must be a string without NUL bytes",
      complaint(function() assert(new { retry = { ["max\0x"] = 3 } }) end))
  end)

  for _, key in ipairs { KEY .. "\n", KEY .. "\r\nX-Evil: 1", "a b" .. KEY, KEY .. "é", "" } do
    it(("the key %q without showing it"):format(key), function()
      local said = complaint(function() assert(new { api_key = key }) end)
      assert.truthy(said:find("API key", 1, true))
      assert.falsy(said:find("secret", 1, true))
    end)
  end

  it("a key with a NUL byte", function()
    assert.equal("new: option 'api_key' has a NUL byte",
      complaint(function() assert(new { api_key = KEY .. "\0" }) end))
  end)
end)

describe("the option base_url", function()
  for _, url in ipairs { "http://127.0.0.1:8080", "http://localhost", "http://[::1]:1/",
    "https://gateway.example/prefix", "HTTPS://api.maton.ai" } do
    it("may be " .. url, function()
      local client <close> = assert(new { base_url = url })
      assert.equal("userdata", type(client))
    end)
  end

  for _, url in ipairs { "http://api.maton.ai", "http://localhost.evil.example", "ftp://127.0.0.1",
    "http://127.1", "https://user:pw@api.maton.ai", "https://", "api.maton.ai", "",
    "https://api.maton.ai/?a=b", "https://api.maton.ai/../x", "https://api.maton.ai\n",
    "http://127.0.0.1@evil.example", "http://127.0.0.1.evil.example", "https://a b" } do
    it(("is refused when it is %q"):format(url), function()
      assert.truthy(complaint(function() assert(new { base_url = url }) end):find "base URL")
    end)
  end

  it("is refused without showing the password in it", function()
    local said = complaint(function() assert(new { base_url = "https://u:hush@h.example" }) end)
    assert.falsy(said:find("hush", 1, true))
  end)
end)

describe("the environment", function()
  it("gives the key; without one there is nil and an error of kind config", function()
    assert.equal("nil\tconfig\tclient\ttrue\n", in_child("", [[
      local client, err = meet.new()
      print(client, err.kind, err.origin, tostring(err):find("MATON_API_KEY", 1, true) ~= nil)]]))
  end)

  it("gives no key when MATON_API_KEY is empty", function()
    assert.equal("nil\tconfig\n", in_child("MATON_API_KEY=", [[
      local client, err = meet.new {}
      print(client, err.kind)]]))
  end)

  it("gives the base URL by MATON_API_URL, which the option overrides", function()
    assert.equal("googlemeet.client (http://127.0.0.1:9)\ngooglemeet.client (https://h.example)\n",
      in_child("MATON_API_KEY=k1234 MATON_API_URL=http://127.0.0.1:9", [[
        print(meet.new())
        print(meet.new { base_url = "https://h.example" })]]))
  end)

  for title, row in pairs {
    ["a base URL with plain http to another host"] = { "MATON_API_URL=http://evil.example",
      "MATON_API_URL: base URL must begin with https://" },
    ["a base URL without a scheme"] = { "MATON_API_URL=127.0.0.1:8123",
      "MATON_API_URL: base URL must begin with https://" },
    ["a base URL with a blank"] = { "MATON_API_URL='https://h.example '",
      "MATON_API_URL: base URL must not have a space" },
    ["a key with a line end"] = { "MATON_API_KEY='secret-key\n'",
      "MATON_API_KEY: the API key has a blank, control or non-ASCII byte at position 11: "
        .. "was it copied with a line end?" },
    ["a key with the scheme of its header"] = { "MATON_API_KEY='Bearer secret-key'",
      "MATON_API_KEY: the API key begins with 'Bearer ': leave that word out" },
    ["a connection with a blank"] = { "MATON_CONNECTION='c 1'",
      "MATON_CONNECTION: the connection has a blank, control or non-ASCII byte at position 2" },
  } do
    it("is no misuse where it has " .. title .. ": it is named, and no secret is shown", function()
      local said = in_child("MATON_API_KEY=k1234 " .. row[1], [[
        local made, client, err = pcall(meet.new)
        print(made, client, err.kind)
        print(err)]])
      assert.truthy(said:find("true\tnil\tconfig\nconfig: " .. row[2], 1, true), said)
      assert.falsy(said:find("secret", 1, true))
    end)
  end

  it("is not looked at where an option is given", function()
    local bad = "MATON_API_KEY='k 1' MATON_API_URL=h MATON_CONNECTION='c 1'"
    assert.equal("googlemeet.client (https://h.example)\n", in_child(bad, [[
      print(meet.new { api_key = function() return "k" end, base_url = "https://h.example",
        connection = "c1" })]]))
  end)

  it("gives the connection by MATON_CONNECTION, which the option overrides", function()
    assert.equal("c9\nc1\nc2\nc9\n", in_child("MATON_API_KEY=k1234 MATON_CONNECTION=c9", [[
      local function transport(request)
        print(request.headers["Maton-Connection"])
        return { status = 200, body = '{"name":"spaces/x"}' }
      end
      local client = assert(meet.new { transport = transport })
      client.spaces:get "x"
      assert(meet.new { transport = transport, connection = "c1" }).spaces:get "x"
      client:with { connection = "c2" }.spaces:get "x"
      client:with { timeout = 5 }.spaces:get "x"]]))
  end)

  it("has the only ACTIVE connection looked for by MATON_CONNECTION=only", function()
    assert.equal("GET\nc5\n", in_child("MATON_API_KEY=k1234 MATON_CONNECTION=only", [[
      local client = assert(meet.new { transport = function(request)
        if request.url:find "/connections" then
          print(request.method)
          return { status = 200,
            body = '{"connections":[{"connection_id":"c5","status":"ACTIVE"}]}' }
        end
        print(request.headers["Maton-Connection"])
        return { status = 200, body = '{"name":"spaces/x"}' }
      end })
      assert(client.spaces:get "x")]]))
  end)
end)

describe("a connection given as the resource", function()
  --- The connection that a call is sent with.
  local function sent_by(options, call)
    local seen
    options.transport = function(request)
      seen = request.headers["Maton-Connection"]
      return answer()
    end
    local client <close> = assert(new(options))
    call(client)
    return seen
  end
  local connection = { connection_id = "c7", status = "ACTIVE" }
  local function get(client) assert(client.spaces:get "x") end

  it("is its id: of a client, a sibling, a call and a request", function()
    assert.equal("c7", sent_by({ connection = connection }, get))
    assert.equal("c7", sent_by({}, function(client)
      get(client:with { connection = connection })
    end))
    assert.equal("c7", sent_by({ connection = "c1" }, function(client)
      assert(client.spaces:get("x", { connection = connection }))
    end))
    assert.equal("c7", sent_by({}, function(client)
      assert(client:request("GET", "/google-meet/v2/spaces/x", { connection = connection }))
    end))
  end)

  it("leaves the caller's table as it is", function()
    local options = { connection = connection }
    sent_by(options, get)
    assert.equal(connection, options.connection)
  end)
end)

describe("client:with", function()
  local function seen_by(client)
    local seen
    local sibling <close> = client:with { transport = function(request)
      seen = request
      return answer()
    end }
    assert(sibling.spaces:get "x")
    return seen
  end

  it("keeps what is not given, the user agent too", function()
    local client <close> = assert(new { user_agent = "app/1.0", connection = "c1" })
    local headers = seen_by(client:with { timeout = 5 }).headers
    assert.equal("app/1.0 googlemeet-lua/" .. meet.version, headers["User-Agent"])
    assert.equal("c1", headers["Maton-Connection"])
    assert.equal("Bearer " .. KEY, headers.Authorization)
  end)

  it("changes what is given and leaves the first client as it was", function()
    local client <close> = assert(new { connection = "c1" })
    assert.equal("c2", seen_by(client:with { connection = "c2" }).headers["Maton-Connection"])
    assert.equal("c1", seen_by(client).headers["Maton-Connection"])
  end)

  it("takes a clock for the transport that the client has", function()
    local client <close> = assert(new { transport = answer })
    local sibling <close> = client:with { clock = { now = function() return 0 end, sleep = print } }
    assert.equal("spaces/x", sibling.spaces:get("x").name)
  end)

  it("makes a sibling that outlives the closing of the first", function()
    local client = assert(new { transport = answer })
    local sibling <close> = client:with {}
    client:close()
    collectgarbage()
    assert.equal("spaces/x", sibling.spaces:get("x").name)
  end)

  it("refuses what new refuses", function()
    local client <close> = assert(new {})
    assert.equal("with: unknown option 'timout'; did you mean 'timeout'?",
      complaint(function() assert(client:with { timout = 1 }) end))
    assert.equal("with: options must be a table, got nil",
      complaint(function() assert(client:with()) end))
  end)
end)

describe("a client", function()
  it("closes again and again, at the end of its block too", function()
    local client <close> = assert(new {})
    client:close()
    client:close()
    assert.equal("googlemeet.client (closed)", tostring(client))
  end)

  it("is collected while its services and resources are in a cycle with it", function()
    local seen = setmetatable({}, { __mode = "k" })
    do
      local client = assert(new { transport = answer })
      seen[client], seen[client.spaces:get "x"] = true, true
    end
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(seen))
  end)

  it("never shows its key", function()
    local client <close> = assert(new {})
    assert.equal("googlemeet.client (https://api.maton.ai)", tostring(client))
  end)

  it("raises for a field it does not know", function()
    local client <close> = assert(new { transport = answer, clock = { now = os.time,
      sleep = print } })
    for _, name in ipairs { "api_key", "transport", "clock", "metatables", "spaces_", "" } do
      assert.matches("^client: no service or method '" .. name .. "'; ",
        complaint(function() return client[name] end))
    end
  end)

  for name, call in pairs {
    request = function(client) return (client:request("GET", "/x")) end,
    with = function(client) return (client:with {}) end,
    get = function(client) return (client.spaces:get "x") end,
    patch = function(client) return (client.spaces:patch("x", { config = {} })) end,
    code = function(client) return (client.members:get "spaces/abc-mnop-xyz/members/m") end,
    list = function(client) return (client.participants:list "x") end,
    select = function(client) return (client.connections:select "only") end,
  } do
    it("that is closed raises from " .. name, function()
      local client = assert(new { transport = answer })
      client:close()
      assert.equal("the client is closed", complaint(function() call(client) return true end))
    end)
  end

  it("counts what it did", function()
    local client <close> = assert(new { transport = answer })
    assert(client.spaces:get "x")
    assert(client.spaces:create())
    local stats = client:stats()
    assert.same({ 2, 2, 0, 0 }, { stats.requests, stats.attempts, stats.retries, stats.waits })
    assert.equal(38, stats.bytes_received)
    assert.equal("float", math.type(stats.seconds_waited))
  end)

  it("still shows its counters when it is closed", function()
    local client = assert(new { transport = answer })
    assert(client.spaces:get "x")
    client:close()
    assert.equal(1, client:stats().requests)
  end)
end)
