-- List the conferences of the last two weeks, newest first; with an argument (a meeting's link,
-- code or name) only those of one space: lua5.4 list_conferences.lua hpk-vtwd-ens
local meet = require "googlemeet"
local plain = require "googlemeet.core".text.plain -- one line, and nothing to steer a terminal

local function conferences(client, where)
  local options = { filter = { start_time = { from = os.time() - 14 * 86400 } } }
  if not where then return client.conference_records:list(options) end
  return assert(client.spaces:get(where)):conference_records(options)
end

local function minutes(record)
  if not record.endTime then return "running" end
  if not record.startTime then return "?" end
  local seconds = meet.time.parse(record.endTime) - meet.time.parse(record.startTime)
  return ("%d min"):format((seconds + 30) // 60)
end

if arg[1] == "--help" then return print "Usage: lua5.4 list_conferences.lua [SPACE]" end
local client <close> = assert(meet.new())
local count = 0
for record in conferences(client, arg[1]) do
  count = count + 1
  local start = record.startTime or "?"
  print(("%s %s  %8s  %-22s %s"):format(start:sub(1, 10), start:sub(12, 16), minutes(record),
    plain(record.space), plain(record.name)))
end
print(count .. " conferences in two weeks, times in UTC")
assert(assert(io.write "\n"):flush()) -- print does not notice a full disk
