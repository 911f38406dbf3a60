--- The columns of an attendance report, for people and for programs.
-- Pure.

local time = require "googlemeet.time"

local columns = {}

--- Format an RFC 3339 time to the second, in UTC without the zone. A text that is not a time stays.
---@param text any from a server; a value that is not a string counts as absent
---@return string?
function columns.utc(text)
  if type(text) ~= "string" then return nil end
  local seconds = time.parse(text)
  return seconds and (time.format(seconds):gsub("T", " "):gsub("Z$", "")) or text
end

--- Format seconds as h:mm:ss; fractions are cut off.
---@param seconds number
---@return string
function columns.duration(seconds)
  local whole = math.floor(seconds)
  return ("%d:%02d:%02d"):format(whole // 3600, whole // 60 % 60, whole % 60)
end

local KINDS = { signed_in = "signed in", anonymous = "guest", phone = "phone", unknown = "unknown" }

--- Format a kind of participant.
---@param kind string
---@return string
function columns.kind(kind)
  return KINDS[kind]
end

local FLAGS = {
  { "late", "late" }, { "left_early", "left early" }, { "short", "short" },
  { "cheap", "first and last times only" },
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

local function format_leave(leave, row)
  return row.present and "present" or columns.utc(leave)
end

local PEOPLE = {
  { title = "Name", field = "display_name", width = 40,
    format = function(name) return name ~= "" and name or "(no name)" end },
  { title = "Kind", field = "kind", format = columns.kind },
  { title = "First join (UTC)", field = "first_join", format = columns.utc },
  { title = "Last leave (UTC)", field = "last_leave", format = format_leave },
  { title = "Joins", field = "joins", align = "right" },
  { title = "Time", field = "seconds", align = "right", format = columns.duration },
}

local NOTES = {
  title = "Notes", field = "notes", format = function(_, row) return columns.notes(row) end,
}

--- Return the columns for people; there is one for notes if any row has some.
---@param rows googlemeet.AttendanceRow[]
---@return googlemeet.Column[]
function columns.for_people(rows)
  local shown = table.move(PEOPLE, 1, #PEOPLE, 1, {})
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
  "late", "left_early", "short", "cheap",
}

--- Return the columns for programs: the fields of the rows, under their names and with raw values.
-- They are always the same; a flag that was not asked for is empty.
---@param with_sessions? boolean for formats that can nest
---@return googlemeet.Column[]
function columns.for_programs(with_sessions)
  local shown = {}
  for index, name in ipairs(FIELDS) do shown[index] = { title = name, field = name } end
  if with_sessions then shown[#shown + 1] = { title = "sessions", field = "sessions" } end
  return shown
end

return columns
