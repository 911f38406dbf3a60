--- Pace: who waits for whom, how long, and what a refusal pauses.
-- On simulated clocks nothing really waits. Clients share their windows only where they share a
-- clock; for those on the machine's clock, tasks tell how long they would wait, and are cancelled.

local meet = require "googlemeet"
local made_up_clock = require "spec.support.clock"

local GATEWAY_429 = '{"message":"rate limit exceeded"}'
local GOOGLE_429 = '{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"quota"}}'

local clock, departures, waits, keys = nil, {}, {}, 0

--- A key that no other spec uses: a pace is the state's, and outlives its clients.
local function new_key()
  keys = keys + 1
  return "key-of-pace-" .. keys
end

local function on_event(event)
  if event.type == "wait" then waits[#waits + 1] = event.seconds end
end

--- A client that answers with these in order, then 200; `departures` has when each was sent.
local function client_of(answers, options)
  options = options or {}
  options.api_key, options.on_event = options.api_key or new_key(), on_event
  if options.clock == nil then options.clock = clock end
  local has_clock = options.clock
  options.clock = has_clock or nil
  options.transport = function()
    departures[#departures + 1] = has_clock and has_clock.now() or #departures
    return table.remove(answers, 1) or { status = 200, body = '{"name":"spaces/x"}' }
  end
  return assert(meet.new(options))
end

local function refusal(body, seconds)
  return { status = 429, body = body, headers = { ["Retry-After"] = seconds } }
end

local function get(client, times, opts)
  for _ = 1, times or 1 do assert(client.spaces:get("x", opts)) end
end

before_each(function()
  clock, departures, waits = made_up_clock(), {}, {}
end)

describe("the second of a key", function()
  it("takes ten requests, and the eleventh when the first is more than a second old", function()
    local client <close> = client_of {}
    get(client, 25)
    for i = 1, 10 do assert.equal(0, departures[i]) end
    for i = 11, 25 do
      assert.is_true(departures[i] - departures[i - 10] > 1)
      assert.is_true(departures[i] - departures[i - 10] < 1.05)
    end
  end)

  it("slides: no second sees more than the rate, wherever it begins", function()
    local client <close> = client_of({}, { rate = { per_second = 3 } })
    for i = 1, 40 do
      get(client)
      clock.sleep(i * 7 % 5 * 0.11)
    end
    for i = 4, 40 do assert.is_true(departures[i] - departures[i - 3] > 1) end
  end)

  it("is shared with siblings, each with its own limit", function()
    local client <close> = client_of({}, { rate = { per_second = 4 } })
    local sibling <close> = client:with { timeout = 5, rate = { per_second = 2 } }
    get(client, 2)
    get(sibling)
    assert.is_true(departures[3] > 1)
    get(client, 3)
    assert.equal(departures[3], departures[6])
  end)

  it("is not shared with another clock's", function()
    local key = new_key()
    local client <close> = client_of({}, { api_key = key, rate = { per_second = 1 } })
    local other <close> = client_of({}, { api_key = key, rate = { per_second = 1 },
      clock = made_up_clock() })
    get(client)
    get(other)
    assert.same({ 0, 0 }, departures)
  end)

  it("does not end with the client, nor begin again with another connection", function()
    local client <close> = client_of({}, { rate = { per_second = 2 } })
    local sibling = client:with { connection = "c1" }
    get(sibling, 2)
    sibling:close()
    get(client, 1, { connection = "c2" })
    assert.is_true(departures[3] > 1)
  end)

  it("is taken by what a transport was given, though it says that nothing was sent", function()
    local client <close> = client_of({}, { rate = { per_second = 1 }, retry = false })
    local mute <close> = client:with { transport = function() return nil, "no route" end }
    for _ = 1, 5 do assert.equal("transport", select(2, mute.spaces:get "x").kind) end
    assert.is_true(clock.now() > 4)
    get(client)
    assert.is_true(departures[1] > 5)
  end)

  it("is free where rate is false", function()
    local client <close> = client_of({}, { rate = false })
    get(client, 700)
    assert.same({ 0, {}, 0 }, { clock.now(), waits, client:stats().waits })
  end)

  --- How long the last of so many tasks would wait; nothing waits here.
  local function last_wait(clients)
    local tasks = {}
    for index, client in ipairs(clients) do
      tasks[index] = client:submit(function() return client.spaces:get "x" end)
    end
    for _ = 1, 20 do clients[1]:step(0) end
    for _, task in ipairs(tasks) do task:cancel() end
    return waits[#waits]
  end

  it("is shared by two clients of one key on the machine's clock", function()
    local key = new_key()
    local one <close> = client_of({}, { api_key = key, clock = false })
    local two <close> = client_of({}, { api_key = key, clock = false })
    local wait = last_wait { one, two, one, two, one, two, one, two, one, two, one }
    assert.equal(10, #departures)
    assert.is_true(wait > 0.5 and wait < 1.1, tostring(wait))
  end)

  it("is not shared by clients of different keys", function()
    local one <close> = client_of({}, { clock = false })
    local two <close> = client_of({}, { clock = false })
    assert.is_nil(last_wait { one, one, one, one, one, one, two, two, two, two, two, two })
    assert.equal(12, #departures)
  end)
end)

describe("the minute of a quota", function()
  local rate = { per_second = 100, reads_per_minute = 6, writes_per_minute = 4,
    creates_per_minute = 2 }

  for title, row in pairs {
    ["reads"] = { 6, function(client) return client.spaces:get "x" end },
    ["writes"] = { 4, function(client) return client.spaces:patch("x", { config = {
      accessType = "OPEN" } }) end },
    ["new spaces"] = { 2, function(client) return client.spaces:create() end },
    ["reads by a path"] = { 6, function(client)
      return client:request("GET", "/google-meet/v2/spaces/x") end },
    ["writes by a path"] = { 4, function(client)
      return client:request("DELETE", "/google-meet/v2/spaces/x/members/y") end },
    ["new spaces by a path"] = { 2, function(client)
      return client:request("POST", "/google-meet/v2/spaces") end },
  } do
    it("holds back " .. title, function()
      local client <close> = client_of({}, { rate = rate })
      for _ = 1, row[1] do assert(row[2](client)) end
      assert.equal(0, clock.now())
      assert(row[2](client))
      assert.is_true(clock.now() > 60 and clock.now() < 60.1)
    end)
  end

  it("is one of each kind, for each connection", function()
    local client <close> = client_of({}, { rate = rate })
    get(client, 6)
    assert(client.spaces:create())
    get(client, 6, { connection = "c1" })
    get(client, 6, { connection = "c2" })
    assert.equal(0, clock.now())
    get(client, 1, { connection = "c2" })
    assert.is_true(clock.now() > 60)
  end)

  it("is none for the gateway's own operations", function()
    local client <close> = client_of({}, { rate = rate })
    for _ = 1, 20 do
      assert(client.connections:get "c1")
      assert(client:request("GET", "/connections"))
    end
    assert.equal(0, clock.now())
  end)
end)

describe("a wait", function()
  it("is reported and counted", function()
    local client <close> = client_of({}, { rate = { per_second = 2 } })
    get(client, 3)
    assert.equal(1, #waits)
    assert.is_true(waits[1] > 1 and waits[1] < 1.05)
    local stats = client:stats()
    assert.same({ 3, 3, 0, 1, waits[1] },
      { stats.requests, stats.attempts, stats.retries, stats.waits, stats.seconds_waited })
  end)

  it("fails at once if it cannot end before the deadline, and says when it could", function()
    local client <close> = client_of({}, { rate = { per_second = 100, reads_per_minute = 2 },
      deadline = 30 })
    get(client, 2)
    local space, err = client.spaces:get "x"
    assert.same({ nil, "deadline", 0, 2 }, { space, err.kind, clock.now(), #departures })
    assert.same({ nil, 0 }, { err.status, err.attempts }) -- no answer of an earlier request
    assert.is_true(err.retry_after > 60 and err.retry_after < 60.1)
    clock.sleep(err.retry_after)
    get(client)
  end)

  it("keeps the order of submission", function()
    local order = {}
    local client <close> = client_of({}, { rate = { per_second = 1 } })
    local ordered <close> = client:with { transport = function(request)
      order[#order + 1] = request.url:match "[^/]*$"
      return { status = 200, body = "{}" }
    end }
    assert(ordered:map({ "a", "b", "c", "d" }, function(id) return ordered.spaces:get(id) end))
    assert.equal("abcd", table.concat(order))
  end)
end)

describe("a 429", function()
  it("of the gateway pauses every request of the key", function()
    local client <close> = client_of({ refusal(GATEWAY_429, 30) }, { retry = false, rate = false })
    local other <close> = client:with { connection = "c2" }
    assert.equal("rate_limited", select(2, client.spaces:get "x").kind)
    get(other)
    assert.same({ 0, 30 }, departures)
    assert.same({ 30 }, waits)
  end)

  it("of Google pauses the requests of the key and connection", function()
    local client <close> = client_of({ refusal(GOOGLE_429, 30) },
      { retry = false, rate = false, connection = "c1" })
    assert.equal("rate_limited", select(2, client.spaces:get "x").kind)
    get(client, 1, { connection = "c2" })
    assert(client.connections:get "c1")
    assert.same({ 0, 0, 0 }, departures)
    get(client)
    assert.equal(30, departures[4])
  end)

  it("pauses no other key", function()
    local client <close> = client_of({ refusal(GATEWAY_429, 30) }, { retry = false })
    local other <close> = client:with { api_key = new_key() }
    assert.is_nil((client.spaces:get "x"))
    get(other)
    assert.same({ 0, 0 }, departures)
  end)

  it("lets what cannot wait fail at once", function()
    local client <close> = client_of({ refusal(GATEWAY_429, 30) }, { retry = false, deadline = 20 })
    assert.equal(30, select(2, client.spaces:get "x").retry_after)
    local _, err = client.spaces:get "x"
    assert.same({ "deadline", 30, 0 }, { err.kind, err.retry_after, clock.now() })
    assert.equal(1, #departures)
  end)

  it("ends the waits of tasks that it makes too long", function()
    local client <close> = client_of({ { status = 429, body = GATEWAY_429,
      headers = { ["Retry-After"] = 30 } } }, { retry = false, rate = { per_second = 1 },
      deadline = 20 })
    local function call() return client.spaces:get "x" end
    local _, errors = client:gather({ call, call, call }, { collect = true })
    assert.same({ "rate_limited", "deadline", "deadline", 1 },
      { errors[1].kind, errors[2].kind, errors[3].kind, #departures })
    assert.is_true(errors[3].retry_after > 20)
  end)

  it("ends at once a call whose next attempt it puts past the deadline", function()
    local client <close> = client_of({}, { deadline = 600 })
    local refused <close> = client:with { transport = function(request)
      if request.url:match "/x$" then return refusal(GATEWAY_429, 3600) end
      coroutine.yield() -- until the other one is refused
      return { status = 503 }
    end }
    local _, errors = refused:gather({ function() return refused.spaces:get "slow" end,
      function() return refused.spaces:get "x" end }, { collect = true })
    assert.same({ "server", 503, 3600, 1 },
      { errors[1].kind, errors[1].status, errors[1].retry_after, errors[1].attempts })
    assert.same({ "rate_limited", 3600 }, { errors[2].kind, errors[2].retry_after })
    assert.equal(0, clock.now())
  end)

  it("is tried again when RetryInfo says", function()
    local client <close> = client_of { { status = 429, body = [[{"error":{"code":429,
      "status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo",
      "retryDelay":"7.5s"}]}}]] } }
    get(client)
    assert.same({ 0, 7.5 }, departures)
  end)

  it("of the gateway halves the rate for a while", function()
    local client <close> = client_of({ refusal(GATEWAY_429, 2) }, {})
    get(client, 20)
    local first = departures[2]
    assert.equal(2, first)
    for i = 7, 21 do assert.is_true(departures[i] - departures[i - 5] > 1) end
    clock.sleep(200) -- ten spans for each request more
    departures = {}
    get(client, 10)
    assert.equal(departures[1], departures[10])
  end)
end)
