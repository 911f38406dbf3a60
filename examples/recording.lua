-- Download the recording of a conference; a run that was cut short is resumed by the next one.
--   lua5.4 recording.lua CONFERENCE FILE
-- It needs a connection to Drive: run `googlemeet connect --app google-drive` once.
local meet = require "googlemeet"

local conference, path = arg[1], assert(arg[2], "usage: lua5.4 recording.lua CONFERENCE FILE")
local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY

local recording, err = client.recordings:list(conference):first()
if not recording then error(err or conference .. " has no recording", 0) end
local ready = assert(recording:wait_for_file { timeout = 3600 })

local video = assert(ready:download(path, {
  on_progress = function(bytes, total)
    io.stderr:write(("%.1f of %.1f MB\n"):format(bytes / 1e6, (total or bytes) / 1e6))
  end,
}))
print(("%s: %d bytes, SHA-256 %s"):format(path, video.bytes, video.sha256))
