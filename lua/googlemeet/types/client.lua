---@meta _

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

--- Diagnose why calls fail: a row for each step from the key to a read. Sends a few reads.
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
---@field body? table|string a table is sent as JSON, a string unchanged; not for GET. Its `Content-Type` is `application/json`, unless `headers` has another
---@field connection? string|googlemeet.Connection the gateway connection for this call, or its id
---@field timeout? number seconds of one attempt; with `sink`, the longest silence of the server, without the time that the sink takes
---@field deadline? number seconds of the whole call; with `sink`, none unless given
---@field sink? string|fun(chunk: string): boolean? where the body of a GET goes: the path of a file, or a function that gets each chunk; if it returns `false`, the call ends
---@field on_progress? fun(bytes: integer, total: integer?): boolean? with `sink`: called at most ten times a second, and at the end; `total` is nil until the server names it; if it returns `false`, the call ends
---@field version? string with `sink`: version of the content, for servers that send no validator
---@field check? fun(bytes: integer): any, googlemeet.Error? with `sink`: called when the body is complete, before a file gets its name; if it returns `nil, err`, so does the call

---@class googlemeet.Stats
---@field requests integer requests, each counted once
---@field attempts integer attempts of all requests, retries included
---@field retries integer attempts after the first of each request
---@field waits integer waits before an attempt: for a turn under the limits of `rate`, or after a failed attempt
---@field seconds_waited number seconds of these waits
---@field limiter_waits integer waits for the limiter, which are not in `waits`
---@field seconds_waited_for_limiter number seconds of these waits
---@field bytes_sent integer bytes of requests
---@field bytes_received integer bytes of responses
---@field sockets_opened integer sockets opened
