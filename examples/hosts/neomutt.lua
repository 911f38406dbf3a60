-- A script for neomutt: a meeting link below each message of this session.
--   lua-source …/examples/hosts/neomutt.lua
local meet = require "googlemeet"

local client = assert(meet.new()) -- with MATON_API_KEY
local space, err = client.spaces:create({}, { deadline = 5 })
client:close()
if space then
  mutt.set("signature", ("echo %s|"):format(space.meetingUri))
else
  mutt.print(tostring(err))
end
