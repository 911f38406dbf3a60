--- Unions of intervals of time, exact to the nanosecond.
-- A moment is `{ seconds =, nanoseconds = }` (integers, as `time.parse` gives them), an interval
-- `{ from =, to = }` with two moments. Pure; requires nothing.

local intervals = {}

---@class googlemeet.Moment
---@field seconds integer since 1970-01-01T00:00:00Z
---@field nanoseconds integer 0 to 999999999

---@class googlemeet.Interval
---@field from googlemeet.Moment
---@field to googlemeet.Moment

--- Say whether one moment is earlier than another.
---@param one googlemeet.Moment
---@param other googlemeet.Moment
---@return boolean
function intervals.is_before(one, other)
  if one.seconds ~= other.seconds then
    return one.seconds < other.seconds
  end
  return one.nanoseconds < other.nanoseconds
end

--- Join what overlaps or touches.
-- Intervals without length, and those that end before they begin, cover nothing and are left out.
---@param list googlemeet.Interval[] in any order; not changed
---@return googlemeet.Interval[] # disjoint, in the order of time
function intervals.union(list)
  local is_before = intervals.is_before
  local sorted, joined = {}, {}
  for _, interval in ipairs(list) do
    if is_before(interval.from, interval.to) then sorted[#sorted + 1] = interval end
  end
  table.sort(sorted, function(one, other) return is_before(one.from, other.from) end)
  for _, interval in ipairs(sorted) do
    local last = joined[#joined]
    if not last or is_before(last.to, interval.from) then
      joined[#joined + 1] = { from = interval.from, to = interval.to }
    elseif is_before(last.to, interval.to) then
      last.to = interval.to
    end
  end
  return joined
end

--- Add up the lengths of intervals.
---@param list googlemeet.Interval[]
---@return number seconds an integer when there is no fraction
function intervals.seconds(list)
  local seconds, nanoseconds = 0, 0
  for _, interval in ipairs(list) do
    seconds = seconds + interval.to.seconds - interval.from.seconds
    nanoseconds = nanoseconds + interval.to.nanoseconds - interval.from.nanoseconds
  end
  seconds, nanoseconds = seconds + nanoseconds // 1000000000, nanoseconds % 1000000000
  return nanoseconds == 0 and seconds or seconds + nanoseconds / 1000000000
end

return intervals
