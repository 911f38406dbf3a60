-- Key and connection of a call: given, asked for, asked for again.

local meet = require "googlemeet"
local manual_clock = require "spec.support.clock"
local testing = require "googlemeet.testing"

local sent
before_each(function() sent = {} end)

--- A client that answers with these statuses in order, then the last one.
local function client_of(statuses, options)
  options.retry, options.clock = false, options.clock or manual_clock()
  options.transport = options.transport or function(request)
    sent[#sent + 1] = request
    return { status = statuses[#sent] or statuses[#statuses], body = '{"name":"spaces/x"}' }
  end
  return assert(meet.new(options))
end

local function header(name)
  local values = {}
  for index, request in ipairs(sent) do values[index] = request.headers[name] or "" end
  return values
end

--- A function that gives key-1, key-2, ….
local function counting()
  local count = 0
  return function()
    count = count + 1
    return "key-" .. count
  end
end

describe("an api_key function", function()
  it("is asked for each call", function()
    local client <close> = client_of({ 200 }, { api_key = counting() })
    assert(client.spaces:get "x")
    assert(client.spaces:get "x")
    assert.same({ "Bearer key-1", "Bearer key-2" }, header "Authorization")
  end)

  it("is not asked by new, which needs no environment then", function()
    local client <close> = client_of({ 200 }, { api_key = error })
    assert.equal("userdata", type(client))
  end)

  it("is asked once more after a 401, and the call is sent again", function()
    local client <close> = client_of({ 401, 200 }, { api_key = counting() })
    assert.equal("spaces/x", client.spaces:create({}).name)
    assert.same({ "Bearer key-1", "Bearer key-2" }, header "Authorization")
  end)

  it("is not asked a third time", function()
    local client <close> = client_of({ 401 }, { api_key = counting() })
    assert.equal("auth", select(2, client.spaces:get "x").kind)
    assert.equal(2, #sent)
  end)

  it("is not asked again after a call that did not arrive", function()
    local key = counting()
    local client <close> = client_of({}, { api_key = key, transport = function()
      return nil, "no route"
    end })
    assert.equal("transport", select(2, client.spaces:get "x").kind)
    assert.equal("key-2", key())
  end)

  it("is not asked again after any other refusal", function()
    local client <close> = client_of({ 403 }, { api_key = counting() })
    assert.equal("permission", select(2, client.spaces:get "x").kind)
    assert.equal(1, #sent)
  end)

  it("has the same request sent again, the caller's own headers too", function()
    local client <close> = client_of({ 401, 200 }, { api_key = counting(), connection = "c1" })
    assert(client:request("POST", "/google-meet/v2/spaces",
      { headers = { ["X-Trace"] = "t1", Accept = "text/plain" }, body = { a = 1 } }))
    for name, value in pairs(sent[1].headers) do
      if name ~= "Authorization" then assert.equal(value, sent[2].headers[name]) end
    end
    assert.same({ "t1", "t1" }, header "X-Trace")
    assert.equal(sent[1].body, sent[2].body)
  end)

  it("may yield to the host", function()
    local client <close> = client_of({ 200 }, { api_key = function()
      coroutine.yield "asking"
      return "key-9"
    end })
    local task = coroutine.wrap(function() return assert(client.spaces:get "x").name end)
    assert.same({ "asking", "spaces/x" }, { task(), task() })
    assert.same({ "Bearer key-9" }, header "Authorization")
  end)

  it("may use its own client, for another call", function()
    local client, asking
    client = client_of({ 200 }, { api_key = function()
      if not asking then
        asking = true
        assert(client:request("GET", "/keys"))
      end
      return "key-1"
    end })
    assert(client.spaces:get "x")
    assert.equal(2, #sent)
    client:close()
  end)

  it("ends in an error, not in a crash, if it always calls its own client", function()
    local client
    client = client_of({ 200 }, { api_key = function()
      assert(client.spaces:get "y")
      return "key-1"
    end })
    assert.is_false((pcall(function() assert(client.spaces:get "x") end)))
    client:close()
  end)

  it("may close its client: nothing is sent", function()
    local client
    client = client_of({ 200 }, { api_key = function()
      client:close()
      return "key-1"
    end })
    local _, message = pcall(function() assert(client.spaces:get "x") end)
    assert.truthy(tostring(message):find("the client is closed", 1, true))
    assert.equal(0, #sent)
  end)

  for title, row in pairs {
    ["gives nothing"] = { function() end, "the api_key function returned no key" },
    ["gives nil and a text"] = { function() return nil, "vault is sealed" end, "vault is sealed" },
    ["gives a number"] = { function() return 12345 end, "the api_key function returned no key" },
    ["gives an empty key"] = { function() return "" end, "the API key is empty" },
    ["gives a key with a line end"] = { function() return "hush-hush\n" end, "the API key has" },
  } do
    it("that " .. title .. " makes the call fail with kind config", function()
      local client <close> = client_of({ 200 }, { api_key = row[1] })
      local space, err = client.spaces:get "x"
      assert.same({ nil, "config", 0 }, { space, err.kind, #sent })
      assert.truthy(err.message:find(row[2], 1, true), err.message)
      assert.falsy(tostring(err):find("hush", 1, true))
    end)
  end

  it("may return nil and an error table, which is the call's", function()
    local own = { kind = "mine" }
    local client <close> = client_of({ 200 }, { api_key = function() return nil, own end })
    assert.equal(own, select(2, client.spaces:get "x"))
  end)

  it("may raise: the call ends with what it raised, and the client stays usable", function()
    local failing = true
    local client <close> = client_of({ 200 }, { api_key = function()
      if failing then error("sealed", 0) end
      return "key-1"
    end })
    local _, message = pcall(function() assert(client.spaces:get "x") end)
    assert.equal("sealed", message)
    failing = false
    assert(client.spaces:get "x")
  end)

  it("changes no key of a sibling that was given one", function()
    local client <close> = client_of({ 200 }, { api_key = counting() })
    local sibling <close> = client:with { api_key = "own-key" }
    assert(client.spaces:get "x")
    assert(sibling.spaces:get "x")
    assert.same({ "Bearer key-1", "Bearer own-key" }, header "Authorization")
  end)

  it("gives a key that no error shows, though another call has a newer one", function()
    local keys = counting()
    local client <close> = client_of({}, { api_key = keys, transport = function(request)
      local key = request.headers.Authorization
      coroutine.yield()
      return { status = 403, body = key }
    end })
    local function task()
      return coroutine.wrap(function() return select(2, client.spaces:get "x").body end)
    end
    local one, two = task(), task()
    one()
    two()
    assert.same({ "Bearer *****", "Bearer *****" }, { one(), two() })
  end)
end)

describe("a connection", function()
  local fake, active

  --- A client of a fake with these connections, each { id, status }.
  local function over(connections, options)
    fake = testing.gateway { connections = false }
    for _, row in ipairs(connections) do
      fake:add_connection { id = row[1], status = row[2] }
    end
    options.api_key, options.transport = "test-key", fake.transport
    options.clock = manual_clock()
    active = assert(meet.new(options))
    return active
  end

  after_each(function()
    if active then active:close() end
    active = nil
  end)

  local function named(id)
    local ids = {}
    for index, entry in ipairs(fake:requests(id)) do
      ids[index] = entry.headers["maton-connection"] or ""
    end
    return ids
  end

  it("is sent when an id is given, and not otherwise", function()
    local client <close> = client_of({ 200 }, { api_key = "test-key", connection = "c1" })
    local plain <close> = client_of({ 200 }, { api_key = "test-key" })
    assert(client.spaces:get "x")
    assert(plain.spaces:get "x")
    assert.same({ "c1", "" }, header "Maton-Connection")
  end)

  it("of the call comes before the client's", function()
    local client <close> = client_of({ 200 }, { api_key = "test-key", connection = "c1" })
    assert(client.spaces:get("x", { connection = "c2" }))
    assert(client.participants:list("r", { connection = "c3" }):all())
    assert(client:request("GET", "/google-meet/v2/spaces/x", { connection = "c4" }))
    assert.same({ "c2", "c3", "c4" }, header "Maton-Connection")
  end)

  it("of a call goes with the lookup of a meeting code as well", function()
    local client <close> = client_of({ 200 }, { api_key = "test-key", connection = "c1" })
    assert(client.spaces:end_active_conference("abc-mnop-xyz", { connection = "c2" }))
    assert(client.members:list("abc-mnop-xyz", { connection = "c2" }):all())
    assert.same({ "c2", "c2", "c2", "c2" }, header "Maton-Connection")
  end)

  it("is never sent to the gateway's own calls", function()
    local client <close> = client_of({ 200 }, { api_key = "test-key", connection = "c1" })
    assert(client.connections:list():all())
    assert(client.connections:get "c1")
    assert.same({ "", "" }, header "Maton-Connection")
  end)

  it('"only" is the one ACTIVE connection, asked for once', function()
    local client = over({ { "c1", "PENDING" }, { "c2", "ACTIVE" } }, { connection = "only" })
    assert(client.spaces:create())
    assert(client.spaces:create())
    assert.same({ "c2", "c2" }, named "spaces.create")
    assert.equal(1, #fake:requests "connections.list")
  end)

  it('"only" is an error that lists them when there are several', function()
    local client = over({ { "c1", "ACTIVE" }, { "c2", "ACTIVE" } }, { connection = "only" })
    local _, err = client.spaces:create()
    assert.equal("connection", err.kind)
    assert.truthy(err.message:find "c[12] %(ACTIVE.*c[12] %(ACTIVE")
    assert.falsy(err.message:find("session_token", 1, true))
    assert.equal(0, #fake:requests "spaces.create")
  end)

  it('"only" is an error when there is none, and is asked for again by the next call', function()
    local client = over({ { "c1", "PENDING" } }, { connection = "only" })
    assert.equal("connection", select(2, client.spaces:create()).kind)
    fake:activate "c1"
    assert(client.spaces:create())
    assert.same({ "c1" }, named "spaces.create")
  end)

  it("function picks one of all connections, once", function()
    local asked = 0
    local client = over({ { "c1", "ACTIVE" }, { "c2", "ACTIVE" } }, { connection = function(all)
      asked = asked + 1
      return all[2].connection_id
    end })
    assert(client.spaces:create())
    assert(client.spaces:create())
    assert.same({ "c2", "c2", 1 }, { named("spaces.create")[1], named("spaces.create")[2], asked })
  end)

  it("function is asked by a sibling, where nobody was asked before", function()
    local asked = 0
    local client = over({ { "c1", "ACTIVE" } }, { connection = function(all)
      asked = asked + 1
      return all[1].connection_id
    end })
    local sibling <close> = client:with { timeout = 5 }
    assert(sibling.spaces:create())
    assert.same({ { "c1" }, 1 }, { named "spaces.create", asked })
  end)

  it("function must not call the client that waits for it, and may be asked again", function()
    local again = true
    local client
    client = over({ { "c1", "ACTIVE" } }, { connection = function(all)
      if again then client.spaces:create() end
      return all[1].connection_id
    end })
    assert.error_matches(function() client.spaces:create() end,
      "the connection function calls the client that waits for its result")
    again = false
    assert(client.spaces:create())
    assert.same({ "c1" }, named "spaces.create")
  end)

  it("whose id is malformed makes the call fail with kind config", function()
    local client <close> = assert(meet.new { api_key = "test-key", connection = "only",
      transport = function()
        return { status = 200, body = '{"connections":[{"connection_id":"a b","status":"ACTIVE",' ..
          '"app":"google-meet"}]}' }
      end })
    assert.equal("config", select(2, client.spaces:create()).kind)
  end)

  it("of one call is an id: \"only\" is misuse", function()
    local client <close> = client_of({ 200 }, { api_key = "test-key" })
    assert.error_matches(function() client.spaces:get("x", { connection = "only" }) end,
      "connection 'only' is for meet.new and client:with; a call needs an id")
  end)

  it("function that picks none makes the call fail with kind connection", function()
    local client = over({ { "c1", "ACTIVE" } }, { connection = function() end })
    local _, err = client.spaces:create()
    assert.same({ "connection", 0 }, { err.kind, #fake:requests "spaces.create" })
  end)

  it("function is not asked when the call names one, nor for the gateway's own calls", function()
    local client = over({ { "c1", "ACTIVE" } }, { connection = function() error "asked" end })
    assert(client.connections:list():all())
    assert(client.spaces:create({}, { connection = "c1" }))
    assert.same({ "c1" }, named "spaces.create")
  end)

  it("is resolved once for all pages of a list", function()
    local client = over({ { "c1", "ACTIVE" } }, { connection = "only" })
    assert(client.conference_records:list():all())
    assert.same({ "c1" }, named "conferenceRecords.list")
  end)
end)
