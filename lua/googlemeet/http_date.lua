--- Reads an HTTP date (RFC 9110 5.6.7), as the field `Date` of an answer has it.

local time = require "googlemeet.time"

local MONTHS = {
  Jan = 1, Feb = 2, Mar = 3, Apr = 4, May = 5, Jun = 6,
  Jul = 7, Aug = 8, Sep = 9, Oct = 10, Nov = 11, Dec = 12,
}

--- Return the epoch seconds of an HTTP date.
---@param text any such as "Sun, 06 Nov 1994 08:49:37 GMT"
---@return integer? seconds nil when it is none
local function http_date(text)
  local day, month, year, clock =
    tostring(text):match "^%a+, (%d%d) (%a%a%a) (%d%d%d%d) (%d%d:%d%d:%d%d) GMT$"
  if not MONTHS[month] then return nil end
  return (time.parse(("%s-%02d-%sT%sZ"):format(year, MONTHS[month], day, clock)))
end

return http_date
