-- The option `deadline` of gather and map: one time for all calls inside, by the client's clock;
-- and what a cancelled one has given so far.

local Server = require "spec.support.server"
local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"
local turns = require "spec.support.turns"

local SOON = 0.2 -- seconds
local LONGEST = 5 -- seconds after which a spec has hung

local keys = 0 -- one for each client, since those of a key share their pace

--- A client on the machine's clock. Its transport answers after as many turns as the id has for a
-- number; "slow" yields for long.
local function real(options)
  options = options or {}
  keys = keys + 1
  options.api_key, options.retry = "key-of-deadlines-" .. keys, false
  options.transport = function(request)
    local id = request.url:match "([^/]*)$"
    local ends = os.clock() + LONGEST
    for _ = 1, tonumber(id:match "%d+" or "0") do coroutine.yield() end
    while id:find "^slow" and os.clock() < ends do coroutine.yield() end
    if id:find "^bad" then return { status = 403, body = "" } end
    return { status = 200, body = ('{"name":"spaces/%s"}'):format(id) }
  end
  return assert(meet.new(options))
end

--- A client on a simulated clock, on which each answer takes a second.
local function simulated(options)
  local clock = manual_clock()
  options = options or {}
  options.api_key, options.clock, options.retry = "test-key", clock, false
  options.transport = function(request)
    clock.sleep(1)
    local id = request.url:match "([^/]*)$"
    if id:find "^bad" then return { status = 403, body = "" } end
    return { status = 200, body = ('{"name":"spaces/%s"}'):format(id) }
  end
  return assert(meet.new(options)), clock
end

local function kinds(errors)
  local found = {}
  for index, err in pairs(errors) do found[index] = err.kind end
  return found
end

for name, open in pairs { ["machine's"] = real, ["client's own"] = simulated } do
  describe("the deadline of gather, on the " .. name .. " clock,", function()
    local client

    before_each(function() client = open() end)
    after_each(function() client:close() end)

    it("changes nothing for what ends in time", function()
      local results, errors, late = client:gather({ turns.getting(client, "a"),
        turns.getting(client, "b") }, { deadline = LONGEST })
      assert.same({ { "spaces/a", "spaces/b", n = 2 }, nil, nil }, { results, errors, late })
      results, errors, late = client:gather({ turns.getting(client, "a"),
        turns.getting(client, "bad") }, { deadline = LONGEST, collect = true })
      assert.same({ { "spaces/a", n = 2 }, { nil, "permission" }, nil },
        { results, kinds(errors), late })
    end)

    it("may be for ever", function()
      assert.same({ "spaces/a", n = 1 }, client:gather({ turns.getting(client, "a") },
        { deadline = math.huge }))
    end)

    it("lets another failure be that", function()
      local results, err = client:gather({ turns.getting(client, "bad") }, { deadline = LONGEST })
      assert.same({ nil, "permission" }, { results, err.kind })
    end)
  end)
end

describe("the deadline of gather", function()
  it("ends what has not ended, and gives what the others have given", function()
    local client <close> = real()
    turns.settle(client)
    local begin = client:now()
    local results, err, partial, errors = client:gather({
      turns.getting(client, "a"), turns.getting(client, "slow"), turns.getting(client, "b3"),
      function() client:sleep(LONGEST) end,
    }, { deadline = SOON })
    assert.is_nil(results)
    assert.same({ "deadline", "the deadline of gather or map has passed", "client" },
      { err.kind, err.message, err.origin })
    assert.same({ "spaces/a", nil, "spaces/b3", n = 4 }, partial)
    assert.same({ nil, "deadline", nil, "deadline" }, kinds(errors))
    assert.is_true(client:now() - begin < 3)
    assert.is_false(client:step(0))
  end)

  it("gives with collect the failures, and itself as a third result", function()
    local client <close> = real()
    local results, errors, err = client:gather({ turns.getting(client, "a"),
      turns.getting(client, "bad"), turns.getting(client, "slow") },
      { deadline = SOON, collect = true })
    assert.same({ "spaces/a", n = 3 }, results)
    assert.same({ nil, "permission", "deadline" }, kinds(errors))
    assert.equal("deadline", err.kind)
  end)

  it("says that a write may have happened", function()
    local client <close> = real()
    local _, err, _, errors = client:gather({ turns.getting(client, "slow"), function()
      return client:request("POST", "/slow")
    end }, { deadline = SOON })
    assert.same({ nil, true, true }, { errors[1].ambiguous, errors[2].ambiguous, err.ambiguous })
    assert.equal(errors[2].hint, err.hint)
  end)

  it("ends calls that wait for an answer of a server", function()
    local server <close> = Server.start()
    server:script { { stall = true } }
    local client <close> = assert(meet.new { api_key = "test-key", base_url = server.url })
    local begin = client:now()
    local _, err, _, errors = client:gather({ turns.getting(client, "x") }, { deadline = SOON })
    assert.same({ "deadline", { "deadline" } }, { err.kind, kinds(errors) })
    assert.is_true(client:now() - begin < 3)
  end)

  it("ends calls that wait for their turn, after those that have had it", function()
    local client <close> = real { rate = { per_second = 3 } }
    local functions = {}
    for index = 1, 5 do functions[index] = turns.getting(client, "a") end
    local _, err, partial, errors = client:gather(functions, { deadline = SOON })
    assert.same({ "deadline", { "spaces/a", "spaces/a", "spaces/a", n = 5 } },
      { err.kind, partial })
    assert.same({ nil, nil, nil, "deadline", "deadline" }, kinds(errors))
  end)

  it("ends a call that cannot yield, and what it does next", function()
    local client <close> = real { rate = { per_second = 1 } }
    local seen = {}
    local _, err = client:gather({ function()
      return coroutine.wrap(function() -- blocks, and drives the scheduler for all
        for index = 1, 3 do
          local _, failure = client.spaces:get "a"
          seen[index] = failure and failure.kind or "-"
        end
      end)()
    end, function() client:sleep(LONGEST) end }, { deadline = SOON })
    assert.same({ "deadline", { "-", "deadline", "deadline" } }, { err.kind, seen })
  end)

  it("is that of a gather inside, whose own is later", function()
    local client <close> = real()
    local begin = client:now()
    local _, err = client:gather({ function()
      return client:gather({ turns.getting(client, "slow") }, { deadline = LONGEST })
    end }, { deadline = SOON })
    assert.equal("deadline", err.kind)
    for _, opts in ipairs { {}, { deadline = LONGEST } } do
      local inner
      client:gather({ function()
        return coroutine.wrap(function() -- the outer one cannot end what is in here
          inner = select(2, client:gather({ turns.getting(client, "slow") }, opts))
        end)()
      end }, { deadline = SOON })
      assert.equal("deadline", inner.kind)
    end
    assert.is_true(client:now() - begin < 3)
  end)

  it("may be shorter inside than outside, and says which calls it ended", function()
    local client <close> = real()
    local results = assert(client:gather({ function()
      local _, err, partial = client:gather({ turns.getting(client, "a"),
        turns.getting(client, "slow") }, { deadline = SOON })
      return err.kind .. " " .. partial[1]
    end, turns.getting(client, "b") }, { deadline = LONGEST }))
    assert.same({ "deadline spaces/a", "spaces/b", n = 2 }, results)
  end)

  it("raises a bug in the closing of what it ends", function()
    local client <close> = real()
    assert.same({ false, "sour" }, { pcall(client.gather, client, { function()
      local _ <close> = setmetatable({}, { __close = function() error("sour", 0) end })
      return client.spaces:get "slow"
    end }, { deadline = SOON }) })
  end)

  it("waits for a function that runs below it, and ends that where it yields", function()
    local client <close> = real()
    local after
    local _, err = client:gather({ function()
      local ends = client:now() + 2 * SOON
      while client:now() < ends do end
      client:step(0)
      coroutine.yield()
      after = true
    end }, { deadline = SOON })
    assert.same({ "deadline", nil }, { err.kind, after })
  end)

  it("wakes a host's loop in time", function()
    local client <close> = real()
    local task = client:submit(client.gather, client, { function() client:sleep(LONGEST) end },
      { deadline = SOON })
    local begin = client:now()
    while client:step(0) do
      local _, seconds = client:poll_set()
      assert.is_true(seconds <= SOON)
      client:step(seconds)
    end
    assert.equal("deadline", select(2, task:result()).kind)
    assert.is_true(client:now() - begin < 3)
  end)

  it("ends on a simulated clock what would pass it", function()
    local client, clock = simulated()
    local functions = {}
    for index = 1, 5 do functions[index] = turns.getting(client, "a" .. index) end
    local _, err, partial, errors = client:gather(functions, { deadline = 2.5 })
    assert.same({ "deadline", { "spaces/a1", "spaces/a2", n = 5 } }, { err.kind, partial })
    assert.same({ nil, nil, "deadline", "deadline", "deadline" }, kinds(errors))
    assert.equal(3, clock.now()) -- the third answer was on its way
    client:close()
  end)

  it("is noticed on a simulated clock whose sums fall short of it by a rounding", function()
    for _, start in ipairs { 0, 0.3, 1e-9, 7.1234567891, 12.928955554962, 1795341600.3 } do
      local now = start
      local client <close> = assert(meet.new {
        api_key = "test-key", retry = false, rate = false,
        clock = { now = function() return now end, sleep = function() error "no wait" end },
        transport = function(_, seconds)
          now = now + seconds
          return nil, "no answer came", "sent", "timeout"
        end,
      })
      local get = turns.getting(client, "a")
      local _, errors, late = client:gather({ get, get }, { deadline = 0.7, collect = true })
      assert.same({ "deadline", "deadline" }, kinds(errors))
      assert.equal("deadline", late and late.kind, "from " .. start)
    end
  end)

  it("is noticed on a simulated clock where calls end at once because their turn comes after it",
    function()
      local clock = manual_clock()
      local client <close> = assert(meet.new {
        api_key = "test-key", clock = clock, retry = false, rate = { per_second = 2 },
        transport = function() return { status = 200, body = '{"name":"spaces/a"}' } end,
      })
      local function run(own, deadline)
        clock.sleep(60)
        local function get() return client.spaces:get("a", { deadline = own }) end
        local _, errors, late = client:gather({ get, get, get, get },
          { deadline = deadline, collect = true })
        return kinds(errors), late and late.kind
      end
      assert.same({ { nil, nil, "deadline", "deadline" }, "deadline" }, { run(600, 0.5) })
      assert.same({ { nil, nil, "deadline", "deadline" } }, { run(0.5, 2.5) }) -- the calls' own
      assert.equal(120, clock.now())
    end)

  it("is over for a client that a function closes", function()
    for _, collect in ipairs { false, true } do
      local client = simulated()
      local results, err, partial, errors = client:gather({ turns.getting(client, "a"), function()
        local space, failure
        repeat space, failure = client.spaces:get "b" until not space
        client:close()
        return nil, failure
      end }, { deadline = 2.5, collect = collect })
      if collect then results, err, partial, errors = nil, partial, results, err end
      assert.same({ nil, "deadline" }, { results, err.kind })
      assert.same({ { "spaces/a", n = 2 }, { nil, "deadline" } }, { partial, kinds(errors) })
    end
  end)

  it("ends on a simulated clock a function of many calls, inside a task too", function()
    for _, in_task in ipairs { false, true } do
      local client <close>, clock = simulated()
      local count = 0
      local function run()
        return client:gather({ function()
          for _ = 1, 30 do
            local space, err = client.spaces:get "a"
            if not space then return nil, err end
            count = count + 1
          end
          return count
        end, turns.getting(client, "b") }, { deadline = 5 })
      end
      local call = in_task and function() return client:submit(run):result() end or run
      local _, err, _, errors = call()
      assert.same({ "deadline", 5, 5 }, { err.kind, count, clock.now() })
      assert.same({ "deadline", "deadline" }, kinds(errors))
    end
  end)
end)

describe("the deadline of map", function()
  it("takes no item after it, and gives those of an array that are left as failed", function()
    local client <close> = real()
    local items = { "a", "slow", "b", "slow", "c" }
    local function get(id) return turns.getting(client, id)() end
    for _, collect in ipairs { false, true } do
      local results, err, partial, errors = client:map(items, get,
        { concurrency = 2, deadline = SOON, collect = collect })
      if collect then results, err, partial, errors = nil, partial, results, err end
      assert.is_nil(results)
      assert.equal("deadline", err.kind)
      assert.same({ "spaces/a", nil, "spaces/b", n = 5 }, partial)
      assert.same({ nil, "deadline", nil, "deadline", "deadline" }, kinds(errors))
    end
  end)

  it("ends the source that it waits for, whose items nobody can count", function()
    local client <close> = real()
    local taken = 0
    local function source()
      taken = taken + 1
      return taken < 3 and taken or client.spaces:get "slow"
    end
    local _, err, partial, errors = client:map(source, function(item) return item end,
      { deadline = SOON })
    assert.same({ "deadline", { 1, 2, n = 2 }, {} }, { err.kind, partial, errors })
  end)

  it("is that of its calls on a simulated clock", function()
    for _, collect in ipairs { false, true } do
      local client <close>, clock = simulated()
      local results, err, partial, errors = client:map({ "a1", "a2", "a3", "a4" }, function(id)
        return turns.getting(client, id)()
      end, { concurrency = 1, deadline = 2, collect = collect })
      if collect then results, err, partial, errors = nil, partial, results, err end
      assert.same({ nil, "deadline" }, { results, err.kind })
      assert.same({ "spaces/a1", "spaces/a2", n = 4 }, partial)
      assert.same({ nil, nil, "deadline", "deadline" }, kinds(errors))
      assert.equal(2, clock.now())
    end
  end)

  it("leaves no doubt about writes that had not begun", function()
    local client <close> = real()
    local _, err, _, errors = client:map({ "slow", "b", "c" }, function(id)
      return client:request("POST", "/" .. id)
    end, { concurrency = 1, deadline = SOON })
    assert.same({ "deadline", "deadline" }, { err.kind, errors[3].kind })
    assert.same({ true, true, nil, nil }, { err.ambiguous, errors[1].ambiguous,
      errors[2].ambiguous, errors[3].ambiguous })
  end)
end)

describe("a cancelled task", function()
  local client

  before_each(function() client = turns.open() end)
  after_each(function() client:close() end)

  local function partial_of(steps, f, ...)
    local task = client:submit(f, ...)
    for _ = 1, steps do client:step(0) end
    task:cancel()
    return task:result()
  end

  it("gives what its map or gather had so far", function()
    local value, err, partial, errors = partial_of(4, client.map, client, { "a0", "b9", "c9" },
      function(id) return turns.getting(client, id)() end, { concurrency = 2 })
    assert.same({ nil, "cancelled" }, { value, err.kind })
    assert.same({ "spaces/a0", n = 3 }, partial)
    assert.same({ nil, "cancelled", "cancelled" }, kinds(errors))
    value, err, partial, errors = partial_of(4, function()
      return client:gather { turns.getting(client, "a9"), turns.getting(client, "b0") }
    end)
    assert.same({ nil, "cancelled" }, { value, err.kind })
    assert.same({ nil, "spaces/b0", n = 2 }, partial)
    assert.same({ "cancelled" }, kinds(errors))
  end)

  it("gives the same at each call of result", function()
    local task = client:submit(client.map, client, { "a0", "b9" }, function(id)
      return turns.getting(client, id)()
    end)
    for _ = 1, 4 do client:step(0) end
    task:cancel()
    local first, second = table.pack(task:result()), table.pack(task:result())
    assert.same(first, second)
    assert.equal(4, first.n)
  end)

  it("gives nothing of a gather whose results it had", function()
    local results = table.pack(partial_of(6, function()
      client:gather { turns.getting(client, "a0") }
      return client.spaces:get "b9"
    end))
    assert.same({ 2, "cancelled" }, { results.n, results[2].kind })
  end)
end)

describe("task:result", function()
  it("gives what the function returned behind its error", function()
    local client <close> = turns.open()
    local task = client:submit(function() return nil, "failed", { 1 }, nil, 5 end)
    for _ = 1, 2 do
      assert.same({ nil, "failed", { 1 }, nil, 5, n = 5 }, table.pack(task:result()))
    end
    local _, err, partial, errors = client:submit(client.gather, client,
      { turns.getting(client, "a0"), turns.getting(client, "bad2") }):result()
    assert.same({ "permission", { "spaces/a0", n = 2 }, { nil, "permission" } },
      { err.kind, partial, kinds(errors) })
  end)
end)
