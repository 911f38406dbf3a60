-- What calls return is what types/ declares: fields that must be there are, and no other is.

local annotations = require "spec.docs.annotations"
local conforms = require "spec.support.conforms"
local facts = require "spec.docs.facts"
local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"
local surface = require "spec.support.surface"
local tree = require "spec.support.tree"

local types = annotations.read(facts.types())

--- Check each of some values, of which there has to be one.
local function check_all(values, type)
  assert(#values > 0, "none: " .. type)
  for _, value in ipairs(values) do conforms.check(types, value, type) end
end

describe("types/ fits", function()
  local client

  before_each(function() client = surface.client() end)
  after_each(function() client:close() end)

  --- The resources of a service under each of some parents.
  local function under(service, parents)
    local found = {}
    for _, parent in ipairs(parents) do
      for item in client[service]:list(parent) do found[#found + 1] = item end
    end
    return found
  end

  it("spaces and members", function()
    local space = assert(client.spaces:get "hpk-vtwd-ens")
    conforms.check(types, space, "googlemeet.Space")
    check_all(client.members:list(space):all(), "googlemeet.Member")
  end)

  it("conference records and all below them", function()
    local records = client.conference_records:list():all()
    check_all(records, "googlemeet.ConferenceRecord")
    local people = under("participants", records)
    check_all(people, "googlemeet.Participant")
    check_all(under("participant_sessions", people), "googlemeet.ParticipantSession")
    check_all(under("recordings", records), "googlemeet.Recording")
    check_all(under("smart_notes", records), "googlemeet.SmartNote")
    local transcripts = under("transcripts", records)
    check_all(transcripts, "googlemeet.Transcript")
    check_all(under("transcript_entries", transcripts), "googlemeet.TranscriptEntry")
  end)

  it("connections", function()
    check_all(client.connections:list():all(), "googlemeet.Connection")
    conforms.check(types, client.connections:create(), "googlemeet.Connection")
  end)

  --- The reports of all conferences that have ended.
  local function reports(method, options)
    local found = {}
    for record in client.conference_records:list { filter = { ended = true } } do
      found[#found + 1] = assert(record[method](record, options))
    end
    return found
  end

  it("attendance without sessions", function()
    for _, report in ipairs(reports("attendance", { cheap = true })) do
      for row in report:rows() do conforms.check(types, row, "googlemeet.AttendanceRow") end
    end
  end)

  it("attendance, with its event, and several merged", function()
    local all = reports("attendance", {
      event = true, late_after = 60, left_before = 60, minimum = 600, expected = { "Eve" },
    })
    local rows = {}
    for _, report in ipairs(all) do
      conforms.check_object(types, report, "googlemeet.Attendance")
      for row in report:rows() do rows[#rows + 1] = row end
    end
    check_all(rows, "googlemeet.AttendanceRow")
    local merged = meet.attendance.merge(all)
    conforms.check_object(types, merged, "googlemeet.AttendanceMatrix")
    check_all(meet.sequence.collect(merged:rows()), "googlemeet.MergedAttendance")
  end)

  it("transcripts, talk time, and several merged", function()
    local all = reports("transcript", { merge = true })
    local entries, times = {}, {}
    for _, report in ipairs(all) do
      conforms.check_object(types, report, "googlemeet.TranscriptReport")
      for entry in report:entries() do entries[#entries + 1] = entry end
      for _, row in ipairs(report:talk_time()) do times[#times + 1] = row end
    end
    check_all(entries, "googlemeet.SpokenEntry")
    check_all(times, "googlemeet.TalkTime")
    local merged = meet.talk_time.merge(all)
    conforms.check_object(types, merged, "googlemeet.TalkTimeMatrix")
    check_all(meet.sequence.collect(merged:rows()), "googlemeet.MergedTalkTime")
  end)

  it("calendar events", function()
    local events = {}
    for record in client.conference_records:list() do events[#events + 1] = record:event() end
    check_all(events, "googlemeet.CalendarEvent")
  end)

  it("errors, counters, sockets and the doctor's rows", function()
    local _, err = client.spaces:get "zzz-zzzz-zzz"
    conforms.check(types, err, "googlemeet.Error")
    conforms.check(types, client:stats(), "googlemeet.Stats")
    check_all(client:doctor(), "googlemeet.DoctorRow")
    local _, response = client:request("GET", "/google-meet/v2/conferenceRecords")
    conforms.check(types, response, "{ status: integer, headers: table<string, string> }")
  end)

  it("events of calls", function()
    local events = {}
    local watched <close> = assert(client:with {
      on_event = function(event) events[#events + 1] = event end,
    })
    for _ = 1, 11 do assert(watched.spaces:create()) end
    check_all(events, "googlemeet.Event")
  end)

  it("events and the state of a watch", function()
    local watcher = assert(meet.watch(client, { records = { "cr-planning-7f3a" } }))
    local events = {}
    for event in watcher do events[#events + 1] = event end
    check_all(events, "googlemeet.WatchEvent")
    conforms.check(types, watcher:state(), "googlemeet.WatchState")
  end)

  it("an archive's summary, progress and entries", function()
    local folder, steps = tree.temporary(), {}
    finally(function() tree.remove(folder) end)
    local store = assert(meet.archive.directory(folder .. "/archive"))
    conforms.check(types, assert(meet.archive(client, store, {
      files = true, on_progress = function(at)
        local copy = {}
        for name, value in pairs(at) do copy[name] = value end
        steps[#steps + 1] = copy
      end,
    })), "googlemeet.ArchiveSummary")
    check_all(steps, "googlemeet.ArchiveProgress")
    local entries = assert(store:manifest())
    check_all(entries, "googlemeet.ArchiveEntry")
    local files = {}
    for _, entry in ipairs(entries) do
      for _, row in ipairs(assert(store:files(entry.name))) do files[#files + 1] = row end
    end
    check_all(files, "googlemeet.ArchiveFile")
    store:close()
  end)

  it("the log of the fake, and its nodes", function()
    local gateway = meet.testing.gateway { clock = manual_clock() }
    local seeded = gateway:seed()
    local logged <close> = assert(meet.new {
      api_key = "test-key", transport = gateway.transport, clock = manual_clock(),
    })
    assert(logged.spaces:create())
    check_all(gateway.log, "googlemeet.LogEntry")
    assert(next(seeded.spaces))
  end)

  it("what a limiter says", function()
    local folder = tree.temporary()
    finally(function() tree.remove(folder) end)
    local limiter = meet.limiter.file(folder .. "/limit")
    conforms.check(types, limiter, "googlemeet.Limiter")
    limiter.reserve({ { name = "second", limit = 10, span = 1 } }, 1)
    conforms.check(types, assert(limiter.status()), "googlemeet.LimiterStatus")
  end)
end)

describe("spec.support.conforms", function()
  local declared = annotations.read [[
---@alias Size "small"|"large"
---@class Animal
---@field age integer
---@class Fish: Animal
---@field size Size
---@field fins? integer[]
---@field by_name? table<string, { count: integer, at: number? }>
]]

  for _, case in ipairs {
    { { age = 1, size = "small", fins = { 1, 2 }, by_name = { one = { count = 1 } } } },
    { { age = 1 }, "Fish.size: \"small\" expected, got nil" },
    { { age = 1.5, size = "large" }, "Fish.age: integer expected, got 1.5" },
    { { age = 1, size = "large", fins = { "a" } }, "Fish.fins[1]: integer expected, got a" },
    { { age = 1, size = "large", tail = true }, "Fish.tail is not declared" },
    { { age = 1, size = "large", by_name = { one = { at = 2 } } },
      "Fish.by_name[one].count: integer expected, got nil" },
    { { age = 1, size = "large", by_name = { {} } },
      "Fish.by_name[1] as a key: string expected, got 1" },
    { 3, "Fish: a table expected" },
  } do
    it("finds: " .. (case[2] or "nothing"), function()
      local ok, problem = pcall(conforms.check, declared, case[1], "Fish")
      assert.equal(case[2] == nil, ok)
      assert(ok or problem:find(case[2], 1, true), problem)
    end)
  end
end)
