-- Write what was said in a conference as Markdown, and who spoke for how long.
--   lua5.4 transcript_markdown.lua CONFERENCE >meeting.md
local meet = require "googlemeet"

local conference = assert(arg[1], "usage: lua5.4 transcript_markdown.lua CONFERENCE")
local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY

local record = assert(client.conference_records:get(conference))
local report = assert(record:transcript { merge = 20 }) -- joins what one speaker says within 20 s
io.write("# Conference of ", record.startTime:sub(1, 10), "\n\n")
for _, row in ipairs(report:talk_time()) do
  io.write(("- %s: %d min, %.0f %%\n"):format(row.speaker, row.seconds // 60, row.share * 100))
end
io.write("\n", report:render "markdown")
