--- The times of an event as scripts give them: instants, or the days of an all-day event.
-- Times are a table: `start` and `stop`, seconds since 1970 (of days their midnight in UTC), and
-- `all_day`.

local checked = require "googlemeet.testing.checked"

local times = {}

local HOUR = 3600
local DAY = 24 * HOUR

local function is_date(value)
  return type(value) == "string" and value:find "^%d%d%d%d%-%d%d%-%d%d$" ~= nil
end

local function read(what, value, default)
  return value ~= nil and checked.instant(what, value).seconds or default
end

--- Read `start_time` and `end_time`. Without an end an event takes as long as before, but a day or
-- an hour where it was no all-day event or is none now. Its end is the day after the last one.
---@param what string for messages
---@param options table
---@param before table times in place of what is not given
---@return table times
function times.read(what, options, before)
  local from, to, all_day = options.start_time, options.end_time, before.all_day
  if from ~= nil then all_day = is_date(from) end
  if to ~= nil and is_date(to) ~= all_day then
    checked.misuse("%s: end_time: start and end are either dates or times", what)
  end
  local length = all_day and DAY or HOUR
  if all_day == before.all_day then length = before.stop - before.start end
  local start = read(what .. ": start_time", from, before.start)
  local stop = read(what .. ": end_time", to, start + length)
  if stop < start or all_day and stop == start then
    checked.misuse("%s: the end is before the start, or not a day after it", what)
  end
  return { start = start, stop = stop, all_day = all_day }
end

return times
