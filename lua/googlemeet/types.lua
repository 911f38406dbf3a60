---@meta googlemeet
-- Definitions of the public API for editors (LuaLS). Never loaded.

--- A client of the Google Meet REST API v2 behind the Maton gateway.
---@class googlemeet
---@field version string
---@field preload fun() loads what is otherwise loaded at its first use
---@field archive googlemeet.archive|fun(client: googlemeet.Client, store: googlemeet.ArchiveStore, options?: googlemeet.ArchiveOptions): googlemeet.ArchiveSummary?, googlemeet.Error, googlemeet.ArchiveSummary? copies conferences before Google deletes them
---@field attendance googlemeet.attendance attendance over several conferences
---@field connections googlemeet.connections selection of the gateway's connection
---@field doctor googlemeet.doctor diagnosis of failing calls
---@field filter googlemeet.filter|fun(given: googlemeet.Filter, kind?: googlemeet.FilterKind): string, (fun(item: table): boolean)? list filters
---@field limiter googlemeet.limiter one limit for several processes and machines
---@field loop googlemeet.loop tasks in an event loop of the host's
---@field mask googlemeet.mask update masks
---@field name googlemeet.name resource names
---@field sequence googlemeet.sequence operations on iterators
---@field talk_time googlemeet.talk_time talk time over several conferences
---@field testing googlemeet.testing the gateway fake, and a check of limiters
---@field time googlemeet.time RFC 3339 times
---@field watch googlemeet.watch|fun(client: googlemeet.Client, opts: googlemeet.WatchOptions): googlemeet.Watcher?, googlemeet.Error
local googlemeet = {}

--- Make a client. It sends nothing before its first call.
-- A missing key, or a malformed variable of the environment, is `nil, err` of kind `config`; an
-- unknown or malformed option raises.
---@param options? googlemeet.Options
---@return googlemeet.Client? client
---@return googlemeet.Error err
function googlemeet.new(options) end

--- Mark a table, or a new one, as a list: it is written to JSON as `[]` even when empty.
---@generic T
---@param items? T[]
---@return T[]
function googlemeet.array(items) end

-- Options ------------------------------------------------------------------------------------------

---@class googlemeet.Options
---@field api_key? string|fun(): string?, any default: MATON_API_KEY; the key, or a function that returns it. The function is called for each call; after a 401 it is called once more, and the call is sent again
---@field connection? string|googlemeet.Connection|fun(connections: googlemeet.Connection[]): googlemeet.Connection|string? default: MATON_CONNECTION; the gateway connection to use for Meet: a connection or its id; `"only"`, the one ACTIVE connection (if several are, the call fails and lists them); or a function that picks one. It is resolved once, on first use. Without it the gateway picks
---@field connections? googlemeet.AppConnections the gateway connections to use for other apps; for an app not given, the gateway picks
---@field base_url? string default: `MATON_API_URL`, else `https://api.maton.ai`; http is refused unless the host is loopback
---@field timeout? number default: 60; seconds of one attempt, 80 by default for `members:create`
---@field connect_timeout? number default: 10; seconds to open a socket
---@field deadline? number default: 600; seconds of one call with all its attempts and waits. A call that takes several requests, such as the lookup of a meeting code, has these seconds for each
---@field retry? googlemeet.Retry|false attempts and the waits between them; `false`: one attempt
---@field rate? googlemeet.Rate|false maximum requests in a second and in a minute; `false`: no pacing
---@field proxy? string default: libcurl's environment variables; a proxy, in libcurl's syntax. Plain http to loopback uses no proxy
---@field no_proxy? string default: libcurl's environment variables; hosts to reach without a proxy
---@field ca_file? string file of certificates to trust instead of the system's. Verification cannot be switched off; TLS 1.2 is the oldest version allowed
---@field ca_path? string folder of hashed certificates to trust instead of the system's
---@field max_response_bytes? integer default: 33554432; maximum bytes of a response, 1024 to 2147483647; a longer one is an error of kind `too_large`
---@field user_agent? string prepended to the module's `User-Agent`
---@field on_event? fun(event: googlemeet.Event) called at each step of a request
---@field transport? googlemeet.Transport sends the requests instead of libcurl; pace, retries and decoding stay
---@field clock? googlemeet.Clock default: the machine's monotonic clock; only together with `transport`

--- The connections of other apps: the id, the connection, "only", or a function that picks one.
---@class googlemeet.AppConnections
---@field drive? string|googlemeet.Connection|fun(connections: googlemeet.Connection[]): googlemeet.Connection|string? app `google-drive`, paths `/google-drive/…`: files
---@field docs? string|googlemeet.Connection|fun(connections: googlemeet.Connection[]): googlemeet.Connection|string? app `google-docs`, paths `/google-docs/…`: documents over 10 MB
---@field calendar? string|googlemeet.Connection|fun(connections: googlemeet.Connection[]): googlemeet.Connection|string? app `google-calendar`, paths `/google-calendar/…`: events

---@class googlemeet.Retry
---@field max_attempts? integer default: 5; attempts in all, 1 to 100
---@field initial? number default: 1; maximum wait before the second attempt, in seconds, 0 to 3600
---@field multiplier? number default: 1.3; factor by which that maximum grows from attempt to attempt, 1 to 100
---@field max? number default: 10; maximum of any wait, in seconds, 0 to 3600

---@class googlemeet.Rate
---@field per_second? integer default: 10; requests of the key in any second, 1 to 10000
---@field reads_per_minute? integer default: 600; reads of the key and gateway connection in any minute, 1 to 100000
---@field writes_per_minute? integer default: 100; writes of the key and gateway connection in any minute, 1 to 100000
---@field creates_per_minute? integer default: 10; new spaces of the key and gateway connection in any minute, 1 to 100000
---@field limiter? googlemeet.Limiter|false shares these limits with other processes; `false` in `client:with`: do not share

--- What shares a rate between processes: `meet.limiter.file`, `meet.limiter.redis`, or a table with
--- these functions. They are called without the table; all may yield.
---@class googlemeet.Limiter
---@field reserve fun(windows: googlemeet.Window[], lease: number): id: any, seconds: number?, err: googlemeet.LimiterError|string? takes a place in all windows, or in none: an id; nil and the seconds to wait; nil, nil and why not
---@field commit fun(id: any, delay: number) bytes have left: each place is free a span and `delay` seconds from now, but never later than it was
---@field release fun(id: any) nothing was sent: the places are free
---@field pause fun(window: string, seconds: number) nobody gets a place in the window for so long; a shorter pause changes nothing
---@field status? fun(): googlemeet.LimiterStatus?, googlemeet.LimiterError|string?

--- At most `limit` places in any `span` seconds. The client's are called `second`, `reads`, `writes`
--- and `creates`.
---@class googlemeet.Window
---@field name string
---@field limit integer
---@field span number seconds

---@class googlemeet.LimiterError
---@field kind "config"|"transport" `config`: the call fails at once; `transport`: the store is away, and is asked again until the deadline
---@field message string
---@field hint? string what to do

---@class googlemeet.LimiterStatus
---@field users integer|integer[] processes that used it in the last minute: their number, or their process ids
---@field paused table<string, number> by name of a window: seconds left of its pause
---@field taken table<string, integer> by name of a window: places taken

---@class googlemeet.Event
---@field type "attempt"|"response"|"retry"|"wait" an attempt begins; it has ended; another attempt follows; the next attempt waits for its turn
---@field method string such as GET
---@field path string without the query
---@field attempt integer number of the attempt, from 1; in a `wait`, the attempts so far
---@field seconds number how long the attempt took, or how long the next one waits
---@field limiter? true the wait is for a shared limiter
---@field status? integer HTTP status of the response
---@field kind? googlemeet.Kind why the attempt failed

--- `seconds` is what the attempt has: an answer that comes later is none. A failure is nil, a message,
--- "sent" where the request may have left (else it is tried again, whatever it does), and a kind
--- ("transport").
---@alias googlemeet.Transport fun(request: googlemeet.TransportRequest, seconds: number): googlemeet.TransportResponse?, string?, "sent"?, "transport"|"timeout"|"tls"?

---@class googlemeet.TransportRequest
---@field method string GET, POST, PUT, PATCH or DELETE
---@field url string
---@field headers table<string, string> with the key
---@field body? string

---@class googlemeet.TransportResponse
---@field status integer
---@field headers? table<string, string>
---@field body? string|fun(): string?, any a function returns the next chunk, nil at the end, or nil and a message

---@class googlemeet.Clock
---@field now fun(): number returns the time in seconds
---@field sleep fun(seconds: number) waits

-- Errors -------------------------------------------------------------------------------------------

---@alias googlemeet.Kind
---| "transport" # The server was not reached, the socket was lost, or something else responded in its place: a redirect (the client follows none), a proxy (407) or a network's portal (511). Check the network, the proxy and the base URL.
---| "tls" # The certificate or handshake failed. Check the machine's certificates and date, or give `ca_file`.
---| "timeout" # One attempt took too long. Try again, or raise `timeout`.
---| "deadline" # The whole call took too long. Try again later, or raise `deadline`.
---| "auth" # 401. Check the key, without printing it: `client.connections:list()` succeeds if it is valid.
---| "connection" # The gateway has no usable connection for the app, or the connection named does not exist. Use the id of an ACTIVE one, or create one and have it approved; `hint` names the app.
---| "permission" # 403. The connected Google account must own the space, or have been in the conference.
---| "not_found" # 404. Check the name; conference records live for 30 days.
---| "conflict" # 409. Read the resource again: it exists already, or has changed.
---| "invalid" # Any other 4xx. Correct the request; `hint` or `details` names the field.
---| "rate_limited" # 429, or a 403 of Drive with the reason `userRateLimitExceeded` or `rateLimitExceeded`, after all attempts. Wait `retry_after` seconds, or a minute if it is nil.
---| "server" # 5xx. Try again later.
---| "decode" # The response is malformed. Read `body`, and check the base URL.
---| "too_large" # The response is longer than `max_response_bytes`. Ask for less, or raise it.
---| "cancelled" # The client was closed during the call, its task was cancelled, or a callback ended it. Call again if the result is still wanted.
---| "memory" # The process ran out of memory.
---| "config" # There is no key, an environment variable is malformed, or a setting cannot work. Correct what the message names.

--- `tostring(err)` is one line: what failed, and what to do. Functions that return `nil, err` declare
-- `err` without a question mark: it is there when the first result is nil, which is more than LuaLS
-- can know, and with a question mark every `err.kind` would be a warning.
---@class googlemeet.Error
---@field kind googlemeet.Kind the class of error, for the script to decide by
---@field message string what failed, in a sentence
---@field hint string what to do next
---@field origin "client"|"transport"|"gateway"|"google" who reported it
---@field status? integer HTTP status, from a server only
---@field reason? string Google's canonical code, such as NOT_FOUND; for an app that sends none, the app's reason, such as exportSizeLimitExceeded
---@field details? table[] Google's details, unchanged
---@field method? string HTTP method of the request
---@field path? string path of the request, without the query
---@field attempts? integer number of attempts
---@field retry_after? number seconds after which to try again
---@field ambiguous? true the write may have happened
---@field trace_id? string the gateway's id of the request
---@field body? string start of a response that could not be decoded

-- Client -------------------------------------------------------------------------------------------

---@class googlemeet.Client
---@field spaces googlemeet.Spaces
---@field members googlemeet.Members
---@field conference_records googlemeet.ConferenceRecords
---@field participants googlemeet.Participants
---@field participant_sessions googlemeet.ParticipantSessions
---@field recordings googlemeet.Recordings
---@field smart_notes googlemeet.SmartNotes
---@field transcripts googlemeet.Transcripts
---@field transcript_entries googlemeet.TranscriptEntries
---@field connections googlemeet.Connections
local Client = {}

--- Make a client with some options changed; it shares sockets and rate limits.
---@param options googlemeet.Options
---@return googlemeet.Client? client
---@return googlemeet.Error err
function Client:with(options) end

--- Close the client; the same as `<close>` and collection. May be repeated.
function Client:close() end

--- Return what this client has counted; a sibling counts for itself.
---@return googlemeet.Stats
function Client:stats() end

--- Send any other request under the base URL. With `sink` the body goes there: the results are the
-- number of its bytes and the response.
---@param method "GET"|"POST"|"PUT"|"PATCH"|"DELETE"
---@param path string starts with a slash; no query, no `..`
---@param options? googlemeet.RequestOptions
---@return any body decoded JSON, else a string; true when there is none; nil on failure
---@return { status: integer, headers: table<string, string> }|googlemeet.Error response header names are in lower case
function Client:request(method, path, options) end

--- Run functions concurrently, as coroutines that yield while they wait for the network.
-- The first failure (nil and an error, or a raised error table) cancels the rest and is returned;
-- any other raised error is raised again.
---@param functions (fun(): any)[]
---@param opts? { collect: boolean?, deadline: number? } `collect`: let all end, and return the failures by index; `deadline`: seconds for all of it
---@return { n: integer, [integer]: any }? results the first result of each, in order
---@return table<integer, any>|any err with `collect` the failures
---@return { n: integer, [integer]: any }|googlemeet.Error|nil partial after a failure: the results so far; with `collect` the error of a deadline that has passed
---@return table<integer, any>? errors after a failure: all of them, those of cancelled tasks included
function Client:gather(functions, opts) end

--- Call a function for each item, several calls at a time. Failures are as in `gather`; a failure of
-- the source itself ends the map even with `collect`.
---@generic T, U
---@param source T[]|googlemeet.Pager|fun(): T?
---@param f fun(item: T, index: integer): U?, any
---@param opts? { concurrency: integer?, collect: boolean?, deadline: number? } `concurrency`: default 32
---@return { n: integer, [integer]: U? }? results
---@return table<integer, any>|any err
---@return { n: integer, [integer]: U? }|googlemeet.Error|nil partial
---@return table<integer, any>? errors
function Client:map(source, f, opts) end

--- Start a task. It runs in `task:result`, `step`, `sleep`, `gather` and `map`, and in a loop.
---@param f fun(...): ...
---@param ... any arguments of `f`
---@return googlemeet.Task
function Client:submit(f, ...) end

--- Run what is ready, and drive the network for up to `seconds`, or until a task is ready.
---@param seconds? number default: 0, which never blocks
---@return boolean is_left whether anything is left to do
function Client:step(seconds) end

--- Return the sockets that a host loop has to watch, and the seconds after which to `step` in any
-- case. Stop watching them before `step`.
---@return { fd: integer, read: boolean, write: boolean }[] sockets
---@return number seconds
function Client:poll_set() end

--- Return the time on the client's clock, by default the machine's monotonic clock, in seconds.
---@return number
function Client:now() end

--- Wait on the client's clock; a task yields meanwhile.
---@param seconds number not negative
---@return true
function Client:sleep(seconds) end

--- Diagnose why calls fail: a row for each step from the key to a read. Sends three requests or four.
---@return googlemeet.DoctorRow[] rows
function Client:doctor() end

---@class googlemeet.DoctorRow
---@field check string name of the check
---@field ok? boolean true: good; false: failed; nil: not tried, or nothing can be said
---@field detail string what was found, without secrets
---@field advice? string what to do; with `ok = true` a warning

---@class googlemeet.Task
local Task = {}

---@return boolean
function Task:done() end

--- Wait for the function and return its results; all tasks run meanwhile. A failure is nil and the
-- error, as in `gather`. A task that was cancelled during a `gather` or `map` also returns what that
-- had so far: nil, err, partial, errors.
---@return any ...
function Task:result() end

--- Wait as `result` does, in a coroutine of a loop made by `googlemeet.loop`. Only that coroutine
-- waits.
---@return any ...
function Task:await() end

--- Cancel the task: its request ends, and its `<close>` variables are closed.
---@return true
function Task:cancel() end

---@class googlemeet.RequestOptions
---@field query? table<string, string|number|boolean|(string|number|boolean)[]> values by name; an array repeats the name
---@field headers? table<string, string|number|boolean> additional header fields
---@field body? table|string a table is sent as JSON, a string unchanged; not for GET
---@field connection? string|googlemeet.Connection the gateway connection for this call, or its id
---@field timeout? number seconds of one attempt; with `sink`, the longest silence of the server, without the time that the sink takes
---@field deadline? number seconds of the whole call; with `sink`, none unless given
---@field sink? string|fun(chunk: string): boolean? where the body of a GET goes: the path of a file, or a function that gets each chunk; if it returns `false`, the call ends
---@field on_progress? fun(bytes: integer, total: integer?): boolean? with `sink`: called at most ten times a second, and at the end; `total` is nil until the server names it; if it returns `false`, the call ends
---@field version? string with `sink`: version of the content, for servers that send no validator
---@field check? fun(bytes: integer): any, googlemeet.Error? with `sink`: called when the body is complete, before a file gets its name; if it returns `nil, err`, so does the call

--- What is there of a thing that is downloaded.
---@class googlemeet.Have
---@field bytes integer
---@field total? integer bytes of the whole thing
---@field validator? string for If-Range, as the server gave it
---@field version? string as the script gave it

---@class googlemeet.Stats
---@field requests integer requests, each counted once
---@field attempts integer attempts of all requests, retries included
---@field retries integer attempts after the first of each request
---@field waits integer waits for a turn under the limits of `rate`
---@field seconds_waited number seconds of these waits
---@field limiter_waits integer waits for the limiter, which are not in `waits`
---@field seconds_waited_for_limiter number seconds of these waits
---@field bytes_sent integer bytes of requests
---@field bytes_received integer bytes of responses
---@field sockets_opened integer sockets opened

-- Options of calls ---------------------------------------------------------------------------------

--- Options of every call.
---@class googlemeet.CallLimits
---@field timeout? number default: the client's; seconds of one attempt
---@field deadline? number default: the client's; seconds of the whole call; in a list, of each page

--- Options of a call to Google.
---@class googlemeet.CallOptions: googlemeet.CallLimits
---@field fields? string the fields to return, in Google's syntax: `"name,meetingUri"`; in a list, inside the name of its array: `"conferenceRecords(name,startTime)"`
---@field connection? string|googlemeet.Connection default: the client's; the gateway connection for this call, or its id

---@class googlemeet.PatchOptions: googlemeet.CallOptions
---@field update_mask? string the fields to change; default: those in the body

---@class googlemeet.ListOptions: googlemeet.CallOptions
---@field page_size? integer default: the server's maximum; items of one page
---@field page_token? string start of the list, from `pager:token()`
---@field limit? integer maximum number of items in all

---@class googlemeet.FilterOptions: googlemeet.ListOptions
---@field filter? googlemeet.Filter|string a table of conditions, or a string in Google's syntax

--- A time: RFC 3339 text, a date alone (its start in UTC), epoch seconds, or a table of
-- `os.date "*t"` (local time).
---@alias googlemeet.When string|number|osdate

--- Bounds of a time: `from` and `to` are included, `after` and `before` are not.
---@class googlemeet.Range
---@field from? googlemeet.When at this time or later
---@field to? googlemeet.When at this time or earlier
---@field after? googlemeet.When later than this
---@field before? googlemeet.When earlier than this

--- Conditions on the items of a list. All must hold.
---@class googlemeet.Filter
---@field space? googlemeet.SpaceRef of conference records: held in this space
---@field meeting_code? string of conference records: held in the space of this code or link
---@field start_time? googlemeet.When|googlemeet.Range of conference records and sessions: began then
---@field end_time? googlemeet.When|googlemeet.Range of conference records and sessions: ended then
---@field earliest_start_time? googlemeet.When|googlemeet.Range of participants: first joined then
---@field latest_end_time? googlemeet.When|googlemeet.Range of participants: last left then
---@field live? boolean `true`: still running, or still present; `false`: ended, or left
---@field ended? boolean of conference records: the opposite of `live`
---@field must_exist? boolean of conference records: if the list is empty and the space does not exist, return the error of the space's lookup

---@alias googlemeet.FilterKind "conference_record"|"participant"|"participant_session"

---@class googlemeet.ConnectOptions
---@field on_url fun(url: string, connection: googlemeet.Connection) required; called once, to show the consent page to a person. Keep `url` out of logs
---@field timeout? number default: 300; seconds to wait for the approval, up to 86400
---@field app? string default: google-meet
---@field method? string default: the gateway's; such as `OAUTH2`

---@class googlemeet.ConnectionListOptions: googlemeet.CallLimits
---@field app? string|false default: google-meet; `false`: the connections of all apps
---@field status? "ACTIVE"|"PENDING"|"FAILED"
---@field method? string such as `OAUTH2`
---@field limit? integer default: no limit; maximum number of items

---@class googlemeet.ConnectionCreateOptions: googlemeet.CallLimits
---@field app? string default: google-meet
---@field method? string default: the gateway's; such as `OAUTH2`

-- Lists --------------------------------------------------------------------------------------------

--- Every `list` returns a pager as the first of the four values of a generic `for`. It is an iterator
-- itself, and raises the error in a loop; its other methods return `nil, err`. The next page is
-- prefetched when the second item of the current one is taken. Tasks may share a pager.
---@class googlemeet.Pager
---@overload fun(): table?
local Pager = {}

--- Iterate over arrays of items; raises like the pager itself.
---@return fun(): table[]?
function Pager:pages() end

--- Return the next page: an array, nothing at the end, or `nil, err`.
---@return table[]? items
---@return googlemeet.Error? err
function Pager:next_page() end

--- Return all remaining items.
---@return table[]? items
---@return googlemeet.Error err
function Pager:all() end

--- Return the next item; nil without an error when there is none.
---@return table? item
---@return googlemeet.Error? err
function Pager:first() end

--- Return the token where a new list resumes: of the current page while it has items left, else of
-- the next one; nil at the start and at the end.
---@return string? token
function Pager:token() end

--- End the list and drop the current page.
function Pager:close() end

-- generated: lists

--- A list of members.
---@class googlemeet.MemberPager: googlemeet.Pager
---@overload fun(): googlemeet.Member?
---@field pages fun(self: googlemeet.MemberPager): fun(): googlemeet.Member[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.MemberPager): googlemeet.Member[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.MemberPager): googlemeet.Member[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.MemberPager): googlemeet.Member?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of conference records.
---@class googlemeet.ConferenceRecordPager: googlemeet.Pager
---@overload fun(): googlemeet.ConferenceRecord?
---@field pages fun(self: googlemeet.ConferenceRecordPager): fun(): googlemeet.ConferenceRecord[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.ConferenceRecordPager): googlemeet.ConferenceRecord[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.ConferenceRecordPager): googlemeet.ConferenceRecord[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.ConferenceRecordPager): googlemeet.ConferenceRecord?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of participants.
---@class googlemeet.ParticipantPager: googlemeet.Pager
---@overload fun(): googlemeet.Participant?
---@field pages fun(self: googlemeet.ParticipantPager): fun(): googlemeet.Participant[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.ParticipantPager): googlemeet.Participant[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.ParticipantPager): googlemeet.Participant[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.ParticipantPager): googlemeet.Participant?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of sessions.
---@class googlemeet.ParticipantSessionPager: googlemeet.Pager
---@overload fun(): googlemeet.ParticipantSession?
---@field pages fun(self: googlemeet.ParticipantSessionPager): fun(): googlemeet.ParticipantSession[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.ParticipantSessionPager): googlemeet.ParticipantSession[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.ParticipantSessionPager): googlemeet.ParticipantSession[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.ParticipantSessionPager): googlemeet.ParticipantSession?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of recordings.
---@class googlemeet.RecordingPager: googlemeet.Pager
---@overload fun(): googlemeet.Recording?
---@field pages fun(self: googlemeet.RecordingPager): fun(): googlemeet.Recording[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.RecordingPager): googlemeet.Recording[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.RecordingPager): googlemeet.Recording[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.RecordingPager): googlemeet.Recording?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of smart notes.
---@class googlemeet.SmartNotePager: googlemeet.Pager
---@overload fun(): googlemeet.SmartNote?
---@field pages fun(self: googlemeet.SmartNotePager): fun(): googlemeet.SmartNote[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.SmartNotePager): googlemeet.SmartNote[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.SmartNotePager): googlemeet.SmartNote[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.SmartNotePager): googlemeet.SmartNote?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of transcripts.
---@class googlemeet.TranscriptPager: googlemeet.Pager
---@overload fun(): googlemeet.Transcript?
---@field pages fun(self: googlemeet.TranscriptPager): fun(): googlemeet.Transcript[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.TranscriptPager): googlemeet.Transcript[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.TranscriptPager): googlemeet.Transcript[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.TranscriptPager): googlemeet.Transcript?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of transcript entries.
---@class googlemeet.TranscriptEntryPager: googlemeet.Pager
---@overload fun(): googlemeet.TranscriptEntry?
---@field pages fun(self: googlemeet.TranscriptEntryPager): fun(): googlemeet.TranscriptEntry[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.TranscriptEntryPager): googlemeet.TranscriptEntry[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.TranscriptEntryPager): googlemeet.TranscriptEntry[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.TranscriptEntryPager): googlemeet.TranscriptEntry?, googlemeet.Error? return the next item; nil without an error when there is none

--- A list of connections.
---@class googlemeet.ConnectionPager: googlemeet.Pager
---@overload fun(): googlemeet.Connection?
---@field pages fun(self: googlemeet.ConnectionPager): fun(): googlemeet.Connection[]? iterate over arrays of items; raises like the pager itself
---@field next_page fun(self: googlemeet.ConnectionPager): googlemeet.Connection[]?, googlemeet.Error? return the next page: an array, nothing at the end, or `nil, err`
---@field all fun(self: googlemeet.ConnectionPager): googlemeet.Connection[]?, googlemeet.Error return all remaining items
---@field first fun(self: googlemeet.ConnectionPager): googlemeet.Connection?, googlemeet.Error? return the next item; nil without an error when there is none

-- end

-- Services -----------------------------------------------------------------------------------------

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

-- Resources ----------------------------------------------------------------------------------------
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
---@field endTime? string when it ended; absent while it runs
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

-- Reports ------------------------------------------------------------------------------------------

---@class googlemeet.AttendanceOptions
---@field now? googlemeet.When default: `os.time()`; end of the time counted for people who are still present
---@field cheap? boolean one request for 250 participants instead of one for each; a row then counts from the first join to the last leave
---@field merge_guests? boolean one row for all guests with the same name, and for all phones with the same number
---@field late_after? number seconds after the start of the conference; people who join later are `late`
---@field left_before? number seconds before the end; people who leave earlier have `left_early`
---@field minimum? number seconds; people who were present for less are `short`
---@field expected? table<integer|string, string> for `missing`: an array of display names, user ids (`users/{id}` or the id alone), and aliases `[name shown] = real name`
---@field event? boolean|googlemeet.CalendarEvent compare with the guests of this calendar event; `true`: find the event
---@field strict? boolean every failure fails the report, as does a missing event with `event = true`
---@field timeout? number seconds of one attempt
---@field deadline? number seconds of the whole report, all its requests together
---@field connection? string|googlemeet.Connection the connection for this call

--- The calendar event that a conference was held for. One that a script makes needs `guests` only.
---@class googlemeet.CalendarEvent
---@field guests googlemeet.Guest[] the people invited, without meeting rooms; the organiser only if on the list
---@field title? string nil if the calendar shows none
---@field organiser? googlemeet.Organiser `{ display_name =, email = }`; either is nil if unknown
---@field guests_omitted? true the calendar hides some guests
---@field id? string
---@field calendar? string id of the calendar that has it
---@field start_time? string RFC 3339; with `all_day`, a date
---@field end_time? string RFC 3339; with `all_day`, the date after the last day
---@field all_day? true
---@field series? string id of the series that it is an instance of
---@field url? string its page in the calendar
---@field resource? table the event as Google sent it

---@class googlemeet.Organiser
---@field display_name? string
---@field email? string

---@class googlemeet.Guest
---@field display_name? string nil if the calendar knows only the address
---@field email? string
---@field response? "accepted"|"declined"|"tentative"|"needs_action" the guest's reply
---@field optional? true the guest need not come
---@field user? string `users/{id}`

--- What a report could not read.
---@class googlemeet.Incomplete
---@field name? string of the participant, as the server sent it
---@field err googlemeet.Error

---@class googlemeet.ZoneOptions
---@field utc_offset? integer|string default: UTC; time zone: seconds east of UTC, in whole minutes, or a string such as `"+01:00"`; `os.date "%z"` returns the machine's
---@field bom? boolean `csv`: begin with a byte order mark, for Excel
---@field separator? ","|";"|"\t" default: `","`; `csv`: between cells

---@class googlemeet.Attendance
---@field record googlemeet.ConferenceRecord
---@field total integer number of rows
---@field missing string[] the people in `expected` who never came
---@field incomplete googlemeet.Incomplete[] `{ name =, err = }` for each participant whose sessions could not be read
---@field event? googlemeet.CalendarEvent with the option `event`
---@field event_error? googlemeet.Error of kind `not_found`: why there is no calendar event
---@field title? string title of the calendar event
---@field organiser? googlemeet.Organiser `{ display_name =, email = }` of the calendar event; either is nil if unknown
---@field absent googlemeet.Guest[] guests with a name who match no row and have not declined
---@field undecided googlemeet.Guest[] guests who have not declined and cannot be matched by name: only the address is known, or fewer people of a shared name came
local Attendance = {}

--- Iterate over the rows, by first join, then name.
---@return fun(): googlemeet.AttendanceRow?
function Attendance:rows() end

--- Write the report.
---@param format? "text"|"csv"|"markdown"|"json"|"html" default: text
---@param opts? googlemeet.ZoneOptions
---@return string? text
---@return googlemeet.Error err
function Attendance:render(format, opts) end

---@class googlemeet.AttendanceRow
---@field display_name string the name shown; `""` if it has no visible character
---@field kind "signed_in"|"anonymous"|"phone"|"unknown" `"unknown"`: a kind newer than this module
---@field user? string `users/{id}` of a signed-in user
---@field first_join? string as the server sent it
---@field last_leave? string as the server sent it; nil while present
---@field present boolean
---@field joins integer number of sessions, on all devices
---@field seconds number in the conference; time on two devices at once counts once
---@field sessions { start_time: string?, end_time: string? }[] in order of time
---@field late? boolean with `late_after`
---@field left_early? boolean with `left_before`; nil while the conference runs
---@field short? boolean with `minimum`
---@field invited? boolean with `event`: true for a guest or the organiser, false for others, nil if unknown
---@field cheap? true no sessions were read, or there were none: only the first join and the last leave count
---@field incomplete? true sessions could not be read: only the first join and the last leave count

---@class googlemeet.MergedConference
---@field name string of the conference record, or of a transcript that was read without its record
---@field start_time? string
---@field end_time? string
---@field title? string of the calendar event, if the attendance was read with one

--- One row for each person over several conferences, the longest time first.
---@class googlemeet.Matrix
---@field conferences googlemeet.MergedConference[] in order of start
---@field total integer rows
---@field missing string[] expected people whom every report misses
---@field incomplete googlemeet.Incomplete[] of all reports
local Matrix = {}

--- Write the rows: the sums in `text` and `markdown`, a column for each conference in `csv`.
---@param format? "text"|"csv"|"markdown"|"json" default: text
---@param opts? googlemeet.ZoneOptions of the titles in `csv`
---@return string? text
---@return googlemeet.Error err
function Matrix:render(format, opts) end

---@class googlemeet.AttendanceMatrix: googlemeet.Matrix
---@field rows fun(self: googlemeet.AttendanceMatrix): fun(): googlemeet.MergedAttendance?

---@class googlemeet.MergedAttendance
---@field display_name string
---@field kind "signed_in"|"anonymous"|"phone"|"unknown"
---@field user? string `users/{id}`
---@field conferences integer number of conferences
---@field joins integer
---@field seconds number
---@field by_conference table<string, number> seconds by the record's name
---@field incomplete? true the sessions of at least one conference could not be read

---@class googlemeet.TranscriptOptions
---@field merge? boolean|number join consecutive transcript entries of one speaker: `true`, or the longest gap between them in seconds
---@field strict? boolean fail if a speaker cannot be read
---@field timeout? number seconds of one attempt
---@field deadline? number seconds of the whole report, all its requests together
---@field connection? string|googlemeet.Connection the connection for this call

---@class googlemeet.SpokenEntry
---@field speaker string display name, or "Unknown speaker", "Unknown speaker 2", …
---@field text string
---@field start_time? string as the server sent it
---@field end_time? string as the server sent it
---@field language? string BCP 47, such as `en-US`
---@field participant? string the participant's name
---@field parts? googlemeet.SpokenEntry[] of a merged entry: the entries that it joins, in order

---@class googlemeet.TalkTime
---@field speaker string
---@field participant? string the participant's name, which distinguishes speakers of the same name
---@field user? string `users/{id}` of a signed-in speaker
---@field seconds number seconds of speech; if two people speak at once, both count
---@field share number from 0 to 1, of the seconds of all speakers
---@field turns integer a turn lasts until somebody else speaks
---@field longest number seconds spoken in the longest turn

---@class googlemeet.TalkTimeMatrix: googlemeet.Matrix
---@field rows fun(self: googlemeet.TalkTimeMatrix): fun(): googlemeet.MergedTalkTime?

---@class googlemeet.MergedTalkTime
---@field speaker string
---@field user? string `users/{id}`
---@field conferences integer number of conferences
---@field turns integer
---@field longest number seconds spoken in the longest turn
---@field share number from 0 to 1, of the seconds of all speakers
---@field seconds number
---@field by_conference table<string, number> seconds by the record's name

---@class googlemeet.TranscriptRenderOptions
---@field start_time? googlemeet.When default: the start of the first transcript, else of the first entry; time 0 of `text`, `markdown`, `vtt` and `srt`; entries that ended before it are left out
---@field width? integer default: 80 in `text`, 42 in `vtt` and `srt`; maximum columns of a line, at least 20
---@field lines? integer default: 2; `vtt`, `srt`: maximum lines of a caption
---@field bom? boolean `csv`: begin with a byte order mark, for Excel
---@field separator? ","|";"|"\t" default: `","`; `csv`: between cells

--- The transcript of a conference, in order of start.
---@class googlemeet.TranscriptReport
---@field incomplete googlemeet.Incomplete[] participants who could not be read
local TranscriptReport = {}

---@return fun(): googlemeet.SpokenEntry?
function TranscriptReport:entries() end

--- Return who spoke for how long, the longest first.
---@return googlemeet.TalkTime[]
function TranscriptReport:talk_time() end

---@param format? "text"|"markdown"|"vtt"|"srt"|"csv"|"json"|"jsonl" default: text
---@param opts? googlemeet.TranscriptRenderOptions
---@return string
function TranscriptReport:render(format, opts) end

-- Submodules ---------------------------------------------------------------------------------------

---@class googlemeet.time
local Time = {}

--- Read an RFC 3339 time, or return nil and a message.
---@param text string
---@return integer? seconds since 1970-01-01T00:00:00Z
---@return integer|string nanoseconds
function Time.parse(text) end

--- Read a time in any form that a script may have it in, or return nil and a message.
---@param value googlemeet.When
---@return integer? seconds since 1970-01-01T00:00:00Z
---@return integer|string nanoseconds
function Time.read(value) end

--- Write epoch seconds as an RFC 3339 time in UTC.
---@param seconds number
---@param nanoseconds? integer
---@return string
function Time.format(seconds, nanoseconds) end

--- Convert an RFC 3339 time to nanoseconds, to compare and subtract: an integer from 1970 to 2262, a
-- float in other years.
---@param text any
---@return number? nanoseconds since 1970-01-01T00:00:00Z; nil when `text` is not such a time
function Time.instant(text) end

---@class googlemeet.name
local Name = {}

---@alias googlemeet.ResourceType "space"|"member"|"conference_record"|"participant"|"participant_session"|"recording"|"smart_note"|"transcript"|"transcript_entry"

--- Return the full resource name for any accepted form, or nil and a message.
---@param kind googlemeet.ResourceType
---@param value string|table
---@return string? name
---@return boolean|string is_code whether the name holds a meeting code
function Name.resolve(kind, value) end

--- Return the last part of a resource name.
---@param value string|table
---@return string
function Name.id(value) end

--- Return the name of the parent resource, or nil at the top.
---@param value string|table
---@return string?
function Name.parent(value) end

--- Say whether a text has the form of a meeting code: three groups of letters in any case.
---@param value string
---@return boolean
function Name.is_code(value) end

---@class googlemeet.attendance
local AttendanceModule = {}

--- Merge the attendance of several conferences: one row for each person. Users are joined by user,
--- others by kind and name. Of two reports of one conference the later one counts.
---@param reports googlemeet.Attendance[] in any order
---@return googlemeet.AttendanceMatrix
function AttendanceModule.merge(reports) end

---@class googlemeet.loop
local LoopModule = {}

--- Drive the client's tasks in controllers of cqueues.
---@param client googlemeet.Client
---@return googlemeet.Loop
function LoopModule.cqueues(client) end

--- Drive the client's tasks in the loop of luv (libuv).
---@param client googlemeet.Client
---@return googlemeet.Loop
function LoopModule.luv(client) end

---@class googlemeet.Loop
local Loop = {}

--- Run a function as a task, and return its results. Only the coroutine that calls waits.
---@param f function called with the arguments that follow
---@return any ...
function Loop:await(f, ...) end

---@class googlemeet.talk_time
local TalkTimeModule = {}

--- Merge the talk time of several conferences: one row for each speaker. Users are joined by user,
--- others by name. Of two reports of one conference the later one counts.
---@param reports googlemeet.TranscriptReport[] in any order
---@return googlemeet.TalkTimeMatrix
function TalkTimeModule.merge(reports) end

---@class googlemeet.limiter
local LimiterModule = {}

--- Make a limiter for the processes of one machine and user that give the same path.
---@param path? string default: /tmp/googlemeet-UID/limit
---@return googlemeet.Limiter limiter
function LimiterModule.file(path) end

--- Make a limiter in Redis or Valkey. All processes with the same server and name share one limit.
---@param command fun(...: string|number): any, string? sends the words of one command; returns the reply, or nil and a message; may yield
---@param name string one for each API key, but not the key itself
---@param opts? { without: integer? } what this process sends in a second while the server is away (0), from a lease and a window on
---@return googlemeet.Limiter
function LimiterModule.redis(command, name, opts) end

---@class googlemeet.mask
local Mask = {}

--- Return the update mask for the fields given, and a copy of the writable fields.
---@param body table<string, any>
---@param writable string[] names of the top-level fields that may be written
---@param level? integer
---@return string? paths nil when nothing is left to change
---@return table<string, any>|string fields
function Mask.of(body, writable, level) end

--- Return a copy of the writable fields.
---@param body table<string, any>
---@param writable string[]
---@param level? integer
---@return table<string, any>
function Mask.writable(body, writable, level) end

---@class googlemeet.sequence
local Sequence = {}

--- Keep only the items that `keep` accepts.
---@generic T
---@param keep fun(item: T, ...): any
---@param iterator fun(state: any, control: any): T?, ...
---@return fun(state: any, control: any): T?, ...
function Sequence.where(keep, iterator, state, control, closing) end

--- Replace each item by the result of `transform`.
---@generic T, U
---@param transform fun(item: T, ...): U?, ...
---@param iterator fun(state: any, control: any): T?, ...
---@return fun(state: any): U?, ...
function Sequence.map(transform, iterator, state, control, closing) end

--- Stop after `count` items.
---@generic T
---@param count integer
---@param iterator fun(state: any, control: any): T?, ...
---@return fun(state: any, control: any): T?, ...
function Sequence.take(count, iterator, state, control, closing) end

--- Collect the items in an array.
---@generic T
---@param iterator fun(state: any, control: any): T?, ...
---@return T[]
function Sequence.collect(iterator, state, control, closing) end

---@class googlemeet.connections
local Choice = {}

--- The same as `client.connections:select(what, opts)`.
---@param service googlemeet.Connections
---@param what string|googlemeet.Connection|fun(connections: googlemeet.Connection[]): googlemeet.Connection|string|nil
---@param opts? { app: string? } `app`: the app of the connection (default google-meet)
---@return googlemeet.Connection? connection
---@return googlemeet.Error err
function Choice.select(service, what, opts) end

--- The same as `client.connections:connect(opts)`.
---@param service googlemeet.Connections
---@param opts googlemeet.ConnectOptions
---@return googlemeet.Connection? connection
---@return googlemeet.Error err
function Choice.connect(service, opts) end

--- Describe a connection in one line, without its url: id, status, age, e-mail address if there is one.
---@param connection googlemeet.Connection
---@param now? googlemeet.When (the machine's clock)
---@return string
function Choice.describe(connection, now) end

--- Return the seconds since a connection was created; nil if it does not say when.
---@param connection googlemeet.Connection
---@param now? googlemeet.When (the machine's clock)
---@return number?
function Choice.age(connection, now) end

---@class googlemeet.doctor
local Doctor = {}

--- Return the rows of `client:doctor()`, also without a client: `meet.doctor.rows(meet.new())`.
---@param client googlemeet.Client?
---@param err? googlemeet.Error why there is no client
---@return googlemeet.DoctorRow[] rows
function Doctor.rows(client, err) end

---@class googlemeet.filter
local Filter = {}

--- Split a filter into its server-side and its client-side part.
---@param kind googlemeet.FilterKind
---@param given googlemeet.Filter
---@param level? integer position of the misuse when the filter is invalid, as for `error` (2)
---@return string? expression nil when there is nothing for the server
---@return (fun(item: table): boolean)? keep nil when the server evaluates everything
---@return string[] keys fields of an item that `keep` reads
function Filter.split(kind, given, level) end

-- Archive ------------------------------------------------------------------------------------------

---@class googlemeet.archive
local Archive = {}

--- Open an SQLite database as a store; it is created if it does not exist, for its owner alone.
---@param path string
---@return googlemeet.ArchiveStore? store
---@return googlemeet.Error err of kind `config`: no module luasql.sqlite3, not an archive, or it
---  cannot be read
function Archive.sqlite(path) end

--- Open a directory as a store; it is created if it does not exist. Its files are for their owner
--- alone.
---@param path string
---@return googlemeet.ArchiveStore? store
---@return googlemeet.Error err of kind `config`
function Archive.directory(path) end

--- Make a function for `on_progress` that redraws one terminal line. It does nothing when the stream
-- is a pipe or a file.
---@param stream? file* default: io.stderr
---@return fun(at: googlemeet.ArchiveProgress)
function Archive.progress(stream) end

---@class googlemeet.ArchiveOptions
---@field since? googlemeet.When only conferences that began then or later
---@field files? boolean|"again" `true`: also copy the texts of documents, and recordings; `"again"`: also request files that were unavailable before
---@field on_progress? fun(at: googlemeet.ArchiveProgress) called after each conference; with `files` also during a recording and after each file
---@field settle_after? number default: 21600; seconds after the end in which artifacts can still appear
---@field now? googlemeet.When default: `os.time()`; current time for `settle_after`

---@class googlemeet.ArchiveCounts
---@field participants integer
---@field participant_sessions integer
---@field recordings integer
---@field transcripts integer
---@field transcript_entries integer
---@field smart_notes integer

---@class googlemeet.ArchiveSummary: googlemeet.ArchiveCounts
---@field records integer conferences that were copied
---@field skipped integer conferences that were complete before the run
---@field due integer copied conferences that are not complete yet
---@field gone string[] names of conferences that the server no longer has
---@field failed { name: string, file?: string, err: googlemeet.Error }[] conferences and files that could not be read or stored completely; `file` is the artifact; the next run tries again
---@field files? integer files that were copied; this and the next three fields with the option `files` only
---@field bytes? integer of these files
---@field files_due? integer files that the next run tries again
---@field unavailable? { name: string, err: googlemeet.Error }[] artifacts whose files cannot be downloaded

---@class googlemeet.ArchiveProgress
---@field done integer
---@field total integer
---@field record string name of the conference record
---@field state "complete"|"due"|"gone"|"failed"
---@field counts googlemeet.ArchiveCounts resources by service, as in the summary
---@field file? string name of the artifact whose file is being copied
---@field bytes? integer of this file so far
---@field size? integer total bytes of this file

---@class googlemeet.ArchiveEntry
---@field name string of the conference record
---@field start_time? string RFC 3339
---@field end_time? string nil while it runs
---@field expire_time? string when the server deletes it
---@field state "complete"|"due"|"gone" `due`: the next run copies it again; `gone`: the server deleted it before it was complete
---@field counts googlemeet.ArchiveCounts resources by service, as in the summary
---@field bytes? integer size of its file; in a directory

--- What an archive has of a recording's file, or of the text of a transcript's document or of a
--- smart note.
---@class googlemeet.ArchiveFile
---@field name string of the recording, transcript or smart note
---@field file? string id in Drive
---@field state "complete"|"due"|"unavailable" `due`: the next run tries again; `unavailable`: it cannot be downloaded; only `files = "again"` tries again
---@field kind? googlemeet.Kind why the file is not complete, such as `not_found` or `permission`
---@field message? string why the file is not complete, in words
---@field bytes? integer its size
---@field text? string of a document
---@field format? string of a document: `"text"`
---@field path? string of a recording: where the file is
---@field sha256? string of a recording: the checksum in Drive

---@class googlemeet.ArchiveSearchOptions
---@field limit? integer default: 20; maximum number of results
---@field record? googlemeet.ConferenceRecord|string search only this conference
---@field speaker? string search only what this person said: a display name, compared as in reports

--- A transcript entry or a smart note that contains all words.
---@class googlemeet.ArchiveHit
---@field record string name of the conference record
---@field name string of the transcript entry or the smart note
---@field kind "entry"|"note"
---@field speaker? string display name; a note has none
---@field time? string RFC 3339: when it was said, or when the note began
---@field text? string of a transcript entry
---@field snippet string the words in their context, in one line, with `…` where text is cut

--- The lock of a run on a store. It ends with the process at the latest.
---@class googlemeet.ArchiveLock
local ArchiveLock = {}

--- Release the lock, as `<close>` does. A second call does nothing.
function ArchiveLock:close() end

--- A store of conferences: any table with `manifest` and `put`; the other methods may be missing. The
--- option `files` needs `read`, `files`, `put_files` and `folder`.
---@class googlemeet.ArchiveStore
local ArchiveStore = {}

--- Return the manifest entries of all stored conferences, the next to expire first. A conference
--- that does not match its checksum is `due`: in a directory always, in a database under a lock.
---@return googlemeet.ArchiveEntry[]?
---@return googlemeet.Error err
function ArchiveStore:manifest() end

--- Return the stored resources of a conference by service; nil if none can be read.
---@param name string
---@return table<string, table[]>?
function ArchiveStore:read(name) end

--- Lock the store against other runs, even of this process. `meet.archive` does this.
---@return googlemeet.ArchiveLock? lock
---@return googlemeet.Error err of kind `conflict`: another run has the store
function ArchiveStore:lock() end

--- Store a manifest entry and, if `found` is given, replace all resources of the conference: both
-- or neither.
---@param entry googlemeet.ArchiveEntry
---@param found? table<string, table[]> resources by service; `conference_records` has the record
---@return true?
---@return googlemeet.Error err of kind `decode`, `invalid` or `too_large`: of this conference alone
function ArchiveStore:put(entry, found) end

--- Return the files of a conference: a row for each recording, transcript and smart note that had a
--- file in a run with `files`. A recording that is missing or has a wrong size is `due`.
---@param name string of the conference record
---@return googlemeet.ArchiveFile[]?
---@return googlemeet.Error err
function ArchiveStore:files(name) end

--- Replace the rows of a conference: all or none.
---@param name string of the conference record
---@param rows googlemeet.ArchiveFile[]
---@return true?
---@return googlemeet.Error err
function ArchiveStore:put_files(name, rows) end

--- Return the path of the folder of recordings; it is created if it does not exist.
---@return string? path
---@return googlemeet.Error err
function ArchiveStore:folder() end

--- Find transcript entries and copied texts of notes that contain all words, in any order. Case and
--- accents of Latin letters do not matter; `words` has no query syntax. The first search of an
--- archive builds an index in it.
---@param words string
---@param opts? googlemeet.ArchiveSearchOptions
---@return googlemeet.ArchiveHit[]? hits the best first
---@return googlemeet.Error err of kind `config`: the store is a directory, SQLite lacks FTS5, or it
---  cannot write the index; `conflict`: another program holds the database; `invalid`: more than
---  1000 different words
function ArchiveStore:search(words, opts) end

--- Close the store; may be repeated.
---@return true
function ArchiveStore:close() end

-- Watching -----------------------------------------------------------------------------------------

--- `meet.watch(client, opts)`: the events of conferences, each once and in time order.
---@class googlemeet.watch
---@overload fun(client: googlemeet.Client, opts: googlemeet.WatchOptions): googlemeet.Watcher?, googlemeet.Error

--- Either `spaces` or `records`.
---@class googlemeet.WatchOptions
---@field spaces? googlemeet.SpaceRef[] watch the conferences that run in these spaces, and all that begin later
---@field records? (googlemeet.ConferenceRecord|string)[] watch these conferences, from their start to their last file
---@field interval? number default: 5; seconds between two polls
---@field state? googlemeet.WatchState resume from this result of `watcher:state()`, of this process or an earlier one
---@field cheap? boolean fewer requests, and fewer events; see [What a poll costs](#what-a-poll-costs)
---@field on_poll? fun(watcher: googlemeet.Watcher) called after each poll, before its events are returned; store the state here
---@field on_error? fun(err: googlemeet.Error) called with each failure that the watch survives

---@class googlemeet.WatchEvent
---@field type "started"|"joined"|"left"|"ended"|"recording_ready"|"transcript_ready"|"smart_note_ready"
---@field time string RFC 3339, by the server's clock
---@field record googlemeet.ConferenceRecord
---@field room? googlemeet.SpaceRef the element of the option `spaces`; nil in a watch of `records`
---@field participant? googlemeet.Participant in `joined` and `left`
---@field recording? googlemeet.Recording in `recording_ready`
---@field transcript? googlemeet.Transcript in `transcript_ready`
---@field smart_note? googlemeet.SmartNote in `smart_note_ready`

--- Plain data: names and times.
---@class googlemeet.WatchState
---@field version integer
---@field latest? string time of the latest event
---@field begun table<string, number>
---@field spaces table<string, string>
---@field records table<string, table>

---@class googlemeet.Watcher
---@overload fun(): googlemeet.WatchEvent?
local Watcher = {}

--- Return where another process can resume; it covers the events that were returned.
---@return googlemeet.WatchState
function Watcher:state() end

--- Return who is present by the events that were returned, in the order in which they joined.
---@param record googlemeet.ConferenceRecord|string
---@return googlemeet.Participant[]?
---@return googlemeet.Error
function Watcher:present(record) end

--- End the watch; may be repeated.
---@return boolean
function Watcher:close() end

-- The fake -----------------------------------------------------------------------------------------

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
---@field log_limit? integer default: no limit; maximum number of log entries

--- Nodes are the results of the `add_` methods: tables with `name` and `resource`.
---@alias googlemeet.Node { name: string, resource: table }

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
---@field id? string

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
---@field id? string an id that no event of the account has
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
---@param id string
function Gateway:activate(id) end

---@param id string
---@param status "ACTIVE"|"PENDING"|"FAILED"
function Gateway:set_status(id, status) end

--- Return the organisation of a connection, by default the first one.
---@param id? string
---@return table
function Gateway:organisation(id) end

--- Return the fake's time.
---@return number seconds since 1970
function Gateway:now() end

---@param name string
---@return googlemeet.Node?
function Gateway:find(name) end

---@param options? googlemeet.GatewaySpaceOptions
---@return googlemeet.Node
function Gateway:add_space(options) end

---@param space googlemeet.Node|string
---@param options? googlemeet.GatewayRecordOptions
---@return googlemeet.Node
function Gateway:add_record(space, options) end

---@param space googlemeet.Node|string
---@param options googlemeet.GatewayMemberOptions
---@return googlemeet.Node
function Gateway:add_member(space, options) end

---@param record googlemeet.Node|string
---@param options? googlemeet.GatewayParticipantOptions
---@return googlemeet.Node
function Gateway:add_participant(record, options) end

---@param participant googlemeet.Node|string
---@param options? googlemeet.GatewaySessionOptions
---@return googlemeet.Node
function Gateway:add_session(participant, options) end

---@param record googlemeet.Node|string
---@param options? googlemeet.ArtifactOptions
---@return googlemeet.Node
function Gateway:add_recording(record, options) end

---@param record googlemeet.Node|string
---@param options? googlemeet.ArtifactOptions
---@return googlemeet.Node
function Gateway:add_transcript(record, options) end

---@param record googlemeet.Node|string
---@param options? googlemeet.ArtifactOptions
---@return googlemeet.Node
function Gateway:add_smart_note(record, options) end

---@param transcript googlemeet.Node|string
---@param options? googlemeet.GatewayEntryOptions
---@return googlemeet.Node
function Gateway:add_entry(transcript, options) end

--- End a running conference, at `at` or now.
---@param record googlemeet.Node|string
---@param at? googlemeet.When
function Gateway:end_conference(record, at) end

--- Make a participant leave, at `at` or now.
---@param participant googlemeet.Node|string
---@param at? googlemeet.When
function Gateway:leave(participant, at) end

--- Change the state of a recording, transcript or smart note.
---@param artifact googlemeet.Node|string
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
---@param file googlemeet.FileNode|googlemeet.Node|string its node, its id, or what it belongs to
---@param options googlemeet.FileOptions
---@return googlemeet.FileNode
function Gateway:set_file(file, options) end

--- Delete a file for good.
---@param file googlemeet.FileNode|googlemeet.Node|string
function Gateway:delete_file(file) end

---@param file googlemeet.FileNode|googlemeet.Node|string
---@return googlemeet.FileNode?
function Gateway:file(file) end

--- Return bytes of a file.
---@param file googlemeet.FileNode|googlemeet.Node|string
---@param offset? integer from 0 (0)
---@param count? integer (all)
---@return string
function Gateway:read_file(file, offset, count) end

return googlemeet
