--- Measures this module against bare libcurl + lua-cjson: `make bench`.
--
--   lua5.4 spec/bench/run.lua [SCENARIO ...]
--
-- A round runs both drivers one after the other, in turns first; a figure is the median of the
-- rounds' ratios, with the least and the greatest. ROUNDS, SCALE (times the requests) and COUNT=0
-- (no instruction counts) come from the environment. Status 1 when a line that must hold does not:
-- the ratio of CPU, equal checksums, equal requests, one socket.

local drivers = require "spec.bench.drivers"
local meet = require "googlemeet"
local nginx = require "spec.bench.nginx"
local shell = require "spec.bench.shell"

local ROUNDS = tonumber(os.getenv "ROUNDS") or 31
local SCALE = tonumber(os.getenv "SCALE") or 1
local COUNTS = os.getenv "COUNT" ~= "0"

--- `limit` must hold; `goal` is where it is to get.
local scenarios = {
  {
    name = "get", title = "small GETs", requests = 1000, counted = 1000,
    limit = { cpu = 1.25 }, goal = { instructions = 1.08, cpu = 1.10 },
  },
  {
    name = "list", title = "lists of 100, by for", requests = 200, counted = 150,
    limit = {}, goal = { instructions = 1.05, cpu = 1.08 },
  },
  {
    name = "all", title = "lists of 100, by all()", requests = 200, counted = 150,
    limit = {}, goal = { instructions = 1.05, cpu = 1.08 },
  },
}

local failures = 0

local function fail(message, ...)
  failures = failures + 1
  print("FAIL  " .. message:format(...))
end

local function median(values)
  local sorted = table.move(values, 1, #values, 1, {})
  table.sort(sorted)
  local middle = #sorted // 2
  local value = #sorted % 2 == 1 and sorted[middle + 1] or (sorted[middle] + sorted[middle + 1]) / 2
  return value, sorted[1], sorted[#sorted]
end

--- Run one driver; its figures and what the server saw of it.
local function run_once(bench, scenario, driver)
  local count = math.ceil(scenario.requests * SCALE)
  local figures = bench.drivers:run(driver, scenario.name, bench.server.url, count)
  local seen = bench.server:take(figures.requests)
  if seen.requests ~= figures.requests then
    fail("%s: %s sent %d requests, the server counted %d", scenario.title, driver,
      figures.requests, seen.requests)
  end
  if seen.sockets ~= 1 then
    fail("%s: %s opened %d sockets", scenario.title, driver, seen.sockets)
  end
  figures.sockets, figures.kinds, figures.count = seen.sockets, seen.kinds, count
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
    fail("%s: checksums differ: %s, bare %s", scenario.title, pair.ours.checksum,
      pair.bare.checksum)
  end
  if pair.ours.kinds ~= pair.bare.kinds then
    fail("%s: requests differ:\n%s\nbare:\n%s", scenario.title, pair.ours.kinds, pair.bare.kinds)
  end
  return same
end

local function measure(bench, scenario)
  local found = { cpu = {}, wall = {}, bare = {}, sockets = 0, same = true }
  run_pair(bench, scenario, 1) -- warms what is shared: files, branches, clock rate
  for round = 1, ROUNDS do
    local pair = run_pair(bench, scenario, round)
    found.same = check_same(scenario, pair) and found.same
    found.cpu[round] = pair.ours.cpu / pair.bare.cpu
    found.wall[round] = pair.ours.wall / pair.bare.wall
    found.bare[round] = pair.bare.cpu / pair.bare.count * 1e6
    found.sockets = math.max(found.sockets, pair.ours.sockets)
  end
  return found
end

--- Instructions of a request, ours and bare.
local function count(bench, scenario)
  local found = {}
  for _, driver in ipairs { "bare", "ours" } do
    local sent
    found[driver], sent = bench.drivers:instructions(bench.counter, driver, scenario.name,
      bench.server.url, scenario.counted)
    bench.server:take(sent)
  end
  return found
end

local ROW = "%-23s %-12s %6s %6s %6s   %-13s %s"

local function print_row(scenario, figure, values, note)
  local value, least, greatest = median(values)
  local limit, goal = scenario.limit[figure], scenario.goal[figure]
  local spread = #values > 1 and ("%.3f - %.3f"):format(least, greatest) or ""
  print(ROW:format(scenario.title, figure, ("%.3f"):format(value),
    goal and ("%.2f"):format(goal) or "", limit and ("%.2f"):format(limit) or "", spread, note))
  if limit and value > limit then
    fail("%s: %s is %.3f times that of bare, over %.2f", scenario.title, figure, value, limit)
  end
end

local function report(bench, scenario)
  local found = measure(bench, scenario)
  print_row(scenario, "cpu", found.cpu, ("%.1f us bare; %d socket; checksums %s"):format(
    median(found.bare), found.sockets, found.same and "equal" or "FAIL"))
  print_row(scenario, "wall", found.wall, "")
  if bench.counter then
    local counted = count(bench, scenario)
    print_row(scenario, "instructions", { counted.ours / counted.bare },
      ("%.0f bare, %+.0f ours"):format(counted.bare, counted.ours - counted.bare))
  end
end

--- Scenarios named on the command line, or all.
local function chosen(names)
  if #names == 0 then return scenarios end
  local list = {}
  for _, name in ipairs(names) do
    for _, scenario in ipairs(scenarios) do
      if scenario.name == name then list[#list + 1] = scenario end
    end
  end
  if #list < #names then error "no such scenario" end
  return list
end

--- Client and server on processors of their own, where there are two.
local function pins()
  if shell.has "taskset -c 0 true" and shell.has "taskset -c 1 true" then
    return "taskset -c 0", "taskset -c 1"
  end
  return "", ""
end

local function main(names)
  local list = chosen(names)
  local folder <close> = shell.folder()
  local client_pin, server_pin = pins()
  local server <close> = nginx.start(folder.path, server_pin)
  local bench = {
    server = server,
    drivers = drivers.make(folder.path, client_pin, "googlemeet-lua/" .. meet.version),
    counter = COUNTS and drivers.counter() or nil,
  }
  print(("ours / bare, medians of %d rounds; instructions by %s"):format(
    ROUNDS, bench.counter or "nothing"))
  print(ROW:format("work", "figure", "ratio", "goal", "limit", "least - most", ""))
  for _, scenario in ipairs(list) do report(bench, scenario) end
end

main(arg)
os.exit(failures == 0)
