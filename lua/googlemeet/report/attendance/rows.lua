--- The rows of an attendance report: participants and their sessions to people and their times.
-- Pure: plain tables in, plain tables out.
--
-- Rows: all participants of one signed-in user are one row. Everybody else has a row for each
-- participant, unless `merge_guests` joins guests of one kind and one name (see `report.names`).
-- Time: the union of the stays (see `presence`), so that two devices at once count once. A stay
-- without an end lasts until the end of the conference, or until `now` while the conference runs.
-- Every session is a join, on any device.

local identity = require "googlemeet.identity"
local intervals = require "googlemeet.intervals"
local names = require "googlemeet.report.names"
local presence = require "googlemeet.presence"
local sort = require "googlemeet.sort"
local time = require "googlemeet.time"

local rows = {}

--- Return the key that joins participants into one row; the participant itself if nothing joins it.
local function key_of(participant, merge_guests)
  local kind, user = identity.of(participant)
  if kind == "signed_in" then
    return user and "user " .. user or participant
  elseif merge_guests and kind then
    local name = identity.display_name(participant)
    return name and kind .. " " .. names.fold(name) or participant
  end
  return participant
end

--- Return a time as the server sent it; nil for one that was never set or means "for ever".
local function text_of(text)
  if time.instant(text) and not intervals.instant(text) then return nil end
  return text
end

--- Return the sessions of one person, or their first and last times as one session.
local function sessions_of(person)
  local sessions, participant = {}, person.participant
  for index, session in ipairs(person.sessions or {}) do
    sessions[index] = {
      start_time = text_of(session.startTime), end_time = text_of(session.endTime),
    }
  end
  local is_cheap = #sessions == 0 and participant.earliestStartTime ~= nil
  if is_cheap then
    sessions[1] = {
      start_time = text_of(participant.earliestStartTime),
      end_time = text_of(participant.latestEndTime),
    }
  end
  return sessions, is_cheap
end

--- Return the stays of all participants of a row, in time order, and whether a participant came
-- without sessions.
local function gather(people, closing)
  local stays, has_cheap = {}, nil
  for _, person in ipairs(people) do
    local sessions, is_cheap = sessions_of(person)
    for _, session in ipairs(sessions) do
      local stay, is_open = presence.stay(session.start_time, session.end_time, closing)
      stay.session, stay.is_open = session, is_open
      stays[#stays + 1] = stay
    end
    has_cheap = is_cheap or has_cheap
  end
  return sort.by(stays, function(stay) return stay.from or math.huge end), has_cheap
end

--- Fill in the times of a row; return its spans, and the first and last instant.
local function measure(row, stays)
  local spans, last = {}, nil
  for index, stay in ipairs(stays) do
    row.sessions[index] = stay.session
    row.present = row.present or stay.is_open
    if stay.from and stay.from < stay.to then spans[#spans + 1] = stay end
    if not last or last.to < stay.to then last = stay end
  end
  spans = intervals.union(spans)
  row.seconds = intervals.seconds(intervals.length(spans))
  if last and not row.present then row.last_leave = last.end_time end
  return { spans = spans, first = stays[1] and stays[1].from, last = last and last.to }
end

--- Return the first name of a person that can be seen, or "", and the folded forms of all.
local function names_of(people)
  local shown, folded = "", {}
  for _, person in ipairs(people) do
    local name = identity.display_name(person.participant)
    if name then
      if shown == "" then shown = name end
      folded[#folded + 1] = names.fold(name)
    end
  end
  return shown, folded
end

local function is_incomplete(people)
  for _, person in ipairs(people) do
    if person.err then return true end
  end
  return nil
end

local function new_row(people, limits)
  local kind, user = identity.of(people[1].participant)
  local stays, is_cheap = gather(people, limits.closing)
  local name, folded = names_of(people)
  local row = {
    display_name = name, kind = kind or "unknown", user = user,
    first_join = stays[1] and stays[1].start_time, present = false, joins = #stays, sessions = {},
    cheap = is_cheap or nil, incomplete = is_incomplete(people),
  }
  return row, measure(row, stays), folded
end

--- Set the flags that were asked for. Who left early is known only once the conference is over.
local function flag(row, times, limits, opts)
  if opts.late_after and limits.start and times.first then
    row.late = times.first - limits.start > intervals.nanoseconds(opts.late_after)
  end
  if opts.left_before and limits.closing.time and times.last then
    row.left_early = limits.closing.at - times.last > intervals.nanoseconds(opts.left_before)
  end
  if opts.minimum then row.short = row.seconds < opts.minimum end
end

--- Group the participants by row; within a group by first join.
local function group(people, merge_guests)
  local groups, by_key = {}, {}
  for _, person in ipairs(people) do
    local key = key_of(person.participant, merge_guests)
    local members = by_key[key]
    if not members then
      members = {}
      by_key[key], groups[#groups + 1] = members, members
    end
    members[#members + 1] = person
  end
  for _, members in ipairs(groups) do
    sort.by(members, function(one)
      return intervals.instant(one.participant.earliestStartTime) or math.huge
    end)
  end
  return groups
end

--- Sort rows by first join, then name, then user.
local function sort_rows(list, times)
  table.sort(list, function(one, other)
    local first, second = times[one].first or math.huge, times[other].first or math.huge
    if first ~= second then
      return first < second
    elseif one.display_name ~= other.display_name then
      return one.display_name < other.display_name
    end
    return (one.user or "") < (other.user or "")
  end)
end

---@class googlemeet.RowOptions
---@field now number epoch seconds
---@field merge_guests? boolean
---@field late_after? number seconds after the conference's start
---@field left_before? number seconds before its end
---@field minimum? number seconds

--- Make the rows of a conference.
---@param record table a conference record
---@param people { participant: table, sessions: table[]?, err: googlemeet.Error? }[] each
--- participant and session once; without sessions the participant's own first and last times count,
--- and the row is marked `cheap`; with an error it is marked `incomplete`
---@param opts googlemeet.RowOptions
---@return googlemeet.AttendanceRow[] list by first join, then name
---@return table<table, googlemeet.JoinedInterval[]> spans when somebody was present, for each row
---@return table<table, string[]> names the folded names of its participants, for each row
function rows.of(record, people, opts)
  local over = intervals.instant(record.endTime)
  local limits = {
    start = intervals.instant(record.startTime),
    closing = {
      at = over or time.instant(time.format(opts.now)), time = over and record.endTime,
    },
  }
  local list, times, spans, folded = {}, {}, {}, {}
  for _, members in ipairs(group(people, opts.merge_guests)) do
    local row, measured, forms = new_row(members, limits)
    flag(row, measured, limits, opts)
    list[#list + 1], times[row], spans[row], folded[row] = row, measured, measured.spans, forms
  end
  sort_rows(list, times)
  return list, spans, folded
end

--- Return the names of the expected people whom no row matches, by any name or by the user.
---@param list googlemeet.AttendanceRow[]
---@param folded table<table, string[]> as `rows.of` returns them
---@param expected googlemeet.Expected[]
---@return string[] # in the same order
function rows.missing(list, folded, expected)
  local has_name, has_user, missing = {}, {}, {}
  for _, row in ipairs(list) do
    for _, name in ipairs(folded[row]) do has_name[name] = true end
    if row.user then has_user[row.user] = true end
  end
  local function came(one)
    for _, known_as in ipairs(one.known_as) do
      if has_user[known_as] or has_user["users/" .. known_as]
        or not known_as:find "^users/" and has_name[names.fold(known_as)] then
        return true
      end
    end
    return false
  end
  for _, one in ipairs(expected) do
    if not came(one) then missing[#missing + 1] = one.who end
  end
  return missing
end

return rows
