--- The calendar event that a conference was held for.
-- Calendar cannot search by meeting code: the events of whole days are listed, once for all
-- conferences of a day, and that with the code of the conference's space is chosen.

local choice = require "googlemeet.calendar.choice"
local core = require "googlemeet.core"
local files = require "googlemeet.files"
local intervals = require "googlemeet.intervals"
local options = require "googlemeet.options"
local readings = require "googlemeet.readings"
local recent = require "googlemeet.recent"
local time = require "googlemeet.time"
local validate = require "googlemeet.validate"

local calendar = {}

local PATH = "/google-calendar/calendar/v3/calendars/%s/events"
local SECOND, DAY = 1000000000, 86400
local PER_PAGE, MOST_PAGES = 2500, 40
local SECONDS = options.of "number"
local OPTIONS = {
  calendar = "primary", timeout = SECONDS, deadline = SECONDS,
  connection = options.of "string or table",
}
local RESPONSES = { needsAction = "needs_action" }

local function text_of(value)
  return type(value) == "string" and value ~= "" and value or nil
end

local function list_of(value)
  return type(value) == "table" and value or {}
end

--- Return the instants between which a conference was held. One that still runs ends now, or as it
-- begins where nobody knows the date.
local function span_of(reading)
  local record, now = reading.resource, files.epoch(reading.client)
  local from, to = intervals.instant(record.startTime), intervals.instant(record.endTime)
  return from, from and math.max(from, to or now and now * SECOND or from)
end

--- Read the meeting code of the conference's space.
local function read_code(reading)
  local space = reading.resource.space
  if not validate.resource({ name = space }, "spaces/*") then
    return readings.fail(reading, "decode", "it came without its space",
      "call reload() on it, and go on with what that gives")
  end
  return recent.get(reading.client, space, readings.left(reading), function()
    local opts, late = readings.limits(reading)
    if not opts then return nil, late end
    opts.fields = "meetingCode"
    local found, err = reading.client.spaces:get(space, opts)
    if not found then return nil, err end
    local code = text_of(found.meetingCode)
    if code then return code end
    return readings.fail(reading, "decode", "its space has no meeting code")
  end)
end

--- List the events from one time to another that have a meeting code.
local function list(reading, first, last)
  local id = reading.calendar:gsub("[^%w_.~-]", function(byte)
    return ("%%%02X"):format(byte:byte())
  end)
  local query, found = {
    singleEvents = true, maxResults = PER_PAGE, timeMin = time.format(first),
    timeMax = time.format(last),
  }, {}
  for _ = 1, MOST_PAGES do
    local page, err = readings.get(reading, PATH:format(id), query,
      { connection = reading.connection })
    if not page then
      if err.kind == "not_found" and err.origin == "google" then
        err.hint = "check the option 'calendar': the Google account of the google-calendar "
          .. "connection has to see that calendar"
      end
      return nil, err
    elseif type(page) ~= "table" then
      return readings.fail(reading, "decode", "Calendar answered with something else than events")
    end
    for _, event in ipairs(list_of(page.items)) do
      if type(event) == "table" and choice.code(event) then found[#found + 1] = event end
    end
    query.pageToken = text_of(page.nextPageToken)
    if not query.pageToken then return found end
  end
  return readings.fail(reading, "too_large", "Calendar's list of events has no end")
end

--- List the events around a conference: those of its days, and of half a day before and after.
local function list_around(reading, from, to)
  local half, second = DAY // 2, 1 -- the limits of the list are exclusive
  local first = from // SECOND // DAY * DAY - half - second
  local last = (to // SECOND // DAY + 1) * DAY + half + second
  local account = reading.connection
  if type(account) == "table" then account = account.connection_id end
  local key = ("%s %d %d %s"):format(tostring(account), first // 1, last // 1, reading.calendar)
  return recent.get(reading.client, key, readings.left(reading), function()
    return list(reading, first, last)
  end)
end

local function guest_of(attendee)
  local id, response = text_of(attendee.id), text_of(attendee.responseStatus)
  return {
    display_name = text_of(attendee.displayName), email = text_of(attendee.email),
    response = RESPONSES[response] or response, optional = attendee.optional == true or nil,
    user = id and id:find "^%d+$" and "users/" .. id or nil,
  }
end

--- Return the people among those invited: rooms are left out.
local function guests_of(event)
  local guests = {}
  for _, attendee in ipairs(list_of(event.attendees)) do
    if type(attendee) == "table" and attendee.resource ~= true then
      guests[#guests + 1] = guest_of(attendee)
    end
  end
  return guests
end

--- Return what scripts read of an event of Google's.
local function read(event, calendar_id)
  local organiser, start, stop = list_of(event.organizer), event.start, list_of(event["end"])
  local is_hidden = event.attendeesOmitted == true
    or event.guestsCanSeeOtherGuests == false and organiser.self ~= true
  return {
    id = text_of(event.id), calendar = calendar_id, title = text_of(event.summary),
    organiser = {
      display_name = text_of(organiser.displayName), email = text_of(organiser.email),
    },
    guests = guests_of(event), guests_omitted = is_hidden or nil,
    start_time = text_of(start.dateTime) or text_of(start.date),
    end_time = text_of(stop.dateTime) or text_of(stop.date),
    all_day = not text_of(start.dateTime) or nil, series = text_of(event.recurringEventId),
    url = text_of(event.htmlLink),
    resource = core.decode(core.encode(event)), -- the listing stays as it is, whatever scripts do
  }
end

--- Find the event that a conference was held for.
-- Of the events with the code of its space that overlap it in time, those with a time of day come
-- before all-day ones, then the greatest overlap counts, then the shorter event. Where none
-- overlaps, it is the only one within twelve hours.
---@param client googlemeet.Client
---@param record googlemeet.ConferenceRecord
---@param opts? googlemeet.EventOptions
---@return googlemeet.CalendarEvent? event
---@return googlemeet.Error? err of kind `not_found`: there is none, or several fit equally
function calendar.of(client, record, opts)
  local reading = readings.begin(client, record, opts, OPTIONS)
  if reading.calendar == "" then error("event: option 'calendar': the id of one expected", 2) end
  local named, why = validate.receiver(record, "conferenceRecords/*", "record:event: the record")
  if not named then return nil, why end
  local from, to = span_of(reading)
  if not from then return readings.fail(reading, "decode", "it came without its start") end
  local code, problem = read_code(reading)
  if not code then return nil, problem end
  local events, err = list_around(reading, from, to)
  if not events then return nil, err end
  local event, count = choice.of(events, code, from, to)
  if event then return read(event, reading.calendar) end
  if count > 1 then
    return readings.fail(reading, "not_found", ("%d events fit it equally well"):format(count),
      "choose one in the calendar, and give it as attendance { event = … }")
  end
  return readings.fail(reading, "not_found", "no event of the calendar has its meeting code",
    "it may have been started without one, or its event is in another calendar: see the option "
      .. "'calendar'")
end

return calendar
