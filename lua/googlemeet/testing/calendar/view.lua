--- What an account sees of an event in a calendar.

local json = require "googlemeet.testing.json"
local time = require "googlemeet.time"

local view = {}

local RULES = { day = "DAILY", week = "WEEKLY" }

--- Write when something begins or ends.
local function moment(seconds, all_day, where, own)
  if all_day then return { date = time.format(seconds):sub(1, 10) } end
  local text = time.format(seconds + where.offset):sub(1, 19)
  return { dateTime = text .. where.text, timeZone = own.name }
end

--- Return the organiser: without one the calendar itself.
local function organiser_of(event)
  local given, calendar = event.organiser, event.calendar
  if not given then return { email = calendar.id, displayName = calendar.title, self = true } end
  return {
    email = given.email, displayName = given.displayName, self = given.email == calendar.id or nil,
  }
end

--- Fill in the guests: all, or only the one whose calendar it is.
local function add_guests(shown, event)
  local guests, organiser = json.array {}, shown.organizer
  local only_self = event.guests_omitted or event.hide_guests and not organiser.self
  for _, given in ipairs(event.guests) do
    local guest = json.copy(given)
    guest.organizer = guest.email == organiser.email or nil
    guest.self = guest.email == event.calendar.id or nil
    if guest.self or not only_self then guests[#guests + 1] = guest end
  end
  shown.attendees = #guests > 0 and guests or nil
  shown.attendeesOmitted = event.guests_omitted or nil
  if event.hide_guests then shown.guestsCanSeeOtherGuests = false end
end

--- Fill in what a meeting code puts into an event.
local function add_conference(shown, code)
  local label = "meet.google.com/" .. code
  shown.hangoutLink = "https://" .. label
  shown.conferenceData = {
    conferenceId = code,
    conferenceSolution = { key = { type = "hangoutsMeet" }, name = "Google Meet" },
    entryPoints = { { entryPointType = "video", uri = shown.hangoutLink, label = label } },
  }
end

--- Fill in what only those see who may see more than that there is something.
local function add_details(shown, instance)
  local event = instance.event
  if event.series and not instance.index then
    shown.recurrence = json.array {
      ("RRULE:FREQ=%s;COUNT=%d"):format(RULES[event.series.every], event.series.count),
    }
  end
  shown.htmlLink = "https://www.google.com/calendar/event?eid=" .. instance.id
  shown.created, shown.updated = time.format(event.created), time.format(event.updated)
  shown.summary, shown.organizer = event.title, organiser_of(event)
  shown.creator = shown.organizer
  if event.code then add_conference(shown, event.code) end
  add_guests(shown, event)
end

--- Say whether the account sees no more than that there is something.
local function is_busy_only(event)
  local role = event.calendar.role
  return role == "freeBusyReader" or role == "reader" and event.private == true
end

--- Say whether nothing but its name is left: of a cancelled instance, and of a deleted event in the
-- calendars of those who did not organise it.
local function is_stub(instance)
  local event = instance.event
  return instance.status == "cancelled"
    and (event.whole.status ~= "cancelled" or not organiser_of(event).self)
end

--- Return an event or an instance as Google gives it.
---@param instance table
---@param where? table zone of the times (the calendar's)
---@return table
function view.event(instance, where)
  local event, own = instance.event, instance.event.calendar.zone
  where = where or own
  local shown = {
    kind = "calendar#event", etag = ('"%d"'):format(event.updated * 2000), id = instance.id,
    status = instance.status,
  }
  if instance.index then
    local original = instance.original
    shown.recurringEventId = event.id
    shown.originalStartTime = moment(original.start, original.all_day, where, own)
  end
  if is_stub(instance) then return shown end
  local times = instance.times
  shown.start = moment(times.start, times.all_day, where, own)
  shown["end"] = moment(times.stop, times.all_day, where, own)
  shown.iCalUID, shown.eventType = event.id .. "@google.com", "default"
  shown.visibility = event.private and "private" or nil
  if not is_busy_only(event) then add_details(shown, instance) end
  return shown
end

return view
