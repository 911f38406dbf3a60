--- Adds events to calendars.
-- An event is a node: `name` (its id), `resource` (as the account sees it, a series as one),
-- `organisation`, `calendar`, `series`, and what `googlemeet.testing.calendar.instances` fills in.

local calendars = require "googlemeet.testing.calendar.calendars"
local checked = require "googlemeet.testing.checked"
local instances = require "googlemeet.testing.calendar.instances"
local random = require "googlemeet.testing.random"
local times = require "googlemeet.testing.calendar.times"

local events = {}

local ID_CHARACTERS = "0123456789abcdefghijklmnopqrstuv"
local EVERY = { day = true, week = true }
local STATUSES = { confirmed = true, tentative = true, cancelled = true }
local RESPONSES = {
  needs_action = "needsAction", accepted = "accepted", declined = "declined",
  tentative = "tentative",
}

local OPTIONS = {
  id = "string", title = "string", start_time = checked.WHEN, end_time = checked.WHEN,
  space = "table or string", code = "string", organiser = "table", guests = "table",
  series = "table", status = "string", guests_omitted = "boolean", hide_guests = "boolean",
  private = "boolean", calendar = "string", organisation = "table",
}
local GUEST = {
  display_name = "string", email = "string", id = "string", response = "string",
  optional = "boolean", resource = "boolean",
}
local PERSON = { display_name = "string", email = "string" }
local SERIES = { every = "string", count = "number" }

local function read_guest(given, number)
  local guest = checked.options("add_event: guests", given, GUEST)
  local is_room = guest.resource or nil
  local response = guest.response or is_room and "accepted" or "needs_action"
  checked.choice("add_event: guests: response", response, RESPONSES)
  local email = is_room and "c_room%d@resource.calendar.google.com" or "guest%d@example.com"
  return {
    displayName = guest.display_name, email = guest.email or email:format(number), id = guest.id,
    responseStatus = RESPONSES[response], optional = guest.optional or nil, resource = is_room,
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
  return { displayName = person.display_name, email = person.email }
end

local function read_series(given)
  if not given then return nil end
  local series = checked.options("add_event: series", given, SERIES)
  checked.choice("add_event: series: every", series.every, EVERY)
  checked.number("add_event: series: count", series.count or 0, 1)
  return { every = series.every, count = math.tointeger(series.count) }
end

--- Return the meeting code of the conference that an event is for.
local function read_code(code, space)
  if space and code then checked.misuse("add_event: either space or code") end
  if code and not code:find "^%l+%-%l+%-%l+$" then
    checked.misuse("add_event: code: a meeting code expected, got '%s'", code)
  end
  return space and space.resource.meetingCode or code
end

--- Check the id of an event, or make one.
local function read_id(org, id)
  if not id then
    org.event_dice = org.event_dice or random.new("events " .. org.key)
    return org.event_dice:text(ID_CHARACTERS, 26)
  end
  checked.id("add_event", id)
  if org.events[id] then checked.misuse("add_event: %s already exists", id) end
  return id
end

--- Add an event to a calendar.
---@param org table organisation
---@param options table as of `gateway:add_event`
---@param space table? node, whose conference the event is for
---@return table event
function events.add(org, options, space)
  options = checked.options("add_event", options, OPTIONS)
  local status, now = options.status or "confirmed", math.tointeger(org.now() // 1)
  checked.choice("add_event: status", status, STATUSES)
  local id = read_id(org, options.id)
  local event = {
    name = id, id = id, is_event = true, organisation = org, created = now, title = options.title,
    code = read_code(options.code, space), series = read_series(options.series),
    organiser = read_organiser(options.organiser),
    guests = read_guests(options.guests or {}), guests_omitted = options.guests_omitted,
    hide_guests = options.hide_guests, private = options.private,
  }
  local an_hour = { start = now, stop = now + 3600, all_day = false }
  instances.fill(event, times.read("add_event", options, an_hour), status)
  event.calendar = calendars.find_or_add(org, options.calendar)
  table.insert(event.calendar.events, event)
  org.events[id] = event
  return event
end

return events
