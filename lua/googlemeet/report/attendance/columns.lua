--- The columns of an attendance report, for people and for programs.

local clock = require "googlemeet.report.clock"
local names = require "googlemeet.report.names"
local render = require "googlemeet.report.render"

local columns = {}

local KINDS = { signed_in = "signed in", anonymous = "guest", phone = "phone", unknown = "unknown" }

--- Format a kind of participant.
---@param kind string
---@return string
function columns.kind(kind)
  return KINDS[kind]
end

local FLAGS = {
  { "late", "late" }, { "left_early", "left early" }, { "short", "short" },
  { "cheap", "first and last times only" }, { "incomplete", "incomplete" },
}

--- Format the flags of a row.
---@param row googlemeet.AttendanceRow
---@return string
function columns.notes(row)
  local notes = {}
  for _, flag in ipairs(FLAGS) do
    if row[flag[1]] then notes[#notes + 1] = flag[2] end
  end
  return table.concat(notes, ", ")
end

local YES_OR_NO = { [true] = "yes", [false] = "no" }

local INVITED = {
  title = "Invited", field = "invited", format = function(value) return YES_OR_NO[value] end,
}

local NOTES = {
  title = "Notes", field = "notes", format = function(_, row) return columns.notes(row) end,
}

--- Return the columns for people; there is one for notes if any row has some.
---@param report { list: googlemeet.AttendanceRow[], event: googlemeet.CalendarEvent? }
---@param offset integer seconds east of UTC
---@return googlemeet.Column[]
function columns.for_people(report, offset)
  local function moment(text) return clock.moment(text, offset) end
  local function leave(text, row) return row.present and "present" or moment(text) end
  local zone_name = (" (%s)"):format(clock.zone(offset))
  local shown = {
    { title = "Name", field = "display_name", width = 40, format = names.shown },
    { title = "Kind", field = "kind", format = columns.kind },
    { title = "First join" .. zone_name, field = "first_join", format = moment },
    { title = "Last leave" .. zone_name, field = "last_leave", format = leave },
    { title = "Joins", field = "joins", align = "right" },
    { title = "Time", field = "seconds", align = "right", format = clock.duration },
  }
  if report.event then shown[#shown + 1] = INVITED end
  for _, row in ipairs(report.list) do
    if columns.notes(row) ~= "" then
      shown[#shown + 1] = NOTES
      break
    end
  end
  return shown
end

local FIELDS = {
  "display_name", "kind", "user", "first_join", "last_leave", "present", "joins", "seconds",
  "late", "left_early", "short", "cheap", "incomplete",
}

local OF_EVENT = { "invited", "title", "organiser" }

--- Return the columns for programs: the fields of the rows, under their names and with raw values.
-- They are always the same, but for those of an event; a flag that was not asked for is empty.
---@param report { event: googlemeet.CalendarEvent? }
---@param with_sessions? boolean for formats that can nest
---@return googlemeet.Column[]
function columns.for_programs(report, with_sessions)
  local fields = table.move(FIELDS, 1, #FIELDS, 1, {})
  if with_sessions then fields[#fields + 1] = "sessions" end
  if report.event then table.move(OF_EVENT, 1, #OF_EVENT, #fields + 1, fields) end
  return render.columns(fields)
end

return columns
