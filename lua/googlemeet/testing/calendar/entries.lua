--- What a list of events goes through: events, series, and instances of series.
-- An entry has `event`, `times`, `status`, `updated`, `id`; one of an instance has `index` and
-- `original` (the times that the series has for it).

local events = require "googlemeet.testing.calendar.events"
local time = require "googlemeet.time"

local entries = {}

local function compact(original)
  local text = time.format(original.start):gsub("[-:]", "")
  return original.all_day and text:sub(1, 8) or text
end

--- Return the entry of an event, or of a series as one.
function entries.whole(event)
  return {
    event = event, id = event.id, times = event.times, status = event.status,
    updated = event.updated,
  }
end

--- Return the entry of an instance.
function entries.instance(event, index)
  local original, exception = events.original(event, index), event.exceptions[index] or {}
  local is_gone = event.status == "cancelled"
  return {
    event = event, index = index, original = original, id = event.id .. "_" .. compact(original),
    times = exception.times or original, is_exception = event.exceptions[index] ~= nil,
    status = is_gone and event.status or exception.status or event.status,
    updated = exception.updated or event.updated,
  }
end

--- Return the instances of a series, or the one entry of another event.
function entries.single(event)
  if not event.series then return { entries.whole(event) } end
  local found = {}
  for index = 1, event.series.count do found[index] = entries.instance(event, index) end
  return found
end

--- Return a series as one, and the instances that differ from it; or the one entry.
function entries.folded(event)
  local found = { entries.whole(event) }
  for index = 1, event.series and event.series.count or 0 do
    if event.exceptions[index] then found[#found + 1] = entries.instance(event, index) end
  end
  return found
end

--- Find an entry of a calendar by its id.
---@return table? entry
function entries.find(calendar, id)
  for _, event in ipairs(calendar.events) do
    if event.id == id then return entries.whole(event) end
    local is_below = event.series and id:sub(1, #event.id + 1) == event.id .. "_"
    for _, entry in ipairs(is_below and entries.single(event) or {}) do
      if entry.id == id then return entry end
    end
  end
end

return entries
