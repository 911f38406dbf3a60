-- Lists whose filter is a table: what goes to the server, and which items of a page pass.

local core = require "googlemeet.core"
local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"
local served = require "spec.support.served"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z
local SPACE = "spaces/Qm7xT2kLw9Za"

local fake, client

--- A client on a fake whose records r1, r2, … began one minute apart, r1 last; `running` says
-- which of them have no end, each in its own space but for r1.
local function over(count, running, options)
  options = options or {}
  options.now = NOW
  fake = meet.testing.gateway(options)
  client = assert(meet.new { api_key = "test-key", transport = fake.transport,
    clock = made_up_clock() })
  local space = fake:add_space { id = "Qm7xT2kLw9Za", code = "hpk-vtwd-ens" }
  for index = 1, count do
    local start, is_running = NOW - index * 60, running(index)
    fake:add_record { id = "r" .. index, start_time = start,
      space = is_running and index > 1 and fake:add_space {} or space,
      end_time = not is_running and start + 30 or nil }
  end
  return client
end

local function names_of(items)
  local names = {}
  for index, item in ipairs(items) do names[index] = item.name:match "[^/]+$" end
  return table.concat(names, " ")
end

local function odd(index) return index % 2 == 1 end
local function none() return false end

--- What the list requests had of a query parameter.
local function queries(name)
  local values = {}
  for index, entry in ipairs(fake:requests "conferenceRecords.list") do
    values[index] = entry.query[name] or ""
  end
  return values
end

after_each(function() if client then client:close() end end)

describe("a list with a filter table", function()
  it("sends what the server can do", function()
    local items = assert(over(4, odd).conference_records:list {
      filter = { start_time = { from = NOW - 180 }, live = true },
    }:all())
    assert.equal("r1 r3", names_of(items))
    assert.same({ 'start_time>="2026-11-22T09:57:00Z" AND end_time IS NULL' }, queries "filter")
  end)

  it("applies to the items what the server cannot do", function()
    local items = assert(over(5, odd).conference_records:list { filter = { ended = true } }:all())
    assert.equal("r2 r4", names_of(items))
    assert.same({ "" }, queries "filter")
  end)

  it("leaves the bounds out where they are exclusive", function()
    local items = assert(over(5, none).conference_records:list {
      filter = { start_time = { after = NOW - 240, before = NOW - 60 } },
    }:all())
    assert.equal("r2 r3", names_of(items))
    assert.same({ 'start_time>="2026-11-22T09:56:00Z" AND start_time<="2026-11-22T09:59:00Z"' },
      queries "filter")
  end)

  it("leaves the caller's tables as they are", function()
    local options = { filter = { ended = true }, fields = "conferenceRecords(name)", limit = 1 }
    assert(over(3, none).conference_records:list(options):all())
    assert.same({ filter = { ended = true }, fields = "conferenceRecords(name)", limit = 1 },
      options)
  end)

  it("serves participants and sessions as well", function()
    over(1, odd)
    local record = client.conference_records:get "r1"
    for _, person in ipairs {
      { id = "here", sessions = { { start_time = NOW - 50, end_time = NOW - 40 },
        { start_time = NOW - 30 } } },
      { id = "gone", start_time = NOW - 50, end_time = NOW - 20 },
    } do
      person.display_name = person.id
      fake:add_participant(record.name, person)
    end
    assert.equal("here", names_of(record:participants { filter = { live = true } }:all()))
    assert.equal("gone", names_of(record:participants { filter = { live = false } }:all()))
    assert.equal("gone", names_of(record:participants {
      filter = { latest_end_time = { from = NOW - 20 } } }:all()))
    local here = client.participants:list(record, { filter = { live = true } }):first()
    assert.equal(1, #assert(here:sessions { filter = { live = false } }:all()))
    assert.equal(1, #assert(client.participant_sessions:list(here,
      { filter = { start_time = { after = NOW - 50 } } }):all()))
  end)

  it("takes a filter string as it is", function()
    local text = 'space.name = "' .. SPACE .. '"'
    assert(over(1, none).conference_records:list { filter = text }:all())
    assert.same({ text }, queries "filter")
  end)

  it("narrows the conferences of a space", function()
    over(4, odd)
    fake:add_record { space = fake:add_space {}, start_time = NOW - 10, end_time = NOW - 5 }
    local space = client.spaces:get "hpk-vtwd-ens"
    assert.equal("r2 r4", names_of(space:conference_records { filter = { ended = true } }:all()))
    assert.equal("r1", names_of(space:conference_records { filter = { live = true } }:all()))
    for _, filter in ipairs { "", "end_time IS NULL" } do
      assert(space:conference_records { filter = filter }:all())
    end
    local own = 'space.name="' .. SPACE .. '"'
    local live = own .. " AND end_time IS NULL"
    assert.same({ own, live, own, live }, queries "filter")
  end)

  for title, case in pairs {
    ["an unknown field"] = { { spase = 1 }, "unknown filter field 'spase'; did you mean 'space'" },
    ["a field of another list"] = { { latest_end_time = 1 }, "unknown filter field" },
    ["a contradiction"] = { { live = true, ended = true }, "contradict" },
  } do
    it("raises at the caller's line: " .. title, function()
      over(0, none)
      local ok, message = pcall(function()
        local _ = client.conference_records:list { filter = case[1] }
      end)
      assert.is_false(ok)
      assert.matches("^.*filtered_lists_spec%.lua:%d+: .*" .. case[2], message)
    end)
  end

  it("raises at the caller's line from a method of a resource", function()
    over(1, none)
    local record, space = client.conference_records:get "r1", client.spaces:get "hpk-vtwd-ens"
    for message, act in pairs {
      ["unknown filter field 'ended'; known: earliest_start_time, latest_end_time, "
        .. "live"] = function()
        return (record:participants { filter = { ended = true } })
      end,
      ["unknown filter field 'spase'; did you mean 'space'?"] = function()
        return (space:conference_records { filter = { spase = true } })
      end,
      ["space:conference_records: the filter must not set 'space'"] = function()
        return (space:conference_records { filter = { space = SPACE } })
      end,
    } do
      local _, raised = pcall(act)
      assert.equal(message, (raised:gsub("^.*filtered_lists_spec%.lua:%d+: ", "")))
      assert.not_equal(message, raised)
    end
  end)

  it("raises for the other options as any list", function()
    over(0, none)
    for _, options in ipairs { { limit = -1 }, { limit = "3" }, { page_size = 0 }, { lmit = 3 } } do
      options.filter = { ended = true }
      local ok, message = pcall(function() return (client.conference_records:list(options)) end)
      assert.is_false(ok)
      assert.matches("^.*filtered_lists_spec%.lua:%d+: conference_records:list: ", message)
    end
    assert.same({}, fake.log)
  end)
end)

describe("a list that filters items", function()
  local ENDED = { ended = true }

  --- r3, r6, r9, … of 20 have ended; pages of 4.
  local function sifting(options, settings)
    options = options or {}
    options.filter, options.page_size = ENDED, options.page_size or 4
    return over(20, function(index) return index % 3 ~= 0 end, settings)
      .conference_records:list(options)
  end

  it("gives the four values of a generic for", function()
    over(3, none)
    local pager, state, control, closing = client.conference_records:list { filter = ENDED }
    assert.same({ "userdata", nil, nil }, { type(pager), state, control })
    assert.equal(pager, closing)
  end)

  it("gives the items that are kept, by every way to take them", function()
    local names = {}
    for record in sifting() do names[#names + 1] = record.name:match "[^/]+$" end
    assert.equal("r3 r6 r9 r12 r15 r18", table.concat(names, " "))

    local pages = {}
    for items in sifting():pages() do pages[#pages + 1] = names_of(items) end
    assert.same({ "r3", "r6", "r9 r12", "r15", "r18" }, pages)

    local pager = sifting()
    assert.equal("r3", names_of { pager:first() })
    assert.equal("r6", names_of { pager() })
    assert.equal("r9 r12", names_of(pager:next_page()))
    assert.equal("r15 r18", names_of(pager:all()))
    assert.equal(0, select("#", pager:next_page()))
  end)

  it("counts in its limit what is kept", function()
    assert.equal("r3 r6 r9", names_of(sifting { limit = 3 }:all()))
    assert.equal(3, #fake:requests "conferenceRecords.list")
    assert.equal("", names_of(sifting { limit = 0 }:all()))
    assert.same({}, fake.log)
  end)

  it("cuts the last page at its limit", function()
    local pages = {}
    for items in sifting { limit = 3 }:pages() do pages[#pages + 1] = names_of(items) end
    assert.same({ "r3", "r6", "r9" }, pages)
  end)

  it("asks for whole pages whatever the limit, since few of a page may be kept", function()
    local pager = over(20, none).conference_records:list { filter = ENDED, limit = 2 }
    assert.equal("r1 r2", names_of(pager:all()))
    assert.same({ "100" }, queries "pageSize")
  end)

  it("goes on past pages of which nothing is kept", function()
    over(20, function(index) return index < 20 end)
    local first = client.conference_records:list { filter = ENDED, page_size = 3 }:first()
    assert.equal("r20", names_of { first })
    assert.equal(7, #fake:requests "conferenceRecords.list")
  end)

  it("gives nothing without an error where nothing is kept at all", function()
    local item, err = over(5, function() return true end).conference_records
      :list({ filter = ENDED, page_size = 2 }):first()
    assert.same({ nil, nil, 3 }, { item, err, #fake:requests "conferenceRecords.list" })
  end)

  it("takes short and empty pages", function()
    assert.equal("r3 r6 r9 r12 r15 r18", names_of(sifting({}, { short_pages = true }):all()))
  end)

  it("resumes at its token without losing an item, the limit going on", function()
    local pager = sifting()
    assert.equal("r3 r6", names_of { pager(), pager() })
    assert.equal("r9", names_of { pager() })
    local resumed = client.conference_records:list { filter = ENDED, page_size = 4,
      page_token = pager:token(), limit = 3 }
    assert.equal("r9 r12 r15", names_of(resumed:all())) -- the page at hand, from its start
  end)

  it("may be called again for a page that failed", function()
    local pager = sifting()
    assert.equal("r3", names_of(pager:next_page()))
    fake:fail { on = "conferenceRecords.list", status = 403 }
    local items, err = pager:next_page()
    assert.same({ nil, "permission" }, { items, err.kind })
    assert.equal("r6", names_of(pager:next_page()))
  end)

  it("gives each item to one of the tasks that share it", function()
    local pager, names = sifting(), {}
    local function take()
      for record in pager do names[#names + 1] = record.name:match "[^/]+$" end
    end
    assert(client:gather { take, take, take })
    table.sort(names)
    assert.same({ "r12", "r15", "r18", "r3", "r6", "r9" }, names)
  end)

  for _, case in ipairs {
    { "conferenceRecords(name)",
      "conferenceRecords(name),conferenceRecords/endTime,nextPageToken" },
    { "conferenceRecords/name",
      "conferenceRecords/name,conferenceRecords/endTime,nextPageToken" },
    { "conferenceRecords(name,endTime)", "conferenceRecords(name,endTime),nextPageToken" },
    { "conference_records/end_time", "conference_records/end_time,nextPageToken" },
    { "conferenceRecords", "conferenceRecords,nextPageToken" },
    { "conferenceRecords/*", "conferenceRecords/*,nextPageToken" },
    { "*", "*" },
  } do
    it("asks for the field it looks at where fields lacks it: " .. case[1], function()
      local pager = sifting { fields = case[1] }
      assert.equal(6, #assert(pager:all()))
      assert.equal(case[2], queries "fields"[1])
    end)
  end
end)

describe("a list whose filter names a space", function()
  local stderr, written = io.stderr, nil

  before_each(function()
    written = {}
    local function write(_, text) written[#written + 1] = text end
    io.stderr = { write = write } -- luacheck: ignore 122
  end)

  after_each(function() io.stderr = stderr end) -- luacheck: ignore 122

  local NOTE = "googlemeet: the list is empty: no space has the meeting code aaa-bbbb-ccc, or the "
    .. "account cannot see it\n"

  for _, status in ipairs { 404, 403 } do
    for _, field in ipairs { "space", "meeting_code" } do
      it(("says that none has the code, which answers %d (%s)"):format(status, field), function()
        over(2, none, { unknown_space_status = status })
        local pager <close> = client.conference_records:list {
          filter = { [field] = "AAA-bbbb-ccc" },
        }
        for _ in pager do error "an item" end
        assert.same({ NOTE }, written)
        assert.is_nil(pager())
        assert.same({ {}, 1, 1 }, { assert(pager:all()), #written, #fake:requests "spaces.get" })
      end)

      it(("with must_exist gives the error of a lookup that answers %d (%s)"):format(status, field),
        function()
          over(2, none, { unknown_space_status = status })
          local filter = { [field] = "aaa-bbbb-ccc", must_exist = true }
          for _, method in ipairs { "first", "all", "next_page" } do
            local pager = client.conference_records:list { filter = filter }
            local none_there, err = pager[method](pager)
            assert.same({ "nil", status }, { tostring(none_there), err.status })
          end
          assert.same({}, written)
        end)
    end
  end

  it("raises that error in a loop, and in a task as anywhere", function()
    over(2, none)
    local filter = { space = "aaa-bbbb-ccc", must_exist = true }
    local ok, err = pcall(function()
      for _ in client.conference_records:list { filter = filter } do error "an item" end
    end)
    assert.same({ false, "not_found" }, { ok, err.kind })
    local done, failed = client:gather { function()
      return client.conference_records:list({ filter = filter }):all()
    end }
    assert.same({ "nil", "not_found" }, { tostring(done), failed.kind })
  end)

  it("says nothing of a space that is there, and looks it up only for a code", function()
    over(2, none)
    fake:add_space { id = "unused", code = "xyz-abcd-efg" }
    for _, filter in ipairs {
      { space = "xyz-abcd-efg" }, { space = "spaces/unused" }, { space = "spaces/nobody-knows" },
      { space = "spaces/unused", must_exist = true }, { live = true },
    } do
      assert.same({}, client.conference_records:list({ filter = filter }):all())
    end
    assert.same({}, written)
    assert.equal(2, #fake:requests "spaces.get")
  end)

  it("takes no further request where the list has items", function()
    over(2, none)
    local filter = { space = "hpk-vtwd-ens", must_exist = true }
    assert.equal(2, #assert(client.conference_records:list({ filter = filter }):all()))
    assert.equal(0, #fake:requests "spaces.get")
  end)

  it("says nothing where items came and none passed", function()
    over(2, none)
    local filter = { space = "hpk-vtwd-ens", start_time = { before = NOW - 120 } }
    assert.same({}, client.conference_records:list({ filter = filter }):all())
    assert.same({}, written)
  end)

  it("asks nothing more once it is closed", function()
    over(2, none)
    local pager = client.conference_records:list { filter = { space = "hpk-vtwd-ens" } }
    assert(pager())
    pager:close()
    assert.is_nil(pager())
    assert.equal(0, #fake:requests "spaces.get")
  end)

  it("with must_exist checks a name, too", function()
    over(2, none)
    local _, err = client.conference_records:list({
      filter = { space = "spaces/nobody-knows", must_exist = true },
    }):first()
    assert.equal("not_found", err.kind)
  end)

  it("looks it up with the options of the list; another failure is no news of the code", function()
    over(2, none)
    fake:fail { on = "spaces.get", status = 500, times = 2 }
    local filter = { space = "aaa-bbbb-ccc" }
    assert.same({}, client.conference_records:list({ filter = filter }):all())
    assert.same({}, written)
    filter.must_exist = true
    local _, err = client.conference_records:list({ filter = filter, deadline = 9 }):all()
    assert.equal("server", err.kind)
    assert.equal("name", fake:requests("spaces.get")[1].query.fields)
  end)
end)

describe("googlemeet.core.list.filter", function()
  it("leaves the page to be asked for again when its function raises", function()
    over(3, none)
    local broken = true
    local pager = client.conference_records:list {}
    core.list.filter(pager, function(item)
      if broken and item.name:find "r2" then error("broken", 0) end
      return not item.name:find "r1"
    end)
    assert.same({ false, "broken" }, { pcall(pager) })
    assert.same({ false, "broken" }, { pcall(pager.all, pager) })
    broken = false
    assert.equal("r2 r3", names_of(pager:all()))
    assert.equal(3, #fake:requests "conferenceRecords.list")
  end)
end)

describe("a list that filters items, on sockets", function()
  local server

  setup(function() server = served.start { arguments = "--key test-key" } end)
  teardown(function() server:close() end)

  before_each(function()
    server:reset()
    client = assert(meet.new { api_key = "test-key", base_url = server.url })
  end)

  local function requests()
    return #server:stats().log
  end

  it("gives what is kept of all pages, prefetched ones too", function()
    local running, count = {}, 0
    for record in client.conference_records:list { page_size = 3 } do
      count = count + 1
      if not record.endTime then running[#running + 1] = record.name end
    end
    assert.same({ "conferenceRecords/cr-live-41c0" }, running)
    for _, page_size in ipairs { 1, 2, 3, 100 } do
      local items = assert(client.conference_records:list {
        filter = { ended = true }, page_size = page_size }:all())
      assert.equal(count - 1, #items)
    end
  end)

  it("requests nothing past its limit", function()
    local items = {}
    for record in client.conference_records:list {
      filter = { ended = true }, page_size = 3, limit = 2,
    } do
      items[#items + 1] = record
    end
    assert.same({ 2, 1 }, { #items, requests() })
  end)
end)

--- A new filter needs a row in services, in lists, in filter and in the fake's filter.
describe("a list whose filter the contract knows", function()
  local contract = require "spec.support.contract"
  local parents = {
    participants = "conferenceRecords/r1",
    participantSessions = "conferenceRecords/r1/participants/p1",
  }

  for name in pairs(contract.filters) do
    local service = name:gsub("%u", function(letter) return "_" .. letter:lower() end)
    it("takes a table: " .. service, function()
      local fake_of_all = meet.testing.gateway()
      local record = fake_of_all:add_record { id = "r1", start_time = NOW,
        space = fake_of_all:add_space {} }
      fake_of_all:add_participant(record, { id = "p1" })
      local one <close> = assert(meet.new { api_key = "test-key",
        transport = fake_of_all.transport })
      local arguments = { parents[name] }
      arguments[#arguments + 1] = { filter = { start_time = { from = NOW - 60 } } }
      if name == "participants" then
        arguments[2] = { filter = { earliest_start_time = { from = NOW - 60 } } }
      end
      assert.is_table(assert(one[service]:list(table.unpack(arguments)):all()))
    end)
  end
end)
