-- client:submit: tasks that a host starts, awaits and cancels.

local turns = require "spec.support.turns"

local must, is_cancelled = turns.must, turns.is_cancelled

local client, ended, started

before_each(function() client, ended, started = turns.open() end)
after_each(function() client:close() end)

local function getting(id) return turns.getting(client, id) end

describe("client:submit", function()
  it("starts the task at the first step and runs it to its result", function()
    local task = client:submit(getting "a2")
    assert.same({ {}, false }, { started, task:done() })
    while client:step(0) do assert.equal("a2", started[1]) end
    assert.is_true(task:done())
    assert.equal("spaces/a2", task:result())
    assert.equal("spaces/a2", task:result())
  end)

  it("passes its arguments to the function, and keeps every result", function()
    local task = client:submit(function(...) return select("#", ...), ... end, 1, nil, 3, nil)
    assert.same({ 4, 1, nil, 3, nil, n = 5 }, table.pack(task:result()))
  end)

  it("raises for anything but a function at the caller's line", function()
    local _, message = pcall(function()
      client:submit {}
      return nil
    end)
    assert.matches("^spec/core/task/submit_spec%.lua:%d+: submit: a function expected, got table",
      message)
  end)

  it("runs the task when nobody keeps its handle", function()
    client:submit(getting "a2")
    collectgarbage()
    while client:step(0) do collectgarbage() end
    assert.same({ "a2" }, ended)
  end)

  it("gives a handle that shows methods only", function()
    local task = client:submit(getting "a")
    assert.same({ "function", "function", "function", nil },
      { type(task.done), type(task.result), type(task.cancel), task.thread })
    task:cancel()
  end)
end)

describe("task:result", function()
  it("gives nil and the error, or raises the bug, at each call", function()
    local refused = client:submit(getting "bad")
    local raised = client:submit(function() must(client.spaces:get "bad") end)
    local bug = client:submit(function() error("a bug", 0) end)
    for _ = 1, 2 do
      assert.equal("permission", select(2, refused:result()).kind)
      assert.equal("permission", select(2, raised:result()).kind)
      assert.same({ false, "a bug" }, { pcall(bug.result, bug) })
    end
  end)

  it("serves several tasks that wait for it at once", function()
    local task = client:submit(getting "a3")
    local function await() return task:result() end
    assert.same({ "spaces/a3", "spaces/a3", "spaces/a3", n = 3 },
      client:gather { await, await, function() return coroutine.wrap(await)() end })
  end)
end)

describe("task:cancel", function()
  it("ends the task with kind cancelled, before it began and in the middle", function()
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

  it("marks the error ambiguous when a write of the task may have happened", function()
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

  it("ends the task that calls it where that next yields", function()
    local task, after
    task = client:submit(function()
      task:cancel()
      task:cancel()
      local before = task:done()
      coroutine.yield()
      after = before
    end)
    assert.is_true(is_cancelled(select(2, task:result())))
    assert.is_nil(after)
  end)

  it("changes nothing when the task has ended", function()
    local task = client:submit(function() return 5 end)
    assert.equal(5, task:result())
    task:cancel()
    assert.equal(5, task:result())
  end)

  it("gives the same error at each call", function()
    local task = client:submit(getting "a9")
    task:cancel()
    assert.equal((select(2, task:result())), (select(2, task:result())))
  end)

  it("wakes the tasks that wait for the result", function()
    local task = client:submit(getting "a9")
    local waiter = client:submit(function() return task:result() end)
    client:step(0)
    task:cancel()
    assert.is_true(is_cancelled(select(2, waiter:result())))
  end)

  it("leaves an error raised in the closing to the result", function()
    local sour = client:submit(function()
      local _ <close> = setmetatable({}, { __close = function() error("sour", 0) end })
      coroutine.yield()
    end)
    client:step(0)
    sour:cancel()
    assert.same({ false, "sour" }, { pcall(sour.result, sour) })
  end)

  it("lets the task make a call while it closes", function()
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

  it("ends the gathers inside the task", function()
    turns.settle(client)
    local task = client:submit(function() return client:gather { getting "a9", getting "b9" } end)
    for _ = 1, 3 do client:step(0) end
    assert.same({ "a9", "b9" }, started)
    task:cancel()
    assert.is_false(client:step(0) and client:step(0))
    assert.same({}, ended)
  end)
end)
