local core = require "googlemeet.core"
local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"
local served = require "spec.support.served"
local tree = require "spec.support.tree"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z
local HOUR, DAY = 3600, 86400

local folder, gateway, client, space

--- A client with separate pacing, on the gateway or on another transport.
local function new_client(transport)
  return assert(meet.new {
    api_key = "test-key", transport = transport or gateway.transport, clock = made_up_clock(),
  })
end

before_each(function()
  folder = tree.temporary()
  gateway = meet.testing.gateway { clock = function() return 0 end, now = NOW }
  space = gateway:add_space {}
  client = new_client()
end)

after_each(function()
  client:close()
  tree.remove(folder)
end)

--- Add a conference of an hour with two participants, a transcript and a recording.
local function add_conference(id, days_ago, state)
  local start = NOW - days_ago * DAY
  local record = gateway:add_record {
    id = id, space = space, start_time = start, end_time = start + HOUR,
  }
  local ada = gateway:add_participant(record, { display_name = "Ada", sessions = {
    { start_time = start, end_time = start + 60 }, { start_time = start + 90 },
  } })
  gateway:add_participant(record, { display_name = "Bo", kind = "phone" })
  gateway:add_recording(record, { state = state })
  local transcript = gateway:add_transcript(record, {})
  for number = 1, 3 do
    gateway:add_entry(transcript, { participant = ada, text = "It's " .. number })
  end
  return record
end

local function open(kind, name)
  return assert(meet.archive[kind](folder .. "/" .. (name or kind)))
end

--- Archive as of NOW; what it returns.
local function archive(store, opts)
  opts = opts or {}
  opts.now = opts.now or NOW
  return meet.archive(client, store, opts)
end

--- Names and states in a manifest, such as "a complete, b due".
local function states(store)
  local words = {}
  for index, entry in ipairs(assert(store:manifest())) do
    words[index] = entry.name:match "[^/]+$" .. " " .. entry.state
  end
  return table.concat(words, ", ")
end

--- What SQLite's own program answers.
local function query(name, statement)
  return tree.lines(("sqlite3 %s/%s %s"):format(folder, name, tree.quote(statement)))
end

--- The operations asked for since the log was cleared, and how often.
local function asked()
  local counts = {}
  for _, entry in ipairs(gateway.log) do
    counts[entry.operation] = (counts[entry.operation] or 0) + 1
  end
  gateway:clear_log()
  return counts
end

--- A store in memory: what it is given, by conference.
local function memory()
  local store = { entries = {}, found = {}, puts = 0 }
  function store:manifest()
    local entries = {}
    for _, entry in pairs(self.entries) do entries[#entries + 1] = entry end
    return entries
  end
  function store:put(entry, found)
    self.puts = self.puts + 1
    self.entries[entry.name] = entry
    self.found[entry.name] = found or self.found[entry.name]
    return true
  end
  return store
end

local TABLES = {
  "conference_records", "participants", "participant_sessions", "recordings", "transcripts",
  "transcript_entries", "smart_notes",
}

--- The resources in a directory, as JSON, by table.
local function in_directory(name)
  local resources = {}
  for _, path in ipairs(tree.find(folder .. "/" .. name, "*.jsonl")) do
    for line in io.lines(path) do
      local row = core.decode(line)
      resources[row.table] = resources[row.table] or {}
      table.insert(resources[row.table], core.encode(row.resource))
    end
  end
  for _, rows in pairs(resources) do table.sort(rows) end
  return resources
end

--- The resources in a database, as JSON, by table.
local function in_database(name)
  local resources = {}
  for _, from in ipairs(TABLES) do
    resources[from] = query(name, "SELECT resource FROM " .. from)
    table.sort(resources[from])
  end
  return resources
end

describe("archive", function()
  it("copies all there is of each conference, and reports what it was", function()
    add_conference("old", 20)
    add_conference("new", 2)
    local store <close> = open "sqlite"
    assert.same({
      records = 2, skipped = 0, due = 0, gone = {}, failed = {}, participants = 4,
      participant_sessions = 6, recordings = 2, transcripts = 2, transcript_entries = 6,
      smart_notes = 0,
    }, archive(store))
    assert.same({
      "Ada|signed_in|2026-11-02T10:00:00Z|2026-11-02T10:01:00Z",
      "Ada|signed_in|2026-11-02T10:01:30Z|2026-11-02T11:00:00Z",
      "Bo|phone|2026-11-02T10:00:00Z|2026-11-02T11:00:00Z",
    }, query("sqlite", [[SELECT display_name, identity, s.start_time, s.end_time
      FROM participant_sessions s JOIN participants p ON s.participant = p.name
      WHERE p.record = 'conferenceRecords/old' ORDER BY 1, 3]]))
    assert.same({ "It's 1", "It's 2", "It's 3" }, query("sqlite", [[SELECT text
      FROM transcript_entries WHERE record = 'conferenceRecords/new' ORDER BY position]]))
  end)

  it("gives both stores the same, which is what the server has", function()
    gateway:seed { webinar = 12 }
    local database <close> = open "sqlite"
    local directory <close> = open "directory"
    local summary = assert(archive(database))
    assert.same(summary, archive(directory))
    assert.same(in_database "sqlite", in_directory "directory")
    assert.equal(1408, #in_database "sqlite".transcript_entries)
    for _, json in ipairs(in_database "sqlite".participants) do
      local resource = core.decode(json)
      assert.same(gateway:find(resource.name).resource, resource)
    end
    local entries = assert(directory:manifest())
    for _, entry in ipairs(entries) do entry.bytes = nil end
    assert.same(database:manifest(), entries)
  end)

  it("asks only for the list of records when all is complete", function()
    for number = 1, 3 do add_conference("c" .. number, number) end
    for _, kind in ipairs { "sqlite", "directory" } do
      local store <close> = open(kind)
      assert(archive(store))
      gateway:clear_log()
      local summary = assert(archive(store))
      assert.same({ ["conferenceRecords.list"] = 1 }, asked())
      assert.equal(3, summary.skipped)
      assert.equal(0, summary.records)
    end
  end)

  it("adds what is new", function()
    add_conference("a", 3)
    local store <close> = open "sqlite"
    assert(archive(store))
    add_conference("b", 2)
    local summary = assert(archive(store))
    assert.equal(1, summary.records)
    assert.equal(1, summary.skipped)
    assert.equal("a complete, b complete", states(store))
  end)

  it("goes from the record that expires first to the one that still runs", function()
    add_conference("middle", 5)
    gateway:add_record { id = "running", space = space, start_time = NOW - 60 }
    add_conference("first", 20)
    add_conference("last", 1)
    local order = {}
    assert(archive(memory(), { on_progress = function(at) order[#order + 1] = at.record end }))
    assert.same({
      "conferenceRecords/first", "conferenceRecords/middle", "conferenceRecords/last",
      "conferenceRecords/running",
    }, order)
  end)

  it("reports each conference when it is in the store", function()
    add_conference("a", 3)
    add_conference("b", 2, "ENDED")
    local store, reported = memory(), {}
    assert(archive(store, { on_progress = function(at)
      reported[#reported + 1] = at
      assert.equal(at.done, store.puts)
    end }))
    local counts = {
      participants = 2, participant_sessions = 3, recordings = 1, transcripts = 1,
      transcript_entries = 3, smart_notes = 0,
    }
    assert.same({
      { done = 1, total = 2, record = "conferenceRecords/a", state = "complete", counts = counts },
      { done = 2, total = 2, record = "conferenceRecords/b", state = "due", counts = counts },
    }, reported)
  end)

  it("works within a conference on many calls at once, and never on two conferences", function()
    add_conference("a", 3)
    add_conference("b", 2)
    local flying, most, strangers = {}, 0, 0
    local own <close> = new_client(function(request)
      local record = request.url:match "conferenceRecords/(%w+)"
      flying[#flying + 1] = record
      most = math.max(most, #flying)
      for _, other in ipairs(flying) do strangers = strangers + (other == record and 0 or 1) end
      if coroutine.isyieldable() then coroutine.yield() end
      flying[#flying] = nil
      return gateway.transport(request)
    end)
    assert(meet.archive(own, memory(), { now = NOW }))
    assert.equal(4, most)
    assert.equal(0, strangers)
  end)

  it("keeps an item once that came on two pages", function()
    local record = add_conference("a", 3)
    local name = record.name .. "/recordings/r"
    gateway:fail { on = "recordings.list", status = 200, body = { recordings = {
      { name = name, state = "FILE_GENERATED" }, { name = name, state = "FILE_GENERATED" },
    } } }
    local store <close> = open "directory"
    assert.equal(1, assert(archive(store)).recordings)
    assert.equal(1, #in_directory "directory".recordings)
  end)

  it("takes a custom store, and does not close it", function()
    add_conference("a", 3)
    local store = memory()
    function store.close() error "closed" end
    assert(archive(store))
    local found = store.found["conferenceRecords/a"]
    assert.equal("conferenceRecords/a", found.conference_records[1].name)
    assert.equal("Bo", found.participants[1]:display_name()) -- last to join first
    assert.same({
      name = "conferenceRecords/a", start_time = "2026-11-19T10:00:00Z",
      end_time = "2026-11-19T11:00:00Z", expire_time = "2026-12-19T11:00:00Z", state = "complete",
      counts = { participants = 2, participant_sessions = 3, recordings = 1, transcripts = 1,
        transcript_entries = 3, smart_notes = 0 },
    }, store.entries["conferenceRecords/a"])
  end)

  it("runs over HTTP, on separate tasks", function()
    local fake = served.start()
    local _ <close> = setmetatable({}, { __close = function() fake:close() end })
    local real <close> = assert(meet.new {
      api_key = "test-key", base_url = fake.url, rate = false,
    })
    local store <close> = open "sqlite"
    local task = real:submit(meet.archive, real, store, {})
    local summary = assert(task:result())
    assert.equal(9, summary.records)
    assert.same({ ("%d"):format(summary.participant_sessions) },
      query("sqlite", "SELECT count(*) FROM participant_sessions"))
  end)
end)

describe("a conference that is not complete", function()
  local store

  before_each(function() store = open "sqlite" end)
  after_each(function() store:close() end)

  for _, state in ipairs { "STARTED", "ENDED" } do
    it("with a recording " .. state .. " is stored, and comes again until there is a file",
      function()
        local record = add_conference("a", 3, state)
        local summary = assert(archive(store))
        assert.equal(1, summary.due)
        assert.equal("a due", states(store))
        assert.same({ state }, query("sqlite", "SELECT state FROM recordings"))

        gateway:set_state(record.name .. "/recordings/rec-1", "FILE_GENERATED")
        assert.equal(0, assert(archive(store)).due)
        assert.equal("a complete", states(store))
        assert.same({ "FILE_GENERATED|1" },
          query("sqlite", "SELECT state, file IS NOT NULL FROM recordings"))
      end)
  end

  it("since it runs is stored as far as it is, and comes again", function()
    local record = gateway:add_record { id = "a", space = space, start_time = NOW - 2 * DAY }
    local ada = gateway:add_participant(record, { display_name = "Ada" })
    assert(archive(store))
    assert.equal("a due", states(store))
    gateway:leave(ada, NOW - 2 * DAY + 60)
    gateway:end_conference(record, NOW - 2 * DAY + 120)
    assert(archive(store))
    assert.equal("a complete", states(store))
    assert.same({ "2026-11-20T10:01:00Z" },
      query("sqlite", "SELECT end_time FROM participant_sessions"))
  end)

  it("since artifacts may still appear comes again for a while", function()
    add_conference("a", 1 / 6) -- four hours ago, three since the end
    assert(archive(store))
    assert.equal("a due", states(store))
    assert(archive(store, { settle_after = 3 * HOUR + 1 }))
    assert.equal("a due", states(store))
    assert(archive(store, { settle_after = 3 * HOUR }))
    assert.equal("a complete", states(store))
  end)

  it("comes again for ever where the time for artifacts has no end", function()
    add_conference("a", 1 / 6)
    assert(archive(store, { settle_after = math.huge }))
    assert.equal("a due", states(store))
    for _, wrong in ipairs { 0 / 0, -1, -math.huge } do
      local _, message = pcall(function() archive(store, { settle_after = wrong }) end)
      assert.matches("archive_spec%.lua:%d+: archive: option 'settle_after': seconds expected, "
        .. "0 or more$", message)
    end
    assert.equal("a due", states(store))
  end)

  it("comes again though it is before the time asked for", function()
    local record = add_conference("a", 10, "ENDED")
    add_conference("b", 2)
    assert(archive(store))
    gateway:set_state(record.name .. "/recordings/rec-1", "FILE_GENERATED")
    local summary = assert(archive(store, { since = NOW - 5 * DAY }))
    assert.equal(1, summary.records)
    assert.equal("a complete, b complete", states(store))
  end)
end)

describe("the option since of archive", function()
  for title, row in pairs {
    ["epoch seconds"] = { NOW - 5 * DAY, '2026-11-17T10:00:00Z' },
    ["epoch seconds with a fraction"] = { 1795341600.5, '2026-11-22T10:00:00.500Z' },
    ["a time"] = { "2026-11-17T10:00:00Z", '2026-11-17T10:00:00Z' },
    ["a date alone"] = { "2026-11-17", '2026-11-17T00:00:00Z' },
    ["a table of os.date"] = { os.date("*t", NOW - 5 * DAY), '2026-11-17T10:00:00Z' },
    ["a time of another zone"] = { "2026-11-17T11:00:00.25+01:00", '2026-11-17T10:00:00.250Z' },
  } do
    it("may be " .. title, function()
      assert(archive(memory(), { since = row[1] }))
      assert.equal(('start_time>="%s"'):format(row[2]), gateway.log[1].query.filter)
    end)
  end

  it("leaves out the conferences before", function()
    add_conference("a", 10)
    add_conference("b", 2)
    local store = memory()
    assert(archive(store, { since = NOW - 5 * DAY }))
    assert.equal("b complete", states(store))
  end)

  it("is no filter when it is not given", function()
    assert(archive(memory()))
    assert.is_nil(gateway.log[1].query.filter)
  end)
end)

describe("a conference that cannot be read", function()
  local store

  before_each(function()
    add_conference("a", 4)
    add_conference("b", 3)
    add_conference("c", 2)
    store = open "sqlite"
  end)
  after_each(function() store:close() end)

  --- Let a call below a conference be refused.
  local function refuse(id, status)
    gateway:fail { on = "GET /google%-meet/v2/conferenceRecords/" .. id .. "/", status = status }
  end

  it("because it is gone meanwhile is noted, and the others are copied", function()
    refuse("b", 404)
    gateway:fail { on = "conferenceRecords.get", status = 404 }
    local summary = assert(archive(store))
    assert.equal(2, summary.records)
    assert.same({ "conferenceRecords/b" }, summary.gone)
    assert.same({}, summary.failed)
    assert.equal("a complete, b gone, c complete", states(store))
  end)

  it("because it is gone keeps what the store has of it, and is asked for no more", function()
    gateway:set_state("conferenceRecords/a/recordings/rec-1", "ENDED")
    assert(archive(store))
    assert.equal("a due, b complete, c complete", states(store))
    -- it has expired: neither in the list nor to be had by its name
    gateway:fail { on = "conferenceRecords.get", status = 404, times = 2 }
    local summary = assert(archive(store, { since = NOW - 3.5 * DAY }))
    assert.same({ "conferenceRecords/a" }, summary.gone)
    assert.equal("a gone, b complete, c complete", states(store))
    assert.same({ "2" }, query("sqlite", [[SELECT count(*) FROM participants
      WHERE record = 'conferenceRecords/a']]))
    assert.same({ "2|3" }, query("sqlite", [[SELECT participants, transcript_entries FROM manifest
      WHERE name = 'conferenceRecords/a']]))
    gateway:clear_log()
    assert(archive(store, { since = NOW - 3.5 * DAY }))
    assert.same({ ["conferenceRecords.list"] = 1 }, asked())
  end)

  it("is copied when it is there again", function()
    refuse("b", 404)
    gateway:fail { on = "conferenceRecords.get", status = 404 }
    assert(archive(store))
    assert(archive(store))
    assert.equal("a complete, b complete, c complete", states(store))
  end)

  for _, status in ipairs { 403, 404, 400 } do
    it(("since a part of it answers %d is reported, and the others are copied"):format(status),
      function()
        refuse("b", status)
        local reported = {}
        local summary = assert(archive(store, { on_progress = function(at)
          reported[#reported + 1] = at.state
        end }))
        assert.equal(1, #summary.failed)
        assert.equal("conferenceRecords/b", summary.failed[1].name)
        assert.equal(status, summary.failed[1].err.status)
        assert.same({ "complete", "failed", "complete" }, reported)
        assert.equal("a complete, b due, c complete", states(store))
        assert(archive(store))
        assert.equal("a complete, b complete, c complete", states(store))
      end)
  end
end)

--- A client whose answers for some paths are another table than the gateway's; `nil, message` and
--- tables of one text are what a transport may give as well.
local function with_answers(answers, given)
  local options = { api_key = "test-key", clock = made_up_clock(), rate = false, retry = false }
  for name, value in pairs(given or {}) do options[name] = value end
  function options.transport(request)
    for pattern, answer in pairs(answers) do
      if request.url:find(pattern) then
        if answer.lost then return nil, answer.lost end
        return { status = answer.status or 200, body = answer.body or "{}" }
      end
    end
    return gateway.transport(request)
  end
  return assert(meet.new(options))
end

local GOOGLE_SAYS = '{"error":{"code":%d,"message":"No.","status":"%s"}}'

--- Ways in which the server may fail for one conference and for ever: path, answer, kind.
local FAULTS = {
  ["a 500"] = { "b/smartNotes", { status = 500, body = GOOGLE_SAYS:format(500, "INTERNAL") },
    "server" },
  ["a 503 of a proxy"] = { "b/participants", { status = 503, body = "<html>" }, "server" },
  ["a 429"] = { "b/transcripts/", { status = 429, body = "{}" }, "rate_limited" },
  ["a 403"] = { "b/recordings", { status = 403, body = "{}" }, "permission" },
  ["a 404 below it"] = { "b/recordings", { status = 404, body = "{}" }, "not_found" },
  ["a 400"] = { "b/transcripts", { status = 400, body = "{}" }, "invalid" },
  ["a 409"] = { "b/transcripts", { status = 409, body = "{}" }, "conflict" },
  ["a 410"] = { "b/transcripts", { status = 410, body = "" }, "invalid" },
  ["a redirect"] = { "b/transcripts", { status = 302, body = "" }, "transport" },
  ["what is no JSON"] = { "b/participants", { body = "{" }, "decode" },
  ["a list that is none"] = { "b/participants", { body = '{"participants":5}' }, "decode" },
  ["a resource without a name"] = { "b/recordings", { body = '{"recordings":[{}]}' }, "decode" },
  ["a name that is a number"] = { "b/participants", { body = '{"participants":[{"name":5}]}' },
    "decode" },
  ["a name that no request can have"] = { "b/participants",
    { body = '{"participants":[{"name":"conferenceRecords/b/participants/../x"}]}' }, "decode" },
  ["a name of another conference"] = { "b/recordings",
    { body = '{"recordings":[{"name":"conferenceRecords/a/recordings/r"}]}' }, "decode" },
  ["too large an answer"] = { "b/recordings", { body = '{"x":"' .. ("x"):rep(2e5) .. '"}' },
    "too_large" },
  ["a lost connection"] = { "b/participants", { lost = "reset" }, "transport" },
}

describe("a conference for which the server fails for ever", function()
  before_each(function()
    add_conference("a", 4)
    add_conference("b", 3)
    add_conference("c", 2)
  end)

  for title, fault in pairs(FAULTS) do
    it("by " .. title .. " is noted in each run, and the others are copied", function()
      local own <close> = with_answers({ ["conferenceRecords/" .. fault[1]] = fault[2] },
        { max_response_bytes = 100000 })
      local store <close> = open "directory"
      for run = 1, 2 do
        local summary = assert(meet.archive(own, store, { now = NOW }))
        assert.equal(run == 1 and 2 or 0, summary.records)
        assert.equal(1, #summary.failed)
        assert.equal("conferenceRecords/b", summary.failed[1].name)
        assert.equal(fault[3], summary.failed[1].err.kind)
        assert.same({}, summary.gone)
      end
      assert.equal("a complete, b due, c complete", states(store))
      assert.equal(1, assert(archive(store)).records) -- when the server is well again
    end)
  end

  for _, kind in ipairs { "sqlite", "directory" } do
    it("is in " .. kind .. " as far as it can be read, and never less than before", function()
      local answers = { ["b/smartNotes"] = { status = 500 } }
      local own <close> = with_answers(answers)
      local store <close> = open(kind)
      local function counts_after_run()
        local summary = assert(meet.archive(own, store, { now = NOW }))
        assert.equal("conferenceRecords/b", summary.failed[1].name)
        for _, entry in ipairs(store:manifest()) do
          if entry.name == "conferenceRecords/b" then
            assert.equal("due", entry.state)
            return entry.counts
          end
        end
      end
      local first = counts_after_run()
      assert.same({ 2, 3, 1, 0 }, { first.participants, first.transcript_entries,
        first.transcripts, first.smart_notes })
      answers["b/transcripts"] = { status = 403 }
      assert.same(first, counts_after_run())
      answers["b/transcripts"], answers["b/smartNotes"] = nil, { body =
        '{"smartNotes":[{"name":"conferenceRecords/b/smartNotes/n"}]}' }
      answers["b/recordings"] = { status = 500 } -- now the other one fails
      local last = counts_after_run()
      assert.same({ 1, 1, 3 }, { last.smart_notes, last.recordings, last.transcript_entries })
      answers["conferenceRecords/b"] = { status = 404 } -- it has expired
      assert.same({ "conferenceRecords/b" },
        assert(meet.archive(own, store, { now = NOW })).gone)
      assert.equal("a complete, b gone, c complete", states(store))
    end)
  end

  it("keeps what stands beside an item without a name", function()
    local own <close> = with_answers { ["b/recordings"] = { body =
      '{"recordings":[{},{"name":"conferenceRecords/b/recordings/r"}]}' } }
    local store = memory()
    assert.equal(1, #assert(meet.archive(own, store, { now = NOW })).failed)
    assert.equal(1, store.entries["conferenceRecords/b"].counts.recordings)
  end)

  it("is asked for no more lists after a few temporary failures", function()
    local people, asked_for = {}, 0
    for index = 1, 500 do
      people[index] = ('{"name":"conferenceRecords/b/participants/p%d"}'):format(index)
    end
    local answers = { ["b/participants%f[?\0]"] = {
      body = '{"participants":[' .. table.concat(people, ",") .. "]}",
    } }
    local sessions = setmetatable({}, { __index = function(_, key)
      if key == "status" then asked_for = asked_for + 1 end
      return key == "status" and 503 or nil
    end })
    answers["b/participants/"] = sessions
    local own <close> = with_answers(answers)
    local store = memory()
    assert(meet.archive(own, store, { now = NOW }))
    assert.is_true(asked_for < 100, asked_for)
    assert.equal(500, store.entries["conferenceRecords/b"].counts.participants)
  end)

  for title, name in pairs {
    ["none"] = "null", ["a number"] = "5", ["a list"] = "[]",
    ["a path"] = '"conferenceRecords/../x"', ["one with a blank"] = '"conferenceRecords/a b"',
    ["an id alone"] = '"b"', ["one of a space"] = '"spaces/a"',
  } do
    it("whose name is " .. title .. " is noted", function()
      local own <close> = with_answers { ["conferenceRecords%f[?\0]"] = { body = (
        '{"conferenceRecords":[{"name":%s},{"name":"conferenceRecords/a"}]}'):format(name) } }
      local store = memory()
      local summary = assert(meet.archive(own, store, { now = NOW }))
      assert.equal("a due", states(store))
      assert.equal(1, #summary.failed)
      assert.equal("string", type(summary.failed[1].name))
      assert.equal("decode", summary.failed[1].err.kind)
    end)
  end

  it("because another one is sent in its place is noted", function()
    local store = memory()
    store.entries.b = { name = "conferenceRecords/gone", state = "due", counts = {} }
    local own <close> = with_answers { ["conferenceRecords/gone"] = {
      body = '{"name":"conferenceRecords/a"}' } }
    local summary = assert(meet.archive(own, store, { now = NOW }))
    assert.equal("conferenceRecords/gone", summary.failed[1].name)
    assert.equal("decode", summary.failed[1].err.kind)
    assert.equal(3, summary.records)
  end)

  it("because the store cannot keep its data is noted", function()
    for _, kind in ipairs { "decode", "invalid", "too_large" } do
      local store = memory()
      local put = store.put
      function store:put(entry, found)
        if entry.name == "conferenceRecords/b" then return nil, core.error.new(kind, "no") end
        return put(self, entry, found)
      end
      local summary = assert(archive(store))
      assert.same({ 2, "conferenceRecords/b", kind },
        { summary.records, summary.failed[1].name, summary.failed[1].err.kind })
    end
  end)

  it("may have fields named like methods", function()
    local own <close> = with_answers {
      ["conferenceRecords%f[?\0]"] = { body = [[{"conferenceRecords":[{"name":"conferenceRecords/a",
        "participants":5,"transcripts":"x","recordings":[],"startTime":7,"expireTime":{}}]}]] },
      ["a/participants%f[?\0]"] = { body = [[{"participants":[{"name":
        "conferenceRecords/a/participants/p","sessions":1,"display_name":"x","identity":2,
        "signedinUser":"x"}]}]] },
      ["a/participants/"] = {}, ["a/transcripts"] = {},
    }
    for _, kind in ipairs { "sqlite", "directory" } do
      local store <close> = open(kind)
      assert.same({}, assert(meet.archive(own, store, { now = NOW })).failed)
      assert.is_nil(store:manifest()[1].start_time)
    end
  end)
end)

describe("temporary failures of archive in a row", function()
  before_each(function()
    for number = 1, 8 do add_conference("c" .. number, 20 - number) end
  end)

  it("end no run while the list of records can be read", function()
    local own <close> = with_answers { ["conferenceRecords/c[1-7]/"] = { status = 503 } }
    local store = memory()
    local summary = assert(meet.archive(own, store, { now = NOW }))
    assert.equal("c8 complete", states(store))
    assert.equal(7, #summary.failed)
  end)

  for title, answer in pairs { ["the server is"] = { status = 500 }, ["the network is"] = {
    lost = "no route" } } do
    it("end the run when " .. title .. " down", function()
      local answers, asked_for = {}, 0
      local own <close> = with_answers(answers)
      local store = memory()
      local summary, err, so_far = meet.archive(own, store, { now = NOW,
        on_progress = function(at)
          asked_for = at.done
          answers["conferenceRecords"] = answer -- after the first conference
        end })
      assert.is_nil(summary)
      assert.equal(answer.lost and "transport" or "server", err.kind)
      assert.equal(1, so_far.records)
      assert.equal(3, #so_far.failed)
      assert.equal(3, asked_for)
    end)
  end
end)

describe("a run of archive in a store that another run has", function()
  for _, kind in ipairs { "sqlite", "directory" } do
    it(kind .. " says so, and asks for nothing", function()
      add_conference("a", 3)
      local store <close> = open(kind)
      local other <close> = open(kind)
      local _ <close> = assert(other:lock())
      gateway:clear_log()
      local summary, err, so_far = archive(store)
      assert.is_nil(summary)
      assert.equal("conflict", err.kind)
      assert.matches("another run holds the store", err.message)
      assert.is_nil(so_far)
      assert.same({}, asked())
    end)

    it(kind .. " leaves the store free, however the run ends", function()
      add_conference("a", 3)
      local store <close> = open(kind)
      assert.error_matches(function()
        archive(store, { on_progress = function() error "stop" end })
      end, "stop")
      gateway:fail { on = "conferenceRecords.list", status = 401 }
      assert.is_nil((archive(store)))
      assert(store:lock()):close()
    end)
  end

  it("is kept out though both are tasks of one client", function()
    add_conference("a", 3)
    local own <close> = new_client(function(request)
      if coroutine.isyieldable() then coroutine.yield() end
      return gateway.transport(request)
    end)
    local store <close> = open "directory"
    local results, errors = own:gather({
      function() return meet.archive(own, store, { now = NOW }) end,
      function() return meet.archive(own, store, { now = NOW }) end,
    }, { collect = true })
    assert.equal(1, results[1].records)
    assert.equal("conflict", errors[2].kind)
  end)
end)

describe("a manifest with names that no request can have", function()
  it("raises nothing: they are noted, and what is listed is copied", function()
    add_conference("a", 3)
    local store = memory()
    for index, name in ipairs { "x y", "conferenceRecords/../a", "", 5 } do
      store.entries[index] = { name = name, state = "due", counts = {} }
    end
    local summary = assert(archive(store))
    assert.equal(1, summary.records)
    assert.equal(3, #summary.failed)
  end)
end)

describe("a run of archive that fails", function()
  before_each(function()
    for number = 1, 4 do add_conference("c" .. number, 10 - number) end
  end)

  for _, kind in ipairs { "sqlite", "directory" } do
    it("keeps what is done in the store " .. kind .. ", and the next run does the rest", function()
      local undisturbed <close> = open(kind, "undisturbed")
      assert(archive(undisturbed))
      gateway:fail { on = "GET /google%-meet/v2/conferenceRecords/c3/participants/", status = 401 }
      local store <close> = open(kind, "failed")
      local summary, err, so_far = archive(store)
      assert.is_nil(summary)
      assert.equal("auth", err.kind)
      assert.equal(2, so_far.records)
      assert.same({}, so_far.failed)
      assert.equal("c1 complete, c2 complete", states(store))
      gateway:clear_log()
      assert.equal(2, assert(archive(store)).records)
      assert.equal(2, asked()["conferenceRecords.participants.list"])
      if kind == "sqlite" then
        assert.same(in_database "undisturbed", in_database "failed")
      else
        assert.same({}, tree.lines(("diff -r %s/undisturbed %s/failed"):format(folder, folder)))
      end
    end)
  end

  it("at the list has copied nothing", function()
    gateway:fail { on = "conferenceRecords.list", status = 401 }
    local summary, err = archive(memory())
    assert.is_nil(summary)
    assert.equal("auth", err.kind)
  end)

  it("ends where it is unknown whether a conference is gone", function()
    gateway:fail { on = "recordings.list", status = 404 }
    gateway:fail { on = "conferenceRecords.get", status = 401 }
    local summary, err = archive(memory())
    assert.is_nil(summary)
    assert.equal("auth", err.kind)
  end)

  it("gives the error of the store", function()
    local store = memory()
    function store.put() return nil, core.error.new("config", "no more room") end
    local summary, err, so_far = archive(store)
    assert.is_nil(summary)
    assert.equal("no more room", err.message)
    assert.equal(0, so_far.records)
    function store.manifest() return nil, core.error.new("config", "no manifest") end
    assert.equal("no manifest", select(2, archive(store)).message)
  end)

  for _, method in ipairs { "manifest", "put", "lock" } do
    it("says at the script's line that a store's method gives nothing: " .. method, function()
      local store = memory()
      store[method] = function() end
      local ok, message = pcall(function() return (meet.archive(client, store)) end)
      assert.is_false(ok)
      assert.equal(("archive: store:%s gave nil: its value, or nil and an error, expected"):format(
        method), message:match "archive_spec%.lua:%d+: (.*)$")
    end)
  end

  it("says at the script's line that a manifest is no table", function()
    local store = memory()
    function store.manifest() return 5 end
    local ok, message = pcall(function() return (meet.archive(client, store)) end)
    assert.is_false(ok)
    assert.equal("archive: store:manifest gave 5: its value, or nil and an error, expected",
      message:match "archive_spec%.lua:%d+: (.*)$")
  end)

  it("copies all where a manifest's entries are no entries", function()
    local store = memory()
    function store.manifest() return { 5, "text", {}, { name = 5 } } end
    assert.equal(4, assert(archive(store)).records)
  end)
end)

describe("archive", function()
  for title, row in pairs {
    ["no client"] = { false, memory(), nil, "archive: a client expected, got boolean" },
    ["no store"] = { true, nil, nil,
      "archive: a store with the methods manifest and put expected, got nil" },
    ["half a store"] = { true, { put = print }, nil,
      "archive: a store with the methods manifest and put expected, got table" },
    ["a store without functions"] = { true, { put = 5, manifest = 5 }, nil,
      "archive: a store with the methods manifest and put expected, got table" },
    ["an unknown option"] = { true, memory(), { sinse = 1 },
      "unknown option 'sinse'; did you mean 'since'?" },
    ["a since that is no time"] = { true, memory(), { since = '2026-11-01" OR "x' },
      "archive: option 'since': \"2026-11-01\" OR \"x\" is not an RFC 3339 time: "
      .. "expected a form like 2026-11-19T09:00:04.120388Z, 2026-11-19, epoch seconds or a table "
      .. 'of os.date "*t"' },
    ["a since out of range"] = { true, memory(), { since = 1e300 },
      "archive: option 'since': 1e+300 is outside the years 0001 to 9999" },
    ["a now that is no time"] = { true, memory(), { now = "soon" },
      "archive: option 'now': \"soon\" is not an RFC 3339 time: "
      .. "expected a form like 2026-11-19T09:00:04.120388Z, 2026-11-19, epoch seconds or a table "
      .. 'of os.date "*t"' },
    ["an on_progress that is no function"] = { true, memory(), { on_progress = true },
      "option 'on_progress': function expected, got boolean" },
  } do
    it("refuses " .. title .. " where it is called", function()
      local ok, message = pcall(function()
        local summary = meet.archive(row[1] and client, row[2], row[3])
        return summary
      end)
      assert.is_false(ok)
      assert.equal(row[4], message:match "archive_spec%.lua:%d+: (.*)$")
    end)
  end
end)
