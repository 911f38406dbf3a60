local socket = require "cqueues.socket"
local Server = require "spec.support.server"

local server

--- Run curl; its output, standard error included, and its exit status.
local function curl(arguments)
  local command = "curl -sS --noproxy '*' --max-time 8 %s 2>&1"
  local pipe = io.popen(command:format(arguments))
  local output = pipe:read "a"
  local _, _, status = pipe:close()
  return output, status
end

local function get(path)
  return curl(("'%s%s'"):format(server.url, path))
end

--- Open a bare socket to the server.
local function connect()
  local client = socket.connect { host = "127.0.0.1", port = server.url:match("%d+$") }
  client:setmode("b", "bf")
  client:settimeout(5)
  assert(client:connect())
  return client
end

local function send(client, bytes)
  assert(client:xwrite(bytes, "bn"))
end

--- Read one answer with a Content-Length; its body.
local function read_answer(client)
  local length
  repeat
    local line = client:xread("*l", "b")
    length = line:match("^Content%-Length: (%d+)") or length
  until line == "\r"
  return client:xread(tonumber(length), "b")
end

describe("spec.support.server", function()
  setup(function()
    server = Server.start()
  end)

  teardown(function()
    server:close()
  end)

  it("answers in the script's order", function()
    server:script { { body = "one" }, { body = "two" } }
    assert.equal("one", (get "/"))
    assert.equal("two", (get "/"))
  end)

  it("says so when the script is over", function()
    server:script {}
    assert.equal("script is over 500", (curl("-w ' %{http_code}' " .. server.url)))
    assert.equal(1, #server:requests())
  end)

  it("sends status and header fields, an array of pairs in its order", function()
    server:script { { status = 429, headers = { { "Retry-After", 7 }, { "retry-after", "8" } } } }
    local output = curl("-i " .. server.url)
    assert.truthy(output:find("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nretry-after: 8",
      1, true))
  end)

  it("replaces its header fields by those of the script", function()
    server:script { { body = "<p>", headers = { ["content-type"] = "text/html" } } }
    assert.equal("<p>text/html", (curl("-w '%{content_type}' " .. server.url)))
  end)

  it("logs method, path, decoded query, header fields and body", function()
    server:script { {} }
    curl(("-X PATCH -H 'X-A: 1' -H 'x-a: 2' -d '{}' '%s/v2/a%%2Fb?x=%%41+b&y'"):format(server.url))
    local request = server:requests()[1]
    assert.equal("PATCH", request.method)
    assert.equal("/v2/a%2Fb?x=%41+b&y", request.target)
    assert.equal("/v2/a%2Fb", request.path)
    assert.same({ x = "A b", y = "" }, request.query)
    assert.equal("1, 2", request.headers["x-a"])
    assert.same({ "X-A", "1" }, request.raw_headers[4])
    assert.equal("{}", request.body)
    assert.equal("number", type(request.time))
  end)

  it("gives the values of one query name over all requests", function()
    server:script { {}, {}, {} }
    local url = server.url
    curl(("'%s/?pageToken=t1' %s '%s/?pageToken=t%%202'"):format(url, url, url))
    assert.same({ "t1", "", "t 2" }, server:queries("pageToken"))
  end)

  it("carries bytes of every value both ways", function()
    local bytes = {}
    for code = 0, 255 do
      bytes[code + 1] = string.char(code)
    end
    local all = table.concat(bytes)
    server:script { { body = all } }
    local client = connect()
    send(client, "POST / HTTP/1.1\r\nContent-Length: 256\r\n\r\n" .. all)
    assert.equal(all, read_answer(client))
    assert.equal(all, server:requests()[1].body)
  end)

  it("reads a chunked request", function()
    server:script { {} }
    local client = connect()
    send(client, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    send(client, "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")
    read_answer(client)
    assert.equal("abcde", server:requests()[1].body)
  end)

  it("sends a body in chunks", function()
    server:script { { chunked = { "ab", "", "cde" } }, { chunked = { "ab", "cd" }, truncate = 1 } }
    assert.equal("abcde", (get "/"))
    local _, status = get "/"
    assert.equal(18, status) -- partial file
  end)

  it("compresses a body", function()
    local text = ("body "):rep(1000)
    server:script { { gzip = true, body = text }, { gzip = true, chunked = { text, text } } }
    assert.equal(text, (curl("--compressed " .. server.url)))
    assert.equal(text .. text, (curl("--compressed " .. server.url)))
  end)

  it("sends no body after HEAD, 204 and 304", function()
    server:script { { body = "abc" }, { status = 204 }, { status = 304 }, { body = "end" } }
    local client = connect()
    send(client, "HEAD / HTTP/1.1\r\n\r\n" .. ("GET / HTTP/1.1\r\n\r\n"):rep(3))
    client:shutdown("w")
    local output = client:xread("*a", "b")
    assert.truthy(output:find("Content-Length: 3\r\n\r\nHTTP/1.1 204", 1, true))
    assert.truthy(output:find("\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\nHTTP/1.1 200", 1, true))
  end)

  it("breaks off in the middle of a body", function()
    server:script { { body = "abcdef", truncate = 2 } }
    local client = connect()
    send(client, "GET / HTTP/1.1\r\n\r\n")
    assert.matches("Content%-Length: 6\r\n\r\nab$", client:xread("*a", "b"))
  end)

  it("closes without an answer", function()
    server:script { { close = true } }
    assert.equal(52, select(2, get "/")) -- empty reply
    assert.equal(1, #server:requests())
  end)

  it("resets without an answer", function()
    server:script { { reset = true }, { reset = true } }
    assert.equal(56, select(2, get "/")) -- receive error: connection reset
    assert.equal(56, select(2, curl("-d '{}' " .. server.url)))
    assert.same({ "", "{" }, { server:requests()[1].body, server:requests()[2].body })
    assert.equal(1, server:requests()[2].unread)
  end)

  it("resets a socket that has been used before", function()
    server:script { { body = "a" }, { reset = true }, { body = "b" } }
    local client = connect()
    send(client, "GET /1 HTTP/1.1\r\n\r\n")
    assert.equal("a", read_answer(client))
    send(client, "GET /2 HTTP/1.1\r\n\r\n")
    assert.error_matches(function() client:xread("*l", "b") end, "reset")
    assert.equal("b", (get "/3"))
  end)

  it("keeps the reset for the next request when a client leaves half-way", function()
    server:script { { reset = true } }
    local client = connect()
    send(client, "GET / HT")
    client:close()
    server:wait_for_close(1)
    assert.equal(56, select(2, get "/"))
    assert.equal(1, #server:requests())
  end)

  it("closes a socket after the answer, unannounced", function()
    server:script { { body = "a", close_after = true }, { body = "b" } }
    assert.equal("ab", (curl(server.url .. " " .. server.url)))
    assert.equal(2, server:sockets())
  end)

  it("drops a request on a reused socket and logs it", function()
    server:script { { body = "a", drop_on_reuse = true }, { body = "b" } }
    assert.equal("ab", (curl(("%s/1 -d x %s/2"):format(server.url, server.url))))
    local requests = server:requests()
    assert.same({ "/1", "/2", "/2" }, { requests[1].path, requests[2].path, requests[3].path })
    assert.same({ 0, 1 }, {
      requests[2].socket - requests[1].socket, requests[3].socket - requests[2].socket,
    })
  end)

  it("stalls until released", function()
    server:script { { body = "late", stall = true } }
    local pipe = io.popen("curl -s --noproxy '*' --max-time 8 " .. server.url)
    server:wait_for(1)
    server:release()
    assert.equal("late", pipe:read "a")
    pipe:close()
  end)

  it("stalls in the middle of a body", function()
    server:script { { body = "abcdef", stall_after = 2 } }
    local client = connect()
    send(client, "GET / HTTP/1.1\r\n\r\n")
    repeat until client:xread("*l", "b") == "\r"
    assert.equal("ab", client:xread(2, "b"))
    server:release()
    assert.equal("cdef", client:xread(4, "b"))
  end)

  it("gives up a stalled answer with the next script", function()
    server:script { { stall = true } }
    local client = connect()
    send(client, "GET / HTTP/1.1\r\n\r\n")
    server:wait_for(1)
    server:script {}
    assert.is_nil(client:xread("*l", "b"))
  end)

  it("notices a client that leaves a stalled answer", function()
    server:script { { stall = true } }
    local client = connect()
    send(client, "GET / HTTP/1.1\r\n\r\n")
    server:wait_for(1)
    client:close()
    server:wait_for_close(1)
    assert.equal(1, server:sockets())
  end)

  it("delays an answer", function()
    server:script { { delay = 0.3 } }
    local seconds = tonumber((curl("-w '%{time_total}' " .. server.url)))
    assert.is_true(seconds >= 0.3)
  end)

  it("sends bytes as they are", function()
    server:script { { raw = "HTTP/1.1 200 OK\r\nContent-Length: x\r\n" } }
    local client = connect()
    send(client, "GET / HTTP/1.1\r\n\r\n")
    assert.equal("HTTP/1.1 200 OK\r\nContent-Length: x\r\n", client:xread("*a", "b"))
  end)

  it("sends an informational answer first", function()
    server:script { { informational = true, body = "a" }, { informational = 100, body = "b" } }
    assert.matches("^HTTP/1.1 103 Early Hints\r\n.*HTTP/1.1 200 OK\r\n.*a$",
      (curl("-i " .. server.url)))
    assert.matches("^HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n.*b$",
      (curl("-i " .. server.url)))
  end)

  it("answers before the body is there", function()
    server:script { { early = true, status = 413, body = "enough" } }
    local client = connect()
    send(client, "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab")
    assert.equal("enough", read_answer(client))
    assert.equal("POST", server:requests()[1].method)
  end)

  it("takes a request in pieces and several at once", function()
    server:script { { body = "1" }, { body = "2" }, { body = "3" } }
    local client = connect()
    send(client, "GET / HT")
    send(client, "TP/1.1\r\nA: b\r")
    send(client, "\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")
    assert.same({ "1", "2", "3" }, {
      read_answer(client), read_answer(client), read_answer(client),
    })
    assert.equal(1, server:sockets())
  end)

  it("survives clients that leave half-way", function()
    server:script { { body = ("x"):rep(4000000) }, { body = "fine" } }
    connect():close()
    local client = connect()
    send(client, "GET / HTTP/1.1\r\n\r\n")
    assert.equal("HTTP/1.1 200 OK\r", client:xread("*l", "b"))
    client:close()
    client = connect()
    send(client, "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc")
    client:close()
    server:wait_for_close(3)
    assert.equal(1, #server:requests())
  end)

  it("keeps a socket open over 200 requests without a pause between them", function()
    local answers, urls = {}, {}
    for index = 1, 200 do
      answers[index] = { body = ("x"):rep(index * 100) }
      urls[index] = ("-d %d %s/"):format(index, server.url)
    end
    server:script(answers)
    local _, status = curl("-o /dev/null " .. table.concat(urls, " -o /dev/null "))
    assert.equal(0, status)
    assert.equal(200, #server:requests())
    assert.equal(1, server:sockets())
    local requests = server:requests()
    assert.is_true(requests[200].time - requests[1].time < 4) -- delayed ACKs would make it 8 s
  end)

  it("serves sockets side by side", function()
    server:script { { stall = true, body = "slow" }, { body = "quick" } }
    local first, second = connect(), connect()
    send(first, "GET / HTTP/1.1\r\n\r\n")
    server:wait_for(1)
    send(second, "GET / HTTP/1.1\r\n\r\n")
    assert.equal("quick", read_answer(second))
    server:release()
    assert.equal("slow", read_answer(first))
  end)

  it("counts sockets from the last script on", function()
    server:script { {} }
    get "/"
    server:script { {} }
    assert.same({ 0, 0 }, { server:sockets(), #server:requests() })
  end)

  it("can be asked from within a coroutine", function()
    local ask = coroutine.wrap(function()
      server:script { {} }
      coroutine.yield(server:sockets())
      return #server:requests()
    end)
    assert.equal(0, ask())
    assert.equal(0, ask())
  end)

  it("refuses fields that no answer has", function()
    local _, unknown = pcall(function() server:script { { boddy = "" } } end)
    local _, mistyped = pcall(function() server:script { { status = "200" } } end)
    assert.matches('server_spec.lua:%d+: an answer has no field "boddy"$', unknown)
    assert.matches('server_spec.lua:%d+: field "status" .* number expected, got string$', mistyped)
  end)

  it("speaks TLS with its own certificate", function()
    local tls <close> = Server.start { tls = true }
    tls:script { { body = "secret" }, { reset = true }, { body = "again" } }
    assert.equal(60, select(2, curl(tls.url))) -- unknown issuer
    assert.equal("secret", (curl(("--cacert '%s' %s"):format(tls.cert, tls.url))))
    assert.not_equal(0, select(2, curl(("--cacert '%s' %s"):format(tls.cert, tls.url))))
    assert.equal("again", (curl(("--cacert '%s' %s"):format(tls.cert, tls.url))))
    assert.equal(4, tls:sockets())
  end)

  it("ends its process, and more than once is no error", function()
    local other = Server.start { tls = true }
    local url, certificate = other.url, other.cert
    other:close()
    other:close()
    assert.equal(7, select(2, curl("-k " .. url))) -- refused
    assert.is_nil(io.open(certificate))
    assert.error_matches(function() other:sockets() end, "the server is closed")
  end)

  it("ends with the process that started it", function()
    local program = [[
      local server = require("spec.support.server").start()
      io.write(server.url)
      os.exit(true, false)
    ]]
    local pipe = io.popen(("%s -e '%s'"):format(os.getenv("LUA") or "lua5.4", program))
    local url = pipe:read "a"
    pipe:close()
    local status
    local tries = 0
    repeat -- it learns of our end a moment later
      status, tries = select(2, curl("--retry 0 " .. url)), tries + 1
    until status == 7 or tries == 200
    assert.equal(7, status)
  end)
end)
