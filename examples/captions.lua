-- Write captions that fit the recording of a conference.
--   lua5.4 captions.lua CONFERENCE >meeting.vtt
local meet = require "googlemeet"

local conference = assert(arg[1], "usage: lua5.4 captions.lua CONFERENCE")
local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY

local record = assert(client.conference_records:get(conference))
local recording, err = record:recordings():first()
if err then error(err) end

local report = assert(record:transcript())
io.write(report:render("vtt", { -- or "srt"
  start_time = recording and recording.startTime, -- else they count from the transcript's start
}))
