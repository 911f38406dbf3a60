--- Intervals of time: their union, their length, and the later of two times.
-- Pure. An interval lies between two instants, numbers of nanoseconds as `time.instant` returns
-- them.

local sort = require "googlemeet.sort"
local time = require "googlemeet.time"

local intervals = {}

intervals.FOR_EVER = 9223372036000000000 -- 2262-04-11: later times say that something has no end

local SECOND = 1000000000 -- nanoseconds

---@class googlemeet.Interval
---@field from number instant
---@field to number instant; `math.huge` while the interval is open

---@class googlemeet.JoinedInterval: googlemeet.Interval
---@field first googlemeet.Interval the given interval that starts it
---@field last googlemeet.Interval the given interval that ends it

--- Convert a server's time to nanoseconds. One before 1970 was never set, one after 2262 means that
-- there is no end: both are none.
---@param text any
---@return integer? instant
function intervals.instant(text)
  local at = time.instant(text)
  return at and at >= 0 and at < intervals.FOR_EVER and at or nil
end

--- Join intervals that overlap or touch.
---@param list googlemeet.Interval[] in any order, none reversed; not changed
---@return googlemeet.JoinedInterval[] # disjoint, in time order
function intervals.union(list)
  local joined = {}
  local sorted = sort.by(table.move(list, 1, #list, 1, {}), function(one) return one.from end)
  for _, interval in ipairs(sorted) do
    local last = joined[#joined]
    if not last or last.to < interval.from then
      joined[#joined + 1] = {
        from = interval.from, to = interval.to, first = interval, last = interval,
      }
    elseif last.to < interval.to then
      last.to, last.last = interval.to, interval
    end
  end
  return joined
end

--- Add up the lengths of intervals.
---@param list googlemeet.Interval[]
---@return number nanoseconds
function intervals.length(list)
  local length = 0
  for _, interval in ipairs(list) do length = length + interval.to - interval.from end
  return length
end

--- Convert seconds to a length.
---@param seconds number
---@return integer nanoseconds
function intervals.nanoseconds(seconds)
  return math.floor(seconds * 1e9 + 0.5)
end

--- Convert a length to seconds.
---@param nanoseconds number
---@return number seconds an integer when there is no fraction
function intervals.seconds(nanoseconds)
  if nanoseconds % SECOND == 0 then return math.tointeger(nanoseconds // SECOND) end
  return nanoseconds / SECOND
end

--- Return the later of two times as it was given. One that cannot be read loses; `one` is returned
-- when neither can.
---@param one? string RFC 3339
---@param other? string
---@return string?
function intervals.later(one, other)
  local at, other_at = time.instant(one), time.instant(other)
  if other_at and (not at or other_at > at) then return other end
  return one
end

return intervals
