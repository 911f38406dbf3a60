local core = require "googlemeet.core"
local answer = require "spec.live.answer"
local contract = require "spec.support.contract"
local live = require "spec.support.live"
local made_up_clock = require "spec.support.clock"
local redact = require "spec.live.redact"
local tree = require "spec.support.tree"
local walk = require "spec.live.walk"

local WRITES = { writes = true, member = live.MEMBER }

describe("the walk of make live", function()
  it("has every row, and none that failed", function()
    local _, rows, facts = live.walked(live.account())
    live.assert_whole(rows)
    assert.is_false(facts.stopped)
  end)

  it("asks every operation of the contract, with writes", function()
    local here = live.account { limits = true }
    local _, rows, facts = live.walked(here, { writes = true, member = live.MEMBER, burst = true })
    live.assert_whole(rows)
    local found, count = live.operations_in(here.gateway.log)
    for _, row in ipairs(contract.operations) do assert(found[row.id], row.id) end
    assert.equal(28, count)
    assert.equal(#contract.operations, count)
    assert.equal(#here.gateway.log, facts.requests)
  end)

  it("has a row for every operation of the contract", function()
    local answers = live.answers_of(select(2, live.walked(live.account())))
    for _, row in ipairs(contract.operations) do assert(answers[row.id], row.id) end
  end)

  it("sends nothing but GET without LIVE_WRITES", function()
    local here = live.account()
    local _, rows = live.walked(here)
    assert.same({}, live.writes_of(here.gateway.log))
    assert.equal("skipped: no LIVE_WRITES=1", live.answers_of(rows)["spaces.create"])
    assert.equal("skipped: no LIVE_WRITES=1", live.answers_of(rows)["connections.delete"])
  end)

  it("adds no member without an address", function()
    local here = live.account()
    local _, rows = live.walked(here, { writes = true })
    local answers = live.answers_of(rows)
    live.assert_whole(rows)
    for _, name in ipairs { "create", "patch", "batchUpdate", "delete" } do
      assert.equal("skipped: no LIVE_MEMBER", answers["spaces.members." .. name])
    end
    for _, entry in ipairs(live.writes_of(here.gateway.log)) do
      assert(not entry.path:find("members", 1, true), entry.path)
    end
  end)

  it("changes only what it has made, and deletes what can be deleted", function()
    local here = live.account()
    local before = {}
    for _, connection in ipairs(here.gateway.state.connections.list) do
      before[#before + 1] = connection.resource.connection_id
    end
    local spaces = #here.gateway:organisation().spaces
    local _, rows = live.walked(here, WRITES)
    for _, entry in ipairs(live.writes_of(here.gateway.log)) do
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
      live.answers_of(rows)["what was made here"])
  end)

  it("deletes what it made where a question fails", function()
    local here = live.account()
    here.gateway:fail { on = "spaces.members.delete", status = 500 }
    here.gateway:fail { on = "connections.delete", status = 500, shape = "nested" }
    local answers = live.answers_of(select(2, live.walked(here, WRITES)))
    assert.equal("failed: server 500", answers["spaces.members.delete"])
    assert.equal("failed: server 500", answers["connections.delete"])
    assert.matches("; 0 left; ", answers["what was made here"])
  end)

  it("shows no text of the account", function()
    local here = live.account()
    local output = live.walked(here)
    live.assert_silent(output, here.gateway)
    here = live.account { limits = true }
    output = live.walked(here, { writes = true, member = live.MEMBER, burst = true })
    live.assert_silent(output, here.gateway)
  end)

  it("withholds a row that shows a secret, however it came there", function()
    local output, rows = live.walked(live.account(), { secrets = { "meetingUri" } })
    local answers = live.answers_of(rows)
    assert.equal("withheld: the row would show a value of an answer", answers["spaces.get"])
    assert.not_matches("meetingUri", output)
    assert.matches("^200; ", answers["conferenceRecords.get"])
  end)

  it("goes on where a question fails", function()
    local here = live.account()
    here.gateway:fail { on = "recordings.list", status = 500, times = math.huge }
    local answers = live.answers_of(select(2, live.walked(here)))
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
      local here, count = live.account(), 0
      here.transport = function(...)
        count = count + 1
        return transport(...)
      end
      local _, rows, facts = live.walked(here)
      local answers = live.answers_of(rows)
      assert.equal(text, answers["connections.list"])
      assert.equal("not asked: the walk stopped", answers["spaces.get"])
      assert.is_true(facts.stopped)
      assert.is_true(count <= 2)
    end
  end)

  it("stops where nobody answers any more", function()
    local here, count = live.account(), 0
    here.transport = function(...)
      count = count + 1
      if count > 20 then return nil, "no network" end
      return here.gateway.transport(...)
    end
    local _, _, facts = live.walked(here)
    assert.is_true(facts.stopped)
    assert.is_true(count < 40)
  end)

  for _, status in ipairs { "ACTIVE", "PENDING", "FAILED" } do
    it("deletes no connection that was there before, though it comes as new: " .. status, function()
      local here, deleted = live.account(), 0
      local own = here.gateway:add_connection { status = status }.resource.connection_id
      local transport = here.transport
      function here.transport(request, seconds)
        if request.method == "POST" and request.url:find "/connections$" then
          return { status = 200, body = core.encode { connection_id = own } }
        elseif request.method == "DELETE" and request.url:find("/connections/", 1, true) then
          deleted = deleted + 1
        end
        return transport(request, seconds)
      end
      local answers = live.answers_of(select(2, live.walked(here, { writes = true })))
      assert.equal(0, deleted)
      assert.equal("200; one that was there before", answers["connections.create"])
    end)
  end

  it("makes no connection where it could not tell it from others", function()
    local here, made = live.account(), 0
    local transport = here.transport
    function here.transport(request, seconds)
      if request.method == "GET" and request.url:find "/connections%??[^/]*$" then
        return { status = 200, body = ('{"connections": [{"connection_id": "c%d", "app": "x"}], '
          .. '"next_token": "t%d"}'):format(made, math.random(1 << 40)) }
      end
      if request.method == "POST" and request.url:find "/connections$" then made = made + 1 end
      return transport(request, seconds)
    end
    local answers = live.answers_of(select(2, live.walked(here, { writes = true })))
    assert.equal(0, made)
    assert.matches("^not asked: one that is made could not be distinguished",
      answers["connections.create"])
  end)

  it("shows which fields the gateway's own errors have", function()
    local answers = live.answers_of(select(2, live.walked(live.account())))
    assert.equal("fields: error; within error: code message", answers["the body of a 401"])
    assert.equal("fields: code message trace_id type", answers["the body of a 404"])
    assert.equal("fields: code message type", answers["an app without a connection: the body"])
  end)

  it("counts what a burst is refused, and says whether it has to wait", function()
    local title = "30 requests at once: Meet"
    local here = live.account { limits = true }
    assert.matches("^%d+ of 30 were 429; of the first: 429 rate_limited, by gateway; "
      .. "Retry%-After or RetryInfo: no; the others: 200$",
      live.answers_of(select(2, live.walked(here, { burst = true })))[title])
    here = live.account()
    here.gateway:fail { on = function(request)
      return request.url:find "conferenceRecords%?pageSize=1$" ~= nil
    end, status = 429, times = math.huge, headers = { ["Retry-After"] = "2" } }
    assert.matches("^30 of 30 were 429; .*, retry after 2 s; Retry%-After or RetryInfo: yes; "
      .. "the others: none$",
      live.answers_of(select(2, live.walked(here, { burst = true })))[title])
    assert.equal("not asked: no LIVE_BURST=1",
      live.answers_of(select(2, live.walked(live.account())))[title])
  end)

  it("ends a list that has no end", function()
    local here, count = live.account(), 0
    here.transport = function(request)
      if not request.url:find "/members%?" then return here.gateway.transport(request) end
      count = count + 1
      return { status = 200, headers = {}, body = ('{"nextPageToken": "t-%d"}'):format(count) }
    end
    local answers = live.answers_of(select(2, live.walked(here)))
    assert.equal("failed: the list has no end", answers["spaces.members.list"])
    assert.equal(60, count)
    assert.matches("^200; ", answers["conferenceRecords.participants.list"])
  end)

  it("says which connection is taken without the header", function()
    local here = live.account()
    here.gateway:add_connection {
      id = "older", status = "ACTIVE", creation_time = here.gateway.now() - 90 * 86400,
    }
    local row = "Maton-Connection: none, with several accounts"
    assert.equal("the oldest", live.answers_of(select(2, live.walked(here)))[row])
    assert.equal("not asked: MATON_CONNECTION is set",
      live.answers_of(select(2, live.walked(here, { fixed_connection = true })))[row])
  end)

  it("says which tabs an export holds", function()
    for held, count in pairs { all = 2, first = 1 } do
      local here = live.account()
      local note = here.gateway:organisation().conferenceRecords
      for _, record in ipairs(note) do
        for _, artifact in ipairs(record.smartNotes) do
          if here.gateway:file(artifact.file or "") then
            here.gateway:set_file(artifact, { export_tabs = held })
          end
        end
      end
      local answers = live.answers_of(select(2, live.walked(here)))
      assert.equal(count .. " of 2 tabs", answers["export: tabs in text"])
    end
  end)

  it("says what becomes of a range", function()
    local title = "Drive: the first 100 bytes, or a redirect"
    local answers = live.answers_of(select(2, live.walked(live.account())))
    assert.equal("206; Content-Range: yes; 100 bytes", answers[title])
    for _, case in ipairs {
      { { status = 302, shape = "empty", headers = { Location = "https://example.org/x" } },
        "a redirect: 302 transport, by transport" },
      { { status = 200, body = ("x"):rep(100000), shape = "text" },
        "the whole came: the range is not kept" },
      { { status = 200, body = "short", shape = "text" },
        "the whole came: the range is not kept" },
    } do
      local here = live.account()
      case[1].on, case[1].times = "GET /google%-drive/.*alt=media", math.huge
      here.gateway:fail(case[1])
      assert.equal(case[2], live.answers_of(select(2, live.walked(here)))[title])
    end
  end)
end)

describe("a hostile account", function()
  local SECRET = "bergqvist"
  local count = 0

  --- Answers of servers whose every text, name and number is a secret.
  local ANSWERS = {
    ["errors whose texts are secrets"] = function()
      return { status = 400, headers = { ["Content-Type"] = "application/json" }, body = [[
        {"error": {"code": 482913377, "message": "bergqvist test-key", "status": "BERGQVIST",
          "trace_id": "bergqvist-7", "details": [
          {"@type": "type.googleapis.com/google.rpc.Bergqvist", "reason": "BERGQVIST",
          "test-key": "bergqvist"}, "bergqvist", 482913377]}}]] }
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
    ["lists without an end"] = function()
      count = count + 1
      return { status = 200, headers = {}, body = ('{"connections": [{"app": "bergqvist"}], '
        .. '"conferenceRecords": [{"name": "bergqvist"}], "next_token": "bergqvist-%d", '
        .. '"nextPageToken": "bergqvist-%d"}'):format(count, count) }
    end,
    ["lists of anything else"] = function()
      return { status = 200, headers = { ["Content-Type"] = "application/json" }, body =
        '{"connections": ["bergqvist", 482913377, null, ["bergqvist"]], "items": "bergqvist",'
        .. '"conferenceRecords": {"bergqvist": "bergqvist"}, "next_token": 482913377}' }
    end,
  }

  for name, transport in pairs(ANSWERS) do
    it("gives nothing away: " .. name, function()
      for _, options in ipairs { {}, { writes = true, member = live.MEMBER, burst = true } } do
        local output, rows = live.walked({ transport = transport, clock = made_up_clock() },
          options)
        for _, word in ipairs { SECRET, live.KEY, "482913377", "zoe", "andersson" } do
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
  it("cannot be made of a text", function()
    for _, value in ipairs { "Ada Bergqvist", { text = "Ada" }, print } do
      assert.has_error(function() answer.say.ok(value) end)
      assert.has_error(function() answer.join { value } end)
    end
    assert.has_error(function() answer.say["Ada Bergqvist"]() end)
    assert.is_nil(answer.term("kind", "Ada Bergqvist"))
    assert.is_nil(answer.term("reason", "BERGQVIST"))
  end)

  it("knows every kind of error that the core has", function()
    local kinds = tree.read("src/error.c"):match "kind_names%[[%w_]*%] = (%b{})"
    for name in kinds:gmatch '"([%w_]+)"' do
      assert(name == "ok" or answer.term("kind", name), name)
    end
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
