--- Runs tasks: coroutines that give way to one another where they wait for
-- the network. One scheduler a Lua state; what it knows is kept in `core.shared.scheduler`.
--
-- A task is { thread, arguments, group, … }; its outcome is `values` (packed),
-- or `failure`: what it raised, or the err of `nil, err`.

local core = require "googlemeet.core"

local scheduler = {}

--- Seconds that a turn lasts when every task merely asked for its next turn.
local IDLE_TURN = 0.001

--- The scheduler's books: `ready` is a queue, `of` finds a thread's task.
function scheduler.books()
  local known = core.shared.scheduler
  if not known.of then
    known.of, known.ready, known.first, known.last, known.awake = {}, {}, 1, 0, {}
    known.idle = 0 -- how many in `ready` only asked for another turn
    known.alarms = {} -- alarm -> true; an alarm is { at =, waiters =, is_over = }
  end
  return known
end

local function make_ready(known, task, is_idle)
  if task.done or task.is_ready then return end
  task.is_ready, task.is_idle = true, is_idle
  if is_idle then known.idle = known.idle + 1 end
  known.last = known.last + 1
  known.ready[known.last] = task
end

--- Threads that the core says can go on; `awake` is emptied one by one.
local function make_awake_ready(known)
  local awake = known.awake
  for index = #awake, 1, -1 do
    local task = known.of[awake[index]]
    if task then make_ready(known, task) end
    awake[index] = nil
  end
end

--- The first task in line; nil where a turn within a turn has taken them all.
local function take_ready(known)
  local task = known.ready[known.first]
  if not task then return nil end
  known.ready[known.first] = nil
  known.first = known.first + 1
  if known.first > known.last then known.first, known.last = 1, 0 end
  if task.is_idle then known.idle = known.idle - 1 end
  task.is_ready, task.is_idle = false, false
  return task
end

--- A raised value that is the module's own error table: no bug of the script.
function scheduler.is_error_table(value)
  local metatable = getmetatable(value)
  return type(metatable) == "table" and metatable.__name == "googlemeet.error"
end

local function finish(known, task, ok, ...)
  task.done = true
  known.of[task.thread] = nil
  if not ok then
    task.failure, task.raised = (...), not scheduler.is_error_table((...))
  elseif (...) == nil and select(2, ...) ~= nil then
    task.failure = select(2, ...)
  else
    task.values = table.pack(...)
  end
  if task.on_done then task.on_done(task) end
end

--- Close the thread of a task that ended in an error, or is to end: what it
-- holds in <close> variables, a request it waits for, goes with it.
---@return boolean ok
---@return any raised
local function close(task, raised)
  local ok, replaced = coroutine.close(task.thread)
  if ok then return raised == nil, raised end -- Lua before 5.4.3 forgets the error
  return false, replaced
end

--- What a cancelled task comes to; `given_up` is how many writes were before its thread was closed.
local function cancelled(task, given_up)
  local err = core.error.new("cancelled", "the task was cancelled")
  if task.gave_up or core.task.abandoned_writes() > given_up then
    err.ambiguous = true
    err.hint = "a write of it may have happened: look before you send it again"
  end
  return err
end

function scheduler.cancel(task)
  if task.done or task.is_cancelled then return end
  task.is_cancelled = true -- one that runs ends where it next gives way
  if coroutine.status(task.thread) ~= "suspended" then return end
  local given_up = core.task.abandoned_writes()
  local ok, raised = close(task)
  if ok or scheduler.is_error_table(raised) then -- a call that failed while it was closed
    finish(scheduler.books(), task, true, nil, cancelled(task, given_up))
  else
    finish(scheduler.books(), task, false, raised)
  end
end

--- What core.task.resume gave.
local function after_turn(known, task, how, ...)
  if how == "ended" then
    finish(known, task, true, ...)
  elseif how == "failed" and coroutine.status(task.thread) == "dead" then
    finish(known, task, false, select(2, close(task, (...))))
  elseif task.is_cancelled then
    task.is_cancelled = false
    scheduler.cancel(task)
  elseif how ~= "waits" and not task.is_parked then
    make_ready(known, task, true) -- a bare yield: the next turn, please
  end
end

function scheduler.wake(known, waiters)
  for index, task in ipairs(waiters) do
    make_ready(known, task)
    waiters[index] = nil
  end
end

--- Let a task run until it gives way. An interrupt may end this function
-- anywhere: `known.running` then still tells which task it was.
local function resume(known, task)
  if task.done or task.is_cancelled then return end
  local before, arguments = known.running, task.arguments
  known.running = task
  if arguments then
    task.arguments = nil
    after_turn(known, task,
      core.task.resume(task.thread, table.unpack(arguments, 1, arguments.n)))
  else
    after_turn(known, task, core.task.resume(task.thread))
  end
  known.running = before
end

--- Ctrl-C may have cut a turn short between any two instructions: the task
-- that had just given way, or ended, would be forgotten. One that only waits
-- does not mind another turn.
local Turn = { __close = function(self)
  local known, task = self.known, self.known.running
  if task == self.running then return end
  known.running = self.running
  if task.done then return end
  after_turn(known, task, "failed", core.error.new("cancelled", "interrupted"))
end }

--- One turn of every task that is ready now.
function scheduler.run_ready(known)
  local _ <close> = setmetatable({ known = known, running = known.running }, Turn)
  make_awake_ready(known) -- what the last turn did not come to
  for _ = known.first, known.last do
    local task = take_ready(known)
    if not task then return end
    resume(known, task)
  end
end

--- How long to wait at the most, with what is ready already.
function scheduler.patience(known, seconds)
  local ready = known.last - known.first + 1
  if ready > known.idle then return 0 end
  if ready > 0 then seconds = math.min(seconds, IDLE_TURN) end
  if next(known.alarms) == nil then return seconds end
  local now = core.now()
  for alarm in pairs(known.alarms) do seconds = math.min(seconds, math.max(0, alarm.at - now)) end
  return seconds
end

--- Alarms that are due; the rest may go on waiting.
local function ring(known)
  if next(known.alarms) == nil then return end
  local now = core.now()
  for alarm in pairs(known.alarms) do
    if alarm.at <= now then
      known.alarms[alarm], alarm.is_over = nil, true
      scheduler.wake(known, alarm.waiters)
    end
  end
end

--- Drive the network for up to `seconds`.
---@return boolean whether anything is left to wait for
function scheduler.drive(known, seconds)
  local waiting = core.task.step(scheduler.patience(known, seconds), known.awake)
  make_awake_ready(known)
  ring(known)
  return waiting > 0 or known.first <= known.last or next(known.alarms) ~= nil
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
  local known = scheduler.books()
  if type(f) ~= "function" then
    local object = f
    f = function(...) return object(...) end
  end
  local task = {
    thread = coroutine.create(f), arguments = table.pack(...), on_done = on_done, done = false,
  }
  known.of[task.thread] = task
  make_ready(known, task)
  return task
end

--- The task that this very thread is, if it may give way.
function scheduler.current(known)
  local task = known.running
  if task and task.thread == coroutine.running() and coroutine.isyieldable() then return task end
  return nil
end

--- Cancel tasks that another one, `host`, looks after: it knows what they gave up once it goes
-- on, and if it never does, it has given that up itself.
function scheduler.cancel_for(host, tasks)
  local given_up = core.task.abandoned_writes()
  for task in pairs(tasks) do
    tasks[task] = nil
    scheduler.cancel(task)
  end
  if host and core.task.abandoned_writes() > given_up then host.gave_up = true end
end

--- Wait until `is_over()`: a task gives way, anybody else drives the scheduler.
function scheduler.await(known, is_over, waiters)
  local task = scheduler.current(known)
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
    scheduler.run_ready(known)
    if is_over() then return end
    if not scheduler.drive(known, 0.1) and not is_over() then
      error("every task waits for another one", 0)
    end
  end
end

--- Wait for `seconds`, on the machine's clock.
function scheduler.sleep(seconds)
  local known = scheduler.books()
  local alarm = { at = core.now() + seconds, waiters = {} }
  local _ <close> = setmetatable({}, { __close = function() known.alarms[alarm] = nil end })
  known.alarms[alarm] = true
  scheduler.await(known, function() return alarm.is_over end, alarm.waiters)
end

return scheduler
