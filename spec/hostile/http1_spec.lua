--- A server that breaks HTTP/1.1, or the connection, at every point of it.
-- Each row is a server; most meet a read and a write. Cases that stand elsewhere:
--   transfer_spec  refused; a dropped request (FIN, RST); a reused socket dropped after the whole
--                  request; a body cut short; a body too large, a gzip bomb over a small limit; SSH
--                  and NUL bytes instead of HTTP
--   errors_spec    every error shape of the contract; bodies that are no JSON
--   json_spec      numbers, null, names twice, depth, texts

local meet = require "googlemeet"
local Server = require "spec.support.server"
local hostile = require "spec.support.hostile"

local BODY, GOOD, answer = hostile.BODY, hostile.GOOD, hostile.answer
local REQUEST = { read = "request" }
local HOLD = { hold = true }
local MARK = { mark = true }
local RESET = { reset = true }
local SHORT = { timeout = hostile.SHORT }
local CHUNKED = "Transfer-Encoding: chunked\r\n"
local GZIP = "Content-Encoding: gzip\r\n"
local INTERIM = "HTTP/1.1 100 Continue\r\n\r\n"

--- All that `command` writes.
local function output_of(command)
  local pipe <close> = assert(io.popen(command))
  return pipe:read "a"
end

local function with_length(fields, body)
  return answer(("%sContent-Length: %d\r\n"):format(fields, #body), body)
end

local function refusal(status, fields)
  return ("HTTP/1.1 %s\r\n%sContent-Length: 0\r\n\r\n"):format(status, fields or "")
end

local SMALL_GZIP = output_of(("printf '%%s' '%s' | gzip -n -c"):format(BODY))
local BOMB = output_of "head -c 40000000 /dev/zero | gzip -n -c -1" -- over the default limit
local TWICE = output_of "head -c 40000000 /dev/zero | gzip -n -c -1 | gzip -n -c -1"

-- The connection ends, or falls silent, or is slow.
local interruptions = {
  { "reset before it reads", "transport", seen = 0, steps = { RESET } },
  { "closed before it reads", "transport", seen = 0, steps = {} },
  { "reset in the status line", "transport", steps = { REQUEST, "HTTP/1.1 20", RESET } },
  { "closed in the status line", "transport", steps = { REQUEST, "HTTP/1.1 20" } },
  { "reset in the head", "transport",
    steps = { REQUEST, "HTTP/1.1 200 OK\r\nContent-Le", RESET } },
  { "closed in the head", "transport", steps = { REQUEST, "HTTP/1.1 200 OK\r\nContent-Le" } },
  { "reset behind the head", "transport",
    steps = { REQUEST, answer "Content-Length: 21\r\n", RESET } },
  { "closed behind the head", "decode", steps = { REQUEST, answer "Content-Length: 21\r\n" } },
  { "reset in the body", "transport",
    steps = { REQUEST, answer("Content-Length: 21\r\n", '{"name":'), RESET } },
  { "reset behind the body", "spaces/abc", steps = { REQUEST, GOOD, RESET } },
  { "silent from the start", "timeout", seen = 0, options = SHORT, steps = { HOLD } },
  { "silent behind the request", "timeout", options = SHORT, steps = { REQUEST, HOLD } },
  { "silent in the status line", "timeout", options = SHORT,
    steps = { REQUEST, "HTTP/1.1 20", HOLD } },
  { "silent in the head", "timeout", options = SHORT,
    steps = { REQUEST, "HTTP/1.1 200 OK\r\nContent-Le", HOLD } },
  { "silent behind the head", "timeout", options = SHORT,
    steps = { REQUEST, answer "Content-Length: 21\r\n", HOLD } },
  { "silent in the body", "timeout", options = SHORT,
    steps = { REQUEST, answer("Content-Length: 21\r\n", '{"name":'), HOLD } },
  { "silent behind a body without a length", "timeout", options = SHORT,
    steps = { REQUEST, answer("", BODY), HOLD } },
  { "a byte at a time, in time", "spaces/abc",
    steps = { REQUEST, { drip = GOOD, every = 0.001 } } },
  { "a byte at a time in the head, too slow", "timeout", options = SHORT,
    steps = { REQUEST, { drip = GOOD, every = 0.05 } } },
  { "a byte at a time in the body, too slow", "timeout", options = SHORT,
    steps = { REQUEST, answer "Content-Length: 21\r\n", { drip = BODY, every = 0.05 } } },
  { "an answer before the request is read", "spaces/abc", seen = 0,
    steps = { { read = "first byte" }, GOOD } },
}

-- The body is not as the head says.
local framings = {
  { "chunks without the last one", "decode",
    steps = { REQUEST, answer(CHUNKED, "15\r\n" .. BODY .. "\r\n") } },
  { "a chunk that is cut", "decode", steps = { REQUEST, answer(CHUNKED, "15\r\n" .. '{"name"') } },
  { "a chunk's size that is no number", "transport",
    steps = { REQUEST, answer(CHUNKED, "zz\r\n" .. BODY .. "\r\n0\r\n\r\n") } },
  { "a chunk's size of 17 digits", "transport",
    steps = { REQUEST, answer(CHUNKED, "FFFFFFFFFFFFFFFFF\r\n" .. BODY) } },
  { "a chunk's size below zero", "transport",
    steps = { REQUEST, answer(CHUNKED, "-1\r\n" .. BODY) } },
  { "a chunk longer than its size", "transport",
    steps = { REQUEST, answer(CHUNKED, "5\r\n" .. BODY .. "\r\n0\r\n\r\n") } },
  { "chunks of one byte with extensions and a trailer", "spaces/abc", steps = { REQUEST,
    answer(CHUNKED, BODY:gsub(".", "1;a=b\r\n%0\r\n") .. "0\r\nA: b\r\n\r\n") } },
  { "endless chunks", "too_large", options = { max_response_bytes = 100000 },
    steps = { REQUEST, answer(CHUNKED), { flood = "5\r\nxxxxx\r\n" } } },
  { "an endless trailer", "too_large",
    steps = { REQUEST, answer(CHUNKED, "15\r\n" .. BODY .. "\r\n0\r\n"),
      { flood = ("A: b\r\n"):rep(10) } } },
  { "a length that is too small", "decode",
    steps = { REQUEST, answer("Content-Length: 5\r\n", BODY) } },
  { "a length that is huge", "decode",
    steps = { REQUEST, answer("Content-Length: 1000000000000000\r\n", BODY) } },
  { "a length over 64 bits", "spaces/abc",
    steps = { REQUEST, answer("Content-Length: 99999999999999999999\r\n", BODY) } },
  { "a length below zero", "decode",
    steps = { REQUEST, answer("Content-Length: -5\r\n", BODY) } },
  { "a length that is no number", "decode",
    steps = { REQUEST, answer("Content-Length: many\r\n", BODY) } },
  { "two lengths", "decode", status = 200,
    steps = { REQUEST, answer("Content-Length: 5\r\nContent-Length: 21\r\n", BODY) } },
  { "two lengths in one line", "decode", status = 200,
    steps = { REQUEST, answer("Content-Length: 21, 5\r\n", BODY) } },
  { "one length twice", "spaces/abc", -- RFC 9110 8.6
    steps = { REQUEST, answer("Content-Length: 21\r\ncontent-length: 21, 21\r\n", BODY) } },
  { "a length and chunks", "spaces/abc", steps = { REQUEST,
    answer("Content-Length: 5\r\n" .. CHUNKED, "15\r\n" .. BODY .. "\r\n0\r\n\r\n") } },
  { "no length, closed behind the body", "spaces/abc", steps = { REQUEST, answer("", BODY) } },
  { "HTTP/1.0", "spaces/abc", steps = { REQUEST, "HTTP/1.0 200 OK\r\n\r\n" .. BODY } },
  { "line feeds alone", "spaces/abc",
    steps = { REQUEST, (GOOD:gsub("\r", "")) } },
  { "another transfer coding", "decode",
    steps = { REQUEST, answer("Transfer-Encoding: rot13\r\n", BODY) } },
  { "an endless body", "too_large", options = { max_response_bytes = 100000 },
    steps = { REQUEST, answer "", { flood = ("x"):rep(10000) } } },
}

-- The body is coded.
local codings = {
  { "gzip", "spaces/abc", steps = { REQUEST, with_length(GZIP, SMALL_GZIP) } },
  { "gzip that is cut", "decode", steps = { REQUEST, with_length(GZIP, SMALL_GZIP:sub(1, -12)) } },
  { "gzip with a broken check sum", "decode",
    steps = { REQUEST, with_length(GZIP, SMALL_GZIP:sub(1, -9) .. "12345678") } },
  { "gzip in two members", "decode", steps = { REQUEST, with_length(GZIP, SMALL_GZIP:rep(2)) } },
  { "gzip that is none", "decode", steps = { REQUEST, with_length(GZIP, BODY) } },
  { "a coding that nobody knows", "decode",
    steps = { REQUEST, with_length("Content-Encoding: rot13\r\n", BODY) } },
  { "a gzip bomb", "too_large", steps = { REQUEST, with_length(GZIP, BOMB) } },
  { "a gzip bomb in gzip", "too_large",
    steps = { REQUEST, with_length("Content-Encoding: gzip, gzip\r\n", TWICE) } },
  { "more codings than anybody needs", "decode", steps = { REQUEST,
    with_length("Content-Encoding: " .. ("gzip, "):rep(50) .. "gzip\r\n", SMALL_GZIP) } },
}

-- The head is odd, or there are several.
local heads = {
  { "100 before the answer", "spaces/abc", steps = { REQUEST, INTERIM, GOOD } },
  { "100 before the request is read", "spaces/abc", steps = { INTERIM, REQUEST, GOOD } },
  { "100 and no more", "transport", steps = { REQUEST, INTERIM } },
  { "100 and silence", "timeout", options = SHORT, steps = { REQUEST, INTERIM, HOLD } },
  { "100 with a body", "decode",
    steps = { REQUEST, "HTTP/1.1 100 Continue\r\nContent-Length: 2\r\n\r\nxx", GOOD } },
  { "1xx a thousand times", "spaces/abc",
    steps = { REQUEST, { flood = "HTTP/1.1 103 Early Hints\r\n\r\n", times = 1000 }, GOOD } },
  { "1xx without end", "too_large", steps = { REQUEST, { flood = INTERIM:rep(50) } } },
  { "101 that nobody asked for", "decode", status = 101,
    steps = { REQUEST, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\129\5hello" } },
  { "101 that nobody asked for, and silence", "decode", status = 101,
    steps = { REQUEST, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", HOLD } },
  { "417", "invalid", certain = true, status = 417,
    steps = { REQUEST, refusal "417 Expectation Failed" } },
  { "a line of 64 KB", "spaces/abc",
    steps = { REQUEST, with_length("A: " .. ("x"):rep(65536) .. "\r\n", BODY) } },
  -- Before 8.6 libcurl reports a line over 100 KB as memory that has run out.
  { "a line of 300 KB", "too_large memory",
    steps = { REQUEST, with_length("A: " .. ("x"):rep(300000) .. "\r\n", BODY) } },
  { "a line without end", "too_large memory",
    steps = { REQUEST, "HTTP/1.1 200 OK\r\nA: ", { flood = ("x"):rep(10000) } } },
  { "a status line without end", "too_large memory",
    steps = { REQUEST, "HTTP/1.1 200 ", { flood = ("x"):rep(10000) } } },
  { "a hundred thousand lines", "too_large",
    steps = { REQUEST, "HTTP/1.1 200 OK\r\n", { flood = "Aa: b\r\n", times = 100000 },
      "\r\n" .. BODY } },
  { "a NUL byte in a line", "decode", steps = { REQUEST, with_length("A: b\0c\r\n", BODY) } },
  { "bytes that are not UTF-8 in a line", "spaces/abc",
    steps = { REQUEST, with_length("A: \255\254\r\n", BODY) } },
  { "a line without a colon", "decode", steps = { REQUEST, with_length("no colon\r\n", BODY) } },
  { "lines whose names are none", "spaces/abc",
    steps = { REQUEST, with_length(": no name\r\nA b: c\r\n", BODY) } },
  { "a folded line", "spaces/abc",
    steps = { REQUEST, with_length("A: b\r\n c\r\n\td\r\n", BODY) } },
  { "another version of HTTP", "decode",
    steps = { REQUEST, (GOOD:gsub("HTTP/1.1", "HTTP/7.1")) } },
  { "a status of two digits", "decode", steps = { REQUEST, (GOOD:gsub("200", "20")) } },
  { "status 000", "decode", steps = { REQUEST, (GOOD:gsub("200", "000")) } },
  { "status 999", "server", status = 999, steps = { REQUEST, (GOOD:gsub("200", "999")) } },
  { "status 600", "server", status = 600, steps = { REQUEST, (GOOD:gsub("200", "600")) } },
}

--- An answer of status 302 and so on, to that place.
local function redirect(status, place)
  return { REQUEST, refusal(status .. " Moved", "Location: " .. place .. "\r\n") }
end

-- The answer is well formed, and not what was asked for.
local answers = {
  { "301 to the same host", "transport", status = 301,
    steps = redirect(301, "/google-meet/v2/spaces/other") },
  { "302 to another host", "transport", status = 302,
    steps = redirect(302, "http://127.0.0.2:1/") },
  { "303 to file:", "transport", status = 303,
    steps = redirect(303, "file:///etc/passwd") },
  { "307 to http:", "transport", certain = true, status = 307,
    steps = redirect(307, "http://localhost/") },
  { "308 to nowhere", "transport", certain = true, status = 308, steps = redirect(308, "") },
  { "JSON that is called HTML", "spaces/abc",
    steps = { REQUEST, (GOOD:gsub("application/json", "text/html")) } },
  { "HTML that is called JSON", "decode", status = 200,
    steps = { REQUEST, with_length("", "<html>It works!</html>") } },
  { "JSON in UTF-16", "decode", status = 200,
    steps = { REQUEST, with_length("", (BODY:gsub(".", "%0\0"))) } },
  { "a NUL byte in a name", "decode", steps = { REQUEST, with_length("", '{"na\0me":1}') } },
  { "bytes that are not UTF-8 in a text", "spaces/\u{FFFD}",
    steps = { REQUEST, with_length("", '{"name":"spaces/\255"}') } },
  { "10 000 levels", "decode",
    steps = { REQUEST, with_length("", ('{"a":'):rep(10000) .. "1" .. ("}"):rep(10000)) } },
  { "a name twice", "spaces/abc",
    steps = { REQUEST, with_length("", '{"name":"spaces/x","name":"spaces/abc"}') } },
  { "a number that is no fake", "decode",
    steps = { REQUEST, with_length("", '{"name":"spaces/abc","a":1e999}') } },
  { "200 without a body", "decode", status = 200, steps = { REQUEST, with_length("", "") } },
  { "204", "decode", status = 204, steps = { REQUEST, "HTTP/1.1 204 No Content\r\n\r\n" } },
  { "204 with a length and a body", "decode", status = 204,
    steps = { REQUEST, "HTTP/1.1 204 No Content\r\nContent-Length: 21\r\n\r\n" .. BODY } },
  { "304 with a length", "transport", certain = true, status = 304,
    steps = { REQUEST, "HTTP/1.1 304 Not Modified\r\nContent-Length: 21\r\n\r\n" } },
  { "500 without a body", "server", status = 500, steps = { REQUEST, refusal "500 x" } },
  { "401 with an authentication scheme", "auth", certain = true, status = 401,
    steps = { REQUEST, refusal("401 x", 'WWW-Authenticate: Basic realm="x"\r\n') } },
  { "407 of a proxy that is none", "transport", certain = true, status = 407,
    steps = { REQUEST, refusal("407 x", 'Proxy-Authenticate: NTLM\r\n') } },
  { "a refusal that is cut", "decode",
    steps = { REQUEST, 'HTTP/1.1 403 x\r\nContent-Length: 90\r\n\r\n{"error"' } },
}

-- What a socket holds when the next request comes is nobody's answer.
local LEFT = GOOD:gsub("abc", "bad")
local leftovers = {
  { "a second answer at once", "decode", steps = { REQUEST, GOOD .. LEFT, HOLD } },
  { "a second answer a moment later", "spaces/abc", seen = 2,
    steps = { REQUEST, GOOD, { pause = 0.2 }, LEFT, MARK, HOLD } },
  { "half an answer behind the first", "decode",
    steps = { REQUEST, GOOD .. "HTTP/1.1 200 OK\r\n", HOLD } },
  { "the body again", "decode", steps = { REQUEST, GOOD .. BODY, HOLD } },
}

describe("a server", function()
  local server

  setup(function() server = Server.start() end)
  teardown(function() server:close() end)

  local good = { REQUEST, GOOD, REQUEST, GOOD }
  local groups = {
    ["whose connection fails"] = interruptions, ["whose framing is wrong"] = framings,
    ["with a coding"] = codings, ["with odd heads"] = heads, ["that answers"] = answers,
    ["that says more than it was asked"] = leftovers,
  }
  for title, run in hostile.each(groups, good) do
    it(title, function() run(server) end)
  end

  it("that answers before it is asked, and then as asked, is not believed", function()
    for _, close in ipairs { "", "Connection: close\r\n" } do
      local second = GOOD:gsub("\r\n", "\r\n" .. close, 1)
      server:play { { REQUEST, GOOD, REQUEST, LEFT .. second, HOLD }, good }
      local client <close> = assert(meet.new {
        api_key = "key-of-the-spec", base_url = server.url, rate = false, retry = false,
      })
      assert(client.spaces:get "abc")
      local space, err = client.spaces:create()
      assert.is_nil(space)
      assert.same({ "decode", true }, { err.kind, err.ambiguous }, tostring(err))
    end
  end)

  it("that says more is sent no write through that socket, and the write once", function()
    server:play {
      { REQUEST, GOOD, { pause = 0.2 }, LEFT, MARK, HOLD }, { REQUEST, GOOD },
    }
    local client <close> = assert(meet.new {
      api_key = "key-of-the-spec", base_url = server.url, rate = false, retry = false,
    })
    assert(client.spaces:get "abc")
    server:wait_for(2)
    assert.equal("spaces/abc", assert(client.spaces:create()).name)
    local requests = server:requests()
    assert.same({ "GET", "", "POST" },
      { requests[1].method, requests[2].method, requests[3].method })
    assert.equal(2, server:sockets())
  end)
end)
