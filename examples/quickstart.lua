-- Make a meeting link; show who came to the latest conference that has a transcript, and how that
-- begins. The key comes from MATON_API_KEY. What fails ends the script with a line on stderr.
local meet = require "googlemeet"
local plain = require "googlemeet.core".text.plain -- one line, and nothing to steer a terminal

local function pad(text, width) return text .. (" "):rep(width - (utf8.len(text) or #text)) end
local function hour(time) return time:sub(12, 16) end -- of "2026-11-19T09:00:04.12Z"; UTC

local function latest_conference(client)
  for record in client.conference_records:list { limit = 100 } do -- newest first
    if record.startTime and record.endTime then
      local transcript, err = record:transcripts():first()
      if err then error(err) end
      if transcript then return record, transcript end
    end
  end
end

if arg[1] == "--help" then return print "Usage: lua5.4 quickstart.lua" end
local client <close> = assert(meet.new())
print("A new meeting: " .. assert(client.spaces:create()).meetingUri)
local record, transcript = latest_conference(client)
if not record then
  return print "No conference of the last 30 days has a transcript: hold one with it switched on."
end

print(("\nThe conference of %s, times in UTC\n"):format(record.startTime:sub(1, 10)))
print(pad("Name", 24) .. "  Kind       Joined  Left   Minutes")
local names = {}
for person in record:participants() do
  local joined, left = person.earliestStartTime, person.latestEndTime or record.endTime
  local minutes = (meet.time.parse(left) - meet.time.parse(joined)) // 60
  local name, kind = plain(person:display_name() or "?"), pad(person:identity() or "?", 10)
  names[person.name] = name
  print(("%s  %s %s   %s  %7d"):format(pad(name, 24), kind, hour(joined), hour(left), minutes))
end
print "\nIts transcript begins\n"
for line in transcript:entries { limit = 20 } do
  print(hour(line.startTime), pad(names[line.participant] or "?", 24), plain(line.text))
end
assert(assert(io.write "\n"):flush()) -- print does not notice a full disk
