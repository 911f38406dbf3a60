--- Events as a report shows them: title, organiser, and the names of people.
-- Pure. An event is data, so any field may be malformed.

local names = require "googlemeet.report.names"

local events = {}

--- Read a field; another type, or a text without a visible character, counts as absent.
local function text_of(value)
  return type(value) == "string" and not names.is_blank(value) and value or nil
end

--- Say whether a value is an event: a table with an array of guests.
---@param value any
---@return boolean
function events.is_event(value)
  local guests, count = type(value) == "table" and value.guests, 0
  if type(guests) ~= "table" then return false end
  for _ in pairs(guests) do count = count + 1 end
  for index = 1, count do
    if type(guests[index]) ~= "table" then return false end
  end
  return true
end

--- Return an event's title, if it has a visible character.
---@param event googlemeet.CalendarEvent
---@return string?
function events.title(event) return text_of(event.title) end

--- Return an event's organiser, if it has one.
---@param event googlemeet.CalendarEvent
---@return googlemeet.Organiser?
function events.organiser(event)
  return type(event.organiser) == "table" and event.organiser or nil
end

--- Return the name and the address of a guest or an organiser; no name when it is the address.
---@param person googlemeet.Guest|googlemeet.Organiser
---@return string? name
---@return string? address
function events.known_as(person)
  local name, address = text_of(person.display_name), text_of(person.email)
  if name and address and names.fold(name) == names.fold(address) then name = nil end
  return name, address
end

--- Return the name of a guest or an organiser, else the address.
---@param person? googlemeet.Guest|googlemeet.Organiser
---@return string?
function events.called(person)
  local name, address = events.known_as(person or {})
  return name or address
end

--- Return the names of guests, for people.
---@param guests googlemeet.Guest[]
---@return string[]
function events.names(guests)
  local called = {}
  for index, guest in ipairs(guests) do called[index] = names.shown(events.called(guest)) end
  return called
end

--- Return the addresses of guests; the name of one without.
---@param guests googlemeet.Guest[]
---@return string[]
function events.addresses(guests)
  local addresses = {}
  for index, guest in ipairs(guests) do
    local name, address = events.known_as(guest)
    addresses[index] = names.shown(address or name)
  end
  return addresses
end

--- Return the note about an incomplete list of guests.
---@param event? googlemeet.CalendarEvent
---@return string?
function events.note(event)
  local is_whole = not (event and event.guests_omitted)
  return not is_whole and "Incomplete: the calendar does not show all guests" or nil
end

return events
