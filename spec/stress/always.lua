-- The scenarios of spec/oom with a collection wherever there can be one: MODE URL SCENARIO...
--   full: a whole cycle at each step of the collector, which every allocation may call for
--   instructions: a whole cycle after every few instructions of Lua, in all coroutines
--   young: likewise in generational mode, whose cycles look at young objects only

local collector = require "spec.support.collector"
local scenarios = dofile "spec/oom/scenarios.lua"

local EVERY = 3 -- instructions

local mode, url = ...
local collections, is_counting = 0, false

--- Each cycle finalizes what the last one's finalizer has left.
local function leave_sentinel()
  setmetatable({}, { __gc = function()
    if not is_counting then return end
    collections = collections + 1
    leave_sentinel()
  end })
end

local MODES = {}

function MODES.full() collector.be_thorough() end

--- Collect after every few instructions of all threads, those made from now on too, until the
-- function that is returned is called.
local function hook(collect)
  -- luacheck: ignore 122 (threads are hooked where they are made)
  local create, wrap = coroutine.create, coroutine.wrap
  coroutine.create = function(f)
    local thread = create(f)
    debug.sethook(thread, collect, "", EVERY)
    return thread
  end
  coroutine.wrap = function(f)
    local thread = coroutine.create(f)
    return function(...)
      local results = table.pack(coroutine.resume(thread, ...))
      if not results[1] then error(results[2], 0) end
      return table.unpack(results, 2, results.n)
    end
  end
  debug.sethook(collect, "", EVERY)
  return function()
    debug.sethook()
    coroutine.create, coroutine.wrap = create, wrap
  end
end

function MODES.instructions()
  return hook(function() collectgarbage() end)
end

function MODES.young()
  collectgarbage "generational"
  return hook(function() collectgarbage "step" end)
end

local function run(scenario)
  local value = scenario.prepare(url)
  assert(scenario.act(value))
  scenario.after(value)
end

for _, name in ipairs { select(3, ...) } do
  local before = collections
  local stop = MODES[mode]()
  is_counting = true
  leave_sentinel()
  run(scenarios[name])
  is_counting = false
  if stop then stop() end
  collectgarbage "incremental"
  collectgarbage()
  print(("%s, %s: %d collections"):format(name, mode, collections - before))
end
