--- The view of one Google account: its spaces, conference records and everything below them.
-- Every item is a node: `name` (resource name), `resource` (as the API returns it), and links
-- (`parent`, `organisation`, and one ordered array for each kind of child). The functions that add
-- nodes are in `googlemeet.testing.build`.

local collection = require "googlemeet.testing.collection"
local json = require "googlemeet.testing.json"
local random = require "googlemeet.testing.random"
local time = require "googlemeet.time"

local organisation = {}

local RETENTION = 30 * 86400
local LETTERS = "abcdefghijkmnopqrstuvwxyz"
local ID_CHARACTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789_"

--- The states of a recording, transcript or smart note.
organisation.states = { STARTED = true, ENDED = true, FILE_GENERATED = true }

--- The default settings of a space.
organisation.default_config = {
  accessType = "TRUSTED",
  entryPointAccess = "ALL",
  moderation = "OFF",
  moderationRestrictions = {
    chatRestriction = "NO_RESTRICTION",
    reactionRestriction = "NO_RESTRICTION",
    presentRestriction = "NO_RESTRICTION",
    defaultJoinAsViewerType = "OFF",
  },
  attendanceReportGenerationType = "DO_NOT_GENERATE",
  artifactConfig = {
    recordingConfig = { autoRecordingGeneration = "OFF" },
    transcriptionConfig = { autoTranscriptionGeneration = "OFF" },
    smartNotesConfig = { autoSmartNotesGeneration = "OFF" },
  },
}

--- Make an empty organisation.
---@param key string identifies the organisation and seeds its ids
---@param now fun(): number epoch seconds
function organisation.new(key, now)
  return {
    key = key, now = now, random = random.new("organisation " .. key), sequence = 0,
    user = "users/" .. random.new("user " .. key):text("123456789", 21),
    index = {}, -- resource name to node
    codes = {}, -- meeting code to space
    calendars = {}, -- id to calendar
    events = {}, -- id to event of any calendar
    spaces = {},
    conferenceRecords = {},
  }
end

--- Return the next number in the order of creation.
function organisation.next_sequence(org)
  org.sequence = org.sequence + 1
  return org.sequence
end

--- Make an unused space id: 12 characters, never like a meeting code.
function organisation.new_space_id(org)
  local id
  repeat
    id = org.random:text(ID_CHARACTERS, 12)
  until not org.index["spaces/" .. id]
  return id
end

--- Make an unused meeting code.
function organisation.new_code(org)
  local code
  repeat
    code = ("%s-%s-%s"):format(org.random:text(LETTERS, 3), org.random:text(LETTERS, 4),
      org.random:text(LETTERS, 3))
  until not org.codes[code]
  return code
end

--- Find the space or conference record at the top of a node.
local function top(node)
  while node.parent do
    node = node.parent
  end
  return node
end

--- Return the account's role for a node: `"owner"`, `"participant"` or `"other"`.
---@return string
function organisation.role(node)
  local root = top(node)
  return (root.space or root).role
end

--- Say whether a node's conference record has expired.
---@return boolean
function organisation.expired(node)
  local expire_time = top(node).resource.expireTime
  return expire_time ~= nil and (time.parse(expire_time)) <= node.organisation.now()
end

--- Set the first join and the last leave of a participant from its sessions.
function organisation.refresh_participant(participant)
  local sessions, resource = participant.participantSessions, participant.resource
  local first = sessions[1]
  if not first then
    return
  end
  local siblings = participant.parent.participants
  collection.remove(siblings, participant)
  participant.seconds, participant.nanoseconds = first.seconds, first.nanoseconds
  collection.insert(siblings, participant)
  resource.earliestStartTime = first.resource.startTime
  local latest
  for _, session in ipairs(sessions) do
    local stop = session.resource.endTime
    if not stop then
      resource.latestEndTime = nil
      return
    end
    local seconds, nanoseconds = time.parse(stop)
    if not latest or seconds > latest[1] or seconds == latest[1] and nanoseconds > latest[2] then
      latest = { seconds, nanoseconds }
      resource.latestEndTime = stop
    end
  end
end

--- Set the state of a recording, transcript or smart note, and the fields that depend on it.
---@param node table
---@param state "STARTED"|"ENDED"|"FILE_GENERATED"
---@param at string RFC 3339, the end if none is set yet
function organisation.set_state(node, state, at)
  local resource = node.resource
  resource.state = state
  resource.endTime = state ~= "STARTED" and (resource.endTime or at) or nil
  local field = node.destination == "file" and "driveDestination" or "docsDestination"
  resource[field] = nil
  if state == "FILE_GENERATED" then
    local page = node.destination == "file" and "drive.google.com/file/d/"
      or "docs.google.com/document/d/"
    resource[field] = {
      [node.destination] = node.file, exportUri = "https://" .. page .. node.file .. "/view",
    }
  end
end

--- End a session.
function organisation.end_session(session, at)
  session.resource.endTime = session.resource.endTime or at
  organisation.refresh_participant(session.parent)
end

--- End a conference with its sessions, participants and running artifacts.
---@param record table node
---@param at string RFC 3339
function organisation.end_record(record, at)
  local resource = record.resource
  local seconds, nanoseconds = time.parse(at)
  resource.endTime, resource.expireTime = at, time.format(seconds + RETENTION, nanoseconds)
  for _, participant in ipairs { table.unpack(record.participants) } do
    for _, session in ipairs(participant.participantSessions) do
      organisation.end_session(session, at)
    end
    participant.resource.latestEndTime = participant.resource.latestEndTime or at
  end
  for _, kind in ipairs { "recordings", "transcripts", "smartNotes" } do
    for _, artifact in ipairs(record[kind]) do
      if artifact.resource.state == "STARTED" then
        organisation.set_state(artifact, "ENDED", at)
      end
    end
  end
  if record.space.active == record then
    record.space.active = nil
  end
end

--- Return a space as the account may see it.
---@param space table node
---@return table resource
function organisation.view_space(space)
  local resource = json.copy(space.resource)
  if space.role ~= "owner" then
    resource.config = nil
  end
  if space.active and space.role ~= "other" then
    resource.activeConference = { conferenceRecord = space.active.name }
  end
  return resource
end

return organisation
