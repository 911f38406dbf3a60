-- Calls that meet themselves: several tasks need the connection that one of them asks for, or the
-- page; a callback makes calls of the client that waits for it.

local meet = require "googlemeet"

local CONNECTIONS = '{"connections":[{"connection_id":"c1","status":"ACTIVE",' ..
  '"app":"google-meet"}]}'

local client, sent, stalled

--- A transport that answers after some turns, the list of connections not while `stalled`.
local function transport(request)
  local path = request.url:match "^https?://[^/]+(/[^?]*)"
  local of_connections = path:find "^/connections" ~= nil
  sent[#sent + 1] = of_connections and "connections" or path:match "[^/]*$"
  while coroutine.isyieldable() do
    coroutine.yield()
    if not (of_connections and stalled) then break end
  end
  if of_connections then return { status = 200, body = CONNECTIONS } end
  return { status = 200, body = '{"name":"spaces/x","participants":[{"name":"a"}]}' }
end

local function open(options)
  if client then client:close() end
  sent, stalled = {}, false
  options.api_key, options.rate = options.api_key or "test-key", false
  options.transport = options.transport or transport
  client = assert(meet.new(options))
  return client
end

after_each(function()
  client:close()
  client = nil
end)

local function get(id)
  return function() return assert(client.spaces:get(id or "x")).name end
end

local function count(what)
  local found = 0
  for _, one in ipairs(sent) do if one == what then found = found + 1 end end
  return found
end

--- Drive until the task is over.
local function finish(task)
  for _ = 1, 10000 do
    if task:done() then return task:result() end
    client:step(0.01)
  end
  error "it never ends"
end

describe("a connection that several tasks need", function()
  for what, connection in pairs {
    ['"only"'] = "only", ["a function"] = function(all) return all[1] end,
  } do
    it("is asked for by one of them, and the others wait: " .. what, function()
      open { connection = connection }
      assert.same({ "spaces/x", "spaces/x", "spaces/x", n = 3 },
        client:gather { get(), get(), function()
          return #assert(client.participants:list("r"):all()) == 1 and "spaces/x"
        end })
      assert.equal(1, count "connections")
    end)
  end

  it("is asked for by the next one when the asking task is cancelled", function()
    open { connection = "only" }
    stalled = true
    local first, second = client:submit(get()), client:submit(get())
    for _ = 1, 3 do client:step(0) end
    first:cancel()
    stalled = false
    assert.equal("spaces/x", finish(second))
    assert.equal(2, count "connections")
  end)

  it("is asked for by the next one when the function fails", function()
    local asked = 0
    open { connection = function(all)
      asked = asked + 1
      if asked == 1 then error("not now", 0) end
      return all[1]
    end }
    local first, second = client:submit(get()), client:submit(get())
    assert.equal("spaces/x", finish(second))
    assert.same({ false, "not now" }, { pcall(first.result, first) })
  end)

  it("is asked for by the next one when the asking coroutine is collected", function()
    open { connection = function(all)
      coroutine.yield()
      return all[1]
    end }
    coroutine.wrap(function() client.spaces:get "x" end)()
    collectgarbage()
    collectgarbage()
    assert.equal("spaces/x", finish(client:submit(get())))
  end)

  it("is asked for again when the asking coroutine was left alone", function()
    open { connection = function(all)
      coroutine.yield()
      return all[1]
    end }
    local kept = coroutine.create(function() client.spaces:get "x" end)
    assert(coroutine.resume(kept))
    assert.equal("spaces/x", finish(client:submit(get())))
    assert.equal("suspended", coroutine.status(kept))
  end)

  it("is asked for by a call that blocks when the asking coroutine was left alone", function()
    open { connection = function(all)
      if coroutine.isyieldable() then coroutine.yield() end
      return all[1]
    end }
    local kept = coroutine.create(function() client.spaces:get "x" end)
    assert(coroutine.resume(kept))
    assert.equal("spaces/x", get()())
    assert.equal("suspended", coroutine.status(kept))
  end)

  it("is asked for again when the asking coroutine's task has ended", function()
    open { connection = function(all)
      coroutine.yield()
      return all[1]
    end }
    local kept = coroutine.create(function() client.spaces:get "x" end)
    finish(client:submit(function() assert(coroutine.resume(kept)) end))
    assert.equal("spaces/x", finish(client:submit(get())))
    assert.equal("suspended", coroutine.status(kept))
  end)

  it("is waited for until the deadline of the waiting call", function()
    open { connection = "only" }
    stalled = true
    local first = client:submit(get())
    client:step(0)
    local second = client:submit(function()
      return client.spaces:get("x", { deadline = 0.05 })
    end)
    local _, err = finish(second)
    assert.same({ "deadline", "GET" }, { err.kind, err.method })
    assert.equal(0, count "x")
    stalled = false
    assert.equal("spaces/x", finish(first))
  end)

  it("is waited for until the deadline by the client's own clock", function()
    local now = -100 -- a clock may begin anywhere
    open { connection = "only", clock = { now = function() return now end,
      sleep = coroutine.yield } }
    stalled = true
    local first, second = client:submit(get()), client:submit(function()
      return client.spaces:get("x", { deadline = 5 })
    end)
    for _ = 1, 3 do client:step(0) end
    assert.is_false(second:done())
    now = -94
    assert.equal("deadline", select(2, finish(second)).kind)
    first:cancel()
  end)

  it("is asked for by the next one when its clock cancels the asking task", function()
    local first, is_armed
    open { connection = "only", clock = { now = function()
      if is_armed then first:cancel() end
      return 0
    end, sleep = coroutine.yield } }
    stalled = true
    first = client:submit(get())
    client:step(0)
    is_armed, stalled = true, false
    assert.equal("spaces/x", finish(client:submit(get())))
  end)

  it("is waited for by a call that blocks, on its own clock", function()
    open { connection = "only", clock = { now = function() return 0 end, sleep = print } }
    local task = client:submit(get())
    client:step(0)
    assert.equal("spaces/x", get()())
    assert.equal("spaces/x", finish(task))
    assert.equal(1, count "connections")
  end)

  it("is waited for by a call that blocks, which drives the tasks", function()
    open { connection = "only" }
    local task = client:submit(get())
    client:step(0)
    assert.equal("spaces/x", get()())
    assert.equal("spaces/x", finish(task))
    assert.equal(1, count "connections")
  end)

  it("is waited for by a call that blocks inside another task", function()
    open { connection = "only" }
    local results = assert(client:gather { get(), function()
      local names = { "b", "a" }
      table.sort(names, function(left, right)
        get()()
        return left < right
      end)
      return table.concat(names)
    end })
    assert.same({ "spaces/x", "ab", n = 2 }, results)
  end)

  it("is asked for twice rather than waited for by what blocks the asking task", function()
    local second
    open { transport = function(request)
      return { status = 200, body = request.url:find "/connections" and CONNECTIONS
        or '{"name":"spaces/x"}' }
    end, connection = function(all)
      local task = second
      second = nil
      if task then
        table.sort({ 1, 2 }, function() -- blocks, and drives the other task
          assert(task:result())
        end)
      end
      return all[1]
    end }
    local first = client:submit(get())
    second = client:submit(function()
      table.sort({ 1, 2 }, function() get()() end)
      return "sorted"
    end)
    local kept = second
    assert.same({ "spaces/x", "sorted" }, { finish(first), finish(kept) })
  end)

  it("is asked for once by each sibling", function()
    open { connection = "only" }
    local sibling <close> = client:with { timeout = 5 }
    assert(client:gather { get(), get(), function() return sibling.spaces:get "x" end,
      function() return sibling.spaces:get "x" end })
    assert.equal(2, count "connections")
  end)
end)

describe("a connection function", function()
  for what, call in pairs {
    ["at once"] = function(call) call() end,
    ["in a coroutine"] = function(call) assert(coroutine.resume(coroutine.create(call))) end,
    ["in a gather"] = function(call) assert(client:gather { call }) end,
    ["in a task it waits for"] = function(call) assert(client:submit(call):result()) end,
    ["in a gather in a coroutine"] = function(call)
      coroutine.wrap(function() assert(client:gather { call }) end)()
    end,
    ["in a coroutine in a gather"] = function(call)
      assert(client:gather { function()
        return coroutine.wrap(function() return call() end)()
      end })
    end,
    ["through a sibling of the same function"] = function()
      assert(client:with({ timeout = 3 }).spaces:get "x")
    end,
  } do
    it("that calls the client that waits for it raises: " .. what, function()
      open { connection = function() call(get()) end }
      local expected = what:find "sibling" and "8 deep" or "calls the client that waits for its"
      for _, start in ipairs { function() return get()() end,
        function() return finish(client:submit(get())) end } do
        local _, message = pcall(start)
        assert.truthy(tostring(message):find(expected, 1, true), tostring(message))
      end
    end)
  end
end)

describe("a key function", function()
  it("that always calls its own client ends in an error, in tasks too", function()
    open { api_key = function()
      assert(client:gather { get() })
      return "test-key"
    end }
    for _, start in ipairs { get(), function() return finish(client:submit(get())) end } do
      local _, message = pcall(start)
      assert.truthy(tostring(message):find("callbacks of calls make calls, nested 8 deep", 1, true),
        tostring(message))
    end
  end)

  it("may make another call in a gather", function()
    local asking
    open { api_key = function()
      if not asking then
        asking = true
        assert(client:gather { get "key" })
      end
      return "test-key"
    end }
    assert.equal("spaces/x", finish(client:submit(get())))
    assert.same({ "key", "x" }, sent)
  end)
end)

describe("a list whose page is asked for", function()
  --- A client whose key function runs `act` once, with a list.
  local function asking(act)
    local list, acted
    open { api_key = function()
      if not acted then
        acted = true
        act(list)
      end
      return "test-key"
    end }
    list = client.participants:list "r"
    return list
  end

  for what, act in pairs {
    ["at once"] = function(list) list() end,
    ["in a coroutine"] = function(list) coroutine.wrap(function() list() end)() end,
    ["in a gather"] = function(list) assert(client:gather { function() list() end }) end,
    ["in a coroutine in a gather"] = function(list)
      assert(client:gather { function() coroutine.wrap(function() list() end)() end })
    end,
  } do
    it("raises when its key function uses it: " .. what, function()
      for _, start in ipairs { function(act_once) return act_once() end,
        function(act_once) return finish(client:submit(act_once)) end } do
        local list = asking(act)
        local _, message = pcall(start, function() return list:first() end)
        assert.truthy(tostring(message):find("uses the list that waits for it", 1, true),
          tostring(message))
      end
    end)
  end

  it("is asked for again when the asking coroutine was left alone", function()
    open {}
    local list = client.participants:list "r"
    local kept
    local task = client:submit(function()
      kept = coroutine.create(function() list() end)
      assert(coroutine.resume(kept))
      return list:first().name
    end)
    assert.equal("a", finish(task))
    assert.equal("a", finish(client:submit(function()
      local other = client.participants:list "r"
      kept = coroutine.create(function() other() end)
      assert(coroutine.resume(kept))
      return assert(client:gather { function() return other:first().name end })[1]
    end)))
    assert.equal("suspended", coroutine.status(kept))
  end)

  it("is asked for again when a task has waited for its call's deadline", function()
    local keys = 0
    open { deadline = 0.3, api_key = function()
      keys = keys + 1
      if keys == 1 then client:sleep(60) end
      return "test-key"
    end }
    local list = client.participants:list "r"
    local first = client:submit(function() return list:first() end)
    client:step(0)
    local from = require "cqueues".monotime()
    assert.equal("a", finish(client:submit(function() return list:first().name end)))
    assert.is_true(require "cqueues".monotime() - from >= 0.3)
    first:cancel()
  end)
end)
