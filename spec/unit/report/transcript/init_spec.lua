--- record:transcript() and transcript:read(), through a real client on the fake.

local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"
local paged = require "spec.support.paged"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z

local gateway, client, record, ada, bo

local function at(seconds) return NOW - 3600 + seconds end

--- Add a transcript with entries { participant, text, from, to }.
local function add_transcript(start, rows)
  local transcript = gateway:add_transcript(record, { start_time = at(start),
    end_time = at(start + 600) })
  for _, row in ipairs(rows) do
    gateway:add_entry(transcript, { participant = row[1], text = row[2],
      start_time = at(row[3]), end_time = at(row[3] + 2) })
  end
  return transcript
end

before_each(function()
  gateway = meet.testing.gateway { now = NOW }
  record = gateway:add_record { id = "cr-1", space = gateway:add_space {}, start_time = at(0),
    end_time = at(3000) }
  ada = gateway:add_participant(record, { display_name = "Ada", id = "p-ada" })
  bo = gateway:add_participant(record, { display_name = "Bo", kind = "anonymous", id = "p-bo" })
  client = assert(meet.new { api_key = "test-key", transport = gateway.transport,
    clock = made_up_clock(), retry = false })
end)

after_each(function() client:close() end)

local function fetched() return assert(client.conference_records:get "cr-1") end

--- "Speaker: text" of each entry.
local function lines_of(report)
  local lines = {}
  for entry in report:entries() do lines[#lines + 1] = entry.speaker .. ": " .. entry.text end
  return lines
end

--- How many calls of each operation there were, but for the one that got the record.
local function calls()
  local counts = {}
  for _, request in ipairs(gateway.log) do
    local name = request.operation:match "[%w]+%.[%w]+$"
    counts[name] = (counts[name] or 0) + 1
  end
  counts["conferenceRecords.get"] = nil
  return counts
end

describe("record:transcript", function()
  it("reads all transcripts in order of start, with the names of the speakers", function()
    add_transcript(900, { { ada, "Back again.", 901 } })
    add_transcript(60, { { ada, "Hello.", 61 }, { bo, "Hi.", 64 } })
    local report = assert(fetched():transcript())
    assert.same({ "Ada: Hello.", "Bo: Hi.", "Ada: Back again." }, lines_of(report))
    assert.matches("^00:00:01  Ada: Hello%.\n.*\n00:14:01  Ada: Back again%.\n$",
      report:render "text")
    assert.same({ ["transcripts.list"] = 1, ["entries.list"] = 2, ["participants.list"] = 1 },
      calls())
  end)

  it("puts what has no time in a transcript that was never dated behind what has one", function()
    local undated = add_transcript(900, {})
    undated.resource.startTime = "0001-01-01T00:00:00Z"
    local entry = gateway:add_entry(undated, { participant = ada, text = "Last." })
    entry.resource.startTime, entry.resource.endTime = nil, nil
    add_transcript(60, { { ada, "First.", 61 } })
    local report = assert(fetched():transcript())
    assert.same({ "Ada: First.", "Ada: Last." }, lines_of(report))
  end)

  it("is an empty report without a transcript, for one request", function()
    local report = assert(fetched():transcript())
    assert.same({}, lines_of(report))
    assert.equal("WEBVTT\n", report:render "vtt")
    assert.same({ ["transcripts.list"] = 1 }, calls())
  end)

  it("reads every page of entries and of participants", function()
    for number = 1, 600 do gateway:add_participant(record, { display_name = "P" .. number }) end
    local rows = {}
    for number = 1, 250 do rows[number] = { ada, "line " .. number, number * 3 } end
    add_transcript(0, rows)
    local lines = lines_of(assert(fetched():transcript()))
    assert.equal(250, #lines)
    assert.equal("Ada: line 250", lines[250])
    assert.same({ ["transcripts.list"] = 1, ["entries.list"] = 3, ["participants.list"] = 3 },
      calls())
  end)

  it("reads unlisted participants once each; a deleted one is an unknown speaker", function()
    local other = gateway:add_record { id = "cr-2", space = gateway:add_space {},
      start_time = at(0), end_time = at(9) }
    local late = gateway:add_participant(other, { display_name = "Late", id = "p-late" })
    local gone = "conferenceRecords/cr-1/participants/p-gone"
    local transcript = add_transcript(0, {
      { late, "a", 1 }, { ada, "b", 3 }, { ada, "c", 5 }, { late, "d", 7 }, { ada, "e", 9 },
    })
    for _, number in ipairs { 2, 5 } do
      transcript.entries[number].resource.participant = gone
    end
    transcript.entries[3].resource.participant = "nobody's name"
    assert.same({ "Late: a", "Unknown speaker: b", "Unknown speaker 2: c", "Late: d",
      "Unknown speaker: e" }, lines_of(assert(fetched():transcript())))
    assert.equal(2, calls()["participants.get"])
  end)

  it("joins neighbours of one speaker", function()
    add_transcript(0, { { ada, "a", 0 }, { ada, "b", 3 }, { ada, "c", 30 }, { bo, "d", 40 } })
    assert.same({ "Ada: a b c", "Bo: d" }, lines_of(assert(fetched():transcript { merge = true })))
    assert.same({ "Ada: a b", "Ada: c", "Bo: d" },
      lines_of(assert(fetched():transcript { merge = 5 })))
    assert.same({ "Ada: a", "Ada: b", "Ada: c", "Bo: d" },
      lines_of(assert(fetched():transcript { merge = false })))
  end)

  for _, case in ipairs {
    { "conferenceRecords.transcripts.list", "server" },
    { "conferenceRecords.transcripts.entries.list", "server" },
    { "conferenceRecords.participants.list", "server", { strict = true } },
  } do
    it("gives nil and the error when " .. case[1] .. " fails", function()
      add_transcript(0, { { ada, "a", 1 } })
      add_transcript(700, { { ada, "b", 701 } })
      local here = fetched()
      gateway:fail { on = case[1], status = 500 }
      local report, err = here:transcript(case[3])
      assert.is_nil(report)
      assert.equal(case[2], err.kind)
    end)
  end

  it("gives nil and the error when the second page of entries fails", function()
    local rows = {}
    for number = 1, 150 do rows[number] = { ada, "x", number * 3 } end
    add_transcript(0, rows)
    local here = fetched()
    gateway:fail { status = 403, on = function(request)
      return request.url:find("entries", 1, true) and request.url:find("pageToken", 1, true)
    end }
    local report, err = here:transcript()
    assert.is_nil(report)
    assert.equal("permission", err.kind)
  end)

  --- A transcript in which Ada, and one who is not in the list, speak; the latter's participant.
  local function with_stranger()
    local transcript = add_transcript(0, { { ada, "a", 1 }, { ada, "b", 4 } })
    local name = "conferenceRecords/cr-1/participants/p-x"
    transcript.entries[2].resource.participant = name
    return name
  end

  for _, case in ipairs {
    { 400, "invalid" }, { 403, "permission" }, { 404, "not_found" }, { 500, "server" },
  } do
    it(("has an unknown speaker where one answers %d, and says why"):format(case[1]), function()
      local name = with_stranger()
      local here = fetched()
      gateway:fail { on = "conferenceRecords.participants.get", status = case[1], times = 9 }
      local report = assert(here:transcript())
      assert.same({ "Ada: a", "Unknown speaker: b" }, lines_of(report))
      assert.equal(1, #report.incomplete)
      assert.same({ name, case[2] },
        { report.incomplete[1].name, report.incomplete[1].err.kind })
      local none, err = here:transcript { strict = true }
      assert.same({ "nil", case[2] }, { tostring(none), err.kind })
    end)
  end

  it("has nothing incomplete when all could be read", function()
    add_transcript(0, { { ada, "a", 1 } })
    assert.same({}, assert(fetched():transcript()).incomplete)
    assert.same({}, assert(fetched():transcripts():first():read()).incomplete)
  end)

  it("fails for trouble of the account", function()
    with_stranger()
    local here = fetched()
    gateway:fail { on = "conferenceRecords.participants.get", status = 401 }
    local report, err = here:transcript()
    assert.same({ "nil", "auth" }, { tostring(report), err.kind })
  end)

  it("reads the speakers one by one where their list is refused", function()
    add_transcript(0, { { ada, "a", 1 }, { bo, "b", 4 }, { ada, "c", 7 } })
    local here = fetched()
    gateway:fail { on = "conferenceRecords.participants.list", status = 403 }
    local report = assert(here:transcript())
    assert.same({ "Ada: a", "Bo: b", "Ada: c" }, lines_of(report))
    assert.same({}, report.incomplete)
    assert.equal(2, calls()["participants.get"])
  end)

  it("says an entry once that two pages show, and reads a transcript once", function()
    local conference = "conferenceRecords/c"
    local name = conference .. "/transcripts/t"
    local function said(number, text)
      return {
        name = name .. "/entries/" .. number, text = text,
        participant = conference .. "/participants/p",
        startTime = ("2026-11-22T09:00:0%dZ"):format(number),
        endTime = ("2026-11-22T09:00:0%dZ"):format(number + 1),
      }
    end
    local client_of_pages <close>, log = paged.client {
      [conference] = { { name = conference } },
      [conference .. "/participants"] = { { participants = {
        { name = conference .. "/participants/p", phoneUser = { displayName = "+46" },
          display_name = "no method" },
        { phoneUser = {} },
      } } },
      [conference .. "/transcripts"] = { { transcripts = { { name = name } } },
        { transcripts = { { name = name } } } },
      [name .. "/entries"] = { { transcriptEntries = { said(1, "a"), said(2, "b") } },
        { transcriptEntries = { said(2, "b"), said(3, "c") } } },
    }
    local report = assert(client_of_pages.conference_records:get("c"):transcript())
    assert.same({ "+46: a", "+46: b", "+46: c" }, lines_of(report))
    assert.equal(3, report:talk_time()[1].seconds)
    assert.equal(6, #log)
  end)

  for _, body in ipairs { {}, { name = 5 }, { name = "spaces/x" }, { phoneUser = "?" } } do
    it("takes no participant for one that is none", function()
      local conference = "conferenceRecords/c"
      local name = conference .. "/participants/p"
      local client_of_pages <close> = paged.client {
        [conference] = { { name = conference } },
        [conference .. "/participants"] = { {} },
        [conference .. "/transcripts"] = { { transcripts = { { name = conference
          .. "/transcripts/t" } } } },
        [conference .. "/transcripts/t/entries"] = { { transcriptEntries = {
          { text = "a", participant = name } } } },
        [name] = { body },
      }
      local report = assert(client_of_pages.conference_records:get("c"):transcript())
      assert.same({ "Unknown speaker: a" }, lines_of(report))
      assert.same({ name, "decode" },
        { report.incomplete[1].name, report.incomplete[1].err.kind })
    end)
  end

  it("has the user of who spoke, where there is one", function()
    add_transcript(0, { { ada, "a", 1 }, { bo, "b", 4 } })
    local rows = assert(fetched():transcript()):talk_time()
    assert.matches("^users/", rows[1].user)
    assert.same({ "Ada", "Bo", nil }, { rows[1].speaker, rows[2].speaker, rows[2].user })
  end)

  it("passes connection, timeout and deadline to every call", function()
    add_transcript(0, { { ada, "a", 1 } })
    local id = client.connections:list({ status = "ACTIVE" }):first().connection_id
    local here = fetched()
    gateway:clear_log()
    assert(here:transcript { connection = id, timeout = 5, deadline = 50 })
    assert.equal(3, #gateway.log)
    for _, request in ipairs(gateway.log) do
      assert.equal(id, request.headers["maton-connection"])
    end
  end)

  it("has one deadline for all its calls", function()
    add_transcript(0, { { ada, "a", 1 } })
    local clock = made_up_clock()
    local slow <close> = assert(meet.new {
      api_key = "test-key", clock = clock,
      transport = function(request)
        clock.sleep(3)
        return gateway.transport(request)
      end,
    })
    local here = assert(slow.conference_records:get "cr-1")
    assert(here:transcript { deadline = 60 })
    local report, err = here:transcript { deadline = 5.5 } -- three calls of 3 s each
    assert.is_nil(report)
    assert.equal("deadline", err.kind)
  end)

  for _, case in ipairs {
    { { marge = true }, "did you mean 'merge'" }, { { merge = "yes" }, "boolean or number" },
    { { merge = -1 }, "option 'merge': true, or the seconds" },
    { { merge = 0 / 0 }, "option 'merge': true, or the seconds" }, { 7, "table of options" },
  } do
    it("blames its caller: " .. case[2], function()
      local here = fetched()
      local ok, message = pcall(function()
        local report = here:transcript(case[1])
        return report
      end)
      assert.is_false(ok)
      assert.matches("^spec/unit/report/transcript/init_spec%.lua:%d+: ", message)
      assert(message:find(case[2], 1, true), message)
    end)
  end
end)

describe("transcript:read", function()
  it("reads one transcript of several", function()
    add_transcript(0, { { ada, "a", 1 } })
    add_transcript(700, { { bo, "b", 705 } })
    local last = assert(fetched():transcripts():all())[2]
    local report = assert(last:read { merge = true })
    assert.same({ "Bo: b" }, lines_of(report))
    assert.matches("^00:00:05  Bo", report:render "text")
    assert.equal(1, calls()["entries.list"])
  end)

  it("counts from the first entry where the transcript has no start", function()
    add_transcript(0, { { ada, "a", 7 } })
    local transcript = fetched():transcripts({ fields = "transcripts/name" }):first()
    assert.equal("00:00:00  Ada: a\n", assert(transcript:read()):render "text")
  end)

  it("gives nil and the error of a failure", function()
    add_transcript(0, { { ada, "a", 1 } })
    local transcript = fetched():transcripts():first()
    gateway:fail { on = "conferenceRecords.transcripts.entries.list", status = 404 }
    local report, err = transcript:read()
    assert.is_nil(report)
    assert.equal("not_found", err.kind)
  end)

  it("raises for a transcript without a name", function()
    add_transcript(0, {})
    local transcript = fetched():transcripts({ fields = "transcripts/state" }):first()
    local _, message = pcall(function() local report = transcript:read() return report end)
    assert.matches("_spec%.lua:%d+: transcript:read: the transcript has no 'name'$", message)
  end)

  it("raises for a record without one, at the caller's level", function()
    local fields = "conferenceRecords/startTime"
    local nameless = client.conference_records:list({ fields = fields }):first()
    for _, method in ipairs { "transcript", "attendance" } do
      local _, message = pcall(function()
        local report = nameless[method](nameless)
        return report
      end)
      assert.matches("_spec%.lua:%d+: record:" .. method .. ": the record has no 'name'$", message)
    end
  end)
end)

describe("the seeded organisation", function()
  it("has transcripts of several pages, all of whose speakers have names", function()
    gateway:seed()
    local count = 0
    for one in client.conference_records:list() do
      local report = assert(one:transcript { merge = 2 })
      local share = 0
      for _, row in ipairs(report:talk_time()) do
        assert.not_matches("^Unknown", row.speaker)
        share = share + row.share
      end
      for _ in report:entries() do count = count + 1 end
      assert.is_true(share == 0 or math.abs(share - 1) < 1e-9)
    end
    assert.is_true(count > 1000)
  end)
end)
