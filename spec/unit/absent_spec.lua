-- What clients, services, lists and reports lack raises at the script's line, saying what to write.

local meet = require "googlemeet"

--- What misuse in `act` says; the position is that of this file.
local function complaint(act)
  local raised, message = pcall(act)
  assert.is_false(raised)
  return (assert(message:match("^[%w/_.]*absent_spec%.lua:%d+: (.*)$"), message))
end

describe("what is absent from", function()
  local gateway, client, record

  before_each(function()
    gateway = meet.testing.gateway()
    record = gateway:seed().records.planning.name
    client = assert(meet.new { api_key = "test-key", transport = gateway.transport, rate = false })
  end)
  after_each(function() client:close() end)

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
    assert.matches("^client%.spaces: Meet has no list of spaces", complaint(function()
      return client.spaces:list()
    end))
    assert.matches("^client%.spaces: Meet cannot delete a space", complaint(function()
      return client.spaces:delete "x"
    end))
    assert.matches("^client%.conference_records: Meet cannot delete", complaint(function()
      return client.conference_records:delete "x"
    end))
  end)

  it("a list is told from an array before anything is sent", function()
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

  it("a report by index is told from an array", function()
    local attendance = assert(assert(client.conference_records:get(record)):attendance())
    local rows = "a report is no array: write `for row in report:rows() do`"
    assert.equal(rows, complaint(function() for _ in ipairs(attendance) do error "a row" end end))
    assert.equal(rows, complaint(function() return attendance[1] end))
    local transcript = assert(assert(client.conference_records:get(record)):transcript())
    local entries = "a report is no array: write `for entry in report:entries() do`"
    assert.equal(entries, complaint(function() for _ in ipairs(transcript) do error "one" end end))
  end)

  it("a report by name, and from a resource, is nil", function()
    local attendance = assert(assert(client.conference_records:get(record)):attendance())
    assert.is_nil(attendance.nothing)
    local space = assert(client.spaces:create())
    assert.is_nil(space.activeConference)
    assert.is_nil(space[1])
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
