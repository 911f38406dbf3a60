-- Connections: the error that lists candidates, and the way from nothing to an ACTIVE one.

local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"

local PAGE = "https://connect.maton.ai/?session_token=example" -- what the fake hands out

local fake, client, clock, observer

--- A client on a fake without connections.
local function over(options, client_options)
  options = options or {}
  options.connections = options.connections or false
  clock = manual_clock()
  fake = meet.testing.gateway(options)
  client_options = client_options or {}
  client_options.api_key, client_options.clock = "test-key", clock
  client_options.transport = client_options.transport or fake.transport
  client = assert(meet.new(client_options))
  observer = assert(meet.new { api_key = "test-key", transport = fake.transport,
    clock = manual_clock() })
  return client
end

--- The one connection that there is, as somebody else sees it.
local function the_connection()
  return assert(observer.connections:list { app = false }:first())
end

local function gets()
  return #fake:requests "connections.get"
end

after_each(function()
  if client then client:close() end
  if observer then observer:close() end
end)

describe("connections:select", function()
  local function complaint(what)
    local connection, err = client.connections:select(what)
    assert.same({ nil, "connection" }, { connection, err.kind })
    assert.falsy(tostring(err):find("session_token", 1, true))
    return err.message
  end

  it("lists id, status, age and e-mail address of the candidates", function()
    over()
    local day = 86400
    fake:add_connection { id = "c1", status = "ACTIVE", creation_time = os.time() - 51.5 * day,
      metadata = { account = "ann@example.com", token = "some-token" } }
    fake:add_connection { id = "c2", status = "ACTIVE", creation_time = os.time() - 60 }
    assert.equal("several ACTIVE google-meet connections: c1 (ACTIVE, 51 days old, "
      .. "ann@example.com); c2 (ACTIVE, 0 days old)", complaint "only")
    assert.equal("the connection function chose none of the google-meet connections: c1 (ACTIVE, "
      .. "51 days old, ann@example.com); c2 (ACTIVE, 0 days old)",
      complaint(function() return "c3" end))
  end)

  it("takes a connection as well as its id", function()
    over()
    fake:add_connection { id = "c1", status = "ACTIVE" }
    assert.equal("c1", assert(client.connections:select { connection_id = "c1" }).connection_id)
    assert.equal("c1", assert(client.connections:select "c1").connection_id)
  end)

  it("raises for what is no way to choose", function()
    over()
    assert.error_matches(function() client.connections:select(5) end,
      'connections:select: an id, "only" or a function expected')
  end)

  it("chooses among those of an app, google-meet by default", function()
    over()
    fake:add_connection { id = "c1", status = "ACTIVE" }
    fake:add_connection { id = "d1", status = "ACTIVE", app = "google-drive" }
    local opts, seen = { app = "google-drive" }, {}
    assert.equal("c1", assert(client.connections:select "only").connection_id)
    assert.equal("d1", assert(client.connections:select("only", opts)).connection_id)
    assert.equal("d1", assert(client.connections:select(function(all)
      for index, connection in ipairs(all) do seen[index] = connection.connection_id end
      return "d1"
    end, opts)).connection_id)
    assert.same({ "d1" }, seen)
    assert.equal("d1", assert(meet.connections.select(client.connections, "only", opts))
      .connection_id)
  end)

  for app, option in pairs {
    ["google-meet"] = "option 'connection'", ["google-drive"] = "option 'connections.drive'",
    ["google-docs"] = "option 'connections.docs'",
    ["google-calendar"] = "option 'connections.calendar'", slack = "option 'connection'",
  } do
    it("names the app and its option where there is none, and where there are several: " .. app,
      function()
        over()
        local opts = { app = app }
        local _, err = client.connections:select("only", opts)
        assert.same({ "connection", ("no ACTIVE %s connection"):format(app) },
          { err.kind, err.message })
        assert.truthy(err.hint:find(option, 1, true))
        if app ~= "google-meet" then
          assert.truthy(err.hint:find(('connections:connect { app = "%s"'):format(app), 1, true))
        end
        fake:add_connection { id = "x1", status = "ACTIVE", app = app }
        fake:add_connection { id = "x2", status = "ACTIVE", app = app }
        _, err = client.connections:select("only", opts)
        local first = ("several ACTIVE %s connections: x1 (ACTIVE"):format(app)
        assert.equal(first, err.message:sub(1, #first))
        assert.equal(("pass the id of one of them as the %s"):format(option), err.hint)
      end)
  end

  it("leaves out what is of another app, though the gateway lists it", function()
    client = assert(meet.new { api_key = "test-key", transport = function()
      return { status = 200, body = '{"connections":[{"connection_id":"c1","status":"ACTIVE",'
        .. '"app":"google-meet"},{"connection_id":"d1","status":"PENDING","app":"google-drive"},'
        .. '{"connection_id":"d2","status":"ACTIVE"},{"connection_id":"d3"}]}' }
    end })
    assert.equal("d2",
      assert(client.connections:select("only", { app = "google-drive" })).connection_id)
    local _, err = client.connections:select(function() end, { app = "google-drive" })
    assert.matches(": d1 [^;]*; d2 [^;]*; d3 [^;]*$", err.message)
  end)

  it("raises at the script's line for an option that it does not have", function()
    over()
    for given, message in pairs {
      [{ ap = "google-drive" }] = "unknown option .*ap.*app",
      [{ app = 5 }] = "app.*string expected",
    } do
      local _, raised = pcall(function() client.connections:select("only", given) end)
      assert.matches("^.*connections_spec%.lua:%d+: .*" .. message, raised)
    end
  end)

  it("lists what waits for a person where none is ACTIVE", function()
    over()
    assert.equal("no ACTIVE google-meet connection", complaint "only")
    fake:add_connection { id = "c1" }
    assert.equal("no ACTIVE google-meet connection: c1 (PENDING, 0 days old)", complaint "only")
  end)

  it("lists none by the key, and none by what steers a terminal", function()
    over()
    fake:add_connection { id = "c1", status = "ACTIVE", metadata = { a = "test-key@example.com" } }
    fake:add_connection { id = "c2", status = "ACTIVE" }
    assert.equal("several ACTIVE google-meet connections: c1 (ACTIVE, 0 days old, "
      .. "********@example.com); c2 (ACTIVE, 0 days old)", complaint "only")
  end)

  it("lists many of them whole", function()
    over()
    for index = 1, 40 do
      fake:add_connection { id = ("c%02d-%s"):format(index, ("x"):rep(30)), status = "ACTIVE" }
    end
    assert.matches("c40%-x+ %(ACTIVE, 0 days old%)$", complaint "only")
  end)
end)

describe("googlemeet.connections.describe", function()
  for _, case in ipairs {
    { {}, "nil (status unknown, age unknown)" },
    { { connection_id = "c", status = "ACTIVE", creation_time = "then" },
      "c (ACTIVE, age unknown)" },
    { { connection_id = "c", status = "ACTIVE", creation_time = "2026-10-02T07:20:41.120007Z" },
      "c (ACTIVE, 51 days old)" },
    { { connection_id = "c", status = "ACTIVE", creation_time = "2026-11-21T09:00:00Z" },
      "c (ACTIVE, 1 day old)" },
    { { connection_id = "c", status = "ACTIVE", creation_time = "2026-11-22T10:00:05Z" },
      "c (ACTIVE, 0 days old)" },
    { { connection_id = "c", url = PAGE, metadata = { b = "b@example.com", a = "a@example.com",
      c = { d = "d@example.com" }, e = "no address @ all" } },
      "c (status unknown, age unknown, a@example.com)" },
    { { connection_id = "c", metadata = "ann@example.com" }, "c (status unknown, age unknown)" },
    { { connection_id = {}, status = {}, creation_time = {}, metadata = { {}, 1, [{}] = "x" } },
      "nil (status unknown, age unknown)" },
    { { connection_id = "c\27[2J", status = "A\nB\u{202E}" }, "c [2J (A B , age unknown)" },
    { { connection_id = "c", creation_time = "9999-12-31T23:59:59Z" },
      "c (status unknown, 0 days old)" },
  } do
    it("gives " .. case[2], function()
      assert.equal(case[2], meet.connections.describe(case[1], 1795341600))
    end)
  end

  local old = { connection_id = "c", status = "ACTIVE", creation_time = "2026-10-02T07:20:41Z" }
  for now, age in pairs {
    [math.huge] = "age unknown", [-math.huge] = "0 days old", [1e300] = "age unknown",
    [-1e300] = "0 days old", [-1] = "0 days old", [0.5] = "0 days old", [math.maxinteger] =
      "age unknown", [math.mininteger] = "0 days old", [1795341600.5] = "51 days old",
    ["soon"] = "age unknown", [{}] = "age unknown", [false] = "age unknown",
  } do
    it("takes any time: " .. tostring(now), function()
      assert.equal("c (ACTIVE, " .. age .. ")", meet.connections.describe(old, now))
    end)
  end

  it("takes a time that is no number", function()
    assert.equal("c (ACTIVE, age unknown)", meet.connections.describe(old, 0 / 0))
  end)

  it("raises for what is no connection, and age for what is no time", function()
    for message, call in pairs {
      ["connections.describe: a connection expected, got nil"] =
        function() meet.connections.describe(nil) end,
      ["connections.age: a connection expected, got string"] =
        function() meet.connections.age("x") end,
      ["connections.age: expected a form like 2026-11-19T09:00:04.120388Z, 2026-11-19, epoch "
        .. 'seconds or a table of os.date "*t", got boolean'] =
        function() meet.connections.age(old, true) end,
    } do
      local _, raised = pcall(call)
      assert.matches("connections_spec%.lua:%d+: " .. message:gsub("%p", "%%%0") .. "$", raised)
    end
    assert.equal(10, meet.connections.age(old, 1790925651))
    assert.equal(10, meet.connections.age(old, meet.time.format(1790925651)))
    assert.equal(10, meet.connections.age(old, os.date("*t", 1790925651)))
  end)
end)

describe("connections:connect", function()
  --- Connect; `on_poll` is called at every pause: how many there were, the new connection, and
  -- whether its page was shown. Gives what came, and the pages shown.
  local function connect(options, on_poll)
    local shown, polls = {}, 0
    local sleep = clock.sleep
    clock.sleep = function(seconds)
      sleep(seconds)
      polls = polls + 1
      if on_poll then on_poll(polls, the_connection(), #shown > 0) end
    end
    client = client:with { clock = clock }
    options = options or {}
    options.on_url = options.on_url or function(url, connection)
      shown[#shown + 1] = { url, connection.connection_id, connection.status }
    end
    local connection, err = client.connections:connect(options)
    return connection, err, shown
  end

  local function approve_on(number)
    return function(polls, resource)
      if polls == number then fake:activate(resource.connection_id) end
    end
  end

  for _, answer in ipairs { "id", "bare_id", "flat", "wrapped" } do
    it("shows the page once and waits until it is ACTIVE; create answers " .. answer, function()
      over { create_answer = answer }
      local pause = answer:find "id$" and 1 or 0 -- the url has to be read first
      local connection, err, shown = connect({}, approve_on(3 + pause))
      assert(connection, err)
      assert.same({ { PAGE, connection.connection_id, "PENDING" } }, shown)
      assert.same({ "ACTIVE", "google-meet", "OAUTH2" },
        { connection.status, connection.app, connection.method })
      assert.same({ 3 + pause, 6 }, { gets(), clock.now() })
      assert.equal("ACTIVE", connection:reload().status)
    end)
  end

  it("hands on app and method", function()
    over()
    assert(connect({ app = "slack", method = "API_KEY" }, approve_on(1)))
    assert.same('{"app":"slack","method":"API_KEY"}', fake:requests("connections.create")[1].body)
  end)

  it("makes a connection of another app, which its calls are then sent with", function()
    over()
    local made = assert(connect({ app = "google-drive" }, approve_on(1)))
    assert.same({ "ACTIVE", "google-drive" }, { made.status, made.app })
    client = client:with { connections = { drive = "only" } }
    local _ = client:request("GET", "/google-drive/drive/v3/about")
    assert.equal(made.connection_id, fake.log[#fake.log].headers["maton-connection"])
  end)

  it("names the option of the app when nobody has approved in time", function()
    for app, option in pairs { ["google-drive"] = "connections.drive", slack = "connection" } do
      over()
      local _, err = connect { app = app, timeout = 11 }
      assert.equal("deadline", err.kind)
      assert.truthy(err.hint:find("as the option '" .. option .. "', or delete it", 1, true))
    end
  end)

  it("needs nobody where the new connection is ACTIVE at once", function()
    over({}, { transport = function(request)
      local response = fake.transport(request)
      if request.method == "POST" then
        local resource = the_connection()
        fake:activate(resource.connection_id)
        response.body = ('{"connection_id":"%s"}'):format(resource.connection_id)
      end
      return response
    end })
    local connection, err, shown = connect()
    assert.same({ "ACTIVE", nil, {} }, { connection.status, err, shown })
  end)

  it("stops at once when it FAILED", function()
    over()
    local connection, err = connect({}, function(polls, resource)
      if polls == 2 then fake:set_status(resource.connection_id, "FAILED") end
    end)
    assert.same({ nil, "connection", 2, 4 }, { connection, err.kind, gets(), clock.now() })
    assert.matches("^connection %x+%-[%x-]+ FAILED", err.message)
    assert.matches("wait until it is ACTIVE, then delete", err.hint)
  end)

  it("blanks the key where a server names the connection by it", function()
    client = assert(meet.new { api_key = "test-key-1", clock = manual_clock(),
      transport = function(request)
        local status = request.method == "POST" and "PENDING" or "FAILED"
        return { status = 200, body = ('{"connection":{"connection_id":"test-key-1","status":"%s",'
          .. '"url":"https://connect.maton.ai/?session_token=example"}}'):format(status) }
      end })
    local connection, err = client.connections:connect { on_url = function() end }
    assert.same({ nil, "connection" }, { connection, err.kind })
    assert.matches("^connection %*%*%*%*%*%*%*%*%*%* FAILED", err.message)
  end)

  for status, kind in pairs { [401] = "auth", [403] = "permission", [404] = "not_found" } do
    it("stops at once at a " .. status, function()
      over()
      fake:fail { on = "connections.get", status = status, shape = "nested" }
      local connection, err = connect()
      assert.same({ nil, kind, status, 1 }, { connection, err.kind, err.status, gets() })
    end)
  end

  it("gives what the creation gave when that fails", function()
    over()
    fake:fail { on = "connections.create", status = 500, shape = "nested" }
    local connection, err, shown = connect()
    assert.same({ nil, "server", true, {} }, { connection, err.kind, err.ambiguous, shown })
  end)

  for title, fault in pairs {
    ["500"] = { status = 500, shape = "nested" }, ["503"] = { status = 503, shape = "empty" },
    ["a lost socket"] = { drop = true },
  } do
    for _, answer in ipairs { "id", "flat" } do
      it(("goes on past %s, seven times; create answers %s"):format(title, answer), function()
        over { create_answer = answer }
        fault.on, fault.times = "connections.get", 7
        fake:fail(fault)
        local connection, err, shown = connect({}, function(_, resource, is_shown)
          if is_shown then fake:activate(resource.connection_id) end
        end)
        assert(connection, err)
        assert.same({ "ACTIVE", 1 }, { connection.status, #shown })
        assert.is_true(gets() >= 8)
      end)
    end
  end

  it("gives up when the time is up, and leaves the pending connection", function()
    over()
    local connection, err, shown = connect { timeout = 11 }
    local left = client.connections:list():all()
    assert.same({ nil, "deadline", 1 }, { connection, err.kind, #shown })
    assert.same({ 6, 11 }, { gets(), clock.now() })
    assert.same({ 1, "PENDING" }, { #left, left[1].status })
    assert.truthy(err.message:find(left[1].connection_id, 1, true))
  end)

  it("waits five minutes by default", function()
    over()
    local _, err = connect()
    assert.same({ "deadline", 300, 150 }, { err.kind, clock.now(), gets() })
  end)

  for title, fault in pairs {
    ["500"] = { status = 500, shape = "nested" }, ["503"] = { status = 503 },
    ["429, for long"] = { status = 429, shape = "nested", headers = { ["Retry-After"] = "200" } },
  } do
    it("gives up in time while every read is answered " .. title, function()
      over { create_answer = "id" }
      fault.on, fault.times = "connections.get", 1000
      fake:fail(fault)
      local _, err, shown = connect { timeout = 60 }
      assert.same({ "deadline", {} }, { err.kind, shown })
      assert.is_true(clock.now() >= 60 and clock.now() < 65, clock.now())
    end)
  end

  it("reads no faster than every two seconds while reads fail", function()
    over { create_answer = "id" }
    fake:fail { on = "connections.get", status = 500, times = 1000 }
    local _ = connect { timeout = 60 }
    assert.equal(31, gets())
  end)

  for title, url in pairs {
    ["another host"] = "https://evil.example/?session_token=example",
    ["the host as a part"] = "https://connect.maton.ai.evil.example/?session_token=example",
    ["the host as a user"] = "https://connect.maton.ai@evil.example/?session_token=example",
    ["a host and a port as a user"] = "https://connect.maton.ai:1@evil.example/?session_token=a",
    ["a backslash"] = "https://evil.example\\@connect.maton.ai/?session_token=example",
    ["http"] = "http://connect.maton.ai/?session_token=example",
    ["a script"] = "javascript:alert('session_token=example')",
    ["a line end"] = "https://connect.maton.ai/?session_token=example\nx",
    ["a loopback host, the base URL being none"] = "http://127.0.0.1/?session_token=example",
    ["no string"] = 5,
    ["nothing"] = false,
  } do
    it("shows no page but that of Maton: " .. title, function()
      local shown = 0
      over({}, { transport = function(request)
        local response = fake.transport(request)
        if response.status == 200 and request.method ~= "DELETE" then
          local resource = the_connection()
          response.body = require "googlemeet.testing.json".encode { connection = {
            connection_id = resource.connection_id, status = "PENDING", url = url or nil } }
        end
        return response
      end })
      local connection, err = connect { on_url = function() shown = shown + 1 end }
      assert.same({ nil, "decode", 0 }, { connection, err.kind, shown })
      assert.falsy(tostring(err):find("session_token", 1, true))
      assert.truthy(err.message:find(the_connection().connection_id, 1, true))
    end)
  end

  it("shows a fake's page where the base URL is the fake's", function()
    over({}, { base_url = "http://127.0.0.1:8123", transport = function(request)
      local response = fake.transport(request)
      response.body = response.body:gsub("https://connect%.maton%.ai/", "http://localhost:8124/")
      return response
    end })
    local connection, _, shown = connect({}, approve_on(1))
    assert.same({ "ACTIVE", "http://localhost:8124/?session_token=example" },
      { connection.status, shown[1][1] })
  end)

  it("refuses an answer without an id", function()
    over({}, { transport = function() return { status = 200, body = "{}" } end })
    local connection, err = client.connections:connect { on_url = print }
    assert.same({ nil, "decode" }, { connection, err.kind })
  end)

  it("raises what on_url raises", function()
    over()
    local ok, raised = pcall(connect, { on_url = function() error("nobody is here", 0) end })
    assert.same({ false, "nobody is here" }, { ok, raised })
  end)

  for message, options in pairs {
    ["connections:connect: option 'on_url' is missing"] = {},
    ["option 'on_url': function expected, got string"] = { on_url = "print" },
    ["unknown option 'on_ulr'; did you mean 'on_url'?"] = { on_ulr = print },
    ["connections:connect: option 'timeout' must be above 0 and at most 86400"] =
      { on_url = print, timeout = 0 },
  } do
    it("raises at the caller's line: " .. message, function()
      over()
      local line = debug.getinfo(1, "l").currentline + 1
      local _, raised = pcall(function() local _ = client.connections:connect(options) end)
      assert.equal(("spec/unit/connections_spec.lua:%d: %s"):format(line, message), raised)
      assert.same({}, fake.log)
    end)
  end

  it("lets other tasks go on while it waits", function()
    local server = require "spec.support.served".start { arguments = "--key test-key" }
    local own <close> = assert(meet.new { api_key = "test-key", base_url = server.url })
    local made, ticks = nil, 0
    local results = assert(own:gather {
      function()
        return own.connections:connect {
          timeout = 20, on_url = function(_, connection) made = connection.connection_id end,
        }
      end,
      function()
        repeat
          own:sleep(0.05)
          ticks = ticks + 1
        until made
        server:control("POST", "/-/call", { name = "activate", arguments = { made } })
        return true
      end,
    })
    server:close()
    assert.same({ "ACTIVE", true }, { results[1].status, ticks > 0 })
  end)
end)
