--- One poll of the watched conferences: sends requests, returns events.
-- It lists the participants of each conference, and the sessions of those who are present or whose
-- own times differ from what was reported. It lists files at growing pauses.

local events = require "googlemeet.watch.events"
local failure = require "googlemeet.failure"
local files = require "googlemeet.files"
local intervals = require "googlemeet.intervals"
local state = require "googlemeet.watch.state"
local time = require "googlemeet.time"
local validate = require "googlemeet.validate"

local poll = {}

local AT_ONCE = 8 -- lists of sessions
local FILES_AWAITED = 600 -- seconds after the end in which further files may appear

local KINDS = {
  { kind = "recording", service = "recordings", pattern = "conferenceRecords/*/recordings/*" },
  { kind = "transcript", service = "transcripts", pattern = "conferenceRecords/*/transcripts/*" },
  { kind = "smart_note", service = "smart_notes", pattern = "conferenceRecords/*/smartNotes/*" },
}

--- Make what one poll remembers for the next; none of it has to survive a restart.
---@return table
function poll.memory()
  return {
    records = {}, -- name -> the record as it was last read
    reached = {}, -- name -> the latest time seen in it
    files = {}, -- name -> { due =, pause =, ended_at = }, on the client's clock
    over = {}, -- name -> whether the last poll found everything that will come
    ended = {}, -- name of a file's resource -> when it was first seen ended
    is_complete = false, -- whether nothing failed in the last poll
  }
end

--- Report a temporary failure to `on_error`; raise any other, which ends the loop.
local function survive(watcher, err)
  watcher.memory.is_complete = false
  if not failure.is_temporary(err) then error(err, 0) end
  if watcher.on_error then watcher.on_error(err) end
end

--- As `survive`; a record whose end was reported may be deleted, and then no file will come.
local function survive_record(watcher, name, err)
  local row = watcher.reported.records[name]
  if err.kind == "not_found" and row and row.phase == "ended" then
    state.mark_done(watcher.reported, name)
  else
    survive(watcher, err)
  end
end

--- Read a record, unless it is known to be over.
local function read_record(watcher, name)
  local row, remembered = watcher.reported.records[name], watcher.memory.records[name]
  if row and row.phase == "ended" and remembered then return remembered end
  local record, err = watcher.client.conference_records:get(name)
  if not record then survive_record(watcher, name, err) end
  return record
end

local function is_done(watcher, name)
  local row = watcher.reported.records[name]
  return row ~= nil and row.phase == "settled"
end

--- List the records of a space since the last poll; the first poll takes the newest one only.
local function list_records(watcher, space)
  local since = watcher.reported.spaces[space]
  local filter = ('space.name="%s"'):format(space)
  local service = watcher.client.conference_records
  if not since then
    local newest, err = service:list({ filter = filter, limit = 1 }):first()
    if err then return nil, err end
    state.begin(watcher.reported, space, newest)
    return { newest }
  end
  if since ~= "" then filter = ('%s AND start_time>="%s"'):format(filter, since) end
  return service:list({ filter = filter }):all()
end

--- Return the items of a list; nil and an error when one lacks a valid name.
local function named(items, pattern)
  for _, item in ipairs(items or {}) do
    local fits, err = validate.resource(item, pattern)
    if not fits then return nil, err end
  end
  return items
end

--- Return the records of a space that may have news, those that were not listed included.
local function records_of_space(watcher, space)
  local found, listed = {}, {}
  local records, err = list_records(watcher, space)
  if records then records, err = named(records, "conferenceRecords/*") end
  if err then survive(watcher, err) end
  for _, record in ipairs(records or {}) do
    listed[record.name] = true
    if not is_done(watcher, record.name) then found[#found + 1] = record end
  end
  for name, row in pairs(watcher.reported.records) do
    if row.space == space and row.phase == "ended" and not listed[name] then
      found[#found + 1] = read_record(watcher, name)
    end
  end
  return found
end

local function records_of(watcher)
  local found = {}
  for _, space in ipairs(watcher.spaces or {}) do
    for _, record in ipairs(records_of_space(watcher, space)) do found[#found + 1] = record end
  end
  for _, name in ipairs(watcher.records or {}) do
    if not is_done(watcher, name) then found[#found + 1] = read_record(watcher, name) end
  end
  return found
end

--- Return all participants, and the latest time on their first page.
local function list_participants(watcher, record)
  local pager = watcher.client.participants:list(record.name)
  local all, reached = {}, nil
  local page, err = pager:next_page()
  for _, one in ipairs(page or {}) do
    reached = intervals.later(reached, one.earliestStartTime)
    reached = intervals.later(reached, one.latestEndTime)
  end
  while page do
    table.move(page, 1, #page, #all + 1, all)
    page, err = pager:next_page()
  end
  if err then return nil, err end
  all, err = named(all, "conferenceRecords/*/participants/*")
  return all, err or reached
end

--- Say whether a participant's own times can hide joins or leaves that were not reported yet.
local function needs_sessions(watcher, row, participant)
  local id, left = participant.name:match "[^/]+$", participant.latestEndTime
  if row and row.gone[id] then
    return time.instant(left) ~= time.instant(row.gone[id])
  end
  return left ~= nil or not watcher.cheap
end

--- Read sessions where they are needed; any other new participant is present since the first join.
local function read_sessions(watcher, row, participants)
  local asked, seen = {}, {}
  for _, one in ipairs(participants) do
    if needs_sessions(watcher, row, one) then
      asked[#asked + 1] = one
    elseif not one.latestEndTime then
      seen[#seen + 1] = { participant = one, sessions = { { startTime = one.earliestStartTime } } }
    end
  end
  local lists, err = watcher.client:map(asked, function(one)
    return watcher.client.participant_sessions:list(one.name):all()
  end, { concurrency = AT_ONCE })
  if not lists then return nil, err end
  for index, one in ipairs(asked) do
    seen[#seen + 1] = { participant = one, sessions = lists[index] }
  end
  return seen
end

local function latest_of(seen, reached)
  for _, one in ipairs(seen) do
    for _, session in ipairs(one.sessions) do
      reached = intervals.later(reached, session.startTime)
      reached = intervals.later(reached, session.endTime)
    end
  end
  return reached
end

--- Add the participants to a snapshot.
local function add_participants(watcher, snapshot)
  local record, memory = snapshot.record, watcher.memory
  local row = watcher.reported.records[record.name]
  if row and row.phase ~= "live" then return true end
  local all, reached = list_participants(watcher, record)
  if not all then return nil, reached end
  local seen, err = read_sessions(watcher, row, all)
  if not seen then return nil, err end
  snapshot.participants = seen
  reached = intervals.later(reached, record.startTime)
  reached = intervals.later(reached, memory.reached[record.name])
  snapshot.horizon, memory.reached[record.name] = reached, latest_of(seen, reached)
  return true
end

local function is_awaited(watcher, resource)
  if files.is_ready(resource) then return false end
  local ended, now = watcher.memory.ended, watcher.client:now()
  if resource.state ~= "ENDED" then return true end
  ended[resource.name] = ended[resource.name] or now
  return files.seconds_since(watcher.client, resource.endTime, ended[resource.name])
    <= files.LATEST
end

--- Return when the files of a record are to be listed next. The end of the conference starts over.
local function plan_of(watcher, record)
  local plans, now = watcher.memory.files, watcher.client:now()
  local plan = plans[record.name] or { due = now }
  plans[record.name] = plan
  if record.endTime and not plan.ended_at then
    plan.ended_at, plan.due, plan.pause = now, now, nil
  end
  return plan
end

local function list_files(watcher, record)
  local found = {}
  for _, row in ipairs(KINDS) do
    local list, err = watcher.client[row.service]:list(record.name):all()
    if list then list, err = named(list, row.pattern) end
    if not list then return nil, err end
    for _, resource in ipairs(list) do
      found[#found + 1] = {
        kind = row.kind, resource = resource, is_ready = files.is_ready(resource),
      }
    end
  end
  return found
end

--- Add the files to a snapshot, when they are due.
local function add_files(watcher, snapshot)
  local record, client = snapshot.record, watcher.client
  local plan = plan_of(watcher, record)
  if client:now() < plan.due then return true end
  local found, err = list_files(watcher, record)
  if not found then return nil, err end
  plan.pause = files.next_pause(plan.pause)
  plan.due = client:now() + plan.pause
  local is_over = plan.ended_at
    and files.seconds_since(client, record.endTime, plan.ended_at) >= FILES_AWAITED
  for _, file in ipairs(found) do
    if is_awaited(watcher, file.resource) then is_over = false end
  end
  snapshot.files, snapshot.is_over = found, is_over
  return true
end

--- Poll one conference.
---@return table[] events none after a temporary failure
---@return boolean is_over whether nothing more will come
local function poll_record(watcher, record)
  local row = watcher.reported.records[record.name]
  local snapshot = { record = record, is_complete = record.endTime ~= nil, participants = {} }
  local ok, err = add_participants(watcher, snapshot)
  if ok then
    ok, err = add_files(watcher, snapshot)
    if not ok then survive_record(watcher, record.name, err) end
    return events.since(row, snapshot), snapshot.is_over or false
  end
  survive_record(watcher, record.name, err)
  return {}, false
end

--- Poll once, and return the new events in order. A failure that is not temporary is raised.
---@param watcher table client, spaces or records (names), cheap, on_error, reported (state), memory
---@return table[] events
function poll.run(watcher)
  local lists, over, memory = {}, {}, watcher.memory
  -- Not earlier: a conference without a reported event yet would be left behind.
  if memory.is_complete then state.advance(watcher.reported) end
  memory.is_complete = true
  for _, record in ipairs(records_of(watcher)) do
    memory.records[record.name] = record
    local list
    list, over[record.name] = poll_record(watcher, record)
    lists[#lists + 1] = list
  end
  memory.over = over -- not earlier: if a later record raised, the events of all would be lost
  return events.merge(lists, watcher.reported.latest)
end

--- Mark the conferences that have ended and whose files were all reported. Call it only when every
-- event was returned.
function poll.mark_done(watcher)
  local memory = watcher.memory
  for name, is_over in pairs(memory.over) do
    if is_over then
      state.mark_done(watcher.reported, name)
      memory.files[name], memory.records[name], memory.reached[name] = nil, nil, nil
    end
  end
  memory.over = {}
end

--- Look up the name of a space by its meeting code.
---@return string? name nil after a temporary failure
function poll.resolve_code(watcher, code)
  local found, err = watcher.client.spaces:get(code, { fields = "name" })
  if found then return found.name end
  survive(watcher, err)
end

return poll
