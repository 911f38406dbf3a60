-- How a resource may be named, and what is refused before anything is sent.

local meet = require "googlemeet"
local manual_clock = require "spec.support.clock"

local sent, client

--- Answer every request with a space; remember each as "VERB /path?query".
local function transport(request)
  sent[#sent + 1] = request.method .. " " .. request.url:match("^https://api%.maton%.ai(.*)$")
  return { status = 200, body = '{"name":"spaces/looked-up","connection_id":"c1"}' }
end

before_each(function()
  sent = {}
  client = assert(meet.new { api_key = "test-key", transport = transport,
    clock = manual_clock() })
end)

after_each(function() client:close() end)

--- What misuse in `act` says: raised at a line of this file, and nothing was sent.
local function complaint(act)
  local raised, message = pcall(act)
  assert.is_false(raised)
  assert.same({}, sent)
  return (assert(message:match("names_spec%.lua:%d+: (.*)$"), message))
end

describe("a space", function()
  for given, path in pairs {
    ["jQCFfuBOdN5z"] = "jQCFfuBOdN5z",
    ["spaces/jQCFfuBOdN5z"] = "jQCFfuBOdN5z",
    ["abc-mnop-xyz"] = "abc-mnop-xyz",
    ["ABC-mnop-XYZ"] = "abc-mnop-xyz",
    ["spaces/Abc-Mnop-Xyz"] = "abc-mnop-xyz",
    ["https://meet.google.com/abc-mnop-xyz"] = "abc-mnop-xyz",
    ["HTTPS://MEET.GOOGLE.COM/ABC-MNOP-XYZ"] = "abc-mnop-xyz",
    ["http://meet.google.com/abc-mnop-xyz/"] = "abc-mnop-xyz",
    ["meet.google.com/abc-mnop-xyz?authuser=1"] = "abc-mnop-xyz",
    ["https://meet.google.com/abc-mnop-xyz#frag"] = "abc-mnop-xyz",
    ["abc-mnop-xy1"] = "abc-mnop-xy1",
    ["ABCD-efghi-jkl"] = "abcd-efghi-jkl",
    ["https://meet.google.com/ABCD-efghi-jkl?hs=1"] = "abcd-efghi-jkl",
    ["A_b-C.d~e"] = "A_b-C.d~e",
    ["a!b*c(d)"] = "a%21b%2Ac%28d%29",
  } do
    it("may be given as " .. given, function()
      assert(client.spaces:get(given))
      assert.same({ "GET /google-meet/v2/spaces/" .. path }, sent)
    end)
  end

  it("may be the resource itself, or any table with its name", function()
    local space = assert(client.spaces:get "x")
    assert(client.spaces:get(space))
    assert(client.spaces:get { name = "spaces/y" })
    assert.equal("GET /google-meet/v2/spaces/looked-up", sent[2])
    assert.equal("GET /google-meet/v2/spaces/y", sent[3])
  end)

  for given, why in pairs {
    ["https://meet.google.com/lookup/abcdef"] = "a lookup link",
    ["https://meet.google.com/my-nickname"] = "a nickname link",
    ["https://meet.google.com/"] = "a link without a code",
    ["https://meet.google.com/abc-mnop-xyz/other"] = "a link to something below",
    ["https://evil.example/abc-mnop-xyz"] = "a link elsewhere",
    ["https://meet.google.com.evil.example/abc-mnop-xyz"] = "a link elsewhere",
    ["https://meet.google.com@evil.example/abc-mnop-xyz"] = "a link elsewhere",
    [""] = "empty", ["spaces/"] = "no id", ["/x"] = "no collection", ["x/"] = "no collection",
    ["spaces/x/members"] = "a name that goes on", ["conferenceRecords/x"] = "another collection",
    ["Spaces/x"] = "a collection in another case",
    [".."] = "dots", ["."] = "a dot", ["spaces/.."] = "dots", ["spaces/../v1"] = "dots",
    ["spaces/%2e%2e"] = "encoded dots", ["a%2Fb"] = "an encoded slash", ["a b"] = "a blank",
    ["x\n"] = "a line end", ["x\0"] = "a NUL byte", ["x\127"] = "a delete",
    ["x?y=1"] = "a query", ["x#y"] = "a fragment", ["x:endActiveConference"] = "a verb",
    ["x\\y"] = "a backslash", ["é"] = "no ASCII", [("x"):rep(257)] = "too long",
    ['x"y'] = "a quote",
  } do
    it(("is not %s: %q"):format(why, given:sub(1, 60)), function()
      local said = complaint(function() assert(client.spaces:get(given)) end)
      assert.truthy(said:find("spaces:get: malformed resource name", 1, true), said)
      assert.falsy(said:find "%c")
    end)
  end

  for kind, given in pairs { number = 5, boolean = true, ["function"] = print } do
    it("is no " .. kind, function()
      assert.equal("spaces:get: a resource or its name expected, got " .. kind,
        complaint(function() assert(client.spaces:get(given)) end))
    end)
  end

  it("is not nothing", function()
    for _, call in ipairs {
      function() return (client.spaces:get()) end,
      function() return (client.spaces:patch(nil, { config = { accessType = "OPEN" } })) end,
      function() return (client.spaces:end_active_conference()) end,
      function() return (client.members:list(nil)) end,
      function() return (client.members:create(nil, { email = "a@example.com" })) end,
    } do
      assert.truthy(complaint(call):find("a resource or its name expected, got nil", 1, true))
    end
  end)

  it("is no table without a name", function()
    assert.equal("spaces:get: the table has no 'name'",
      complaint(function() assert(client.spaces:get { id = "x" }) end))
    assert.equal("members:list: the table has no 'name'",
      complaint(function() assert(client.members:list { id = "x" }) end))
  end)
end)

describe("the full name on the wire", function()
  local record = "conferenceRecords/r-1"
  for name, row in pairs {
    ["members:get"] = { "spaces/s/members/m", "GET", "" },
    ["members:delete"] = { "spaces/s/members/m", "DELETE", "" },
    ["conference_records:get"] = { record, "GET", "" },
    ["participants:get"] = { record .. "/participants/p", "GET", "" },
    ["participant_sessions:get"] =
      { record .. "/participants/p/participantSessions/s", "GET", "" },
    ["recordings:get"] = { record .. "/recordings/r", "GET", "" },
    ["smart_notes:get"] = { record .. "/smartNotes/n", "GET", "" },
    ["transcripts:get"] = { record .. "/transcripts/t", "GET", "" },
    ["transcript_entries:get"] = { record .. "/transcripts/t/entries/e", "GET", "" },
    ["spaces:end_active_conference"] = { "spaces/s", "POST", ":endActiveConference" },
  } do
    local service, method = name:match("^(.*):(.*)$")
    it("is that of " .. name, function()
      assert(client[service][method](client[service], row[1]))
      assert(client[service][method](client[service], { name = row[1] }))
      local line = ("%s /google-meet/v2/%s%s"):format(row[2], row[1], row[3])
      assert.same({ line, line }, sent)
    end)
  end

  for name, row in pairs {
    ["members:list"] = { "s", "spaces/s", "members", 500 },
    ["participants:list"] = { "r", "conferenceRecords/r", "participants", 250 },
    ["recordings:list"] = { "r", "conferenceRecords/r", "recordings", 100 },
    ["smart_notes:list"] = { "r", "conferenceRecords/r", "smartNotes", 100 },
    ["transcripts:list"] = { "r", "conferenceRecords/r", "transcripts", 100 },
  } do
    local service, method = name:match("^(.*):(.*)$")
    it("is that of the parent of " .. name .. ", also when it is a bare id", function()
      assert(client[service][method](client[service], row[1]):all())
      assert(client[service][method](client[service], { name = row[2] }):all())
      local line = ("GET /google-meet/v2/%s/%s?pageSize=%d"):format(row[2], row[3], row[4])
      assert.same({ line, line }, sent)
    end)
  end
end)

describe("a bare id", function()
  it("is enough for a conference record and for a connection", function()
    assert(client.conference_records:get "r-1")
    assert(client.connections:get "c1")
    assert.same({ "GET /google-meet/v2/conferenceRecords/r-1", "GET /connections/c1" }, sent)
  end)

  for name, pattern in pairs {
    participants = "conferenceRecords/*/participants/*",
    transcript_entries = "conferenceRecords/*/transcripts/*/entries/*",
    members = "spaces/*/members/*",
  } do
    it("is not enough for " .. name, function()
      local said = complaint(function() assert(client[name]:get "p") end)
      assert.equal(("%s:get: malformed resource name 'p': expected %s"):format(name, pattern), said)
    end)
  end

  it("is no meeting code for a conference record", function()
    assert(client.conference_records:get "abc-mnop-xyz")
    assert.same({ "GET /google-meet/v2/conferenceRecords/abc-mnop-xyz" }, sent)
  end)

  for _, id in ipairs { "../connections", "a/b", "", "a\nb", "a b", "..", "a?b", "a%2Fb" } do
    it(("of a connection is not %q"):format(id), function()
      assert.truthy(complaint(function() assert(client.connections:get(id)) end)
        :find("malformed resource name", 1, true))
    end)
  end
end)

describe("a connection", function()
  it("may be the resource itself", function()
    local connection = assert(client.connections:get "c1")
    assert(client.connections:delete(connection))
    assert.equal("DELETE /connections/c1", sent[2])
  end)

  it("is no table without a connection_id", function()
    assert.equal("connections:get: the table has no 'connection_id'",
      complaint(function() assert(client.connections:get { name = "c1" }) end))
  end)

  it("named in a call's options has no control bytes", function()
    local said = complaint(function() assert(client.spaces:get("x", { connection = "a\r\nb" })) end)
    assert.truthy(said:find("the connection has a blank, control", 1, true))
  end)
end)

describe("misuse before a lookup", function()
  for name, call in pairs {
    ["an unknown option"] = function() return (client.members:list("abc-mnop-xyz", { x = 1 })) end,
    ["no body"] = function() return (client.members:create "abc-mnop-xyz") end,
    ["a function in the body"] = function()
      return (client.spaces:patch("abc-mnop-xyz", { config = { accessType = print } }))
    end,
    ["options that are no table"] = function()
      return (client.spaces:end_active_conference("abc-mnop-xyz", "x"))
    end,
    ["a wrong name"] = function() return (client.members:get "spaces/abc-mnop-xyz/nembers/m") end,
    ["a timeout out of range"] = function()
      return (client.members:delete("spaces/abc-mnop-xyz/members/m", { timeout = 0 }))
    end,
  } do
    it("raises before the lookup is sent: " .. name, function() complaint(call) end)
  end
end)

describe("misuse of a method", function()
  for name, call in pairs {
    ["a service's, with a dot"] = function() return (client.spaces.get "x") end,
    ["a prelude's, with a dot"] = function() return (client.members.list "abc-mnop-xyz") end,
    ["another service as self"] = function()
      return (client.spaces.get(client.members, "x"))
    end,
    ["a file as self"] = function() return (client.members.list(io.stdout, "abc-mnop-xyz")) end,
    ["options of another kind"] = function() return (client.spaces:get("x", { filter = "a" })) end,
    ["a batch request that is none"] = function()
      return (client.members:batch_update("x", { { member = 5 } }))
    end,
    ["a list of connections by a string"] = function() return (client.connections:list "x") end,
    ["a new connection by a string"] = function() return (client.connections:create "x") end,
  } do
    it("is blamed on the line that made the call: " .. name, function() complaint(call) end)
  end

  it("is blamed on the line itself, not only on the file", function()
    local line = debug.getinfo(1, "l").currentline + 1
    local _, message = pcall(function() assert(client.members:list(5)) end)
    assert.truthy(message:find("names_spec.lua:" .. line .. ":", 1, true), message)
  end)

  it("is blamed on a script even in a folder of the module's name", function()
    local chunk = load("return (...).spaces:get(5) or nil", "@/home/ann/googlemeet/script.lua")
    local _, message = pcall(chunk, client)
    assert.equal("/home/ann/googlemeet/script.lua:1: spaces:get: a resource or its name expected, "
      .. "got number", message)
  end)
end)
