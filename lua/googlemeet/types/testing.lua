---@meta _

---@class googlemeet.testing
local Testing = {}

--- Make a fake of the gateway and Google Meet behind it, in memory.
---@param options? googlemeet.GatewayOptions
---@return googlemeet.Gateway
function Testing.gateway(options) end

--- Check a custom limiter, in about 7 seconds. The round trip to the store must take at most 50 ms.
---@param make fun(number: integer): googlemeet.Limiter returns a new limiter; those of one number share a store, which is unused at first
---@param options? { clock: googlemeet.Clock? }
---@return boolean ok
---@return { check: string, ok: boolean?, detail: string }[] rows
function Testing.check_limiter(make, options) end

---@class googlemeet.GatewayOptions
---@field api_key? string default: "test-key"; the key that is accepted
---@field clock? googlemeet.Clock|fun(): number default: os.time; a function that returns seconds, or `{ now =, sleep = }` as for `meet.new`
---@field now? googlemeet.When default: the clock's, or 2026-11-22T10:00:00Z if the clock does not count from 1970; the time at the start
---@field latency? number|fun(request: googlemeet.TransportRequest): number default: 0; seconds before each response; the clock needs `sleep`
---@field limits? googlemeet.Rate|boolean default: none; rate limits: `true` for the defaults of `rate`, or a table like it
---@field connections? boolean `false`: start without a connection
---@field create_answer? "id"|"bare_id"|"flat"|"wrapped" default: "flat"; form of the response to a new connection
---@field connections_per_page? integer default: all in one page; page size of a list of connections
---@field short_pages? boolean lists return short and empty pages
---@field unknown_space_status? 404|403 default: 404; status for a space that does not exist
---@field log_limit? integer default: no limit; the log keeps at least so many of the last requests, and less than twice as many

--- Nodes are the results of the `add_` methods: tables with `name` and `resource`.
---@alias googlemeet.Node { name: string, resource: table }

--- Where a method takes a node: the node, its name, or a client's resource of that name.
---@alias googlemeet.NodeRef googlemeet.Node|{ name: string }|string

--- A connection: its node, its id, or a client's resource.
---@alias googlemeet.ConnectionRef googlemeet.Node|googlemeet.Connection|string

---@class googlemeet.Gateway
---@field log googlemeet.LogEntry[]
---@field transport googlemeet.Transport for `meet.new { transport = … }`
local Gateway = {}

---@class googlemeet.LogEntry
---@field method string
---@field path? string without the query; nil if the request's URL cannot be parsed
---@field target string path and query as they were sent
---@field query table<string, string>
---@field headers table<string, string> without the key
---@field body? string
---@field operation? string such as `spaces.create`
---@field authorized boolean
---@field status? integer of the response, even if it was lost
---@field dropped? boolean a fault prevented the sending
---@field lost? boolean the response was lost, or came too late
---@field sent? integer bytes of a response that came in chunks
---@field time number epoch seconds

---@class googlemeet.Fault
---@field on? string|fun(request: googlemeet.TransportRequest): boolean default: any request; an operation (`"conferenceRecords.list"`) or its last words (`"participants.list"`); `"VERB /path"` or a Lua pattern of it; or a function that returns whether the request matches
---@field times? integer default: 1; number of requests; `math.huge`: all from now on
---@field status? integer default: 503; of the response: 300 to 599, with a `body` 200 to 599
---@field shape? "google"|"drive"|"nested"|"flat"|"text"|"html"|"empty" default: "google"; form of the response's body; `"drive"` is that of Drive and Calendar
---@field reason? string with the shape `"drive"`, such as `userRateLimitExceeded`
---@field message? string instead of the default message of the status
---@field body? string|table instead of the shape's body; a table is written as JSON
---@field headers? table<string, string|number> header fields in addition to the shape's
---@field perform? boolean default: `true` with `lost`, `timeout`, `after` or `cut`, else `false`; whether the operation is performed before the fault
---@field drop? boolean the request is not sent
---@field lost? boolean the request is sent, and the socket is lost before the response
---@field timeout? boolean the request is sent, and no response comes before the caller's timeout; the gateway's clock needs `sleep`
---@field after? integer with `lost` or `timeout`: number of bytes of a file that come first
---@field cut? integer number of bytes of a file that come, as if the file had no more
---@field changed? boolean with `after` or `cut`: the file has a new revision from then on

---@class googlemeet.SeedOptions
---@field accounts? integer default: 1; ACTIVE connections to google-meet, each of another Google account
---@field webinar? integer default: 280; participants of the webinar

---@class googlemeet.GatewaySpaceOptions
---@field id? string default: a generated one
---@field code? string default: a generated one; meeting code
---@field role? "owner"|"participant"|"other" default: "owner"; the account's role in this space
---@field config? googlemeet.SpaceConfig fields that differ from the default
---@field phone_access? table[] value of `phoneAccess`
---@field sip_access? table[] value of `gatewaySipAccess`
---@field organisation? table default: the first

---@class googlemeet.GatewayMemberOptions
---@field email string required
---@field role? googlemeet.Role
---@field id? string default: a generated one

---@class googlemeet.GatewayRecordOptions
---@field start_time? googlemeet.When default: now
---@field end_time? googlemeet.When without it the conference runs
---@field id? string default: a generated one

---@class googlemeet.GatewayParticipantOptions
---@field display_name? string default: "Guest"
---@field kind? "signed_in"|"anonymous"|"phone" default: "signed_in"
---@field user? string default: a generated one; `users/{id}` of a signed-in user
---@field start_time? googlemeet.When default: the conference's; of the only session
---@field end_time? googlemeet.When default: the conference's; of the only session
---@field sessions? googlemeet.GatewaySessionOptions[] instead of `start_time` and `end_time`
---@field id? string default: a generated one

---@class googlemeet.GatewaySessionOptions
---@field start_time? googlemeet.When default: the conference's
---@field end_time? googlemeet.When default: the conference's, or none while it runs
---@field id? string default: a generated one

---@class googlemeet.GatewayEntryOptions
---@field participant? googlemeet.Node|string who speaks
---@field text? string default: ""
---@field language? string default: "en-US"
---@field start_time? googlemeet.When default: the transcript's
---@field end_time? googlemeet.When default: the same as `start_time`
---@field id? string default: a generated one

---@class googlemeet.GatewayConnectionOptions
---@field app? string default: google-meet
---@field status? "ACTIVE"|"PENDING"|"FAILED" default: "PENDING"
---@field method? string default: "OAUTH2"
---@field creation_time? googlemeet.When default: now
---@field metadata? table default: an empty table
---@field account? string name of the Google account; connections of one account see the same data
---@field organisation? table that of another connection, instead of `account`
---@field id? string default: a generated one

---@class googlemeet.ArtifactOptions
---@field state? googlemeet.State default: `"FILE_GENERATED"`, or `"STARTED"` while the conference runs
---@field start_time? googlemeet.When default: the conference's
---@field end_time? googlemeet.When default: none while it is `STARTED`, else the conference's, or now
---@field file? string default: a generated one; id in Drive; artifacts with the same `file` are tabs of one document
---@field id? string default: a generated one

--- A tab of a Google Docs document. Lines of `text` that begin with `# `, `- `, `1. ` and `|` are
--- headings, lists and tables; `**` is bold.
---@class googlemeet.FileTab
---@field title? string
---@field text? string
---@field id? string
---@field tabs? googlemeet.FileTab[] below it
---@field content? table[] structural elements of Docs, instead of those made from `text`

--- One of `size`, `content`, `tabs`, `text` and `shortcut` says what the file is.
---@class googlemeet.FileOptions
---@field size? integer default: 65536; bytes, which are generated from `seed` and never all in memory
---@field seed? string default: the id
---@field content? string its bytes
---@field tabs? googlemeet.FileTab[] makes a Google Docs document with these tabs
---@field text? string makes a Google Docs document with one tab
---@field shortcut? googlemeet.FileNode|string makes a shortcut to this file
---@field name? string
---@field mime_type? string
---@field modified_time? googlemeet.When
---@field sha256? string|false default: that of its bytes, up to 16 MiB; checksum in the metadata; `false`: none
---@field md5? string
---@field trashed? boolean the file is in the bin
---@field can_download? boolean default: true
---@field shared_drive? boolean the file is on a shared drive
---@field ranges? boolean default: true; `false`: ignore `Range`, and send the whole file
---@field etag? "none"|"strong"|"weak" default: "none"; the validator sent with its bytes
---@field export_size? integer|{ text: integer?, markdown: integer?, pdf: integer?, docx: integer? } assumed size of an export in bytes; Drive exports up to 10 MB
---@field export_tabs? "all"|"first" default: "all"; the tabs that an export holds
---@field id? string default: a generated one; for `add_file`
---@field organisation? table default: the first; for `add_file`

--- A guest of a calendar event; with `resource` a meeting room.
---@class googlemeet.GatewayGuestOptions
---@field display_name? string
---@field email? string default: a generated one
---@field id? string the digits of `users/…`
---@field response? "accepted"|"declined"|"tentative"|"needs_action" default: `"needs_action"`, of a meeting room `"accepted"`
---@field optional? boolean
---@field resource? boolean the guest is a meeting room

--- `space` or `code` names the meeting that an event is for; without either it is for none.
---@class googlemeet.GatewayEventOptions
---@field title? string default: none
---@field start_time? googlemeet.When default: now; a date such as `"2026-11-22"` makes an all-day event
---@field end_time? googlemeet.When default: an hour later, or a day; for an all-day event, the day after its last
---@field space? googlemeet.Node|string the space whose meeting code it has
---@field code? string the meeting code itself
---@field organiser? { display_name: string?, email: string? } default: the calendar, of `"primary"` the account
---@field guests? googlemeet.GatewayGuestOptions[] default: none
---@field guests_omitted? boolean the list has only the owner of the calendar, and says that others are missing
---@field hide_guests? boolean only the organiser sees the other guests
---@field series? { every: "day"|"week", count: integer }
---@field status? "confirmed"|"tentative"|"cancelled" default: "confirmed"
---@field private? boolean only owners and writers of the calendar see the details
---@field calendar? string default: "primary"; id of the calendar; any other than `"primary"` is one that the account can read
---@field id? string default: a generated one; an id that no event of the account has
---@field organisation? table default: the first

---@class googlemeet.GatewayCalendarOptions
---@field email? string default: `account@example.com`; address of the account; only for the account's calendar
---@field display_name? string title of the calendar; for the primary calendar, the name of the account
---@field utc_offset? string default: "Z"; such as `"+01:00"`, all year
---@field time_zone? string its name, such as Europe/Zurich
---@field role? "owner"|"writer"|"reader"|"freeBusyReader" default: `"owner"`, of others' calendars `"reader"`; the account's
---@field calendar? string default: "primary"; its id
---@field organisation? table default: the first

---@alias googlemeet.EventNode { name: string, id: string, resource: table }

---@alias googlemeet.FileNode { name: string, id: string, resource: table }

--- Order a fault.
---@param options googlemeet.Fault
function Gateway:fail(options) end

--- Return the log entries of an operation, or all of them.
---@param name? string
---@return googlemeet.LogEntry[]
function Gateway:requests(name) end

function Gateway:clear_log() end

--- Fill the first connection's organisation with realistic data.
---@param options? googlemeet.SeedOptions
---@return { spaces: table<string, googlemeet.Node>, records: table<string, googlemeet.Node>, events: table<string, googlemeet.EventNode> }
function Gateway:seed(options) end

---@param options? googlemeet.GatewayConnectionOptions
---@return table connection
function Gateway:add_connection(options) end

--- Make a connection ACTIVE, as if a person had opened its page.
---@param connection googlemeet.ConnectionRef
function Gateway:activate(connection) end

---@param connection googlemeet.ConnectionRef
---@param status "ACTIVE"|"PENDING"|"FAILED"
function Gateway:set_status(connection, status) end

--- Return the organisation of a connection, by default the first one.
---@param connection? googlemeet.ConnectionRef
---@return table
function Gateway:organisation(connection) end

--- Return the fake's time.
---@return number seconds since 1970
function Gateway:now() end

---@param name string
---@return googlemeet.Node?
function Gateway:find(name) end

---@param options? googlemeet.GatewaySpaceOptions
---@return googlemeet.Node
function Gateway:add_space(options) end

---@param space googlemeet.NodeRef
---@param options? googlemeet.GatewayRecordOptions
---@return googlemeet.Node
function Gateway:add_record(space, options) end

---@param space googlemeet.NodeRef
---@param options googlemeet.GatewayMemberOptions
---@return googlemeet.Node
function Gateway:add_member(space, options) end

---@param record googlemeet.NodeRef
---@param options? googlemeet.GatewayParticipantOptions
---@return googlemeet.Node
function Gateway:add_participant(record, options) end

---@param participant googlemeet.NodeRef
---@param options? googlemeet.GatewaySessionOptions
---@return googlemeet.Node
function Gateway:add_session(participant, options) end

---@param record googlemeet.NodeRef
---@param options? googlemeet.ArtifactOptions
---@return googlemeet.Node
function Gateway:add_recording(record, options) end

---@param record googlemeet.NodeRef
---@param options? googlemeet.ArtifactOptions
---@return googlemeet.Node
function Gateway:add_transcript(record, options) end

---@param record googlemeet.NodeRef
---@param options? googlemeet.ArtifactOptions
---@return googlemeet.Node
function Gateway:add_smart_note(record, options) end

---@param transcript googlemeet.NodeRef
---@param options? googlemeet.GatewayEntryOptions
---@return googlemeet.Node
function Gateway:add_entry(transcript, options) end

--- End a running conference, at `at` or now.
---@param record googlemeet.NodeRef
---@param at? googlemeet.When
function Gateway:end_conference(record, at) end

--- Make a participant leave, at `at` or now.
---@param participant googlemeet.NodeRef
---@param at? googlemeet.When
function Gateway:leave(participant, at) end

--- Change the state of a recording, transcript or smart note.
---@param artifact googlemeet.NodeRef
---@param state googlemeet.State
function Gateway:set_state(artifact, state) end

--- Set how an account sees a calendar.
---@param options googlemeet.GatewayCalendarOptions
function Gateway:set_calendar(options) end

---@param options? googlemeet.GatewayEventOptions
---@return googlemeet.EventNode
function Gateway:add_event(options) end

--- Move an instance of a series, or an event without a series.
---@param event googlemeet.EventNode|string its node, or its id: of the first account with such an event
---@param index integer number of the instance, from 1; without a series 1
---@param options { start_time: googlemeet.When?, end_time: googlemeet.When? }
---@return googlemeet.EventNode
function Gateway:move_event(event, index, options) end

--- Cancel an event, or an instance of a series.
---@param event googlemeet.EventNode|string its node, or its id
---@param index? integer number of the instance, from 1
---@return googlemeet.EventNode
function Gateway:cancel_event(event, index) end

---@param options? googlemeet.FileOptions
---@return googlemeet.FileNode
function Gateway:add_file(options) end

--- Change a file; what changes its bytes makes another revision.
---@param file googlemeet.FileNode|googlemeet.NodeRef its node, its id, or what it belongs to
---@param options googlemeet.FileOptions
---@return googlemeet.FileNode
function Gateway:set_file(file, options) end

--- Delete a file for good.
---@param file googlemeet.FileNode|googlemeet.NodeRef
function Gateway:delete_file(file) end

---@param file googlemeet.FileNode|googlemeet.NodeRef
---@return googlemeet.FileNode?
function Gateway:file(file) end

--- Return bytes of a file.
---@param file googlemeet.FileNode|googlemeet.NodeRef
---@param offset? integer from 0 (0)
---@param count? integer (all)
---@return string
function Gateway:read_file(file, offset, count) end
