---@meta _

-- Plain tables with the server's field names; times are RFC 3339 strings. Fields and values that the
-- server adds are kept unchanged.

-- generated: enums

---@alias googlemeet.AccessType
---| "OPEN" # anyone with the link joins without knocking
---| "TRUSTED" # members of the organisation, people invited and people who dial in join without knocking
---| "RESTRICTED" # only people invited join without knocking

---@alias googlemeet.AttendanceReportGenerationType
---| "GENERATE_REPORT" # Google makes an attendance report and sends it by e-mail or to Drive
---| "DO_NOT_GENERATE" # Google makes none

---@alias googlemeet.AutoGenerationType
---| "ON" # made automatically
---| "OFF" # not made automatically

---@alias googlemeet.DefaultJoinAsViewerType
---| "ON" # people join as viewers
---| "OFF" # people join as contributors

---@alias googlemeet.EntryPointAccess
---| "ALL" # all entry points
---| "CREATOR_APP_ONLY" # only entry points of the Cloud project that made the space; through the gateway that is presumably Maton's

---@alias googlemeet.Moderation
---| "OFF" # the restrictions are not in force
---| "ON" # the restrictions are in force

---@alias googlemeet.RestrictionType
---| "HOSTS_ONLY" # the organiser and co-hosts
---| "NO_RESTRICTION" # everybody

---@alias googlemeet.Role
---| "ROLE_UNSPECIFIED" # an ordinary member, who joins as contributor or viewer
---| "COHOST" # runs the conference with the organiser; cannot change the artifact and moderation settings

---@alias googlemeet.State
---| "STARTED" # it runs
---| "ENDED" # it has ended, and there is no file yet
---| "FILE_GENERATED" # the file is there

-- end

---@class googlemeet.Space
---@field name string spaces/…: store this, not the code
---@field meetingUri string the link
---@field meetingCode string the code in the link; lapses about 365 days after its last use
---@field config? googlemeet.SpaceConfig settings; only the owner sees them
---@field activeConference? { conferenceRecord: string } name of the conference record, while one runs; only the owner and participants see it
---@field phoneAccess? googlemeet.PhoneAccess[] how to join by telephone
---@field gatewaySipAccess? googlemeet.GatewaySipAccess[] how to join through a SIP gateway
---@field conference_records fun(self: googlemeet.Space, opts?: googlemeet.FilterOptions): googlemeet.ConferenceRecordPager|fun(): googlemeet.ConferenceRecord? list the conferences held in the space; a filter narrows the list
local Space = {}

---@class googlemeet.SpaceConfig
---@field accessType? googlemeet.AccessType default: the account's; who joins without knocking
---@field entryPointAccess? googlemeet.EntryPointAccess default: ALL; ways to join
---@field moderation? googlemeet.Moderation default: the account's; whether `moderationRestrictions` are in force; `OFF` resets them to their defaults
---@field moderationRestrictions? googlemeet.ModerationRestrictions in force while `moderation` is `ON`
---@field attendanceReportGenerationType? googlemeet.AttendanceReportGenerationType default: the account's; Google's own attendance report
---@field artifactConfig? googlemeet.ArtifactConfig artifacts to make automatically, if the organiser's licence allows them

---@class googlemeet.ModerationRestrictions
---@field chatRestriction? googlemeet.RestrictionType who can write chat messages
---@field reactionRestriction? googlemeet.RestrictionType who can send reactions
---@field presentRestriction? googlemeet.RestrictionType who can share the screen
---@field defaultJoinAsViewerType? googlemeet.DefaultJoinAsViewerType whether people join as viewers; a role given by `client.members` takes precedence

---@class googlemeet.ArtifactConfig
---@field recordingConfig? { autoRecordingGeneration: googlemeet.AutoGenerationType } whether a recording is made
---@field transcriptionConfig? { autoTranscriptionGeneration: googlemeet.AutoGenerationType } whether a transcript is made
---@field smartNotesConfig? { autoSmartNotesGeneration: googlemeet.AutoGenerationType } whether smart notes are made

---@class googlemeet.PhoneAccess
---@field phoneNumber string the number to dial, with a leading +
---@field pin string digits to type
---@field regionCode? string such as `SE`
---@field languageCode? string such as `fr-CA`

---@class googlemeet.GatewaySipAccess
---@field uri string an address that begins with `sip:` or `sips:`
---@field sipAccessCode string digits to type on the device

---@class googlemeet.Member
---@field name string spaces/…/members/…
---@field email string address of the member
---@field role? googlemeet.Role absent for an ordinary member
local Member = {}

--- Kinds of `err` of `record:event`: `not_found`: no event of the calendar has the meeting code,
-- several fit equally, or the account cannot see the calendar; `connection`: there is none for
-- google-calendar.
---@class googlemeet.EventOptions
---@field calendar? string default: "primary"; id of a calendar that the Google account can read
---@field timeout? number seconds of one attempt
---@field deadline? number seconds of the whole call, all its requests together
---@field connection? string|googlemeet.Connection a connection to google-calendar

---@class googlemeet.ConferenceRecord
---@field name string conferenceRecords/…
---@field space string name of the space
---@field startTime string when the conference began
---@field endTime? string when it ended, so that [meet.time.parse](#meettimeparse) gives its duration; absent while it runs
---@field expireTime? string when Google deletes the record, 30 days after the end
---@field transcript fun(self: googlemeet.ConferenceRecord, opts?: googlemeet.TranscriptOptions): googlemeet.TranscriptReport?, googlemeet.Error read all transcripts; without any the report is empty
---@field event fun(self: googlemeet.ConferenceRecord, opts?: googlemeet.EventOptions): googlemeet.CalendarEvent?, googlemeet.Error find the calendar event that it was held for; failures: see `googlemeet.EventOptions`
---@field get_space fun(self: googlemeet.ConferenceRecord, opts?: googlemeet.CallOptions): googlemeet.Space?, googlemeet.Error
---@field attendance fun(self: googlemeet.ConferenceRecord, opts?: googlemeet.AttendanceOptions): googlemeet.Attendance?, googlemeet.Error read who came, and for how long
local ConferenceRecord = {}

--- Has exactly one of the three users.
---@class googlemeet.Participant
---@field name string conferenceRecords/…/participants/…
---@field earliestStartTime string when they first joined
---@field latestEndTime? string when they last left; absent while they are there
---@field signedinUser? { user: string, displayName: string } somebody with a Google account; `user` is users/…
---@field anonymousUser? { displayName: string } somebody who is not signed in to Google; the name as typed
---@field phoneUser? { displayName: string } somebody on the telephone; the number, with digits hidden
---@field display_name fun(self: googlemeet.Participant): string? return the name shown in the meeting, or nil when nothing in it is visible
---@field identity fun(self: googlemeet.Participant): "signed_in"|"anonymous"|"phone"|nil, string? return the kind of user, and `users/{id}` if signed in
local Participant = {}

---@class googlemeet.ParticipantSession
---@field name string conferenceRecords/…/participants/…/participantSessions/…
---@field startTime string when they joined on one device
---@field endTime? string when they left; absent while they are there
local ParticipantSession = {}

--- Kinds of `err`: `deadline`: there is no file yet; `not_found`: it ended more than a day ago without
-- a file, or was deleted; `cancelled`: `on_wait` returned false; any other is a permanent failure.
---@class googlemeet.WaitOptions
---@field timeout? number default: 3600; seconds to wait for the file; 0: poll once
---@field on_wait? fun(resource: table, seconds: number): boolean? called before each pause; if it returns `false`, the wait ends

--- Kinds of `err` of `recording:download`: `not_found`: there is no file yet (`hint` says so), it was
-- deleted, is in the bin, or the account cannot see it; `permission`: it can be seen and not
-- downloaded; `connection`: none for google-drive; `invalid`: it has no bytes; `conflict`: the file
-- changed meanwhile, or another call downloads into that path; `config`: the path cannot be written;
-- `decode`: the number of bytes is not Drive's; `cancelled`: `on_progress` returned false.
---@class googlemeet.DownloadOptions
---@field on_progress? fun(bytes: integer, total: integer?): boolean? called at most ten times a second, and at the end; if it returns `false`, the download ends, and the next call resumes it
---@field timeout? number default: the client's `timeout`; longest silence of the server, in seconds
---@field deadline? number default: none; seconds of the whole call, all its requests together
---@field connection? string|googlemeet.Connection a connection to google-drive

---@class googlemeet.Download
---@field path string as given
---@field bytes integer the size of the file
---@field sha256? string the checksum that Drive has of these bytes; it is not computed here

--- Kinds of `err` of `smart_note:text` and `transcript:document`: `not_found`, `permission`,
-- `connection`, `invalid` as for a download; `too_large`: a PDF or DOCX of more than 10 MB.
---@class googlemeet.DocumentOptions
---@field format? "text"|"markdown"|"pdf"|"docx" default: "text"
---@field timeout? number seconds of one attempt
---@field deadline? number seconds of the whole call, all its requests together
---@field connection? string|googlemeet.Connection a connection to google-drive

---@class googlemeet.Recording
---@field name string conferenceRecords/…/recordings/…
---@field state googlemeet.State whether it runs, and whether there is a file
---@field startTime? string when it began
---@field endTime? string when it ended
---@field driveDestination? { file: string, exportUri: string } once there is a file: its id in Drive, and a link
---@field download fun(self: googlemeet.Recording, path: string, opts?: googlemeet.DownloadOptions): googlemeet.Download?, googlemeet.Error download it into a file; failures: see `googlemeet.DownloadOptions`
---@field wait_for_file fun(self: googlemeet.Recording, opts?: googlemeet.WaitOptions): googlemeet.Recording?, googlemeet.Error wait until the file exists, return the resource with its destination; failures: see `googlemeet.WaitOptions`
local Recording = {}

---@class googlemeet.SmartNote
---@field name string conferenceRecords/…/smartNotes/…
---@field state googlemeet.State whether it runs, and whether there is a file
---@field startTime? string when it began
---@field endTime? string when it ended
---@field docsDestination? { document: string, exportUri: string } once there is a file: its id in Docs, and a link
---@field text fun(self: googlemeet.SmartNote, opts?: googlemeet.DocumentOptions): string?, googlemeet.Error read its document; failures: see `googlemeet.DocumentOptions`
---@field wait_for_file fun(self: googlemeet.SmartNote, opts?: googlemeet.WaitOptions): googlemeet.SmartNote?, googlemeet.Error wait until the file exists, return the resource with its destination; failures: see `googlemeet.WaitOptions`
local SmartNote = {}

---@class googlemeet.Transcript
---@field name string conferenceRecords/…/transcripts/…
---@field state googlemeet.State whether it runs, and whether there is a file
---@field startTime? string when it began
---@field endTime? string when it ended
---@field docsDestination? { document: string, exportUri: string } once there is a file: its id in Docs, and a link
---@field document fun(self: googlemeet.Transcript, opts?: googlemeet.DocumentOptions): string?, googlemeet.Error read its document; failures: see `googlemeet.DocumentOptions`
---@field read fun(self: googlemeet.Transcript, opts?: googlemeet.TranscriptOptions): googlemeet.TranscriptReport?, googlemeet.Error read this transcript only
---@field wait_for_file fun(self: googlemeet.Transcript, opts?: googlemeet.WaitOptions): googlemeet.Transcript?, googlemeet.Error wait until the file exists, return the resource with its destination; failures: see `googlemeet.WaitOptions`
local Transcript = {}

---@class googlemeet.TranscriptEntry
---@field name string conferenceRecords/…/transcripts/…/entries/…
---@field participant string name of the participant who spoke
---@field text string what was said
---@field languageCode? string such as en-US
---@field startTime string when it was said
---@field endTime? string when it ended
local TranscriptEntry = {}

--- The link of one Google account to one app. Keep `url` and `metadata` out of logs.
---@class googlemeet.Connection
---@field connection_id string
---@field status? "ACTIVE"|"PENDING"|"FAILED" PENDING: waiting for approval; FAILED: the consent was refused or abandoned
---@field app? string such as `google-meet`
---@field method? string such as `OAUTH2`
---@field url? string consent page for a person to open; it contains a session token
---@field creation_time? string
---@field last_updated_time? string
---@field metadata? table in no fixed form
local Connection = {}

-- generated: methods

--- Change the given fields only.
---@param body { config: googlemeet.SpaceConfig? }
---@param opts? googlemeet.PatchOptions
---@return googlemeet.Space? space
---@return googlemeet.Error err
function Space:patch(body, opts) end

--- End the conference that runs in a space.
---@param opts? googlemeet.CallOptions
---@return true? ended
---@return googlemeet.Error|"idle" err `"idle"` when none runs
function Space:end_active_conference(opts) end

--- List the members of a space.
---@param opts? googlemeet.ListOptions
---@return googlemeet.MemberPager|fun(): googlemeet.Member? pager
function Space:members(opts) end

--- Read the resource again, into a new table.
---@param opts? googlemeet.CallOptions
---@return googlemeet.Space? space
---@return googlemeet.Error err
function Space:reload(opts) end

--- Change the given fields only.
---@param body { email: string?, role: googlemeet.Role? }
---@param opts? googlemeet.PatchOptions
---@return googlemeet.Member? member
---@return googlemeet.Error err
function Member:patch(body, opts) end

--- Remove a member from a space.
---@param opts? googlemeet.CallOptions
---@return true? deleted
---@return googlemeet.Error err
function Member:delete(opts) end

--- Read the resource again, into a new table.
---@param opts? googlemeet.CallOptions
---@return googlemeet.Member? member
---@return googlemeet.Error err
function Member:reload(opts) end

--- List the participants of a conference, the latest to join first.
---@param opts? googlemeet.FilterOptions
---@return googlemeet.ParticipantPager|fun(): googlemeet.Participant? pager
function ConferenceRecord:participants(opts) end

--- List the recordings of a conference.
---@param opts? googlemeet.ListOptions
---@return googlemeet.RecordingPager|fun(): googlemeet.Recording? pager
function ConferenceRecord:recordings(opts) end

--- List the smart notes of a conference.
---@param opts? googlemeet.ListOptions
---@return googlemeet.SmartNotePager|fun(): googlemeet.SmartNote? pager
function ConferenceRecord:smart_notes(opts) end

--- List the transcripts of a conference.
---@param opts? googlemeet.ListOptions
---@return googlemeet.TranscriptPager|fun(): googlemeet.Transcript? pager
function ConferenceRecord:transcripts(opts) end

--- Read the resource again, into a new table.
---@param opts? googlemeet.CallOptions
---@return googlemeet.ConferenceRecord? record
---@return googlemeet.Error err
function ConferenceRecord:reload(opts) end

--- List the sessions of a participant.
---@param opts? googlemeet.FilterOptions
---@return googlemeet.ParticipantSessionPager|fun(): googlemeet.ParticipantSession? pager
function Participant:sessions(opts) end

--- Read the resource again, into a new table.
---@param opts? googlemeet.CallOptions
---@return googlemeet.Participant? participant
---@return googlemeet.Error err
function Participant:reload(opts) end

--- Read the resource again, into a new table.
---@param opts? googlemeet.CallOptions
---@return googlemeet.ParticipantSession? session
---@return googlemeet.Error err
function ParticipantSession:reload(opts) end

--- Read the resource again, into a new table.
---@param opts? googlemeet.CallOptions
---@return googlemeet.Recording? recording
---@return googlemeet.Error err
function Recording:reload(opts) end

--- Read the resource again, into a new table.
---@param opts? googlemeet.CallOptions
---@return googlemeet.SmartNote? smart_note
---@return googlemeet.Error err
function SmartNote:reload(opts) end

--- List the entries of a transcript in the order in which they were spoken.
---@param opts? googlemeet.ListOptions
---@return googlemeet.TranscriptEntryPager|fun(): googlemeet.TranscriptEntry? pager
function Transcript:entries(opts) end

--- Read the resource again, into a new table.
---@param opts? googlemeet.CallOptions
---@return googlemeet.Transcript? transcript
---@return googlemeet.Error err
function Transcript:reload(opts) end

--- Read the resource again, into a new table.
---@param opts? googlemeet.CallOptions
---@return googlemeet.TranscriptEntry? entry
---@return googlemeet.Error err
function TranscriptEntry:reload(opts) end

--- Delete a connection.
---@param opts? googlemeet.CallLimits
---@return true? deleted
---@return googlemeet.Error err
function Connection:delete(opts) end

--- Read the resource again, into a new table.
---@param opts? googlemeet.CallLimits
---@return googlemeet.Connection? connection
---@return googlemeet.Error err
function Connection:reload(opts) end

-- end
