-- A script for lighttpd's mod_magnet: each request makes a meeting link. It holds up the server for
-- as long as the call takes, so it is for few requests; `deadline` bounds them.
--   server.modules += ("mod_magnet")
--   $HTTP["url"] == "/link" { magnet.attract-raw-url-to = ("…/examples/hosts/lighttpd.lua") }
local meet = require "googlemeet"

meet_client = meet_client or assert(meet.new())
local space, err = meet_client.spaces:create({}, { deadline = 5 })
lighty.content = { (space and space.meetingUri or tostring(err)) .. "\n" }
lighty.header["Content-Type"] = "text/plain"
return space and 200 or 503
