--- The message types of the API, and the check of a request body against them.
-- A field is a row: its type (`string`, `time`, `integer`, `mask`, `enum`, `object`, `array`), the
-- message type inside (`of`), and who may write it (`access`: nil, `"output"`, `"fixed"`).

local calendar = require "googlemeet.testing.calendar.messages"
local drive = require "googlemeet.testing.drive.messages"
local json = require "googlemeet.testing.json"

local schema = {}

local UNKNOWN_NAME = 'Invalid JSON payload received. Unknown name "%s"%s: Cannot find field.'

local function output(of)
  return { type = of or "string", access = "output" }
end

local function object(name, access)
  return { type = "object", of = name, access = access }
end

local function array(name, access)
  return { type = "array", of = name, access = access }
end

local function enum(name, values, refused)
  local row = { type = "enum", name = name, values = {}, refused = refused }
  for value in values:gmatch("%S+") do
    row.values[value] = true
  end
  return row
end

local RESTRICTION = enum("RestrictionType",
  "RESTRICTION_TYPE_UNSPECIFIED HOSTS_ONLY NO_RESTRICTION")
local ON_OFF = enum("AutoGenerationType", "AUTO_GENERATION_TYPE_UNSPECIFIED ON OFF")
local STATE = { type = "string", access = "output" }
local TIME = output "time"
local TEXT = { type = "string" }
local NAME = { type = "string", access = "fixed" }

local function list_of(items, name, total)
  return { [items] = array(name), nextPageToken = TEXT, totalSize = total }
end

local function artifact(destination)
  return {
    name = output(), state = STATE, startTime = TIME, endTime = TIME,
    [destination .. "Destination"] = object(
      destination == "drive" and "DriveDestination" or "DocsDestination", "output"),
  }
end

local MESSAGES = {
  Space = {
    name = NAME,
    meetingUri = output(),
    meetingCode = output(),
    config = object "SpaceConfig",
    activeConference = object("ActiveConference", "output"),
    phoneAccess = array("PhoneAccess", "output"),
    gatewaySipAccess = array("GatewaySipAccess", "output"),
  },
  ActiveConference = { conferenceRecord = output() },
  PhoneAccess = {
    phoneNumber = output(), pin = output(), regionCode = output(), languageCode = output(),
  },
  GatewaySipAccess = { uri = output(), sipAccessCode = output() },
  SpaceConfig = {
    accessType = enum("AccessType", "ACCESS_TYPE_UNSPECIFIED OPEN TRUSTED RESTRICTED"),
    entryPointAccess = enum("EntryPointAccess",
      "ENTRY_POINT_ACCESS_UNSPECIFIED ALL CREATOR_APP_ONLY"),
    moderation = enum("Moderation", "MODERATION_UNSPECIFIED OFF ON", "MODERATION_UNSPECIFIED"),
    moderationRestrictions = object "ModerationRestrictions",
    attendanceReportGenerationType = enum("AttendanceReportGenerationType",
      "ATTENDANCE_REPORT_GENERATION_TYPE_UNSPECIFIED GENERATE_REPORT DO_NOT_GENERATE"),
    artifactConfig = object "ArtifactConfig",
  },
  ModerationRestrictions = {
    chatRestriction = RESTRICTION,
    reactionRestriction = RESTRICTION,
    presentRestriction = RESTRICTION,
    defaultJoinAsViewerType = enum("DefaultJoinAsViewerType",
      "DEFAULT_JOIN_AS_VIEWER_TYPE_UNSPECIFIED ON OFF"),
  },
  ArtifactConfig = {
    recordingConfig = object "RecordingConfig",
    transcriptionConfig = object "TranscriptionConfig",
    smartNotesConfig = object "SmartNotesConfig",
  },
  RecordingConfig = { autoRecordingGeneration = ON_OFF },
  TranscriptionConfig = { autoTranscriptionGeneration = ON_OFF },
  SmartNotesConfig = { autoSmartNotesGeneration = ON_OFF },
  EndActiveConferenceRequest = {},
  Empty = {},
  Member = {
    name = NAME, email = TEXT, role = enum("Role", "ROLE_UNSPECIFIED COHOST"),
  },
  UpdateMemberRequest = { member = object "Member", updateMask = { type = "mask", of = "Member" } },
  BatchUpdateMembersRequest = {
    requests = array "UpdateMemberRequest", updateMask = { type = "mask", of = "Member" },
  },
  BatchUpdateMembersResponse = { members = array "Member" },
  ConferenceRecord = {
    name = output(), startTime = TIME, endTime = TIME, expireTime = TIME, space = output(),
  },
  Participant = {
    name = output(), earliestStartTime = TIME, latestEndTime = TIME,
    signedinUser = object "SignedinUser",
    anonymousUser = object "AnonymousUser",
    phoneUser = object "PhoneUser",
  },
  SignedinUser = { user = output(), displayName = output() },
  AnonymousUser = { displayName = output() },
  PhoneUser = { displayName = output() },
  ParticipantSession = { name = output(), startTime = TIME, endTime = TIME },
  Recording = artifact "drive",
  SmartNote = artifact "docs",
  Transcript = artifact "docs",
  DriveDestination = { file = output(), exportUri = output() },
  DocsDestination = { document = output(), exportUri = output() },
  TranscriptEntry = {
    name = output(), participant = output(), text = output(), languageCode = output(),
    startTime = TIME, endTime = TIME,
  },
  ListMembersResponse = list_of("members", "Member"),
  ListConferenceRecordsResponse = list_of("conferenceRecords", "ConferenceRecord"),
  ListParticipantsResponse = list_of("participants", "Participant", { type = "integer" }),
  ListParticipantSessionsResponse = list_of("participantSessions", "ParticipantSession"),
  ListRecordingsResponse = list_of("recordings", "Recording"),
  ListSmartNotesResponse = list_of("smartNotes", "SmartNote"),
  ListTranscriptsResponse = list_of("transcripts", "Transcript"),
  ListTranscriptEntriesResponse = list_of("transcriptEntries", "TranscriptEntry"),
}

--- Return the fields of a message type.
---@param name string
---@return table<string, table>
function schema.fields(name)
  return MESSAGES[name] or drive[name] or calendar[name]
    or error("no message type " .. tostring(name))
end

--- Convert `access_type` to `accessType`; camelCase is unchanged.
---@param name string
---@return string
function schema.camel(name)
  return (name:gsub("_(%l)", string.upper))
end

local function violation(found, at, description)
  found[#found + 1] = { field = at, description = description }
end

local check_message -- mutual recursion

local CHECKS = {}

function CHECKS.string(_, value, at, found)
  if type(value) ~= "string" then
    violation(found, at, ("Invalid value at '%s' (TYPE_STRING)"):format(at))
  end
end
CHECKS.time = CHECKS.string
CHECKS.mask = CHECKS.string

function CHECKS.integer(_, value, at, found)
  if math.type(value) == nil or not math.tointeger(value) then
    violation(found, at, ("Invalid value at '%s' (TYPE_INT32)"):format(at))
  end
end

function CHECKS.enum(row, value, at, found)
  if type(value) ~= "string" or not row.values[value] or value == row.refused then
    violation(found, at, ("Invalid value at '%s' (%s), %s"):format(
      at, row.name, type(value) == "string" and ("%q"):format(value) or type(value)))
  end
end

function CHECKS.object(row, value, at, found)
  if type(value) ~= "table" or #value > 0 then
    violation(found, at, ("Invalid value at '%s' (%s): not an object"):format(at, row.of))
  else
    check_message(row.of, value, at, found)
  end
end

function CHECKS.array(row, value, at, found)
  if type(value) ~= "table" or (next(value) ~= nil and #value == 0) then
    violation(found, at, ("Invalid value at '%s': not a list"):format(at))
    return
  end
  for i, item in ipairs(value) do
    CHECKS.object(row, item, ("%s[%d]"):format(at, i - 1), found)
  end
end

function check_message(name, value, at, found)
  local fields = MESSAGES[name]
  for key, item in pairs(value) do
    local row = fields[key]
    if not row then
      violation(found, at, UNKNOWN_NAME:format(key, at ~= "" and (" at '%s'"):format(at) or ""))
    elseif item ~= json.null then
      CHECKS[row.type](row, item, at ~= "" and at .. "." .. key or key, found)
    end
  end
end

--- Check a request body against a message type.
---@param name string message type
---@param value table decoded body
---@return { field: string, description: string }[] violations in a fixed order, empty when valid
function schema.check(name, value)
  local found = {}
  check_message(name, value, "", found)
  table.sort(found, function(left, right)
    return left.field .. "\0" .. left.description < right.field .. "\0" .. right.description
  end)
  return found
end

--- List what may stand at a place of a message: the values of an enum, or the names of fields.
---@param name string message type
---@param at string the place, as in a violation: "config.accessType"
---@return string[] sorted
function schema.choices(name, at)
  local row = { of = name }
  for key in at:gmatch "[^.]+" do row = MESSAGES[row.of][key] end
  local choices = {}
  for choice in pairs(row.values or MESSAGES[row.of] or {}) do
    if not choice:find "_UNSPECIFIED$" then choices[#choices + 1] = choice end
  end
  table.sort(choices)
  return choices
end

--- Copy a body without `null`s, which mean absent fields.
function schema.without_nulls(value)
  if type(value) ~= "table" then
    return value
  end
  local copied = {}
  for key, item in pairs(value) do
    if item ~= json.null then
      copied[key] = schema.without_nulls(item)
    end
  end
  return copied
end

return schema
