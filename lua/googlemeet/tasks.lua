--- Many calls at once: functions run as coroutines that give way to one
-- another where they wait for the network. One scheduler a Lua state; what it
-- knows is kept in `core.tasks`.
--
-- A task is { thread, arguments, group, … }; its outcome is `values` (packed),
-- or `failure`: what it raised, or the err of `nil, err`.

local core = require "googlemeet.core"
local options = require "googlemeet.options"

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

--- Close the thread of a task that ended in an error, or is to end: what it
-- holds in <close> variables, a request it waits for, goes with it.
---@return boolean ok
---@return any raised
local function close(task, raised)
  local ok, replaced = coroutine.close(task.thread)
  if ok then return raised == nil, raised end -- Lua before 5.4.3 forgets the error
  return false, replaced
end

local function cancel(task)
  if task.done or task.is_cancelled then return end
  task.is_cancelled = true -- one that runs ends where it next gives way
  if coroutine.status(task.thread) ~= "suspended" then return end
  local ok, raised = close(task)
  if ok then
    finish(books(), task, true, nil, core.error("cancelled", "the task was cancelled"))
  else
    finish(books(), task, false, raised)
  end
end

local function after_turn(known, task, ok, ...)
  if coroutine.status(task.thread) == "dead" then
    if not ok then return finish(known, task, false, select(2, close(task, (...)))) end
    finish(known, task, true, ...)
  elseif task.is_cancelled then
    task.is_cancelled = false
    cancel(task)
  elseif not core.task_waits(task.thread) and not task.is_parked then
    make_ready(known, task, true) -- a bare yield: the next turn, please
  end
end

--- Let a task run until it gives way. An interrupt may end this function
-- anywhere: `known.running` then still keeps the thread that the core knows.
local function resume(known, task)
  if task.done or task.is_cancelled then return end
  local before, arguments = known.running, task.arguments
  task.arguments, known.running = nil, task
  core.task_enter(task.thread)
  if arguments then
    after_turn(known, task, coroutine.resume(task.thread, table.unpack(arguments, 1, arguments.n)))
  else
    after_turn(known, task, coroutine.resume(task.thread))
  end
  core.task_enter(before and before.thread)
  known.running = before
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

--- One turn of every task that is ready now.
local function run_ready(known)
  local _ <close> = setmetatable({ known = known, running = known.running }, Turn)
  make_awake_ready(known) -- what the last turn did not come to
  for _ = known.first, known.last do
    local task = take_ready(known)
    if not task then return end
    resume(known, task)
  end
end

--- How long to wait at the most, with what is ready already.
local function patience(known, seconds)
  local ready = known.last - known.first + 1
  if ready > known.idle then return 0 end
  return ready > 0 and math.min(seconds, IDLE_TURN) or seconds
end

--- Drive the network for up to `seconds`.
---@return boolean whether anything is left to wait for
local function drive(known, seconds)
  local waiting = core.task_step(patience(known, seconds), known.awake)
  make_awake_ready(known)
  return waiting > 0 or known.first <= known.last
end

local function is_callable(f)
  local metatable = getmetatable(f)
  return type(f) == "function" or type(metatable) == "table" and metatable.__call ~= nil
end

local function check_callable(caller, f)
  if is_callable(f) then return end
  error(("%s: a function expected, got %s"):format(caller, type(f)), 3)
end

local function start(f, on_done, ...)
  local known = books()
  if type(f) ~= "function" then
    local object = f
    f = function(...) return object(...) end
  end
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
    run_ready(known)
    if is_over() then return end
    if not drive(known, 0.1) then error("every task waits for another one", 0) end
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
  check_callable("submit", f)
  local task = start(f, function(ended) wake(books(), ended.waiters or {}) end, ...)
  return setmetatable({ task = task }, Handle)
end

--- Run what is ready and drive the network, for no longer than `seconds`.
---@return boolean whether anything is left to do
function tasks.step(seconds)
  local known = books()
  run_ready(known)
  return drive(known, seconds or 0)
end

--- What a host loop has to watch, and after how many seconds to step anyway.
function tasks.poll_set()
  local known = books()
  local sockets, seconds = core.poll_set()
  return sockets, math.min(patience(known, seconds), LONGEST_PAUSE)
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
    local has_failed = ended.raised or ended.failure ~= nil and not group.collect
    if has_failed and not group.failed then
      group.failed = ended
      cancel_members(group)
    end
    if group.pending == 0 then wake(known, group.waiters) end
  end, ...)
  group.members[task] = true
end

--- Wait for the group; what it gives is `results`, or nil and the first failure.
local function settle(group, results, errors)
  local _ <close> = setmetatable({}, { __close = function() cancel_members(group) end })
  await(books(), function() return group.pending == 0 end, group.waiters)
  local failed = group.failed
  if failed and failed.raised then error(failed.failure, 0) end
  if failed then return nil, failed.failure end
  return results, group.collect and errors or nil
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
  if type(functions) ~= "table" then
    error(("gather: an array of functions expected, got %s"):format(type(functions)), 2)
  end
  local group = new_group(options.merge(opts, { collect = false }).collect)
  local results, errors = { n = #functions }, {}
  for index = 1, results.n do check_callable("gather", functions[index]) end
  for index = 1, results.n do
    add(group, functions[index], function(task)
      results[index] = task.values and task.values[1]
      errors[index] = task.failure
    end)
  end
  return settle(group, results, errors)
end

--- Next item of an array or an iterator, with its index.
local function source_of(source)
  local index = 0
  if not is_callable(source) then
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

--- Take items in turn: an iterator may give way inside, and must be entered
-- again neither meanwhile nor after its end.
local function one_at_a_time(take)
  local known, waiters, is_taken, has_ended = books(), {}, false, false
  local function is_free() return not is_taken end
  local hold = setmetatable({}, { __close = function()
    is_taken = false
    wake(known, waiters)
  end })
  return function()
    if is_taken then await(known, is_free, waiters) end
    if has_ended then return nil end
    is_taken, has_ended = true, true -- the end, if it raises
    local _ <close> = hold
    local item, index = take()
    has_ended = item == nil
    return item, index
  end
end

--- Value, or nil and err: of `nil, err` and of a raised error table alike.
local function call(f, ...)
  local ok, value, err = pcall(f, ...)
  if ok then return value, value == nil and err or nil end
  if not is_error_table(value) then error(value, 0) end
  return nil, value
end

--- How many tasks a map needs.
local function count_workers(source, concurrency)
  if math.type(concurrency) ~= "integer" or concurrency < 1 then
    error("map: option 'concurrency' must be a whole number from 1", 3)
  end
  return is_callable(source) and concurrency or math.max(1, math.min(concurrency, #source))
end

--- Call `f(item, index)` for each item, `concurrency` of them at once; array
-- of the first results in the items' order. Failures as in `gather`; one of
-- the source itself ends the map, with `collect` too.
---@param source table|function array, or an iterator such as a pager
---@param f function
---@param opts? { concurrency?: integer, collect?: boolean }
---@return table|nil results
---@return any err
function tasks.map(source, f, opts)
  if type(source) ~= "table" then check_callable("map", source) end
  check_callable("map", f)
  opts = options.merge(opts, { concurrency = 32, collect = false })
  local workers = count_workers(source, opts.concurrency)
  local group = new_group(opts.collect)
  local results, errors = { n = 0 }, {}
  local take = one_at_a_time(source_of(source))
  local function work()
    while true do
      local ok, item, index = pcall(take)
      group.collect = group.collect and ok
      if not ok then error(item, 0) end
      if item == nil then return true end
      results.n = math.max(results.n, index)
      local value, err = call(f, item, index)
      if err ~= nil and not group.collect then return nil, err end
      results[index], errors[index] = value, err
    end
  end
  for _ = 1, workers do add(group, work, function() end) end
  return settle(group, results, errors)
end

return tasks
