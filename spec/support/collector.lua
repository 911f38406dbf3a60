--- Paces of the garbage collector, for finalizers that have to run in the middle of things. Lua 5.5
--- takes each parameter by its name, and ignores those of 5.4.

local collector = {}

local function set(parameters)
  for name, value in pairs(parameters) do collectgarbage("param", name, value) end
end

local has_names = pcall(collectgarbage, "param", "pause")

--- Many short steps, a new cycle as soon as one is over.
function collector.be_busy()
  if not has_names then return collectgarbage("incremental", 1, 1000, 1) end
  collectgarbage "incremental"
  set { pause = 1, stepmul = 1000, stepsize = 2 }
end

--- Every step, for which an allocation may call, is a whole cycle.
function collector.be_thorough()
  if not has_names then return collectgarbage("incremental", 0, 1000, 63) end -- 2^63 bytes a step
  collectgarbage "incremental"
  set { pause = 0, stepmul = 0 } -- no multiplier, no end before that of the cycle
end

--- Generations, the young one collected often. The default of 5.5 is often enough; with the numbers
--- of 5.4 it hardly collects.
function collector.be_generational()
  if not has_names then return collectgarbage("generational", 1, 1) end
  collectgarbage "generational"
end

return collector
