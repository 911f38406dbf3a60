--- Work done by this module and by bare libcurl in turns: ratios of what it cost.

local ledger = require "spec.bench.ledger"

local ROUNDS = tonumber(os.getenv "ROUNDS")
local SCALE = tonumber(os.getenv "SCALE") or 1

--- `limit` must hold; `goal` is where it is to get. `requests` is what the drivers are given: how
--- many, or the milliseconds of work on a page.
local scenarios = {
  {
    name = "get", title = "small GETs", requests = 1000, counted = 1000, rounds = 31,
    limit = { cpu = 1.25 }, goal = { instructions = 1.10, cpu = 1.20 },
  },
  {
    name = "list", title = "lists of 100, by for", requests = 200, counted = 150, rounds = 21,
    limit = {}, goal = { instructions = 1.08, cpu = 1.15 },
  },
  {
    name = "all", title = "lists of 100, by all()", requests = 200, counted = 150, rounds = 21,
    limit = {}, goal = { instructions = 1.08, cpu = 1.15 },
  },
  {
    name = "many", title = "1000 GETs, 50 ms, 100 at once", requests = 1000, rounds = 15,
    bare = "bare_multi", server = "tls", limit = { wall = 1.25 },
    goal = { wall = 1.05, cpu = 1.15 },
  },
  {
    name = "pages", title = "100 pages, 50 ms, 40 ms work", requests = 40, rounds = 5, fixed = true,
    bare = "bare_multi", server = "tls", limit = { wall = 1.10 }, goal = { wall = 1.02 },
  },
  {
    name = "memory", title = "1000 pages of 250", requests = 1000, rounds = 2, fixed = true,
    bare = "bare_multi", limit = { grown = 2 }, goal = { grown = 0.5 },
  },
}

--- Run one driver; its figures and what the server saw of it.
local function run_once(bench, scenario, driver)
  local count = scenario.fixed and scenario.requests or math.ceil(scenario.requests * SCALE)
  local url = bench.server[scenario.server or "url"]
  local figures = bench.drivers:run(driver, scenario, url, count)
  local seen = bench.server:take(figures.requests)
  if seen.requests ~= figures.requests then
    ledger.fail("%s: %s sent %d requests, the server counted %d", scenario.title, driver,
      figures.requests, seen.requests)
  end
  if seen.sockets ~= 1 then
    ledger.fail("%s: %s opened %d sockets", scenario.title, driver, seen.sockets)
  end
  figures.sockets, figures.kinds, figures.count = seen.sockets, seen.kinds, figures.requests
  return figures
end

--- One round: bare first and ours first in turns.
local function run_pair(bench, scenario, round)
  local pair = {}
  for at = 1, 2 do
    local driver = (round + at) % 2 == 0 and "bare" or "ours"
    pair[driver] = run_once(bench, scenario, driver)
  end
  return pair
end

--- Work that is not the same cannot be compared.
local function check_same(scenario, pair)
  local same = pair.ours.checksum == pair.bare.checksum
  if not same then
    ledger.fail("%s: checksums differ: %s, bare %s", scenario.title, pair.ours.checksum,
      pair.bare.checksum)
  end
  if pair.ours.kinds ~= pair.bare.kinds then
    ledger.fail("%s: requests differ:\n%s\nbare:\n%s", scenario.title, pair.ours.kinds,
      pair.bare.kinds)
  end
  return same
end

local function measure(bench, scenario)
  local found = { cpu = {}, wall = {}, bare = { cpu = {}, wall = {}, grown = {} }, ours = {},
    grown = {}, sockets = 0, same = true }
  local rounds = scenario.fixed and scenario.rounds or ROUNDS or scenario.rounds
  if not scenario.fixed then run_pair(bench, scenario, 1) end -- warms files, branches, clock rate
  for round = 1, rounds do
    local pair = run_pair(bench, scenario, round)
    found.same = check_same(scenario, pair) and found.same
    found.cpu[round] = pair.ours.cpu / pair.bare.cpu
    found.wall[round] = pair.ours.wall / pair.bare.wall
    found.ours[round] = pair.ours.wall
    found.bare.cpu[round] = pair.bare.cpu / pair.bare.count * 1e6
    found.bare.wall[round] = pair.bare.wall
    found.grown[round] = (pair.ours.grown or 0) / 2 ^ 20
    found.bare.grown[round] = (pair.bare.grown or 0) / 2 ^ 20
    found.sockets = math.max(found.sockets, pair.ours.sockets)
  end
  return found
end

--- Instructions of a request, ours and bare.
local function count(bench, scenario)
  local found = {}
  for _, driver in ipairs { "bare", "ours" } do
    local sent
    found[driver], sent = bench.drivers:instructions(bench.counter, driver, scenario,
      bench.server.url, scenario.counted)
    bench.server:take(sent)
  end
  return found
end

local function row(scenario, figure, values, note, ...)
  ledger.row {
    work = scenario.title, figure = figure, values = values, goal = scenario.goal[figure],
    limit = scenario.limit[figure], note = note:format(...),
  }
end

local function report(bench, scenario)
  local found = measure(bench, scenario)
  row(scenario, "cpu", found.cpu, "%.1f us bare; %d socket; checksums %s",
    ledger.median(found.bare.cpu), found.sockets, found.same and "equal" or "FAIL")
  row(scenario, "wall", found.wall, "%.3f s, bare %.3f", (ledger.median(found.ours)),
    (ledger.median(found.bare.wall)))
  if scenario.goal.grown then
    row(scenario, "grown", found.grown, "MiB; bare %.3f", (ledger.median(found.bare.grown)))
  end
  if scenario.counted and bench.counter then
    local counted = count(bench, scenario)
    row(scenario, "instructions", { counted.ours / counted.bare }, "%.0f bare, %+.0f ours",
      counted.bare, counted.ours - counted.bare)
  end
end

local rounds = {}
for index, scenario in ipairs(scenarios) do
  rounds[index] = {
    name = scenario.name,
    run = function(bench) report(bench, scenario) end,
  }
end

return rounds
