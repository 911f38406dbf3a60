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

local NOTES = {
  title = "Notes", field = "notes", format = function(_, row) return columns.notes(row) end,
}

--- Return the columns for people; there is one for notes if any row has some.
---@param rows googlemeet.AttendanceRow[]
---@param offset integer seconds east of UTC
---@return googlemeet.Column[]
function columns.for_people(rows, offset)
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
  for _, row in ipairs(rows) do
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

--- Return the columns for programs: the fields of the rows, under their names and with raw values.
-- They are always the same; a flag that was not asked for is empty.
---@param with_sessions? boolean for formats that can nest
---@return googlemeet.Column[]
function columns.for_programs(with_sessions)
  local shown = render.columns(FIELDS)
  if with_sessions then shown[#shown + 1] = { title = "sessions", field = "sessions" } end
  return shown
end

return columns
