--- Many calls at once: functions run as coroutines that give way to one
-- another where they wait for the network. One scheduler a Lua state; what it
-- knows is kept in `core.tasks`.
--
-- A task is { thread, arguments, group, … }; its outcome is `values` (packed),
-- or `failure`: what it raised, or the err of `nil, err`.

local core = require "googlemeet.core"

local tasks = {}

--- Seconds that a turn lasts when every task merely asked for its next turn.
local IDLE_TURN = 0.001

--- Most seconds that a host loop is told to wait: nothing is to come by then, yet a number is due.
local LONGEST_PAUSE = 1

local Task = {}
local METATABLE = { __name = "googlemeet.task", __index = Task }

--- The scheduler's books: `ready` is a queue, `of` finds a thread's task.
local function books()
  local known = core.tasks
  if not known.of then
    known.of, known.ready, known.first, known.last, known.awake = {}, {}, 1, 0, {}
    known.idle = 0 -- how many in `ready` only asked for another turn
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
  while #awake > 0 do
    local task = known.of[awake[#awake]]
    if task then make_ready(known, task) end
    awake[#awake] = nil
  end
end

local function take_ready(known)
  local task = known.ready[known.first]
  known.ready[known.first] = nil
  known.first = known.first + 1
  if known.first > known.last then known.first, known.last = 1, 0 end
  if task.is_idle then known.idle = known.idle - 1 end
  task.is_ready, task.is_idle = false, false
  return task
end

--- A raised value that is the module's own error table: no bug of the script.
local function is_error_table(value)
  local metatable = getmetatable(value)
  return type(metatable) == "table" and metatable.__name == "googlemeet.error"
end

local function finish(known, task, ok, ...)
  task.done = true
  known.of[task.thread] = nil
  if not ok then
    task.failure, task.raised = (...), not is_error_table((...))
  elseif (...) == nil and select(2, ...) ~= nil then
    task.failure = select(2, ...)
  else
    task.values = table.pack(...)
  end
  if task.on_done then task.on_done(task) end
end

--- Cancel a task: its thread is closed, and with it what it waited for.
local function cancel(task)
  if task.done then return end
  local known = books()
  if coroutine.status(task.thread) == "suspended" then
    coroutine.close(task.thread)
    finish(known, task, true, nil, core.error("cancelled", "the task was cancelled"))
  else
    task.is_cancelled = true -- it runs: it ends where it next gives way
  end
end

local function after_turn(known, task, ok, ...)
  if coroutine.status(task.thread) == "dead" then
    finish(known, task, ok, ...)
  elseif task.is_cancelled then
    cancel(task)
  elseif not core.task_waits(task.thread) and not task.is_parked then
    make_ready(known, task, true) -- a bare yield: the next turn, please
  end
end

local function resume(known, task)
  if task.done then return end
  local arguments = task.arguments
  local before = known.running
  known.running = task
  task.arguments = nil
  core.task_enter(task.thread)
  if arguments then
    after_turn(known, task, coroutine.resume(task.thread, table.unpack(arguments, 1, arguments.n)))
  else
    after_turn(known, task, coroutine.resume(task.thread))
  end
  known.running = before
  core.task_enter(before and before.thread)
end

--- Ctrl-C may have cut a turn short between any two instructions: the task
-- that had just given way, or ended, would be forgotten.
local Turn = { __close = function(self)
  local known, task = self.known, self.known.running
  if task == self.running then return end
  known.running = self.running
  core.task_enter(self.running and self.running.thread)
  if not task.done then after_turn(known, task, false, core.error("cancelled", "interrupted")) end
end }

--- One turn of every task that is ready now, then the network for up to `seconds`,
-- or for a moment when `is_over()`, if given, tells that nobody waits any more.
---@return boolean whether anything is left to wait for
local function turn(known, seconds, is_over)
  local _ <close> = setmetatable({ known = known, running = known.running }, Turn)
  make_awake_ready(known) -- what the last turn did not come to
  for _ = known.first, known.last do resume(known, take_ready(known)) end
  local ready = known.last - known.first + 1
  if ready > known.idle or is_over and is_over() then
    seconds = 0
  elseif ready > 0 then
    seconds = math.min(seconds, IDLE_TURN)
  end
  local waiting = core.task_step(seconds, known.awake)
  make_awake_ready(known)
  return waiting > 0 or known.first <= known.last
end

local function start(f, on_done, ...)
  local known = books()
  local task = setmetatable({
    thread = coroutine.create(f), arguments = table.pack(...), on_done = on_done, done = false,
  }, METATABLE)
  known.of[task.thread] = task
  make_ready(known, task)
  return task
end

--- The task that this very thread is, if it may give way.
local function current(known)
  local task = known.running
  if task and task.thread == coroutine.running() and coroutine.isyieldable() then return task end
  return nil
end

--- Wait until `is_over()`: a task gives way, anybody else drives the scheduler.
local function await(known, is_over, waiters)
  local task = current(known)
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
    if not turn(known, 0.1, is_over) and not is_over() then
      error("every task waits for another one", 0)
    end
  end
end

local function wake(known, waiters)
  for index, task in ipairs(waiters) do
    make_ready(known, task)
    waiters[index] = nil
  end
end

--- What the function returned; blocks until it has.
-- An error that it raised as a table of this module, or returned behind nil,
-- comes back as nil, err; anything else that it raised is raised again.
function Task:result()
  local known = books()
  self.waiters = self.waiters or {}
  await(known, function() return self.done end, self.waiters)
  if self.raised then error(self.failure, 0) end
  if self.failure ~= nil then return nil, self.failure end
  return table.unpack(self.values, 1, self.values.n)
end

function Task:cancel()
  cancel(self)
  return true
end

--- Handles show methods only: `done()` of the face, beside the field.
local Handle = { __name = "googlemeet.task", __index = {} }

function Handle.__index:done() return self.task.done end
function Handle.__index:result() return self.task:result() end
function Handle.__index:cancel() return self.task:cancel() end

--- Start a task for a host that drives the loop itself.
---@param f function called with the arguments that follow
function tasks.submit(f, ...)
  local known = books()
  local task = start(f, function(ended)
    if ended.waiters then wake(known, ended.waiters) end
  end, ...)
  return setmetatable({ task = task }, Handle)
end

--- Run what is ready and drive the network, for no longer than `seconds`.
---@return boolean whether anything is left to do
function tasks.step(seconds)
  return turn(books(), seconds or 0)
end

--- What a host loop has to watch, and after how many seconds to step anyway.
-- A socket may be closed in a step, and its number be another one's after it.
---@return { fd: integer, read: boolean, write: boolean }[] sockets
---@return number seconds
function tasks.poll_set()
  local known = books()
  local sockets, seconds = core.poll_set()
  local ready = known.last - known.first + 1
  if ready > known.idle then
    seconds = 0
  elseif ready > 0 then
    seconds = math.min(seconds, IDLE_TURN)
  end
  return sockets, math.min(seconds, LONGEST_PAUSE)
end

--- A group of tasks whose first failure cancels the rest.
local function new_group(collect)
  return { collect = collect, members = {}, pending = 0, waiters = {} }
end

local function cancel_members(group)
  for task in pairs(group.members) do
    group.members[task] = nil
    cancel(task)
  end
end

local function add(group, f, keep, ...)
  local known = books()
  group.pending = group.pending + 1
  local task = start(f, function(ended)
    group.pending = group.pending - 1
    group.members[ended] = nil
    keep(ended)
    if ended.failure ~= nil and not group.failed and (ended.raised or not group.collect) then
      group.failed = ended
      cancel_members(group)
    end
    if group.pending == 0 then wake(known, group.waiters) end
  end, ...)
  group.members[task] = true
end

--- Wait for the group; what it gives is `results`, or nil and the first failure.
local function settle(group, results, errors)
  local guard <close> = setmetatable({}, { __close = function() cancel_members(group) end })
  await(books(), function() return group.pending == 0 end, group.waiters)
  local failed = group.failed
  if failed and failed.raised then error(failed.failure, 0) end
  if failed then return nil, failed.failure end
  if group.collect then return results, errors end
  return results, guard and nil
end

local function check_function(caller, f)
  if type(f) ~= "function" and not (getmetatable(f) or {}).__call then
    error(("%s: a function expected, got %s"):format(caller, type(f)), 3)
  end
end

--- Run functions at once; array of their first results, `n` of them, in order.
-- The first failure (nil, err, or a raised error table) cancels the rest and
-- is returned; with `collect = true` all run to their ends and a second table
-- holds the failures by index.
---@param functions function[]
---@param opts? { collect?: boolean }
---@return table|nil results
---@return any err
function tasks.gather(functions, opts)
  local group = new_group(opts and opts.collect)
  local results, errors = { n = #functions }, {}
  for _, f in ipairs(functions) do check_function("gather", f) end
  for index, f in ipairs(functions) do
    add(group, f, function(task)
      results[index] = task.values and task.values[1]
      errors[index] = task.failure
    end)
  end
  return settle(group, results, errors)
end

--- Next item of an array or an iterator, with its index.
local function source_of(source)
  local index = 0
  if type(source) == "table" and not (getmetatable(source) or {}).__call then
    return function()
      index = index + 1
      return source[index], index
    end
  end
  return function()
    local item = source()
    index = index + 1
    return item, index
  end
end

--- Take items in turn: an iterator may give way inside, and must not be
-- entered again meanwhile.
local function one_at_a_time(take)
  local known, waiters, is_taken = books(), {}, false
  return function()
    await(known, function() return not is_taken end, waiters)
    is_taken = true
    local _ <close> = setmetatable({}, { __close = function()
      is_taken = false
      wake(known, waiters)
    end })
    return take()
  end
end

--- Value, or nil and err: of `nil, err` and of a raised error table alike.
local function call(f, ...)
  local ok, value, err = pcall(f, ...)
  if ok then return value, value == nil and err or nil end
  if not is_error_table(value) then error(value, 0) end
  return nil, value
end

--- Call `f(item, index)` for each item, `concurrency` of them at once; array
-- of the first results in the items' order. Failures as in `gather`.
---@param source table|function array, or an iterator such as a pager
---@param f function
---@param opts? { concurrency?: integer, collect?: boolean }
---@return table|nil results
---@return any err
function tasks.map(source, f, opts)
  check_function("map", f)
  local group = new_group(opts and opts.collect)
  local results, errors, has_ended = { n = 0 }, {}, false
  local take = one_at_a_time(source_of(source))
  local function work()
    while not has_ended do
      local item, index = take()
      if item == nil then
        has_ended = true
        return true
      end
      results.n = math.max(results.n, index)
      local value, err = call(f, item, index)
      if err ~= nil and not group.collect then return nil, err end
      results[index], errors[index] = value, err
    end
    return true
  end
  for _ = 1, opts and opts.concurrency or 32 do add(group, work, function() end) end
  return settle(group, results, errors)
end

return tasks
