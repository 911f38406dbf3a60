local conferences = require "spec.support.conferences"
local entry = require "googlemeet.archive.entry"

describe("googlemeet.archive.entry.read", function()
  it("copies an entry with its counts", function()
    local given = conferences.entry()
    local copy = entry.read(given)
    assert.same(conferences.entry(), copy)
    copy.counts.recordings = 9
    assert.equal(0, given.counts.recordings)
  end)

  it("takes nothing for what it is not", function()
    local nothing = conferences.entry { state = "due" }
    nothing.start_time, nothing.end_time, nothing.expire_time = nil, nil, nil
    for _, value in ipairs { false, 5, "x", {} } do
      assert.same(nothing, entry.read {
        name = "conferenceRecords/c1", state = value, start_time = { value }, end_time = 5,
        expire_time = false, counts = value,
      })
    end
  end)

  it("counts whole numbers from 0", function()
    local counts = entry.read { name = "a", counts = {
      participants = 3.0, recordings = 2.5, transcripts = -1, smart_notes = {}, others = 5,
    } }.counts
    assert.same({
      participants = 3, participant_sessions = 0, recordings = 0, transcripts = 0,
      transcript_entries = 0, smart_notes = 0,
    }, counts)
  end)

  it("is nothing without a name", function()
    for _, value in ipairs { false, 5, "x", {}, { name = 5 } } do
      assert.is_nil(entry.read(value))
    end
  end)
end)
