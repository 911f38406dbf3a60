-- List the conferences of the last two weeks, the newest first: of all spaces, or of the one with
-- that link, code or name: lua5.4 list_conferences.lua [SPACE]
local meet = require "googlemeet"

local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY
local two_weeks_ago = os.date("!%Y-%m-%d", os.time() - 14 * 86400)
local filter = { space = arg[1], start_time = { from = two_weeks_ago } }
for record in client.conference_records:list { filter = filter } do
  local length = "running"
  if record.endTime then
    local seconds = meet.time.parse(record.endTime) - meet.time.parse(record.startTime)
    length = ("%d min"):format((seconds + 30) // 60)
  end
  local start = record.startTime:sub(1, 16):gsub("T", " ") -- UTC
  print(("%s  %8s  %-20s  %s"):format(start, length, record.space, meet.name.id(record)))
end
