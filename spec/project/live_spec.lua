local contract = require "spec.support.contract"
local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"
local redact = require "spec.live.redact"
local served = require "spec.support.served"
local tree = require "spec.support.tree"
local walk = require "spec.live.walk"

local KEY, MEMBER = "test-key", "zoe.andersson@example.org"

--- A fake with an account, and what a walk of it takes.
local function account(options)
  local clock = made_up_clock()
  local gateway = meet.testing.gateway { clock = clock, limits = options and options.limits }
  gateway:seed()
  return { gateway = gateway, clock = clock, transport = gateway.transport }
end

--- Walk an account; give the table, its rows and the facts.
local function walked(here, options)
  local client <close> = assert(meet.new {
    api_key = KEY, transport = here.transport, clock = here.clock,
  })
  local all = { secrets = { KEY, MEMBER } }
  for name, value in pairs(options or {}) do all[name] = value end
  local rows, facts = walk.run(client, all)
  return walk.write(rows), rows, facts
end

local WRITES = { writes = true, member = MEMBER }

--- Give the answers by the titles of their rows.
local function answers_of(rows)
  local answers = {}
  for _, row in ipairs(rows) do
    if row.title then answers[row.title] = row.answer.text end
  end
  return answers
end

--- Add every text of a value, but for the names of the contract: they are no secret.
local function add_texts(texts, value, exempt)
  if type(value) == "table" then
    for name, item in next, value do
      add_texts(texts, name, exempt)
      add_texts(texts, item, exempt)
    end
  elseif type(value) == "string" and #value >= 4 and not exempt[value] then
    texts[value:lower()] = true
  end
end

--- The names that the contract has: fields, values of enums, apps.
local function contract_names()
  local names = {}
  for _, set in ipairs { contract, contract.others } do
    for _, schema in pairs(set.schemas) do
      for name in pairs(schema.fields) do names[name] = true end
    end
    for _, enum in pairs(set.enums) do
      for _, value in ipairs(enum.values) do names[value] = true end
    end
  end
  for _, name in ipairs { "google-meet", "google-drive", "google-docs", "google-calendar" } do
    names[name] = true
  end
  return names
end

--- Every text of the resources of a fake: connections, what Meet has, files, events.
local function texts_of(gateway)
  local texts, exempt, seen = {}, contract_names(), {}
  local function add_nodes(value)
    if type(value) ~= "table" or seen[value] then return end
    seen[value] = true
    if type(rawget(value, "resource")) == "table" then
      add_texts(texts, value.resource, exempt)
      if type(value.name) == "string" then texts[value.name:lower()] = true end
    end
    for _, item in next, value do add_nodes(item) end
  end
  add_nodes(gateway.state.connections.list)
  return texts
end

--- Fail with every text of an account, and every word of a name or an address, in the output.
local function assert_silent(output, gateway)
  local lowered, count = output:lower(), 0
  for text in pairs(texts_of(gateway)) do
    count = count + 1
    assert(not lowered:find(text, 1, true), "the table shows " .. text)
  end
  assert.is_true(count > 1000)
  for _, word in ipairs { KEY, MEMBER, "andersson", "bergqvist", "moreau", "hpk-vtwd-ens",
    "qm7xt2klw9za", "example.com", "example.org", "session_token", "5b0f7c7e", "482913377" } do
    assert(not lowered:find(word, 1, true), "the table shows " .. word)
  end
end

local function writes_of(log)
  local writes = {}
  for _, entry in ipairs(log) do
    if entry.method ~= "GET" then writes[#writes + 1] = entry end
  end
  return writes
end

--- The operations of Meet and the gateway in a log, by their ids; how many there are.
local function operations_in(log)
  local ours, found, count = {}, {}, 0
  for _, row in ipairs(contract.operations) do ours[row.id] = true end
  for _, entry in ipairs(log) do
    local id = entry.operation
    if ours[id] and not found[id] then found[id], count = true, count + 1 end
  end
  return found, count
end

local function assert_whole(rows)
  local titles = {}
  for _, title in ipairs(walk.titles()) do titles[title] = true end
  for _, row in ipairs(rows) do
    titles[row.chapter or row.title] = nil
    local text = row.answer and row.answer.text or ""
    assert(not text:find "^failed" and not text:find "^withheld", (row.title or "") .. text)
  end
  titles["what was made here"] = nil
  assert.same({}, titles)
end

describe("the walk of make live", function()
  it("has every row, and none that failed", function()
    local _, rows, facts = walked(account())
    assert_whole(rows)
    assert.is_false(facts.stopped)
  end)

  it("asks every operation of the contract, with writes", function()
    local here = account { limits = true }
    local _, rows, facts = walked(here, { writes = true, member = MEMBER, burst = true })
    assert_whole(rows)
    local found, count = operations_in(here.gateway.log)
    for _, row in ipairs(contract.operations) do assert(found[row.id], row.id) end
    assert.equal(28, count)
    assert.equal(#contract.operations, count)
    assert.equal(#here.gateway.log, facts.requests)
  end)

  it("has a row for every operation of the contract", function()
    local answers = answers_of(select(2, walked(account())))
    for _, row in ipairs(contract.operations) do assert(answers[row.id], row.id) end
  end)

  it("sends nothing but GET without LIVE_WRITES", function()
    local here = account()
    local _, rows = walked(here)
    assert.same({}, writes_of(here.gateway.log))
    assert.equal("skipped: no LIVE_WRITES=1", answers_of(rows)["spaces.create"])
    assert.equal("skipped: no LIVE_WRITES=1", answers_of(rows)["connections.delete"])
  end)

  it("adds no member without an address", function()
    local here = account()
    local _, rows = walked(here, { writes = true })
    local answers = answers_of(rows)
    assert_whole(rows)
    for _, name in ipairs { "create", "patch", "batchUpdate", "delete" } do
      assert.equal("skipped: no LIVE_MEMBER", answers["spaces.members." .. name])
    end
    for _, entry in ipairs(writes_of(here.gateway.log)) do
      assert(not entry.path:find("members", 1, true), entry.path)
    end
  end)

  it("changes only what it has made, and deletes what can be deleted", function()
    local here = account()
    local before = {}
    for _, connection in ipairs(here.gateway.state.connections.list) do
      before[#before + 1] = connection.resource.connection_id
    end
    local spaces = #here.gateway:organisation().spaces
    local _, rows = walked(here, WRITES)
    for _, entry in ipairs(writes_of(here.gateway.log)) do
      local name = entry.path:match "/v2/(spaces/[%w_]+)"
      local node = name and here.gateway:find(name)
      assert(not node or node.sequence > 0 and not before[name], name)
      for _, code in ipairs { "Qm7xT2kLw9Za", "b4Kd_yR8sJvN", "W3cTn5XeUu2f", "z9PhLq4_VaM6",
        "Tt6gYc2RkE8w", "k2VbHj7SfX5m", "C8rJw3UdNp9y" } do
        assert(not entry.path:find(code, 1, true), entry.path)
      end
      for _, id in ipairs(before) do assert(not entry.path:find(id, 1, true), entry.path) end
    end
    local after = {}
    for _, connection in ipairs(here.gateway.state.connections.list) do
      after[#after + 1] = connection.resource.connection_id
    end
    assert.same(before, after)
    local left = here.gateway:organisation().spaces
    assert.equal(spaces + 1, #left)
    assert.equal(0, #left[#left].members)
    assert.equal("4 deleted; 0 left; 1 spaces stay, which the API cannot delete",
      answers_of(rows)["what was made here"])
  end)

  it("deletes what it made where a question fails", function()
    local here = account()
    here.gateway:fail { on = "spaces.members.delete", status = 500 }
    here.gateway:fail { on = "connections.delete", status = 500, shape = "nested" }
    local answers = answers_of(select(2, walked(here, WRITES)))
    assert.equal("failed: server 500", answers["spaces.members.delete"])
    assert.equal("failed: server 500", answers["connections.delete"])
    assert.matches("; 0 left; ", answers["what was made here"])
  end)

  it("shows no text of the account", function()
    local here = account()
    local output = walked(here)
    assert_silent(output, here.gateway)
    here = account { limits = true }
    output = walked(here, { writes = true, member = MEMBER, burst = true })
    assert_silent(output, here.gateway)
  end)

  it("goes on where a question fails", function()
    local here = account()
    here.gateway:fail { on = "recordings.list", status = 500, times = math.huge }
    local answers = answers_of(select(2, walked(here)))
    assert.equal("failed: server 500", answers["conferenceRecords.recordings.list"])
    assert.equal("not asked: there is no recording", answers["conferenceRecords.recordings.get"])
    assert.matches("^200; ", answers["conferenceRecords.transcripts.list"])
  end)

  it("stops where the key is refused, or nobody answers", function()
    for text, transport in pairs {
      ["failed: auth 401"] = function()
        return { status = 401, headers = {}, body = '{"error":{"message":"x","code":401}}' }
      end,
      ["failed: transport"] = function() return nil, "no network" end,
    } do
      local here, count = account(), 0
      here.transport = function(...)
        count = count + 1
        return transport(...)
      end
      local _, rows, facts = walked(here)
      local answers = answers_of(rows)
      assert.equal(text, answers["connections.list"])
      assert.equal("not asked: the walk stopped", answers["spaces.get"])
      assert.is_true(facts.stopped)
      assert.is_true(count <= 2)
    end
  end)

  it("stops where nobody answers any more", function()
    local here, count = account(), 0
    here.transport = function(...)
      count = count + 1
      if count > 20 then return nil, "no network" end
      return here.gateway.transport(...)
    end
    local _, _, facts = walked(here)
    assert.is_true(facts.stopped)
    assert.is_true(count < 30)
  end)

  it("says which connection is taken without the header", function()
    local here = account()
    here.gateway:add_connection {
      id = "older", status = "ACTIVE", creation_time = here.gateway.now() - 90 * 86400,
    }
    local row = "Maton-Connection: none, with several accounts"
    assert.equal("the oldest", answers_of(select(2, walked(here)))[row])
    assert.equal("not asked: MATON_CONNECTION is set",
      answers_of(select(2, walked(here, { fixed_connection = true })))[row])
  end)

  it("says which tabs an export holds", function()
    for held, count in pairs { all = 2, first = 1 } do
      local here = account()
      local note = here.gateway:organisation().conferenceRecords
      for _, record in ipairs(note) do
        for _, artifact in ipairs(record.smartNotes) do
          if here.gateway:file(artifact.file or "") then
            here.gateway:set_file(artifact, { export_tabs = held })
          end
        end
      end
      local answers = answers_of(select(2, walked(here)))
      assert.equal(count .. " of 2 tabs", answers["export: tabs in text"])
    end
  end)

  it("says what becomes of a range", function()
    local title = "Drive: the first 100 bytes, or a redirect"
    local answers = answers_of(select(2, walked(account())))
    assert.equal("206; Content-Range: yes; 100 bytes", answers[title])
    for _, case in ipairs {
      { { status = 302, shape = "empty", headers = { Location = "https://example.org/x" } },
        "a redirect: 302 transport, by transport" },
      { { status = 200, body = ("x"):rep(100000), shape = "text" }, "the whole came: the range is not kept" },
      { { status = 200, body = "short", shape = "text" }, "the whole came: the range is not kept" },
    } do
      local here = account()
      case[1].on, case[1].times = "GET /google%-drive/.*alt=media", math.huge
      here.gateway:fail(case[1])
      assert.equal(case[2], answers_of(select(2, walked(here)))[title])
    end
  end)
end)

describe("a hostile account", function()
  local SECRET = "bergqvist"

  --- Answers of servers whose every text, name and number is a secret.
  local ANSWERS = {
    ["errors whose texts are secrets"] = function()
      return { status = 400, headers = { ["Content-Type"] = "application/json" }, body = [[
        {"error": {"code": 482913377, "message": "bergqvist test-key", "status": "BERGQVIST",
          "trace_id": "bergqvist-7", "details": [
          {"@type": "type.googleapis.com/google.rpc.Bergqvist", "reason": "BERGQVIST", "test-key": "bergqvist"}, "bergqvist", 482913377]}}]] }
    end,
    ["flat errors"] = function()
      return { status = 404, headers = {}, body =
        '{"message": "bergqvist", "type": "test-key", "code": 482913377, "trace_id": "bergqvist"}' }
    end,
    ["errors of Drive"] = function()
      return { status = 403, headers = {}, body = '{"error": {"errors": [{"domain": "bergqvist", '
        .. '"reason": "bergqvist"}, {"bergqvist": 482913377}], "message": "bergqvist"}}' }
    end,
    ["500 for everything"] = function()
      return { status = 500, headers = {}, body = "bergqvist test-key" }
    end,
    ["429 for everything"] = function()
      return { status = 429, headers = { ["Retry-After"] = "482913377" }, body = "bergqvist" }
    end,
    ["a redirect"] = function()
      return { status = 302, headers = { Location = "https://bergqvist.example.org/test-key" },
        body = "" }
    end,
    ["HTML"] = function()
      return { status = 200, headers = { ["Content-Type"] = "text/html" },
        body = "<html><title>bergqvist</title>test-key</html>" }
    end,
    ["bytes"] = function()
      return { status = 206, headers = { ["Content-Range"] = "bergqvist", ETag = '"bergqvist"' },
        body = "bergqvist\0\255test-key" }
    end,
    ["fields whose names are secrets"] = function()
      local item = '{"name": "spaces/bergqvist", "bergqvist": "test-key", "id": "bergqvist", '
        .. '"space": "spaces/bergqvist", "connection_id": "bergqvist", "app": "google-drive", '
        .. '"status": "ACTIVE", "driveDestination": {"file": "bergqvist"}, "user": "bergqvist", '
        .. '"docsDestination": {"document": "bergqvist"}, "startTime": "bergqvist"}'
      local lists = {}
      for index, name in ipairs { "connections", "conferenceRecords", "members", "participants",
        "participantSessions", "recordings", "smartNotes", "transcripts", "transcriptEntries",
        "items" } do
        lists[index] = ('"%s": [%s, %s]'):format(name, item, item)
      end
      return { status = 200, headers = { ["X-Bergqvist"] = "test-key", ETag = '"bergqvist"',
        ["Content-Encoding"] = "bergqvist", ["Content-Type"] = "application/json" },
        body = ('{"name": "spaces/bergqvist", "connection_id": "bergqvist", "bergqvist": 1, %s}')
          :format(table.concat(lists, ", ")) }
    end,
    ["lists of anything else"] = function()
      return { status = 200, headers = { ["Content-Type"] = "application/json" }, body =
        '{"connections": ["bergqvist", 482913377, null, ["bergqvist"]], "items": "bergqvist",'
        .. '"conferenceRecords": {"bergqvist": "bergqvist"}, "next_token": 482913377}' }
    end,
  }

  for name, transport in pairs(ANSWERS) do
    it("gives nothing away: " .. name, function()
      for _, options in ipairs { {}, { writes = true, member = MEMBER, burst = true } } do
        local here = account()
        here.transport = transport
        local output, rows = walked(here, options)
        for _, word in ipairs { SECRET, KEY, "482913377", "zoe", "andersson" } do
          assert(not output:lower():find(word, 1, true), output)
        end
        for _, row in ipairs(rows) do
          assert(row.chapter or not row.answer.text:find "^withheld", row.title)
        end
        assert.is_true(#rows >= #walk.titles() - 1)
      end
    end)
  end
end)

describe("an answer of make live", function()
  local answer = require "spec.live.answer"

  it("cannot be made of a text", function()
    for _, value in ipairs { "Ada Bergqvist", { text = "Ada" }, print } do
      assert.has_error(function() answer.say.ok(value) end)
      assert.has_error(function() answer.join { value } end)
    end
    assert.has_error(function() answer.say["Ada Bergqvist"]() end)
    assert.is_nil(answer.term("kind", "Ada Bergqvist"))
    assert.is_nil(answer.term("reason", "BERGQVIST"))
  end)

  it("shows no number that could be more than a count", function()
    assert.equal("999", answer.number(999).text)
    assert.equal("1000 or more", answer.number(482913377).text)
    assert.equal("1000 or more", answer.number(-1).text)
    assert.equal("failed: an unknown kind 1000 or more",
      answer.failed({ kind = "Ada", status = 482913377 }).text)
  end)

  it("names the fields that the contract knows, and counts the others", function()
    assert.equal("fields: meetingCode name, and 2 that the contract does not know",
      answer.fields("Space", { { name = "x", ["Ada Bergqvist"] = 1 }, { meetingCode = 1, o = 1 } })
        .text)
    assert.equal("fields: etag, and 1 that the contract does not know",
      answer.headers({ etag = "x", ["x-bergqvist"] = "y" }).text)
  end)
end)

describe("the last check of make live", function()
  local titles = { "a title" }

  it("finds rows with a value that has been seen, whole or a word of it", function()
    local check = redact.new(titles, {})
    check:note { displayName = "Ada Bergqvist", nested = { { id = "cr-planning" } } }
    assert.same({ true, nil, true, true }, check:find { "a title  bergqvist", "a title  yes",
      "a title  the PLANNING one", "a title  Ada Bergqvist" })
  end)

  it("knows names of fields, too", function()
    local check = redact.new(titles, {})
    check:note { Bergqvist = true }
    assert.same({ true }, check:find { "a title  Bergqvist" })
  end)

  it("lets the words of the vocabulary be", function()
    local check = redact.new(titles, {})
    check:note { "not_found", "displayName", "Title", "characters", "meetingCode" }
    assert.same({}, check:find { "a title  404 not_found; 12 characters; fields: meetingCode" })
  end)

  it("finds a secret, be it a word of the vocabulary", function()
    assert.same({ true }, redact.new(titles, { "Title" }):find { "a title  yes" })
  end)
end)

describe("spec/live/run.lua", function()
  local fakes

  -- With a latency several requests are under way at once.
  setup(function()
    fakes = { served.start { arguments = "--latency 0.05" },
      served.start { arguments = "--latency 0.05" } }
  end)
  teardown(function()
    for _, fake in ipairs(fakes) do fake:close() end
  end)

  local function line(environment)
    return ("env -u MATON_CONNECTION %s LD_PRELOAD= %s spec/live/run.lua 2>&1; echo status $?")
      :format(environment, tree.lua())
  end

  local function run(environment)
    local output = tree.run(line(environment))
    local text, status = output:match "^(.*)status (%d+)\n$"
    return text, tonumber(status)
  end

  local function start(fake, environment)
    return io.popen(line(("MATON_API_URL=%s MATON_API_KEY=test-key %s"):format(fake.url,
      environment)))
  end

  it("walks a served account, with writes and without, and tells nothing of it", function()
    local pipes = {
      start(fakes[1], ""), start(fakes[2], "LIVE_WRITES=1 LIVE_MEMBER=" .. MEMBER),
    }
    for index, pipe in ipairs(pipes) do
      local output = pipe:read "a"
      pipe:close()
      assert.matches("\nstatus 0\n$", output)
      for _, title in ipairs(walk.titles()) do
        if index == 2 or title ~= "what was made here" then
          assert(output:find("\n%s*" .. title:gsub("%p", "%%%0") .. "%s"), title)
        end
      end
      assert.not_matches("  failed", output)
      assert.not_matches("  withheld", output)
      assert.matches("  no: new sockets for 8 requests at once: [5678]\n", output)
      assert.matches("^googlemeet [%d.]+, libcurl %w+, %d%d%d%d%-%d%d%-%d%d, the gateway", output)
      assert.matches("\n%d+ requests in %d+ s\n", output)
      assert_silent(output, account().gateway)
      assert(not output:find("127.0.0.1", 1, true))
    end
    assert.same({}, writes_of(fakes[1]:stats().log))
    assert.equal(28, select(2, operations_in(fakes[2]:stats().log)))
  end)

  it("says how to begin without a key", function()
    local output, status = run "-u MATON_API_KEY"
    assert.equal(2, status)
    assert.matches("^make live: MATON_API_KEY is not set%.", output)
    assert.matches("make live LIVE=fake\n", output)
  end)

  it("refuses settings that are none", function()
    for environment, message in pairs {
      ["LIVE=real"] = "LIVE=fake or nothing expected",
      ["LIVE_WRITES=yes"] = "LIVE_WRITES=1 or nothing expected",
      ["LIVE_BURST=2"] = "LIVE_BURST=1 or nothing expected",
      ["LIVE_MEMBER=zoe@example.org"] = "LIVE_MEMBER needs LIVE_WRITES=1",
      ["LIVE_WRITES=1 LIVE_MEMBER=zoe"] = "an address such as name@example.com expected",
      ["MATON_API_URL=nonsense"] = "cannot be used",
    } do
      local output, status = run("MATON_API_KEY=test-key-7 " .. environment)
      assert.equal(2, status, environment)
      assert.matches("^make live: [^\n]+\n$", output)
      assert(output:find(message, 1, true), output)
      assert(not output:find("test-key-7", 1, true))
    end
  end)

  it("ends with status 1 where the key is wrong, or nobody listens", function()
    for _, environment in ipairs { "MATON_API_KEY=wrong MATON_API_URL=" .. fakes[1].url,
      "MATON_API_KEY=wrong MATON_API_URL=http://127.0.0.1:1" } do
      local output, status = run(environment)
      assert.equal(1, status)
      assert.matches("; the walk could not go on\n$", output)
    end
  end)

  it("walks the fake in memory", function()
    local output, status = run "-u MATON_API_KEY LIVE=fake LIVE_WRITES=1"
    assert.equal(0, status)
    assert.matches("^googlemeet [^\n]+, the fake, with writes\n", output)
    assert_silent(output, account().gateway)
  end)

  it("sees HTTP/2 by the sockets", function()
    local fake <close> = setmetatable({ served = served.start { tls = true } },
      { __close = function(self) self.served:close() end })
    local client <close> = assert(meet.new {
      api_key = KEY, base_url = fake.served.url, ca_file = fake.served.cert, rate = false,
    })
    local rows = walk.run(client, { secrets = { KEY }, has_sockets = true })
    assert.matches("^yes: new sockets for 8 requests at once: [01]$", answers_of(rows)["HTTP/2"])
  end)
end)
