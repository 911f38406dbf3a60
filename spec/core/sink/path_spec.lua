--- client:request with a path as its sink, against a scripted server.

local core = require "googlemeet.core"
local meet = require "googlemeet"
local Server = require "spec.support.server"
local tree = require "spec.support.tree"

local TEXT = ("0123456789"):rep(30000)
local TAG = { ETag = '"a"' }

local server, folder, target

local function connect(options)
  options = options or {}
  options.api_key, options.base_url, options.rate = "key-of-the-spec", server.url, false
  if options.retry == nil then options.retry = { initial = 0, max = 0 } end
  return assert(meet.new(options))
end

--- The rest of the text from a byte on, as a server sends it.
local function part_from(first, tag, text)
  text = text or TEXT
  return {
    status = 206, body = text:sub(first + 1), headers = {
      ETag = tag or '"a"', ["Content-Range"] = ("bytes %d-%d/%d"):format(first, #text - 1, #text),
    },
  }
end

local function download(client, options)
  options = options or {}
  options.sink = target
  return client:request("GET", "/thing", options)
end

local function names() return tree.lines("LC_ALL=C ls -A " .. folder) end

--- The Range and If-Range of each request.
local function ranges()
  local list = {}
  for index, request in ipairs(server:requests()) do
    list[index] = ("%s %s"):format(request.headers.range or "-", request.headers["if-range"] or "-")
  end
  return list
end

setup(function() server = Server.start() end)
teardown(function() server:close() end)
before_each(function()
  collectgarbage()
  collectgarbage()
  folder = tree.temporary()
  target = folder .. "/thing.bin"
end)
after_each(function() tree.remove(folder) end)

describe("client:request with a path as its sink", function()
  it("gives the number of bytes and the response, and leaves the file alone", function()
    server:script { { body = TEXT, headers = TAG } }
    local client <close> = connect()
    local bytes, response = download(client)
    assert.equal(#TEXT, bytes)
    assert.equal(200, response.status)
    assert.equal('"a"', response.headers.etag)
    assert.equal(TEXT, tree.read(target))
    assert.same({ "thing.bin" }, names())
  end)

  it("asks for no coding, over HTTP/1.1, on a socket that nothing else uses", function()
    server:script { { body = "{}" }, { body = TEXT }, { body = "{}" } }
    local client <close> = connect()
    client:request("GET", "/small")
    assert(download(client))
    client:request("GET", "/small")
    assert.equal("identity", server:requests()[2].headers["accept-encoding"])
    local first, own, last = table.unpack(server:requests())
    assert.equal(first.socket, last.socket)
    assert.not_equal(first.socket, own.socket)
  end)

  it("shares its socket with no other download", function()
    server:script { { body = TEXT, stall_after = 1000 }, { body = "b" }, { body = "c" } }
    local client <close> = connect()
    local has_begun = false
    assert(client:gather {
      function()
        return client:request("GET", "/slow", { sink = function() has_begun = true end })
      end,
      function()
        repeat client:sleep(0.001) until has_begun
        assert(download(client))
        assert(download(client))
        server:release()
        return true
      end,
    })
    local slow, second, third = table.unpack(server:requests())
    assert.not_equal(second.socket, third.socket)
    assert.not_equal(slow.socket, second.socket)
  end)

  it("goes on behind what has come where the line breaks", function()
    server:script {
      { body = TEXT, headers = TAG, truncate = 100000 },
      { status = 206, body = TEXT:sub(100001), truncate = 50000,
        headers = part_from(100000).headers },
      part_from(150000),
    }
    local client <close> = connect()
    assert.equal(#TEXT, download(client))
    assert.equal(TEXT, tree.read(target))
    assert.same({ "- -", 'bytes=100000- "a"', 'bytes=150000- "a"' }, ranges())
  end)

  it("breaks as often as it likes, if each time something new comes", function()
    local answers = { { body = TEXT, headers = TAG, truncate = 10000 } }
    for first = 10000, #TEXT - 1, 10000 do
      local answer = part_from(first)
      answer.truncate = first + 10000 < #TEXT and 10000 or nil
      answers[#answers + 1] = answer
    end
    server:script(answers)
    local client <close> = connect { retry = false }
    assert.equal(#TEXT, download(client))
    assert.equal(TEXT, tree.read(target))
    assert.equal(30, #server:requests())
  end)

  it("goes on in another call, and in another process, behind what was kept", function()
    server:script {
      { body = TEXT, headers = TAG, truncate = 100000 }, { status = 403 }, part_from(100000),
    }
    local client <close> = connect()
    local bytes, err = download(client)
    assert.is_nil(bytes)
    assert.equal("permission", err.kind)
    assert.equal(2, #names())
    assert.is_nil(io.open(target))
    assert.equal(#TEXT, download(client))
    assert.equal(TEXT, tree.read(target))
    assert.same({ "thing.bin" }, names())
  end)

  it("keeps nothing that no call could go on with", function()
    server:script { { body = TEXT, truncate = 100000 }, { status = 403 } }
    local client <close> = connect()
    assert.is_nil((download(client)))
    assert.same({}, names())
  end)

  it("takes a validator that is no text for none", function()
    server:script { { body = TEXT, headers = { ETag = '"\xff"' } } }
    local client <close> = connect()
    assert.equal(#TEXT, download(client))
  end)

  it("says how much is kept in an error that may pass", function()
    server:script { { body = TEXT, headers = TAG, truncate = 100000 }, { status = 500 } }
    local client <close> = connect()
    local _, err = download(client)
    assert.equal("server", err.kind)
    assert.equal("100000 bytes are kept: call it again with the same path to continue",
      err.hint)
  end)

  it("asks for the last byte again where all of them are there already", function()
    server:script { { body = TEXT, headers = TAG, truncate = 299999 }, { status = 403 },
      part_from(299998) }
    local client <close> = connect()
    assert.is_nil((download(client)))
    local partial = tree.lines("ls " .. folder .. "/.googlemeet-*.partial")[1]
    local file <close> = assert(io.open(partial, "ab"))
    file:write "X" -- 300000 now, as when a process was killed before its end
    file:close()
    server:script { part_from(299999) }
    assert.equal(#TEXT, download(client))
    assert.equal(TEXT, tree.read(target))
    assert.same({ 'bytes=299999- "a"' }, ranges())
  end)

  for what, answer in pairs {
    ["has changed"] = { body = ("y"):rep(200000), headers = { ETag = '"b"' } },
    ["is sent whole in spite of the range"] = { body = TEXT, headers = TAG },
    ["has no version any more"] = { body = TEXT },
  } do
    it("begins anew where the thing " .. what, function()
      server:script { { body = TEXT, headers = TAG, truncate = 100000 }, answer }
      local client <close> = connect()
      assert.equal(#answer.body, download(client))
      assert.equal(answer.body, tree.read(target))
    end)
  end

  for what, answer in pairs {
    ["a part of another version"] = part_from(100000, '"b"'),
    ["a part of another size"] = part_from(100000, '"a"', TEXT .. "more"),
    ["416, since it is shorter now"] = { status = 416, headers = {
      ["Content-Range"] = "bytes */5" } },
  } do
    it("begins anew behind " .. what, function()
      server:script {
        { body = TEXT, headers = TAG, truncate = 100000 }, answer,
        { body = "fresh", headers = { ETag = '"c"' } },
      }
      local client <close> = connect()
      assert.equal(5, download(client))
      assert.equal("fresh", tree.read(target))
      assert.equal("- -", ranges()[3])
    end)
  end

  for what, answer in pairs {
    ["a part that begins elsewhere"] = part_from(99999),
    ["a part without its place"] = { status = 206, body = "x" },
    ["parts in one body"] = { status = 206, body = "--x\r\n", headers = {
      ["Content-Type"] = "multipart/byteranges; boundary=x" } },
    ["a coding that nobody asked for"] = { body = TEXT, gzip = true },
    ["no content"] = { status = 204 },
    ["a condition that failed"] = { status = 412 },
    ["what is not implemented"] = { status = 501 },
  } do
    it("takes " .. what .. " for no range, and asks for the whole, once", function()
      server:script { { body = TEXT, headers = TAG, truncate = 100000 }, answer, { body = TEXT } }
      local client <close> = connect()
      assert.equal(#TEXT, download(client))
      assert.equal(TEXT, tree.read(target))
      assert.same({ "- -", 'bytes=100000- "a"', "- -" }, ranges())
      if answer.status == 412 or answer.status == 501 then return end
      server:script { { body = TEXT, headers = TAG, truncate = 100000 }, answer, answer }
      local _, err = download(client)
      assert.equal("decode", err.kind)
      assert.same({ "thing.bin" }, names())
    end)
  end

  it("begins anew without a strong validator", function()
    server:script { { body = TEXT, truncate = 100000, headers = { ETag = 'W/"a"' } },
      { body = TEXT } }
    local client <close> = connect()
    assert.equal(#TEXT, download(client))
    assert.equal(TEXT, tree.read(target))
    assert.same({ "- -", "- -" }, ranges())
  end)

  it("goes on by a version that the script names, where the server names none", function()
    server:script {
      { body = TEXT, truncate = 100000 },
      { status = 206, body = TEXT:sub(100001), headers = {
        ["Content-Range"] = "bytes 100000-299999/300000" } },
    }
    local client <close> = connect()
    assert.equal(#TEXT, download(client, { version = "rev-1" }))
    assert.equal(TEXT, tree.read(target))
    assert.same({ "- -", "bytes=100000- -" }, ranges())
  end)

  for what, change in pairs {
    ["another version"] = { version = "rev-2" }, ["another query"] = { query = { a = "\xff" } },
  } do
    it("keeps nothing for " .. what, function()
      server:script { { body = TEXT, truncate = 100000 }, { status = 403 }, { body = "new" } }
      local client <close> = connect()
      assert.is_nil((download(client, { version = "rev-1" })))
      change.version = change.version or "rev-1"
      assert.equal(3, download(client, change))
      assert.equal("- -", ranges()[3])
      assert.equal("new", tree.read(target))
    end)
  end

  it("takes a note that somebody has edited for data", function()
    local client <close> = connect()
    for _, edit in ipairs {
      { '"validator":"[^,]*"', '"validator":"\\n"' }, { '"validator":"[^,]*"', '"validator":5' },
      { '"total":%d+', '"total":-1' }, { '"total":%d+', '"total":7' }, { "^.*$", "[]" },
      { "^.*$", "" }, { '"format":1', '"format":2' },
    } do
      server:script { { body = TEXT, headers = TAG, truncate = 100000 }, { status = 403 } }
      assert.is_nil((download(client)))
      local note = tree.lines("ls " .. folder .. "/.googlemeet-*.note")[1]
      local text = tree.read(note)
      local edited, count = text:gsub(edit[1], edit[2])
      assert.equal(1, count, text)
      local file <close> = assert(io.open(note, "w"))
      file:write(edited)
      file:close()
      server:script { { body = TEXT, headers = TAG }, { body = TEXT, headers = TAG } }
      assert.equal(#TEXT, download(client), edited)
      assert.equal(TEXT, tree.read(target))
    end
  end)

  it("leaves what was at the path until the new one is whole", function()
    local file <close> = assert(io.open(target, "w"))
    file:write "old"
    file:close()
    server:script { { body = TEXT, truncate = 5 }, { status = 403 }, { body = TEXT } }
    local client <close> = connect()
    assert.is_nil((download(client)))
    assert.equal("old", tree.read(target))
    assert(download(client))
    assert.equal(TEXT, tree.read(target))
  end)

  it("takes an empty thing, and one of unknown length", function()
    server:script { { body = "" }, { chunked = { "abc", "def" } } }
    local client <close> = connect()
    assert.equal(0, download(client))
    assert.equal("", tree.read(target))
    assert.equal(6, download(client))
    assert.equal("abcdef", tree.read(target))
  end)

  for _, fields in ipairs { "", "Transfer-Encoding: identity\r\n" } do
    it("refuses a body whose end nothing shows: " .. fields, function()
      server:script { { raw = "HTTP/1.1 200 OK\r\n" .. fields .. "\r\nhalf of it" } }
      local client <close> = connect()
      local _, err = download(client)
      assert.equal("decode", err.kind)
      assert.same({}, names())
    end)
  end

  it("drops an answer that is longer than it says", function()
    local long = part_from(100000)
    long.body, long.chunked = nil, { ("evil"):rep(100000) }
    server:script { { body = TEXT, headers = TAG, truncate = 100000 }, long, part_from(100000) }
    local client <close> = connect()
    local _, err = download(client)
    assert.equal("decode", err.kind)
    assert.equal(#TEXT, download(client))
    assert.equal(TEXT, tree.read(target))
    assert.equal('bytes=100000- "a"', ranges()[3])
  end)

  it("calls a line that breaks behind the head what it is", function()
    server:script { { body = TEXT, truncate = 0 } }
    local client <close> = connect { retry = false }
    local _, err = download(client)
    assert.equal("transport", err.kind)
  end)

  it("gives the server's error, and makes no file", function()
    server:script { { status = 404, body = "not here" } }
    local client <close> = connect()
    local bytes, err = download(client)
    assert.is_nil(bytes)
    assert.equal("not_found", err.kind)
    assert.same({}, names())
  end)

  it("follows no redirect: the key would go along", function()
    server:script {
      { status = 302, headers = { Location = "https://elsewhere.example/x?token=1" } },
    }
    local client <close> = connect()
    local _, err = download(client)
    assert.equal("transport", err.kind)
    assert.truthy(err.message:find("a redirect to https://elsewhere.example", 1, true))
    assert.truthy(err.hint:find("a redirect is not followed", 1, true))
    assert.equal(1, #server:requests())
  end)

  it("tries again, as any call, before anything has come", function()
    server:script { { status = 503 }, { status = 429 }, { close = true }, { body = TEXT } }
    local client <close> = connect()
    assert.equal(#TEXT, download(client))
    assert.equal(TEXT, tree.read(target))
  end)

  it("takes the timeout for the longest silence", function()
    server:script { { body = TEXT, headers = TAG, stall_after = 100000 }, { status = 403 } }
    local client <close> = connect()
    local _, err = download(client, { timeout = 0.6 })
    server:release()
    assert.equal("permission", err.kind) -- of the request for the rest
    assert.same({ "- -", 'bytes=100000- "a"' }, ranges())
  end)

  it("ends at a deadline that is given, and keeps what has come", function()
    server:script { { body = TEXT, headers = TAG, stall_after = 100000 } }
    local client <close> = connect()
    local _, err = download(client, { deadline = 0.6 })
    server:release()
    assert.equal("deadline", err.kind)
    assert.truthy(err.hint:find("100000 bytes are kept", 1, true))
  end)

  it("reports how far it is, and lets the script end it", function()
    local seen = {}
    server:script { { body = TEXT, headers = TAG }, { body = TEXT, headers = TAG } }
    local client <close> = connect()
    assert(download(client, { on_progress = function(bytes, total)
      seen[#seen + 1] = { bytes, total }
    end }))
    assert.same({ #TEXT, #TEXT }, seen[#seen])
    local _, err = download(client, { on_progress = function() return false end })
    assert.equal("cancelled", err.kind)
    assert.matches("^%d+ bytes are kept: ", err.hint)
  end)

  it("lets the script check what has come before it has its name", function()
    local client <close> = connect()
    for _, case in ipairs { { { kind = "conflict" }, 0 }, { { kind = "transport" }, 2 } } do
      server:script { { body = TEXT, headers = TAG } }
      local checked
      local _, err = download(client, { check = function(bytes)
        checked = bytes
        return nil, case[1]
      end })
      assert.equal(#TEXT, checked)
      assert.equal(case[1], err)
      assert.equal(case[2], #names()) -- what may pass is kept for another call
    end
    server:script { part_from(#TEXT - 1) }
    assert.equal(#TEXT, download(client, { check = function() return true end }))
    assert.equal(TEXT, tree.read(target))
    server:script { { body = TEXT } }
    local _, words = download(client, { check = function() return nil, "no" end })
    assert.equal("no", words)
  end)

  it("lets one download at a time write to a path", function()
    server:script { { body = TEXT } }
    local client <close> = connect()
    local part <close> = assert(core.file.part(target))
    local _, err = download(client)
    assert.equal("conflict", err.kind)
    part:close()
    assert.equal(#TEXT, download(client))
  end)

  it("is not put off by what lies where its part grows", function()
    local client <close> = connect()
    server:script { { body = TEXT, truncate = 9, headers = TAG }, { status = 403 } }
    download(client)
    local partial = tree.lines("ls " .. folder .. "/.googlemeet-*.partial")[1]
    os.remove(partial)
    tree.lines(("ln -s /etc/passwd %s"):format(partial))
    local _, err = download(client)
    assert.equal("config", err.kind)
    os.remove(partial)
    tree.lines(("echo mine >%s/x && ln %s/x %s"):format(folder, folder, partial))
    _, err = download(client)
    assert.equal("config", err.kind)
    assert.equal("mine\n", tree.read(folder .. "/x"))
  end)

  for what, given in pairs {
    ["a folder that is not there"] = "/none/x", ["a folder"] = "", ["a device"] = "/dev/null",
  } do
    it("says what is wrong with " .. what, function()
      local client <close> = connect()
      local _, err = client:request("GET", "/x", {
        sink = given:find "^/dev" and given or folder .. given,
      })
      assert.equal("config", err.kind)
    end)
  end

  it("raises on misuse", function()
    local client <close> = connect()
    for _, case in ipairs {
      { "POST", { sink = target }, "only GET has a body to store" },
      { "GET", { sink = 5 }, "option 'sink': string or function expected, got number" },
      { "GET", { sink = target, headers = { range = "x" } }, "'range' is set by the client" },
      { "GET", { sink = target, on_progres = print }, "did you mean 'on_progress'?" },
      { "GET", { sink = target, body = "x" }, "unknown option 'body'" },
      { "GET", { sink = "" }, "option 'sink': the path of a file expected" },
      { "GET", { sink = target .. "\0" }, "option 'sink': the path of a file expected" },
      { "GET", { sink = target, version = "\xff" }, "option 'version' must be UTF-8" },
      { "GET", { sink = target, deadline = 0 }, "option 'deadline' must be from 0.001 to 86400" },
      { "GET", { sink = target, timeout = 0 / 0 }, "option 'timeout' must be from 0.001 to 86400" },
    } do
      local ok, message = pcall(function()
        local bytes = client:request(case[1], "/x", case[2])
        return bytes
      end)
      assert.is_false(ok)
      assert.truthy(message:find(case[3], 1, true), message)
      assert.matches("^spec/core/sink/path_spec.lua:%d+: ", message)
    end
  end)
end)
