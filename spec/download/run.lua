--- The gate `download`: bodies that go to a file or a function, over real sockets and TLS, from
-- nginx and from servers that break, lie and fall silent, in processes that are killed.
-- Use: lua5.4 spec/download/run.lua [SCENARIO...]; without names all of them. DOWNLOAD_SHORT=1 is a
-- run of half a minute with small files, in which no figure is judged closely. DOWNLOAD_SEED=…
-- draws the same kills and breaks again, as far as time lets it; DOWNLOAD_CASE=… is one row of
-- spec/download/cases.lua, of the scenario "odd". The status is 1 where a promise was broken.
--
-- A row of what it prints is a promise: what was seen, and "ok" or "NOT".

local gate = require "spec.support.gate"
local loop = require "spec.limiter.loop"
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

local settings = {
  short = os.getenv "DOWNLOAD_SHORT" == "1",
  seed = os.getenv "DOWNLOAD_SEED" or tostring(os.time()), worlds = {},
}
local start, functions = loop.now(), {}
for index, scenario in ipairs(gate.chosen("spec.download.", PARTS, settings.short)) do
  functions[index] = function() run_one(scenario, settings) end
end
print("download: DOWNLOAD_SEED=" .. settings.seed)
gate.prepare(settings.worlds)
loop.run(function() loop.all(functions, settings.short and AT_ONCE or 1) end)
print(("%d promises in %.0f s: %s"):format(rows, loop.now() - start,
  broken == 0 and "all kept" or broken .. " NOT kept"))
os.exit(broken == 0, true)
