--- RFC 3339 times, epoch seconds and nanoseconds.
-- Pure arithmetic on the proleptic Gregorian calendar, without `os.date` and `os.time`: the time
-- zone and the locale of the machine have no effect, but where `time.read` is given a table of
-- `os.date`. Requires nothing.

local time = {}

local DAY = 86400
local FIRST = -62135596800 -- 0001-01-01T00:00:00Z
local LAST = 253402300799 -- 9999-12-31T23:59:59Z
local SECOND = 1000000000 -- nanoseconds
local LAST_EXACT = 9223372035 -- the last second whose nanoseconds fit in 63 bits
local MONTH_DAYS = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

--- Count the days from 1970-01-01 to a date of the Gregorian calendar.
-- Years start in March here, so that the leap day is the last day.
local function days_from_date(year, month, day)
  if month <= 2 then
    year, month = year - 1, month + 12
  end
  local day_of_year = (153 * (month - 3) + 2) // 5 + day - 1
  return 365 * year + year // 4 - year // 100 + year // 400 + day_of_year - 719468
end

--- Convert a count of days from 1970-01-01 to year, month and day.
local function date_from_days(days)
  local shifted = days + 719468
  local era = shifted // 146097
  local day_of_era = shifted % 146097
  local year = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
  local day_of_year = day_of_era - (365 * year + year // 4 - year // 100)
  local month = (5 * day_of_year + 2) // 153
  local day = day_of_year - (153 * month + 2) // 5 + 1
  month = month < 10 and month + 3 or month - 9
  year = year + era * 400 + (month <= 2 and 1 or 0)
  return year, month, day
end

local function days_in_month(year, month)
  local leap = year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
  return month == 2 and leap and 29 or MONTH_DAYS[month]
end

--- Read the part after the seconds: nanoseconds and the offset in seconds.
local function read_tail(tail)
  local digits, zone = tail:match("^%.(%d+)(.*)$")
  zone = zone or tail
  local nanoseconds = digits and tonumber((digits .. "000000000"):sub(1, 9)) or 0
  if zone == "Z" or zone == "z" then
    return nanoseconds, 0
  end
  local sign, hours, minutes = zone:match("^([+-])(%d%d):(%d%d)$")
  if not sign then
    return nil, "the time zone is neither Z nor like +01:00"
  end
  hours, minutes = tonumber(hours), tonumber(minutes)
  if hours > 23 or minutes > 59 then
    return nil, "the time zone is out of range"
  end
  local offset = hours * 3600 + minutes * 60
  return nanoseconds, sign == "-" and -offset or offset
end

local function unreadable(text, reason)
  local shown = text:sub(1, 40):gsub("[^\32-\126]", "?")
  return nil, ('"%s" is not an RFC 3339 time: %s'):format(shown, reason)
end

--- Convert a date and a time of day to epoch seconds, or return nil and a reason.
local function combine(year, month, day, hour, minute, second, offset)
  if month < 1 or month > 12 or day < 1 or day > days_in_month(year, month) then
    return nil, "there is no such day"
  end
  if hour > 23 or minute > 59 or second > 60 then
    return nil, "there is no such time of day"
  end
  local seconds = days_from_date(year, month, day) * DAY
    + hour * 3600 + minute * 60 + second - offset
  if second == 60 and seconds % DAY ~= 0 then
    return nil, "a leap second must end a UTC day"
  elseif seconds < FIRST or seconds > LAST then
    return nil, "it is outside the years 0001 to 9999"
  end
  return seconds
end

--- Read an RFC 3339 time.
-- A fraction of up to nine digits is kept exactly; further digits are cut off. Offsets are applied;
-- `t` and `z` may be lower case. A leap second (`23:59:60` in UTC) is read as the second after it,
-- since epoch seconds cannot represent it. A blank instead of the `T` is refused, and so is a time
-- outside the years 0001 to 9999 in UTC: `time.format` can write every time that is read.
---@param text string
---@return integer? seconds since 1970-01-01T00:00:00Z, or nil when `text` is not such a time
---@return integer|string nanoseconds 0 to 999999999, or why `text` was refused
function time.parse(text)
  if type(text) ~= "string" then
    error(("time.parse: string expected, got %s"):format(type(text)), 2)
  end
  local year, month, day, hour, minute, second, tail =
    text:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)[Tt](%d%d):(%d%d):(%d%d)(.*)$")
  if not year then
    return unreadable(text, "expected a form like 2026-11-19T09:00:04.120388Z")
  end
  local nanoseconds, offset = read_tail(tail)
  if not nanoseconds then
    return unreadable(text, offset)
  end
  local seconds, reason = combine(tonumber(year), tonumber(month), tonumber(day),
    tonumber(hour), tonumber(minute), tonumber(second), offset)
  if not seconds then
    return unreadable(text, reason)
  end
  return seconds, nanoseconds
end

--- Convert an RFC 3339 time to nanoseconds, to compare and subtract.
-- From 1970 to 2262 the result is an integer, and the difference of two is exact. Other years give
-- a float that is accurate to 0.04 ms: the order is right everywhere, and nothing overflows.
---@param text any
---@return number? nanoseconds since 1970-01-01T00:00:00Z; nil when `text` is not such a time
function time.instant(text)
  local seconds, nanoseconds
  if type(text) == "string" then seconds, nanoseconds = time.parse(text) end
  if not seconds then return nil end
  if seconds < 0 or seconds > LAST_EXACT then return seconds * 1e9 + nanoseconds end
  return seconds * SECOND + nanoseconds
end

--- Split a float into whole seconds and nanoseconds.
-- The fraction is that of the shortest decimal that reads back as the same float, so that
-- 1763542804.120388 gives .120388 and not the digits of its binary neighbour.
local function split_float(seconds)
  local text
  for digits = 15, 17 do
    text = ("%." .. digits .. "g"):format(seconds)
    if tonumber(text) == seconds then break end
  end
  local sign, whole, fraction = text:match("^(%-?)(%d+)%D?(%d*)$") -- the point of any locale
  if not whole then -- an exponent: far out of range, or closer to 0 than 0.0001
    whole = math.floor(seconds)
    return whole, math.min(math.floor((seconds - whole) * 1000000000), 999999999)
  end
  whole = math.tointeger(tonumber(whole)) or math.huge
  local nanoseconds = tonumber((fraction .. "000000000"):sub(1, 9))
  if sign == "" then
    return whole, nanoseconds
  elseif nanoseconds == 0 then
    return -whole, 0
  end
  return -whole - 1, 1000000000 - nanoseconds
end

--- Split seconds into whole ones and nanoseconds, or return nil and a reason.
local function read_number(seconds)
  local whole, nanoseconds = math.tointeger(seconds), 0
  if not whole and seconds > FIRST and seconds < LAST + 1 then -- refuses NaN and infinities too
    whole, nanoseconds = split_float(seconds)
  end
  if not whole or whole < FIRST or whole > LAST then
    return nil, tostring(seconds) .. " is outside the years 0001 to 9999"
  end
  return whole, nanoseconds
end

local function check_nanoseconds(nanoseconds)
  local whole = math.type(nanoseconds) and math.tointeger(nanoseconds)
  if not whole or whole < 0 or whole > 999999999 then
    error("time.format: nanoseconds must be a whole number from 0 to 999999999", 3)
  end
  return whole
end

local function fraction_text(nanoseconds)
  if nanoseconds == 0 then
    return ""
  elseif nanoseconds % 1000000 == 0 then
    return (".%03d"):format(nanoseconds // 1000000)
  elseif nanoseconds % 1000 == 0 then
    return (".%06d"):format(nanoseconds // 1000)
  end
  return (".%09d"):format(nanoseconds)
end

--- Write epoch seconds as an RFC 3339 time in UTC.
-- The fraction has 0, 3, 6 or 9 digits, like `google.protobuf.Timestamp` in JSON. Seconds may be a
-- float when `nanoseconds` is not given; digits beyond the ninth are cut off. A time outside the
-- years 0001 to 9999 raises.
---@param seconds number
---@param nanoseconds? integer 0 to 999999999
---@return string
function time.format(seconds, nanoseconds)
  if type(seconds) ~= "number" then
    error(("time.format: number of seconds expected, got %s"):format(type(seconds)), 2)
  end
  if nanoseconds ~= nil and not math.tointeger(seconds) then
    error("time.format: seconds must be whole when nanoseconds are given", 2)
  end
  local given = nanoseconds ~= nil and check_nanoseconds(nanoseconds)
  local whole, fraction = read_number(seconds)
  if not whole then error("time.format: the time is outside the years 0001 to 9999", 2) end
  local year, month, day = date_from_days(whole // DAY)
  local rest = whole % DAY
  return ("%04d-%02d-%02dT%02d:%02d:%02d%sZ"):format(year, month, day,
    rest // 3600, rest // 60 % 60, rest % 60, fraction_text(given or fraction))
end

local FORMS = "expected a form like 2026-11-19T09:00:04.120388Z, 2026-11-19, epoch seconds or a "
  .. 'table of os.date "*t"'

local function read_text(text)
  if text:find "^%d%d%d%d%-%d%d%-%d%d$" then return time.parse(text .. "T00:00:00Z") end
  if text:find "^%d%d%d%d%-%d%d%-%d%d[Tt]" then return time.parse(text) end
  return unreadable(text, FORMS)
end

--- Read a table such as `os.date "*t"` gives, in the time zone of the machine. Without an hour it
-- is the start of the day. The copy is for `os.time`, which changes its table.
local function read_table(fields)
  local copy = { hour = 0 }
  for _, name in ipairs { "year", "month", "day", "hour", "min", "sec", "isdst" } do
    if fields[name] ~= nil then copy[name] = fields[name] end
  end
  local ok, seconds = pcall(os.time, copy)
  if not ok then return nil, ("the table is not a date, %s: %s"):format(seconds, FORMS) end
  return read_number(seconds)
end

--- Read a time in any form that a script may have it in: RFC 3339, a date alone (its first moment
-- in UTC), epoch seconds, or a table as `os.date "*t"` and `os.time` have them (local time).
---@param value any
---@return integer? seconds since 1970-01-01T00:00:00Z, or nil when `value` is no time
---@return integer|string nanoseconds 0 to 999999999, or why `value` was refused
function time.read(value)
  local kind = type(value)
  if kind == "number" then return read_number(value) end
  if kind == "string" then return read_text(value) end
  if kind == "table" then return read_table(value) end
  return nil, FORMS .. ", got " .. kind
end

return time
