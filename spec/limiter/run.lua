--- The gate `limiter`: processes that share a limiter never send more than 10 in any second, all of
-- them together, whatever fails, and lose no call; counted where the requests arrive.
-- Use: lua5.4 spec/limiter/run.lua [SCENARIO...]; without names all of them. LIMITER_SHORT=1 is a
-- run of half a minute. LIMITER_SEED=... draws the same kills again, as far as time lets it. The
-- status is 1 where a promise was broken.
--
-- A row of what it prints has the calls that have ended and those that are lost; the answers of
-- 429; the most that arrived within a second; the share of the limit's rate that was used from the
-- first arrival on, (n - 10) / 10 seconds by those it took; the least and the greatest share of a
-- process in what arrived while all had calls left; and how late the gateway came to read what had
-- arrived, in ms: that counts for nothing and shows how busy the machine was.

local gate = require "spec.support.gate"
local judge = require "spec.limiter.judge"
local loop = require "spec.limiter.loop"
local world = require "spec.limiter.world"

local PARTS = { "failures", "scenarios", "cost" }
local AT_ONCE = 10 -- scenarios of the short run

local broken = 0

local function print_head()
  print(("%-22s %6s %5s %4s %6s %5s %9s %6s"):format("", "calls", "lost", "429", "second", "rate",
    "shares, %", "late"))
end

--- What is wrong at a site without a limiter: that too many arrive, and that is to be noticed.
local function too_many(row)
  if row.refused > 0 and row.lost > 0 and row.worst > world.LIMIT then return {} end
  return { "nothing is wrong, which would show if the gate noticed anything" }
end

local function figures(row)
  local have_shares = row.lowest > 0 and row.highest > 0 -- not so where others began later
  return ("%6d %5d %4d %6d %5s %9s %6.1f"):format(row.calls, row.lost, row.refused, row.worst,
    row.rate and ("%.2f"):format(row.rate) or "-",
    have_shares and ("%.0f-%.0f"):format(row.lowest * 100, row.highest * 100) or "-",
    row.latest * 1000)
end

local function print_row(site)
  local row = judge.row(site:arrivals(), site.workers, site.limit)
  local problems = site.is_too_many and too_many(row)
    or judge.problems(row, site.limit, site.least_rate)
  table.move(site.problems, 1, #site.problems, #problems + 1, problems)
  print(("%-22s %s %s%s"):format(site.title, figures(row), #problems == 0 and "ok" or "FAILED",
    site.notes and ": " .. site.notes or ""))
  for _, problem in ipairs(problems) do print("  " .. problem) end
  broken = broken + #problems
  io.stdout:flush()
end

local function run_one(scenario, settings)
  local here <close> = world.open(scenario[1], settings)
  settings.worlds[#settings.worlds + 1] = here
  local ok, problem = xpcall(scenario[2], debug.traceback, here)
  for _, site in ipairs(here.sites) do print_row(site) end
  if ok then return end
  broken = broken + 1
  print(("%-22s FAILED: %s"):format(scenario[1], problem))
end

local settings = {
  short = os.getenv "LIMITER_SHORT" == "1", seed = os.getenv "LIMITER_SEED" or tostring(os.time()),
  worlds = {},
}
local start, functions = loop.now(), {}
for index, scenario in ipairs(gate.chosen("spec.limiter.", PARTS, settings.short)) do
  functions[index] = function() run_one(scenario, settings) end
end
print("limiter: LIMITER_SEED=" .. settings.seed)
print_head()
gate.prepare(settings.worlds)
loop.run(function() loop.all(functions, settings.short and AT_ONCE or 1) end)
print(("%d scenarios in %.0f s: %s"):format(#functions, loop.now() - start,
  broken == 0 and "never more than 10 in a second, none refused, none lost" or "FAILED"))
os.exit(broken == 0, true)
