--- The rows of an attendance report: participants and their sessions to people and their times.
-- Pure: plain tables in, plain tables out.
--
-- Rows: all participants of one signed-in user are one row. Everybody else has a row for each
-- participant, unless `merge_guests` joins guests of one kind and one name (ignoring surrounding
-- blanks and the case of ASCII letters).
-- Time: the union of the sessions, so that two devices at once count once. A session without an end
-- lasts until `now`, or until the end of a conference that is over; then nobody is present. One
-- that ends before it starts has no length. Every session is a join, on any device.

local escape = require "googlemeet.report.escape"
local identity = require "googlemeet.identity"
local intervals = require "googlemeet.intervals"
local sort = require "googlemeet.sort"
local time = require "googlemeet.time"

local rows = {}

local function nanoseconds(seconds)
  return math.floor(seconds * 1e9 + 0.5)
end

--- Return the form in which names are compared.
local function fold(name)
  return escape.clean(name):lower()
end

--- Drop duplicates: a list can shift between two pages while people come and go.
local function distinct(list, name_of)
  local seen, kept = {}, {}
  for _, item in ipairs(list) do
    local name = name_of(item)
    if name == nil or not seen[name] then kept[#kept + 1] = item end
    if name ~= nil then seen[name] = true end
  end
  return kept
end

--- Return the key that joins participants into one row; the participant itself if nothing joins it.
local function key_of(participant, merge_guests)
  local kind, user = identity.of(participant)
  local name = identity.display_name(participant)
  if kind == "signed_in" then
    return user and "user " .. user or participant
  elseif merge_guests and kind and name and fold(name) ~= "" then
    return kind .. " " .. fold(name)
  end
  return participant
end

--- Return the stays of one person: the sessions, or the participant's own first and last times.
local function stays_of(person)
  local stays, participant = {}, person.participant
  local function add(start_time, end_time)
    stays[#stays + 1] = {
      start_time = start_time, end_time = end_time,
      from = time.instant(start_time), to = time.instant(end_time),
    }
  end
  for _, session in ipairs(distinct(person.sessions or {}, function(one) return one.name end)) do
    add(session.startTime, session.endTime)
  end
  local is_cheap = #stays == 0 and participant.earliestStartTime ~= nil
  if is_cheap then add(participant.earliestStartTime, participant.latestEndTime) end
  return stays, is_cheap
end

--- Set the end of a stay that has none, or one before its start; say whether the stay is open.
local function close(stay, limits)
  if stay.to == nil then
    stay.to, stay.end_time = limits.closing, limits.end_time
    return limits.end_time == nil
  elseif stay.from and stay.to < stay.from then
    stay.to, stay.end_time = stay.from, stay.start_time
  end
  return false
end

--- Return the stays of all participants of a row, in time order.
local function gather(people)
  local stays, is_cheap = {}, nil
  for _, person in ipairs(people) do
    local own, from_participant = stays_of(person)
    table.move(own, 1, #own, #stays + 1, stays)
    is_cheap = from_participant or is_cheap
  end
  return sort.by(stays, function(stay) return stay.from or math.huge end), is_cheap
end

--- Fill in the times of a row; return its spans, and the first and last instant.
local function measure(row, stays, limits)
  local spans, last = {}, nil
  for index, stay in ipairs(stays) do
    row.sessions[index] = { start_time = stay.start_time, end_time = stay.end_time }
    row.present = close(stay, limits) or row.present
    if stay.from and stay.from < stay.to then spans[#spans + 1] = stay end
    if not last or last.to < stay.to then last = stay end
  end
  spans = intervals.union(spans)
  row.seconds = intervals.seconds(intervals.length(spans))
  if last and not row.present then row.last_leave = last.end_time end
  return { spans = spans, first = stays[1] and stays[1].from, last = last and last.to }
end

local function new_row(people, limits)
  local participant = people[1].participant
  local kind, user = identity.of(participant)
  local stays, is_cheap = gather(people)
  local row = {
    display_name = identity.display_name(participant) or "", kind = kind or "unknown",
    user = user, first_join = stays[1] and stays[1].start_time, present = false,
    joins = #stays, sessions = {}, cheap = is_cheap or nil,
  }
  return row, measure(row, stays, limits)
end

--- Set the flags that were asked for. Who left early is known only once the conference is over.
local function flag(row, times, limits, opts)
  if opts.late_after and limits.start and times.first then
    row.late = times.first - limits.start > nanoseconds(opts.late_after)
  end
  if opts.left_before and limits.end_time and times.last then
    row.left_early = limits.closing - times.last > nanoseconds(opts.left_before)
  end
  if opts.minimum then row.short = row.seconds < opts.minimum end
end

--- Group the participants by row; within a group by first join.
local function group(people, merge_guests)
  local groups, by_key = {}, {}
  for _, person in ipairs(distinct(people, function(one) return one.participant.name end)) do
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
      return time.instant(one.participant.earliestStartTime) or math.huge
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
---@param people { participant: table, sessions: table[]? }[] without sessions the participant's own
--- first and last times count, and the row is marked `cheap`
---@param opts googlemeet.RowOptions
---@return googlemeet.AttendanceRow[] list by first join, then name
---@return table<table, googlemeet.JoinedInterval[]> spans when somebody was present, for each row
function rows.of(record, people, opts)
  local over = time.instant(record.endTime)
  local limits = {
    start = time.instant(record.startTime), end_time = over and record.endTime,
    closing = over or time.instant(time.format(opts.now)),
  }
  local list, times, spans = {}, {}, {}
  for _, members in ipairs(group(people, opts.merge_guests)) do
    local row, measured = new_row(members, limits)
    flag(row, measured, limits, opts)
    list[#list + 1], times[row], spans[row] = row, measured, measured.spans
  end
  sort_rows(list, times)
  return list, spans
end

--- Return the members of `expected` that no row names.
---@param list googlemeet.AttendanceRow[]
---@param expected string[] display names, `users/…`, or bare ids of users
---@return string[] # in the same order, each once
function rows.missing(list, expected)
  local names, users, missing, listed = {}, {}, {}, {}
  for _, row in ipairs(list) do
    names[fold(row.display_name)] = true
    if row.user then users[row.user] = true end
  end
  for _, who in ipairs(expected) do
    local came = users[who] or users["users/" .. who]
      or not who:find "^users/" and names[fold(who)]
    if not (came or listed[who]) then
      missing[#missing + 1], listed[who] = who, true
    end
  end
  return missing
end

return rows
