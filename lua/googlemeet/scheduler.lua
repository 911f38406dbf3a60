--- Runs tasks: coroutines that yield to each other while they wait for the network.
-- There is one scheduler in a Lua state; its state is kept in `core.shared.scheduler`.
--
-- A task is { thread, arguments, group, … }. Its outcome is `values` (packed), or `failure`: the
-- raised value, or the err of `nil, err`.

local core = require "googlemeet.core"

local scheduler = {}

--- Seconds that a turn lasts when every task only asked for its next turn.
local IDLE_TURN = 0.001

--- Return the scheduler's state: `ready` is the run queue, `of` maps a thread to its task.
function scheduler.state()
  local state = core.shared.scheduler
  if not state.of then
    state.of, state.ready, state.first, state.last = {}, {}, 1, 0
    state.idle = 0 -- how many in `ready` only asked for another turn
    state.runnable = {} -- threads that the core has reported, not queued yet
    state.timers = {} -- timer -> true; a timer is { at =, waiters =, is_over = }
  end
  return state
end

local function make_ready(state, task, is_idle)
  if task.done or task.is_ready then return end
  task.is_ready, task.is_idle = true, is_idle
  if is_idle then state.idle = state.idle + 1 end
  state.last = state.last + 1
  state.ready[state.last] = task
end

--- Queue the threads that the core reports as runnable. An interrupt may end this function; the
-- rest of the list is then kept.
local function queue_runnable(state)
  local runnable = state.runnable
  for index = #runnable, 1, -1 do
    local task = state.of[runnable[index]]
    if task then make_ready(state, task) end
    runnable[index] = nil
  end
end

--- Take the first task in the queue; nil when a turn inside this turn has taken them all.
local function take_ready(state)
  local task = state.ready[state.first]
  if not task then return nil end
  state.ready[state.first] = nil
  state.first = state.first + 1
  if state.first > state.last then state.first, state.last = 1, 0 end
  if task.is_idle then state.idle = state.idle - 1 end
  task.is_ready, task.is_idle = false, false
  return task
end

--- Say whether a raised value is an error table of this module, and so not a bug in the script.
function scheduler.is_error_table(value)
  local metatable = getmetatable(value)
  return type(metatable) == "table" and metatable.__name == "googlemeet.error"
end

local function finish(state, task, ok, ...)
  task.done = true
  state.of[task.thread] = nil
  if not ok then
    task.failure, task.raised = (...), not scheduler.is_error_table((...))
  elseif (...) == nil and select(2, ...) ~= nil then
    task.failure = select(2, ...)
  else
    task.values = table.pack(...)
  end
  if task.on_done then task.on_done(task) end
end

--- Close the thread of a task that has failed or is cancelled. This closes its <close> variables,
-- and with them the request it waits for.
---@return boolean ok
---@return any raised
local function close(task, raised)
  local ok, replaced = coroutine.close(task.thread)
  if ok then return raised == nil, raised end -- Lua before 5.4.3 forgets the error
  return false, replaced
end

--- Make the error of a cancelled task. `abandoned_before` is the count of abandoned writes before
-- its thread was closed.
local function cancelled(task, abandoned_before)
  local err = core.error.new("cancelled", "the task was cancelled")
  if task.abandoned_write or core.task.abandoned_writes() > abandoned_before then
    err.ambiguous = true
    err.hint = "a write of the task may have been applied: check before retrying"
  end
  return err
end

function scheduler.cancel(task)
  if task.done or task.is_cancelled then return end
  task.is_cancelled = true -- a running task ends when it next yields
  if coroutine.status(task.thread) ~= "suspended" then return end
  local abandoned_before = core.task.abandoned_writes()
  local ok, raised = close(task)
  if ok or scheduler.is_error_table(raised) then -- or a call failed while it was closed
    finish(scheduler.state(), task, true, nil, cancelled(task, abandoned_before))
  else
    finish(scheduler.state(), task, false, raised)
  end
end

--- Handle the results of `core.task.resume`.
local function after_turn(state, task, how, ...)
  if how == "ended" then
    finish(state, task, true, ...)
  elseif how == "failed" and coroutine.status(task.thread) == "dead" then
    finish(state, task, false, select(2, close(task, (...))))
  elseif task.is_cancelled then
    task.is_cancelled = false
    scheduler.cancel(task)
  elseif how ~= "waits" and not task.is_parked then
    make_ready(state, task, true) -- a bare yield asks for the next turn
  end
end

function scheduler.wake(state, waiters)
  for index, task in ipairs(waiters) do
    make_ready(state, task)
    waiters[index] = nil
  end
end

--- Run a task until it yields. An interrupt may end this function anywhere: `state.running` then
-- still names the task.
local function resume(state, task)
  if task.done or task.is_cancelled then return end
  local before, arguments = state.running, task.arguments
  state.running = task
  if arguments then
    task.arguments = nil
    after_turn(state, task,
      core.task.resume(task.thread, table.unpack(arguments, 1, arguments.n)))
  else
    after_turn(state, task, core.task.resume(task.thread))
  end
  state.running = before
end

--- Repairs a turn that Ctrl-C cut short between any two instructions: without it, the task that had
-- just yielded or ended would be lost. A task that only waits is not harmed by another turn.
local Turn = { __close = function(self)
  local state, task = self.state, self.state.running
  if task == self.running then return end
  state.running = self.running
  if task.done then return end
  after_turn(state, task, "failed", core.error.new("cancelled", "interrupted"))
end }

--- Run one turn of every task that is ready now.
function scheduler.run_ready(state)
  local _ <close> = setmetatable({ state = state, running = state.running }, Turn)
  queue_runnable(state) -- what an interrupted turn has left
  for _ = state.first, state.last do
    local task = take_ready(state)
    if not task then return end
    resume(state, task)
  end
end

--- Return how long the network may be waited for, at most `seconds`, given what is ready and when
-- the next timer is due.
function scheduler.max_wait(state, seconds)
  local ready = state.last - state.first + 1
  if ready > state.idle then return 0 end
  if ready > 0 then seconds = math.min(seconds, IDLE_TURN) end
  if next(state.timers) == nil then return seconds end
  local now = core.now()
  for timer in pairs(state.timers) do seconds = math.min(seconds, math.max(0, timer.at - now)) end
  return seconds
end

--- Wake the tasks whose timers are due.
local function fire_timers(state)
  if next(state.timers) == nil then return end
  local now = core.now()
  for timer in pairs(state.timers) do
    if timer.at <= now then
      state.timers[timer], timer.is_over = nil, true
      scheduler.wake(state, timer.waiters)
    end
  end
end

--- Drive the network for up to `seconds`.
---@return boolean is_left whether anything is left to wait for
function scheduler.drive(state, seconds)
  local waiting = core.task.step(scheduler.max_wait(state, seconds), state.runnable)
  queue_runnable(state)
  fire_timers(state)
  return waiting > 0 or state.first <= state.last or next(state.timers) ~= nil
end

function scheduler.is_callable(f)
  local metatable = getmetatable(f)
  return type(f) == "function" or type(metatable) == "table" and metatable.__call ~= nil
end

function scheduler.check_callable(caller, f)
  if scheduler.is_callable(f) then return end
  error(("%s: a function expected, got %s"):format(caller, type(f)), 3)
end

function scheduler.start(f, on_done, ...)
  local state = scheduler.state()
  if type(f) ~= "function" then
    local object = f
    f = function(...) return object(...) end
  end
  local task = {
    thread = coroutine.create(f), arguments = table.pack(...), on_done = on_done, done = false,
  }
  state.of[task.thread] = task
  make_ready(state, task)
  return task
end

--- Return the task that runs in this very thread, if it can yield.
function scheduler.current(state)
  local task = state.running
  if task and task.thread == coroutine.running() and coroutine.isyieldable() then return task end
  return nil
end

--- Cancel the tasks of `parent`. It learns whether they abandoned a write when it continues; if it
-- never does, the write counts as its own.
function scheduler.cancel_for(parent, tasks)
  local abandoned_before = core.task.abandoned_writes()
  for task in pairs(tasks) do
    tasks[task] = nil
    scheduler.cancel(task)
  end
  if parent and core.task.abandoned_writes() > abandoned_before then
    parent.abandoned_write = true
  end
end

--- Wait until `is_over()`. A task yields; any other thread drives the scheduler.
function scheduler.await(state, is_over, waiters)
  local task = scheduler.current(state)
  if task then
    while not is_over() do
      waiters[#waiters + 1] = task
      task.is_parked = true
      coroutine.yield()
      task.is_parked = false
    end
    return
  end
  while not is_over() do
    scheduler.run_ready(state)
    if is_over() then return end
    if not scheduler.drive(state, 0.1) and not is_over() then
      error("deadlock: every task waits for another one", 0)
    end
  end
end

--- Wait for `seconds` on the machine's clock.
function scheduler.sleep(seconds)
  local state = scheduler.state()
  local timer = { at = core.now() + seconds, waiters = {} }
  local _ <close> = setmetatable({}, { __close = function() state.timers[timer] = nil end })
  state.timers[timer] = true
  scheduler.await(state, function() return timer.is_over end, timer.waiters)
end

return scheduler
