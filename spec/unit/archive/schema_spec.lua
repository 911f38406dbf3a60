local locale = require "spec.support.locale"
local schema = require "googlemeet.archive.schema"

describe("googlemeet.archive.schema.literal", function()
  for title, row in pairs {
    ["a text"] = { "Ada", "'Ada'" },
    ["a text with quotes"] = { "O'Neil''s", "'O''Neil''''s'" },
    ["a text that would end the statement"] = { "'); DROP TABLE x; --",
      "'''); DROP TABLE x; --'" },
    ["a text with a NUL byte"] = { "a\0b'", "CAST(X'61006227' AS TEXT)" },
    ["an empty text"] = { "", "''" },
    ["a whole number"] = { -9223372036854775807, "-9223372036854775807" },
    ["a number with a fraction"] = { 1.5, "1.5" },
    ["what is no number"] = { 0 / 0, "NULL" },
    ["what is absent"] = { nil, "NULL" },
    ["what has no literal"] = { {}, "NULL" },
  } do
    it("writes " .. title, function() assert.equal(row[2], schema.literal(row[1])) end)
  end

  it("writes a number with a point, also in a locale with a decimal comma", function()
    if locale.lacks() then return pending(locale.lacks()) end
    assert.equal("1.5\n", locale.run(",", [[
      local schema = require "googlemeet.archive.schema"
      assert(os.setlocale "odd")
      print(schema.literal(1.5))]]))
  end)
end)

describe("googlemeet.archive.schema.keep", function()
  it("gives a row with useful columns and the resource as JSON", function()
    assert.equal("INSERT OR REPLACE INTO transcript_entries VALUES ("
      .. "'conferenceRecords/c/transcripts/t/entries/e', 'conferenceRecords/c', 7, "
      .. "'conferenceRecords/c/transcripts/t', 'conferenceRecords/c/participants/p', NULL, "
      .. "'2026-11-01T09:00:00Z', NULL, 'It''s', "
      .. [['{"name":"conferenceRecords/c/transcripts/t/entries/e",]]
      .. [["participant":"conferenceRecords/c/participants/p",]]
      .. [["startTime":"2026-11-01T09:00:00Z","text":"It''s"}')]],
      schema.keep("transcript_entries", "conferenceRecords/c", 7, {
        name = "conferenceRecords/c/transcripts/t/entries/e", text = "It's",
        participant = "conferenceRecords/c/participants/p", startTime = "2026-11-01T09:00:00Z",
      }))
  end)

  it("says why a resource cannot be written", function()
    local statement, message = schema.keep("recordings", "c", 1, { name = "\xff" })
    assert.is_nil(statement)
    assert.equal("the value cannot be written as JSON: a string is not UTF-8", message)
  end)
end)

describe("googlemeet.archive.schema.note", function()
  it("gives the row of the manifest", function()
    assert.equal("INSERT OR REPLACE INTO manifest VALUES ('c', '2026-11-01T09:00:00Z', NULL, NULL, "
      .. "'due', 3, 4, 0, 1, 50, 0)", schema.note {
        name = "c", start_time = "2026-11-01T09:00:00Z", state = "due",
        counts = { participants = 3, participant_sessions = 4, transcripts = 1,
          transcript_entries = 50 },
      })
  end)
end)

describe("googlemeet.archive.schema.clear", function()
  it("removes the rows of a conference", function()
    assert.equal("DELETE FROM recordings WHERE record = 'c''1'", schema.clear("recordings", "c'1"))
  end)
end)

describe("googlemeet.archive.schema.create", function()
  it("makes a table for each kind of resource and two for all, and marks the file", function()
    local text = table.concat(schema.create(), "\n")
    local _, made = text:gsub("CREATE TABLE", "")
    assert.equal(9, made)
    assert.matches("\nPRAGMA application_id = 1196253554\nPRAGMA user_version = 1$", text)
  end)
end)
