-- Show who attended a conference, and for how long; who came five minutes after its start is late.
--   lua5.4 attendance_report.lua [FORMAT [CONFERENCE]]
-- FORMAT is text, csv, markdown, json or html. Without CONFERENCE, the id of its record, it is the
-- latest one that is over.
local meet = require "googlemeet"

local format, conference = arg[1] or "text", arg[2]
local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY

local record, err
if conference then
  record, err = client.conference_records:get(conference)
else
  record, err = client.conference_records:list({ filter = { ended = true } }):first()
end
if not record then error(err or "no conference of the last 30 days is over", 0) end

local report = assert(record:attendance { late_after = 300 })
io.write(assert(report:render(format)))
