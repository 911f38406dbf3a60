--- Attendance over several conferences.

local clock = require "googlemeet.report.clock"
local intervals = require "googlemeet.intervals"
local matrix = require "googlemeet.report.matrix"
local names = require "googlemeet.report.names"

local attendance = {}

local SHAPE = {
  type = "googlemeet.attendance", source = "record",
  fields = { "display_name", "kind", "user", "conferences", "joins", "seconds", "incomplete" },
  people = {
    { title = "Name", field = "display_name", width = 40, format = names.shown },
    { title = "Conferences", field = "conferences", align = "right" },
    { title = "Joins", field = "joins", align = "right" },
    { title = "Time", field = "seconds", align = "right", format = clock.duration },
  },
}

--- Return what joins rows of several conferences: the user, else kind and name; the row itself when
-- there is neither.
local function key_of(row)
  if row.user then return row.user end
  local name = names.fold(row.display_name)
  return name ~= "" and row.kind .. " " .. name or row
end

local function new_person(row)
  return {
    display_name = row.display_name, kind = row.kind, user = row.user, joins = 0, spans = {},
  }
end

--- Return the people of all reports, each with the spans of presence by conference.
local function collect(sources)
  local people, by_key = {}, {}
  for _, one in ipairs(sources) do
    for row in one.report:rows() do
      local key = key_of(row)
      local person = by_key[key] or new_person(row)
      if not by_key[key] then people[#people + 1], by_key[key] = person, person end
      if person.display_name == "" then person.display_name = row.display_name end
      person.joins = person.joins + row.joins
      person.incomplete = person.incomplete or row.incomplete
      local own, spans = one.report.spans[row], person.spans[one.name] or {}
      person.spans[one.name] = table.move(own, 1, #own, #spans + 1, spans)
    end
  end
  return people
end

--- Replace the spans of a person by the seconds in each conference, and their sum.
local function add_up(person)
  local by_conference, total, count = {}, 0, 0
  for name, spans in pairs(person.spans) do
    local length = intervals.length(intervals.union(spans))
    by_conference[name], total, count = intervals.seconds(length), total + length, count + 1
  end
  person.by_conference, person.seconds = by_conference, intervals.seconds(total)
  person.conferences, person.spans = count, nil
end

--- Return the names that every report misses.
local function missing_in_all(sources)
  local counts, missing = {}, {}
  for _, one in ipairs(sources) do
    for _, who in ipairs(one.report.missing) do
      local form = names.fold(who)
      counts[form] = (counts[form] or 0) + 1
      if counts[form] == #sources then missing[#missing + 1] = who end
    end
  end
  return missing
end

--- Merge the attendance of several conferences: one row for each person. Signed-in users are joined
-- by user, others by kind and name; what one name does in one conference at once counts once. Two
-- reports of one conference count as one, the later one.
---@param reports googlemeet.Attendance[] in any order
---@return googlemeet.AttendanceMatrix
function attendance.merge(reports)
  local sources = type(reports) == "table" and matrix.sources(reports, SHAPE)
  if not sources then error("attendance.merge: an array of attendance reports expected", 2) end
  local people = collect(sources)
  for _, person in ipairs(people) do add_up(person) end
  return matrix.new(SHAPE, sources, people, missing_in_all(sources))
end

return attendance
