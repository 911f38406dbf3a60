--- What spec/core/task/cut_spec.lua cuts: scenarios, each a name and a function that takes a client
-- on a simulated clock. The function returns what to cut (`act`), and `check`, which raises unless
-- every task has run once and ended.

local meet = require "googlemeet"
local turns = require "spec.support.turns"

--- Count the runs of functions by name.
local function counter()
  local ran = {}
  return ran, function(name, turns_needed)
    return function()
      for _ = 1, turns_needed or 0 do coroutine.yield() end
      ran[name] = (ran[name] or 0) + 1
      return name
    end
  end
end

--- Check that a submitted task has ended as it does uncut, or with the error that cut it.
local function check_ended(task, ran, name, at)
  assert(task:done(), ("at %d, %s never ended"):format(at, name))
  local ok, value = pcall(task.result, task)
  local was_cut = not ok and value == "cut"
  assert(was_cut or value == name, ("at %d, %s gave %s"):format(at, name, value))
  assert(ran[name] == 1 or was_cut and not ran[name],
    ("at %d, %s ran %s times"):format(at, name, ran[name]))
end

local function stepping(count, needed)
  return function(client)
    local ran, make = counter()
    local tasks = {}
    return {
      prepare = function()
        for index = 1, count do
          tasks[index] = client:submit(make(tostring(index), needed))
        end
      end,
      act = function() client:step(0) end,
      check = function(at)
        for index = 1, count do check_ended(tasks[index], ran, tostring(index), at) end
      end,
    }
  end
end

--- A call whose tasks its caller never sees: each ran once at most, for it may have been cut before
-- they began, and all of them unless the call was cut.
local function at_most_once(act)
  return function(client)
    local ran, make = counter()
    return {
      act = function() act(client, make) end,
      check = function(at)
        for name, count in pairs(ran) do
          assert(count == 1, ("at %d, %s ran %d times"):format(at, name, count))
        end
      end,
    }
  end
end

local cuts = {
  { "a step with one task", stepping(1, 0) },
  { "a step with a task that yields", stepping(1, 2) },
  { "a step with two tasks", stepping(2, 1) },
  { "steps of three tasks", function(client)
    local trial = stepping(3, 2)(client)
    trial.act = function() while client:step(0) do end end
    return trial
  end },
  { "poll_set", function(client)
    local trial = stepping(2, 1)(client)
    trial.act = function() client:poll_set() end
    return trial
  end },
  { "result", function(client)
    local ran, make = counter()
    local first, second
    return {
      prepare = function()
        first, second = client:submit(make("1", 2)), client:submit(make("2", 1))
      end,
      act = function() first:result() end,
      check = function(at)
        check_ended(first, ran, "1", at)
        check_ended(second, ran, "2", at)
      end,
    }
  end },
  { "cancel", function(client)
    local ran, make = counter()
    local first, second
    return {
      prepare = function()
        first, second = client:submit(make("1", 9)), client:submit(make("2", 1))
        client:step(0)
      end,
      act = function() first:cancel() end,
      check = function(at)
        local _, err = first:result()
        assert(first:done() and (ran["1"] or turns.is_cancelled(err)), at)
        check_ended(second, ran, "2", at)
      end,
    }
  end },
  { "submit and result", at_most_once(function(client, make)
    client:submit(make("1", 1)):result()
  end) },
  { "gather", at_most_once(function(client, make)
    client:gather { make("1", 1), make("2", 0), make("3", 2) }
  end) },
  { "a gather that fails", at_most_once(function(client, make)
    client:gather { make("1", 3), function() return nil, "enough" end, make("2", 1) }
  end) },
  { "a gather in a gather", at_most_once(function(client, make)
    client:gather {
      function() return client:gather { make("1", 1), make("2", 0) } end, make("3", 1),
    }
  end) },
  { "map", at_most_once(function(client, make)
    client:map({ "1", "2", "3", "4" }, function(name) return make(name, 1)() end,
      { concurrency = 2 })
  end) },
  { "a gather out of time", at_most_once(function(client, make)
    client:gather({ make("1", 0), function() client:sleep(2) end, make("2", 1) }, { deadline = 1 })
  end) },
  { "a map out of time by the machine's clock", at_most_once(function(_, make)
    local real <close> = assert(meet.new { api_key = "k", transport = print })
    real:map({ "1", "2" }, function(name)
      make(name, 0)()
      real:sleep(60)
    end, { deadline = 0.0001, collect = true })
  end) },
  { "the result of a cancelled map", function(client)
    local ran, make = counter()
    local task
    return {
      prepare = function()
        task = client:submit(client.map, client, { "1", "2" }, function(name)
          return make(name, name == "1" and 0 or 9)()
        end)
        for _ = 1, 3 do client:step(0) end
        task:cancel()
      end,
      act = function() task:result() end,
      check = function(at)
        local _, err, partial, errors = task:result()
        assert(turns.is_cancelled(err) and partial[1] == "1" and turns.is_cancelled(errors[2])
          and ran["1"] == 1 and not ran["2"], at)
      end,
    }
  end },
  { "first use", at_most_once(function(client, make)
    package.loaded["googlemeet.tasks"], package.loaded["googlemeet.scheduler"] = nil, nil
    client:submit(make("1", 1))
    client:step(0)
  end) },
  { "sleeps", function()
    local client = assert(meet.new { api_key = "k", transport = print })
    local ran, make = counter()
    local task
    return {
      prepare = function()
        task = client:submit(function()
          client:sleep(0.0001)
          return make("1", 1)()
        end)
        client:step(0)
      end,
      act = function() client:sleep(0.0002) end,
      check = function(at)
        while not task:done() do assert(client:step(0), at) end
        check_ended(task, ran, "1", at)
        client:close()
      end,
    }
  end },
  { "calls in a gather", at_most_once(function(client)
    client:gather { turns.getting(client, "a1"), turns.getting(client, "b2") }
  end) },
}

--- What host coroutines run, several at once.
cuts.hosts = {
  { "submit and step", function(client)
    return function()
      for _ = 1, 3 do
        local runs = 0
        local task = client:submit(function()
          coroutine.yield()
          runs = runs + 1
          return client.spaces:get "a1"
        end)
        while not task:done() do client:step(0) end
        assert(task:result().name == "spaces/a1" and runs == 1)
      end
    end
  end },
  { "submit and result", function(client)
    return function()
      for _ = 1, 3 do
        local task = client:submit(turns.getting(client, "a2"))
        assert(task:result() == "spaces/a2")
      end
    end
  end },
  { "gather", function(client)
    return function()
      local runs = 0
      local function count()
        coroutine.yield()
        runs = runs + 1
        return runs
      end
      assert(client:gather { count, turns.getting(client, "a1"), count, function()
        return client:gather { count, turns.getting(client, "b1") }
      end })
      assert(runs == 3)
    end
  end },
  { "map", function(client)
    return function()
      local results = assert(client:map({ "a1", "b0", "c2" }, function(id)
        return turns.getting(client, id)()
      end, { concurrency = 2 }))
      assert(table.concat(results, " ") == "spaces/a1 spaces/b0 spaces/c2")
    end
  end },
  { "gather out of time", function(client)
    return function()
      local _, err, partial, errors = client:gather({ turns.getting(client, "a1"), function()
        client:sleep(2)
        while true do coroutine.yield() end
      end }, { deadline = 1 })
      assert(err.kind == "deadline" and partial.n == 2 and errors[2].kind == "deadline")
    end
  end },
  { "cancel", function(client)
    return function()
      local task = client:submit(turns.getting(client, "a9"))
      client:step(0)
      task:cancel()
      assert(turns.is_cancelled(select(2, task:result())))
    end
  end },
  { "plain Lua, as a control", function()
    return function()
      local queue, sum = {}, 0
      for index = 1, 300 do queue[#queue + 1] = { index } end
      while #queue > 0 do sum = sum + table.remove(queue)[1] end
      assert(sum == 45150)
    end
  end },
}

return cuts
