--- When the watch of a space began, by the server's clock. The state has the start by the machine's
-- clock. The time since then is right as long as nobody sets that clock.

local server_clock = require "googlemeet.watch.server_clock"
local time = require "googlemeet.time"

local beginning = {}

local JUST_NOW = 1 -- seconds; no date is more exact

--- Return when the watch of a space began.
---@param watcher table client, reported (state), is_resumed, memory, `started` (on the client's
--- clock), `wall` (at the same time, on the machine's)
---@param space string that the state has no list of yet
---@return string? since RFC 3339; nil where it has just begun, or the server's time is unknown
---@return googlemeet.Error? err
function beginning.of(watcher, space)
  local client = watcher.client
  if not watcher.is_resumed and client:now() - watcher.started <= JUST_NOW then return nil end
  local begun = watcher.reported.begun[space] or watcher.wall -- a state may have lost it
  local began = watcher.started - math.max(0, watcher.wall - begun)
  local now, err = server_clock.now(watcher)
  if not now then return nil, err end
  return time.format(math.max(0, (now - (client:now() - began)) // 1))
end

return beginning
