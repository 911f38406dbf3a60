---@meta _

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
---@param name string one for each Maton account, but not a key
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
