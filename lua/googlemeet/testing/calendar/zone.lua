--- Time zones of calendars: an offset from UTC that never changes, and a name.

local time = require "googlemeet.time"

local zone = {}

local OPPOSITE = { ["+"] = "-", ["-"] = "+" } -- as POSIX has it: Etc/GMT-1 is +01:00

--- Read an offset such as "+01:00".
---@param text string
---@param name? string of the zone, such as Europe/Zurich
---@return table? zone nil when it is none
function zone.read(text, name)
  if text == "Z" or text:find "^[+-]00:00$" then
    return { offset = 0, text = "Z", name = name or "UTC" }
  end
  local sign, hours = text:match "^([+-])(%d%d):%d%d$"
  local seconds = sign and time.parse("1970-01-02T00:00:00" .. text)
  return seconds and {
    offset = 86400 - seconds, text = text,
    name = name or ("Etc/GMT%s%d"):format(OPPOSITE[sign], hours),
  }
end

--- Find a zone by its name: UTC, Etc/GMT and a number, or that of a calendar.
---@return table? zone
function zone.named(name, own)
  if name == own.name then return own end
  if name == "UTC" then return zone.read "Z" end
  local sign, hours = name:match "^Etc/GMT([+-])(%d%d?)$"
  return sign and zone.read(("%s%02d:00"):format(OPPOSITE[sign], hours), name)
end

return zone
