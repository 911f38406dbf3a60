--- What a client asks of a limiter that a script has made, and what it does with the answers.

local core = require "googlemeet.core"
local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"
local served = require "spec.support.served"
local server = require "spec.support.server"

local calls, answers, clock, events, sent, keys

--- A limiter that answers as scripted, else with a new id; `calls` has what it was asked.
local function scripted()
  local limiter, given = {}, 0
  function limiter.reserve(windows, lease)
    calls[#calls + 1] = { "reserve", windows, lease }
    local answer = table.remove(answers, 1)
    if type(answer) == "function" then return answer() end
    if answer then return table.unpack(answer, 1, 3) end
    given = given + 1
    return "place-" .. given
  end
  for _, name in ipairs { "commit", "release", "pause" } do
    limiter[name] = function(...) calls[#calls + 1] = { name, ... } end
  end
  return limiter
end

--- The names of the calls so far.
local function names()
  local list = {}
  for index, call in ipairs(calls) do list[index] = call[1] end
  return table.concat(list, " ")
end

local function client_of(statuses, options)
  options = options or {}
  keys = keys + 1
  options.api_key, options.clock = "key-of-permits-" .. keys, clock
  options.on_event = function(event) events[#events + 1] = event end
  options.rate = options.rate or { limiter = scripted() }
  options.transport = options.transport or function()
    sent[#sent + 1] = clock.now()
    local status = table.remove(statuses, 1) or 200
    if status == "unsent" then return nil, "no route" end
    if status == "lost" then return nil, "lost", "sent" end
    if type(status) == "table" then return status end
    return { status = status, body = '{"name":"spaces/x"}' }
  end
  return assert(meet.new(options))
end

keys = 0
before_each(function() calls, answers, events, sent, clock = {}, {}, {}, {}, made_up_clock() end)

describe("a limiter", function()
  it("is asked for the second and the quota's minute, with a lease of two seconds", function()
    local client <close> = client_of {}
    assert(client.spaces:get "x")
    assert.same({ "reserve", {
      { name = "second", limit = 10, span = 1.015 },
      { name = "reads", limit = 600, span = 60.015 },
    }, 2.0 }, calls[1])
    assert.same({ "commit", "place-1", 0.0 }, calls[2])
    assert.equal(2, #calls)
  end)

  it("has windows for writes and creates, with the limits of the client", function()
    local rate = { limiter = scripted(), per_second = 3, writes_per_minute = 20 }
    local client <close> = client_of({}, { rate = rate })
    assert(client.spaces:patch("x", { config = { accessType = "OPEN" } }))
    assert(client.spaces:create())
    assert.same({ { name = "second", limit = 3, span = 1.015 },
      { name = "writes", limit = 20, span = 60.015 } }, calls[1][2])
    assert.same({ name = "creates", limit = 10, span = 60.015 }, calls[3][2][2])
  end)

  it("is asked for the second alone where Google counts nothing", function()
    local client <close> = client_of { { status = 200, body = '{"connections":[]}' } }
    assert(client.connections:list():all())
    assert.equal(1, #calls[1][2])
  end)

  it("has its place back when nothing was sent, and is asked anew for each attempt", function()
    local client <close> = client_of { "unsent", "lost", 503 }
    assert(client.spaces:get "x")
    assert.equal("reserve release reserve commit reserve commit reserve commit", names())
    assert.same({ "release", "place-1" }, calls[2])
    assert.same({ "commit", "place-4", 0.0 }, calls[8])
  end)

  it("that has no place is asked again after the time it says", function()
    answers = { { nil, 0.5 }, { nil, 0.25 } }
    local client <close> = client_of {}
    local began = clock.now()
    assert(client.spaces:get "x")
    assert.is_near(0.75, sent[1] - began, 1e-6)
    assert.equal("reserve reserve reserve commit", names())
  end)

  it("that has no place before the deadline ends the call at once", function()
    answers = { { nil, 5 } }
    local client <close> = client_of {}
    local began = clock.now()
    local space, err = client.spaces:get("x", { deadline = 3 })
    assert.is_nil(space)
    assert.equal("deadline", err.kind)
    assert.is_near(5, err.retry_after, 1e-6)
    assert.equal(began, clock.now())
    assert.equal(0, #sent)
  end)

  it("shows in events and statistics, apart from the waits for the own pace", function()
    answers = { { nil, 0.5 } }
    local client <close> = client_of {}
    assert(client.spaces:get "x")
    assert.same({ "wait", true, 0.5 }, { events[1].type, events[1].limiter, events[1].seconds })
    local stats = client:stats()
    assert.same({ 1, 0.5, 0, 0.0 }, { stats.limiter_waits, stats.seconds_waited_for_limiter,
      stats.waits, stats.seconds_waited })
  end)

  it("that cannot be asked is asked again until the deadline, whose error is its own", function()
    for index = 1, 100 do answers[index] = { nil, nil, "connection refused" } end
    local client <close> = client_of {}
    local space, err = client.spaces:get("x", { deadline = 2 })
    assert.is_nil(space)
    assert.equal("transport", err.kind)
    assert.matches("connection refused", err.message)
    assert.equal(0, #sent)
    assert.is_true(#calls >= 8 and #calls <= 10, #calls .. " calls")
  end)

  it("that can be asked again in time lets the call go on", function()
    answers = { { nil, nil, { kind = "transport", message = "away" } } }
    local client <close> = client_of {}
    assert(client.spaces:get "x")
    assert.equal(1, #sent)
  end)

  it("ends the call with an error of kind config, with its hint", function()
    answers = { { nil, nil, { kind = "config", message = "a wrong name", hint = "use another" } } }
    local client <close> = client_of {}
    local space, err = client.spaces:get "x"
    assert.is_nil(space)
    assert.same({ "config", "use another" }, { err.kind, err.hint })
    assert.matches("a wrong name", err.message)
    assert.equal(0, #sent)
  end)

  it("may return no rubbish: nothing is sent", function()
    for _, rubbish in ipairs { {}, { false }, { nil, "soon" }, { nil, {}, "x" } } do
      answers = { rubbish }
      local client <close> = client_of {}
      assert.error_matches(function() client.spaces:get "x" end, "reserve must return an id")
    end
    assert.equal(0, #sent)
  end)

  it("may raise: nothing is sent, and the client stays good", function()
    answers = { function() error("out of order", 0) end }
    local client <close> = client_of {}
    assert.error_matches(function() client.spaces:get "x" end, "out of order")
    assert.equal(0, #sent)
    assert(client.spaces:get "x")
  end)

  it("may close the client", function()
    local client <close> = client_of {}
    answers = { function() client:close() return "place" end }
    local space, err = client.spaces:get "x"
    assert.is_nil(space)
    assert.equal("cancelled", err.kind)
    assert.equal(0, #sent)
    assert.equal("reserve release", names())
  end)

  it("gets a report of a 429: the gateway's pauses the second, Google's the quota", function()
    local google = { status = 429, headers = { ["Retry-After"] = 7 },
      body = '{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"quota"}}' }
    local gateway = { status = 429, headers = { ["Retry-After"] = 3 }, body = '{"message":"no"}' }
    local client <close> = client_of { gateway, google }
    assert(client.spaces:get "x")
    assert.equal("reserve commit pause reserve commit pause reserve commit", names())
    assert.same({ { "pause", "second", 3.0 }, { "pause", "reads", 7.0 } }, { calls[3], calls[6] })
  end)

  it("is not asked for a place before the own pace has one", function()
    local client <close> = client_of({}, { rate = { limiter = scripted(), per_second = 1 } })
    assert(client.spaces:get "x")
    local began = clock.now()
    assert(client.spaces:get "x")
    assert.is_true(clock.now() - began > 1)
    assert.equal("reserve commit reserve commit", names())
  end)

  it("is a sibling's, too, until that has another or none", function()
    local client <close> = client_of {}
    local sibling <close> = client:with { timeout = 5, rate = { per_second = 2 } }
    assert(sibling.spaces:get "x")
    assert.equal(2, #calls)
    for _, rate in ipairs { { limiter = false }, false } do
      local free <close> = sibling:with { rate = rate }
      assert(free.spaces:get "x")
    end
    assert.equal(2, #calls)
  end)

  it("in tasks may yield, and is asked by each", function()
    local client <close> = client_of {}
    for index = 1, 3 do
      answers[index] = function()
        coroutine.yield()
        return "yielded-" .. index
      end
    end
    local function get() return client.spaces:get("x").name end
    local results = assert(client:gather { get, get, get })
    assert.same({ "spaces/x", "spaces/x", "spaces/x", n = 3 }, results)
    assert.equal(3, select(2, names():gsub("commit", "")))
  end)

  it("outside of tasks yields to the host", function()
    local client <close> = client_of {}
    answers = { function() return coroutine.yield "to the host" end }
    local thread = coroutine.create(function() return client.spaces:get("x").name end)
    assert.same({ true, "to the host" }, { coroutine.resume(thread) })
    assert.same({ true, "spaces/x" }, { coroutine.resume(thread, "a place") })
    assert.same({ "commit", "a place", 0.0 }, calls[2])
  end)

  it("that yields for ever in a task ends with the call's deadline", function()
    answers = { function() while true do coroutine.yield() end end }
    local client <close> = assert(meet.new { api_key = "key-of-permits",
      rate = { limiter = scripted() }, transport = function() error "asked" end })
    local began = core.now()
    local results, errors = client:gather({ function()
      return client.spaces:get("x", { deadline = 0.2 })
    end, function() return "the other" end }, { collect = true })
    assert.is_true(core.now() - began < 2)
    assert.equal("deadline", errors[1].kind)
    assert.equal("the other", results[2])
  end)

  it("that yields for ever does so, too, for a client with a custom clock", function()
    local asked = 0
    local limiter = scripted()
    function limiter.reserve()
      asked = asked + 1
      while asked < 20 do coroutine.yield() end
      return nil, 600
    end
    local client <close> = client_of({}, { rate = { limiter = limiter } })
    local _, errors = client:gather({ function()
      return client.spaces:get("x", { deadline = 0.1 })
    end }, { collect = true })
    assert.equal("deadline", errors[1].kind)
    assert.equal(1, asked)
  end)

  it("whose report yields for ever in a task keeps no answer back for longer than the deadline",
  function()
    local limiter = scripted()
    function limiter.commit() while true do coroutine.yield() end end
    local client <close> = assert(meet.new { api_key = "key-of-permits",
      rate = { limiter = limiter },
      transport = function() return { status = 200, body = '{"name":"spaces/x"}' } end })
    local began = core.now()
    local results = assert(client:gather { function()
      return client.spaces:get("x", { deadline = 0.3 }).name
    end })
    assert.is_true(core.now() - began < 2)
    assert.equal("spaces/x", results[1])
  end)

  it("whose report raises in a task ends the call with that", function()
    local limiter = scripted()
    function limiter.commit() error("out of order", 0) end
    local client <close> = client_of({}, { rate = { limiter = limiter } })
    assert.error_matches(function()
      client:gather { function() return client.spaces:get "x" end }
    end, "out of order")
  end)

  it("waits for no pause of one that was collected", function()
    local function ask(wait)
      if wait then answers = { { nil, wait } } end
      local client <close> = assert(meet.new { api_key = "k", rate = { limiter = scripted() },
        transport = function() return { status = 200, body = '{"name":"spaces/x"}' } end })
      return client.spaces:get("x", { deadline = 5 })
    end
    for _ = 1, 10 do -- addresses are used again
      assert.is_nil(ask(600))
      collectgarbage()
      assert(ask())
    end
  end)

  it("costs a client without one no reading of the clock", function()
    local looks, now = 0, clock.now
    function clock.now()
      looks = looks + 1
      return now()
    end
    local client <close> = client_of({}, { rate = {} })
    assert(client.spaces:get "x")
    looks = 0
    assert(client.spaces:get "x")
    assert.equal(3, looks - 1) -- one is the transport's of this spec
  end)

  it("has to be one", function()
    for _, limiter in ipairs { {}, { reserve = print, commit = print, release = print } } do
      assert.error_matches(function() meet.new { api_key = "k", rate = { limiter = limiter } } end,
        "meet.limiter.file%(%), meet.limiter.redis.*it has no ")
    end
    assert.error_matches(function() meet.new { api_key = "k", rate = { limiter = "file" } } end,
      "table or false expected")
  end)
end)

describe("over a socket, a limiter", function()
  local stub

  setup(function() stub = server.start {} end)
  teardown(function() stub:close() end)
  before_each(function() clock = nil end)

  local function real_client(limiter)
    keys = keys + 1
    return assert(meet.new { api_key = "key-of-permits-" .. keys, base_url = stub.url,
      rate = { limiter = limiter or scripted() } })
  end

  it("gets the report that a request has left while the answer is waited for", function()
    stub:script { { body = '{"name":"spaces/a"}', delay = 1 } }
    local limiter, reported = scripted(), nil
    local commit = limiter.commit
    function limiter.commit(...)
      reported = core.now()
      commit(...)
    end
    local client <close> = real_client(limiter)
    assert(client.spaces:get "a")
    assert.is_true(core.now() - reported > 0.25)
    assert.equal("reserve commit", names())
    assert.is_true(calls[2][3] > 0 and calls[2][3] < 0.7, "the way: " .. calls[2][3])
  end)

  it("knows the way from the socket that is used again", function()
    stub:script { { body = '{"name":"spaces/a"}' }, { body = '{"name":"spaces/a"}' } }
    local client <close> = real_client()
    assert(client.spaces:get "a")
    assert(client.spaces:get "a")
    local requests = stub:requests()
    assert.equal(requests[1].socket, requests[2].socket)
    assert.equal(calls[2][3], calls[4][3])
  end)

  it("knows the way of all that leave together on one socket of HTTP/2", function()
    local gateway = served.start { tls = true, arguments = "--key test-key" }
    local client <close> = assert(meet.new { api_key = "test-key", base_url = gateway.url,
      ca_file = gateway.cert, rate = { limiter = scripted() } })
    local function ask() return client.conference_records:list():all() end
    assert(client:gather { ask, ask, ask })
    assert.equal(1, client:stats().sockets_opened)
    gateway:close()
    local delays = {}
    for _, call in ipairs(calls) do
      if call[1] == "commit" then delays[#delays + 1] = call[3] end
    end
    assert.is_true(delays[1] > 0)
    assert.same({ delays[1], delays[1], delays[1] }, delays)
  end)

  it("is asked again when its place came too late to be used", function()
    stub:script { { body = '{"name":"spaces/a"}' } }
    answers = { function()
      local until_then = core.now() + 2.05
      while core.now() < until_then do end -- a command that takes longer than the lease
      return "old"
    end }
    local client <close> = real_client()
    assert(client.spaces:get "a")
    assert.same({ "release", "old" }, calls[2])
    assert.equal("reserve release reserve commit", names())
    assert.same({ 2.0, 4.0 }, { calls[1][3], calls[3][3] }) -- or it never comes in time
    assert.equal(1, client:stats().attempts)
  end)

  it("lets a blocking call run tasks, as long as a client has one", function()
    stub:script { { body = '{"name":"spaces/a"}' }, { body = '{"name":"spaces/a"}' } }
    local plain <close> = assert(meet.new { api_key = "k", base_url = stub.url })
    local asking, turns = real_client(), 0
    local task = plain:submit(function()
      while turns < 1000 do
        turns = turns + 1
        coroutine.yield()
      end
    end)
    assert(plain.spaces:get "a")
    assert.is_true(turns > 0)
    asking:close()
    local before = turns
    assert(plain.spaces:get "a")
    assert.equal(before, turns)
    task:cancel()
  end)

  it("has its place back when no connection can be made", function()
    local client <close> = assert(meet.new { api_key = "k", base_url = "http://127.0.0.1:1",
      rate = { limiter = scripted() }, retry = false })
    local space = client.spaces:get "a"
    assert.is_nil(space)
    assert.equal("reserve release", names())
  end)

  it("gets the report of an attempt that has ended before it is asked for the next one", function()
    local busy = server.start {}
    stub:script { { status = 429, headers = { ["Retry-After"] = "1" }, body = "{}" },
      { body = '{"name":"spaces/a"}' } }
    busy:script { { body = '{"name":"spaces/b"}', delay = 1.5 } }
    local client <close> = real_client()
    local blocking <close> = assert(meet.new { api_key = "k", base_url = busy.url })
    local task = client:submit(function() return client.spaces:get("a").name end)
    client:step(0.01)
    client:step(0) -- the first attempt is under way
    assert(blocking.spaces:get "b") -- no task runs, and the second one's turn comes
    assert.equal("spaces/a", task:result())
    busy:close()
    assert.equal("reserve commit pause reserve commit", names())
  end)

  --- Block in a call of a sibling with other options while tasks have the own pace's places.
  local function block_beside_tasks(options)
    local answers_of_all = {}
    for index = 1, 4 do answers_of_all[index] = { body = '{"name":"spaces/a"}' } end
    stub:script(answers_of_all)
    keys = keys + 1
    local client <close> = assert(meet.new { api_key = "key-of-permits-" .. keys,
      base_url = stub.url, rate = { limiter = scripted(), per_second = 2 } })
    local sibling <close> = client:with(options)
    local tasks = {}
    for index = 1, 3 do
      tasks[index] = client:submit(function() return client.spaces:get("a").name end)
    end
    client:step(0) -- two of them have the places of this second, and are to ask
    assert(sibling.spaces:get("a", { deadline = 3 }))
    for _, task in ipairs(tasks) do assert.equal("spaces/a", task:result()) end
  end

  it("is asked in tasks while another call blocks, which waits for their places", function()
    block_beside_tasks {}
  end)

  it("is asked so, too, while a call without a limiter blocks, over a transport or not", function()
    local function transport() return { status = 200, body = '{"name":"spaces/a"}' } end
    block_beside_tasks { rate = { limiter = false, per_second = 2 } }
    block_beside_tasks { rate = { limiter = false, per_second = 2 }, transport = transport }
  end)

  it("keeps lists from prefetching", function()
    stub:script {
      { body = '{"conferenceRecords":[{"name":"a"},{"name":"b"}],"nextPageToken":"t"}' },
      { body = '{"conferenceRecords":[{"name":"c"}]}' } }
    local client <close> = real_client()
    local taken = 0
    for _ in client.conference_records:list() do
      taken = taken + 1
      if taken == 2 then assert.equal(2, #calls) end
    end
    assert.equal(3, taken)
    assert.equal("reserve commit reserve commit", names())
  end)
end)
