--- Questions about the calendar: contract/calendar.md, "Open questions". The events are those of
-- one day, that of the last conference. Counts only.

local answer = require "spec.live.answer"
local time = require "googlemeet.time"

local say = answer.say

local EVENTS = "/google-calendar/calendar/v3/calendars/primary/events"
local APP = "google-calendar"
local DAY = 86400
local ZONE = "Etc/GMT-14" -- hardly the own one

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

--- Make a row about the events of the day.
local function of_events(run)
  return ask(function(here)
    if not here.events then return say.none_seen(answer.term("thing", "event")) end
    return run(here.events)
  end)
end

local function people_of(items)
  local people = {}
  for _, event in ipairs(items) do
    local list_of = type(event) == "table" and type(event.attendees) == "table" and event.attendees
    for _, guest in ipairs(list_of or {}) do people[#people + 1] = guest end
  end
  return people
end

local function list_fields(here)
  local result, body = here:outcome(EVENTS, { query = { maxResults = 1 } })
  return body == nil and result or say.ok_fields(result, answer.fields("Events", { body }))
end

local function attendees(items)
  local people = people_of(items)
  return say.attendees(#items, count(items, has "attendees"), #people,
    count(people, has "displayName"), count(people, has "email"))
end

local function guest_ids(items)
  local people = people_of(items)
  return say.guest_ids(count(people, has "id"), #people, count(people, function(guest)
    return type(guest.id) == "string" and guest.id:find "^%d+$" ~= nil
  end))
end

--- Count the events with both whose conference id is the code in the link.
local function codes(items)
  local with_both, same = 0, 0
  for _, event in ipairs(items) do
    local conference = type(event) == "table" and event.conferenceData
    local id = type(conference) == "table" and conference.conferenceId
    local link = type(event) == "table" and event.hangoutLink
    if type(id) == "string" and type(link) == "string" then
      with_both = with_both + 1
      if link:match "[^/]+$" == id then same = same + 1 end
    end
  end
  return say.codes(same, with_both)
end

local function zone(here)
  local result, body = here:outcome(EVENTS, { query = { maxResults = 1, timeZone = ZONE } })
  if body == nil then return result end
  return say.zone(result, type(body) == "table" and body.timeZone == ZONE)
end

local function too_many(here)
  local query = day_of(here)
  query.maxResults = 2501
  return (here:outcome(EVENTS, { query = query }))
end

local function flags(items)
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
  { "calendar: fields of a list", ask(list_fields) },
  { "calendar: attendees", of_events(attendees) },
  { "calendar: ids of attendees", of_events(guest_ids) },
  { "calendar: what events have", of_events(flags) },
  { "calendar: codes", of_events(codes) },
  { "calendar: timeZone", ask(zone) },
  { "calendar: maxResults=2501", ask(too_many) },
  { "calendar: the code when a link is made anew", answer.cannot "needs_new_link" },
  { "calendar: events.get", ask(one) },
  { "calendar: an event that there is not", ask(function(here)
    return (here:outcome(EVENTS .. "/nosuchevent"))
  end) },
}
