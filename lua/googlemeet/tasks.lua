--- Many calls at once: the face of the scheduler.

local core = require "googlemeet.core"
local options = require "googlemeet.options"
local scheduler = require "googlemeet.scheduler"

local tasks = {}

--- Most seconds that a host loop is told to wait: nothing is to come by then, yet a number is due.
local LONGEST_PAUSE = 1

--- A handle shows its methods only.
local Handle = { __name = "googlemeet.task", __index = {} }

--- True once the function has returned, failed or was cancelled.
function Handle.__index:done()
  return self.task.done
end

--- What the function returned; blocks until it has.
-- An error that it raised as a table of this module, or returned behind nil,
-- comes back as nil, err; anything else that it raised is raised again.
function Handle.__index:result()
  local task = self.task
  task.waiters = task.waiters or {}
  scheduler.await(scheduler.books(), function() return task.done end, task.waiters)
  if task.raised then error(task.failure, 0) end
  if task.failure ~= nil then return nil, task.failure end
  return table.unpack(task.values, 1, task.values.n)
end

--- Close its thread, and with it what it waits for.
function Handle.__index:cancel()
  scheduler.cancel(self.task)
  return true
end

--- Start a task for a host that drives the loop itself.
---@param f function called with the arguments that follow
function tasks.submit(f, ...)
  scheduler.check_callable("submit", f)
  local task = scheduler.start(f, function(ended)
    scheduler.wake(scheduler.books(), ended.waiters or {})
  end, ...)
  return setmetatable({ task = task }, Handle)
end

--- Run what is ready and drive the network, for no longer than `seconds`.
---@return boolean whether anything is left to do
function tasks.step(seconds)
  local known = scheduler.books()
  scheduler.run_ready(known)
  return scheduler.drive(known, seconds or 0)
end

--- What a host loop has to watch, and after how many seconds to step anyway.
function tasks.poll_set()
  local known = scheduler.books()
  local sockets, seconds = core.task.poll_set()
  return sockets, math.min(scheduler.patience(known, seconds), LONGEST_PAUSE)
end

--- Seconds on the client's clock: the machine's monotonic one, if it brought none.
---@return number
function tasks.now(client)
  local clock = core.client.clock(client)
  return clock and clock.now() or core.now()
end

--- Wait, on the client's clock; a task gives way meanwhile.
---@param seconds number from 0
function tasks.sleep(client, seconds)
  if type(seconds) ~= "number" or not (seconds >= 0 and seconds < math.huge) then
    error("sleep: a number of seconds from 0 expected, got " .. tostring(seconds), 2)
  end
  local clock = core.client.clock(client)
  if clock then clock.sleep(seconds) else scheduler.sleep(seconds) end
  return true
end

--- A group of tasks whose first failure cancels the rest.
local function new_group(collect)
  return {
    collect = collect, members = {}, pending = 0, waiters = {},
    host = scheduler.current(scheduler.books()),
  }
end

local function add(group, f, keep, ...)
  local known = scheduler.books()
  group.pending = group.pending + 1
  local task = scheduler.start(f, function(ended)
    group.pending = group.pending - 1
    group.members[ended] = nil
    keep(ended)
    local has_failed = ended.raised or ended.failure ~= nil and not group.collect
    local failed = group.failed
    if has_failed and (not failed or ended.raised and not failed.raised) then
      group.failed = ended
      scheduler.cancel_for(group.host, group.members)
    end
    if group.pending == 0 then scheduler.wake(known, group.waiters) end
  end, ...)
  group.members[task] = true
end

--- Wait for the group; what it gives is `results`, or nil and the first failure, and then what the
-- others have come to: a space that one of them made is there.
local function settle(group, results, errors)
  local _ <close> = setmetatable({}, { __close = function()
    scheduler.cancel_for(group.host, group.members)
  end })
  scheduler.await(scheduler.books(), function() return group.pending == 0 end, group.waiters)
  if group.host then group.host.gave_up = nil end
  local failed = group.failed
  if failed and failed.raised then error(failed.failure, 0) end
  if failed then return nil, failed.failure, results, errors end
  return results, group.collect and errors or nil
end

--- Run functions at once; array of their first results, `n` of them, in order.
-- The first failure (nil, err, or a raised error table) cancels the rest and
-- is returned, with the results and the failures that there are, by index; with
-- `collect = true` all run to their ends and a second table holds the failures.
---@param functions function[]
---@param opts? { collect?: boolean }
---@return table|nil results
---@return any err
---@return table|nil partial results by index, after a failure
---@return table|nil errors failures by index, those of the cancelled among them
function tasks.gather(functions, opts)
  if type(functions) ~= "table" then
    error(("gather: an array of functions expected, got %s"):format(type(functions)), 2)
  end
  local group = new_group(options.merge(opts, { collect = false }).collect)
  local results, errors = { n = #functions }, {}
  for index = 1, results.n do scheduler.check_callable("gather", functions[index]) end
  for index = 1, results.n do
    add(group, functions[index], function(task)
      results[index] = task.values and task.values[1]
      errors[index] = task.failure
    end)
  end
  return settle(group, results, errors)
end

--- Next item of an array, with its index.
local function items_of(array)
  local last = 0
  return function()
    local index = last + 1
    last = index
    local item = array[index]
    if item == nil then array = {} end -- the end, whatever follows a gap
    return item, index
  end
end

--- The same of an iterator, in turn: it may give way inside, and must be
-- entered again neither meanwhile nor after its end.
local function one_at_a_time(source)
  local known, waiters, is_taken, has_ended = scheduler.books(), {}, false, false
  local index = 0
  local function is_free() return not is_taken end
  local hold = setmetatable({}, { __close = function()
    is_taken = false
    scheduler.wake(known, waiters)
  end })
  return function()
    if is_taken then scheduler.await(known, is_free, waiters) end
    if has_ended then return nil end
    is_taken, has_ended = true, true -- the end, if it raises
    local _ <close> = hold
    local item = source()
    has_ended, index = item == nil, index + 1
    return item, index
  end
end

--- The function, its raised error table returned as `nil, err`.
local function caught(f)
  return function(...)
    local ok, value, err = pcall(f, ...)
    if ok then return value, err end
    if not scheduler.is_error_table(value) then error(value, 0) end
    return nil, value
  end
end

--- How many tasks a map needs.
local function count_workers(source, concurrency)
  if math.type(concurrency) ~= "integer" or concurrency < 1 then
    error("map: option 'concurrency' must be a whole number from 1", 3)
  end
  if scheduler.is_callable(source) then return concurrency end
  return math.max(1, math.min(concurrency, #source))
end

--- Call `f(item, index)` for each item, `concurrency` of them at once; array
-- of the first results in the items' order. Failures as in `gather`; one of
-- the source itself ends the map, with `collect` too.
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
  if opts.collect then f = caught(f) end -- an error that it raises would end the task
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
    local at = {} -- the item that the worker is busy with
    add(group, work, function(worker)
      if worker.failure == nil then return end
      if at.index then errors[at.index] = worker.failure end
      group.collect = false -- the source's failure, where it was on
    end, at)
  end
  return settle(group, results, errors)
end

return tasks
