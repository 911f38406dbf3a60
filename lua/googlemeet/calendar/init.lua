--- The calendar event that a conference was held for.
-- Calendar cannot search by meeting code. So the events of whole days are listed, once for all
-- conferences of a day, and the one with the code of the conference's space is chosen.

local cache = require "googlemeet.calendar.cache"
local choice = require "googlemeet.calendar.choice"
local event = require "googlemeet.calendar.event"
local files = require "googlemeet.files"
local intervals = require "googlemeet.intervals"
local options = require "googlemeet.options"
local request_group = require "googlemeet.request_group"
local time = require "googlemeet.time"
local validate = require "googlemeet.validate"

local calendar = {}

local PATH = "/google-calendar/calendar/v3/calendars/%s/events"
local SECOND, DAY, HOUR = 1000000000, 86400, 3600
local PER_PAGE, MOST_PAGES, LONGEST_TOKEN = 2500, 40, 4096
local SECONDS = options.of "number"
local OPTIONS = {
  calendar = "primary", timeout = SECONDS, deadline = SECONDS,
  connection = options.of "string or table",
}

--- Return the first and the last instant of a conference. One that still runs ends now, or at its
-- start when the current date is unknown.
local function span_of(group)
  local record, now = group.resource, files.epoch(group.client)
  local from, to = intervals.instant(record.startTime), intervals.instant(record.endTime)
  return from, from and math.max(from, to or now and now * SECOND or from)
end

--- Return what the answers of a connection are kept by: its id, or the function that picks it.
local function account_of(connection)
  return event.table(connection).connection_id or connection
end

--- Read the meeting code of the conference's space, by a connection to Meet.
local function read_code(group, connection)
  local space = group.resource.space
  if not validate.resource({ name = space }, "spaces/*") then
    return request_group.fail(group, "decode", "it came without its space",
      "call reload() on it, and use the result")
  end
  local key = ("%s %s"):format(account_of(connection), space)
  return cache.get(group.client, key, function()
    local opts, late = group.next_options()
    if not opts then return nil, late end
    opts.fields, opts.connection = "meetingCode", connection
    local found, err = group.client.spaces:get(space, opts)
    if not found then return nil, err end
    local code = event.text(found.meetingCode)
    if code then return code end
    return request_group.fail(group, "decode", "its space has no meeting code")
  end)
end

--- Read one page of events.
local function read_page(group, path, query)
  local page, err = request_group.get(group, path,
    { query = query, connection = group.connection })
  if not page and err.kind == "not_found" and err.origin == "google" then
    err.hint = "check the option 'calendar': the Google account of the google-calendar connection "
      .. "has to see that calendar"
  elseif page and type(page) ~= "table" then
    return request_group.fail(group, "decode", "Calendar did not answer with events")
  end
  return page, err
end

--- Return the token of the next page; "" when there is none.
local function token_of(group, page)
  local token = event.text(page.nextPageToken) or ""
  if #token <= LONGEST_TOKEN and not token:find "%c" then return token end
  return request_group.fail(group, "decode", "Calendar's page token cannot be sent back")
end

--- Enter a page into a list: the events with a meeting code, each in the version that was read
-- last, and the offsets of all.
local function enter(list, page)
  for _, given in ipairs(event.table(page.items)) do
    local one = event.table(given)
    local id, offset = event.text(one.id), choice.offset(one)
    local place = id and list.places[id] or choice.code(one) and #list.events + 1
    if place then list.events[place] = one end
    if place and id then list.places[id] = place end
    if offset then -- an hour is for the change to summer time
      list.west = math.min(list.west or offset, offset - HOUR * SECOND)
      list.east = math.max(list.east or offset, offset + HOUR * SECOND)
    end
  end
end

--- List the events from one time to another.
local function list_between(group, first, last)
  local path = PATH:format((group.calendar:gsub("[^%w_.~-]", function(byte)
    return ("%%%02X"):format(byte:byte())
  end)))
  local list, query = { events = {}, places = {} }, {
    singleEvents = true, maxResults = PER_PAGE, timeMin = time.format(first),
    timeMax = time.format(last),
  }
  for _ = 1, MOST_PAGES do
    local page, err = read_page(group, path, query)
    if not page then return nil, err end
    enter(list, page)
    local token, problem = token_of(group, page)
    if not token then return nil, problem end
    if token == "" then return list end
    query.pageToken = token
  end
  return request_group.fail(group, "decode", "Calendar's list of events has no end")
end

--- List the events around a conference: those of its days, and of half a day before and after.
local function list_around(group, from, to)
  local margin = choice.NEAR // SECOND + 1 -- the limits of a list are exclusive
  local first = from // SECOND // DAY * DAY - margin
  local last = (to // SECOND // DAY + 1) * DAY + margin
  local key = ("%s %d %d %s"):format(account_of(group.connection), first // 1, last // 1,
    group.calendar)
  return cache.get(group.client, key, function() return list_between(group, first, last) end)
end

--- Find the event that a conference was held for.
-- Of the events with the code of its space that overlap it in time, those with a time of day come
-- before all-day ones, then the greatest overlap counts, then the shorter event. Where none
-- overlaps, it is the only one within twelve hours.
---@param client googlemeet.Client
---@param record googlemeet.ConferenceRecord
---@param opts? googlemeet.EventOptions
---@param connection? string|googlemeet.Connection to Meet; the client's if not given
---@return googlemeet.CalendarEvent? event
---@return googlemeet.Error? err of kind `not_found`: there is none, or several fit equally
function calendar.of(client, record, opts, connection)
  local group = request_group.begin(client, record, opts, OPTIONS)
  if group.calendar == "" then
    error("event: option 'calendar': the id of a calendar expected", 2)
  end
  local named, why = validate.receiver(record, "conferenceRecords/*", "record:event: the record")
  if not named then return nil, why end
  local from, to = span_of(group)
  if not from then return request_group.fail(group, "decode", "it came without its start") end
  local code, problem = read_code(group, connection)
  if not code then return nil, problem end
  local list, err = list_around(group, from, to)
  if not list then return nil, err end
  local found, count = choice.of(list, code, from, to)
  if found then return event.read(found, group.calendar) end
  if count > 1 then
    return request_group.fail(group, "not_found", ("%d events fit it equally well"):format(count),
      "take the meeting code out of all but one, or give attendance a table as 'event'")
  end
  return request_group.fail(group, "not_found", "no event within twelve hours has its meeting code",
    "it may have been started without one, or its event is in another calendar: see the option "
      .. "'calendar' of record:event")
end

return calendar
