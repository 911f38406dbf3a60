--- Concurrent calls: gather, map, submit and the methods of a host loop.

local core = require "googlemeet.core"
local options = require "googlemeet.options"
local scheduler = require "googlemeet.scheduler"

local tasks = {}

local LONGEST_PAUSE = 1 -- seconds that a host loop waits when nothing is due

--- The handle of a task has methods and no visible fields.
local Handle = { __name = "googlemeet.task", __index = {} }

--- Say whether the function has returned, failed or was cancelled.
function Handle.__index:done()
  return self.task.done
end

--- Wait for the function and return its results.
-- An error table of this module, raised or returned behind nil, comes back as nil, err. Any other
-- raised value is raised again.
function Handle.__index:result()
  local task = self.task
  task.waiters = task.waiters or {}
  scheduler.await(scheduler.state(), function() return task.done end, task.waiters)
  if task.raised then error(task.failure, 0) end
  if task.failure ~= nil then return nil, task.failure end
  return table.unpack(task.values, 1, task.values.n)
end

--- Cancel the task: close its thread, and with it the request it waits for.
function Handle.__index:cancel()
  scheduler.cancel(self.task)
  return true
end

--- Start a task, for a host that drives the loop itself.
---@param f function called with the arguments that follow
function tasks.submit(f, ...)
  scheduler.check_callable("submit", f)
  local task = scheduler.start(f, function(ended)
    scheduler.wake(scheduler.state(), ended.waiters or {})
  end, ...)
  return setmetatable({ task = task }, Handle)
end

--- Run what is ready and drive the network for up to `seconds`.
---@return boolean is_left whether anything is left to do
function tasks.step(seconds)
  local state = scheduler.state()
  scheduler.run_ready(state)
  return scheduler.drive(state, seconds or 0)
end

--- Return the sockets that a host loop has to watch, and after how many seconds to step anyway.
function tasks.poll_set()
  local state = scheduler.state()
  local sockets, seconds = core.task.poll_set()
  return sockets, math.min(scheduler.max_wait(state, seconds), LONGEST_PAUSE)
end

--- Return the time on the client's clock, by default the machine's monotonic clock.
---@return number seconds
function tasks.now(client)
  local clock = core.client.clock(client)
  return clock and clock.now() or core.now()
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

--- Make a group of tasks whose first failure cancels the rest.
local function new_group(collect)
  return {
    collect = collect, members = {}, pending = 0, waiters = {},
    parent = scheduler.current(scheduler.state()),
  }
end

local function add(group, f, keep, ...)
  local state = scheduler.state()
  group.pending = group.pending + 1
  local task = scheduler.start(f, function(ended)
    group.pending = group.pending - 1
    group.members[ended] = nil
    keep(ended)
    local has_failed = ended.raised or ended.failure ~= nil and not group.collect
    local failed = group.failed
    if has_failed and (not failed or ended.raised and not failed.raised) then
      group.failed = ended
      scheduler.cancel_for(group.parent, group.members)
    end
    if group.pending == 0 then scheduler.wake(state, group.waiters) end
  end, ...)
  group.members[task] = true
end

--- Wait for the group; return `results`, or nil, the first failure and the outcomes of the others:
-- a space that one of them created exists.
local function await_group(group, results, errors)
  local _ <close> = setmetatable({}, { __close = function()
    scheduler.cancel_for(group.parent, group.members)
  end })
  scheduler.await(scheduler.state(), function() return group.pending == 0 end, group.waiters)
  if group.parent then group.parent.abandoned_write = nil end
  local failed = group.failed
  if failed and failed.raised then error(failed.failure, 0) end
  if failed then return nil, failed.failure, results, errors end
  return results, group.collect and errors or nil
end

--- Run functions concurrently; return an array of their first results, `n` of them, in order.
-- The first failure (nil, err, or a raised error table) cancels the rest and is returned, followed
-- by the results and the failures so far, by index. With `collect = true` every function runs to
-- its end, and a second table holds the failures.
---@param functions function[]
---@param opts? { collect?: boolean }
---@return table|nil results
---@return any err
---@return table|nil partial results by index, after a failure
---@return table|nil errors failures by index, those of cancelled tasks included
function tasks.gather(functions, opts)
  if type(functions) ~= "table" then
    error(("gather: an array of functions expected, got %s"):format(type(functions)), 2)
  end
  local group = new_group(options.merge(opts, { collect = false }).collect)
  local results, errors = { n = #functions }, {}
  local started = table.move(functions, 1, results.n, 1, {}) -- read once: it may change meanwhile
  for index = 1, results.n do scheduler.check_callable("gather", started[index]) end
  for index = 1, results.n do
    add(group, started[index], function(task)
      results[index] = task.values and task.values[1]
      errors[index] = task.failure
    end)
  end
  return await_group(group, results, errors)
end

--- Iterate over an array: items with their indexes.
local function items_of(array)
  local last = 0
  return function()
    local index = last + 1
    last = index
    local item = array[index]
    if item == nil then array = {} end -- stay at the end, whatever follows a gap
    return item, index
  end
end

--- Iterate over an iterator for several tasks. It may yield inside; it is never called again before
-- it has returned, nor after its end.
local function one_at_a_time(source)
  local state, waiters, is_taken, has_ended = scheduler.state(), {}, false, false
  local index = 0
  local function is_free() return not is_taken end
  local hold = setmetatable({}, { __close = function()
    is_taken = false
    scheduler.wake(state, waiters)
  end })
  return function()
    if is_taken then scheduler.await(state, is_free, waiters) end
    if has_ended then return nil end
    is_taken, has_ended = true, true -- ended, if it raises
    local _ <close> = hold
    local item = source()
    has_ended, index = item == nil, index + 1
    return item, index
  end
end

--- Wrap a function so that an error table it raises is returned as `nil, err`.
local function caught(f)
  return function(...)
    local ok, value, err = pcall(f, ...)
    if ok then return value, err end
    if not scheduler.is_error_table(value) then error(value, 0) end
    return nil, value
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
---@param source table|function array, or an iterator such as a pager
---@param f function
---@param opts? { concurrency?: integer, collect?: boolean }
---@return table|nil results
---@return any err
---@return table|nil partial as in `gather`
---@return table|nil errors
function tasks.map(source, f, opts)
  if type(source) ~= "table" then scheduler.check_callable("map", source) end
  scheduler.check_callable("map", f)
  opts = options.merge(opts, { concurrency = 32, collect = false })
  local workers = count_workers(source, opts.concurrency)
  local group = new_group(opts.collect)
  local results, errors = { n = 0 }, {}
  local take = scheduler.is_callable(source) and one_at_a_time(source) or items_of(source)
  if opts.collect then f = caught(f) end -- a raised error would end the task
  local function work(at)
    for item, index in take do
      if index > results.n then results.n = index end
      at.index = index
      local value, err = f(item, index)
      if value ~= nil then err = nil end
      if err ~= nil and not group.collect then return nil, err end
      results[index], errors[index] = value, err
      at.index = nil
    end
    return true
  end
  for _ = 1, workers do
    local at = {} -- the item that the worker is processing
    add(group, work, function(worker)
      if worker.failure == nil then return end
      if at.index then errors[at.index] = worker.failure end
      group.collect = false -- with `collect`, only the source can have failed
    end, at)
  end
  return await_group(group, results, errors)
end

return tasks
