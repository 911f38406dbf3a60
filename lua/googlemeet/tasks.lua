--- Concurrent calls: gather, map, submit and the methods of a host loop.

local core = require "googlemeet.core"
local options = require "googlemeet.options"
local scheduler = require "googlemeet.scheduler"

local tasks = {}

local LONGEST_PAUSE = 1 -- seconds that a host loop waits when nothing is due

--- Return or raise what a task has ended with.
local function settle(how, ...)
  if how == "raised" then error((...), 0) end
  if how == "failed" then return nil, (...) end
  return ...
end

--- Wait for the function and return its results.
-- An error table of this module, raised or returned behind nil, comes back as nil, err. Any other
-- raised value is raised again.
function core.shared.task:result()
  scheduler.await(self)
  return settle(core.task.outcome(self))
end

core.shared.task.done, core.shared.task.cancel = core.task.done, core.task.cancel

--- Start a task, for a host that drives the loop itself.
---@param f function called with the arguments that follow
function tasks.submit(f, ...)
  scheduler.check_callable("submit", f)
  return core.task.start(nil, f, ...)
end

--- Run what is ready and drive the network for up to `seconds`.
---@return boolean is_left whether anything is left to do
function tasks.step(seconds)
  if seconds ~= nil and type(seconds) ~= "number" then
    error("step: a number of seconds expected, got " .. type(seconds), 2)
  end
  scheduler.run_ready()
  return core.task.step(seconds or 0)
end

--- Return the sockets that a host loop has to watch, and after how many seconds to step anyway.
function tasks.poll_set()
  local sockets, seconds = core.task.poll_set()
  return sockets, math.min(seconds, LONGEST_PAUSE)
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

--- Wait for the group. `read` then gives the results and errors by index. Return the results, or
-- nil, the first failure and the outcomes of the others: a space that one of them created exists.
local function await_group(group, read, collect)
  scheduler.await(group)
  local results, errors = read()
  local how, failure = core.task.outcome(group)
  if how == "raised" then error(failure, 0) end
  if how == "failed" then return nil, failure, results, errors end
  return results, collect and errors or nil
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
  local collect, count = options.merge(opts, { collect = false }).collect, #functions
  local started = table.move(functions, 1, count, 1, {}) -- read once: it may change meanwhile
  for index = 1, count do scheduler.check_callable("gather", started[index]) end
  local group <close> = core.task.group(collect)
  local members = {}
  for index = 1, count do members[index] = core.task.start(group, started[index]) end
  return await_group(group, function()
    local results, errors = { n = count }, {}
    for index, member in ipairs(members) do
      local how, value = core.task.outcome(member)
      if how == "ended" then results[index] = value else errors[index] = value end
    end
    return results, errors
  end, collect)
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
  if type(source) ~= "table" and not scheduler.is_callable(source) then
    error("map: an array or an iterator (a list, say) expected, got " .. type(source), 2)
  end
  scheduler.check_callable("map", f)
  opts = options.merge(opts, { concurrency = 32, collect = false })
  local workers = count_workers(source, opts.concurrency)
  local group <close> = core.task.group(false)
  local results, errors, members = { n = 0 }, {}, {}
  local take = one_at_a_time(scheduler.is_callable(source) and source or items_of(source), results)
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
  return await_group(group, function()
    for worker, at in pairs(members) do
      local how, failure = core.task.outcome(worker)
      if how ~= "ended" and at.index then errors[at.index] = failure end
    end
    return results, errors
  end, opts.collect)
end

return tasks
