--- Concurrent calls: gather, map, submit and the methods of a host loop.

local core = require "googlemeet.core"
local misuse = require "googlemeet.misuse"
local options = require "googlemeet.options"
local scheduler = require "googlemeet.scheduler"

local tasks = {}

local NEXT_OF_ARRAY = ipairs {}
local LONGEST_PAUSE = 1 -- seconds that a host loop waits when nothing is due
local ROUNDING = 1e-6 -- seconds that sums of a simulated clock may fall short of a deadline

--- Return or raise the outcome of a task.
local function settle(how, ...)
  if how == "raised" then error((...), 0) end
  if how == "failed" then return nil, ... end
  if how ~= "cancelled" then return ... end
  local err, read = ...
  if not read then return nil, err end
  return nil, err, read(err)
end

--- Wait for the function and return its results.
-- An error table of this module, raised or returned behind nil, comes back as nil, err. Any other
-- raised value is raised again. A task that was cancelled while it waited for a `gather` or `map`
-- gives what that had so far: nil, err, partial, errors.
local function result(self)
  scheduler.await(self)
  return settle(core.task.outcome(self))
end
core.shared.task.result = misuse.with_colon("googlemeet.task", "the task", "result", result)

core.shared.task.done = core.task.done

--- The loops by kind, those of a prelude that was loaded before among them. `wake` is called after
-- each `submit` and `cancel`. No socket is closed that is in a watch which `add_watches` adds.
local loops = core.shared.hooks.loops or {}
core.shared.hooks.loops = loops
tasks.loops = loops

local KINDS <const> = { "cqueues", "luv" } -- any coroutine may be luv's
tasks.OUTSIDE = "await: call it in a coroutine of the loop"

--- Return the loop whose coroutine this is.
function tasks.loop_here()
  for _, kind in ipairs(KINDS) do
    if loops[kind] and loops[kind].is_here() then return loops[kind] end
  end
end

--- Wait for a task as `loop:await` does, in a coroutine of any loop.
core.shared.task.await = misuse.with_colon("googlemeet.task", "the task", "await", function(task)
  if not core.task.wait(task) then
    local host = tasks.loop_here()
    if not host then
      core.error.misuse(next(loops) and tasks.OUTSIDE or "await: make a loop first, with meet.loop")
    end
    host.wait(task)
  end
  return task:result()
end)

local function wake_loops(...)
  for _, loop in pairs(loops) do loop.wake() end
  return ...
end

--- Numbers of the watches that a host had by `poll_set` since its last step.
local polled = core.shared.hooks.polled or {}
core.shared.hooks.polled = polled

--- Let sockets be closed, except those that a host still watches.
local function let_go()
  local watches = table.move(polled, 1, #polled, 1, {})
  for _, loop in pairs(loops) do loop.add_watches(watches) end
  core.task.let_go(table.unpack(watches))
end

core.shared.task.cancel = misuse.with_colon("googlemeet.task", "the task", "cancel", function(self)
  return wake_loops(core.task.cancel(self))
end)

--- Start a task, for a host that drives the loop itself.
---@param client table
---@param f function called with the arguments that follow
function tasks.submit(client, f, ...)
  scheduler.check_callable("submit", f)
  return wake_loops(core.task.start(client, f, ...))
end

--- Run what is ready, and drive the network for up to `seconds`, or until a task is ready.
---@return boolean is_left whether anything is left to do
function tasks.drive(seconds)
  let_go()
  scheduler.run_ready()
  local ends = core.now() + seconds
  local is_left = core.task.step(seconds)
  while is_left and core.task.ready() == 0 and core.now() < ends do
    is_left = core.task.step(ends - core.now())
  end
  return is_left
end

--- The same for a host that drives the loop itself. It watches the sockets of `poll_set` no more by
-- then: they may be closed.
function tasks.step(seconds)
  if seconds ~= nil and type(seconds) ~= "number" then
    error("step: a number of seconds expected, got " .. type(seconds), 2)
  end
  for index in pairs(polled) do polled[index] = nil end
  return tasks.drive(seconds or 0)
end

--- Return the sockets that a loop has to watch, after how many seconds to step anyway, and the
-- number of the watch.
function tasks.watch()
  local sockets, seconds, watch = core.task.poll_set()
  return sockets, math.min(seconds, LONGEST_PAUSE), watch
end

--- The same without the number, for a host that drives the loop itself.
function tasks.poll_set()
  local sockets, seconds, watch = tasks.watch()
  polled[#polled + 1] = watch
  return sockets, seconds
end

local function read_clock(clock)
  return clock and clock.now() or core.now()
end

--- Return the time on the client's clock, by default the machine's monotonic clock.
---@return number seconds
function tasks.now(client)
  return read_clock(core.client.clock(client))
end

--- Wait on the client's clock. A task yields meanwhile.
---@param seconds number not negative
function tasks.sleep(client, seconds)
  if type(seconds) ~= "number" or not (seconds >= 0 and seconds < math.huge) then
    error("sleep: a number of seconds from 0 expected, got " .. tostring(seconds), 2)
  end
  local clock = core.client.clock(client)
  if clock then clock.sleep(seconds) else scheduler.sleep(seconds) end
  return true
end

--- Read the option `deadline`; return when it ends by the client's clock.
local function ends_of(caller, client, seconds)
  if seconds == nil then return nil end
  if seconds > 0 then return tasks.now(client) + seconds end
  error(("%s: option 'deadline' must be a number of seconds above 0, got %s"):format(
    caller, seconds), 3)
end

--- Make the failure of a member that has not ended in time, or has not begun.
local function time_is_up()
  return core.error.new("deadline", "the deadline of gather or map has passed")
end

--- Make the failure of a group that has run out of time; a write of a member may have happened.
local function out_of_time(errors)
  local failure = time_is_up()
  for _, err in pairs(errors) do
    if scheduler.is_error_table(err) and err.ambiguous then
      failure.ambiguous, failure.hint = true, err.hint
    end
  end
  return failure
end

--- Return how a member has ended, if it has: one that runs below its parent ends later.
local function outcome_of(member)
  if core.task.done(member) then return core.task.outcome(member) end
end

--- Call a function of the script with a line of this file below it, by which `raise` knows misuse.
local function call(f, ...)
  local value, err = f(...)
  return value, err
end

local OWN_LINE = "^" .. debug.getinfo(1, "S").short_src:gsub("%p", "%%%0") .. ":%d+: (.*)$"

--- Raise the error of a member. Misuse in a tail call of the script's function has the position of
-- its call in this file; the line of the script is then that of the `gather` or `map`.
local function raise(problem)
  local message = type(problem) == "string" and problem:match(OWN_LINE)
  if message then core.error.misuse(message) end
  error(problem, 0)
end

--- Wait for a group until it is over or its time is up; return whether it ended in time.
local function await_in_time(clock, group, ends)
  if clock and scheduler.await_on(clock, group, ends)
    or not clock and scheduler.await(group, ends) then
    return true
  end
  core.task.expire(group)
  scheduler.await(group)
  return false
end

--- Say whether an error is that a call of a member had no time left. A call that cannot yield, or
-- whose client has a clock, notices it before the group does, and at once where it would have to
-- wait for its turn past the end.
local function is_late(clock, ends, err)
  if not ends or not scheduler.is_error_table(err) or err.kind ~= "deadline" then return false end
  return read_clock(clock) + (err.retry_after or 0) >= ends - ROUNDING
end

local function is_any_late(clock, ends, errors)
  for _, err in pairs(errors) do
    if is_late(clock, ends, err) then return true end
  end
  return false
end

--- Wait for the group, at most until `ends`. `read(is_over)` gives the results and errors by index;
-- after the deadline also for what has not begun. Return the results, or nil, the first failure and
-- the outcomes of the others: a space that one of them created exists.
local function await_group(client, group, ends, read, collect)
  local clock = ends and core.client.clock(client) -- read now: a member may close the client
  local in_time = await_in_time(clock, group, ends)
  local how, failure = core.task.outcome(group)
  if how == "raised" then raise(failure) end
  if how == "failed" then
    if not is_late(clock, ends, failure) then return nil, failure, read() end
    core.task.expire(group) -- before any reading: cancelled members end with that kind
  else
    local results, errors = read()
    if in_time and not is_any_late(clock, ends, errors) then
      return results, collect and errors or nil
    end
    failure = out_of_time(errors)
  end
  local results, errors = read(true)
  if collect then return results, errors, failure end
  return nil, failure, results, errors
end

--- Say whether an integer key is behind `last`. The length of an array with a gap is any border:
-- what follows that would be left out, and which one it is depends on the version of Lua.
local function goes_on(array, last)
  for key in next, array do
    if math.type(key) == "integer" and key > last then return true end
  end
  return false
end

--- Run functions concurrently; return an array of their first results, `n` of them, in order.
-- The first failure (nil, err, or a raised error table) cancels the rest and is returned, followed
-- by the results and the failures so far, by index. With `collect = true` every function runs to
-- its end, and a second table holds the failures. When `deadline` seconds have passed, what has not
-- ended fails with kind deadline, and so does `gather`; with `collect` that is a third result.
---@param client table
---@param functions function[]
---@param opts? { collect?: boolean, deadline?: number }
---@return table|nil results
---@return any err
---@return table|nil partial results by index, after a failure
---@return table|nil errors failures by index, those of cancelled tasks included
function tasks.gather(client, functions, opts)
  if type(functions) ~= "table" then
    error(("gather: an array of functions expected, got %s"):format(type(functions)), 2)
  end
  opts = options.merge(opts, { collect = false, deadline = options.of "number" })
  local count = #functions
  if goes_on(functions, count) then count = count + 1 end -- to the gap, which is refused
  local started = table.move(functions, 1, count, 1, {}) -- read once: it may change meanwhile
  for index = 1, count do scheduler.check_callable("gather", started[index]) end
  local members = {}
  local function read()
    local results, errors = { n = count }, {}
    for index, member in ipairs(members) do
      local how, value = outcome_of(member)
      if how == "ended" then results[index] = value else errors[index] = value end
    end
    return results, errors
  end
  local group <close>, ends = core.task.group(opts.collect, read, client,
    ends_of("gather", client, opts.deadline))
  for index = 1, count do members[index] = core.task.start(group, call, started[index]) end
  return await_group(client, group, ends, read, opts.collect)
end

--- Iterate over an array, up to its first gap.
local function items_of(array)
  local last = 0
  return function()
    last = last + 1
    return array[last]
  end
end

--- Iterate over an iterator for several tasks, with indexes, and count the items in `results.n`. It
-- may yield inside; it is never called again before it has returned, nor after its end.
local function one_at_a_time(source, results)
  local lock, has_ended = core.task.lock(), false
  local hold = setmetatable({}, { __close = function() core.task.release(lock) end })
  return function()
    scheduler.await(lock)
    local _ <close> = hold
    if has_ended then return nil end
    has_ended = true -- if it raises
    local item = source()
    if item == nil then return nil end
    has_ended, results.n = false, results.n + 1
    return item, results.n
  end
end

--- Wrap a function so that an error table it raises is returned as `nil, err`.
local function caught(f)
  return function(...)
    local ok, value, err = pcall(call, f, ...)
    if ok then return value, err end
    if not scheduler.is_error_table(value) then error(value, 0) end
    return nil, value
  end
end

--- Enter a failure for the items of an array that were not taken. No request was sent for them.
local function fail_rest(source, results, errors)
  local failure = time_is_up()
  while source[results.n + 1] ~= nil do
    results.n = results.n + 1
    errors[results.n] = failure
  end
end

--- Return how many tasks a map needs.
local function count_workers(source, concurrency)
  if math.type(concurrency) ~= "integer" or concurrency < 1 then
    error("map: option 'concurrency' must be a whole number from 1", 3)
  end
  if scheduler.is_callable(source) then return concurrency end
  return math.max(1, math.min(concurrency, #source))
end

--- Call `f(item, index)` for each item, `concurrency` calls at a time; return an array of the first
-- results in the items' order. Failures are as in `gather`; a failure of the source itself ends the
-- map even with `collect`.
-- `deadline` is as in `gather`; items of an array that were not taken have failed, too.
---@param client table
---@param source table|function array, or an iterator such as a pager
---@param f function
---@param opts? { concurrency?: integer, collect?: boolean, deadline?: number }
---@return table|nil results
---@return any err
---@return table|nil partial as in `gather`
---@return table|nil errors
function tasks.map(client, source, f, opts)
  local iterates = scheduler.is_callable(source)
  if type(source) ~= "table" and not iterates then
    error(("map: an array or an iterator expected, got %s"):format(type(source)), 2)
  elseif source == next or source == NEXT_OF_ARRAY then
    error("map: an array or an iterator expected: give the table itself, without pairs", 2)
  end
  scheduler.check_callable("map", f)
  opts = options.merge(opts, { concurrency = 32, collect = false, deadline = options.of "number" })
  local workers = count_workers(source, opts.concurrency)
  local results, errors, members = { n = 0 }, {}, {}
  local function read(is_over)
    for worker, at in pairs(members) do
      local how, err = outcome_of(worker)
      if how ~= "ended" and at.index then errors[at.index] = err end
    end
    if is_over and not iterates then fail_rest(source, results, errors) end
    return results, errors
  end
  local group <close>, ends = core.task.group(false, read, client,
    ends_of("map", client, opts.deadline))
  local take = one_at_a_time(iterates and source or items_of(source), results)
  if opts.collect then f = caught(f) end -- a raised error would end the task
  local function work(at)
    for item, index in take do
      at.index = index
      local value, err = f(item, index)
      if value ~= nil then err = nil end
      if err ~= nil and not opts.collect then return nil, err end
      results[index], errors[index] = value, err
      at.index = nil
    end
    return true
  end
  for _ = 1, workers do
    local at = {} -- the item that the worker is processing
    members[core.task.start(group, work, at)] = at
  end
  return await_group(client, group, ends, read, opts.collect)
end

return tasks
