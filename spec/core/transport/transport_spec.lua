-- Calls through a transport and a clock that a script gives: no socket, no real time.

local meet = require "googlemeet"

local KEY = "secret-key-123"
local now, slept, sent, events

before_each(function() now, slept, sent, events = 100, {}, {}, {} end)

--- A clock that only sleeping moves.
local function new_clock()
  return {
    now = function() return now end,
    sleep = function(seconds)
      slept[#slept + 1] = seconds
      now = now + seconds
    end,
  }
end

local clock = new_clock()

--- A client whose transport has these answers in order; statuses stand for answers.
local function client_of(answers, options)
  options = options or {}
  options.api_key, options.clock = options.api_key or KEY, new_clock()
  options.on_event = options.on_event or function(event) events[#events + 1] = event end
  options.transport = type(answers) == "function" and answers or function(request)
    sent[#sent + 1] = request
    local answer = answers[#sent] or answers[#answers]
    if answer == "unsent" then return nil, "no route to host" end
    return type(answer) == "table" and answer or { status = answer, body = '{"name":"spaces/x"}' }
  end
  return assert(meet.new(options))
end

local function complaint(act)
  local raised, message = pcall(act)
  assert.is_false(raised)
  return message
end

describe("a request", function()
  it("is given whole to the transport", function()
    local client <close> = client_of { 200 }
    assert(client.spaces:create { config = { accessType = "OPEN" } })
    assert.same({ method = "POST", url = "https://api.maton.ai/google-meet/v2/spaces",
      body = '{"config":{"accessType":"OPEN"}}', headers = {
        Authorization = "Bearer " .. KEY, Accept = "application/json",
        ["Content-Type"] = "application/json", ["User-Agent"] = "googlemeet-lua/" .. meet.version,
      } }, sent[1])
  end)

  it("without a body has none", function()
    local client <close> = client_of { 200 }
    assert(client.spaces:get "x")
    assert.same({ nil, nil }, { sent[1].body, sent[1].headers["Content-Type"] })
  end)
end)

describe("attempts", function()
  for title, row in pairs {
    ["a read after 503"] = { "get", 503, 5, "server" },
    ["a read after 502"] = { "get", 502, 5, "server" },
    ["a read after 504"] = { "get", 504, 5, "server" },
    ["a read after 429"] = { "get", 429, 5, "rate_limited" },
    ["a read that was not sent"] = { "get", "unsent", 5, "transport" },
    ["a read after 500"] = { "get", 500, 1, "server" },
    ["a read after 403"] = { "get", 403, 1, "permission" },
    ["a write after 429"] = { "create", 429, 5, "rate_limited" },
    ["a write that was not sent"] = { "create", "unsent", 5, "transport" },
    ["a write after 503"] = { "create", 503, 1, "server" },
    ["a write after 502"] = { "create", 502, 1, "server" },
    ["a write after 504"] = { "create", 504, 1, "server" },
    ["a write after 500"] = { "create", 500, 1, "server" },
  } do
    it("are " .. row[3] .. " for " .. title, function()
      local client <close> = client_of { row[2] }
      local _, err = client.spaces[row[1]](client.spaces, row[1] == "get" and "x" or {})
      assert.same({ row[4], row[3], row[3] }, { err.kind, err.attempts, #sent })
    end)
  end

  it("end with the first good answer", function()
    local client <close> = client_of { 503, "unsent", 429, 200 }
    assert.equal("spaces/x", client.spaces:get("x").name)
    assert.equal(4, #sent)
    local stats = client:stats()
    assert.same({ 1, 4, 3, 3 }, { stats.requests, stats.attempts, stats.retries, stats.waits })
  end)

  it("are as many as max_attempts says, one when retry is false", function()
    local client <close> = client_of({ 503 }, { retry = { max_attempts = 3 } })
    assert.equal(3, select(2, client.spaces:get "x").attempts)
    local single <close> = client:with { retry = false }
    assert.equal(1, select(2, single.spaces:get "x").attempts)
  end)

  it("wait with jitter below initial * multiplier ^ n, at most max", function()
    local client <close> = client_of({ 503 },
      { retry = { initial = 2, multiplier = 10, max = 30 } })
    assert.is_nil((client.spaces:get "x"))
    for index, most in ipairs { 2, 20, 30, 30 } do
      assert.is_true(slept[index] >= 0 and slept[index] <= most)
    end
    assert.equal(4, #slept)
  end)

  it("wait as long as Retry-After says", function()
    local client <close> = client_of { { status = 429, headers = { ["Retry-After"] = "7" } }, 200 }
    assert(client.spaces:create())
    assert.same({ 7 }, slept)
    assert.equal(7, client:stats().seconds_waited)
  end)

  it("do not wait past the deadline: the last answer comes back at once", function()
    local client <close> = client_of({ { status = 429, headers = { ["Retry-After"] = "30" } } },
      { deadline = 20 })
    local _, err = client.spaces:get "x"
    assert.same({ "rate_limited", 30, 1, {} }, { err.kind, err.retry_after, err.attempts, slept })
  end)

  it("end where the clock has slept past the deadline", function()
    local client <close> = client_of({ 503 }):with { clock = { now = clock.now,
      sleep = function() now = now + 1000 end } }
    local _, err = client.spaces:get("x", { deadline = 20 })
    assert.same({ "server", 503, 1 }, { err.kind, err.status, err.attempts })
  end)

  it("take the deadline of the call before that of the client", function()
    local answer = { status = 503, headers = { ["Retry-After"] = "5" } }
    local client <close> = client_of({ answer }, { deadline = 600 })
    assert.equal(2, select(2, client.spaces:get("x", { deadline = 9 })).attempts)
  end)

  it("send the same body again", function()
    local client <close> = client_of { 429, "unsent", 200 }
    assert(client.spaces:create { config = { moderation = "ON" } })
    assert.equal('{"config":{"moderation":"ON"}}', sent[1].body)
    assert.same(sent[1], sent[3])
  end)
end)

describe("a transport that lost the answer", function()
  --- A client whose transport gives these results, and how often it is called.
  local function losing(...)
    local results, calls = table.pack(...), { n = 0 }
    return client_of(function()
      calls.n = calls.n + 1
      return table.unpack(results, 1, results.n)
    end), calls
  end

  it("has a write in doubt, which is not tried again", function()
    local client, calls = losing(nil, "connection reset", "sent")
    local _ <close> = client
    local space, err = client.spaces:create()
    assert.same({ nil, "transport", "connection reset", "transport", true, 1, 1 },
      { space, err.kind, err.message, err.origin, err.ambiguous, err.attempts, calls.n })
  end)

  it("because it took too long has a write in doubt as well", function()
    local client, calls = losing(nil, "timeout", "sent", "timeout")
    local _ <close> = client
    local _, err = client.spaces:create()
    assert.same({ "timeout", "timeout", true, 1 },
      { err.kind, err.message, err.ambiguous, calls.n })
  end)

  for kind, words in pairs { transport = { "sent" }, timeout = { "sent", "timeout" } } do
    it("has a read tried again: " .. kind, function()
      local client, calls = losing(nil, "lost", table.unpack(words))
      local _ <close> = client
      local _, err = client.spaces:get "x"
      assert.same({ kind, nil, 5, 5 }, { err.kind, err.ambiguous, err.attempts, calls.n })
    end)
  end

  for _, kind in ipairs { "timeout", "tls", "transport" } do
    it("before it sent anything may name a kind, and a write is tried again: " .. kind, function()
      local client, calls = losing(nil, "no socket", nil, kind)
      local _ <close> = client
      local _, err = client.spaces:create()
      assert.same({ kind, "no socket", nil, 5 }, { err.kind, err.message, err.ambiguous, calls.n })
    end)
  end

  it("needs no message", function()
    local client = losing(nil, nil, "sent")
    local _ <close> = client
    assert.equal("the transport lost the answer", select(2, client.spaces:create()).message)
  end)

  it("may give another error table for the message", function()
    local inner = { { status = 403, body = '{"error":{"message":"not you"}}' } }
    local other <close> = client_of(inner)
    local client <close> = other:with { transport = function()
      return nil, select(2, other.spaces:get "x"), "sent"
    end }
    local _, err = client.spaces:create()
    assert.same({ "transport", true }, { err.kind, err.ambiguous })
    assert.matches("permission %(403%): not you", err.message)
  end)

  it("may hand on an errno", function()
    local client, calls = losing(nil, "refused", 111)
    local _ <close> = client
    local _, err = client.spaces:create()
    assert.same({ "transport", nil, 5 }, { err.kind, err.ambiguous, calls.n })
  end)

  for _, row in ipairs {
    { 'the third result must be "sent" or nil', { nil, "lost", "Sent", n = 3 } },
    { 'the third result must be "sent" or nil', { nil, "lost", "timeout", n = 3 } },
    { 'the third result must be "sent" or nil', { nil, "lost", true, n = 3 } },
    { 'the fourth result must be "transport", "timeout", "tls" or nil',
      { nil, "lost", "sent", "rate_limited", n = 4 } },
  } do
    local said, results = table.unpack(row)
    it("cannot say so in other words: " .. tostring(results[4] or results[3]), function()
      local client = losing(table.unpack(results, 1, results.n))
      local _ <close> = client
      local raised = complaint(function() assert(client.spaces:create()) end)
      assert.matches("transport_spec%.lua:%d+: transport: ", raised)
      assert.truthy(raised:find(said, 1, true), raised)
    end)
  end
end)

describe("a transport's time", function()
  --- A client whose transport takes so many seconds of its clock.
  local function slow(seconds, options)
    return client_of(function(request, limit)
      sent[#sent + 1] = { request.method, limit }
      now = now + seconds
      return { status = 200, body = '{"name":"spaces/x"}' }
    end, options)
  end

  it("is its second argument: what the attempt has", function()
    local client <close> = slow(1, { timeout = 7 })
    assert(client.spaces:get "x")
    assert(client.spaces:get("x", { timeout = 5 }))
    assert(client.spaces:get("x", { deadline = 3 }))
    assert(client.members:create("x", { email = "a@example.com" }))
    assert.same({ { "GET", 7 }, { "GET", 5 }, { "GET", 3 }, { "POST", 7 } }, sent)
  end)

  it("is 60 seconds by default, and 80 for a new member", function()
    local client <close> = slow(1)
    assert(client.spaces:get "x")
    assert(client.members:create("x", { email = "a@example.com" }))
    assert.same({ { "GET", 60 }, { "POST", 80 } }, sent)
  end)

  it("may be used up, and no more: an answer that comes later is none", function()
    local whole <close> = slow(60)
    assert(whole.spaces:get "x")
    local client <close> = slow(60.5, { retry = false })
    local space, err = client.spaces:get "x"
    assert.same({ nil, "timeout", "the transport did not return in time", nil },
      { space, err.kind, err.message, err.ambiguous })
  end)

  it("leaves a write in doubt when it is over, which is not tried again", function()
    local client <close> = slow(61)
    local _, err = client.spaces:create()
    assert.same({ "timeout", true, 1, 1 }, { err.kind, err.ambiguous, err.attempts, #sent })
  end)

  it("has a read tried again when it is over", function()
    local client <close> = slow(61)
    local _, err = client.spaces:get "x"
    assert.same({ "timeout", nil, 5 }, { err.kind, err.ambiguous, #sent })
  end)

  it("ends with the deadline, of which the kind then is", function()
    local client <close> = slow(61, { deadline = 60 })
    local _, err = client.spaces:create()
    assert.same({ "deadline", true, 1 }, { err.kind, err.ambiguous, #sent })
  end)

  it("does not matter where nothing was sent", function()
    local client <close> = client_of(function()
      now = now + 61
      return nil, "no route to host"
    end)
    local _, err = client.spaces:create()
    assert.same({ "transport", "no route to host", nil }, { err.kind, err.message, err.ambiguous })
  end)

  it("does not matter where the transport says that it was sent and lost", function()
    local client <close> = client_of(function()
      now = now + 61
      return nil, "reset", "sent"
    end)
    local _, err = client.spaces:create()
    assert.same({ "transport", "reset", true }, { err.kind, err.message, err.ambiguous })
  end)
end)

describe("a transport", function()
  for title, row in pairs {
    ["a string"] = { "ok", "transport: a table or nil and a message expected, got string" },
    ["false"] = { false, "transport: a table or nil and a message expected, got boolean" },
    ["no status"] = { {}, "transport: 'status' must be 100 to 599" },
    ["a status in words"] = { { status = "OK" }, "transport: 'status' must be 100 to 599" },
    ["a status below 100"] = { { status = 99 }, "transport: 'status' must be 100 to 599" },
    ["a status above 599"] = { { status = 600 }, "transport: 'status' must be 100 to 599" },
    ["half a status"] = { { status = 200.5 }, "transport: 'status' must be 100 to 599" },
    ["a body that is a table"] = { { status = 200, body = {} },
      "transport: 'body' must be a string" },
    ["headers that are a string"] = { { status = 200, headers = "a: b" },
      "transport: 'headers' must be a table" },
  } do
    it("that returns " .. title .. " is misuse", function()
      local client <close> = client_of(function() return row[1] end)
      local said = complaint(function() assert(client.spaces:get "x") end)
      assert.truthy(said:find(row[2], 1, true), said)
    end)
  end

  it("has no header field cut at a NUL byte: it is malformed, and counts for nothing", function()
    local answer = { status = 429, headers = { ["Retry-After"] = "30\0" } }
    local client <close> = client_of { answer, 200 }
    assert(client.spaces:get "x")
    assert.is_true(slept[1] < 30, slept[1])
  end)

  it("may change its header fields while they are read as text", function()
    local headers = {}
    local text = setmetatable({}, { __tostring = function()
      for name in pairs(headers) do headers[name] = nil end
      for i = 1, 100 do headers["x-" .. i] = "y" end
      return "text"
    end })
    for i = 1, 4 do headers["h-" .. i] = text end
    local client <close> = client_of { { status = 200, headers = headers, body = "{}" } }
    assert.truthy(client.spaces:get "x")
  end)

  it("that gives nothing has sent nothing", function()
    local client <close> = client_of(function() end, { retry = false })
    assert.equal("the transport sent nothing", select(2, client.spaces:get "x").message)
  end)

  it("that raises ends the call with what it raised, and the client stays usable", function()
    local own = {}
    local client <close> = client_of(function()
      if not next(own) then
        own[1] = true
        error(own)
      end
      return { status = 200, body = '{"name":"spaces/x"}' }
    end)
    assert.equal(own, complaint(function() assert(client.spaces:get "x") end))
    assert.equal("spaces/x", client.spaces:get("x").name)
  end)

  it("may call its own client", function()
    local client, depth = nil, 0
    client = client_of(function()
      depth = depth + 1
      if depth < 5 then assert(client.spaces:get "y") end
      collectgarbage "step"
      return { status = 200, body = '{"name":"spaces/x"}' }
    end)
    assert.equal("spaces/x", client.spaces:get("x").name)
    assert.equal(5, client:stats().requests)
    client:close()
  end)

  for _, status in ipairs { 200, 503, 401 } do
    it("may close its client: the call is cancelled, whatever it answers: " .. status, function()
      local client
      client = client_of(function()
        client:close()
        return { status = status, body = '{"name":"spaces/x"}' }
      end)
      local space, err = client.spaces:get "x"
      assert.same({ nil, "cancelled" }, { space, err.kind })
    end)
  end

  it("may close the client in a metamethod of its answer", function()
    local client
    client = client_of(function()
      return { status = 503, headers = { a = setmetatable({}, { __tostring = function()
        client:close()
        return "b"
      end }) } }
    end)
    assert.equal("cancelled", select(2, client.spaces:get "x").kind)
  end)

  it("may yield to the host, and several calls take turns", function()
    local client <close> = client_of(function(request)
      coroutine.yield(request.url:match "[^/]+$")
      return { status = 200, body = '{"name":"spaces/' .. request.url:match "[^/]+$" .. '"}' }
    end)
    local function task(id)
      return coroutine.wrap(function() return assert(client.spaces:get(id)).name end)
    end
    local one, two = task "a", task "b"
    assert.same({ "a", "b" }, { one(), two() })
    assert.same({ "spaces/b", "spaces/a" }, { two(), one() })
  end)

  it("may yield between attempts, and so may the clock's sleep", function()
    local statuses = { 503, 200 }
    local client <close> = client_of(function()
      coroutine.yield "sending"
      return { status = table.remove(statuses, 1), body = '{"name":"spaces/x"}' }
    end):with { clock = { now = clock.now, sleep = function(seconds)
      clock.sleep(seconds)
      coroutine.yield "sleeping"
    end } }
    local task = coroutine.wrap(function() return assert(client.spaces:get "x").name end)
    assert.same({ "sending", "sleeping", "sending", "spaces/x" },
      { task(), task(), task(), task() })
  end)

  it("that never comes back is let go with its coroutine", function()
    local client <close> = client_of(function() coroutine.yield() end)
    for _ = 1, 20 do
      local task = coroutine.create(function() return (client.spaces:get "x") end)
      assert(coroutine.resume(task))
      if math.random() < 0.5 then assert(coroutine.close(task)) end
    end
    collectgarbage()
    collectgarbage()
    local other <close> = client:with { transport = function()
      return { status = 200, body = "{}" }
    end }
    assert(other.spaces:get "x")
  end)

  it("has a sibling's call go on when a client is closed", function()
    local client <close> = client_of(function()
      coroutine.yield()
      return { status = 200, body = '{"name":"spaces/x"}' }
    end)
    local sibling = client:with { timeout = 5 }
    local task = coroutine.wrap(function() return assert(client.spaces:get "x").name end)
    task()
    sibling:close()
    assert.equal("spaces/x", task())
  end)

  it("sees a call as cancelled whose client is closed while it waits", function()
    local client = client_of(function() coroutine.yield() return { status = 200, body = "{}" } end)
    local task = coroutine.wrap(function() return client.spaces:get "x" end)
    task()
    client:close()
    local space, err = task()
    assert.same({ nil, "cancelled" }, { space, err.kind })
  end)
end)

describe("a clock", function()
  it("that gives no number is misuse", function()
    local client <close> = client_of { 200 }
    local broken <close> = client:with { clock = { now = function() end, sleep = clock.sleep } }
    assert.truthy(complaint(function() assert(broken.spaces:get "x") end)
      :find("clock.now returned no number", 1, true))
  end)

  it("may close the client", function()
    local client
    client = client_of({ 200 }):with { clock = { sleep = clock.sleep, now = function()
      client:close()
      return 1
    end } }
    assert.truthy(complaint(function() assert(client.spaces:get "x") end)
      :find("the client is closed", 1, true))
  end)
end)

describe("on_event", function()
  it("hears of attempts, answers and retries in order", function()
    local busy = { status = 429, headers = { ["retry-after"] = 2 } }
    local client <close> = client_of { 503, busy, 200 }
    assert(client.spaces:get("x", { fields = "name" }))
    local heard = {}
    for index, event in ipairs(events) do
      heard[index] = ("%s %d %s"):format(event.type, event.attempt, event.status)
      assert.same({ "GET", "/google-meet/v2/spaces/x" }, { event.method, event.path })
    end
    assert.same({ "attempt 1 nil", "response 1 503", "retry 1 503", "attempt 2 nil",
      "response 2 429", "retry 2 429", "attempt 3 nil", "response 3 200" }, heard)
    assert.equal(2, events[6].seconds)
  end)

  it("hears the kind of a failure", function()
    local client <close> = client_of({ "unsent" }, { retry = false })
    assert.is_nil((client.spaces:get "x"))
    assert.same({ "response", "transport" }, { events[2].type, events[2].kind })
  end)

  it("hears no secret", function()
    local client <close> = client_of({ { status = 403, body = KEY,
      headers = { ["X-Echo"] = KEY } } }, { connection = "private-connection" })
    assert.is_nil((client:request("POST", "/google-meet/v2/x",
      { query = { key = "hush" }, body = "hush" })))
    assert.is_true(#events > 0)
    for _, event in ipairs(events) do
      for _, value in pairs(event) do
        for _, secret in ipairs { KEY, "private-connection", "hush" } do
          assert.falsy(tostring(value):find(secret, 1, true))
        end
      end
    end
  end)

  it("that raises ends the call, and the client stays usable", function()
    local failing = true
    local client <close> = client_of({ 200 }, { on_event = function()
      if failing then error("no more", 0) end
    end })
    assert.equal("no more", complaint(function() assert(client.spaces:get "x") end))
    failing = false
    assert(client.spaces:get "x")
  end)

  it("may call the client", function()
    local client, calls = nil, 0
    client = client_of({ 200 }, { on_event = function()
      calls = calls + 1
      if calls == 1 then assert(client.spaces:get "y") end
    end })
    assert(client.spaces:get "x")
    assert.same({ 4, 2 }, { calls, #sent })
    client:close()
  end)

  it("may close the client", function()
    local client
    client = client_of({ 503 }, { on_event = function() client:close() end })
    assert.equal("cancelled", select(2, client.spaces:get "x").kind)
  end)
end)

describe("the machine's clock", function()
  local function failing_once()
    local statuses = { 503, 200 }
    return assert(meet.new { api_key = KEY, retry = { initial = 0.05, max = 0.05 },
      transport = function()
        return { status = table.remove(statuses, 1), body = '{"name":"spaces/x"}' }
      end })
  end

  it("goes on between a transport's attempts", function()
    local client <close> = failing_once()
    assert.equal("spaces/x", assert(client.spaces:get "x").name)
    assert(client:stats().seconds_waited <= 0.05)
  end)

  it("goes on in a task, and others have their turn meanwhile", function()
    local client <close> = failing_once()
    local turns = 0
    local results = assert(client:gather {
      function() return client.spaces:get "x" end,
      function()
        for _ = 1, 3 do
          turns = turns + 1
          coroutine.yield()
        end
      end,
    })
    assert.same({ "spaces/x", 3 }, { results[1].name, turns })
  end)
end)

describe("an attempt handed to a transport", function()
  --- Make three calls, two of which fit into a second; how long the third one waited.
  local function third(transport, call)
    local client <close> = client_of(transport,
      { rate = { per_second = 2 }, retry = false, on_event = function() end })
    for _ = 1, 3 do pcall(call, client) end
    return slept
  end

  local function get(client) return client.spaces:get "x" end

  local ways = {
    ["that raises"] = { function() error "no" end, get },
    ["that sends nothing"] = { function() return nil, "no route to host" end, get },
    ["that is cancelled"] = { function() coroutine.yield() end, function(client)
      coroutine.close(coroutine.create(get))
      local thread = coroutine.create(get)
      coroutine.resume(thread, client)
      coroutine.close(thread)
    end },
  }
  for what, way in pairs(ways) do
    it(what .. " keeps its place", function()
      local waits = third(way[1], way[2])
      assert.same({ 1 }, { #waits })
      assert.is_true(waits[1] >= 1)
    end)
  end
end)

describe("advice of a server", function()
  --- How long the client waits after this header field.
  local function wait_for(advice)
    sent, slept = {}, {}
    local client <close> = client_of({
      { status = 429, headers = { ["Retry-After"] = advice } }, 200,
    }, { retry = { initial = 8, max = 8 }, deadline = 86400 })
    assert(client.spaces:get "x")
    return slept[1]
  end

  it("to wait for no time at all is answered by a backoff", function()
    local waits = 0
    for _, advice in ipairs { "0", "Sun, 06 Nov 1994 08:49:37 GMT", "0" } do
      waits = waits + wait_for(advice)
    end
    assert.is_true(waits > 0.001)
  end)

  it("to wait for more than an hour means an hour", function()
    assert.equal(3600, wait_for "999999999")
    assert.equal(3600, wait_for "99999999999999999999")
    assert.equal(3600, wait_for "Fri, 31 Dec 9999 23:59:59 GMT")
  end)
end)

describe("a clock that never moves", function()
  it("is taken to have slept when sleep returns", function()
    local still = { now = function() return 0 end, sleep = function() end }
    local client <close> = assert(meet.new {
      api_key = KEY, clock = still, transport = function() return { status = 503 } end,
    })
    assert.equal(5, select(2, client.spaces:get "x").attempts)
  end)
end)
