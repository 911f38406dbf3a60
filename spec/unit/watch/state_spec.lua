local state = require "googlemeet.watch.state"

local function at(clock)
  return clock and "2026-11-22T" .. clock .. "Z"
end

local function record_of(id, start, over)
  return {
    name = "conferenceRecords/" .. id, space = "spaces/s", startTime = at(start),
    endTime = at(over),
  }
end

local function event(type, record, clock, more)
  local made = { type = type, record = record, time = at(clock) }
  for name, value in pairs(more or {}) do made[name] = value end
  return made
end

local function participant(record, id)
  return { participant = { name = record.name .. "/participants/" .. id } }
end

describe("googlemeet.watch.state.report", function()
  it("records who is present and who has left", function()
    local reported, record = assert(state.read()), record_of("c", "10:00:00")
    state.report(reported, event("started", record, "10:00:00"))
    state.report(reported, event("joined", record, "10:01:00", participant(record, "a")))
    state.report(reported, event("joined", record, "10:02:00", participant(record, "b")))
    state.report(reported, event("left", record, "10:03:00", participant(record, "a")))
    assert.same({
      version = 1, latest = at "10:03:00", spaces = {}, records = {
        ["conferenceRecords/c"] = {
          phase = "live", start = at "10:00:00", space = "spaces/s", files = {},
          present = { b = at "10:02:00" }, gone = { a = at "10:03:00" },
        },
      },
    }, reported)
  end)

  it("drops participants at the end, and records the files", function()
    local reported, record = assert(state.read()), record_of("c", "10:00:00", "10:30:00")
    state.report(reported, event("started", record, "10:00:00"))
    state.report(reported, event("ended", record, "10:30:00"))
    state.report(reported, event("recording_ready", record, "10:30:00", {
      recording = { name = record.name .. "/recordings/r" },
    }))
    assert.same({
      phase = "ended", start = at "10:00:00", space = "spaces/s",
      files = { ["recordings/r"] = "ready" },
    }, reported.records[record.name])
  end)
end)

describe("googlemeet.watch.state.begin", function()
  it("leaves out a conference that is over", function()
    local reported = assert(state.read())
    state.begin(reported, "spaces/s", record_of("c", "10:00:00", "10:30:00"))
    assert.equal(at "10:00:00", reported.spaces["spaces/s"])
    assert.equal("settled", reported.records["conferenceRecords/c"].phase)
  end)

  it("leaves a running one to be reported", function()
    local reported = assert(state.read())
    state.begin(reported, "spaces/s", record_of("c", "10:00:00"))
    assert.same({ ["spaces/s"] = at "10:00:00" }, reported.spaces)
    assert.same({}, reported.records)
  end)

  it("begins before the first conference of a space", function()
    local reported = assert(state.read())
    state.begin(reported, "spaces/s")
    assert.same({ ["spaces/s"] = "" }, reported.spaces)
  end)
end)

describe("googlemeet.watch.state.advance", function()
  --- A state with records "phase start", in one space.
  local function reported_of(since, rows)
    local reported = assert(state.read())
    reported.spaces["spaces/s"] = since
    for id, row in pairs(rows) do
      local phase, start = row:match "^(%l+) (.+)$"
      reported.records[id] = { phase = phase, start = at(start), space = "spaces/s" }
    end
    return reported
  end

  local cases = {
    { "stays where there is nothing", "", {}, "", {} },
    { "goes to the newest", "", { a = "settled 10:00:00", b = "settled 11:00:00" },
      at "11:00:00", { "b" } },
    { "does not go past one that runs", "",
      { a = "settled 09:00:00", b = "live 10:00:00", c = "live 11:00:00", d = "ended 12:00:00" },
      at "10:00:00", { "b", "c", "d" } },
    { "keeps one whose files may come", "", { a = "ended 10:00:00", b = "settled 11:00:00" },
      at "11:00:00", { "a", "b" } },
    { "keeps what began at the same moment", "",
      { a = "settled 11:00:00", b = "settled 11:00:00" }, at "11:00:00", { "a", "b" } },
  }

  for _, case in ipairs(cases) do
    it(case[1], function()
      local reported, left = reported_of(case[2], case[3]), {}
      state.advance(reported)
      for id in pairs(reported.records) do left[#left + 1] = id end
      table.sort(left)
      assert.equal(case[4], reported.spaces["spaces/s"])
      assert.same(case[5], left)
    end)
  end
end)

describe("googlemeet.watch.state.read", function()
  it("takes a copy", function()
    local reported = assert(state.read())
    local twin = assert(state.read(reported))
    twin.spaces["spaces/s"] = ""
    assert.same({}, reported.spaces)
  end)

  it("restores empty tables that the storage dropped", function()
    local reported = assert(state.read {
      version = 1, spaces = {}, records = { c = { phase = "live" }, d = { phase = "ended" } },
    })
    assert.same({ phase = "live", present = {}, gone = {}, files = {} }, reported.records.c)
    assert.same({ phase = "ended", files = {} }, reported.records.d)
  end)

  it("refuses a value that is not a state", function()
    for _, stored in ipairs { {}, { version = 2, spaces = {}, records = {} }, { version = 1 } } do
      assert.is_nil(state.read(stored))
    end
  end)
end)
