local json = require "googlemeet.testing.json"
local loopback = require "spec.support.loopback"
local tree = require "spec.support.tree"

local SPACE = "/google-meet/v2/spaces/Qm7xT2kLw9Za"
local REPORT = "-o /dev/null -w '%{http_version} %{http_code} %{num_connects}\\n' "

local protocols = {
  { name = "HTTP/1.1", version = "1.1", arguments = "--http1.1 " },
  { name = "HTTP/1.1 over TLS", version = "1.1", tls = true, arguments = "--http1.1 " },
  { name = "HTTP/2 over TLS", version = "2", tls = true, arguments = "" },
  -- curl 7.88 cannot send a second request on such a socket, to no server: one request here
  { name = "HTTP/2 in clear text", version = "2", single = true,
    arguments = "--http2-prior-knowledge " },
}

for _, protocol in ipairs(protocols) do
  describe("serve.lua over " .. protocol.name, function()
    local server

    setup(function()
      server = loopback.start { tls = protocol.tls }
    end)

    teardown(function()
      server:close()
    end)

    it("answers as the fake does", function()
      local space = json.decode(server:curl(protocol.arguments, SPACE))
      assert.equal("hpk-vtwd-ens", space.meetingCode)
    end)

    it("keeps a socket for all requests of a client", function()
      local count = protocol.single and 1 or 50
      local output = server:curl(protocol.arguments .. REPORT,
        ("%s?quotaUser=[1-%d]"):format(SPACE, count))
      local first, later = protocol.version .. " 200 1\n", protocol.version .. " 200 0\n"
      assert.equal(first .. later:rep(count - 1), output)
    end)

    it("passes errors, bodies and headers on", function()
      local answer = server:curl(protocol.arguments
        .. "-X PATCH -H 'Content-Type: application/json' -d '{\"config\":{\"x\":1}}'", SPACE)
      assert.equal("INVALID_ARGUMENT", json.decode(answer).error.status)
      server:fail { status = 429, shape = "text", headers = { ["Retry-After"] = "3" } }
      answer = server:curl(protocol.arguments .. "-i", SPACE)
      assert.matches("^HTTP/[%d.]+ 429", answer)
      assert.matches("\nretry%-after: 3\r\n", answer)
    end)

    it("sends the bytes of a file, all or a range, and breaks them off", function()
      local target = "/google-drive/drive/v3/files/big?alt=media"
      server:call("add_file", { id = "big", size = 3000000 })
      local whole = server:curl(protocol.arguments, target)
      assert.equal(3000000, #whole)
      local part = server:curl(protocol.arguments .. "-i -r 1500000-", target)
      assert.matches("^HTTP/[%d.]+ 206", part)
      assert.matches("\ncontent%-range: bytes 1500000%-2999999/3000000\r\n", part)
      assert.is_true(whole:sub(1500001) == part:match "\r\n\r\n(.*)$")
      server:fail { on = "files.get", lost = true, after = 1234567 }
      local path = os.tmpname()
      assert.is_nil(server:curl(protocol.arguments .. "-o " .. path, target))
      local file <close> = assert(io.open(path, "rb"))
      os.remove(path)
      assert.is_true(whole:sub(1, 1234567) == file:read "a")
    end)

    it("lets the socket die for a request that is dropped", function()
      server:fail { drop = true }
      assert.is_nil(server:curl(protocol.arguments, SPACE))
      assert.is_string(server:curl(protocol.arguments, SPACE))
    end)
  end)
end

describe("serve.lua", function()
  it("counts sockets that carried requests, and logs without the key", function()
    local server <close> = loopback.start()
    server:curl("", "/connections", SPACE)
    server:curl("", "/connections")
    local stats = server:stats()
    assert.equal(2, math.tointeger(stats.connections))
    assert.equal(3, math.tointeger(stats.requests))
    assert.equal("connections.list", stats.log[1].operation)
    assert.is_nil(stats.log[1].headers.authorization)
  end)

  it("sends a gigabyte without holding it", function()
    local server <close> = loopback.start()
    server:call("add_file", { id = "big", size = 1 << 30 })
    local output = server:curl("-o /dev/null -w '%{size_download} ' -r 0-134217727",
      "/google-drive/drive/v3/files/big?alt=media")
    assert.equal("134217728 ", output)
    local log = server:stats().log
    assert.equal(1 << 27, math.tointeger(log[#log].sent))
    assert.is_true(server:stats().memory < 64 << 20)
  end)

  it("calls methods of the gateway", function()
    local server <close> = loopback.start()
    server:call("end_conference", "conferenceRecords/cr-live-41c0")
    local record = json.decode(server:curl("", "/google-meet/v2/conferenceRecords/cr-live-41c0"))
    assert.is_string(record.endTime)
  end)

  it("turns the rate limits on, and waits before it answers", function()
    local server <close> = loopback.start { arguments = { "--limits", "--latency", "0.01" } }
    local output = server:curl(REPORT, "/connections?limit=[1-12]")
    assert.matches("429 0\n$", output)
  end)

  it("falls silent amid the bytes of a file", function()
    local server <close> = loopback.start()
    server:call("add_file", { id = "a", size = 200000 })
    server:fail { on = "files.get", timeout = true, after = 70000 }
    local path, target = os.tmpname(), "/google-drive/drive/v3/files/a?alt=media"
    assert.is_nil(server:curl("-m 0.5 -o " .. path, target))
    local file <close> = assert(io.open(path, "rb"))
    os.remove(path)
    assert.equal(70000, #file:read "a")
    assert.equal(200000, #server:curl("", target))
  end)

  it("loses answers, and lets a client wait for one that never comes", function()
    local server <close> = loopback.start()
    local create = "-m 0.5 -H 'Content-Type: application/json' -d '{}'"
    for _, fault in ipairs { { lost = true }, { timeout = true }, { drop = true } } do
      server:fail(fault)
      assert.is_nil(server:curl(create, "/google-meet/v2/spaces"))
    end
    local log = server:stats().log
    assert.same({ 200, nil, nil }, { log[1].status, log[3].status, log[4] })
  end)

  it("needs no core, which may be one for a sanitizer's host alone", function()
    local output = tree.run((
      [[LD_PRELOAD= LUA_CPATH=$(echo "$LUA_CPATH" | sed 's,\./build[^;]*,/nowhere/?.so,') %s ]]
      .. "spec/support/serve.lua --latency 0 --short-pages </dev/null"):format(tree.lua()))
    assert.matches("^http://127%.0%.0%.1:%d+\n$", output)
  end)

  it("refuses an option that it does not have", function()
    local output = tree.run(("LD_PRELOAD= %s spec/support/serve.lua --prot 5 2>&1; echo $?"):format(
      tree.lua()))
    assert.equal("serve.lua: unknown option --prot\n2\n", output)
  end)

  it("ends when its input does", function()
    local server = loopback.start()
    server:close()
    assert.is_nil(server:curl("", "/connections"))
  end)
end)
