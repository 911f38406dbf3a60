--- What an account sees of an event.

local calendars = require "googlemeet.testing.calendar.calendars"
local json = require "googlemeet.testing.json"
local time = require "googlemeet.time"
local zone = require "googlemeet.testing.calendar.zone"

local view = {}

local RULES = { day = "DAILY", week = "WEEKLY" }

--- Write when something begins or ends.
local function moment(seconds, entry_times, where, own)
  if entry_times.all_day then return { date = zone.date(seconds) } end
  return { dateTime = zone.format(seconds, where), timeZone = own.name }
end

local function person(given, account)
  if not given then return { email = account.id, displayName = account.title, self = true } end
  return {
    email = given.email, displayName = given.displayName, id = given.id,
    self = given.email == account.id or nil,
  }
end

--- Return all guests, and the account's own entry among them.
local function guests_of(event, organizer, account)
  local all, own = json.array {}, json.array {}
  for i, guest in ipairs(event.guests) do
    local shown = json.copy(guest)
    shown.organizer = guest.email == organizer.email or nil
    shown.self = guest.email == account.id or nil
    all[i] = shown
    if shown.self then own[#own + 1] = shown end
  end
  return all, own
end

--- Fill in the guests that the account may see, as many as asked for.
local function add_guests(shown, event, account, most)
  local all, own = guests_of(event, shown.organizer, account)
  local is_hidden = event.hide_guests and not shown.organizer.self
  local is_short = event.guests_omitted or most and #all > most and not is_hidden
  local visible = (is_hidden or is_short) and own or all
  shown.attendees = #visible > 0 and visible or nil
  shown.attendeesOmitted = is_short or nil
  if event.hide_guests then shown.guestsCanSeeOtherGuests = false end
end

--- Fill in what only those see who may see more than that there is something.
local function add_details(shown, entry, most)
  local event = entry.event
  local account = calendars.primary(event.organisation)
  shown.htmlLink = "https://www.google.com/calendar/event?eid=" .. entry.id
  shown.created, shown.updated = time.format(event.created), time.format(entry.updated)
  shown.summary, shown.description, shown.location = event.title, event.description, event.location
  shown.organizer = person(event.organiser, account)
  shown.creator = person(event.organiser, account)
  shown.sequence, shown.reminders = 0, { useDefault = true }
  shown.conferenceData, shown.hangoutLink = json.copy(event.conference), event.link
  add_guests(shown, event, account, most)
end

--- Say whether the account sees no more than that there is something.
local function is_busy_only(event)
  local role = event.calendar.role
  return role == "freeBusyReader" or role == "reader" and event.private == true
end

--- Say whether nothing but its name is left: of a cancelled instance, and of a deleted event in the
-- calendars of those who did not organise it.
local function is_stub(entry)
  if entry.status ~= "cancelled" then return false end
  local event = entry.event
  local account = calendars.primary(event.organisation)
  return event.status ~= "cancelled" or not person(event.organiser, account).self
end

--- Return an entry as Google gives it.
---@param entry table
---@param where? table zone of the times (the calendar's)
---@param most? integer guests
---@return table
function view.event(entry, where, most)
  local event = entry.event
  local own = event.calendar.zone
  where = where or own
  local shown = {
    kind = "calendar#event", etag = ('"%d"'):format(entry.updated * 2000), id = entry.id,
    status = entry.status,
  }
  if entry.index then
    shown.recurringEventId = event.id
    shown.originalStartTime = moment(entry.original.start, entry.original, where, own)
  end
  if is_stub(entry) then return shown end
  shown.start = moment(entry.times.start, entry.times, where, own)
  shown["end"] = moment(entry.times.stop, entry.times, where, own)
  shown.iCalUID, shown.eventType = event.id .. "@google.com", "default"
  shown.visibility = event.private and "private" or nil
  if is_busy_only(event) then return shown end
  if event.series and not entry.index then
    shown.recurrence = json.array {
      ("RRULE:FREQ=%s;COUNT=%d"):format(RULES[event.series.every], event.series.count),
    }
  end
  add_details(shown, entry, most)
  return shown
end

return view
