local tables = require "googlemeet.archive.tables"

describe("googlemeet.archive.tables", function()
  it("are named like the services that resources come from", function()
    local services = require "googlemeet.core".shared.services
    for _, name in ipairs(tables.all) do assert.is_table(services[name], name) end
  end)

  it("are counted, except the conference record", function()
    assert.same({
      participants = 2, participant_sessions = 0, recordings = 1, transcripts = 0,
      transcript_entries = 3, smart_notes = 0,
    }, tables.count {
      conference_records = { {} }, participants = { {}, {} }, participant_sessions = {},
      recordings = { {} }, transcripts = {}, transcript_entries = { {}, {}, {} }, smart_notes = {},
    })
  end)

  it("count nothing where there is nothing", function()
    assert.same({
      participants = 0, participant_sessions = 0, recordings = 0, transcripts = 0,
      transcript_entries = 0, smart_notes = 0,
    }, tables.count())
  end)
end)
