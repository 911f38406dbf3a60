-- What clients, services, lists and reports lack raises at the script's line, and says what to
-- write.

local meet = require "googlemeet"

--- What misuse in `act` says; the position is that of this file.
local function complaint(act)
  local raised, message = pcall(act)
  assert.is_false(raised)
  return (assert(message:match("^[%w/_.]*misuse_spec%.lua:%d+: (.*)$"), message))
end

describe("what is absent from", function()
  local gateway, client, record

  setup(function()
    gateway = meet.testing.gateway()
    record = gateway:seed().records.planning.name
    client = assert(meet.new { api_key = "test-key", transport = gateway.transport, rate = false })
  end)
  before_each(function() gateway:clear_log() end)
  teardown(function() client:close() end)

  it("a client is named with what was probably meant", function()
    assert.equal("client: no service or method 'space'; did you mean 'spaces'?",
      complaint(function() return client.space:get "x" end))
    assert.equal("client: no service or method 'gathr'; did you mean 'gather'?",
      complaint(function() return client:gathr {} end))
  end)

  it("a client and near to nothing lists all services and methods", function()
    local said = complaint(function() return client.meetings end)
    assert.matches("^client: no service or method 'meetings'; known: close, conference_records,",
      said)
    assert.matches(", spaces, stats, .*, with$", said)
    assert.matches("^client: no service or method '1'; known: ",
      complaint(function() return client[1] end))
  end)

  it("a service is named with the method that was probably meant, or all", function()
    assert.equal("client.spaces: no method 'creat'; did you mean 'create'?",
      complaint(function() return client.spaces:creat {} end))
    assert.equal("client.spaces: no method 'update'; known: create, end_active_conference, get, "
      .. "patch", complaint(function() return client.spaces:update("x", {}) end))
    assert.equal("client.recordings: no method 'download'; known: get, list",
      complaint(function() return client.recordings:download "x" end))
  end)

  it("Meet itself is said so", function()
    assert.matches("^client%.spaces: Meet cannot list spaces", complaint(function()
      return client.spaces:list()
    end))
    assert.matches("^client%.spaces: Meet cannot delete a space", complaint(function()
      return client.spaces:delete "x"
    end))
    assert.matches("^client%.conference_records: Meet cannot delete", complaint(function()
      return client.conference_records:delete "x"
    end))
  end)

  it("a list is distinguished from an array before anything is sent", function()
    local use = "a list is an iterator over its items: write `for item in list do`, or take an "
      .. "array with list:all(), the first with list:first()"
    local list = client.participants:list(record)
    assert.equal("list: " .. use, complaint(function()
      for _ in ipairs(list) do error "an item" end
    end))
    assert.equal("list: " .. use, complaint(function() return list[1] end))
    assert.equal("list: no 'name'; " .. use, complaint(function() return list.name end))
    assert.equal("list: no method 'nextpage'; did you mean 'next_page'?",
      complaint(function() return list:nextpage() end))
    assert.same({}, gateway:requests())
  end)

  it("a report by index is distinguished from an array", function()
    local attendance = assert(assert(client.conference_records:get(record)):attendance())
    local rows = "a report is not an array: write `for row in report:rows() do`"
    assert.equal(rows, complaint(function() for _ in ipairs(attendance) do error "a row" end end))
    assert.equal(rows, complaint(function() return attendance[1] end))
    assert.equal(rows, complaint(function() return #attendance end))
    local transcript = assert(assert(client.conference_records:get(record)):transcript())
    local entries = "a report is not an array: write `for entry in report:entries() do`"
    assert.equal(entries, complaint(function() for _ in ipairs(transcript) do error "one" end end))
    assert.equal(entries, complaint(function() return #transcript end))
  end)

  it("several reports in one by index is distinguished from an array", function()
    local attendance = assert(assert(client.conference_records:get(record)):attendance())
    local merged = meet.attendance.merge { attendance }
    local rows = "a merged report is not an array: write `for row in merged:rows() do`"
    assert.equal(rows, complaint(function() for _ in ipairs(merged) do error "one" end end))
    assert.equal(rows, complaint(function() return #merged end))
  end)

  it("a watcher by index is distinguished from an array", function()
    local watcher = meet.watch(client, { records = { record } })
    assert.equal("a watcher is not an array: write `for event in watcher do`",
      complaint(function() for _ in ipairs(watcher) do error "an event" end end))
    assert.error(function() return #watcher end)
    assert.is_nil(watcher.nothing)
  end)

  it("a report by name, and from a resource, is nil", function()
    local attendance = assert(assert(client.conference_records:get(record)):attendance())
    assert.is_nil(attendance.nothing)
    local space = assert(client.spaces:create())
    assert.is_nil(space.activeConference)
    assert.is_nil(space[1])
  end)

  it("a call with a dot is the object, and never a loop without an end", function()
    local conference = assert(client.conference_records:get(record))
    local report, transcript = assert(conference:attendance()), assert(conference:transcript())
    local merged = meet.attendance.merge { report }
    local watcher = meet.watch(client, { records = { record } })
    local person = conference:participants():first()
    local task = client:submit(function() return 1 end)
    local store = assert(meet.archive.sqlite ":memory:")
    local select, connect = client.connections.select, client.connections.connect
    for said, act in pairs {
      ["rows: call it on a report, with a colon"] = function()
        for _ in report.rows do error "a row" end
      end,
      ["render: call it on a report, with a colon"] = function() return report.render "csv" end,
      ["entries: call it on a report, with a colon"] = function() return transcript.entries() end,
      ["talk_time: call it on a report, with a colon"] = transcript.talk_time,
      ["rows: call it on a merged report, with a colon"] = function() return merged.rows() end,
      ["state: call it on a watcher, with a colon"] = function() return watcher.state() end,
      ["display_name: call it on a participant, with a colon"] = person.display_name,
      ["result: call it on the task, with a colon"] = function() return task.result() end,
      ["manifest: call it on a store, with a colon"] = function() return store.manifest() end,
      ["sleep: call it on the client, with a colon"] = function() return client.sleep(1) end,
      ["step: call it on the client, with a colon"] = function() return client.step(1) end,
      ["map: call it on the client, with a colon"] = function() client.map({}, print) end,
      ["doctor: call it on the client, with a colon"] = function() return client.doctor() end,
      ["now: call it on the client, with a colon"] = function() return client.now() end,
      ["fail: call it on the gateway, with a colon"] = function() gateway.fail {} end,
    } do
      assert.equal(said, complaint(function() act() end))
    end
    local on_service = "call it on the service, with a colon"
    assert.equal(on_service, complaint(function() return select "only" end))
    assert.equal(on_service, complaint(function() return connect { on_url = print } end))
    assert.equal(1, task:result())
  end)

  it("a module called with a colon is refused, and not taken for the first argument", function()
    assert.equal("attendance.merge: an array of attendance reports expected",
      complaint(function() meet.attendance:merge {} end))
    assert.equal("talk_time.merge: an array of transcript reports expected",
      complaint(function() meet.talk_time:merge {} end))
    assert.equal("filter: after the table, the kind of list expected, got table; call it with a "
      .. "dot: meet.filter(fields, kind)", complaint(function() meet:filter { live = true } end))
  end)

  it("nothing hides what is there from pairs and from the metatable", function()
    local names = {}
    for name in pairs(assert(client.spaces:create())) do names[#names + 1] = name end
    table.sort(names)
    assert.same({ "config", "meetingCode", "meetingUri", "name" }, names)
    assert.equal("function", type(client.spaces.get))
    assert.equal("function", type(client.participants:list(record).all))
  end)
end)
