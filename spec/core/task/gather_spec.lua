-- client:gather: several functions at once, as coroutines over one engine.

local meet = require "googlemeet"
local turns = require "spec.support.turns"

local must, is_cancelled = turns.must, turns.is_cancelled

local client, ended, started

local function open(options)
  if client then client:close() end
  client, ended, started = turns.open(options)
end

before_each(function()
  open()
  turns.settle(client)
end)
after_each(function() client:close() end)

local function getting(id) return turns.getting(client, id) end

describe("client:gather", function()
  it("gives the results in the order of the functions, whichever ends first", function()
    local results, err = client:gather { getting "a5", getting "b1", getting "c3" }
    assert.same({ "spaces/a5", "spaces/b1", "spaces/c3", n = 3 }, results)
    assert.is_nil(err)
    assert.same({ "a5", "b1", "c3" }, started)
    assert.same({ "b1", "c3", "a5" }, ended)
  end)

  it("keeps the place of a function that returns nothing, nil or false", function()
    local results = client:gather { function() end, function() return nil end,
      function() return false end, function() return 4, "ignored" end }
    assert.same({ nil, nil, false, 4, n = 4 }, results)
  end)

  it("reads each function once, so that it runs the one that it has checked", function()
    local reads = 0
    local changing = setmetatable({}, { __len = function() return 1 end, __index = function()
      reads = reads + 1
      return reads == 1 and getting "a1" or nil
    end })
    assert.same({ "spaces/a1", n = 1 }, must(client:gather(changing)))
  end)

  it("gives an empty array for no functions", function()
    assert.same({ n = 0 }, client:gather {})
  end)

  it("returns as soon as the last function has ended", function()
    local before = require "cqueues".monotime()
    for _ = 1, 20 do assert(client:gather { function() return 1 end }) end
    assert.is_true(require "cqueues".monotime() - before < 1) -- 20 idle slices would be 2 s
  end)

  it("gives the first failure and cancels the other functions", function()
    local results, err = client:gather { getting "a9", getting "bad1", getting "b9" }
    assert.is_nil(results)
    assert.same({ "permission", 403 }, { err.kind, err.status })
    assert.same({ "bad1" }, ended)
  end)

  it("gives with a failure the results and errors of the other functions", function()
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

  it("reports a write that an inner gather abandoned when it is cancelled itself", function()
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

  it("does not report a second time what an inner gather has reported", function()
    local _, _, _, errors = client:gather { function()
      client:gather { getting "bad1", function()
        return client.spaces:patch("b9", { config = {} })
      end }
      return client.spaces:get "c9"
    end, getting "bad6" }
    assert.same({ "cancelled", nil }, { errors[1].kind, errors[1].ambiguous })
  end)

  it("raises a bug from the closing of a cancelled function", function()
    local function sour()
      local _ <close> = setmetatable({}, { __close = function() error("sour", 0) end })
      return client.spaces:get "a9"
    end
    assert.same({ false, "sour" }, { pcall(client.gather, client, { getting "bad1", sour }) })
  end)

  it("raises the first of several bugs from the closing of cancelled functions", function()
    local function sour(what)
      return function()
        local _ <close> = setmetatable({}, { __close = function() error(what, 0) end })
        return client.spaces:get "a9"
      end
    end
    assert.same({ false, "sour" }, { pcall(client.gather, client,
      { getting "bad1", sour "sour", sour "sourer" }) })
  end)

  it("ends a cancelled function that blocks below the one that failed", function()
    local after
    local _, err, _, errors = client:gather { function()
      table.sort({ 1, 2 }, function() assert(client:gather { getting "a3" }) end)
      coroutine.yield()
      after = true
    end, getting "bad0" }
    assert.same({ "permission", true, nil }, { err.kind, is_cancelled(errors[1]), after })
  end)

  it("takes a failed call in the closing of a cancelled function for part of its end", function()
    local _, _, _, errors = client:gather { getting "bad1", function()
      local _ <close> = setmetatable({}, { __close = function()
        must(client.spaces:get "bad")
      end })
      return client.spaces:patch("b9", { config = {} })
    end }
    assert.same({ "cancelled", true }, { errors[2].kind, errors[2].ambiguous })
  end)

  it("closes what a cancelled function holds, and never calls one that has not begun", function()
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

  it("raises any other error again unchanged, nil too", function()
    for _, bug in ipairs { "a bug", { "a table" }, 7 } do
      local raised, err = pcall(client.gather, client,
        { getting "a9", function() error(bug, 0) end })
      assert.same({ false, bug }, { raised, err })
    end
    -- Lua 5.5 raises a text in the place of nil.
    assert.same(table.pack(pcall(error)), table.pack(pcall(client.gather, client,
      { function() error() end, getting "a9" })))
    assert.same({}, ended)
  end)

  it("closes what a function held when it raised", function()
    local seen
    pcall(client.gather, client, { function()
      local _ <close> = setmetatable({}, { __close = function(_, err) seen = err end })
      error("a bug", 0)
    end })
    assert.equal("a bug", seen)
  end)

  it("runs every function to its end with collect, and gives the failures by index", function()
    local results, errors = client:gather({ getting "a2", getting "bad1",
      function() must(client.spaces:get "bad") end, getting "b1" }, { collect = true })
    assert.same({ "spaces/a2", nil, nil, "spaces/b1", n = 4 }, results)
    assert.same({ nil, "permission", "permission", nil },
      { errors[1], errors[2].kind, errors[3].kind, errors[4] })
  end)

  it("raises a bug with collect, too", function()
    local raised, err = pcall(client.gather, client,
      { getting "a9", function() error("a bug", 0) end }, { collect = true })
    assert.same({ false, "a bug" }, { raised, err })
  end)

  it("takes callable objects, and raises for anything else at the caller's line", function()
    local object = setmetatable({}, { __call = function() return "called" end })
    assert.same({ "called", n = 1 }, client:gather { object })
    for _, row in ipairs {
      { { { 1 } }, "gather: a function expected, got number" },
      { { { getting "a", nil, getting "b" } }, "gather: a function expected, got nil" },
      { { { [1] = getting "a", [3] = getting "b" } }, "gather: a function expected, got nil" },
      { {}, "gather: an array of functions expected, got nil" },
      { { {}, { colect = true } }, "unknown option 'colect'; did you mean 'collect'?" },
      { { {}, { deadline = -1 } },
        "gather: option 'deadline' must be a number of seconds above 0, got -1" },
      { { {}, { deadline = 0 / 0 } }, "must be a number of seconds above 0" },
      { { {}, { deadline = "5" } }, "option 'deadline': number expected, got string" },
    } do
      local _, message = pcall(function()
        client:gather(table.unpack(row[1], 1, 2))
        return nil
      end)
      assert.matches("^spec/core/task/gather_spec%.lua:%d+: ", message)
      assert.is_truthy(message:find(row[2], 1, true), message)
    end
    assert.same({}, started)
  end)

  it("runs the functions of an inner gather among all others", function()
    local results = assert(client:gather {
      function() return table.concat(assert(client:gather { getting "a3", getting "b1" }), " ") end,
      getting "c2",
    })
    assert.same({ "spaces/a3 spaces/b1", "spaces/c2", n = 2 }, results)
    assert.same({ "c2", "a3", "b1" }, started)
    assert.same({ "b1", "c2", "a3" }, ended)
  end)

  it("cancels the gathers inside a cancelled function", function()
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

  it("blocks in a generator inside a task, and runs the other tasks meanwhile", function()
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

  it("blocks in a callback of table.sort, and runs the other tasks meanwhile", function()
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

  it("blocks in a coroutine that the script has made", function()
    local own = coroutine.create(function() return assert(client:gather { getting "a3" })[1] end)
    assert.same({ true, "spaces/a3" }, { coroutine.resume(own) })
    assert.equal("dead", coroutine.status(own))
  end)

  it("goes on through full collections", function()
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

  it("resumes a transport and an api_key function that yield on the next turn", function()
    local resumed = 0
    open { api_key = function()
      for _ = 1, 3 do
        coroutine.yield "not for the scheduler"
        resumed = resumed + 1
      end
      return "test-key"
    end }
    assert(client:gather { getting "a2", getting "b1" })
    assert.same({ 6, { "b1", "a2" } }, { resumed, ended })
  end)

  it("lets a clock's sleep yield without moving another task's time", function()
    local now, departures = 0, {}
    local clock = { now = function() return now end, sleep = function(seconds)
      local until_then = now + seconds
      repeat
        coroutine.yield()
        now = now + 0.001 -- a host's clock goes on alone
      until now >= until_then
    end }
    client:close()
    client = assert(meet.new { api_key = "test-key", clock = clock, rate = { per_second = 2 },
      transport = function()
        departures[#departures + 1] = now
        return { status = 200, body = '{"name":"spaces/abc"}' }
      end })
    local functions = {}
    for i = 1, 6 do functions[i] = getting "a" end
    assert(client:gather(functions))
    for i = 3, 6 do assert.is_true(departures[i] - departures[i - 2] >= 1) end
  end)

  it("ends with kind cancelled when a function closes the client", function()
    local _, err = client:gather { getting "a9", function()
      coroutine.yield()
      client:close()
    end }
    assert.is_true(is_cancelled(err), tostring(err))
  end)

  it("raises what on_event raised", function()
    open { on_event = function() error("from the listener", 0) end }
    local raised, err = pcall(client.gather, client, { getting "a1", getting "b1" })
    assert.same({ false, "from the listener" }, { raised, err })
    assert.is_false(client:step(0))
  end)

  it("raises when every task waits for another one", function()
    local first, second
    first = client:submit(function() return second:result() end)
    second = client:submit(function() return first:result() end)
    local raised, message = pcall(first.result, first)
    assert.same({ false, "deadlock: every task waits for another one" }, { raised, message })
    first:cancel()
    assert.is_true(is_cancelled(select(2, second:result())))
  end)
end)
