--- One poll of the watched conferences: sends requests, returns events.
-- It lists the participants of each conference, and the sessions of those who are present or whose
-- own times differ from what was reported. It lists files at growing pauses.

local events = require "googlemeet.watch.events"
local failures = require "googlemeet.watch.failures"
local files = require "googlemeet.files"
local intervals = require "googlemeet.intervals"
local listing = require "googlemeet.watch.listing"
local presence = require "googlemeet.presence"
local records = require "googlemeet.watch.records"
local server_clock = require "googlemeet.watch.server_clock"
local sort = require "googlemeet.sort"
local state = require "googlemeet.watch.state"
local time = require "googlemeet.time"
local unique = require "googlemeet.unique"
local validate = require "googlemeet.validate"

local poll = {}

local AT_ONCE = 8 -- lists of sessions

local PARTICIPANT = "conferenceRecords/*/participants/*"
local KINDS = {
  { kind = "recording", service = "recordings", pattern = "conferenceRecords/*/recordings/*" },
  { kind = "transcript", service = "transcripts", pattern = "conferenceRecords/*/transcripts/*" },
  { kind = "smart_note", service = "smart_notes", pattern = "conferenceRecords/*/smartNotes/*" },
}

--- Make the memory from one poll to the next; it need not survive a restart.
---@return table
function poll.memory()
  return {
    offset = nil, -- seconds from the client's clock to the server's; false: the server has no date
    records = {}, -- name -> the record as it was last read
    spaces = {}, -- name of a record -> the watched space that has it
    people = {}, -- name of a record -> its participants by id, as they were last listed
    reached = {}, -- name -> the latest time seen in it
    files = {}, -- name -> { due =, pause =, ended_at = }, on the client's clock
    over = {}, -- name -> whether the last poll found everything that will come
    ended = {}, -- name of a file's resource -> when it was first seen ended
    is_whole = false, -- whether the last poll came to its end
    failed = {}, -- the spaces in which something failed then
  }
end

--- Note a failure; a record whose end was reported may be deleted, and then no file will come.
local function survive(watcher, name, err)
  local row, space = watcher.reported.records[name], watcher.memory.spaces[name]
  if err.kind == "not_found" and row and row.phase == "ended" then
    state.mark_done(watcher.reported, name)
  else
    failures.note(watcher.failures, err, space, space ~= nil)
  end
end

--- Read the pages of participants; return them, the latest time on the first page, and how many
-- pages there were.
local function read_pages(watcher, name)
  local pager = watcher.client.participants:list(name)
  local all, reached, count = {}, nil, 0
  local page, err = pager:next_page()
  for _, one in ipairs(page or {}) do
    reached = presence.later(reached, one.earliestStartTime)
    reached = presence.later(reached, one.latestEndTime)
  end
  while page do
    table.move(page, 1, #page, #all + 1, all)
    page, err = pager:next_page()
    count = count + 1
  end
  if err then return nil, err end
  return all, reached, count
end

--- Add the present participants that no page has shown.
local function add_unlisted(watcher, name, all)
  local row, people = watcher.reported.records[name], watcher.memory.people[name]
  for id in pairs(row and row.present or {}) do
    if not people[id] then
      local one, err = watcher.client.participants:get(("%s/participants/%s"):format(name, id))
      if one then one, err = validate.resource(one, PARTICIPANT) end
      if one then
        all[#all + 1], people[id] = one, one
      elseif err.kind ~= "not_found" then
        return nil, err
      end
    end
  end
  return all
end

--- Return all participants, and the latest time on their first page.
-- A list may shift while its pages are read: somebody is on two of them, or on none until the next
-- poll. No poll follows the last one, which reads the pages twice.
local function list_participants(watcher, name, is_last)
  local all, reached, count = read_pages(watcher, name)
  if all and is_last and count > 1 then
    local again, err = read_pages(watcher, name)
    if not again then return nil, err end
    table.move(again, 1, #again, #all + 1, all)
  end
  if not all then return nil, reached end
  local found, err = listing.checked(all, PARTICIPANT)
  if not found then return nil, err end
  local people = {}
  for _, one in ipairs(found) do people[one.name:match "[^/]+$"] = one end
  watcher.memory.people[name] = people
  if is_last then found, err = add_unlisted(watcher, name, found) end
  if not found then return nil, err end
  return found, reached
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
    local sessions, problem = watcher.client.participant_sessions:list(one.name):all()
    if not sessions then return nil, problem end
    return unique(sessions) -- nothing is asked of them, so they need no names
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
      reached = presence.later(reached, session.startTime)
      reached = presence.later(reached, session.endTime)
    end
  end
  return reached
end

--- Add the participants to a snapshot.
local function add_participants(watcher, snapshot)
  local record, memory = snapshot.record, watcher.memory
  local row = watcher.reported.records[record.name]
  if row and row.phase ~= "live" then return true end
  local all, reached = list_participants(watcher, record.name, snapshot.is_complete)
  if not all then return nil, reached end
  local seen, err = read_sessions(watcher, row, all)
  if not seen then return nil, err end
  snapshot.participants = seen
  reached = presence.later(reached, record.startTime)
  reached = presence.later(reached, memory.reached[record.name])
  memory.reached[record.name] = latest_of(seen, reached)
  snapshot.horizon = snapshot.is_complete and memory.reached[record.name] or reached
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
local function plan_of(watcher, snapshot)
  local record = snapshot.record
  local plans, now = watcher.memory.files, watcher.client:now()
  local plan = plans[record.name] or { due = now }
  plans[record.name] = plan
  if snapshot.is_complete and not plan.ended_at then
    plan.ended_at, plan.due, plan.pause = now, now, nil
  end
  return plan
end

local function list_files(watcher, record)
  local found = {}
  for _, row in ipairs(KINDS) do
    local list, err = listing.read(watcher.client[row.service]:list(record.name), row.pattern)
    if not list then return nil, err end
    for _, resource in ipairs(list) do
      found[#found + 1] = {
        kind = row.kind, resource = resource, is_ready = files.is_ready(resource),
      }
    end
  end
  return found
end

--- Say whether the time in which further files may appear is over, by the server's clock too.
local function is_late(watcher, record, plan)
  local client, end_time = watcher.client, intervals.instant(record.endTime)
  if not plan.ended_at then return false end
  local settled = watcher.settle_after
  if client:now() - plan.ended_at >= settled then return true end
  if not end_time or files.seconds_since(client, record.endTime, plan.ended_at) < settled then
    return false
  end
  local now = server_clock.now(watcher)
  return now ~= nil and now - end_time / 1e9 >= settled
end

--- Add the files to a snapshot, when they are due.
local function add_files(watcher, snapshot)
  local record, client = snapshot.record, watcher.client
  local plan = plan_of(watcher, snapshot)
  if client:now() < plan.due then return true end
  local found, err = list_files(watcher, record)
  if not found then return nil, err end
  plan.pause = files.next_pause(plan.pause)
  plan.due = client:now() + plan.pause
  local is_over = is_late(watcher, record, plan)
  for _, file in ipairs(found) do
    if is_awaited(watcher, file.resource) then is_over = false end
  end
  snapshot.files, snapshot.is_over = found, is_over
  return true
end

--- Poll one conference.
---@param found { record: table, space: string?, room: any }
---@return table[] events none after a temporary failure
---@return boolean is_over whether nothing more will come
local function poll_record(watcher, found)
  local record, memory = found.record, watcher.memory
  local row = watcher.reported.records[record.name]
  memory.records[record.name], memory.spaces[record.name] = record, found.space
  local snapshot = {
    record = record, room = found.room, is_complete = presence.has_ended(record), participants = {},
  }
  local ok, err = add_participants(watcher, snapshot)
  if ok then
    ok, err = add_files(watcher, snapshot)
    if not ok then survive(watcher, record.name, err) end
    return events.since(row, snapshot), snapshot.is_over or false
  end
  survive(watcher, record.name, err)
  return {}, false
end

--- Poll once, and return the new events in order. A failure that is not temporary is raised.
---@param watcher table client, rooms or records, cheap, settle_after, reported (state), memory,
--- failures, and the start of the watch (see `beginning.of`)
---@return table[] events
function poll.run(watcher)
  local lists, over, memory = {}, {}, watcher.memory
  -- Not earlier: a conference without a reported event yet would be left behind.
  if memory.is_whole then state.advance(watcher.reported, memory.failed) end
  memory.is_whole = false -- what cuts this poll off may be anything
  failures.forget(watcher.failures)
  for index, found in ipairs(records.of(watcher)) do
    lists[index], over[found.record.name] = poll_record(watcher, found)
  end
  memory.over = over -- not earlier: if a later record raised, the events of all would be lost
  memory.is_whole, memory.failed = true, watcher.failures.failed
  return events.merge(lists, watcher.reported.latest, server_clock.text(watcher))
end

--- Mark the conferences that have ended and whose files were all reported. Call it only when every
-- event was returned.
function poll.mark_done(watcher)
  local memory = watcher.memory
  for name, is_over in pairs(memory.over) do
    if is_over then
      state.mark_done(watcher.reported, name)
      for _, part in ipairs { "files", "records", "reached", "people", "spaces" } do
        memory[part][name] = nil
      end
    end
  end
  memory.over = {}
end

--- Return who is present by what was reported, in the order in which they joined.
---@param watcher table
---@param name string of a conference record
---@return googlemeet.Participant[]?
---@return googlemeet.Error? err
function poll.present(watcher, name)
  local row = watcher.reported.records[name]
  local joined, people, found = row and row.present or {}, watcher.memory.people[name], {}
  for id in pairs(joined) do
    if not (people and people[id]) then -- a new process, or one that a page has not shown
      local all, err = list_participants(watcher, name, true)
      if not all then return nil, err end
      people = watcher.memory.people[name]
      break
    end
  end
  for id in pairs(joined) do found[#found + 1] = people[id] end
  table.sort(found, function(one, other) return one.name < other.name end)
  return sort.by(found, function(one) return time.instant(joined[one.name:match "[^/]+$"]) end)
end

return poll
