local events = require "googlemeet.watch.events"

local RECORD = "conferenceRecords/c"

local function at(clock)
  return clock and "2026-11-22T" .. clock .. "Z"
end

local function record_of(over)
  return { name = RECORD, space = "spaces/s", startTime = at "10:00:00", endTime = at(over) }
end

--- A participant as a snapshot has it: an id, and its sessions.
local function seen(id, ...)
  local sessions = {}
  for index, row in ipairs { ... } do
    sessions[index] = { startTime = at(row[1]), endTime = at(row[2]) }
  end
  return { participant = { name = RECORD .. "/participants/" .. id }, sessions = sessions }
end

local function file(kind, id, is_ready)
  local resource = { name = ("%s/%ss/%s"):format(RECORD, kind, id) }
  return { kind = kind, resource = resource, is_ready = is_ready }
end

local function texts_of(list)
  local texts = {}
  for index, event in ipairs(list) do
    local subject = event.participant or event.recording or event.transcript or event.smart_note
    texts[index] = ("%s %s%s"):format(event.type, (event.time or at ""):sub(12, -2),
      subject and " " .. subject.name:match "[^/]+$" or "")
  end
  return texts
end

--- The row of a live conference.
local function live(present, gone, files)
  return { phase = "live", present = present or {}, gone = gone or {}, files = files or {} }
end

describe("googlemeet.watch.events.since", function()
  it("reports a conference from its start", function()
    local list = events.since(nil, {
      record = record_of(), horizon = at "10:20:00",
      participants = { seen("b", { "10:02:00" }), seen("a", { "10:01:00", "10:03:00" }) },
    })
    assert.same({ "started 10:00:00", "joined 10:01:00 a", "joined 10:02:00 b", "left 10:03:00 a" },
      texts_of(list))
  end)

  it("reports one that is over to its end, and lets everybody leave by then", function()
    local list = events.since(nil, {
      record = record_of "10:30:00", is_complete = true,
      participants = { seen("a", { "10:01:00" }) },
    })
    assert.same({ "started 10:00:00", "joined 10:01:00 a", "left 10:30:00 a", "ended 10:30:00" },
      texts_of(list))
  end)

  it("reports an empty one", function()
    local list = events.since(nil, {
      record = record_of "10:00:00", is_complete = true, participants = {},
    })
    assert.same({ "started 10:00:00", "ended 10:00:00" }, texts_of(list))
  end)

  it("reports nothing twice", function()
    local list = events.since(live({ a = at "10:01:00" }, { b = at "10:03:00" }), {
      record = record_of(), horizon = at "10:20:00",
      participants = { seen("a", { "10:01:00" }), seen("b", { "10:02:00", "10:03:00" }) },
    })
    assert.same({}, list)
  end)

  it("leaves what is later than its horizon to the next poll", function()
    local list = events.since(live(), {
      record = record_of(), horizon = at "10:05:00",
      participants = {
        seen("a", { "10:01:00", "10:05:00" }, { "10:05:00.001" }),
        seen("b", { "10:04:00", "10:06:00" }), seen("c", { "10:07:00" }),
      },
    })
    assert.same({ "joined 10:01:00 a", "joined 10:04:00 b", "left 10:05:00 a" }, texts_of(list))
  end)

  it("has no horizon once the conference is over", function()
    local list = events.since(live { a = at "10:01:00" }, {
      record = record_of "10:30:00", is_complete = true, horizon = at "10:05:00",
      participants = { seen("a", { "10:01:00", "10:29:00" }) },
    })
    assert.same({ "left 10:29:00 a", "ended 10:30:00" }, texts_of(list))
  end)

  it("puts the end last, whatever the times say", function()
    local list = events.since(live { a = at "10:01:00" }, {
      record = record_of "10:30:00", is_complete = true,
      participants = { seen("a", { "10:01:00", "10:30:01" }) },
    })
    assert.same({ "left 10:30:01 a", "ended 10:30:00" }, texts_of(list))
  end)

  it("orders simultaneous events: joins, leaves, then by name", function()
    local list = events.since(live({ d = at "10:01:00", c = at "10:01:00" }), {
      record = record_of(), horizon = at "10:20:00",
      participants = {
        seen("d", { "10:01:00", "10:02:00" }), seen("c", { "10:01:00", "10:02:00" }),
        seen("b", { "10:02:00" }), seen("a", { "10:02:00" }),
      },
    })
    assert.same({ "joined 10:02:00 a", "joined 10:02:00 b", "left 10:02:00 c", "left 10:02:00 d" },
      texts_of(list))
  end)

  it("gives each event its record", function()
    local record = record_of()
    for _, event in ipairs(events.since(nil, {
      record = record, horizon = at "10:20:00", participants = { seen("a", { "10:01:00" }) },
    })) do assert.equal(record, event.record) end
  end)

  it("reports each file once, and only when it exists", function()
    local list = events.since(live(nil, nil, { ["recordings/one"] = "ready" }), {
      record = record_of(), horizon = at "10:20:00", participants = {}, files = {
        file("recording", "one", true), file("recording", "two", true),
        file("transcript", "three", false),
        file("smart_note", "four", true),
      },
    })
    assert.same({ "recording_ready  two", "smart_note_ready  four" },
      texts_of(list))
    assert.equal(RECORD .. "/recordings/two", list[1].recording.name)
  end)

  it("reports only files once the end was reported", function()
    local list = events.since({ phase = "ended", files = {} }, {
      record = record_of "10:30:00", is_complete = true, participants = {},
      files = { file("transcript", "one", true) },
    })
    assert.same({ "transcript_ready  one" }, texts_of(list))
  end)
end)

describe("googlemeet.watch.events.merge", function()
  local function event(type, clock)
    return { type = type, time = at(clock) }
  end

  it("orders the events of several conferences by time", function()
    local merged = events.merge {
      { event("started", "10:00:00"), event("ended", "10:02:00") },
      { event("started", "10:01:00"), event("ended", "10:03:00") },
    }
    assert.same({ "started 10:00:00", "started 10:01:00", "ended 10:02:00", "ended 10:03:00" },
      texts_of(merged))
  end)

  it("keeps the order of each one", function()
    local merged = events.merge {
      { event("left", "10:30:01"), event("ended", "10:30:00") },
      { event("started", "10:30:00.5") },
    }
    assert.same({ "started 10:30:00.5", "left 10:30:01", "ended 10:30:00" }, texts_of(merged))
  end)

  it("gives a file the time of the latest event before it", function()
    local merged = events.merge({
      { event("ended", "10:30:00"), event("recording_ready") },
      { event("transcript_ready") },
    }, at "10:29:00")
    assert.same({ "transcript_ready 10:29:00", "ended 10:30:00", "recording_ready 10:30:00" },
      texts_of(merged))
  end)
end)
