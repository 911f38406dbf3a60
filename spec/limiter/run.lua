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
-- arrived, in ms: that counts for nothing and tells how busy the machine was.

local judge = require "spec.limiter.judge"
local loop = require "spec.limiter.loop"
local uv = require "luv"
local world = require "spec.limiter.world"

local AT_ONCE = 7 -- scenarios of the short run

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

local function print_row(site)
  local row = judge.row(site:arrivals(), site.workers, site.limit)
  local problems = site.is_too_many and too_many(row)
    or judge.problems(row, site.limit, site.least_rate)
  table.move(site.problems, 1, #site.problems, #problems + 1, problems)
  print(("%-22s %6d %5d %4d %6d %5s %4.1f-%4.1f %6.1f %s%s"):format(site.title, row.calls, row.lost,
    row.refused, row.worst, row.rate and ("%.2f"):format(row.rate) or "-", row.lowest * 100,
    row.highest * 100, row.latest * 1000, #problems == 0 and "ok" or "FAILED",
    site.notes and ": " .. site.notes or ""))
  for _, problem in ipairs(problems) do print("  " .. problem) end
  broken = broken + #problems
  io.stdout:flush()
end

local function run_one(scenario, settings)
  local here <close> = world.open(scenario[1], settings)
  local ok, problem = xpcall(scenario[2], debug.traceback, here)
  for _, site in ipairs(here.sites) do print_row(site) end
  if ok then return end
  broken = broken + 1
  print(("%-22s FAILED: %s"):format(scenario[1], problem))
end

local function all_scenarios()
  local list = {}
  for _, name in ipairs { "scenarios", "failures", "cost" } do
    local more = require("spec.limiter." .. name)
    table.move(more, 1, #more, #list + 1, list)
  end
  return list
end

--- Those that were named; without names all, but for those that are left out of a short run.
local function chosen(names, is_short)
  local wanted, found = {}, {}
  for _, name in ipairs(names) do wanted[name] = true end
  for _, scenario in ipairs(all_scenarios()) do
    local is_wanted = wanted[scenario[1]]
    if #names == 0 then is_wanted = not (is_short and scenario.is_long) end
    if is_wanted then found[#found + 1] = scenario end
  end
  assert(#names == 0 or #found == #names, "a scenario that does not exist, or twice")
  return found
end

--- Nothing of the caller's may reach the processes; what was started ends with this one.
local function prepare()
  for _, name in ipairs { "MATON_API_URL", "MATON_CONNECTION" } do uv.os_unsetenv(name) end
  local terminated = uv.new_signal()
  terminated:start("sigterm", function() os.exit(1, true) end)
  terminated:unref()
end

local settings = {
  short = os.getenv "LIMITER_SHORT" == "1", seed = os.getenv "LIMITER_SEED" or tostring(os.time()),
}
local start, functions = loop.now(), {}
for index, scenario in ipairs(chosen(arg, settings.short)) do
  functions[index] = function() run_one(scenario, settings) end
end
print("limiter: LIMITER_SEED=" .. settings.seed)
print_head()
prepare()
loop.run(function() loop.all(functions, settings.short and AT_ONCE or 1) end)
print(("%d scenarios in %.0f s: %s"):format(#functions, loop.now() - start,
  broken == 0 and "never more than 10 in a second, none refused, none lost" or "FAILED"))
os.exit(broken == 0, true)
