-- Connections of other apps: which one a path is sent with, asked for once, apart from the others.

local meet = require "googlemeet"
local made_up_clock = require "spec.support.clock"

local MEET, DRIVE, DOCS = "/google-meet/v2/spaces/x", "/google-drive/v3/x", "/google-docs/v1/x"
local CALENDAR = "/google-calendar/v3/x"
local GOOGLE_429 = '{"error":{"code":429,"errors":[{"reason":"userRateLimitExceeded"}]}}'
local GATEWAY_400 = '{"error":{"message":"No active connection","code":400}}'
local GATEWAY_404 = '{"message":"No connection d1","type":"Not Found","code":404}'
local DRIVE_404 = '{"error":{"code":404,"message":"File not found: x.","errors":'
  .. '[{"domain":"global","reason":"notFound","message":"File not found: x."}]}}'

local client, sent, lists, answers

--- The list of connections that a query asks for: c1 of google-meet, d1 and d2 of google-drive, ….
local LISTS = {
  ["google-meet"] = '{"connection_id":"c1","status":"ACTIVE"}',
  ["google-drive"] = '{"connection_id":"d1","status":"ACTIVE"}',
  ["google-docs"] = '{"connection_id":"o1","status":"ACTIVE"}',
  ["google-calendar"] = "", x = "",
}

local function transport(request)
  local path = request.url:match "^https?://[^/]+(/[^?]*)"
  if coroutine.isyieldable() then coroutine.yield() end
  if path:find "^/connections" then
    local app = request.url:match "app=([%w-]+)"
    lists[#lists + 1] = app
    assert(not request.headers["Maton-Connection"])
    return { status = 200, body = ('{"connections":[%s]}'):format(LISTS[app]) }
  end
  sent[#sent + 1] = path:match "^/([%w-]+)" .. ": " .. (request.headers["Maton-Connection"] or "-")
  return table.remove(answers, 1) or { status = 200, body = '{"name":"spaces/x"}' }
end

local function open(options)
  if client then client:close() end
  options.api_key = options.api_key or "test-key"
  options.transport = transport
  client = assert(meet.new(options))
  return client
end

before_each(function() sent, lists, answers = {}, {}, {} end)
after_each(function()
  client:close()
  client = nil
end)

local function get(path, opts, by)
  return assert((by or client):request("GET", path, opts))
end

--- Drive until the task is over.
local function finish(task)
  for _ = 1, 10000 do
    if task:done() then return task:result() end
    client:step(0.01)
  end
  error "it never ends"
end

describe("the option 'connections'", function()
  it("has the connection of each app; the main one goes nowhere else", function()
    open { connection = "c1", connections = { drive = "d1", calendar = { connection_id = "k1" } } }
    for _, path in ipairs { MEET, DRIVE, DOCS, CALENDAR, "/keys", "/google-drives/v3" } do
      get(path)
    end
    assert.same({ "google-meet: c1", "google-drive: d1", "google-docs: -", "google-calendar: k1",
      "keys: c1", "google-drives: c1" }, sent)
  end)

  it("names no connection of google-meet", function()
    open { connections = { drive = "d1" } }
    assert(client.spaces:get "x")
    assert.same({ "google-meet: -" }, sent)
  end)

  it("yields to the connection of the call", function()
    open { connections = { drive = "d1", docs = "only" } }
    get(DRIVE, { connection = "d2" })
    get(DOCS, { connection = "o2" })
    assert.same({ { "google-drive: d2", "google-docs: o2" }, {} }, { sent, lists })
  end)

  it('takes "only", which is asked for at the first use of that app, once', function()
    open { connection = "only", connections = { drive = "only", docs = "only" } }
    assert.same({}, lists)
    get(DRIVE)
    get(DRIVE)
    get(MEET)
    assert.same({ "google-drive: d1", "google-drive: d1", "google-meet: c1" }, sent)
    assert.same({ "google-drive", "google-meet" }, lists)
  end)

  it("takes a function over the connections of the app", function()
    local seen
    open { connections = { docs = function(all)
      seen = all[1].connection_id
      return all[1]
    end } }
    get(DOCS)
    assert.same({ "o1", { "google-docs: o1" }, { "google-docs" } }, { seen, sent, lists })
  end)

  it("may be changed by the script afterwards, without effect, and is not changed", function()
    local made = { connection_id = "o1" }
    local given = { drive = "d1", docs = made }
    open { connections = given }
    assert.equal(made, given.docs)
    given.drive, made.connection_id = "d2", "o2"
    get(DRIVE)
    get(DOCS)
    assert.same({ "google-drive: d1", "google-docs: o1" }, sent)
  end)

  it("has none for the gateway's own calls, nor has one of them", function()
    open { connection = "only", connections = { drive = "only" } }
    assert(client:request("GET", "/connections", { connection = "c1", query = { app = "x" } }))
    assert.same({}, sent)
  end)

  it("goes with each request of a download, and is asked for once", function()
    local function answer(request)
      if request.headers.Range then
        return { status = 206, headers = { ETag = '"1"', ["Content-Range"] = "bytes 4-7/8" },
          body = "4567" }
      end
      local chunks = { "0123" }
      return { status = 200, headers = { ETag = '"1"', ["Content-Length"] = "8" },
        body = function() return table.remove(chunks), "the line broke" end }
    end
    open { connections = { drive = "only" } }
    local taken = {}
    local downloading <close> = client:with { transport = function(request)
      local listed = transport(request)
      return request.url:find "/connections" and listed or answer(request)
    end }
    assert.equal(8, (downloading:request("GET", DRIVE,
      { sink = function(chunk) taken[#taken + 1] = chunk end })))
    assert.equal("01234567", table.concat(taken))
    assert.same({ { "google-drive: d1", "google-drive: d1" }, { "google-drive" } },
      { sent, lists })
  end)

  it("is an error that names the app where there is none", function()
    open { connections = { calendar = "only" } }
    local body, err = client:request("GET", CALENDAR)
    assert.same({ nil, "connection", "no ACTIVE google-calendar connection" },
      { body, err.kind, err.message })
    assert.matches("'connections%.calendar'.*:connect { app = \"google%-calendar\"", err.hint)
    assert.same({}, sent)
  end)

  for title, row in pairs {
    ["an unknown app"] = { { drive = "d1", dcos = "o1" },
      "connections: unknown option 'dcos'.*'docs'" },
    ["an app by its own name"] = { { ["google-drive"] = "d1" }, "unknown option 'google%-drive'" },
    ["a number"] = { { drive = 5 }, "connections: option 'drive': string or function expected" },
    ["a resource without an id"] = { { docs = {} }, "'docs': the table has no 'connection_id'" },
    ["a NUL byte"] = { { drive = "d\0" }, "connections: option 'drive' has a NUL byte" },
    ["a line end"] = { { drive = "d\n" }, "new: the connection of google%-drive has a blank" },
    ["an empty id"] = { { docs = "" }, "new: the connection of google%-docs is empty" },
    ["no table"] = { "d1", "new: option 'connections': table expected, got string" },
  } do
    it("raises at the script's line for " .. title, function()
      open {}
      local _, message = pcall(function() meet.new { api_key = "k", connections = row[1] } end)
      assert.matches("^.*apps_spec%.lua:%d+: .*" .. row[2], message)
      _, message = pcall(function() client:with { connections = row[1] } end)
      assert.matches("^.*apps_spec%.lua:%d+: ", message)
    end)
  end
end)

describe("client:with", function()
  it("inherits connections, and overrides them entry by entry", function()
    open { connection = "c1", connections = { drive = "d1", docs = "o1" } }
    local sibling <close> = client:with { connections = { docs = "o2" } }
    local other <close> = sibling:with { connection = "c2", connections = { calendar = "k1" } }
    for _, path in ipairs { MEET, DRIVE, DOCS, CALENDAR } do get(path, nil, other) end
    get(DOCS)
    assert.same({ "google-meet: c2", "google-drive: d1", "google-docs: o2", "google-calendar: k1",
      "google-docs: o1" }, sent)
  end)

  it("inherits what is resolved, and asks for what is not", function()
    open { connections = { drive = "only", docs = "only" } }
    get(DRIVE)
    local sibling <close> = client:with { timeout = 5 }
    get(DRIVE, nil, sibling)
    get(DOCS, nil, sibling)
    assert.same({ "google-drive: d1", "google-drive: d1", "google-docs: o1" }, sent)
    assert.same({ "google-drive", "google-docs" }, lists)
    get(DOCS)
    assert.equal(3, #lists)
  end)

  it("puts an id in the place of a function, and a function in that of an id", function()
    open { connections = { drive = function() error "asked" end, docs = "o9" } }
    local sibling <close> = client:with { connections = { drive = "d9", docs = "only" } }
    get(DRIVE, nil, sibling)
    get(DOCS, nil, sibling)
    assert.same({ "google-drive: d9", "google-docs: o1" }, sent)
  end)
end)

describe("a connection of an app that several tasks need", function()
  local function task(path)
    return function() return get(path).name end
  end

  it("is asked for by one of them, beside that of another app", function()
    open { rate = false, connection = "only", connections = { drive = "only", docs = "only" } }
    assert(client:gather { task(DRIVE), task(DOCS), task(DRIVE), task(MEET), task(DOCS) })
    table.sort(lists)
    assert.same({ "google-docs", "google-drive", "google-meet" }, lists)
    assert.equal(5, #sent)
  end)

  it("holds no call to another app", function()
    local may_choose = false
    open { rate = false, connection = "c1", connections = { docs = "o1", drive = function(all)
      while not may_choose do coroutine.yield() end
      return all[1]
    end } }
    local waiting, second = client:submit(task(DRIVE)), client:submit(task(DRIVE))
    client:step(0)
    assert(client:gather { task(DOCS), task(MEET) })
    assert.same({ false, false }, { waiting:done(), second:done() })
    may_choose = true
    assert.same({ "spaces/x", "spaces/x" }, { finish(waiting), finish(second) })
    assert.same({ "google-drive" }, lists)
  end)

  it("is asked for by the next one when the asking task is cancelled", function()
    local stalled = true
    open { rate = false, connections = { drive = function(all)
      while stalled do coroutine.yield() end
      return all[1]
    end } }
    local first, second = client:submit(task(DRIVE)), client:submit(task(DRIVE))
    for _ = 1, 5 do client:step(0) end
    first:cancel()
    stalled = false
    assert.equal("spaces/x", finish(second))
  end)

  it("is asked for by a function that needs another app's, without waiting for each other",
    function()
      local asked, inner = 0, {}
      local function choosing(other)
        return function(all)
          asked = asked + 1
          if asked <= 2 then -- the first of each: both choices are under way
            while asked < 2 do coroutine.yield() end
            local name = get(other).name
            inner[#inner + 1] = name
          end
          return all[1]
        end
      end
      open { rate = false, connections = { drive = choosing(DOCS), docs = choosing(DRIVE) } }
      local first, second = client:submit(task(DRIVE)), client:submit(task(DOCS))
      assert.same({ "spaces/x", "spaces/x" }, { finish(first), finish(second) })
      assert.same({ "spaces/x", "spaces/x" }, inner)
    end)

  it("raises where its function calls the same app, directly and by another's function", function()
    open { connections = {
      drive = function(all)
        get(DOCS)
        return all[1]
      end,
      docs = function(all)
        get(DRIVE)
        return all[1]
      end,
    } }
    for _, path in ipairs { DRIVE, DOCS } do
      assert.error_matches(function() get(path) end,
        "the connection function calls the client that waits for its result")
    end
  end)

  it("may be chosen with the help of Meet, and of another app", function()
    open { connection = "only", connections = { docs = "only", drive = function(all)
      assert(client.spaces:get "x")
      get(DOCS)
      return all[1]
    end } }
    get(DRIVE)
    assert.same({ "google-meet: c1", "google-docs: o1", "google-drive: d1" }, sent)
  end)
end)

describe("the pace of an app", function()
  local clock, keys = nil, 0

  local function open_paced(options)
    keys, clock = keys + 1, made_up_clock()
    options.api_key, options.clock = "key-of-apps-" .. keys, clock
    return open(options)
  end

  for title, options in pairs {
    ["with connections"] = { connection = "c1", connections = { drive = "d1", docs = "o1" } },
    ["without any"] = {},
  } do
    it("is its own: a 429 of Google pauses no other app, " .. title, function()
      open_paced(options)
      answers = { { status = 429, body = GOOGLE_429, headers = { ["Retry-After"] = 7 } } }
      local _, err = client:request("GET", DRIVE, { deadline = 1 })
      assert.same({ "rate_limited", 0 }, { err.kind, clock.now() })
      get(MEET)
      get(DOCS)
      assert.equal(0, clock.now())
      get(DRIVE)
      assert.is_true(clock.now() >= 7)
    end)
  end

  it("waits behind a 403 that is about a rate as behind a 429, and tries again", function()
    open_paced { connections = { drive = "d1" } }
    answers = { { status = 403, body = GOOGLE_429:gsub("429", "403") } }
    get(DRIVE)
    assert.same({ "google-drive: d1", "google-drive: d1" }, sent)
    assert.is_true(clock.now() > 0)
  end)

  it("has none of Meet's minutes, and the key's second", function()
    open_paced { rate = { reads_per_minute = 1 }, connections = { drive = "d1" } }
    for _ = 1, 10 do get(DRIVE) end
    assert.equal(0, clock.now())
    get(DRIVE)
    assert.is_true(clock.now() > 1 and clock.now() < 1.1)
  end)
end)

describe("an answer for a path of an app", function()
  local function failure_of(status, body, opts, path)
    answers = { { status = status, body = body } }
    local _, err = client:request("GET", path or DRIVE, opts)
    return err
  end

  before_each(function() open { connections = { drive = "d1" }, retry = false } end)

  it("is of kind connection where the gateway has none: 400", function()
    for _, opts in ipairs { {}, { connection = "d2" } } do
      local err = failure_of(400, GATEWAY_400, opts)
      assert.same({ "connection", "gateway" }, { err.kind, err.origin })
      assert.equal("pass the id of an ACTIVE google-drive connection as the option "
        .. "'connections.drive': client.connections:list { app = \"google-drive\" } lists them; "
        .. "client.connections:connect { app = \"google-drive\", on_url = … } creates one, also to "
        .. "replace a FAILED one", err.hint)
    end
    assert.matches("ACTIVE google%-docs connection", failure_of(400, GATEWAY_400, {}, DOCS).hint)
    assert.not_matches("google%-", failure_of(400, GATEWAY_400, {}, MEET).hint)
  end)

  it("is of kind connection where the gateway does not know the one named: 404", function()
    assert.equal("connection", failure_of(404, GATEWAY_404).kind)
    assert.equal("not_found", failure_of(404, GATEWAY_404, {}, DOCS).kind)
  end)

  it("is Drive's where its body is, which has no canonical name", function()
    local err = failure_of(404, DRIVE_404)
    assert.same({ "not_found", "google", "notFound", "notFound" },
      { err.kind, err.origin, err.reason, err.details[1].reason })
    err = failure_of(400, (DRIVE_404:gsub("404", "400")))
    assert.same({ "invalid", "google" }, { err.kind, err.origin })
  end)

  it("is of kind rate_limited where Drive says so with a 403", function()
    for reason, kind in pairs {
      rateLimitExceeded = "rate_limited", userRateLimitExceeded = "rate_limited",
      exportSizeLimitExceeded = "permission", insufficientFilePermissions = "permission",
    } do
      local body = DRIVE_404:gsub("404", "403"):gsub("notFound", reason)
      local err = failure_of(403, body)
      assert.same({ kind, reason }, { err.kind, err.reason })
    end
  end)

  it("has Google's canonical name where there are both", function()
    local err = failure_of(403, (DRIVE_404:gsub("404", '403,"status":"PERMISSION_DENIED"')))
    assert.same({ "permission", "PERMISSION_DENIED", "notFound" },
      { err.kind, err.reason, err.details[1].reason })
  end)

  it("says nothing of spaces where permission is missing", function()
    local err = failure_of(403, (DRIVE_404:gsub("404", "403")))
    assert.equal("permission", err.kind)
    assert.not_matches("space", err.hint)
  end)
end)
