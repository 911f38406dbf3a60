local core = require "googlemeet.core"
local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z

local gateway, client

--- Add a conference so many days ago, with entries { who, seconds }, each after the one before;
-- people by who: { name, kind, user }.
local function add(id, days, people, entries)
  local start, at = NOW - days * 86400, 0
  local record = gateway:add_record { id = id, space = "spaces/s", start_time = start,
    end_time = start + 3600 }
  local transcript = gateway:add_transcript(record, { id = id .. "-t", start_time = start,
    end_time = start + 3600 })
  local participants = {}
  for who, one in pairs(people) do
    participants[who] = gateway:add_participant(record, { id = id .. "-" .. who,
      display_name = one[1], kind = one[2], user = one[3] })
  end
  for _, entry in ipairs(entries) do
    gateway:add_entry(transcript, { participant = participants[entry[1]], text = "x",
      start_time = start + at, end_time = start + at + entry[2] })
    at = at + entry[2]
  end
end

before_each(function()
  gateway = meet.testing.gateway { now = NOW }
  gateway:add_space { id = "s" }
  client = assert(meet.new { api_key = "test-key", transport = gateway.transport,
    clock = manual_clock(), retry = false })
  add("b", 1, { ada = { "", "signed_in", "users/1" }, bo = { "Bo", "anonymous" },
    eve = { "\u{3164}", "anonymous" } }, { { "ada", 30 }, { "bo", 6 }, { "ada", 4 }, { "eve", 2 } })
  add("a", 2, { ada = { "Ada", "signed_in", "users/1" }, bo = { "b\u{F6}", "anonymous" },
    bo2 = { "bo", "phone" }, eve = { "", "anonymous" } },
    { { "ada", 10.5 }, { "bo", 5 }, { "bo2", 1 }, { "eve", 1.5 } })
end)

after_each(function() client:close() end)

local function report_of(id)
  return assert(assert(client.conference_records:get(id)):transcript { merge = true })
end

describe("meet.talk_time.merge", function()
  it("has one row for each speaker: by user, else by name; the unknown apart", function()
    local merged, lines = meet.talk_time.merge { report_of "b", report_of "a" }, {}
    for row in merged:rows() do
      lines[#lines + 1] = ("%s %s in %d: %s, %d turns, %s, %.3f"):format(row.speaker,
        row.user or "-", row.conferences, row.seconds, row.turns, row.longest, row.share)
    end
    assert.same({
      "Ada users/1 in 2: 44.5, 3 turns, 30, 0.742", "bo - in 2: 7, 2 turns, 6, 0.117",
      "b\u{F6} - in 1: 5, 1 turns, 5, 0.083",
      "Unknown speaker 2 - in 1: 2, 1 turns, 2, 0.033",
      "Unknown speaker - in 1: 1.5, 1 turns, 1.5, 0.025",
    }, lines)
    assert.same({ ["conferenceRecords/a"] = 10.5, ["conferenceRecords/b"] = 34 },
      merged:rows()().by_conference)
  end)

  it("counts a conference once; transcripts that were read alone add up", function()
    local one = report_of "a"
    assert.equal(4, meet.talk_time.merge({ one, one }).total)
    assert.equal(1, #meet.talk_time.merge({ one, report_of "a" }).conferences)
    local record = assert(client.conference_records:get "a")
    local alone = assert(record:transcripts():first():read())
    local merged = meet.talk_time.merge { alone }
    assert.same({ 10.5, "conferenceRecords/a/transcripts/a-t" },
      { merged:rows()().seconds, merged.conferences[1].name })
  end)

  it("says who could not be read", function()
    gateway:find("conferenceRecords/a/transcripts/a-t").entries[2].resource.participant =
      "conferenceRecords/a/participants/gone"
    local merged = meet.talk_time.merge { report_of "a" }
    assert.equal("not_found", merged.incomplete[1].err.kind)
    assert.matches("Incomplete: 1 participant could not be read completely %(not_found%)\n$",
      merged:render "text")
  end)

  it("knows a guest whose name only begins like that of the unknown", function()
    add("c", 3, { cy = { "Unknown speaker Ltd", "anonymous" } }, { { "cy", 1 } })
    add("d", 4, { cy = { "unknown Speaker LTD", "anonymous" } }, { { "cy", 2 } })
    assert.equal(1, meet.talk_time.merge({ report_of "c", report_of "d" }).total)
  end)

  it("adds up exactly", function()
    add("c", 3, { cy = { "Cy", "anonymous" } }, { { "cy", 0.1 } })
    add("d", 4, { cy = { "Cy", "anonymous" } }, { { "cy", 0.2 } })
    assert.equal(0.3, meet.talk_time.merge({ report_of "c", report_of "d" }):rows()().seconds)
  end)

  it("is empty without reports", function()
    assert.equal(0, meet.talk_time.merge({}).total)
  end)

  it("as csv has a column for each conference", function()
    assert.equal(table.concat({
      "speaker,user,conferences,turns,longest,share,seconds,"
        .. "2026-11-20T10:00:00Z,2026-11-21T10:00:00Z",
      "Ada,users/1,2,3,30,0.74166666666667,44.5,10.5,34",
      "bo,,2,2,6,0.11666666666667,7,1,6",
    }, "\r\n"), (meet.talk_time.merge { report_of "b", report_of "a" }:render "csv")
      :match "^[^\r]*\r\n[^\r]*\r\n[^\r]*")
  end)

  it("as text, markdown and json has the sums", function()
    local merged = meet.talk_time.merge { report_of "b", report_of "a" }
    assert.matches("\nAda +2 +3 +74 %% +0:00:44\n", merged:render "text")
    assert.matches("| Ada | 2 | 3 | 74 % | 0:00:44 |", merged:render "markdown", 1, true)
    assert.equal(44.5, core.decode(merged:render "json")[1].seconds)
  end)

  for _, case in ipairs { { "no array", 7 }, { "what is no report", { {} } } } do
    it("raises at the script's line for " .. case[1], function()
      local _, message = pcall(function()
        local merged = meet.talk_time.merge(case[2])
        return merged
      end)
      assert.matches("talk_time_spec.lua:%d+: talk_time.merge: an array of transcript reports",
        message)
    end)
  end

  it("refuses attendance reports", function()
    local attended = assert(assert(client.conference_records:get "a"):attendance())
    assert.error_matches(function() meet.talk_time.merge { attended } end, "transcript reports")
  end)
end)
