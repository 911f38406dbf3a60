--- Waiting for files: over the fake, on a clock that only sleeping moves.

local conference = require "spec.support.conference"
local meet = require "googlemeet"

local script, client, record, recording

--- A conference of ten minutes that is over, with a recording in a state.
local function begin(state, options)
  script, client = conference.new(options)
  record = script.gateway:add_record {
    space = script.space, id = "cr-1", start_time = "2026-11-22T09:49:00Z",
    end_time = "2026-11-22T09:59:00Z",
  }
  script.gateway:add_recording(record, {
    id = "rec-1", state = state, end_time = "2026-11-22T09:59:00Z",
  })
  recording = assert(client.recordings:get(record.name .. "/recordings/rec-1"))
  script.gateway:clear_log()
end

local function generate()
  script.gateway:set_state(record.name .. "/recordings/rec-1", "FILE_GENERATED")
end

local function looks()
  return #script.gateway:requests "recordings.get"
end

after_each(function()
  if client then client:close() end
end)

describe("recording:wait_for_file", function()
  it("gives at once what has its file, without a request", function()
    begin "FILE_GENERATED"
    assert.equal(recording, assert(recording:wait_for_file()))
    assert.equal(0, looks())
  end)

  it("looks at once: the resource may be old", function()
    begin "ENDED"
    generate()
    local fresh = assert(recording:wait_for_file())
    assert.matches("^https://drive%.google%.com/", fresh.driveDestination.exportUri)
    assert.equal("ENDED", recording.state)
    assert.same({ 1, 0 }, { looks(), script.now })
  end)

  it("waits until the file is there", function()
    begin "STARTED"
    script:at(40, function()
      script.gateway:set_state(record.name .. "/recordings/rec-1", "ENDED")
    end):at(100, generate)
    local fresh = assert(recording:wait_for_file())
    assert.equal("FILE_GENERATED", fresh.state)
    assert.is_true(script.now >= 100 and script.now < 160)
  end)

  it("polls after growing pauses of at most a minute", function()
    begin "ENDED"
    script:at(400, generate)
    local pauses = {}
    assert(recording:wait_for_file {
      on_wait = function(resource, seconds)
        assert.equal("ENDED", resource.state)
        pauses[#pauses + 1] = seconds
      end,
    })
    assert.same({ 5, 7.5, 11.25, 16.875, 25.3125, 37.96875, 56.953125 },
      table.move(pauses, 1, 7, 1, {}))
    for index = 8, #pauses do assert.equal(60, pauses[index]) end
    assert.equal(#pauses + 1, looks())
  end)

  it("ends with the timeout, and says how things stand", function()
    begin "STARTED"
    local fresh, err = recording:wait_for_file { timeout = 90 }
    assert.is_nil(fresh)
    assert.equal("deadline", err.kind)
    assert.equal(90, script.now)
    assert.matches("recordings/rec%-1 has no file after 90 s: its state is STARTED", err.message)
  end)

  it("looks once where there is no time", function()
    begin "ENDED"
    local _, err = recording:wait_for_file { timeout = 0 }
    assert.same({ "deadline", 1, 0 }, { err.kind, looks(), script.now })
    generate()
    assert(recording:wait_for_file { timeout = 0 })
  end)

  it("goes on past failures that pass", function()
    begin "ENDED"
    script.gateway:fail { on = "recordings.get", status = 503, times = 12 }
    script.gateway:fail { on = "recordings.get", status = 429, times = 3 }
    script.gateway:fail { on = "recordings.get", drop = true, times = 3 }
    script:at(60, generate)
    assert(recording:wait_for_file())
  end)

  it("says at the end what kept it from looking", function()
    begin "ENDED"
    script.gateway:fail { on = "recordings.get", status = 503, times = 1000, message = "no luck" }
    local _, err = recording:wait_for_file { timeout = 300 }
    assert.equal("deadline", err.kind)
    assert.matches("the last poll failed: no luck", err.message)
    assert.is_true(script.now >= 300 and script.now < 330)
  end)

  it("ends with the timeout when that passes between two readings of the clock", function()
    begin "ENDED"
    local now = 0
    local hasty <close> = assert(meet.new {
      api_key = "test-key", transport = script.gateway.transport, rate = false,
      clock = {
        now = function()
          now = now + 0.25
          return now
        end,
        sleep = function(seconds) now = now + seconds end,
      },
    })
    local resource = assert(hasty.recordings:get(recording.name))
    for quarters = 1, 40 do
      local _, err = resource:wait_for_file { timeout = quarters / 4 }
      assert.equal("deadline", err.kind)
    end
  end)

  it("does not wait with a request for longer than it has time", function()
    begin "ENDED"
    script.gateway:fail {
      on = "recordings.get", status = 429, times = 1000, headers = { ["Retry-After"] = 100 },
    }
    local _, err = recording:wait_for_file { timeout = 30 }
    assert.same({ "deadline", 30 }, { err.kind, script.now })
  end)

  it("ends with a failure that stays", function()
    for status, kind in pairs { [401] = "auth", [403] = "permission", [404] = "not_found" } do
      begin "ENDED"
      script.gateway:fail { on = "recordings.get", status = status, times = 10 }
      local _, err = recording:wait_for_file()
      assert.same({ kind, 0 }, { err.kind, script.now })
    end
  end)

  it("ends with an error of kind decode when the server sends another resource, or none", function()
    for _, body in ipairs {
      '{"state":"STARTED"}', '{"name":7,"state":"STARTED"}', '{"name":"a b"}',
      '{"name":"conferenceRecords/cr-1/recordings/rec-2","state":"FILE_GENERATED"}',
    } do
      begin "ENDED"
      script.gateway:fail { on = "recordings.get", status = 200, body = body }
      local fresh, err = recording:wait_for_file { timeout = 60 }
      assert.same({ nil, "decode", 0 }, { fresh, err.kind, script.now })
      assert.matches("a resource other than conferenceRecords/cr%-1/recordings/rec%-1", err.message)
    end
  end)

  it("ends with an error of kind decode for a name that no request can use", function()
    for _, name in ipairs { 7, "a b", "conferenceRecords/cr-1", "spaces/x" } do
      begin "ENDED"
      recording.name = name
      local fresh, err = recording:wait_for_file()
      assert.same({ nil, "decode", 0 }, { fresh, err.kind, looks() })
    end
  end)

  it("blames its caller for a resource without a name", function()
    begin "ENDED"
    recording.name = nil
    local _, raised = pcall(function()
      local fresh = recording:wait_for_file()
      return fresh
    end)
    assert.matches("^spec/unit/files_spec.lua:%d+: wait_for_file: the resource has no", raised)
  end)

  it("waits for a destination that can be used", function()
    begin "ENDED"
    script.gateway:fail { on = "recordings.get", status = 200,
      body = ('{"name":"%s","state":"FILE_GENERATED","driveDestination":"x"}'):format(
        recording.name) }
    generate()
    assert.equal("table", type(assert(recording:wait_for_file()).driveDestination))
    assert.equal(2, looks())
  end)

  it("knows what ended more than a day ago without a file", function()
    begin("ENDED", { has_date = true })
    script:pass(86400)
    local _, err = recording:wait_for_file()
    assert.equal("not_found", err.kind)
    assert.matches("ended 24 hours ago without a file", err.message)
    assert.equal(1, looks())
  end)

  it("waits a day where it does not know the date", function()
    begin "ENDED"
    local _, err = recording:wait_for_file { timeout = math.huge }
    assert.equal("not_found", err.kind)
    assert.is_true(script.now > 86400 and script.now < 86520)
  end)

  it("waits a day where the date must be wrong", function()
    begin("ENDED", { has_date = true })
    script.gateway:add_recording(record, {
      id = "rec-2", state = "ENDED", end_time = "2026-11-25T10:00:00Z",
    })
    local before = script.now
    local late = assert(client.recordings:get(record.name .. "/recordings/rec-2"))
    local _, err = late:wait_for_file { timeout = math.huge }
    assert.equal("not_found", err.kind)
    assert.is_true(script.now - before > 86400 and script.now - before < 86520)
  end)

  it("never gives up what still goes on", function()
    begin("STARTED", { has_date = true })
    script:pass(3 * 86400)
    local _, err = recording:wait_for_file { timeout = 60 }
    assert.equal("deadline", err.kind)
  end)

  it("ends when on_wait gives false", function()
    begin "ENDED"
    local _, err = recording:wait_for_file { on_wait = function() return false end }
    assert.same({ "cancelled", 0 }, { err.kind, script.now })
  end)

  it("waits for several at once", function()
    begin "ENDED"
    script.gateway:add_transcript(record, { id = "tr-1", state = "ENDED" })
    script.gateway:add_smart_note(record, { id = "sn-1", state = "ENDED" })
    script.clock.sleep = function(seconds) -- in tasks: time goes on while others have their turn
      local till = script.now + seconds
      while script.now < till do
        script:pass(0.5)
        if coroutine.isyieldable() then coroutine.yield() end
      end
    end
    script:at(8, function()
      script.gateway:set_state(record.name .. "/transcripts/tr-1", "FILE_GENERATED")
    end):at(30, generate)
    local order = {}
    local function wait(resource)
      return function()
        local fresh, err = resource:wait_for_file { timeout = 60 }
        order[#order + 1] = resource.name:match "[^/]+$"
        return fresh and fresh.state or err.kind
      end
    end
    local results = assert(client:gather {
      wait(recording), wait(assert(client.transcripts:list(record):first())),
      wait(assert(client.smart_notes:list(record):first())),
    })
    assert.same({ "tr-1", "rec-1", "sn-1" }, order)
    assert.same({ "FILE_GENERATED", "FILE_GENERATED", "deadline" },
      { results[1], results[2], results[3] })
  end)

  it("blames its caller for options that it does not have", function()
    begin "ENDED"
    local here = "^spec/unit/files_spec%.lua:%d+: "
    for message, opts in pairs {
      ["unknown option 'time_out'; did you mean 'timeout'%?"] = { time_out = 5 },
      ["option 'timeout': number expected, got string"] = { timeout = "5" },
      ["option 'timeout': seconds from 0 expected, got %-1"] = { timeout = -1 },
      ["option 'on_wait': function expected, got boolean"] = { on_wait = true },
    } do
      local ok, raised = pcall(function()
        local fresh = recording:wait_for_file(opts)
        return fresh
      end)
      assert.is_false(ok)
      assert.matches(here .. message, raised)
    end
  end)
end)

describe("wait_for_file", function()
  it("gives transcripts and smart notes with their documents", function()
    begin "ENDED"
    script.gateway:add_transcript(record, { id = "tr-1", state = "ENDED" })
    script.gateway:add_smart_note(record, { id = "sn-1", state = "ENDED" })
    local transcript = assert(client.transcripts:list(record):first())
    local note = assert(client.smart_notes:list(record):first())
    script.gateway:set_state(transcript.name, "FILE_GENERATED")
    script.gateway:set_state(note.name, "FILE_GENERATED")
    assert.is_string(assert(transcript:wait_for_file()).docsDestination.document)
    assert.is_string(assert(note:wait_for_file()).docsDestination.document)
  end)
end)
