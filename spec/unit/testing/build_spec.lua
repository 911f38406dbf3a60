local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"

describe("building custom data", function()
  local gateway, space, record

  before_each(function()
    gateway = testing.gateway { now = 1795341600, clock = function() return 0 end }
    space = gateway:add_space {}
    record = gateway:add_record { space = space, start_time = "2026-11-22T09:00:00Z" }
  end)

  it("derives first join and last leave from the sessions", function()
    local participant = gateway:add_participant(record, { sessions = {
      { start_time = "2026-11-22T09:10:00Z", end_time = "2026-11-22T09:30:00Z" },
      { start_time = "2026-11-22T09:05:00Z", end_time = "2026-11-22T09:20:00.5Z" },
    } })
    assert.equal("2026-11-22T09:05:00Z", participant.resource.earliestStartTime)
    assert.equal("2026-11-22T09:30:00Z", participant.resource.latestEndTime)
    gateway:add_session(participant, { start_time = "2026-11-22T09:40:00Z" })
    assert.is_nil(participant.resource.latestEndTime)
    gateway:leave(participant)
    assert.equal("2026-11-22T10:00:00Z", participant.resource.latestEndTime)
  end)

  it("makes participants of three kinds", function()
    for kind, field in pairs {
      signed_in = "signedinUser", anonymous = "anonymousUser", phone = "phoneUser",
    } do
      local participant = gateway:add_participant(record, { kind = kind, display_name = "X" })
      local seen = ask(gateway, "GET", participant.name)
      assert.equal("X", seen[field].displayName)
      assert.equal(kind == "signed_in", seen[field].user ~= nil)
    end
  end)

  it("accepts names instead of nodes", function()
    local participant = gateway:add_participant(record.name, { display_name = "Ada" })
    local transcript = gateway:add_transcript(record.name, {})
    gateway:add_entry(transcript.name, { participant = participant, text = "Hej!",
      language = "sv-SE", start_time = "2026-11-22T09:01:00Z" })
    local entry = ask(gateway, "GET", transcript.name .. "/entries").transcriptEntries[1]
    assert.equal(participant.name, entry.participant)
    assert.equal("sv-SE", entry.languageCode)
    assert.error_matches(function() gateway:add_transcript("conferenceRecords/none", {}) end,
      "or its name")
  end)

  it("moves an artifact from STARTED to its file", function()
    local recording = gateway:add_recording(record, {})
    local function seen()
      return ask(gateway, "GET", recording.name)
    end
    assert.same({ "STARTED", nil }, { seen().state, seen().endTime })
    gateway:set_state(recording, "ENDED")
    assert.equal("2026-11-22T10:00:00Z", seen().endTime)
    assert.is_nil(seen().driveDestination)
    gateway:set_state(recording.name, "FILE_GENERATED")
    assert.matches("^https://drive.google.com/file/d/" .. seen().driveDestination.file,
      seen().driveDestination.exportUri)
  end)

  local misuse = {
    { "is not one of", function(fake) fake:add_space { role = "guest" } end },
    { "unknown option", function(fake) fake:add_space { title = "Planning" } end },
    { "code", function(fake) fake:add_space { code = "abc" } end },
    { "config", function(fake) fake:add_space { config = { accessType = "x" } } end },
    { "must be a space", function(fake) fake:add_record {} end },
    { "running in this space", function(fake, own) fake:add_record { space = own } end },
    { "before the start", function(fake, own)
      fake:add_record { space = own, start_time = 2, end_time = 1 }
    end },
    { "is not an RFC 3339 time", function(fake, own)
      fake:add_record { space = own, start_time = "today" }
    end },
    { "already exists", function(fake)
      fake:add_space { id = "x" }
      fake:add_space { id = "x" }
    end },
  }
  for _, case in ipairs(misuse) do
    it("raises at the caller's line: " .. case[1], function()
      local ok, message = pcall(case[2], gateway, space)
      assert.is_false(ok)
      assert.matches(case[1], message, 1, true)
      assert.matches("build_spec.lua:%d+:", message)
    end)
  end
end)
