--- Questions about the calendar: the events of one day, that of the last conference. Counts only.

local answer = require "spec.live.answer"
local time = require "googlemeet.time"

local say = answer.say

local EVENTS = "/google-calendar/calendar/v3/calendars/primary/events"
local APP = "google-calendar"
local DAY = 86400

local function ask(run)
  return function(here)
    if not here:connection_of(APP) then return say.no_connection(answer.term("app", APP)) end
    return run(here)
  end
end

--- Return the day of the last conference, or yesterday, as the query of a list.
local function day_of(here)
  local record = here.found["conference record"]
  local start = record and type(record.startTime) == "string" and time.parse(record.startTime)
  start = (start or os.time() - DAY) // DAY * DAY
  return { timeMin = time.format(start), timeMax = time.format(start + DAY), maxResults = 250 }
end

--- List the day, once; nil and an answer when it cannot be.
local function list(here, single)
  local query = day_of(here)
  query.singleEvents = single
  local result, body = here:outcome(EVENTS, { query = query })
  if body == nil then return nil, result end
  local items = type(body) == "table" and body.items
  return type(items) == "table" and items or {}, result, body
end

local function count(items, fits)
  local found = 0
  for _, item in ipairs(items) do
    if type(item) == "table" and fits(item) then found = found + 1 end
  end
  return found
end

local function has(name)
  return function(item) return item[name] ~= nil end
end

local function events(single)
  return ask(function(here)
    local items, result, body = list(here, single)
    if not items then return result end
    if single then here.events = items end
    return say.items(result, #items, type(body) == "table" and body.nextPageToken ~= nil,
      answer.fields("Event", items))
  end)
end

local function attendees(here)
  local items = here.events
  if not items then return say.none_seen(answer.term("thing", "event")) end
  local people = {}
  for _, event in ipairs(items) do
    local list_of = type(event) == "table" and type(event.attendees) == "table" and event.attendees
    for _, guest in ipairs(list_of or {}) do people[#people + 1] = guest end
  end
  return say.attendees(#items, count(items, has "attendees"), #people,
    count(people, has "displayName"), count(people, has "email"))
end

local function flags(here)
  local items = here.events
  if not items then return say.none_seen(answer.term("thing", "event")) end
  return say.flags(count(items, has "attendeesOmitted"), count(items, function(event)
    return event.guestsCanSeeOtherGuests == false
  end), count(items, has "conferenceData"), count(items, has "hangoutLink"),
    count(items, has "recurringEventId"))
end

local function one(here)
  local event = (here.events or {})[1]
  local id = type(event) == "table" and event.id
  if type(id) ~= "string" or not id:find "^[%w_-]+$" then
    return say.none_seen(answer.term("thing", "event"))
  end
  local result, body = here:outcome(EVENTS .. "/" .. id)
  return body == nil and result or say.ok_fields(result, answer.fields("Event", { body }))
end

return {
  { "calendar: the events of a day, singleEvents=true", events(true) },
  { "calendar: the same with singleEvents=false", events(false) },
  { "calendar: attendees", ask(attendees) },
  { "calendar: what events have", ask(flags) },
  { "calendar: events.get", ask(one) },
  { "calendar: an event that there is not", ask(function(here)
    return (here:outcome(EVENTS .. "/nosuchevent"))
  end) },
}
