-- Show who attended the conferences of a space in the last 30 days, and for how long in all. CSV
-- has a column of seconds for each conference: lua5.4 attendance_series.lua SPACE [FORMAT]
local meet = require "googlemeet"

local space = assert(arg[1], "usage: lua5.4 attendance_series.lua SPACE [FORMAT]")
local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY

local filter = { space = space, ended = true }
local records = assert(client.conference_records:list({ filter = filter }):all())
local reports = assert(client:map(records, function(record)
  return record:attendance()
end))
io.write(assert(meet.attendance.merge(reports):render(arg[2] or "text")))
