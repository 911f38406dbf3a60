--- The operations of the gateway: one row each, and the match of a request to a row.

local options = require "googlemeet.options"

local operations = {}

local function split(path)
  local segments = {}
  for segment in path:gmatch("[^/]+") do
    segments[#segments + 1] = segment
  end
  return segments
end

local function row(id, verb, path, rest)
  rest = rest or {}
  rest.id, rest.verb, rest.path, rest.templates = id, verb, path, split(path)
  rest.quota = rest.quota or (verb == "GET" and "read" or "write")
  return rest
end

local function list(id, path, items, message, page, rest)
  rest = rest or {}
  rest.items, rest.page, rest.order = items, page, rest.order or "ascending"
  rest.response = message
  rest.query = { pageSize = "int32", pageToken = "string", filter = rest.filter and "string" }
  return row(id .. ".list", "GET", path, rest)
end

local RECORD = "conferenceRecords/{conferenceRecord}"
local PARTICIPANT = RECORD .. "/participants/{participant}"
local TRANSCRIPT = RECORD .. "/transcripts/{transcript}"
local SMALL = { default = 10, max = 100 }
local LARGE = { default = 100, max = 250 }

--- The rows of Meet. Paths are below `/google-meet/v2/`.
operations.google = {
  row("spaces.create", "POST", "spaces",
    { request = "Space", body = "optional", response = "Space", quota = "create" }),
  row("spaces.get", "GET", "spaces/{space}", { response = "Space" }),
  row("spaces.patch", "PATCH", "spaces/{space}",
    { request = "Space", body = "needed", response = "Space", query = { updateMask = "string" } }),
  row("spaces.endActiveConference", "POST", "spaces/{space}:endActiveConference",
    { request = "EndActiveConferenceRequest", body = "optional", response = "Empty" }),
  row("spaces.members.create", "POST", "spaces/{space}/members",
    { request = "Member", body = "needed", response = "Member" }),
  row("spaces.members.get", "GET", "spaces/{space}/members/{member}", { response = "Member" }),
  list("spaces.members", "spaces/{space}/members", "members", "ListMembersResponse",
    { default = 250, max = 500 }),
  row("spaces.members.patch", "PATCH", "spaces/{space}/members/{member}", {
    request = "Member", body = "needed", response = "Member", query = { updateMask = "string" },
  }),
  row("spaces.members.delete", "DELETE", "spaces/{space}/members/{member}", { response = "Empty" }),
  row("spaces.members.batchUpdate", "POST", "spaces/{space}/members:batchUpdate", {
    request = "BatchUpdateMembersRequest", body = "needed",
    response = "BatchUpdateMembersResponse", items = "members",
  }),
  row("conferenceRecords.get", "GET", RECORD, { response = "ConferenceRecord" }),
  list("conferenceRecords", "conferenceRecords", "conferenceRecords",
    "ListConferenceRecordsResponse", { default = 25, max = 100 },
    { filter = "conferenceRecords", order = "descending" }),
  row("conferenceRecords.participants.get", "GET", PARTICIPANT, { response = "Participant" }),
  list("conferenceRecords.participants", RECORD .. "/participants", "participants",
    "ListParticipantsResponse", LARGE, {
      filter = "participants", order = "descending",
      default_fields = "participants/*,next_page_token",
    }),
  row("conferenceRecords.participants.participantSessions.get", "GET",
    PARTICIPANT .. "/participantSessions/{participantSession}",
    { response = "ParticipantSession" }),
  list("conferenceRecords.participants.participantSessions",
    PARTICIPANT .. "/participantSessions", "participantSessions",
    "ListParticipantSessionsResponse", LARGE, {
      filter = "participantSessions", order = "descending",
      default_fields = "participantsessions/*,next_page_token",
    }),
  row("conferenceRecords.recordings.get", "GET", RECORD .. "/recordings/{recording}",
    { response = "Recording" }),
  list("conferenceRecords.recordings", RECORD .. "/recordings", "recordings",
    "ListRecordingsResponse", SMALL),
  row("conferenceRecords.smartNotes.get", "GET", RECORD .. "/smartNotes/{smartNote}",
    { response = "SmartNote" }),
  list("conferenceRecords.smartNotes", RECORD .. "/smartNotes", "smartNotes",
    "ListSmartNotesResponse", SMALL),
  row("conferenceRecords.transcripts.get", "GET", TRANSCRIPT, { response = "Transcript" }),
  list("conferenceRecords.transcripts", RECORD .. "/transcripts", "transcripts",
    "ListTranscriptsResponse", SMALL),
  row("conferenceRecords.transcripts.entries.get", "GET", TRANSCRIPT .. "/entries/{entry}",
    { response = "TranscriptEntry" }),
  list("conferenceRecords.transcripts.entries", TRANSCRIPT .. "/entries", "transcriptEntries",
    "ListTranscriptEntriesResponse", SMALL),
}

--- The rows of Drive. Paths are below `/google-drive/drive/v3/`.
operations.drive = {
  row("drive.files.get", "GET", "files/{fileId}", {
    response = "File", default_fields = "kind,id,name,mimeType", query = {
      alt = "media", acknowledgeAbuse = "boolean", includeLabels = "string",
      includePermissionsForView = "published", supportsAllDrives = "boolean",
    },
  }),
  row("drive.files.export", "GET", "files/{fileId}/export",
    { query = { alt = "media", mimeType = "string" } }),
}

--- The rows of Docs. Paths are below `/google-docs/v1/`.
operations.docs = {
  row("docs.documents.get", "GET", "documents/{documentId}", {
    response = "Document", query = {
      includeTabsContent = "boolean", suggestionsViewMode = "suggestions",
      commentsViewMode = "comments",
    },
  }),
}

--- The rows of Calendar. Paths are below `/google-calendar/calendar/v3/`.
operations.calendar = {
  row("calendar.events.list", "GET", "calendars/{calendarId}/events", {
    response = "Events", query = {
      alwaysIncludeEmail = "boolean", eventTypes = "missing", iCalUID = "missing",
      maxAttendees = "missing", maxResults = "positive", orderBy = "order", pageToken = "string",
      privateExtendedProperty = "missing", q = "missing", sharedExtendedProperty = "missing",
      showDeleted = "boolean", showHiddenInvitations = "boolean", singleEvents = "boolean",
      syncToken = "missing", timeMax = "instant", timeMin = "instant", timeZone = "string",
      updatedMin = "missing",
    },
  }),
  row("calendar.events.get", "GET", "calendars/{calendarId}/events/{eventId}", {
    response = "Event", query = {
      alwaysIncludeEmail = "boolean", maxAttendees = "missing", timeZone = "string",
    },
  }),
}

--- The rows of the gateway's own side. Paths are below `/`.
operations.gateway = {
  row("connections.list", "GET", "connections"),
  row("connections.create", "POST", "connections"),
  row("connections.get", "GET", "connections/{connection}"),
  row("connections.delete", "DELETE", "connections/{connection}"),
}

local SIDES = {
  operations.google, operations.drive, operations.docs, operations.calendar, operations.gateway,
}

--- Say whether `name` is the operation `id`, or its last part (`participants.list`).
---@param id string?
---@param name string
---@return boolean
function operations.named(id, name)
  return id == name or (id ~= nil and id:sub(-#name - 1) == "." .. name)
end

--- Say whether `name` is any operation.
function operations.exists(name)
  for _, side in ipairs(SIDES) do
    for _, candidate in ipairs(side) do
      if operations.named(candidate.id, name) then
        return true
      end
    end
  end
  return false
end

--- Say that there is no operation of that name, and which one may be meant, or all.
---@param name any
---@return string message
function operations.unknown(name)
  local known, names = {}, {}
  for _, side in ipairs(SIDES) do
    for _, candidate in ipairs(side) do
      known[candidate.id], names[#names + 1] = true, candidate.id
    end
  end
  local nearest = options.nearest(name, known)
  return ("there is no operation '%s'; %s"):format(tostring(name),
    nearest and ("did you mean '%s'?"):format(nearest) or "known: " .. table.concat(names, ", "))
end

--- Match a raw segment with one of a path template, and store the value of a variable.
-- The colon before a custom verb must not be encoded, and a segment must not contain a slash.
local function match_segment(template, raw, names, decode)
  local variable, verb = template:match("^{(%a+)}(:?%a*)$")
  if not variable then
    return template == raw
  end
  if verb ~= "" then
    if raw:sub(-#verb) ~= verb then
      return false
    end
    raw = raw:sub(1, -#verb - 1)
  elseif raw:find(":", 1, true) then
    return false
  end
  local value = decode(raw)
  if value == nil or value == "" or value:find("/", 1, true) or not utf8.len(value) then
    return false
  end
  names[variable] = value
  return true
end

local function match_row(candidate, segments, decode)
  local templates = candidate.templates
  if #templates ~= #segments then
    return nil
  end
  local names = {}
  for i, template in ipairs(templates) do
    if not match_segment(template, segments[i], names, decode) then
      return nil
    end
  end
  return names
end

--- Find the row that matches a method and raw path segments.
---@param rows table[] such as `operations.google`
---@param method string
---@param segments string[] still percent-encoded
---@param decode fun(text: string): string?
---@return table? row
---@return table<string, string>|boolean names the variables, or whether another verb would match
function operations.match(rows, method, segments, decode)
  local other_verb = false
  for _, candidate in ipairs(rows) do
    local names = match_row(candidate, segments, decode)
    if names and candidate.verb == method then
      return candidate, names
    end
    other_verb = other_verb or names ~= nil
  end
  return nil, other_verb
end

return operations
