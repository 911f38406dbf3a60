-- Make a space for invited people that is recorded and transcribed, with a co-host, and print how
-- to get in: lua5.4 create_space.lua [COHOST]
-- Store the name of a space: its code expires when it is not used for a year.
local meet = require "googlemeet"

local cohost = arg[1]
assert(not cohost or cohost:find "@", "usage: lua5.4 create_space.lua [COHOST]")
local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY
local space = assert(client.spaces:create {
  config = {
    accessType = "RESTRICTED", -- OPEN: whoever has the link; TRUSTED: the organisation too
    artifactConfig = {
      recordingConfig = { autoRecordingGeneration = "ON" },
      transcriptionConfig = { autoTranscriptionGeneration = "ON" },
    },
  },
})
io.write("link\t", space.meetingUri, "\ncode\t", space.meetingCode, "\nname\t", space.name, "\n")
for _, phone in ipairs(space.phoneAccess or {}) do -- where the account's licence has it
  io.write("phone\t", phone.phoneNumber, "\tPIN ", phone.pin, "\n")
end
assert(io.stdout:flush()) -- on a full disk the link would be lost, and `print` does not notice
if cohost then assert(client.members:create(space, { email = cohost, role = "COHOST" })) end
