-- A script that makes one day's run of an archive of spec/support/days.lua, for
-- spec/unit/archive/archive_days_spec.lua:
--   lua5.4 spec/support/archived_day.lua directory|sqlite PATH COUNT LAST DAY \
--     [any|store STEP | while COMMAND]
-- With a STEP it kills itself there. With a COMMAND it runs that once while its own run is under
-- way, and prints what it says. It prints a line for each conference that failed or is gone, or the
-- kind of the error that ended the run; and how many steps of each kind there were.

local days = require "spec.support.days"
local killed = require "spec.support.killed"
local meet = require "googlemeet"

local kind, path, count, last, day, mode, step = ...
count, last, day = tonumber(count), tonumber(last), tonumber(day)

local serve = days.server(count, last, day)
local client = assert(meet.new {
  api_key = "test-key", rate = false, retry = false, max_response_bytes = days.LARGEST,
  transport = function(request)
    if mode == "while" then -- at the first request: a killed run may have left nothing to copy
      mode = "done"
      local pipe <close> = assert(io.popen(step .. " 2>&1"))
      print("meanwhile " .. pipe:read "a":gsub("\n.*", ""))
    end
    return serve(request)
  end,
})

local steps = (mode == "any" or mode == "store") and killed.at(mode, tonumber(step))
local store = assert(meet.archive[kind](path))
local summary, err = meet.archive(client, store, { now = days.now(day) })
store:close()
debug.sethook()
if err then print("ended " .. err.kind) end
for _, one in ipairs(summary and summary.failed or {}) do print("failed " .. one.name) end
for _, name in ipairs(summary and summary.gone or {}) do print("gone " .. name) end
if steps then print("steps " .. steps[mode]) end
