--- Which events and instances of a calendar a list has, and in which order.

local list = {}

--- Return the instants between which an instance is; days are those of the calendar's zone.
local function span(instance)
  local given = instance.times
  local shift = given.all_day and instance.event.calendar.zone.offset or 0
  return given.start - shift, given.stop - shift
end

local function is_within(instance, wanted)
  local start, stop = span(instance)
  return (not wanted.from or stop > wanted.from) and (not wanted.to or start < wanted.to)
end

--- Say whether a series belongs to a list as one: where one of its instances does.
local function fits_whole(event, wanted)
  local is_cancelled = event.whole.status == "cancelled"
  if is_cancelled and not wanted.has_deleted then return false end
  for _, instance in ipairs(event.instances) do
    local is_there = is_cancelled or instance.status ~= "cancelled"
    if is_there and is_within(instance, wanted) then return true end
  end
  return false
end

--- Say whether an instance belongs to a list. Beside its series a cancelled one does.
local function fits(instance, wanted, is_beside)
  local is_gone = instance.status == "cancelled"
    and not (is_beside and instance.event.whole.status ~= "cancelled")
  return (not is_gone or wanted.has_deleted) and is_within(instance, wanted)
end

local function sort(found)
  table.sort(found, function(left, right)
    local first, second = span(left), span(right)
    if first ~= second then return first < second end
    return left.id < right.id
  end)
end

--- Return the instances of a calendar that are wanted: those of series, or each series as one and
-- beside it the instances that differ.
---@param calendar table
---@param wanted table `from`, `to` (seconds), `is_single`, `is_sorted`, `has_deleted`
---@return table[] instances in the order of making, or of their starts
function list.of(calendar, wanted)
  local found = {}
  for _, event in ipairs(calendar.events) do
    local is_folded = event.series and not wanted.is_single
    if is_folded and fits_whole(event, wanted) then found[#found + 1] = event.whole end
    for _, instance in ipairs(event.instances) do
      local is_listed = not is_folded or instance.is_changed
      if is_listed and fits(instance, wanted, is_folded) then found[#found + 1] = instance end
    end
  end
  if wanted.is_sorted then sort(found) end
  return found
end

return list
