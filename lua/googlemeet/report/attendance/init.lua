--- The attendance report: reads participants and sessions, says who came and for how long.

local absent = require "googlemeet.absent"
local columns = require "googlemeet.report.attendance.columns"
local core = require "googlemeet.core"
local deadline = require "googlemeet.report.deadline"
local escape = require "googlemeet.report.escape"
local options = require "googlemeet.options"
local render = require "googlemeet.report.render"
local rows = require "googlemeet.report.attendance.rows"
local time = require "googlemeet.time"
local timeline = require "googlemeet.report.attendance.timeline"
local validate = require "googlemeet.validate"

local attendance = {}

local OPTIONS = {
  now = options.of "string or number or table", cheap = false, merge_guests = false,
  late_after = options.of "number", left_before = options.of "number",
  minimum = options.of "number", expected = options.of "table",
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
  local expected = {} -- an object is read once: it may change meanwhile
  for index, who in ipairs(settings.expected or {}) do
    if type(who) ~= "string" then
      error("attendance: option 'expected' must be an array of names or user ids", 3)
    end
    expected[index] = who
  end
  settings.expected = expected
end

--- Read the participants, and the sessions of each as soon as it is listed, many at once.
local function fetch(client, record, settings)
  local next_options = deadline.share(client, settings)
  local source = client.participants:list(record, {
    timeout = settings.timeout, connection = settings.connection, deadline = settings.deadline,
  })
  local people = {}
  if settings.cheap then
    local participants, err = source:all()
    for index, participant in ipairs(participants or {}) do
      people[index] = { participant = participant }
    end
    return participants and people, err
  end
  local done, err = client:map(source, function(participant, index)
    local opts, late = next_options()
    if not opts then return nil, late end
    local named, why = validate.resource(participant, "conferenceRecords/*/participants/*")
    if not named then return nil, why end
    local sessions, failed = client.participant_sessions:list(named, opts):all()
    people[index] = { participant = participant, sessions = sessions }
    return sessions, failed
  end)
  return done and people, err
end

local Report = {}
local METATABLE = {
  __name = "googlemeet.attendance",
  __index = absent.indexes(Report, "for row in report:rows() do"),
}

--- Iterate over the rows, by first join.
---@return fun(): googlemeet.AttendanceRow?
function Report:rows()
  local index = 0
  return function()
    index = index + 1
    return self.list[index]
  end
end

--- Return the line below a table that lists the missing.
local function missing_line(report, to_text)
  local names = {}
  for index, name in ipairs(report.missing) do names[index] = to_text(name) end
  return #names > 0 and "\nMissing: " .. table.concat(names, ", ") .. "\n" or ""
end

local FORMATS = {
  text = function(report)
    return render.text(columns.for_people(report.list), report.list)
      .. missing_line(report, escape.clean)
  end,
  markdown = function(report)
    return render.markdown(columns.for_people(report.list), report.list)
      .. missing_line(report, escape.markdown)
  end,
  csv = function(report) return render.csv(columns.for_programs(), report.list) end,
  json = function(report) return render.json(columns.for_programs(true), report.list) end,
  html = function(report) return timeline.page(report) end,
}

--- Write the report.
---@param format? "text"|"csv"|"markdown"|"json"|"html" default: text
---@return string? text
---@return googlemeet.Error? err
function Report:render(format)
  local write = FORMATS[format or "text"]
  if not write then
    error(("render: unknown format '%s'; use text, csv, markdown, json or html"):format(
      tostring(format)), 2)
  end
  return write(self)
end

--- Read the attendance of a conference.
-- It takes one request for each 250 participants and, unless `cheap`, one for each participant.
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
  local people, err = fetch(client, record, settings)
  if not people then return nil, err end
  settings.now = settings.now or os.time()
  local list, spans = rows.of(record, people, settings)
  for _, row in ipairs(list) do core.array(row.sessions) end
  return setmetatable({
    record = record, now = settings.now, total = #list, list = list, spans = spans,
    missing = rows.missing(list, settings.expected),
  }, METATABLE)
end

return attendance
