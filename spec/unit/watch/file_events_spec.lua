-- meet.watch: the events of recordings, transcripts and smart notes, on a clock that only sleeping
-- moves.

local meet = require "googlemeet"
local conference = require "spec.support.conference"

local begin_record, end_record = conference.begin_record, conference.end_record
local set_state, take, restart = conference.set_state, conference.take, conference.restart

local script, client

before_each(function() script, client = conference.new() end)
after_each(function() client:close() end)

describe("meet.watch", function()
  --- A conference of 90 s, or more, with a recording, a transcript and a smart note.
  local function write_files(seconds)
    script:at(0, begin_record "cr-1"):at(30, function(now)
      script.gateway:add_recording("conferenceRecords/cr-1", { id = "rec-1", start_time = now })
      script.gateway:add_transcript("conferenceRecords/cr-1", { id = "tr-1", start_time = now })
      script.gateway:add_smart_note("conferenceRecords/cr-1", { id = "sn-1", start_time = now })
    end):at(seconds or 90, end_record "cr-1")
    script:pass(1)
  end

  it("emits an event for each file when it is ready, and then ends", function()
    write_files()
    script:at(60, set_state("recordings/rec-1", "FILE_GENERATED"))
    script:at(300, set_state("transcripts/tr-1", "FILE_GENERATED"))
    script:at(900, set_state("smartNotes/sn-1", "FILE_GENERATED"))
    local watcher = meet.watch(client, { records = { "cr-1" } })
    assert.same({ "started 00:00", "recording_ready 00:00 rec-1" }, take(watcher, 2))
    assert.same({ "ended 01:30", "transcript_ready 01:30 tr-1", "smart_note_ready 01:30 sn-1" },
      take(watcher, 100))
    assert.is_true(script.now >= 900 and script.now < 970)
  end)

  it("polls for a file at a short interval once the conference has ended", function()
    write_files(600)
    script:at(605, set_state("recordings/rec-1", "FILE_GENERATED"))
    local watcher <close> = meet.watch(client, { records = { "cr-1" } })
    assert.same({ "started 00:00", "ended 10:00", "recording_ready 10:00 rec-1" },
      take(watcher, 3))
    assert.is_true(script.now < 620)
  end)

  it("emits a file that is ready while the space's next conference runs", function()
    write_files()
    script:at(120, begin_record "cr-2"):at(180, end_record "cr-2"):at(200, begin_record "cr-3")
    script:at(500, set_state("recordings/rec-1", "FILE_GENERATED"))
    local watcher = meet.watch(client, { spaces = { "space-1" } })
    take(watcher, 5)
    assert.same({ "recording_ready 03:20 rec-1" },
      take(restart(client, watcher, { spaces = { "space-1" } }), 1))
  end)

  it("gives a file's event the resource with its destination", function()
    write_files()
    script:at(100, set_state("recordings/rec-1", "FILE_GENERATED"))
    for event in meet.watch(client, { records = { "cr-1" } }) do
      if event.type == "recording_ready" then
        assert.is_string(event.recording.driveDestination.file)
        return
      end
    end
  end)

  it("emits no file twice across restarts, and stays at its end", function()
    write_files()
    for _, id in ipairs { "recordings/rec-1", "transcripts/tr-1", "smartNotes/sn-1" } do
      script:at(100, set_state(id, "FILE_GENERATED"))
    end
    local watcher, reported = meet.watch(client, { records = { "cr-1" } }), {}
    while true do
      local text = take(watcher, 1)[1]
      if not text then break end
      reported[#reported + 1] = text
      watcher = restart(client, watcher, { records = { "cr-1" } })
    end
    assert.same({ "started 00:00", "ended 01:30", "recording_ready 01:30 rec-1",
      "transcript_ready 01:30 tr-1", "smart_note_ready 01:30 sn-1" }, reported)
    script.gateway:clear_log()
    assert.same({}, take(restart(client, watcher, { records = { "cr-1" } }), 1))
    assert.equal(0, #script.gateway.log)
  end)

  it("stops waiting for a file a day after the conference has ended", function()
    write_files()
    script:pass(100)
    local watcher = meet.watch(client, { records = { "cr-1" }, interval = 300 })
    assert.same({ "started 00:00", "ended 01:30" }, take(watcher, 100))
    assert.is_true(script.now > 86400 and script.now < 87000)
  end)

  it("ends at once when every file has been ready for long", function()
    client:close()
    script, client = conference.new { has_date = true }
    write_files()
    for _, id in ipairs { "recordings/rec-1", "transcripts/tr-1", "smartNotes/sn-1" } do
      script:at(100, set_state(id, "FILE_GENERATED"))
    end
    script:pass(3600)
    local before = script.now
    assert.equal(5, #take(meet.watch(client, { records = { "cr-1" } }), 100))
    assert.is_true(script.now - before < 2)
  end)
end)
