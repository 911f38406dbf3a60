-- Make a space for invited people, transcribed whenever it is used, and print how to get in.
-- A meeting code lapses when it is not used for a year: the name is what to store.
local meet = require "googlemeet"

if arg[1] == "--help" then return print "Usage: lua5.4 create_space.lua" end
local client <close> = assert(meet.new())
local space = assert(client.spaces:create {
  config = {
    accessType = "RESTRICTED", -- OPEN: whoever has the link; TRUSTED: the organisation too
    artifactConfig = { transcriptionConfig = { autoTranscriptionGeneration = "ON" } },
  },
})
print("link", space.meetingUri)
print("code", space.meetingCode)
print("name", space.name)
for _, phone in ipairs(space.phoneAccess or {}) do -- where the account's licence has it
  print("phone", phone.phoneNumber, "PIN " .. phone.pin)
end
assert(assert(io.write "\n"):flush()) -- print does not notice a full disk
