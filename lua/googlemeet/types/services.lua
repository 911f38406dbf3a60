---@meta _

--- A space: the resource, its name, its id, a meeting code, or a https://meet.google.com/ URL.
---@alias googlemeet.SpaceRef googlemeet.Space|string

-- generated: services

---@class googlemeet.Spaces
local Spaces = {}

--- Create a space, and with it a meeting link.
---@param body? { config: googlemeet.SpaceConfig? }
---@param opts? googlemeet.CallOptions
---@return googlemeet.Space? space
---@return googlemeet.Error err
function Spaces:create(body, opts) end

--- Read a space. No other method of Google's takes a meeting code.
---@param space googlemeet.SpaceRef
---@param opts? googlemeet.CallOptions
---@return googlemeet.Space? space
---@return googlemeet.Error err
function Spaces:get(space, opts) end

--- Change the given fields only.
---@param space googlemeet.SpaceRef
---@param body { config: googlemeet.SpaceConfig? }
---@param opts? googlemeet.PatchOptions
---@return googlemeet.Space? space
---@return googlemeet.Error err
function Spaces:patch(space, body, opts) end

--- End the conference that runs in a space.
---@param space googlemeet.SpaceRef
---@param opts? googlemeet.CallOptions
---@return true? ended
---@return googlemeet.Error|"idle" err `"idle"` when none runs
function Spaces:end_active_conference(space, opts) end

---@class googlemeet.Members
local Members = {}

--- Add a member to a space.
---@param space googlemeet.SpaceRef
---@param body { email: string, role: googlemeet.Role? }
---@param opts? googlemeet.CallOptions
---@return googlemeet.Member? member
---@return googlemeet.Error err
function Members:create(space, body, opts) end

--- Read a member.
---@param member googlemeet.Member|string
---@param opts? googlemeet.CallOptions
---@return googlemeet.Member? member
---@return googlemeet.Error err
function Members:get(member, opts) end

--- List the members of a space.
---@param space googlemeet.SpaceRef
---@param opts? googlemeet.ListOptions
---@return googlemeet.MemberPager|fun(): googlemeet.Member? pager
function Members:list(space, opts) end

--- Change the given fields only.
---@param member googlemeet.Member|string
---@param body { email: string?, role: googlemeet.Role? }
---@param opts? googlemeet.PatchOptions
---@return googlemeet.Member? member
---@return googlemeet.Error err
function Members:patch(member, body, opts) end

--- Remove a member from a space.
---@param member googlemeet.Member|string
---@param opts? googlemeet.CallOptions
---@return true? deleted
---@return googlemeet.Error err
function Members:delete(member, opts) end

--- Change up to 500 members of a space with one request.
---@param space googlemeet.SpaceRef
---@param requests { member: { name: string, email: string?, role: googlemeet.Role? }, updateMask: string? }[] all change the same fields
---@param opts? googlemeet.PatchOptions
---@return googlemeet.Member[]? members
---@return googlemeet.Error err
function Members:batch_update(space, requests, opts) end

---@class googlemeet.ConferenceRecords
local ConferenceRecords = {}

--- Read a conference record.
---@param record googlemeet.ConferenceRecord|string
---@param opts? googlemeet.CallOptions
---@return googlemeet.ConferenceRecord? record
---@return googlemeet.Error err
function ConferenceRecords:get(record, opts) end

--- List conference records, newest first.
---@param opts? googlemeet.FilterOptions
---@return googlemeet.ConferenceRecordPager|fun(): googlemeet.ConferenceRecord? pager
function ConferenceRecords:list(opts) end

---@class googlemeet.Participants
local Participants = {}

--- Read a participant.
---@param participant googlemeet.Participant|string
---@param opts? googlemeet.CallOptions
---@return googlemeet.Participant? participant
---@return googlemeet.Error err
function Participants:get(participant, opts) end

--- List the participants of a conference, the latest to join first.
---@param record googlemeet.ConferenceRecord|string
---@param opts? googlemeet.FilterOptions
---@return googlemeet.ParticipantPager|fun(): googlemeet.Participant? pager
function Participants:list(record, opts) end

---@class googlemeet.ParticipantSessions
local ParticipantSessions = {}

--- Read a session.
---@param session googlemeet.ParticipantSession|string
---@param opts? googlemeet.CallOptions
---@return googlemeet.ParticipantSession? session
---@return googlemeet.Error err
function ParticipantSessions:get(session, opts) end

--- List the sessions of a participant.
---@param participant googlemeet.Participant|string
---@param opts? googlemeet.FilterOptions
---@return googlemeet.ParticipantSessionPager|fun(): googlemeet.ParticipantSession? pager
function ParticipantSessions:list(participant, opts) end

---@class googlemeet.Recordings
local Recordings = {}

--- Read a recording.
---@param recording googlemeet.Recording|string
---@param opts? googlemeet.CallOptions
---@return googlemeet.Recording? recording
---@return googlemeet.Error err
function Recordings:get(recording, opts) end

--- List the recordings of a conference.
---@param record googlemeet.ConferenceRecord|string
---@param opts? googlemeet.ListOptions
---@return googlemeet.RecordingPager|fun(): googlemeet.Recording? pager
function Recordings:list(record, opts) end

---@class googlemeet.SmartNotes
local SmartNotes = {}

--- Read a smart note.
---@param smart_note googlemeet.SmartNote|string
---@param opts? googlemeet.CallOptions
---@return googlemeet.SmartNote? smart_note
---@return googlemeet.Error err
function SmartNotes:get(smart_note, opts) end

--- List the smart notes of a conference.
---@param record googlemeet.ConferenceRecord|string
---@param opts? googlemeet.ListOptions
---@return googlemeet.SmartNotePager|fun(): googlemeet.SmartNote? pager
function SmartNotes:list(record, opts) end

---@class googlemeet.Transcripts
local Transcripts = {}

--- Read a transcript.
---@param transcript googlemeet.Transcript|string
---@param opts? googlemeet.CallOptions
---@return googlemeet.Transcript? transcript
---@return googlemeet.Error err
function Transcripts:get(transcript, opts) end

--- List the transcripts of a conference.
---@param record googlemeet.ConferenceRecord|string
---@param opts? googlemeet.ListOptions
---@return googlemeet.TranscriptPager|fun(): googlemeet.Transcript? pager
function Transcripts:list(record, opts) end

---@class googlemeet.TranscriptEntries
local TranscriptEntries = {}

--- Read a transcript entry.
---@param entry googlemeet.TranscriptEntry|string
---@param opts? googlemeet.CallOptions
---@return googlemeet.TranscriptEntry? entry
---@return googlemeet.Error err
function TranscriptEntries:get(entry, opts) end

--- List the entries of a transcript in the order in which they were spoken.
---@param transcript googlemeet.Transcript|string
---@param opts? googlemeet.ListOptions
---@return googlemeet.TranscriptEntryPager|fun(): googlemeet.TranscriptEntry? pager
function TranscriptEntries:list(transcript, opts) end

---@class googlemeet.Connections
local Connections = {}

--- List connections.
---@param opts? googlemeet.ConnectionListOptions
---@return googlemeet.ConnectionPager|fun(): googlemeet.Connection? pager
function Connections:list(opts) end

--- Create a connection. It is PENDING until a person opens its `url` and approves it.
---@param opts? googlemeet.ConnectionCreateOptions
---@return googlemeet.Connection? connection
---@return googlemeet.Error err
function Connections:create(opts) end

--- Read a connection.
---@param connection googlemeet.Connection|string
---@param opts? googlemeet.CallLimits
---@return googlemeet.Connection? connection
---@return googlemeet.Error err
function Connections:get(connection, opts) end

--- Delete a connection.
---@param connection googlemeet.Connection|string
---@param opts? googlemeet.CallLimits
---@return true? deleted
---@return googlemeet.Error err
function Connections:delete(connection, opts) end

-- end

--- Return the connection of an id, the only ACTIVE one, or the one that a function picks.
---@param what string|"only"|googlemeet.Connection|fun(connections: googlemeet.Connection[]): googlemeet.Connection|string|nil
---@param opts? { app: string? } `app`: the app of the connection (default google-meet)
---@return googlemeet.Connection? connection
---@return googlemeet.Error err
function Connections:select(what, opts) end

--- Create a connection, have a person approve it, and wait until it is ACTIVE.
---@param opts googlemeet.ConnectOptions
---@return googlemeet.Connection? connection
---@return googlemeet.Error err of kind `connection` when it FAILED, `deadline` when nobody approved in time
function Connections:connect(opts) end
