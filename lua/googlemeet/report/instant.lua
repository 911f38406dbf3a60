--- Times as whole nanoseconds, to reckon with.

local time = require "googlemeet.time"

local instant = {}

instant.SECOND = 1000000000 -- nanoseconds

--- The last second of which there are 63 bits of nanoseconds; the differences of two fit, too.
local LAST = 9223372035

--- Give the nanoseconds since 1970-01-01T00:00:00Z.
---@param text any RFC 3339, from 1970 to 2262
---@return integer? nanoseconds nil for anything else: a time that cannot be used is as none
function instant.of(text)
  if type(text) ~= "string" then return nil end
  local seconds, nanoseconds = time.parse(text)
  if not seconds or seconds < 0 or seconds > LAST then return nil end
  return seconds * instant.SECOND + nanoseconds
end

--- Give seconds, whole ones as an integer.
---@param nanoseconds integer
---@return number
function instant.seconds(nanoseconds)
  if nanoseconds % instant.SECOND == 0 then return nanoseconds // instant.SECOND end
  return nanoseconds / instant.SECOND
end

return instant
