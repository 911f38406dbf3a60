--- Adds events to calendars, moves and cancels them or their instances.
-- An event is a node: `name` (its id), `resource` (as the account sees it, a series as one),
-- `organisation`, `calendar`, `times`, `series` and `exceptions` (by the number of the instance).

local calendars = require "googlemeet.testing.calendar.calendars"
local checked = require "googlemeet.testing.checked"
local conference = require "googlemeet.testing.calendar.conference"
local random = require "googlemeet.testing.random"
local times = require "googlemeet.testing.calendar.times"

local events = {}

local ID_CHARACTERS = "0123456789abcdefghijklmnopqrstuv"
local STEPS = { day = 86400, week = 7 * 86400 }
local STATUSES = { confirmed = true, tentative = true, cancelled = true }
local RESPONSES = {
  needs_action = "needsAction", accepted = "accepted", declined = "declined",
  tentative = "tentative",
}

local OPTIONS = {
  id = "string", title = "string", description = "string", location = "string",
  start_time = checked.WHEN, end_time = checked.WHEN, space = "table or string", code = "string",
  organiser = "table", guests = "table", series = "table", status = "string",
  guests_omitted = "boolean", hide_guests = "boolean", private = "boolean", calendar = "string",
  organisation = "table", entry_points = "table or boolean", hangout_link = "string or boolean",
  conference_id = "string or boolean",
}
local GUEST = {
  display_name = "string", email = "string", id = "string", response = "string",
  optional = "boolean", resource = "boolean", comment = "string",
}
local PERSON = { display_name = "string", email = "string", id = "string" }
local SERIES = { every = "string", count = "number" }
local TIMES = { start_time = checked.WHEN, end_time = checked.WHEN }

local function read_guest(given, number)
  local guest = checked.options("add_event: guests", given, GUEST)
  local is_room = guest.resource or nil
  local response = guest.response or is_room and "accepted" or "needs_action"
  checked.choice("add_event: guests: response", response, RESPONSES)
  local email = is_room and "c_room%d@resource.calendar.google.com" or "guest%d@example.com"
  return {
    displayName = guest.display_name, email = guest.email or email:format(number), id = guest.id,
    responseStatus = RESPONSES[response],
    optional = guest.optional or nil, resource = is_room, comment = guest.comment,
  }
end

local function read_guests(given)
  local guests = {}
  if #given == 0 and next(given) ~= nil then
    checked.misuse("add_event: guests: an array of { display_name =, email = } expected")
  end
  for number, guest in ipairs(given) do guests[number] = read_guest(guest, number) end
  return guests
end

local function read_organiser(given)
  if not given then return nil end
  local person = checked.options("add_event: organiser", given, PERSON)
  return { displayName = person.display_name, email = person.email, id = person.id }
end

local function read_series(given)
  if not given then return nil end
  local series = checked.options("add_event: series", given, SERIES)
  checked.choice("add_event: series: every", series.every, STEPS)
  checked.number("add_event: series: count", series.count or 0, 1)
  return { every = series.every, step = STEPS[series.every], count = math.tointeger(series.count) }
end

local function new_id(org)
  org.event_dice = org.event_dice or random.new("events " .. org.key)
  return org.event_dice:text(ID_CHARACTERS, 26)
end

local function check_id(calendar, id)
  checked.id("add_event", id)
  for _, event in ipairs(calendar.events) do
    if event.id == id then checked.misuse("add_event: %s already exists", id) end
  end
end

--- Add an event to a calendar.
---@param org table organisation
---@param options table as of `gateway:add_event`
---@param space table? node, whose conference the event is for
---@return table event
function events.add(org, options, space)
  options = checked.options("add_event", options, OPTIONS)
  if options.status then checked.choice("add_event: status", options.status, STATUSES) end
  if space and options.code then checked.misuse("add_event: either space or code") end
  local calendar = calendars.open(org, options.calendar or "primary")
  local id = options.id or new_id(org)
  check_id(calendar, id)
  local now = org.now() // 1
  local code = space and space.resource.meetingCode or options.code
  local event = {
    name = id, id = id, is_event = true, organisation = org, calendar = calendar,
    sequence = #calendar.events + 1, created = now, updated = now,
    times = times.read("add_event", options, times.hour_from(math.tointeger(now))),
    series = read_series(options.series), exceptions = {},
    organiser = read_organiser(options.organiser), guests = read_guests(options.guests or {}),
    status = options.status or "confirmed", title = options.title, location = options.location,
    description = options.description, guests_omitted = options.guests_omitted,
    hide_guests = options.hide_guests, private = options.private,
  }
  event.conference, event.link = conference.of("add_event", options, code,
    space and space.resource.phoneAccess)
  calendar.events[event.sequence] = event
  return event
end

--- Check the number of an instance: of an event without a series only 1.
local function check_index(what, event, index)
  local count = event.series and event.series.count or 1
  if math.tointeger(index) and index >= 1 and index <= count then return math.tointeger(index) end
  checked.misuse("%s: the number of an instance, from 1 to %d, expected, got %s", what, count,
    tostring(index))
end

local function exception_of(event, index)
  event.exceptions[index] = event.exceptions[index] or {}
  return event.exceptions[index]
end

--- Return the times that a series has for an instance.
---@param event table
---@param index integer from 1
---@return table times
function events.original(event, index)
  return times.shifted(event.times, (index - 1) * (event.series and event.series.step or 0))
end

--- Move an instance, or the only one of an event without a series.
---@param event table
---@param index integer
---@param options table `start_time`, `end_time`
function events.move(event, index, options)
  index = check_index("move_event", event, index)
  options = checked.options("move_event", options, TIMES)
  local now = event.organisation.now() // 1
  if not event.series then
    event.times, event.updated = times.read("move_event", options, event.times), now
    return
  end
  local exception = exception_of(event, index)
  exception.times = times.read("move_event", options,
    exception.times or events.original(event, index))
  exception.updated = now
end

--- Cancel an instance, or the whole event.
---@param event table
---@param index integer?
function events.cancel(event, index)
  local now = event.organisation.now() // 1
  if index == nil or not event.series then
    if index ~= nil then check_index("cancel_event", event, index) end
    event.status, event.updated = "cancelled", now
    return
  end
  local exception = exception_of(event, check_index("cancel_event", event, index))
  exception.status, exception.updated = "cancelled", now
end

return events
