--- Times and durations as reports write them: in UTC, or at a fixed offset from it.
-- Pure.

local options = require "googlemeet.options"
local time = require "googlemeet.time"

local clock = {}

local MOST = 86340 -- seconds: 23:59, the largest that RFC 3339 can write

--- Read an offset: seconds in whole minutes, or a text like "+01:00", "-0330" or "Z".
local function read(given)
  if type(given) == "string" then
    if given == "Z" then return 0 end
    local sign, hours, minutes = given:match "^([+-])(%d%d):?(%d%d)$"
    if not sign or tonumber(minutes) > 59 then return nil end
    given = (tonumber(hours) * 3600 + tonumber(minutes) * 60) * (sign == "-" and -1 or 1)
  end
  local seconds = math.type(given) and math.tointeger(given)
  if not seconds or seconds % 60 ~= 0 or math.abs(seconds) > MOST then return nil end
  return seconds
end

--- Read the options of a render: `utc_offset`, and those that its format has beside it. Misuse
-- raises at the caller of the render.
---@param opts? table
---@param others? table<string, any> defaults of the format's own options, as for `options.merge`
---@param problem_of? fun(settings: table): string? describes a mistake in those
---@return integer? seconds east of UTC
---@return table settings
function clock.options(opts, others, problem_of)
  local defaults = { utc_offset = options.of "number or string" }
  for name, default in pairs(others or {}) do defaults[name] = default end
  local settings = options.merge(opts, defaults, 4)
  local problem = problem_of and problem_of(settings)
  if problem then error(problem, 3) end
  if settings.utc_offset == nil then return nil, settings end
  local offset = read(settings.utc_offset)
  if not offset then
    error("option 'utc_offset': seconds east of UTC in whole minutes, or a text like \"+01:00\" "
      .. "expected", 3)
  end
  return offset, settings
end

local function suffix(offset, of_utc)
  if offset == 0 then return of_utc end
  local minutes = math.abs(offset) // 60
  return ("%s%02d:%02d"):format(offset < 0 and "-" or "+", minutes // 60, minutes % 60)
end

--- Return the name of a zone: "UTC", "UTC+01:00".
---@param offset integer seconds
---@return string
function clock.zone(offset)
  return "UTC" .. suffix(offset, "")
end

--- Write an RFC 3339 time as one of the same instant with the offset. A text that is not a time
-- stays, and so does a time that would leave the years 0001 to 9999.
---@param text any from a server
---@param offset integer seconds
---@return any
function clock.shift(text, offset)
  local seconds, nanoseconds
  if type(text) == "string" then seconds, nanoseconds = time.parse(text) end
  if not seconds then return text end
  local fits, shifted = pcall(time.format, seconds + offset, nanoseconds)
  return fits and (shifted:gsub("Z$", suffix(offset, "Z"))) or text
end

--- Write an RFC 3339 time to the second, without the zone. A text that is not a time stays.
---@param text any from a server; a value that is not a string counts as absent
---@param offset integer seconds east of UTC
---@return string?
function clock.moment(text, offset)
  if type(text) ~= "string" then return nil end
  if not time.parse(text) then return text end
  return (clock.shift(text, offset):sub(1, 19):gsub("T", " "))
end

--- Write seconds as h:mm:ss; fractions are cut off.
---@param seconds number
---@return string
function clock.duration(seconds)
  local whole = math.floor(seconds)
  return ("%d:%02d:%02d"):format(whole // 3600, whole // 60 % 60, whole % 60)
end

return clock
