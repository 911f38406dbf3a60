-- Make a meeting link; show who attended the latest conference that has a transcript, and how it
-- began.
local meet = require "googlemeet"

assert(not arg[1], "usage: lua5.4 quickstart.lua")
local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY
print("A new meeting: " .. assert(client.spaces:create()).meetingUri)

--- Return the first transcript of a conference that has its file.
local function finished_transcript(record)
  for transcript in record:transcripts() do
    if transcript.state == "FILE_GENERATED" then return transcript end
  end
end

for record in client.conference_records:list() do -- the newest first
  local transcript = finished_transcript(record)
  if transcript then
    local text = assert(transcript:read { merge = true }):render "text"
    print(("\nThe conference of %s\n"):format(record.startTime:sub(1, 10)))
    print(assert(record:attendance()):render "text")
    print("Its transcript begins:\n\n" .. text:match(("[^\n]*\n?"):rep(8)))
    return
  end
end
print "No conference of the last 30 days has a transcript: hold one with it switched on."
