-- Wait until the transcript of a conference has its file, and print the link of that document.
--   lua5.4 wait_for_transcript.lua CONFERENCE
-- A file comes minutes after the end of a conference, and not at all where none was switched on.
local meet = require "googlemeet"

local conference = assert(arg[1], "usage: lua5.4 wait_for_transcript.lua CONFERENCE")
local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY

local record = assert(client.conference_records:get(conference))
local transcript, err = record:transcripts():first()
if not transcript then error(err or conference .. " has no transcript", 0) end

local ready = assert(transcript:wait_for_file {
  timeout = 2 * 3600, -- then it is an error of kind "deadline"
  on_wait = function(now, seconds)
    print(("%s; next poll in %.0f s"):format(now.state, seconds))
  end,
})
print(ready.docsDestination.exportUri)
