--- Ticks of an axis of time: round moments of UTC, as many as can be read.
-- Pure.

local time = require "googlemeet.time"

local axis = {}

--- Between these a time can be written.
local FIRST, LAST = (time.parse "0001-01-01T00:00:00Z"), (time.parse "9999-12-31T23:59:59Z")

--- Seconds from tick to tick, as people divide their time.
local STEPS = {
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
}

local MONTHS = {
  "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
}

local function step_for(span, most)
  for _, step in ipairs(STEPS) do
    if span // step < most then return step end
  end
  return math.ceil(span / most / 86400) * 86400
end

--- Give the ticks between two times: the first, and the first of each day, with the date.
-- A tick just before the first time counts too: conferences begin a moment after the hour.
---@param from number epoch seconds
---@param to number later than `from`
---@param most? integer ticks (7)
---@return { at: integer, label: string, date: string? }[]
function axis.ticks(from, to, most)
  local step = step_for(to - from, most or 7)
  local ticks, day = {}, nil
  local first = math.ceil(from / step - 0.02) * step
  if first < FIRST then first = first + step end
  for at = first, math.min(math.floor(to), LAST), step do
    local _, _, month, date, clock = time.format(at):find "^%d+%-(%d+)%-(%d+)T(%d+:%d+:%d+)"
    local tick = { at = at, label = step < 60 and clock or clock:sub(1, 5) }
    if date ~= day then
      tick.date, day = ("%d %s"):format(tonumber(date), MONTHS[tonumber(month)]), date
    end
    ticks[#ticks + 1] = tick
  end
  return ticks
end

return axis
