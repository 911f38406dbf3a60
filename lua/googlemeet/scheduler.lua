--- Waits for tasks: coroutines that yield to each other while they wait for the network.
-- The run queue is the core's. Nothing here is state, so a hook may end or suspend any line.

local core = require "googlemeet.core"

local scheduler = {}

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

--- Wait for a task or a group to end, or take a lock. A task yields; any other thread drives the
-- scheduler.
function scheduler.await(what)
  while not core.task.wait(what) do
    scheduler.run_ready()
    if core.task.wait(what) then return end
    if not core.task.step(0.1) then
      if core.task.wait(what) then return end
      error("deadlock: every task waits for another one", 0)
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
