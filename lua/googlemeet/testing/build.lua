--- Adds nodes to an organisation, with checked options.

local checked = require "googlemeet.testing.checked"
local collection = require "googlemeet.testing.collection"
local json = require "googlemeet.testing.json"
local mask = require "googlemeet.testing.mask"
local organisation = require "googlemeet.testing.organisation"
local schema = require "googlemeet.testing.schema"

local build = {}

local MEMBER_ROLES = { COHOST = true, ROLE_UNSPECIFIED = true }
local ROLES = { owner = true, participant = true, other = true }

--- The field of a participant for each kind of user.
local USER_FIELDS = {
  signed_in = "signedinUser", anonymous = "anonymousUser", phone = "phoneUser",
}

--- Insert a node into its organisation: name, order, index, and the parent's array.
local function attach(org, parent, kind, id, start, node)
  checked.id(kind, id)
  node.name = (parent and parent.name .. "/" or "") .. kind .. "/" .. id
  if org.index[node.name] then
    checked.misuse("%s already exists", node.name)
  end
  node.resource = node.resource or {}
  node.id, node.organisation, node.parent = id, org, parent
  node.sequence = organisation.next_sequence(org)
  node.seconds, node.nanoseconds = start.seconds, start.nanoseconds
  node.resource.name = node.name
  org.index[node.name] = node
  collection.insert((parent or org)[kind], node)
  return node
end

--- Return the next id of a kind below a parent: a prefix and a count.
local function next_id(parent, prefix)
  parent.counts = parent.counts or {}
  parent.counts[prefix] = (parent.counts[prefix] or 0) + 1
  return prefix .. parent.counts[prefix]
end

local function now_of(org)
  return checked.instant("now", org.now())
end

--- Return the start of a record or artifact, the default for nodes below it.
local function start_of(node)
  return {
    text = node.resource.startTime, seconds = node.seconds, nanoseconds = node.nanoseconds,
  }
end

--- Read `start_time` and `end_time` of an options table.
local function span(what, options, default_start)
  local start = options.start_time
    and checked.instant(what .. ": start_time", options.start_time) or default_start
  local stop = options.end_time
    and checked.instant(what .. ": end_time", options.end_time)
  if stop then checked.order(what, start, stop) end
  return start, stop
end

local function config_of(given)
  local problems = schema.check("SpaceConfig", given)
  if problems[1] then
    checked.misuse("add_space: config: %s; it takes %s", problems[1].description,
      table.concat(schema.choices("SpaceConfig", problems[1].field), ", "))
  end
  return mask.fill(given, organisation.default_config)
end

--- Add a space.
function build.space(org, options)
  options = checked.options("add_space", options, {
    id = "string", code = "string", role = "string", config = "table", phone_access = "table",
    sip_access = "table", organisation = "table",
  })
  local role, code = options.role or "owner", options.code or organisation.new_code(org)
  checked.choice("add_space: role", role, ROLES)
  if not code:find("^%l+%-%l+%-%l+$") or org.codes[code] then
    checked.misuse("add_space: code %q is malformed or taken", code)
  end
  local config = config_of(options.config or {})
  local node = attach(org, nil, "spaces", options.id or organisation.new_space_id(org), now_of(org),
    { role = role, members = {} })
  node.resource.meetingCode, node.resource.meetingUri = code, "https://meet.google.com/" .. code
  node.resource.config = config
  node.resource.phoneAccess = json.copy(options.phone_access)
  node.resource.gatewaySipAccess = json.copy(options.sip_access)
  org.codes[code] = node
  return node
end

--- Add a member to a space.
function build.member(space, options)
  options = checked.options("add_member", options,
    { id = "string", email = "string", role = "string" })
  if not options.email then
    checked.misuse("add_member: option 'email' is required")
  end
  if options.role then checked.choice("add_member: role", options.role, MEMBER_ROLES) end
  local node = attach(space.organisation, space, "members", options.id or next_id(space, "mb-"),
    now_of(space.organisation), {})
  node.resource.email, node.resource.role = options.email, options.role
  return node
end

--- Add a conference record to a space. Without `end_time` the conference is live.
function build.record(space, options)
  options = checked.options("add_record", options, {
    id = "string", space = "table or string", start_time = checked.WHEN, end_time = checked.WHEN,
  })
  local org = space.organisation
  local start, stop = span("add_record", options, now_of(org))
  if not stop and space.active then
    checked.misuse("add_record: a conference is already running in this space")
  end
  local id = options.id or ("cr-%s-%s"):format(start.text:sub(1, 10):gsub("-", ""),
    org.random:text("0123456789abcdef", 6))
  local node = attach(org, nil, "conferenceRecords", id, start, {
    space = space, participants = {}, recordings = {}, transcripts = {}, smartNotes = {},
  })
  node.resource.startTime, node.resource.space = start.text, space.name
  if stop then
    organisation.end_record(node, stop.text)
  else
    space.active = node
  end
  return node
end

local function user_of(record, options, kind)
  local user = { displayName = options.display_name }
  if kind == "signed_in" then
    user.user = options.user or "users/" .. record.organisation.random:text("123456789", 21)
  end
  return user
end

--- Add a session: one stay of a participant on one device.
function build.session(participant, options)
  options = checked.options("add_session", options, {
    id = "string", start_time = checked.WHEN, end_time = checked.WHEN,
  })
  local record = participant.parent
  local start, stop = span("add_session", options, start_of(record))
  local node = attach(participant.organisation, participant, "participantSessions",
    options.id or next_id(participant, "ps-"), start, {})
  node.resource.startTime = start.text
  node.resource.endTime = stop and stop.text or record.resource.endTime
  organisation.refresh_participant(participant)
  return node
end

--- Refuse options of a participant that would have no effect, and a user that is no name.
local function check_participant(options, kind)
  local user = options.user
  if user and (kind ~= "signed_in" or not user:find "^users/[^/]+$") then
    checked.misuse("add_participant: user: 'users/…' of one who is signed in expected, got '%s' of "
      .. "kind '%s'", user, kind)
  elseif options.sessions and (options.start_time or options.end_time) then
    checked.misuse("add_participant: either sessions, or start_time and end_time of the only one")
  end
end

--- Add a participant, with its sessions: `sessions`, or one from `start_time` to `end_time`.
function build.participant(record, options)
  options = checked.options("add_participant", options, {
    id = "string", display_name = "string", kind = "string", user = "string", sessions = "table",
    start_time = checked.WHEN, end_time = checked.WHEN,
  })
  local kind = options.kind or "signed_in"
  checked.choice("add_participant: kind", kind, USER_FIELDS)
  check_participant(options, kind)
  options.display_name = options.display_name or "Guest"
  local node = attach(record.organisation, record, "participants",
    options.id or ("p-%d"):format(1001 + #record.participants), record,
    { participantSessions = {} })
  node.resource[USER_FIELDS[kind]] = user_of(record, options, kind)
  if options.sessions and #options.sessions == 0 and next(options.sessions) ~= nil then
    checked.misuse("add_participant: sessions: an array of { start_time =, end_time = } expected")
  end
  local sessions = options.sessions
    or { { start_time = options.start_time, end_time = options.end_time } }
  for _, session in ipairs(sessions) do
    build.session(node, session)
  end
  return node
end

local ARTIFACTS = {
  recordings = { prefix = "rec-", destination = "file", what = "add_recording" },
  transcripts = { prefix = "tr-", destination = "document", what = "add_transcript" },
  smartNotes = { prefix = "sn-", destination = "document", what = "add_smart_note" },
}

local function add_artifact(record, kind, options)
  local row = ARTIFACTS[kind]
  options = checked.options(row.what, options, {
    id = "string", state = "string", start_time = checked.WHEN, end_time = checked.WHEN,
    file = "string",
  })
  local start, stop = span(row.what, options, start_of(record))
  local state = options.state or (record.resource.endTime and "FILE_GENERATED" or "STARTED")
  checked.choice(row.what .. ": state", state, organisation.states)
  local org = record.organisation
  local node = attach(org, record, kind, options.id or next_id(record, row.prefix), start, {
    destination = row.destination,
    file = options.file or "1Example" .. org.random:text("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 25),
  })
  node.resource.startTime = start.text
  node.resource.endTime = stop and stop.text
  organisation.set_state(node, state, record.resource.endTime or now_of(org).text)
  return node
end

--- Add a recording.
function build.recording(record, options)
  return add_artifact(record, "recordings", options)
end

--- Add a transcript, without entries; see `build.entry`.
function build.transcript(record, options)
  local node = add_artifact(record, "transcripts", options)
  node.entries = {}
  return node
end

--- Add a smart note.
function build.smart_note(record, options)
  return add_artifact(record, "smartNotes", options)
end

--- Add a transcript entry.
function build.entry(transcript, options)
  options = checked.options("add_entry", options, {
    id = "string", participant = "table or string", text = "string", language = "string",
    start_time = checked.WHEN, end_time = checked.WHEN,
  })
  local start, stop = span("add_entry", options, start_of(transcript))
  local participant = options.participant
  local node = attach(transcript.organisation, transcript, "entries",
    options.id or next_id(transcript, "en-"), start, {})
  node.resource.participant = type(participant) == "table" and participant.name or participant
  node.resource.text, node.resource.languageCode = options.text or "", options.language or "en-US"
  node.resource.startTime, node.resource.endTime = start.text, (stop or start).text
  return node
end

return build
