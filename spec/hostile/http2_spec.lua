--- A server that breaks HTTP/2 over TLS, frame by frame.

local Server = require "spec.support.server"
local frames = require "spec.support.frames"
local hostile = require "spec.support.hostile"

local BODY = hostile.BODY
local HOLD = { hold = true }
local SHORT = { timeout = hostile.SHORT }
local TLS = { tls = "good", protocol = "h2" }
local ASKED = { streams = 1 }
local SETTINGS = frames.settings()
local FIELDS = { { ":status", "200" }, { "content-type", "application/json" } }
local HEAD = frames.headers(1, FIELDS)
local ANSWER = HEAD .. frames.data(1, BODY, true)
local NEXT = frames.headers(3, FIELDS) .. frames.data(3, BODY, true)
local LARGE = { "large" }

-- Error codes of RFC 9113 section 7.
local NO_ERROR, INTERNAL_ERROR, REFUSED_STREAM, CANCEL, ENHANCE_YOUR_CALM, HTTP_1_1_REQUIRED =
  0, 2, 7, 8, 11, 13

--- The fields of a good head, and more of them.
local function with(...)
  return { FIELDS[1], FIELDS[2], ... }
end

--- Steps of a server that reads the request, sends these bytes and closes.
local function replies(...)
  return { TLS, SETTINGS, ASKED, ... }
end

local endings = {
  { "a right answer", "spaces/abc", steps = replies(ANSWER) },
  { "closed before its settings", "transport", seen = 0, steps = { TLS } },
  { "closed behind its settings", "transport", seen = 0, steps = { TLS, SETTINGS } },
  { "closed behind the request", "transport", steps = replies() },
  -- What there is of an answer is kept.
  { "closed behind the head", "decode", newer = { ["8.14"] = { [2] = "transport" } }, status = 200,
    steps = replies(HEAD) },
  { "closed in a frame", "decode", newer = { ["8.14"] = { [2] = "transport" } },
    steps = replies(HEAD, frames.data(1, BODY):sub(1, 15)) },
  { "closed behind data that do not end", "decode", newer = { ["8.14"] = { [2] = "transport" } },
    steps = replies(HEAD, frames.data(1, BODY)) },
  { "reset before its settings", "transport", seen = 0, steps = { TLS, { reset = true } } },
  { "reset in the body", "transport or decode",
    steps = replies(HEAD .. frames.data(1, '{"name":') .. frames.ping(), { reset = true }) },
  { "silent, without settings", "timeout", seen = 0, options = SHORT, steps = { TLS, HOLD } },
  { "silent behind the request", "timeout", options = SHORT, steps = replies(HOLD) },
  { "silent behind the head", "timeout", options = SHORT, steps = replies(HEAD, HOLD) },
  { "silent in a frame", "timeout", options = SHORT,
    steps = replies(HEAD, frames.data(1, BODY):sub(1, 15), HOLD) },
  { "a byte at a time, in time", "spaces/abc",
    steps = replies({ drip = ANSWER, every = 0.001 }) },
  { "a byte at a time, too slow", "timeout", options = SHORT,
    steps = replies({ drip = ANSWER, every = 0.05 }) },
}

local resets = {
  { "RST_STREAM INTERNAL_ERROR", "transport", steps = replies(frames.reset(1, INTERNAL_ERROR)) },
  { "RST_STREAM CANCEL", "transport", steps = replies(frames.reset(1, CANCEL)) },
  { "RST_STREAM ENHANCE_YOUR_CALM", "transport",
    steps = replies(frames.reset(1, ENHANCE_YOUR_CALM)) },
  { "RST_STREAM NO_ERROR without an answer", "transport",
    steps = replies(frames.reset(1, NO_ERROR)) },
  { "RST_STREAM in the body", "transport",
    steps = replies(HEAD .. frames.data(1, '{"name"') .. frames.reset(1, INTERNAL_ERROR)) },
  { "RST_STREAM NO_ERROR behind the answer", "spaces/abc",
    steps = replies(ANSWER .. frames.reset(1, NO_ERROR)) },
  -- Not processed (RFC 9113 8.7, 6.8): no write is in doubt. libcurl would send it again unasked.
  { "RST_STREAM REFUSED_STREAM", "transport", unsent = true,
    steps = replies(frames.reset(1, REFUSED_STREAM), HOLD) },
  -- Where no other stream is left, libcurl 7.88 shows no difference from other ends: in doubt.
  { "GOAWAY that did not take the request, and an open socket", "transport",
    newer = { ["8.14"] = { unsent = true } },
    steps = replies(frames.goaway(0, NO_ERROR), HOLD) },
  { "RST_STREAM HTTP_1_1_REQUIRED", "transport", newer = { ["8.23"] = { unsent = true } },
    steps = replies(frames.reset(1, HTTP_1_1_REQUIRED)) },
  { "GOAWAY before the request", "transport", seen = 0, newer = { ["8.14"] = { unsent = true } },
    steps = { TLS, SETTINGS .. frames.goaway(0, NO_ERROR), HOLD } },
  { "GOAWAY that did not take the request, and the socket's end", "transport",
    newer = { ["8.14"] = { unsent = true } },
    steps = replies(frames.goaway(0, NO_ERROR)) },
  { "GOAWAY that took the request, and the answer", "spaces/abc",
    steps = replies(frames.goaway(1, NO_ERROR) .. ANSWER) },
  { "GOAWAY that took the request, and no answer", "transport",
    steps = replies(frames.goaway(1, NO_ERROR)) },
  { "GOAWAY in the body, and its rest", "spaces/abc", steps = replies(
    HEAD .. frames.data(1, BODY:sub(1, 8)) .. frames.goaway(1, NO_ERROR)
      .. frames.data(1, BODY:sub(9), true)) },
  { "GOAWAY in the body, and no rest", "decode", newer = { ["8.14"] = { [2] = "transport" } },
    steps = replies(HEAD .. frames.data(1, BODY:sub(1, 8)) .. frames.goaway(1, INTERNAL_ERROR)) },
  { "GOAWAY with a long text", "transport",
    steps = replies(frames.goaway(1, ENHANCE_YOUR_CALM, ("x"):rep(16000))) },
}

local violations = {
  { "HTTP/1.1 where HTTP/2 was agreed", "transport", seen = 0, steps = { TLS, hostile.GOOD } },
  { "no status", "transport", newer = { ["8.14"] = { [2] = "decode" } },
    steps = replies(frames.headers(1, { FIELDS[2] }) .. frames.data(1, BODY, true)) },
  { "a status that is no number", "transport",
    steps = replies(frames.headers(1, { { ":status", "ok" } }) .. frames.data(1, BODY, true)) },
  { "101", "transport", steps = replies(frames.headers(1, { { ":status", "101" } }), ANSWER) },
  { "103 before the answer", "spaces/abc",
    steps = replies(frames.headers(1, { { ":status", "103" } }) .. ANSWER) },
  { "103 without end", "transport",
    steps = replies({ flood = frames.headers(1, { { ":status", "103" } }):rep(100) }) },
  { "a name in capitals", "transport",
    steps = replies(frames.headers(1, with { "X-Capital", "x" }) .. frames.data(1, BODY, true)) },
  { "a line end in a value", "transport", newer = { ["8.23"] = { [2] = "spaces/abc" } },
    steps = replies(frames.headers(1, with { "a", "b\r\nset-cookie: c" })
      .. frames.data(1, BODY, true)) },
  { "a NUL byte in a value", "transport", newer = { ["8.23"] = { [2] = "spaces/abc" } },
    steps = replies(frames.headers(1, with { "a", "b\0c" }) .. frames.data(1, BODY, true)) },
  { "a head that cannot be unpacked", "transport",
    steps = replies(frames.frame(1, 4, 1, "\255\255\255\255\255\255\255\255")) },
  { "a head of 300 KB", "transport",
    steps = replies(frames.headers(1, with { "a", ("x"):rep(300000) }), HOLD) },
  { "a head without end", "transport",
    steps = replies(frames.headers_open(1, FIELDS),
      { flood = frames.continuation(1, frames.block { { "a", ("x"):rep(4000) } }) }) },
  { "twenty thousand fields", "transport or decode", newer = { ["8.14"] = { [2] = "too_large" } },
    steps = replies(frames.frame(1, 0, 1, frames.block(FIELDS)
      .. frames.block { { "a", "b" } }:rep(3000)),
      { flood = frames.continuation(1, frames.block { { "a", "b" } }:rep(3000)), times = 7 }) },
  { "data before a head", "transport", steps = replies(frames.data(1, BODY, true)) },
  { "data of stream 0", "transport", steps = replies(frames.data(0, BODY)) },
  { "data of a stream that is not", "transport or decode",
    steps = replies(HEAD .. frames.data(7, BODY) .. frames.data(1, BODY, true)) },
  { "data longer than their length", "transport",
    steps = replies(frames.headers(1, with { "content-length", "5" })
      .. frames.data(1, BODY, true)) },
  { "data shorter than their length", "transport",
    steps = replies(frames.headers(1, with { "content-length", "500" })
      .. frames.data(1, BODY, true)) },
  { "a body too large", "too_large", options = { max_response_bytes = 100000 },
    steps = replies(HEAD, { flood = frames.data(1, ("x"):rep(10000)), times = 20 }, ASKED, NEXT,
      HOLD) },
  { "empty data without end", "timeout", options = SHORT,
    steps = replies(HEAD, { flood = frames.data(1, ""), every = 0.01 }) },
  { "a frame over the size allowed", "transport or decode",
    steps = replies(HEAD .. frames.data(1, ("x"):rep(20000), true)) },
  { "a frame of 16 MB that never comes", "timeout", newer = { ["8.14"] = { [2] = "transport" } },
    options = SHORT, steps = replies(HEAD .. "\255\255\255\0\0\0\0\0\1xxxx", HOLD) },
  { "a frame of no known type", "spaces/abc",
    steps = replies(frames.frame(200, 255, 1, "xxxx") .. ANSWER) },
  { "PUSH_PROMISE, which nobody wants", "spaces/abc",
    steps = replies(frames.push(1, 2, { { ":method", "GET" }, { ":scheme", "https" },
      { ":path", "/" }, { ":authority", "x" } }) .. ANSWER, ASKED, NEXT, HOLD) },
  { "a trailer", "spaces/abc", steps = replies(HEAD .. frames.data(1, BODY)
    .. frames.headers(1, { { "a", "b" } }, true)) },
  { "a second head that does not end", "transport",
    steps = replies(HEAD .. frames.headers(1, { { "a", "b" } }) .. frames.data(1, BODY, true)) },
}

local controls = {
  { "PING a thousand times", "spaces/abc",
    steps = replies({ flood = frames.ping(), times = 500 }, ANSWER, ASKED, NEXT, HOLD) },
  -- nghttp2 counts what it has to acknowledge. (libcurl 7.88 handles frames as long as there are
  -- any, so without such a count a fast enough flood outlasts every timeout.)
  { "PING without end", "transport", steps = replies({ flood = frames.ping():rep(200) }) },
  { "SETTINGS without end", "transport", steps = replies({ flood = SETTINGS:rep(200) }) },
  { "a setting of no known number", "spaces/abc",
    steps = { TLS, frames.settings { { 99, 1 } }, ASKED, ANSWER } },
  { "a setting out of range", "transport", seen = 0,
    steps = { TLS, frames.settings { { 4, 4294967295 } }, HOLD } },
  { "no streams allowed", "spaces/abc",
    steps = { TLS, frames.settings { { 3, 0 } }, ASKED, ANSWER } },
  { "a window that is never opened", "timeout", calls = LARGE, seen = 0, options = SHORT,
    steps = replies(HOLD) },
  { "a window of nothing", "timeout", calls = LARGE, seen = 0, options = SHORT,
    steps = { TLS, frames.settings { { 4, 0 } }, ASKED } },
  { "windows that are wide enough", "spaces/abc", calls = LARGE,
    steps = { TLS, SETTINGS, frames.window(0, 1000000), frames.settings { { 4, 1000000 } },
      ASKED, ANSWER } },
  { "a window update of nothing", "transport", steps = replies(frames.window(1, 0)) },
  { "a window that overflows", "transport", steps = replies(frames.window(1, 2147483647)) },
  { "the connection's window that overflows", "transport",
    steps = replies(frames.window(0, 2147483647)) },
}

describe("a server that speaks HTTP/2", function()
  local server

  setup(function() server = Server.start { tls = true } end)
  teardown(function() server:close() end)

  local good = { TLS, SETTINGS, ASKED, ANSWER, ASKED, NEXT, HOLD }
  local groups = {
    ["and ends it"] = endings, ["and resets"] = resets, ["wrongly"] = violations,
    ["with odd controls"] = controls,
  }
  for title, run in hostile.each(groups, good) do
    it(title, function() run(server) end)
  end
end)
