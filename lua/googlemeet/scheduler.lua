--- Waits for tasks: coroutines that yield to each other while they wait for the network.
-- The run queue is the core's. Nothing here is state, so a hook may end or suspend any line.

local core = require "googlemeet.core"

local scheduler = {}

local SLICE = 0.1 -- seconds that one step lasts at most
local TICK = 0.001 -- seconds after which a task asks a clock of a client's own again

--- Say whether a raised value is an error table of this module, and so not a bug in the script.
function scheduler.is_error_table(value)
  local metatable = getmetatable(value)
  return type(metatable) == "table" and metatable.__name == "googlemeet.error"
end

function scheduler.is_callable(f)
  local metatable = getmetatable(f)
  return type(f) == "function" or type(metatable) == "table" and metatable.__call ~= nil
end

function scheduler.check_callable(caller, f)
  if scheduler.is_callable(f) then return end
  error(("%s: a function expected, got %s"):format(caller, type(f)), 3)
end

--- Run one turn of every task that is ready now.
function scheduler.run_ready()
  for _ = 1, core.task.ready() do core.task.turn() end
end

--- Raise if the awaited task has not ended and nothing is left to wait for.
local function check_progress(what)
  if select(2, core.task.wait(what, 0)) then return end
  error("deadlock: every task waits for another one", 0)
end

--- Wait for a task or a group to end, or take a lock. A task yields; any other thread drives the
-- scheduler.
---@param what any task, group or lock
---@param ends? number gives up when the machine's clock reads that
---@return boolean has_come
function scheduler.await(what, ends)
  while true do
    local is_over, has_come = core.task.wait(what, ends)
    if is_over then return has_come end
    scheduler.run_ready()
    is_over, has_come = core.task.wait(what, ends)
    if is_over then return has_come end
    local seconds = ends and math.max(0, math.min(SLICE, ends - core.now())) or SLICE
    if not core.task.step(seconds) then check_progress(what) end
  end
end

--- Wait for a group to end, or until the custom clock of a client reads `ends`. That clock moves as
-- tasks run, so it is read after each turn of a task.
---@return boolean has_come
function scheduler.await_on(clock, group, ends)
  local turns = 0 -- until the engine is driven
  while true do
    local is_over, has_come = core.task.wait(group, core.now() + TICK) -- where a task yields
    if has_come then return true end
    if clock.now() >= ends then return false end
    if not is_over and turns > 0 then
      turns = turns - 1
      core.task.turn()
    elseif not is_over then
      if not core.task.step(TICK) then check_progress(group) end
      turns = core.task.ready()
    end
  end
end

--- Wait for `seconds` on the machine's clock.
function scheduler.sleep(seconds)
  local ends = core.now() + seconds
  while not core.task.wait(nil, ends) do
    scheduler.run_ready()
    core.task.step(math.max(0, ends - core.now()))
  end
end

return scheduler
