--- One look at the conferences that are watched: requests in, events out.
-- Of a conference its participants are listed; sessions are read of those who are present, or whose
-- own times differ from what was told; files at growing pauses.

local answer = require "googlemeet.answer"
local events = require "googlemeet.watch.events"
local files = require "googlemeet.files"
local presence = require "googlemeet.watch.presence"
local state = require "googlemeet.watch.state"

local poll = {}

local AT_ONCE = 8 -- lists of sessions
local FILES_AWAITED = 600 -- seconds after the end in which there may be more files than are listed

local KINDS = {
  { kind = "recording", service = "recordings", pattern = "conferenceRecords/*/recordings/*" },
  { kind = "transcript", service = "transcripts", pattern = "conferenceRecords/*/transcripts/*" },
  { kind = "smart_note", service = "smart_notes", pattern = "conferenceRecords/*/smartNotes/*" },
}

--- Make what a look remembers from the last one; none of it has to survive a restart.
---@return table
function poll.memory()
  return {
    records = {}, -- name -> the record as it was read last
    reached = {}, -- name -> latest time seen in it
    files = {}, -- name -> { due =, pause =, ended_at = }, on the client's clock
    over = {}, -- name -> whether the last look found all that will come
    ended = {}, -- name of a file's resource -> when it was first seen ended
    is_whole = false, -- whether nothing failed in the last look
  }
end

--- A failure that passes is told to `on_error`; any other ends the loop.
local function survive(watcher, err)
  watcher.memory.is_whole = false
  if not files.is_passing(err) then error(err, 0) end
  if watcher.on_error then watcher.on_error(err) end
end

--- A record whose end was told may be deleted: then no file will come.
local function survive_record(watcher, name, err)
  local told = watcher.known.records[name]
  if err.kind == "not_found" and told and told.phase == "ended" then
    state.settle(watcher.known, name)
  else
    survive(watcher, err)
  end
end

--- Read a record, unless it is known to be over.
local function read_record(watcher, name)
  local told, remembered = watcher.known.records[name], watcher.memory.records[name]
  if told and told.phase == "ended" and remembered then return remembered end
  local record, err = watcher.client.conference_records:get(name)
  if not record then survive_record(watcher, name, err) end
  return record
end

local function is_settled(watcher, name)
  local told = watcher.known.records[name]
  return told ~= nil and told.phase == "settled"
end

--- The records of a space since the last look; at the first look the conference that runs, if any.
local function list_records(watcher, space)
  local since = watcher.known.spaces[space]
  local filter = ('space.name="%s"'):format(space)
  local service = watcher.client.conference_records
  if not since then
    local newest, err = service:list({ filter = filter, limit = 1 }):first()
    if err then return nil, err end
    state.begin(watcher.known, space, newest)
    return { newest }
  end
  if since ~= "" then filter = ('%s AND start_time>="%s"'):format(filter, since) end
  return service:list({ filter = filter }):all()
end

--- The items of a list, each with its name; nil and an error where one has none.
local function named(items, pattern)
  for _, item in ipairs(items or {}) do
    local fits, err = answer.named(item, pattern)
    if not fits then return nil, err end
  end
  return items
end

--- Records of a space that are not settled, those that were not listed too.
local function records_of_space(watcher, space)
  local found, listed = {}, {}
  local records, err = list_records(watcher, space)
  if records then records, err = named(records, "conferenceRecords/*") end
  if err then survive(watcher, err) end
  for _, record in ipairs(records or {}) do
    listed[record.name] = true
    if not is_settled(watcher, record.name) then found[#found + 1] = record end
  end
  for name, told in pairs(watcher.known.records) do
    if told.space == space and told.phase == "ended" and not listed[name] then
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
    if not is_settled(watcher, name) then found[#found + 1] = read_record(watcher, name) end
  end
  return found
end

--- All participants, and the latest time on their first page.
local function list_participants(watcher, record)
  local pager = watcher.client.participants:list(record.name)
  local all, times = {}, {}
  local page, err = pager:next_page()
  for _, one in ipairs(page or {}) do
    times[#times + 1] = one.earliestStartTime
    times[#times + 1] = one.latestEndTime
  end
  while page do
    table.move(page, 1, #page, #all + 1, all)
    page, err = pager:next_page()
  end
  if err then return nil, err end
  all, err = named(all, "conferenceRecords/*/participants/*")
  return all, err or presence.latest(times)
end

--- Whether a participant's own times can hide what happened since.
local function needs_sessions(watcher, told, participant)
  local id, left = participant.name:match "[^/]+$", participant.latestEndTime
  if told and told.gone[id] then
    return presence.instant(left) ~= presence.instant(told.gone[id])
  end
  return left ~= nil or not watcher.cheap
end

--- Read the sessions of those who need it; others who are new are present since they came.
local function read_sessions(watcher, told, participants)
  local asked, seen = {}, {}
  for _, one in ipairs(participants) do
    if needs_sessions(watcher, told, one) then
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
  local times = { reached }
  for _, one in ipairs(seen) do
    for _, session in ipairs(one.sessions) do
      times[#times + 1] = session.startTime
      times[#times + 1] = session.endTime
    end
  end
  return presence.latest(times)
end

--- Put what can be said of joins and leaves into a snapshot.
local function add_participants(watcher, snapshot)
  local record, memory = snapshot.record, watcher.memory
  local told = watcher.known.records[record.name]
  if told and told.phase ~= "live" then return true end
  local all, reached = list_participants(watcher, record)
  if not all then return nil, reached end
  local seen, err = read_sessions(watcher, told, all)
  if not seen then return nil, err end
  snapshot.participants = seen
  reached = presence.later(presence.later(reached, record.startTime), memory.reached[record.name])
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

--- When the files of a record are due to be looked at; soon again once it is over.
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

--- Put what can be said of files into a snapshot, when it is time.
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

--- Look at one conference.
---@return table[] events none where a request failed in passing
---@return boolean is_over whether nothing more is to come
local function look_at(watcher, record)
  local told = watcher.known.records[record.name]
  local snapshot = { record = record, is_complete = record.endTime ~= nil, participants = {} }
  local ok, err = add_participants(watcher, snapshot)
  if ok then
    ok, err = add_files(watcher, snapshot)
    if not ok then survive_record(watcher, record.name, err) end
    return events.since(told, snapshot), snapshot.is_over or false
  end
  survive_record(watcher, record.name, err)
  return {}, false
end

--- Look once, and give what is new, in order. Raises a failure that does not pass.
---@param watcher table client, spaces or records (names), cheap, on_error, known (state), memory
---@return table[] events
function poll.look(watcher)
  local lists, over, memory = {}, {}, watcher.memory
  -- Only now: a conference of which nothing could be told yet would be left behind.
  if memory.is_whole then state.advance(watcher.known) end
  memory.is_whole = true
  for _, record in ipairs(records_of(watcher)) do
    memory.records[record.name] = record
    local list
    list, over[record.name] = look_at(watcher, record)
    lists[#lists + 1] = list
  end
  memory.over = over -- only now: had a later one raised, the events of all would be lost
  return events.merge(lists, watcher.known.latest)
end

--- Settle the conferences whose end and files are all told. Only when all is handed out.
function poll.settle(watcher)
  local memory = watcher.memory
  for name, is_over in pairs(memory.over) do
    if is_over then
      state.settle(watcher.known, name)
      memory.files[name], memory.records[name], memory.reached[name] = nil, nil, nil
    end
  end
  memory.over = {}
end

--- Give the name of a space; a meeting code is looked up.
function poll.space_name(watcher, space)
  local found, err = watcher.client.spaces:get(space, { fields = "name" })
  if found then return found.name end
  survive(watcher, err)
end

return poll
