--- Rows of `make live` for the operations of the module: the reads, and the writes on what they
-- made themselves.

local answer = require "spec.live.answer"

local say = answer.say
local operations = {}

local RECORDS = 10 -- conferences that are looked at
local PAGES = 10 -- of connections; a list may have no end

local function done(here, schema, value)
  return say.ok_fields(here.status or 0, answer.fields(schema, { value }))
end

--- Make the row of an operation that gives one resource.
---@param find fun(here: table): any what it is asked of, or nil and an answer that says why not
local function get(id, service, schema, find)
  return { id, function(here)
    local name, why = find(here)
    if not name then return why end
    local methods = here.client[service]
    local value, err = here:call(methods.get, methods, name)
    if not value then return answer.failed(err) end
    return done(here, schema, value), value
  end }
end

--- What is made into a file; others have none.
local FILES = { recording = true, ["smart note"] = true, transcript = true }

local function has_file(item) return item.driveDestination or item.docsDestination end

--- Return one of the items, if there is any; with a file, if that is wanted and one has it.
---@return table? item
---@return boolean is_best
local function choose(kind, items)
  if not FILES[kind] then return items[1], items[1] ~= nil end
  for _, item in ipairs(items) do
    if has_file(item) then return item, true end
  end
  return items[1], false
end

--- Make the row of a list: the first page of the first parent that has any, and a file where there
-- are files. What it finds is kept as `here.found[kind]`, the whole page as `here.lists[kind]`.
---@param parents fun(here: table): any[] what to list under; `false` for none
---@param above? string the kind of the parents
local function list(id, service, kind, schema, parents, above)
  local function look(here, parent)
    local methods = here.client[service]
    local pager = parent and methods:list(parent, { page_size = 10 })
      or methods:list { page_size = RECORDS }
    local items, err = here:page(pager)
    if not items then return answer.failed(err), false end
    local item, is_best = choose(kind, items)
    local is_better = item and (is_best or not here.found[kind])
    if is_better then here.found[kind], here.lists[kind] = item, items end
    return say.items(here.status or 0, #items, pager:token() ~= nil, answer.fields(schema, items)),
      is_better, is_best
  end

  return { id, function(here)
    local result
    for _, parent in ipairs(parents(here)) do
      local page, is_better, is_best = look(here, parent)
      if is_better or not result then result = page end
      if is_best then break end
    end
    return result or say.none_seen(answer.term("thing", above))
  end }
end

--- What was found of a kind.
local function found(kind)
  return function(here)
    local item = here.found[kind]
    if item then return item end
    return nil, say.none_seen(answer.term("thing", kind))
  end
end

local function within(kind)
  return function(here) return { here.found[kind] } end
end

local function records(here) return here.lists["conference record"] or {} end
local function top() return { false } end

--- Spaces of the records, then the one that was made here, without repeats.
local function spaces(here)
  local names, seen = {}, {}
  local function add(name)
    if type(name) == "string" and not seen[name] then
      seen[name] = true
      names[#names + 1] = name
    end
  end
  for _, record in ipairs(records(here)) do add(record.space) end
  add(here:own "space")
  return names
end

local function one_space(here)
  local name = spaces(here)[1]
  if name then return name end
  return nil, say.none_seen(answer.term("thing", "space"))
end

local function first_connection(here)
  local connection = (here.connections or {})[1]
  if connection then return connection end
  return nil, say.none_seen(answer.term("thing", "connection"))
end

operations.connections = {
  { "connections.list", function(here)
    local pager = here.client.connections:list { app = false }
    local items, err = here:page(pager)
    if not items then return answer.failed(err) end
    local more, all = pager:token() ~= nil, items
    for _ = 2, PAGES do
      if not pager:token() then break end
      items = here:page(pager) or {}
      all = table.move(items, 1, #items, #all + 1, all)
    end
    here.connections, here.knows_all = all, pager:token() == nil
    return say.items(here.status or 0, #all, more, answer.fields("Connection", all))
  end },
  get("connections.get", "connections", "Connection", first_connection),
}

operations.reads = {
  list("conferenceRecords.list", "conference_records", "conference record", "ConferenceRecord",
    top),
  get("conferenceRecords.get", "conference_records", "ConferenceRecord",
    found "conference record"),
  get("spaces.get", "spaces", "Space", one_space),
  list("spaces.members.list", "members", "member", "Member", spaces, "space"),
  get("spaces.members.get", "members", "Member", found "member"),
  list("conferenceRecords.participants.list", "participants", "participant", "Participant",
    records, "conference record"),
  get("conferenceRecords.participants.get", "participants", "Participant", found "participant"),
  list("conferenceRecords.participants.participantSessions.list", "participant_sessions",
    "participant session", "ParticipantSession", within "participant", "participant"),
  get("conferenceRecords.participants.participantSessions.get", "participant_sessions",
    "ParticipantSession", found "participant session"),
  list("conferenceRecords.recordings.list", "recordings", "recording", "Recording", records,
    "conference record"),
  get("conferenceRecords.recordings.get", "recordings", "Recording", found "recording"),
  list("conferenceRecords.smartNotes.list", "smart_notes", "smart note", "SmartNote", records,
    "conference record"),
  get("conferenceRecords.smartNotes.get", "smart_notes", "SmartNote", found "smart note"),
  list("conferenceRecords.transcripts.list", "transcripts", "transcript", "Transcript", records,
    "conference record"),
  get("conferenceRecords.transcripts.get", "transcripts", "Transcript", found "transcript"),
  list("conferenceRecords.transcripts.entries.list", "transcript_entries", "transcript entry",
    "TranscriptEntry", within "transcript", "transcript"),
  get("conferenceRecords.transcripts.entries.get", "transcript_entries", "TranscriptEntry",
    found "transcript entry"),
}

--- Make a row that writes; `needs` is what has to be made before.
local function write(id, needs, run)
  return { id, function(here)
    if not here.writes then return say.skipped_writes() end
    if id:find "%.members%." and not here.member then return say.skipped_member() end
    local own = needs and here:own(needs)
    if needs and not own then return say.not_made() end
    return run(here, own)
  end }
end

--- Make an answer of what a write gave.
local function written(here, schema, value, err)
  if not value then return answer.failed(err) end
  if value == true then return say.ok(here.status or 0) end
  return done(here, schema, value)
end

operations.begin = {
  write("spaces.create", nil, function(here)
    local space, err = here:call(here.client.spaces.create, here.client.spaces, {})
    if space then here:keep("space", space.name) end
    return written(here, "Space", space, err)
  end),
  write("spaces.patch", "space", function(here, name)
    return written(here, "Space", here:call(here.client.spaces.patch, here.client.spaces, name,
      { config = { accessType = "RESTRICTED" } }))
  end),
  write("spaces.members.create", "space", function(here, name)
    local member, err = here:call(here.client.members.create, here.client.members, name,
      { email = here.member })
    if member then here:keep("member", member.name) end
    return written(here, "Member", member, err)
  end),
}

operations.finish = {
  write("spaces.members.patch", "member", function(here, name)
    return written(here, "Member", here:call(here.client.members.patch, here.client.members, name,
      { role = "COHOST" }))
  end),
  write("spaces.members.batchUpdate", "member", function(here, name)
    local members, err = here:call(here.client.members.batch_update, here.client.members,
      here:own "space", { { member = { name = name, role = "COHOST" } } })
    if not members then return answer.failed(err) end
    return say.ok_fields(here.status or 0, answer.fields("Member", members))
  end),
  write("spaces.members.delete", "member", function(here, name)
    local ok, err = here:call(here.client.members.delete, here.client.members, name)
    if ok then here:forget("member", name) end
    here.deleted_member = ok and name
    return written(here, "Empty", ok, err)
  end),
  write("spaces.endActiveConference", "space", function(here, name)
    local ok, err = here:call(here.client.spaces.end_active_conference, here.client.spaces, name)
    local result = written(here, "Empty", ok, err)
    return ok and err == "idle" and say.idle(result) or result
  end),
  write("connections.create", nil, function(here)
    if not here.knows_all then return say.too_many_to_know() end
    local made, err = here:call(here.client.connections.create, here.client.connections)
    if made and not here:keep_connection(made) then return say.existing(here.status or 0) end
    return written(here, "Connection", made, err)
  end),
  write("connections.delete", "connection", function(here, name)
    local ok, err = here:call(here.client.connections.delete, here.client.connections, name)
    if ok then here:forget("connection", name) end
    return written(here, "ConnectionDeleted", ok, err)
  end),
}

return operations
