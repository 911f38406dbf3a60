local ask = require "spec.support.ask"
local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"
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

  it("takes what a client returned for the node of that name", function()
    local client <close> = assert(meet.new {
      api_key = "test-key", transport = gateway.transport, clock = manual_clock(),
    })
    local seen = assert(client.conference_records:get(record.name))
    local participant = gateway:add_participant(seen, { display_name = "Ada" })
    gateway:add_transcript(seen, { state = "ENDED" })
    gateway:leave((seen:participants():first()))
    assert.equal("2026-11-22T10:00:00Z", participant.resource.latestEndTime)
    gateway:set_state(seen:transcripts():first(), "FILE_GENERATED")
    assert.equal("FILE_GENERATED", seen:transcripts():first().state)
    gateway:end_conference(seen)
    assert.equal("2026-11-22T10:00:00Z", record.resource.endTime)
    local space_seen = assert(client.spaces:get(space.name))
    gateway:add_member(space_seen, { email = "ada@example.com" })
    assert.equal("spaces/" .. space.id, gateway:add_record { space = space_seen }.resource.space)
    assert.error_matches(function() gateway:leave(seen) end, "a participant, or its name, expected")
  end)

  it("takes a connection that a client returned", function()
    local client <close> = assert(meet.new {
      api_key = "test-key", transport = gateway.transport, clock = manual_clock(),
    })
    gateway:set_status(client.connections:list():first(), "FAILED")
    gateway:add_connection {}
    local waiting = assert(client.connections:list({ status = "PENDING" }):first())
    assert.equal(gateway:organisation(waiting.connection_id), gateway:organisation(waiting))
    gateway:activate(waiting)
    local active = client.connections:list({ status = "ACTIVE" }):all()
    assert.same({ waiting.connection_id, n = 1 }, { active[1].connection_id, n = #active })
  end)

  it("takes the space of a record first, as all others take what they are added to", function()
    local over = { start_time = "2026-11-22T07:00:00Z", end_time = "2026-11-22T08:00:00Z" }
    local made = {
      gateway:add_record(space, over), gateway:add_record(space.name, over),
      gateway:add_record { space = space, start_time = over.start_time, end_time = over.end_time },
      gateway:add_record { space = space.name, start_time = 7, end_time = 8 },
      gateway:add_record(gateway:add_space {}),
    }
    for index, one in ipairs(made) do
      assert.equal(index == 5, one.resource.endTime == nil)
      assert.equal(index < 5, one.resource.space == space.name)
    end
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
    { "'accessType' (AccessType), \"x\"; it takes OPEN, RESTRICTED, TRUSTED",
      function(fake) fake:add_space { config = { accessType = "x" } } end },
    { "Cannot find field.; it takes autoRecordingGeneration", function(fake)
      fake:add_space { config = { artifactConfig = { recordingConfig = { auto = "ON" } } } }
    end },
    { "a space, or its name, expected, got nil", function(fake) fake:add_record {} end },
    { "a space, or its name, expected, got nil", function(fake) fake:add_record() end },
    { "got 'spaces/none', which does not exist", function(fake)
      fake:add_record("spaces/none", {})
    end },
    { "known: end_time, id, space, start_time", function(fake, own)
      fake:add_record(own, { title = "Planning" })
    end },
    { "role: 'HOST' is not one of COHOST", function(fake, own)
      fake:add_member(own, { email = "ada@example.com", role = "HOST" })
    end },
    { "kind: 'robot' is not one of anonymous, phone, signed_in", function(fake, own)
      fake:add_participant(fake:add_record(own, { end_time = "2026-11-22T11:00:00Z" }),
        { kind = "robot" })
    end },
    { "of one who is signed in expected, got 'users/1' of kind 'phone'", function(fake, _, live)
      fake:add_participant(live.record, { kind = "phone", user = "users/1" })
    end },
    { "expected, got '1' of kind 'signed_in'", function(fake, _, live)
      fake:add_participant(live.record, { user = "1" })
    end },
    { "either sessions, or start_time", function(fake, _, live)
      fake:add_participant(live.record, { start_time = 5, sessions = {} })
    end },
    { "state: 'DONE' is not one of ENDED, FILE_GENERATED, STARTED", function(_, _, live)
      live.fake:add_recording(live.record, { state = "DONE" })
    end },
    { "set_state: 'DONE' is not one of ENDED, FILE_GENERATED, STARTED", function(_, _, live)
      live.fake:set_state(live.fake:add_transcript(live.record, {}), "DONE")
    end },
    { "a recording, transcript or smart note, or its name, expected, got conferenceRecords/",
      function(_, _, live) live.fake:set_state(live.record, "ENDED") end },
    { "end_conference: the end is before the start", function(_, _, live)
      live.fake:end_conference(live.record, "2026-11-22T08:00:00Z")
    end },
    { "leave: the end is before the start", function(_, _, live)
      live.fake:leave(live.fake:add_participant(live.record, {}), "2026-11-22T08:00:00Z")
    end },
    { "running in this space", function(fake, own) fake:add_record { space = own } end },
    { "before the start", function(fake, own)
      fake:add_record { space = own, start_time = 2, end_time = 1 }
    end },
    { "is not an RFC 3339 time", function(fake, own)
      fake:add_record { space = own, start_time = "today" }
    end },
    { "sessions: an array of", function(fake, own)
      fake:add_participant(fake:add_record(own, { end_time = "2026-11-22T11:00:00Z" }),
        { sessions = { start_time = 5 } })
    end },
    { "organisation: what gateway:organisation() gives expected", function(fake)
      fake:add_space { organisation = fake:add_connection {} }
    end },
    { "add_space: table of options expected, got number", function(fake) fake:add_space(5) end },
    { "requests: there is no operation '5'", function(fake) fake:requests(5) end },
    { "spaces: id 'spaces/x': letters, digits, '-' and '_' alone expected", function(fake)
      fake:add_space { id = "spaces/x" }
    end },
    { "spaces: id '': letters", function(fake) fake:add_space { id = "" } end },
    { "conferenceRecords: id 'a b': letters", function(fake, own)
      fake:add_record(own, { id = "a b", end_time = "2026-11-22T11:00:00Z" })
    end },
    { "add_connection: id 'a/b': letters", function(fake) fake:add_connection { id = "a/b" } end },
    { "add_connection: metadata: it cannot be written as JSON", function(fake)
      fake:add_connection { metadata = { email = print } }
    end },
    { "already exists", function(fake)
      fake:add_space { id = "x" }
      fake:add_space { id = "x" }
    end },
  }
  for _, case in ipairs(misuse) do
    it("raises at the caller's line: " .. case[1], function()
      local ok, message = pcall(case[2], gateway, space, { fake = gateway, record = record })
      assert.is_false(ok)
      assert.matches(case[1], message, 1, true)
      assert.matches("build_spec.lua:%d+:", message)
    end)
  end
end)
