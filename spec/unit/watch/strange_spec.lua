-- meet.watch over what a server may send all the same: items on two pages or on none, times that
-- are missing, cannot be read or mean "for ever", names that are none.

local conference = require "spec.support.conference"
local core = require "googlemeet.core"
local meet = require "googlemeet"

local RECORD = "conferenceRecords/r"
local START, END = "2026-11-22T10:00:00Z", "2026-11-22T11:00:00Z"
local FOR_EVER = "9999-12-31T23:59:59Z"

--- A participant `id` with sessions { start, end }.
local function person(id, ...)
  local found = { name = RECORD .. "/participants/" .. id, sessions = {},
    anonymousUser = { displayName = id }, earliestStartTime = START }
  for index, times in ipairs { ... } do
    found.latestEndTime = times[2]
    found.sessions[index] = { name = found.name .. "/participantSessions/s" .. index,
      startTime = times[1], endTime = times[2] }
  end
  return found
end

--- A server with one record. `pages` are those of its participants: arrays of persons.
local function server_of(record, pages)
  local self = { record = record, pages = pages or { {} }, requests = {} }
  local function page_of(number)
    local more = self.pages[number + 1] and tostring(number + 1) or nil
    return { participants = self.pages[number], nextPageToken = more }
  end
  local function find(path, query)
    if path == "conferenceRecords" then return { conferenceRecords = { self.record } } end
    if path == RECORD then return self.record end
    if path == RECORD .. "/participants" then
      return page_of(tonumber(query:match "pageToken=(%d+)" or 1))
    end
    for _, one in ipairs(self.known or table.move(self.pages[1], 1, 99, 1, {})) do
      if path == one.name then return one end
      if path == one.name .. "/participantSessions" then
        return { participantSessions = one.sessions }
      end
    end
    return self.files and self.files[path:match "%a+$"] or {}
  end
  function self.transport(request)
    local path, query = request.url:match "/v2/([^?]*)%??(.*)$"
    self.requests[#self.requests + 1] = path
    return { status = 200, body = assert(core.encode(find(path, query))) }
  end
  return self
end

local client, now

--- The events of the record until its end, or `count` of them.
local function watch(server, options, count)
  now = 1795345200
  local last = now + 86400
  client = assert(meet.new {
    api_key = "k", rate = false, retry = false, transport = server.transport,
    clock = { now = function() return now end, sleep = function(seconds)
      now = now + seconds
      assert(now < last, "nothing more comes")
      if server.on_sleep then server.on_sleep() end
    end },
  })
  local watcher <close> = assert(meet.watch(client, options or { records = { "r" } }))
  local texts = {}
  for event in watcher do
    assert.is_string(event.time)
    texts[#texts + 1] = conference.text_of(event)
    if #texts == count then break end
  end
  return texts
end

after_each(function() client:close() end)

local function record_of(start_time, end_time)
  return { name = RECORD, space = "spaces/x", startTime = start_time, endTime = end_time }
end

describe("meet.watch", function()
  it("emits a participant once who is on two pages", function()
    local a, b, c = person("a", { START, END }), person("b", { START, END }),
      person("c", { START, END })
    local server = server_of(record_of(START, END), { { a, b }, { b, c } })
    server.known = { a, b, c }
    assert.same({ "started 00:00", "joined 00:00 a", "joined 00:00 b", "joined 00:00 c",
      "left 00:00 a", "left 00:00 b", "left 00:00 c", "ended 00:00" }, watch(server))
  end)

  it("takes the later copy of a session that is on two pages", function()
    local one = person("a", { START }, { START, "2026-11-22T10:20:00Z" })
    one.sessions[2].name = one.sessions[1].name
    assert.same({ "started 00:00", "joined 00:00 a", "left 20:00 a", "ended 00:00" },
      watch(server_of(record_of(START, END), { { one } })))
  end)

  it("takes sessions without names", function()
    local one = person("a", { START, "2026-11-22T10:20:00Z" }, { "2026-11-22T10:30:00Z", END })
    one.sessions[1].name, one.sessions[2].name = nil, nil
    assert.same({ "started 00:00", "joined 00:00 a", "left 20:00 a", "joined 30:00 a",
      "left 00:00 a", "ended 00:00" }, watch(server_of(record_of(START, END), { { one } })))
  end)

  it("emits a file once that is on two pages", function()
    local server = server_of(record_of(START, END))
    local file = { name = RECORD .. "/recordings/rec", state = "FILE_GENERATED",
      driveDestination = { file = "f" } }
    server.files = { recordings = { recordings = { file, file } } }
    assert.same({ "started 00:00", "ended 00:00", "recording_ready 00:00 rec" }, watch(server))
  end)

  it("emits a record once that is on two pages", function()
    local server = server_of(record_of(START))
    local find = server.transport
    function server.transport(request)
      if request.url:find "conferenceRecords%?" then
        local body = { conferenceRecords = { server.record, server.record } }
        return { status = 200, body = core.encode(body) }
      end
      return find(request)
    end
    function server.on_sleep() server.record = record_of(START, END) end
    assert.same({ "started 00:00", "ended 00:00" }, watch(server, { spaces = { "spaces/x" } }, 2))
  end)

  it("emits a record once that the lists of two spaces show", function()
    local server = server_of(record_of(START), { { person("Ada", { START, END }) } })
    function server.on_sleep() server.record = record_of(START, END) end
    assert.same({ "started 00:00", "joined 00:00 Ada", "left 00:00 Ada", "ended 00:00" },
      watch(server, { spaces = { "spaces/x", "spaces/y" } }, 4))
  end)

  it("emits a record once that a state has with another space", function()
    local server = server_of(record_of(START), { { person("Ada", { START, END }) } })
    local find = server.transport
    function server.transport(request)
      if request.url:find "spaces%%2Fy" then return { status = 200, body = "{}" } end
      return find(request)
    end
    server.record = record_of(START, END)
    assert.same({ "joined 00:00 Ada", "left 00:00 Ada", "ended 00:00" }, watch(server, {
      spaces = { "spaces/x", "spaces/y" }, state = {
        version = 2, spaces = { ["spaces/x"] = START, ["spaces/y"] = START },
        records = { [RECORD] = { phase = "live", start = START, space = "spaces/y" } },
      },
    }, 3))
  end)

  it("goes on with a record that the list of its space does not show any more", function()
    local server = server_of(record_of(START))
    local find = server.transport
    function server.transport(request)
      if server.record.endTime and request.url:find "conferenceRecords%?" then
        return { status = 200, body = "{}" }
      end
      return find(request)
    end
    function server.on_sleep() server.record = record_of(START, END) end
    assert.same({ "started 00:00", "ended 00:00" }, watch(server, { spaces = { "spaces/x" } }, 2))
  end)

  it("lets everybody leave at the end, whom no page shows any more too", function()
    local a, b = person("a", { START }), person("b", { START })
    local server = server_of(record_of(START), { { a, b } })
    server.known = { a, b }
    function server.on_sleep() server.record, server.pages = record_of(START, END), { { b } } end
    assert.same({ "started 00:00", "joined 00:00 a", "joined 00:00 b", "left 00:00 a",
      "left 00:00 b", "ended 00:00" }, watch(server))
  end)

  it("reads the pages of a conference that is over twice: one may be on none of them", function()
    local a, b, c = person("a", { START, END }), person("b", { START, END }),
      person("c", { START, END })
    local server = server_of(record_of(START, END), { { a }, { c } })
    server.known = { a, b, c }
    local find, lists = server.transport, 0
    function server.transport(request)
      if request.url:find "participants%?" then lists = lists + 1 end
      if lists == 3 then server.pages = { { a }, { b, c } } end
      return find(request)
    end
    assert.same({ "started 00:00", "joined 00:00 a", "joined 00:00 b", "joined 00:00 c",
      "left 00:00 a", "left 00:00 b", "left 00:00 c", "ended 00:00" }, watch(server))
  end)

  it("has a time for the start of a conference that has none", function()
    for _, start_time in ipairs { false, "soon", 7, FOR_EVER } do
      local record = record_of(start_time or nil, END)
      assert.same({ "started 00:00", "ended 00:00" }, watch(server_of(record)))
      local one = person("a", { "2026-11-22T10:12:00Z", END })
      assert.same({ "started 12:00", "joined 12:00 a", "left 00:00 a", "ended 00:00" },
        watch(server_of(record, { { one } })))
      record.endTime = nil
      assert.same({ "started 00:00" }, watch(server_of(record), nil, 1))
      assert.same({ "started 00:00" }, watch(server_of(record), { spaces = { "spaces/x" } }, 1))
    end
  end)

  it("ends a conference whose end cannot be read", function()
    local one = person("a", { "2026-11-22T10:12:00Z" })
    for _, end_time in ipairs { "soon", 7 } do
      assert.same({ "started 00:00", "joined 12:00 a", "left 12:00 a", "ended 12:00" },
        watch(server_of(record_of(START, end_time), { { one } })))
    end
  end)

  it("takes what lasts for ever for what goes on", function()
    local one = person("a", { "2026-11-22T10:12:00Z", FOR_EVER })
    one.latestEndTime = FOR_EVER
    local server = server_of(record_of(START, FOR_EVER), { { one } })
    local sleeps = 0
    function server.on_sleep()
      sleeps = sleeps + 1
      if sleeps > 3 then server.record = record_of(START, END) end
    end
    assert.same({ "started 00:00", "joined 12:00 a", "left 00:00 a", "ended 00:00" },
      watch(server))
    assert.equal(4 + 120, sleeps) -- files may appear for ten minutes after the end
  end)

  it("keeps a state that it reads itself, whatever the times", function()
    for _, record in ipairs { record_of(), record_of("soon"), record_of(FOR_EVER),
      { name = RECORD, space = 7 } } do
      local server, state = server_of(record, { { person("a", { "x" }), person("b") } }), nil
      watch(server, { spaces = { "spaces/x" }, on_poll = function(watcher)
        state = watcher:state()
      end }, 1)
      assert(meet.watch(client, { spaces = { "spaces/x" }, state = state }))
    end
  end)

  it("raises an error of kind decode for a name that no request can use", function()
    for _, name in ipairs { "a b", "", "conferenceRecords/other", 7 } do
      local record = record_of(START)
      record.name = name
      for _, options in ipairs { { records = { "r" } }, { spaces = { "spaces/x" } } } do
        if not options.spaces or name ~= "conferenceRecords/other" then
          local ok, err = pcall(watch, server_of(record), options, 1)
          assert.is_false(ok)
          assert.equal("decode", err.kind)
        end
      end
    end
    local server = server_of(record_of(START))
    for _, body in ipairs { "{}", '{"name":7}', '{"name":"a b"}' } do
      server.transport = function() return { status = 200, body = body } end
      local ok, err = pcall(watch, server, { spaces = { "abc-defg-hij" } }, 1)
      assert.same({ false, "decode" }, { ok, err.kind })
    end
  end)
end)
