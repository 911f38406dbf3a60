--- An event as scripts read it, from an event as Google sends it.

local core = require "googlemeet.core"

local event = {}

local RESPONSES = { needsAction = "needs_action" }

--- Read a text; another type or an empty text counts as absent.
---@param value any
---@return string?
function event.text(value)
  return type(value) == "string" and value ~= "" and value or nil
end

--- Read an object or array; another type counts as empty.
---@param value any
---@return table
function event.table(value)
  return type(value) == "table" and value or {}
end

local function guest_of(attendee)
  local id, response = event.text(attendee.id), event.text(attendee.responseStatus)
  return {
    display_name = event.text(attendee.displayName), email = event.text(attendee.email),
    response = RESPONSES[response] or response, optional = attendee.optional == true or nil,
    user = id and id:find "^%d+$" and "users/" .. id or nil,
  }
end

--- Return the people among those invited: rooms are left out.
local function guests_of(given)
  local guests = {}
  for _, attendee in ipairs(event.table(given.attendees)) do
    if type(attendee) == "table" and attendee.resource ~= true then
      guests[#guests + 1] = guest_of(attendee)
    end
  end
  return guests
end

--- Return the moment or the day of a start or an end, and whether it is a day.
local function moment_of(given)
  local at = event.table(given)
  local moment = event.text(at.dateTime)
  return moment or event.text(at.date), not moment
end

--- Read an event.
---@param given table Google's
---@param calendar string id of the calendar that it is in
---@return googlemeet.CalendarEvent
function event.read(given, calendar)
  local organiser = event.table(given.organizer)
  local start_time, all_day = moment_of(given.start)
  local is_hidden = given.attendeesOmitted == true
    or given.guestsCanSeeOtherGuests == false and organiser.self ~= true
  return {
    id = event.text(given.id), calendar = calendar, title = event.text(given.summary),
    organiser = {
      display_name = event.text(organiser.displayName), email = event.text(organiser.email),
    },
    guests = guests_of(given), guests_omitted = is_hidden or nil, start_time = start_time,
    end_time = (moment_of(given["end"])), all_day = all_day or nil,
    series = event.text(given.recurringEventId), url = event.text(given.htmlLink),
    resource = core.decode(core.encode(given)), -- a list that is kept stays as it is
  }
end

return event
