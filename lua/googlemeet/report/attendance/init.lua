--- The attendance report: reads participants and sessions; reports who attended, and for how long.

local clock = require "googlemeet.report.clock"
local columns = require "googlemeet.report.attendance.columns"
local core = require "googlemeet.core"
local deadline = require "googlemeet.deadline"
local escape = require "googlemeet.report.escape"
local events = require "googlemeet.report.attendance.events"
local expected = require "googlemeet.report.attendance.expected"
local failure = require "googlemeet.failure"
local footer = require "googlemeet.report.footer"
local invited = require "googlemeet.report.attendance.invited"
local options = require "googlemeet.options"
local render = require "googlemeet.report.render"
local rows = require "googlemeet.report.attendance.rows"
local tabular = require "googlemeet.report.tabular"
local time = require "googlemeet.time"
local timeline = require "googlemeet.report.attendance.timeline"
local unique = require "googlemeet.unique"
local validate = require "googlemeet.validate"

local attendance = {}

local OPTIONS = {
  now = options.of "string or number or table", cheap = false, merge_guests = false,
  strict = false,
  late_after = options.of "number", left_before = options.of "number",
  minimum = options.of "number", expected = options.of "table",
  event = options.of "boolean or table",
  timeout = options.of "number", deadline = options.of "number",
  connection = options.of "string or table",
}

local LAST_SECOND = 253402300799 -- 9999-12-31T23:59:59Z

local function read_now(now)
  if type(now) == "number" then return now end
  local seconds, nanoseconds = time.read(now)
  return seconds and seconds + nanoseconds / 1e9
    or error("attendance: option 'now': " .. nanoseconds, 4)
end

local function check(settings)
  if settings.now then settings.now = read_now(settings.now) end
  for _, name in ipairs { "now", "late_after", "left_before", "minimum" } do
    local seconds = settings[name]
    if seconds and not (seconds >= 0 and seconds <= LAST_SECOND) then
      error(("attendance: option '%s' must be a number of seconds from 0"):format(name), 3)
    end
  end
  settings.expected = expected.read(settings.expected or {})
    or error("attendance: option 'expected' must be an array of names or user ids; beside them, "
      .. "names by alias: { [\"+46 8 53* *** **\"] = \"Elin\" }", 3)
  if type(settings.event) == "table" and not events.is_event(settings.event) then
    error("attendance: option 'event' must be true, or a table whose 'guests' is an array of "
      .. "tables", 3)
  end
end

--- Read the event of a conference, if the options ask for it. Its time counts towards the deadline
-- of the other calls.
local function event_of(client, record, settings)
  if settings.event ~= true then return settings.event or nil end
  local next_options = deadline.share(client, settings)
  local event, err = require "googlemeet.calendar".of(client, record, {
    timeout = settings.timeout, deadline = settings.deadline,
  }, settings.connection)
  local rest, late = next_options()
  if not rest then return nil, late end
  settings.deadline = rest.deadline
  return event, err
end

--- Read the sessions of a participant.
local function sessions_of(client, participant, opts)
  local named, why = validate.resource(participant, "conferenceRecords/*/participants/*")
  if not named then return nil, why end
  local sessions, err = client.participant_sessions:list(named, opts):all()
  return sessions and unique(sessions), err
end

--- Read the participants, and the sessions of each as soon as it is listed, many at once. Unless
-- `strict`, a participant whose sessions cannot be read has the error instead.
local function fetch(client, record, settings)
  local next_options = deadline.share(client, settings)
  local source = client.participants:list(record, {
    timeout = settings.timeout, connection = settings.connection, deadline = settings.deadline,
  })
  local people = {}
  if settings.cheap then
    local participants, err = source:all()
    for index, participant in ipairs(participants or {}) do
      people[index] = { name = participant.name, participant = participant }
    end
    return participants and unique(people), err
  end
  local done, err = client:map(source, function(participant, index)
    local opts, late = next_options()
    if not opts then return nil, late end
    local sessions, why = sessions_of(client, participant, opts)
    if not sessions and (settings.strict or not failure.is_of_resource(why)) then
      return nil, why
    end
    people[index] = {
      name = participant.name, participant = participant, sessions = sessions, err = why,
    }
    return true
  end)
  return done and unique(people), err
end

--- Return what could not be read, and why.
local function incomplete_of(people)
  local list = {}
  for _, person in ipairs(people) do
    if person.err then list[#list + 1] = { name = person.name, err = person.err } end
  end
  return list
end

--- Return the rows for programs: with their times in a zone, the server's own without an offset;
-- each with the title and the organiser of the event, so that the rows of several reports can be
-- joined.
local function rows_for_programs(report, offset)
  if not offset and not report.event then return report.list end
  local title, organiser = report.title, events.called(report.organiser)
  local function shift(text) return offset and clock.shift(text, offset) or text end
  local shifted = {}
  for index, row in ipairs(report.list) do
    local copy, sessions = {}, core.array {}
    for name, value in pairs(row) do copy[name] = value end
    for place, session in ipairs(row.sessions) do
      sessions[place] = {
        start_time = shift(session.start_time), end_time = shift(session.end_time),
      }
    end
    copy.first_join, copy.last_leave = shift(row.first_join), shift(row.last_leave)
    copy.sessions = sessions
    copy.title = title and escape.mend(title)
    copy.organiser = organiser and escape.mend(organiser)
    shifted[index] = copy
  end
  return shifted
end

--- Add the lines above and below a table for people.
local function framed(report, people, to_text, heading)
  local above, guests = "", nil
  if report.event then
    local organiser, note = events.called(report.organiser), events.note(report.event)
    if report.title then above = heading .. to_text(report.title) .. "\n\n" end
    if organiser then above = above .. "Organiser: " .. to_text(organiser) .. "\n\n" end
    guests = footer.people("Absent", events.names(report.absent), to_text)
      .. footer.people("Undecided", events.addresses(report.undecided), to_text)
      .. (note and "\n" .. to_text(note) .. "\n" or "")
  end
  return above .. people .. footer.lines(report, to_text, guests)
end

local FORMATS = {
  text = function(report, offset)
    return framed(report, render.text(columns.for_people(report, offset or 0), report.list),
      escape.clean, "")
  end,
  markdown = function(report, offset)
    return framed(report, render.markdown(columns.for_people(report, offset or 0), report.list),
      escape.markdown, "# ")
  end,
  csv = function(report, offset, opts)
    return render.csv(columns.for_programs(report), rows_for_programs(report, offset), opts)
  end,
  json = function(report, offset)
    return render.json(columns.for_programs(report, true), rows_for_programs(report, offset))
  end,
  html = function(report, offset)
    return timeline.page(report, offset or 0, footer.incomplete(report))
  end,
}

local METATABLE = tabular.metatable {
  name = "googlemeet.attendance", what = "a report", use = "for row in report:rows() do",
  choices = "text, csv, markdown, json or html", formats = FORMATS,
}

--- Read the attendance of a conference.
-- It takes one request for each 250 participants and, unless `cheap`, one for each participant.
-- A participant whose sessions the server refuses has the first and last times only, and is listed
-- in `incomplete`; with `strict` the report fails instead. A report without its event has
-- `event_error`; with `strict` it fails.
---@param client googlemeet.Client
---@param record googlemeet.ConferenceRecord
---@param opts? googlemeet.AttendanceOptions
---@return googlemeet.Attendance? report
---@return googlemeet.Error? err
function attendance.of(client, record, opts)
  local settings = options.merge(opts, OPTIONS)
  check(settings)
  local named, why = validate.receiver(record, "conferenceRecords/*",
    "record:attendance: the record")
  if not named then return nil, why end
  local event, event_error = event_of(client, record, settings)
  if event_error and (settings.strict or event_error.kind ~= "not_found") then
    return nil, event_error
  end
  local people, err = fetch(client, record, settings)
  if not people then return nil, err end
  settings.now = settings.now or os.time()
  local list, spans, names = rows.of(record, people, settings)
  for _, row in ipairs(list) do core.array(row.sessions) end
  local report = {
    record = record, now = settings.now, total = #list, list = list, spans = spans, names = names,
    missing = rows.missing(list, names, settings.expected), incomplete = incomplete_of(people),
    event = event, event_error = event_error, absent = {}, undecided = {},
  }
  if event then
    report.title, report.organiser = events.title(event), events.organiser(event)
    report.absent, report.undecided = invited.mark(event, list, names)
  end
  return setmetatable(report, METATABLE)
end

return attendance
