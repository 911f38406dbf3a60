--- Scenarios as coroutines: several wait at once, for time and for what others do. Over luv.

local uv = require "luv"

local loop = {}

local POLL = 10 -- milliseconds between two polls of a condition

--- Seconds on CLOCK_MONOTONIC, as the gateway's journal has them in nanoseconds.
function loop.now() return uv.hrtime() / 1e9 end

--- Wait until `condition` gives a true value, which is returned; nil after `seconds`.
---@param seconds number
---@param condition fun(): any
function loop.wait(seconds, condition)
  local waiting, timer, limit = coroutine.running(), uv.new_timer(), loop.now() + seconds
  local found = condition()
  while not found and loop.now() < limit do
    timer:start(POLL, 0, function() assert(coroutine.resume(waiting)) end)
    coroutine.yield()
    found = condition()
  end
  timer:close()
  return found or nil
end

function loop.sleep(seconds)
  local waiting, timer = coroutine.running(), uv.new_timer()
  timer:start(math.ceil(seconds * 1000), 0, function()
    timer:close()
    assert(coroutine.resume(waiting))
  end)
  coroutine.yield()
end

--- Run functions at once, `at_once` of them, and wait until all have ended. What one raises is
--- raised here when the others have ended.
---@param functions (fun())[]
---@param at_once? integer all of them
function loop.all(functions, at_once)
  local next_one, ended, problem = 1, 0, nil
  local function take()
    while functions[next_one] do
      next_one = next_one + 1
      local ok, raised = xpcall(functions[next_one - 1], debug.traceback)
      if not ok then problem = problem or raised end
      ended = ended + 1
    end
  end
  for _ = 1, math.min(at_once or #functions, #functions) do
    assert(coroutine.resume(coroutine.create(take)))
  end
  loop.wait(math.huge, function() return ended == #functions end)
  if problem then error(problem, 0) end
end

--- Run `main` as the first coroutine; it ends the process's loop when it ends.
function loop.run(main)
  local problem
  assert(coroutine.resume(coroutine.create(function()
    local ok, raised = xpcall(main, debug.traceback)
    if not ok then problem = raised end
  end)))
  uv.run()
  if problem then error(problem, 0) end
end

return loop
