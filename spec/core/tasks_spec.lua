--- Many calls at once: gather, map, submit, step, poll_set.
-- The transport of most specs gives way as many turns as the space's id says, so that order is a
-- matter of turns, not of time; what blocks, or travels, has a scripted server.

local meet = require "googlemeet"
local Server = require "spec.support.server"
local made_up_clock = require "spec.support.clock"

local SPACE = '{"name":"spaces/abc"}'

local started, ended, client

--- Answers `{"name":"spaces/ID"}` after as many turns as the id has for a number; "bad…" gets 403.
local function transport(request)
  local id = request.url:match "([^/]*)$"
  started[#started + 1] = id
  for _ = 1, tonumber(id:match "%d+" or "0") do coroutine.yield() end
  ended[#ended + 1] = id
  if id:find "^bad" then return { status = 403, body = "" } end
  return { status = 200, body = ('{"name":"spaces/%s"}'):format(id) }
end

local function client_of(options)
  if client then client:close() end -- sockets close with the last client
  options = options or {}
  options.api_key, options.clock = options.api_key or "test-key", made_up_clock()
  options.transport = options.transport or transport
  options.rate, options.retry = false, false
  return assert(meet.new(options))
end

before_each(function()
  started, ended = {}, {}
  client = client_of()
end)

after_each(function() client:close() end)

--- Raise the error table itself, which the assert of the specs wraps.
local function must(value, err)
  if value == nil then error(err, 0) end
  return value
end

--- A function that gets one space and gives its name, or nil and the error.
local function getting(id)
  return function()
    local space, err = client.spaces:get(id)
    return space and space.name, err
  end
end

local function is_cancelled(err)
  return type(err) == "table" and err.kind == "cancelled"
end

describe("gather", function()
  it("gives the results in order, whatever ends first", function()
    local results, err = client:gather { getting "a5", getting "b1", getting "c3" }
    assert.same({ "spaces/a5", "spaces/b1", "spaces/c3", n = 3 }, results)
    assert.is_nil(err)
    assert.same({ "a5", "b1", "c3" }, started)
    assert.same({ "b1", "c3", "a5" }, ended)
  end)

  it("keeps the place of a function that gives nothing, nil or false", function()
    local results = client:gather { function() end, function() return nil end,
      function() return false end, function() return 4, "ignored" end }
    assert.same({ nil, nil, false, 4, n = 4 }, results)
  end)

  it("of no function gives an empty array", function()
    assert.same({ n = 0 }, client:gather {})
  end)

  it("comes back as soon as the last one has ended", function()
    local before = require "cqueues".monotime()
    for _ = 1, 20 do assert(client:gather { function() return 1 end }) end
    assert.is_true(require "cqueues".monotime() - before < 1) -- 20 idle slices would be 2 s
  end)

  it("gives the first failure, and cancels the rest", function()
    local results, err = client:gather { getting "a9", getting "bad1", getting "b9" }
    assert.is_nil(results)
    assert.same({ "permission", 403 }, { err.kind, err.status })
    assert.same({ "bad1" }, ended)
  end)

  it("after a failure also gives what the others have come to", function()
    local results, err, partial, errors = client:gather {
      getting "a0", getting "bad2",
      function() return client.spaces:patch("b9", { config = {} }) end,
      getting "c9",
    }
    assert.is_nil(results)
    assert.same({ "spaces/a0", n = 4 }, partial)
    assert.equal(err, errors[2])
    assert.same({ "cancelled", true }, { errors[3].kind, errors[3].ambiguous })
    assert.same({ "cancelled", nil }, { errors[4].kind, errors[4].ambiguous })
    assert.is_nil(errors[1])
  end)

  it("tells of what a gather within it has given up, before that could say so itself", function()
    local function inner()
      return client:gather { getting "bad2", function()
        return client.spaces:patch("b9", { config = {} })
      end }
    end
    for _, functions in ipairs { { inner, getting "bad2" }, { inner, getting "bad3" } } do
      local _, _, _, errors = client:gather(functions)
      assert.same({ "cancelled", true }, { errors[1].kind, errors[1].ambiguous })
      assert.equal("permission", errors[2].kind)
    end
  end)

  it("forgets what a gather within it has told itself", function()
    local _, _, _, errors = client:gather { function()
      client:gather { getting "bad1", function()
        return client.spaces:patch("b9", { config = {} })
      end }
      return client.spaces:get "c9"
    end, getting "bad6" }
    assert.same({ "cancelled", nil }, { errors[1].kind, errors[1].ambiguous })
  end)

  it("raises a bug that shows while a function is closed", function()
    local function sour()
      local _ <close> = setmetatable({}, { __close = function() error("sour", 0) end })
      return client.spaces:get "a9"
    end
    assert.same({ false, "sour" }, { pcall(client.gather, client, { getting "bad1", sour }) })
  end)

  it("takes a call that fails while a function is closed for a part of its end", function()
    local _, _, _, errors = client:gather { getting "bad1", function()
      local _ <close> = setmetatable({}, { __close = function()
        must(client.spaces:get "bad")
      end })
      return client.spaces:patch("b9", { config = {} })
    end }
    assert.same({ "cancelled", true }, { errors[2].kind, errors[2].ambiguous })
  end)

  it("closes what a cancelled function holds, one that has not begun is never called", function()
    local closed, called = 0, false
    local hold = setmetatable({}, { __close = function() closed = closed + 1 end })
    local _, err = client:gather {
      function()
        local _ <close> = hold
        return client.spaces:get "a9"
      end,
      function() return nil, "enough" end,
      function() called = true end,
    }
    assert.same({ "enough", 1, false }, { err, closed, called })
  end)

  it("takes a raised error table for a failure", function()
    local _, err = client:gather { function() must(client.spaces:get "bad") end, getting "a9" }
    assert.equal("permission", err.kind)
    assert.same({ "bad" }, ended)
  end)

  it("raises any other error again, as it was, nil too", function()
    for _, bug in ipairs { "a bug", { "a table" }, 7 } do
      local raised, err = pcall(client.gather, client,
        { getting "a9", function() error(bug, 0) end })
      assert.same({ false, bug }, { raised, err })
    end
    assert.same({ false, n = 2 }, table.pack(pcall(client.gather, client,
      { function() error() end, getting "a9" })))
    assert.same({}, ended)
  end)

  it("closes what a function holds that raised", function()
    local seen
    pcall(client.gather, client, { function()
      local _ <close> = setmetatable({}, { __close = function(_, err) seen = err end })
      error("a bug", 0)
    end })
    assert.equal("a bug", seen)
  end)

  it("with collect runs all to their ends, and gives the failures by index", function()
    local results, errors = client:gather({ getting "a2", getting "bad1",
      function() must(client.spaces:get "bad") end, getting "b1" }, { collect = true })
    assert.same({ "spaces/a2", nil, nil, "spaces/b1", n = 4 }, results)
    assert.same({ nil, "permission", "permission", nil },
      { errors[1], errors[2].kind, errors[3].kind, errors[4] })
  end)

  it("with collect still raises what is no failure but a bug", function()
    local raised, err = pcall(client.gather, client,
      { getting "a9", function() error("a bug", 0) end }, { collect = true })
    assert.same({ false, "a bug" }, { raised, err })
  end)

  it("takes callable objects, and refuses all else where it was called", function()
    local object = setmetatable({}, { __call = function() return "called" end })
    assert.same({ "called", n = 1 }, client:gather { object })
    for _, row in ipairs {
      { { { 1 } }, "gather: a function expected, got number" },
      { { { getting "a", nil, getting "b" } }, "gather: a function expected, got nil" },
      { {}, "gather: an array of functions expected, got nil" },
      { { {}, { colect = true } }, "unknown option 'colect'; did you mean 'collect'?" },
    } do
      local _, message = pcall(function()
        client:gather(table.unpack(row[1], 1, 2))
        return nil
      end)
      assert.matches("^spec/core/tasks_spec%.lua:%d+: ", message)
      assert.is_truthy(message:find(row[2], 1, true), message)
    end
    assert.same({}, started)
  end)

  it("nests: the inner ones give way to all", function()
    local results = assert(client:gather {
      function() return table.concat(assert(client:gather { getting "a3", getting "b1" }), " ") end,
      getting "c2",
    })
    assert.same({ "spaces/a3 spaces/b1", "spaces/c2", n = 2 }, results)
    assert.same({ "c2", "a3", "b1" }, started)
    assert.same({ "b1", "c2", "a3" }, ended)
  end)

  it("that is cancelled cancels the gathers inside", function()
    local _, err = client:gather {
      function()
        return client:gather { getting "a9", function() return client:gather { getting "b9" } end }
      end,
      getting "bad4",
    }
    assert.equal("permission", err.kind)
    assert.same({ "bad4" }, ended)
    assert.is_false(client:step(0))
  end)

  it("in a generator inside a task blocks, and runs the other tasks meanwhile", function()
    local results = assert(client:gather {
      function()
        local each = coroutine.wrap(function()
          for _, name in ipairs(assert(client:gather { getting "a2", getting "b4" })) do
            coroutine.yield(name)
          end
        end)
        return each() .. " " .. each()
      end,
      getting "c1", getting "d9",
    })
    assert.same({ "spaces/a2 spaces/b4", "spaces/c1", "spaces/d9", n = 3 }, results)
    assert.same({ "c1", "a2", "b4", "d9" }, ended)
  end)

  it("inside a callback of table.sort does so too", function()
    local results = assert(client:gather { function()
      local ids = { "c1", "a1", "b1" }
      table.sort(ids, function(left, right)
        local spaces = assert(client:gather { getting(left), getting(right) })
        return spaces[1] < spaces[2]
      end)
      return table.concat(ids, " ")
    end, getting "d1" })
    assert.same({ "a1 b1 c1", "spaces/d1", n = 2 }, results)
  end)

  it("blocks in a coroutine of one's own", function()
    local own = coroutine.create(function() return assert(client:gather { getting "a3" })[1] end)
    assert.same({ true, "spaces/a3" }, { coroutine.resume(own) })
    assert.equal("dead", coroutine.status(own))
  end)

  it("goes on while the rubbish is collected", function()
    local functions = {}
    for i = 1, 50 do
      functions[i] = function()
        collectgarbage()
        local name = getting("a" .. i % 5)()
        collectgarbage()
        return name
      end
    end
    local results = assert(client:gather(functions))
    assert.equal("spaces/a0 50", results[50] .. " " .. results.n)
  end)

  it("runs more functions than there are sockets or C levels", function()
    local functions = {}
    for i = 1, 1000 do functions[i] = getting "a1" end
    assert.equal("spaces/a1", assert(client:gather(functions))[1000])
  end)

  it("lets a transport and an api_key function yield bare", function()
    local turns = 0
    client = client_of { api_key = function()
      for _ = 1, 3 do
        coroutine.yield "not for the scheduler"
        turns = turns + 1
      end
      return "test-key"
    end }
    assert(client:gather { getting "a2", getting "b1" })
    assert.same({ 6, { "b1", "a2" } }, { turns, ended })
  end)

  it("lets a clock's sleep yield, which moves no other task's time", function()
    local now, departures = 0, {}
    local clock = { now = function() return now end, sleep = function(seconds)
      local until_then = now + seconds
      repeat
        coroutine.yield()
        now = now + 0.001 -- a host's clock goes on by itself
      until now >= until_then
    end }
    client:close()
    client = assert(meet.new { api_key = "test-key", clock = clock, rate = { per_second = 2 },
      transport = function()
        departures[#departures + 1] = now
        return { status = 200, body = SPACE }
      end })
    local functions = {}
    for i = 1, 6 do functions[i] = getting "a" end
    assert(client:gather(functions))
    for i = 3, 6 do assert.is_true(departures[i] - departures[i - 2] >= 1) end
  end)

  it("ends with kind cancelled where the client is closed in the middle", function()
    local _, err = client:gather { getting "a9", function()
      coroutine.yield()
      client:close()
    end }
    assert.is_true(is_cancelled(err), tostring(err))
  end)

  it("raises what on_event raised", function()
    client = client_of { on_event = function() error("from the listener", 0) end }
    local raised, err = pcall(client.gather, client, { getting "a1", getting "b1" })
    assert.same({ false, "from the listener" }, { raised, err })
    assert.is_false(client:step(0))
  end)

  it("says so where every task waits for another", function()
    local first, second
    first = client:submit(function() return second:result() end)
    second = client:submit(function() return first:result() end)
    local raised, message = pcall(first.result, first)
    assert.same({ false, "deadlock: every task waits for another one" }, { raised, message })
    first:cancel()
    assert.is_true(is_cancelled(select(2, second:result())))
  end)
end)

describe("gather on sockets", function()
  local server

  setup(function() server = Server.start() end)
  teardown(function() server:close() end)

  before_each(function()
    client:close()
    client = assert(meet.new { api_key = "key-of-tasks", base_url = server.url, rate = false,
      retry = false })
  end)

  local function script(count, answer)
    local answers = {}
    for i = 1, count do answers[i] = answer or { body = SPACE } end
    server:script(answers)
  end

  it("has all requests under way at once", function()
    script(4, { body = SPACE, stall = true })
    local tasks = {}
    for i = 1, 4 do tasks[i] = client:submit(getting "abc") end
    client:step(0)
    while #server:requests() < 4 do client:step(0.01) end
    server:release()
    for i = 1, 4 do assert.equal("spaces/abc", tasks[i]:result()) end
    assert.equal(4, server:sockets())
  end)

  it("opens a bounded few sockets where there is no HTTP/2", function()
    script(60, { body = SPACE, delay = 0.005 })
    local functions = {}
    for i = 1, 60 do functions[i] = getting "abc" end
    assert.equal(60, assert(client:gather(functions)).n)
    assert.is_true(server:sockets() <= 16)
  end)

  it("blocks in a generator inside a task, and in a callback of table.sort", function()
    script(8)
    local results = assert(client:gather {
      function()
        local each = coroutine.wrap(function() coroutine.yield(getting "abc" ()) end)
        return each()
      end,
      function()
        local list = { 2, 1 }
        table.sort(list, function(left, right)
          assert(client.spaces:get "abc")
          return left < right
        end)
        return table.concat(list)
      end,
      getting "abc",
    })
    assert.same({ "spaces/abc", "12", "spaces/abc", n = 3 }, results)
  end)

  it("gives a socket back that a cancelled task waited for", function()
    server:script { { stall = true, body = SPACE }, { body = SPACE } }
    local _, err = client:gather { getting "abc", function()
      while #server:requests() < 1 do coroutine.yield() end
      return nil, "enough"
    end }
    assert.equal("enough", err)
    server:wait_for_close(1)
    assert.equal("spaces/abc", getting "abc" ())
  end)

  it("tells a listening task of each event when it happens", function()
    server:script { { status = 503, headers = { ["Retry-After"] = "0" } },
      { body = SPACE, stall = true } }
    local seen = {}
    local listening <close> = client:with { retry = { max_attempts = 2 }, on_event = function(event)
      seen[#seen + 1] = event.type
    end }
    local task = client:submit(function() return listening.spaces:get "abc" end)
    while #server:requests() < 2 do client:step(0.01) end
    client:step(0.01)
    assert.same({ "attempt", "response", "retry", "attempt" }, seen)
    server:release()
    assert.equal("spaces/abc", task:result().name)
    assert.equal("response", seen[5])
  end)

  it("ends every task with kind cancelled when the client is closed", function()
    script(3, { body = SPACE, stall = true })
    local results, errors = client:gather({ getting "abc", getting "abc", function()
      while #server:requests() < 2 do coroutine.yield() end
      client:close()
      return "closed"
    end }, { collect = true })
    assert.same({ nil, nil, "closed", n = 3 }, results)
    assert.is_true(is_cancelled(errors[1]) and is_cancelled(errors[2]))
  end)

  it("goes on where it is a sibling that is closed", function()
    server:script { { body = SPACE, stall = true } }
    local sibling = client:with {}
    local task = client:submit(getting "abc")
    while #server:requests() < 1 do client:step(0.01) end
    sibling:close()
    server:release()
    assert.equal("spaces/abc", task:result())
  end)
end)

describe("a list inside tasks", function()
  --- Three pages of two, each answered after a turn.
  local function paged(request)
    started[#started + 1] = request.url:match "pageToken=(%w+)" or "-"
    coroutine.yield()
    local number = tonumber(started[#started]:match "%d" or "1")
    local number_asked = tonumber(request.url:match "pageToken=t(%d)" or "1")
    number = number_asked or number
    return { status = 200, body = ('{"participants":[{"name":"%da"},{"name":"%db"}]%s}'):format(
      number, number, number < 3 and (',"nextPageToken":"t%d"'):format(number + 1) or "") }
  end

  before_each(function() client = client_of { transport = paged } end)

  local function names(pager)
    local list = {}
    for item in pager do list[#list + 1] = item.name end
    return table.concat(list, " ")
  end

  it("is walked while others are", function()
    local function walk() return names(client.participants:list "r") end
    assert.same({ "1a 1b 2a 2b 3a 3b", "1a 1b 2a 2b 3a 3b", n = 2 }, client:gather { walk, walk })
    assert.same({ "-", "-", "t2", "t2", "t3", "t3" }, started)
  end)

  it("that several tasks share gives each item once, and asks for each page once", function()
    local pager, seen = client.participants:list "r", {}
    local function work()
      for item in pager do
        seen[#seen + 1] = item.name
        coroutine.yield()
      end
    end
    assert(client:gather { work, work, work, work })
    table.sort(seen)
    assert.equal("1a 1b 2a 2b 3a 3b", table.concat(seen, " "))
    assert.same({ "-", "t2", "t3" }, started)
  end)

  it("that one of several tasks closes gives the others nothing more", function()
    local pager = client.participants:list "r"
    local results = client:gather { function() return names(pager) end,
      function() pager:close() end }
    assert.same({ "", nil, n = 2 }, results)
  end)

  it("is free again when the task that asked for its page is cancelled", function()
    local pager = client.participants:list "r"
    local first = client:submit(function() return pager:next_page() end)
    local second = client:submit(function() return #assert(pager:all()) end)
    client:step(0)
    first:cancel()
    assert.equal(6, second:result())
  end)

  it("of members by meeting code may be shared before the space is known", function()
    client = client_of { transport = function(request)
      coroutine.yield()
      if not request.url:find "/members" then
        return { status = 200, body = '{"name":"spaces/s"}' }
      end
      local token = request.url:match "pageToken=t(%d)"
      return { status = 200, body = ('{"members":[{"name":"a"},{"name":"b"}]%s}'):format(
        token and "" or ',"nextPageToken":"t2"') }
    end }
    local pager, count = client.members:list "abc-mnop-xyz", 0
    local function work()
      for _ in pager do
        count = count + 1
        collectgarbage()
      end
    end
    assert(client:gather { work, work, work })
    assert.equal(4, count)
  end)
end)

describe("map", function()
  it("calls with item and index, and gives the results in order", function()
    local results = client:map({ "a3", "b1", "c2" }, function(id, index)
      return index .. getting(id)()
    end)
    assert.same({ "1spaces/a3", "2spaces/b1", "3spaces/c2", n = 3 }, results)
    assert.same({ "b1", "c2", "a3" }, ended)
  end)

  it("of nothing gives an empty array", function()
    assert.same({ n = 0 }, client:map({}, error))
    assert.same({ n = 0 }, client:map(function() end, error))
  end)

  it("keeps at most `concurrency` of them under way", function()
    local now, most = 0, 0
    local function work()
      now = now + 1
      most = math.max(most, now)
      coroutine.yield()
      now = now - 1
      return true
    end
    local items = {}
    for i = 1, 100 do items[i] = i end
    assert.equal(100, client:map(items, work, { concurrency = 7 }).n)
    assert.equal(7, most)
    assert(client:map(items, work))
    assert.equal(32, most)
  end)

  it("refuses what it cannot take", function()
    for _, row in ipairs {
      { { 5, print }, "map: a function expected, got number" },
      { { {}, nil }, "map: a function expected, got nil" },
      { { {}, print, { concurrency = 0 } }, "'concurrency' must be a whole number from 1" },
      { { {}, print, { concurrency = 1.5 } }, "'concurrency' must be a whole number from 1" },
      { { {}, print, { concurrency = "4" } }, "option 'concurrency': number expected" },
      { { {}, print, { concurency = 4 } }, "did you mean 'concurrency'?" },
    } do
      local _, message = pcall(function()
        client:map(table.unpack(row[1], 1, 3))
        return nil
      end)
      assert.matches("^spec/core/tasks_spec%.lua:%d+: ", message)
      assert.is_truthy(message:find(row[2], 1, true), message)
    end
  end)

  it("takes an iterator, one that gives way inside too, and calls it once after its last item",
    function()
      local calls = 0
      local function source()
        calls = calls + 1
        local number = calls
        assert(client.spaces:get "x2")
        if number <= 10 then return number end
      end
      local results = client:map(source, function(number) return number * 2 end)
      assert.same({ 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, n = 10 }, results)
      assert.equal(11, calls)
    end)

  it("takes a coroutine.wrap, which must not be called after its end", function()
    local source = coroutine.wrap(function()
      for i = 1, 40 do coroutine.yield(i) end
    end)
    assert.equal(40, assert(client:map(source, function(i) return i end)).n)
  end)

  it("takes a pager, whose pages come while items are worked on", function()
    local gateway = meet.testing.gateway {}
    gateway:seed()
    client = client_of { transport = function(request)
      coroutine.yield()
      return gateway.transport(request)
    end }
    local names = assert(client:map(client.participants:list("cr-webinar-19be", { page_size = 20 }),
      function(person) return person:display_name() or "-" end, { concurrency = 8 }))
    assert.equal(280, names.n)
  end)

  it("gives the first failure and takes no item after it", function()
    local taken = 0
    local function source()
      taken = taken + 1
      return taken
    end
    local results, err = client:map(source, function(i)
      coroutine.yield()
      if i == 3 then return nil, "three" end
      return i
    end, { concurrency = 4 })
    assert.same({ nil, "three" }, { results, err })
    assert.is_true(taken <= 8)
  end)

  it("after a failure also gives what the other items have come to", function()
    local results, err, partial, errors = client:map({ "a0", "b1", "bad3", "c9", "d9" },
      function(id) return getting(id)() end, { concurrency = 3 })
    assert.is_nil(results)
    assert.same({ "spaces/a0", "spaces/b1", n = 5 }, partial)
    assert.equal(err, errors[3])
    assert.same({ "cancelled", "cancelled" }, { errors[4].kind, errors[5].kind })
    assert.is_nil(errors[1] or errors[2])
  end)

  it("with collect gives failures by index, returned and raised ones", function()
    local results, errors = client:map({ "a1", "bad1", "bad2" }, function(id)
      if id == "bad2" then return must(client.spaces:get(id)) end
      return getting(id)()
    end, { collect = true })
    assert.same({ "spaces/a1", nil, nil, n = 3 }, results)
    assert.same({ "permission", "permission" }, { errors[2].kind, errors[3].kind })
  end)

  it("ends at the first gap of an array, whatever follows it", function()
    local seen = {}
    local gapped = setmetatable({ "a", [3] = "c" }, { __len = function() return 3 end })
    local results = client:map(gapped, function(item)
      seen[#seen + 1] = item
      return item
    end, { concurrency = 3 })
    assert.same({ "a" }, seen)
    assert.same({ "a", n = 1 }, results)
  end)

  it("takes a second value for no error where there is a first", function()
    for _, collect in ipairs { false, true } do
      local results, errors = client:map({ 7 }, function(item) return item, "more" end,
        { collect = collect })
      assert.same({ 7, n = 1 }, results)
      assert.same(collect and {} or nil, errors)
    end
  end)

  it("raises a bug of the function, and of the source", function()
    local function bug() error("a bug", 0) end
    for _, collect in ipairs { false, true } do
      assert.same({ false, "a bug" }, { pcall(client.map, client, { 1, 2 }, bug,
        { collect = collect }) })
      assert.same({ false, "a bug" }, { pcall(client.map, client, bug, print,
        { collect = collect }) })
    end
  end)

  it("ends when its source fails, with collect too", function()
    local calls = 0
    client = client_of { transport = function()
      calls = calls + 1
      coroutine.yield()
      return { status = calls == 1 and 200 or 403,
        body = '{"participants":[{"name":"a"}],"nextPageToken":"t"}' }
    end }
    for _, collect in ipairs { false, true } do
      calls = 0
      local results, err = client:map(client.participants:list "r", function() return 1 end,
        { collect = collect })
      assert.same({ nil, "permission", 2 }, { results, err and err.kind, calls })
    end
  end)

  it("after a failure of its source tells of each item once", function()
    local failure = select(2, getting "bad"())
    for _, collect in ipairs { false, true } do
      local taken = 0
      local function source()
        taken = taken + 1
        if taken == 4 then error(failure, 0) end
        return ({ "a0", "b1", "c9" })[taken]
      end
      local _, err, partial, errors = client:map(source, function(id) return getting(id)() end,
        { concurrency = 2, collect = collect })
      assert.equal(failure, err)
      assert.same({ "spaces/a0", "spaces/b1", n = 3 }, partial)
      assert.same({ nil, nil, "cancelled", nil },
        { errors[1], errors[2], errors[3].kind, errors[4] })
    end
  end)

  it("nests in a task, and in a generator inside one", function()
    local function names() return table.concat(client:map({ "a1", "b2" }, function(id)
      return getting(id)()
    end), " ") end
    assert.same({ "spaces/a1 spaces/b2", "spaces/a1 spaces/b2", n = 2 }, client:gather {
      names, function() return coroutine.wrap(names)() end })
  end)
end)

describe("submit", function()
  it("starts nothing before a step, then runs to its result", function()
    local task = client:submit(getting "a2")
    assert.same({ {}, false }, { started, task:done() })
    while client:step(0) do assert.equal("a2", started[1]) end
    assert.is_true(task:done())
    assert.equal("spaces/a2", task:result())
    assert.equal("spaces/a2", task:result())
  end)

  it("hands arguments on, and gives every result", function()
    local task = client:submit(function(...) return select("#", ...), ... end, 1, nil, 3, nil)
    assert.same({ 4, 1, nil, 3, nil, n = 5 }, table.pack(task:result()))
  end)

  it("result gives nil and the error, raises a bug, each time", function()
    local refused = client:submit(getting "bad")
    local raised = client:submit(function() must(client.spaces:get "bad") end)
    local bug = client:submit(function() error("a bug", 0) end)
    for _ = 1, 2 do
      assert.equal("permission", select(2, refused:result()).kind)
      assert.equal("permission", select(2, raised:result()).kind)
      assert.same({ false, "a bug" }, { pcall(bug.result, bug) })
    end
  end)

  it("result may be awaited inside other tasks, several at once", function()
    local task = client:submit(getting "a3")
    local function await() return task:result() end
    assert.same({ "spaces/a3", "spaces/a3", "spaces/a3", n = 3 },
      client:gather { await, await, function() return coroutine.wrap(await)() end })
  end)

  it("cancel ends it with kind cancelled, before it began and in the middle", function()
    for _, steps in ipairs { 0, 1 } do
      local task = client:submit(getting "a9")
      for _ = 1, steps do client:step(0) end
      assert.is_true(task:cancel())
      assert.is_true(task:done())
      local value, err = task:result()
      assert.is_true(value == nil and is_cancelled(err))
      assert.is_true(task:cancel())
    end
    assert.same({ { "a9" }, {} }, { started, ended })
  end)

  it("cancel says so where a write of it may have happened", function()
    local create = function() return client:request("POST", "/a3") end
    local cases = {
      { {}, create, 0 }, { {}, create, 1 }, { {}, getting "a3", 1 },
      { {}, function() return client:gather { create } end, 2 },
    }
    for _, case in ipairs(cases) do
      local task = client:submit(case[2])
      for _ = 1, case[3] do client:step(0) end
      task:cancel()
      case[1] = select(2, task:result()).ambiguous or false
    end
    assert.same({ false, true, false, true }, { cases[1][1], cases[2][1], cases[3][1],
      cases[4][1] })
  end)

  it("cancel by the task itself ends it where it next gives way", function()
    local task, after
    task = client:submit(function()
      task:cancel()
      local before = task:done()
      coroutine.yield()
      after = before
    end)
    assert.is_true(is_cancelled(select(2, task:result())))
    assert.is_nil(after)
  end)

  it("cancel of one that has ended changes nothing", function()
    local task = client:submit(function() return 5 end)
    assert.equal(5, task:result())
    task:cancel()
    assert.equal(5, task:result())
  end)

  it("cancel wakes who waits for the result, and raises what its closing raised", function()
    local task = client:submit(getting "a9")
    local waiter = client:submit(function() return task:result() end)
    client:step(0)
    task:cancel()
    assert.is_true(is_cancelled(select(2, waiter:result())))
    local sour = client:submit(function()
      local _ <close> = setmetatable({}, { __close = function() error("sour", 0) end })
      coroutine.yield()
    end)
    client:step(0)
    sour:cancel()
    assert.same({ false, "sour" }, { pcall(sour.result, sour) })
  end)

  it("cancel lets a call be made while it closes", function()
    local name
    local task = client:submit(function()
      local _ <close> = setmetatable({}, { __close = function()
        name = assert(client:gather { getting "z2" })[1]
      end })
      coroutine.yield()
    end)
    client:step(0)
    task:cancel()
    assert.equal("spaces/z2", name)
  end)

  it("refuses what is no function", function()
    local _, message = pcall(function()
      client:submit {}
      return nil
    end)
    assert.matches("^spec/core/tasks_spec%.lua:%d+: submit: a function expected, got table",
      message)
  end)

  it("runs on though nobody keeps the handle", function()
    client:submit(getting "a2")
    collectgarbage()
    while client:step(0) do collectgarbage() end
    assert.same({ "a2" }, ended)
  end)

  it("gives handles that show methods only", function()
    local task = client:submit(getting "a")
    assert.same({ "function", "function", "function", nil },
      { type(task.done), type(task.result), type(task.cancel), task.thread })
    task:cancel()
  end)
end)

describe("a host coroutine", function()
  it("may be closed while a transport of its call yields, and the client goes on", function()
    local host = coroutine.create(function() return client.spaces:get "a5" end)
    assert(coroutine.resume(host))
    assert.same({ "a5" }, started)
    assert.is_true(coroutine.close(host))
    assert.same({ "spaces/b1", n = 1 }, client:gather { getting "b1" })
    assert.same({ "b1" }, ended)
  end)

  it("that is a task and gathers may be cancelled: all below ends", function()
    local host = client:submit(function() return client:gather { getting "a9", getting "b9" } end)
    for _ = 1, 3 do client:step(0) end
    assert.same({ "a9", "b9" }, started)
    host:cancel()
    assert.is_false(client:step(0) and client:step(0))
    assert.same({}, ended)
  end)
end)

describe("step and poll_set", function()
  local server

  setup(function() server = Server.start() end)
  teardown(function() server:close() end)

  local function connect(options)
    options = options or {}
    options.api_key, options.base_url, options.rate = "key-of-steps", server.url, false
    return assert(meet.new(options))
  end

  it("step(0) never blocks", function()
    server:script { { body = SPACE, stall = true } }
    local own <close> = connect()
    local task = own:submit(function() return own.spaces:get "abc" end)
    while #server:requests() == 0 do own:step(0) end
    local before = require "cqueues".monotime()
    for _ = 1, 1000 do assert.is_true(own:step(0)) end
    assert.is_true(require "cqueues".monotime() - before < 5) -- 1000 slices would be 100 s
    assert.is_false(task:done())
    server:release()
    assert.equal("spaces/abc", task:result().name)
  end)

  it("step says whether anything is left", function()
    assert.is_false(client:step(0))
    local task = client:submit(getting "a1")
    assert.is_true(client:step(0))
    while client:step(0) do assert.is_false(task:done()) end
    assert.is_true(task:done())
  end)

  it("poll_set names sockets and a time; the time is 0 where a task can go on", function()
    server:script { { body = SPACE, stall = true }, { body = SPACE } }
    local own <close> = connect()
    local task = own:submit(function() return own.spaces:get "abc" end)
    assert.equal(0, (select(2, own:poll_set())))
    while #server:requests() == 0 do own:step(0) end
    own:step(0)
    local sockets, seconds = own:poll_set()
    assert.equal(1, #sockets)
    assert.same({ "integer", true, false },
      { math.type(sockets[1].fd), sockets[1].read, sockets[1].write })
    assert.is_true(seconds > 0 and seconds <= 0.1)
    server:release()
    while not task:done() do
      assert.is_true(select(2, own:poll_set()) <= 0.1)
      own:step(0.01)
    end
  end)

  it("poll_set is due at once where a blocking call has brought a task's answer", function()
    server:script { { body = SPACE }, { body = SPACE, delay = 0.05 } }
    local own <close> = connect()
    local task = own:submit(function() return own.spaces:get "abc" end)
    while #server:requests() == 0 do own:step(0) end
    assert(own.spaces:get "abc")
    assert.equal(0, (select(2, own:poll_set())))
    own:step(0)
    own:step(0)
    assert.is_true(task:done())
  end)

  it("step does not wait where a blocking call has brought a task's answer", function()
    local own <close> = connect()
    local waited = 0
    for _ = 1, 10 do
      server:script { { body = SPACE, delay = 0.01 }, { body = SPACE, delay = 0.03 } }
      local task = own:submit(function() return own.spaces:get "abc" end)
      while #server:requests() == 0 do own:step(0) end
      assert(own.spaces:get "abc")
      local before = require "cqueues".monotime()
      own:step(60)
      waited = waited + require "cqueues".monotime() - before
      assert(task:result())
    end
    assert.is_true(waited < 0.5) -- ten slices would be a second
  end)

  it("poll_set knows no deadline of a call that is over", function()
    server:script { { body = SPACE } }
    local hasty <close> = connect { deadline = 0.5 }
    assert(hasty.spaces:get "abc")
    assert.is_true(select(2, hasty:poll_set()) >= 0.6)
  end)

  it("poll_set has a pause for tasks that only asked for their next turn", function()
    local task = client:submit(coroutine.yield)
    client:step(0)
    local sockets, seconds = client:poll_set()
    assert.same({}, sockets)
    assert.is_true(seconds > 0 and seconds <= 0.01)
    task:cancel()
    client:step(0)
    assert.is_true(select(2, client:poll_set()) >= 1)
  end)
end)
