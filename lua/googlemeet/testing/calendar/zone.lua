--- Time zones of calendars: an offset from UTC that never changes, and a name.

local time = require "googlemeet.time"

local zone = {}

zone.utc = { offset = 0, text = "Z", name = "UTC" }

local function make(seconds, name)
  if seconds == 0 then return { offset = 0, text = "Z", name = name or "UTC" } end
  local minutes = math.abs(seconds) // 60
  local sign = seconds < 0 and "-" or "+"
  local opposite = seconds < 0 and "+" or "-" -- as POSIX has it
  return {
    offset = seconds, text = ("%s%02d:%02d"):format(sign, minutes // 60, minutes % 60),
    name = name or ("Etc/GMT%s%d"):format(opposite, minutes // 60),
  }
end

--- Read an offset such as "+01:00".
---@param text string
---@param name? string of the zone, such as Europe/Zurich
---@return table? zone nil when it is none
function zone.read(text, name)
  if text == "Z" then return make(0, name) end
  local sign, hours, minutes = text:match "^([+-])(%d%d):(%d%d)$"
  if not sign or tonumber(hours) > 14 or tonumber(minutes) > 59 then return nil end
  local seconds = (hours * 60 + minutes) * 60
  return make(sign == "-" and -seconds or seconds, name)
end

--- Find a zone by its name: UTC, Etc/GMT and a number, or that of a calendar.
---@param name string
---@param own table the calendar's
---@return table?
function zone.named(name, own)
  if name == own.name then return own end
  if name == "UTC" or name == "Etc/UTC" or name == "GMT" then return zone.utc end
  local sign, hours = name:match "^Etc/GMT([+-])(%d%d?)$"
  if not sign or tonumber(hours) > 14 then return nil end
  return make((sign == "-" and 3600 or -3600) * hours, name)
end

--- Write a time in a zone.
---@param seconds integer since 1970
---@param where table
---@return string
function zone.format(seconds, where)
  return time.format(seconds + where.offset):sub(1, 19) .. where.text
end

--- Write a date, given as its midnight in UTC.
---@param seconds integer
---@return string
function zone.date(seconds)
  return time.format(seconds):sub(1, 10)
end

return zone
