--- The gate `late`: whatever servers do, no call ends later than its timeout and its deadline
-- allow, its kind names what ended it, and no write of another client suffers.
-- Use: lua5.4 spec/late/run.lua [CALLS [CONDITION...]], with slow_resolver.c preloaded (see the
-- Makefile). The status is 1 where a promise was broken. A row of what it prints has the calls made
-- and how they ended, the wrong kinds, the calls more than 0.2 s late and the greatest lateness;
-- then the machine's share: how late a plain sleep of this process was meanwhile, and for how long
-- it had no processor while one call lasted; the writes: good, ambiguous, lost; and the calls sent
-- to a dead socket. Times are in ms.

local conditions = require "spec.late.conditions"
local core = require "googlemeet.core"
local judge = require "spec.late.judge"
local round = require "spec.late.round"

--- Those that were named; all, when none was.
local function chosen(names)
  if #names == 0 then return conditions end
  local wanted, found = {}, {}
  for _, name in ipairs(names) do wanted[name] = true end
  for _, condition in ipairs(conditions) do
    if wanted[condition[1]] then found[#found + 1] = condition end
  end
  assert(#found == #names, "a condition that is not in spec/late/conditions.lua, or twice")
  return found
end

assert((os.getenv "LD_PRELOAD" or ""):find "slow_resolver", "slow_resolver.so is not preloaded")
local calls = assert(math.tointeger(arg[1] or 10000), "CALLS: a whole number")
local list = chosen { table.unpack(arg, 2) }
local start, sum = core.now(), judge.row("in all", 0)
judge.print_head()
for index, condition in ipairs(list) do
  local share = calls * index // #list - calls * (index - 1) // #list
  local row = round.run(condition, share * (condition.times or 1))
  row:print()
  sum:add(row)
end
sum:finish_ways()
sum:print()
print(("%d calls in %.0f s: %s"):format(sum.calls, core.now() - start,
  sum.broken == 0 and "none late, none wrong, no write suffered" or "FAILED"))
os.exit(sum.broken == 0, true)
