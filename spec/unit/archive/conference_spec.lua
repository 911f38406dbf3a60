local conference = require "googlemeet.archive.conference"

local ENDED_BEFORE = 1793613600 -- 2026-11-02T10:00:00Z

--- A conference with artifacts of these states.
local function found(end_time, recordings, transcripts, smart_notes)
  local function artifacts(states)
    local made = {}
    for index, state in ipairs(states or {}) do made[index] = { state = state or nil } end
    return made
  end
  return {
    conference_records = { {
      name = "conferenceRecords/c", startTime = "2026-11-01T09:00:00Z", endTime = end_time,
    } },
    participants = {}, participant_sessions = {}, transcript_entries = {},
    recordings = artifacts(recordings), transcripts = artifacts(transcripts),
    smart_notes = artifacts(smart_notes),
  }
end

describe("googlemeet.archive.conference.is_complete", function()
  local over, there = "2026-11-01T10:00:00Z", "FILE_GENERATED"
  for title, row in pairs {
    ["that ended without artifacts"] = { true, over },
    ["that ended just when it had to"] = { true, "2026-11-02T10:00:00.9Z" },
    ["that ended a second later"] = { false, "2026-11-02T10:00:01Z" },
    ["that runs"] = { false, nil },
    ["whose end is no time"] = { false, "soon" },
    ["with all its files"] = { true, over, { there, there }, { there }, { there } },
    ["with a recording without a file"] = { false, over, { there, "ENDED" } },
    ["with a recording that runs"] = { false, over, { "STARTED" } },
    ["with a transcript without a file"] = { false, over, { there }, { "ENDED" } },
    ["with a smart note without a file"] = { false, over, {}, {}, { "ENDED" } },
    ["with a recording without a state"] = { false, over, { false } },
    ["with a state that is new"] = { true, over, { "FILE_REFUSED" } },
  } do
    it("of one " .. title .. " is " .. tostring(row[1]), function()
      local value = found(row[2], row[3], row[4], row[5])
      assert.equal(row[1], conference.is_complete(value, ENDED_BEFORE))
    end)
  end
end)

describe("googlemeet.archive.conference.entry", function()
  it("is the record's entry in the manifest", function()
    assert.same({
      name = "conferenceRecords/c", start_time = "2026-11-01T09:00:00Z",
      end_time = "2026-11-01T10:00:00Z", state = "due",
      counts = {
        participants = 0, participant_sessions = 0, recordings = 2, transcripts = 0,
        transcript_entries = 0, smart_notes = 1,
      },
    }, conference.entry(found("2026-11-01T10:00:00Z", { "ENDED", "ENDED" }, nil, { "ENDED" }),
      "due"))
  end)
end)
