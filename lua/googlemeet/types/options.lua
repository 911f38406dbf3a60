---@meta _

---@class googlemeet.Options
---@field api_key? string|fun(): string?, any default: MATON_API_KEY; the key, or a function that returns it. The function is called for each call; after a 401 it is called once more, and the call is sent again
---@field connection? string|googlemeet.Connection|fun(connections: googlemeet.Connection[]): googlemeet.Connection|string? default: MATON_CONNECTION; the gateway connection to use for Meet: a connection or its id; `"only"`, the one ACTIVE connection (if several are, the call fails and lists them); or a function that picks one. It is resolved once, on first use. Without it the gateway picks
---@field connections? googlemeet.AppConnections the gateway connections to use for other apps; for an app not given, the gateway picks
---@field base_url? string default: `MATON_API_URL`, else `https://api.maton.ai`; http is refused unless the host is loopback
---@field timeout? number default: 60; seconds of one attempt, 0.001 to 86400; 80 by default for `members:create`
---@field connect_timeout? number default: 10; seconds to open a socket, 0.001 to 86400
---@field deadline? number default: 600; seconds of one call with all its attempts and waits, 0.001 to 86400. A call that takes several requests, such as the lookup of a meeting code, has these seconds for each
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
---@field max? number default: 10; upper limit of that maximum, in seconds, 0 to 3600. It does not limit a delay that the server names

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
---@field seconds number in a `response` how long the attempt took, in a `retry` or `wait` how long the next one waits; else 0
---@field limiter? true the wait is for a shared limiter
---@field status? integer HTTP status of the response
---@field kind? googlemeet.Kind why the attempt got no response; a response has `status` alone

--- `seconds` is the time left of the attempt: a response that comes later is dropped. A failure is
--- nil, a message, "sent" if the request may have been sent (without it even a write is sent again),
--- and a kind ("transport" by default).
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
