--- The instances of a series, and how they are moved and cancelled.
-- An instance has `event`, `id`, `times` and `status`, and in a series `index`, `original` (the
-- times that the series has for it) and, once moved or cancelled, `is_changed`. The event has them
-- in `instances`, and itself in that form as `whole`, which without a series is its only instance.

local checked = require "googlemeet.testing.checked"
local time = require "googlemeet.time"
local times = require "googlemeet.testing.calendar.times"

local instances = {}

local STEPS = { day = 86400, week = 7 * 86400 }

--- Make an instance of a series: its id ends with its original start.
local function make(event, index)
  local whole, shift = event.whole.times, (index - 1) * STEPS[event.series.every]
  local original = {
    start = whole.start + shift, stop = whole.stop + shift, all_day = whole.all_day,
  }
  local start = time.format(original.start):gsub("[-:]", "")
  return {
    event = event, index = index, id = event.id .. "_" .. start:sub(1, whole.all_day and 8 or -1),
    original = original, times = original, status = event.whole.status,
  }
end

--- Give an event its instances.
---@param event table with `id` and `series`
---@param given table times of the event, or of the first instance
---@param status string
function instances.fill(event, given, status)
  event.whole = { event = event, id = event.id, times = given, status = status }
  event.instances = { event.whole }
  for index = 1, event.series and event.series.count or 0 do
    event.instances[index] = make(event, index)
  end
end

--- Find an event of a calendar, or an instance, by its id.
---@return table? instance
function instances.find(calendar, id)
  for _, event in ipairs(calendar.events) do
    if event.id == id then return event.whole end
    for _, instance in ipairs(event.instances) do
      if instance.id == id then return instance end
    end
  end
end

local function numbered(what, event, index)
  if event.instances[index] then return event.instances[index] end
  checked.misuse("%s: the number of an instance, from 1 to %d, expected, got %s", what,
    #event.instances, tostring(index))
end

--- Move an instance by its number, or with 1 an event without a series.
---@param options table `start_time`, `end_time`
function instances.move(event, index, options)
  local instance = numbered("move_event", event, index)
  options = checked.options("move_event", options,
    { start_time = checked.WHEN, end_time = checked.WHEN })
  instance.times, instance.is_changed = times.read("move_event", options, instance.times), true
end

--- Cancel an instance by its number, or without one the event with all of them.
---@param event table
---@param index integer?
function instances.cancel(event, index)
  if index ~= nil then
    local instance = numbered("cancel_event", event, index)
    instance.status, instance.is_changed = "cancelled", true
    return
  end
  event.whole.status = "cancelled"
  for _, instance in ipairs(event.instances) do instance.status = "cancelled" end
end

return instances
