--- The conditions under which calls are made, in order.

---@class Condition
---@field [1] string its name, one word for the command line
---@field [2] string what goes wrong
---@field servers string[] behaviours of spec/late/server.lua; "name" stands for a slow name server
---@field holds? "calls"|"pages"|"handshake" what is under way for long, before the calls
---@field writes? boolean another client writes on the sockets of the reads, and must not suffer
---@field answered? number least share of the calls that must be answered
---@field held? number least share that must not be, or nothing holds them up
---@field cut? boolean libcurl gets out of such a flood only by losing its socket: calls may end as
--- `transport` or `decode`, writes be ambiguous, if none is carried out twice
---@field stops? boolean the server's process stops now and then, and goes on
---@field rest? number seconds from one call of a task to its next
---@field times? integer so many times the calls of another condition, for they take no time
---@field tasks? integer calls at once, 32 if not given
local conditions = {
  { "calls", "16 sockets held by calls", servers = { "holding" }, holds = "calls", held = 0.8 },
  { "pages", "16 sockets held by pages sent ahead", servers = { "holding" }, holds = "pages" },
  { "calls-tls", "16 TLS sockets held by calls", servers = { "holding_tls" }, holds = "calls",
    held = 0.8 },
  { "pages-tls", "16 TLS sockets held by pages sent ahead", servers = { "holding_tls" },
    holds = "pages" },
  { "busy", "HTTP/1.1: more calls than sockets", servers = { "holding" }, answered = 0.9,
    times = 10 },
  { "body", "HTTP/1.1: a body a byte at a time", servers = { "dripping1" } },
  { "connect", "no connection is accepted", servers = { "full" } },
  { "names", "a name server that takes 3 s", servers = { "name" }, tasks = 8 },
  { "handshake", "no answer to the TLS handshake", servers = { "handshake" },
    holds = "handshake" },
  { "handshaking", "a TLS handshake a byte at a time", servers = { "handshaking" },
    holds = "handshake" },
  { "silent", "HTTP/2: no read is answered", servers = { "silent" }, writes = true },
  { "narrow", "HTTP/2: one stream a socket, no answer", servers = { "narrow" }, writes = true },
  { "partly", "HTTP/2: each third read is not answered", servers = { "partly" }, writes = true,
    answered = 0.5 },
  { "dripping", "HTTP/2: a body a byte at a time", servers = { "dripping" }, writes = true },
  { "dying", "HTTP/2: a socket falls silent for good", servers = { "dying" }, answered = 0.5,
    tasks = 8 },
  { "data", "HTTP/2: empty DATA without end", servers = { "data" }, writes = true },
  { "windows", "HTTP/2: WINDOW_UPDATE without end", servers = { "windows" }, writes = true },
  { "unknown", "HTTP/2: unknown frames without end", servers = { "unknown" }, writes = true },
  { "data-fast", "HTTP/2: empty DATA as fast as it goes", servers = { "data_fast" },
    writes = true, cut = true },
  { "windows-fast", "HTTP/2: WINDOW_UPDATE as fast as it goes", servers = { "windows_fast" },
    writes = true, cut = true },
  { "unknown-fast", "HTTP/2: unknown frames as fast as it goes", servers = { "unknown_fast" },
    writes = true, cut = true },
  { "first-fast", "HTTP/2: such, before anything is asked", servers = { "first_fast" },
    writes = true, cut = true },
  { "pings", "HTTP/2: PING without end", servers = { "pings" }, writes = true },
  { "settings", "HTTP/2: SETTINGS without end", servers = { "settings" }, writes = true },
  { "heads", "HTTP/2: heads without end", servers = { "heads" }, writes = true },
  { "stopped", "the server's process stops", servers = { "answering" }, writes = true,
    stops = true, rest = 0.1, held = 0.05 },
  { "together", "all of these servers at once",
    servers = { "holding", "dripping1", "full", "handshake", "handshaking", "silent", "partly",
      "dripping", "data", "windows", "unknown", "pings", "settings", "heads" }, writes = true },
}

return conditions
