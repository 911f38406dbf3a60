-- A scheduler that can be cut anywhere: by an error that a hook raises between two instructions, as
-- Ctrl-C and watchdogs do, and by a host that suspends its coroutine and runs another one.

local compiled = require "spec.support.compiled"
local scenarios = require "spec.support.cuts"
local tree = require "spec.support.tree"
local turns = require "spec.support.turns"

local MOST = 100000 -- instructions of one scenario, far above any

local keeper -- the last client to close wipes memory, which takes longer than a trial
setup(function() keeper = turns.open() end)
teardown(function() keeper:close() end)

--- Run `act` and raise "cut" at its event `at`: an instruction, or with the mask "cr" the beginning
-- or end of a call. Returns whether it came to that, and whether the error came out of `act`.
local function cut(act, mask, at)
  local was_cut, events = false, 0
  local ok, why = pcall(function()
    debug.sethook(function()
      events = events + 1
      if events < at then return end
      debug.sethook()
      was_cut = true
      error("cut", 0)
    end, mask, mask == "" and 1 or 0)
    act()
    debug.sethook()
  end)
  debug.sethook()
  if not ok and not tostring(why):find "cut" then error(why, 0) end
  return was_cut, not ok
end

--- Drive until nothing is left.
local function finish(client)
  for _ = 1, 1000 do
    if not client:step(0) then return end
  end
  error("step never says that nothing is left", 0)
end

-- Closing a client cancels its tasks, which then are ready: other specs count those.
after_each(function() finish(keeper) end)

--- Cut a scenario at each of its events in turn; returns how many it has.
local function cut_everywhere(scenario, mask)
  for at = 1, MOST do
    local client <close> = turns.open()
    local trial = scenario(client)
    if trial.prepare then trial.prepare() end
    local was_cut, raised = cut(trial.act, mask, at)
    if not was_cut then return at - 1 end
    finish(client)
    assert(raised or trial.swallows, "the error did not come out of the cut call at " .. at)
    local later = client:submit(function() return "later" end)
    finish(client)
    assert.equal("later", later:result(), at)
    trial.check(at)
  end
end

for mask, what in pairs { [""] = "instructions", cr = "calls and returns" } do
  describe("an error between any two " .. what, function()
    for _, row in ipairs(scenarios) do
      it("loses no task and runs none twice: " .. row[1], function()
        local count = cut_everywhere(row[2], mask)
        print(("cut %s: %d %s, 0 wrong"):format(row[1], count, what))
        assert.is_true(count > 5)
      end)
    end
  end)
end

describe("a host that takes the processor away", function()
  local folder, host

  setup(function()
    folder = compiled.folder("preempt")
    host = package.loadlib(folder .. "/preempt.so", "luaopen_preempt")()
  end)
  teardown(function() tree.remove(folder) end)

  local EVERY = {}
  for every = 1, 100 do EVERY[every] = every end

  --- Run a function in some coroutines at once, each suspended at each `every`th event.
  local function preempt(event, coroutines, act)
    local runs = 0
    for _, every in ipairs(EVERY) do
      local threads = {}
      for index = 1, coroutines do threads[index] = coroutine.create(act) end
      host(event, every, threads)
      runs = runs + 1
    end
    return runs
  end

  for _, case in ipairs { { "line", 2 }, { "line", 3 }, { "both", 2 } } do
    local event, coroutines = table.unpack(case)
    local which = ("%d coroutines%s"):format(coroutines, event == "both" and ", tasks too" or "")
    for _, row in ipairs(scenarios.hosts) do
      it(("sees every task end once: %s in %s"):format(row[1], which), function()
        local client <close> = turns.open()
        turns.settle(client)
        local runs = preempt(event, coroutines, row[2](client))
        print(("preempted %s in %s: %d runs, 0 wrong"):format(row[1], which, runs))
        assert.is_false(client:step(0))
      end)
    end
  end
end)
