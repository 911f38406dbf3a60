--- The gate `download`: bodies that go to a file or a function, over real sockets and TLS, from
-- nginx and from servers that break, lie and fall silent, in processes that are killed.
-- Use: lua5.4 spec/download/run.lua [SCENARIO...]; without names all of them. DOWNLOAD_SHORT=1 is a
-- run of half a minute with small files, in which no figure is judged closely. DOWNLOAD_SEED=…
-- draws the same kills and breaks again, as far as time lets it; DOWNLOAD_CASE=… is one row of
-- spec/download/cases.lua, of the scenario "odd". The status is 1 where a promise was broken.
--
-- A row of what it prints is a promise: what was seen, and "ok" or "NOT".

local loop = require "spec.limiter.loop"
local uv = require "luv"
local worlds = require "spec.download.world"

local PARTS = { "beside", "functions", "speed", "killed", "steps", "odd", "disk" }
local SHOWN = 5 -- problems of a row
local AT_ONCE = 4 -- scenarios of the short run

local broken, rows = 0, 0

local function print_row(row)
  rows = rows + 1
  local is_kept = #row.problems == 0
  local notes = table.concat(row.notes, ", ")
  print(("%-44s %-3s %s"):format(row.title, is_kept and "ok" or "NOT", notes))
  for index, problem in ipairs(row.problems) do
    if index <= SHOWN then print("    " .. problem) end
  end
  if not is_kept then broken = broken + 1 end
  io.stdout:flush()
end

local function run_one(scenario, settings)
  local here <close> = worlds.open(scenario[1], settings, scenario.bytes
    and scenario.bytes(settings.short))
  settings.worlds[#settings.worlds + 1] = here
  local ok, problem = xpcall(scenario[2], debug.traceback, here)
  if not ok then here:row("the scenario itself"):fail("%s", problem) end
  for _, row in ipairs(here.rows) do print_row(row) end
end

local function all_scenarios()
  local list = {}
  for _, name in ipairs(PARTS) do
    local more = require("spec.download." .. name)
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
  if #names > 0 and #found ~= #names then
    local known = {}
    for index, scenario in ipairs(all_scenarios()) do known[index] = scenario[1] end
    error("a scenario that does not exist, or twice; there are " .. table.concat(known, " "), 0)
  end
  return found
end

--- Nothing of the caller's may reach the processes; what was started ends with this one.
local function prepare(worlds_of_run)
  for _, name in ipairs { "MATON_API_URL", "MATON_CONNECTION" } do uv.os_unsetenv(name) end
  for _, name in ipairs { "sigint", "sigterm" } do
    local signal = uv.new_signal()
    signal:start(name, function()
      for _, here in ipairs(worlds_of_run) do here:abandon() end
      os.exit(1)
    end)
    signal:unref()
  end
end

local settings = {
  short = os.getenv "DOWNLOAD_SHORT" == "1",
  seed = os.getenv "DOWNLOAD_SEED" or tostring(os.time()), worlds = {},
}
local start, functions = loop.now(), {}
for index, scenario in ipairs(chosen(arg, settings.short)) do
  functions[index] = function() run_one(scenario, settings) end
end
print("download: DOWNLOAD_SEED=" .. settings.seed)
prepare(settings.worlds)
loop.run(function() loop.all(functions, settings.short and AT_ONCE or 1) end)
print(("%d promises in %.0f s: %s"):format(rows, loop.now() - start,
  broken == 0 and "all kept" or broken .. " NOT kept"))
os.exit(broken == 0, true)
