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

describe("googlemeet.watch.state.tell", function()
  it("notes who is present and who has gone", function()
    local known, record = assert(state.read()), record_of("c", "10:00:00")
    state.tell(known, event("started", record, "10:00:00"))
    state.tell(known, event("joined", record, "10:01:00", participant(record, "a")))
    state.tell(known, event("joined", record, "10:02:00", participant(record, "b")))
    state.tell(known, event("left", record, "10:03:00", participant(record, "a")))
    assert.same({
      version = 1, latest = at "10:03:00", spaces = {}, records = {
        ["conferenceRecords/c"] = {
          phase = "live", start = at "10:00:00", space = "spaces/s", files = {},
          present = { b = at "10:02:00" }, gone = { a = at "10:03:00" },
        },
      },
    }, known)
  end)

  it("forgets people with the end, and notes the files that came", function()
    local known, record = assert(state.read()), record_of("c", "10:00:00", "10:30:00")
    state.tell(known, event("started", record, "10:00:00"))
    state.tell(known, event("ended", record, "10:30:00"))
    state.tell(known, event("recording_ready", record, "10:30:00", {
      recording = { name = record.name .. "/recordings/r" },
    }))
    assert.same({
      phase = "ended", start = at "10:00:00", space = "spaces/s",
      files = { ["recordings/r"] = "ready" },
    }, known.records[record.name])
  end)
end)

describe("googlemeet.watch.state.begin", function()
  it("leaves out a conference that is over", function()
    local known = assert(state.read())
    state.begin(known, "spaces/s", record_of("c", "10:00:00", "10:30:00"))
    assert.equal(at "10:00:00", known.spaces["spaces/s"])
    assert.equal("settled", known.records["conferenceRecords/c"].phase)
  end)

  it("leaves one that runs to be told", function()
    local known = assert(state.read())
    state.begin(known, "spaces/s", record_of("c", "10:00:00"))
    assert.same({ ["spaces/s"] = at "10:00:00" }, known.spaces)
    assert.same({}, known.records)
  end)

  it("begins before the first conference of a space", function()
    local known = assert(state.read())
    state.begin(known, "spaces/s")
    assert.same({ ["spaces/s"] = "" }, known.spaces)
  end)
end)

describe("googlemeet.watch.state.advance", function()
  --- A state with records "phase start", in one space.
  local function known_of(since, rows)
    local known = assert(state.read())
    known.spaces["spaces/s"] = since
    for id, row in pairs(rows) do
      local phase, start = row:match "^(%l+) (.+)$"
      known.records[id] = { phase = phase, start = at(start), space = "spaces/s" }
    end
    return known
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
      local known, left = known_of(case[2], case[3]), {}
      state.advance(known)
      for id in pairs(known.records) do left[#left + 1] = id end
      table.sort(left)
      assert.equal(case[4], known.spaces["spaces/s"])
      assert.same(case[5], left)
    end)
  end
end)

describe("googlemeet.watch.state.read", function()
  it("takes a copy", function()
    local known = assert(state.read())
    local twin = assert(state.read(known))
    twin.spaces["spaces/s"] = ""
    assert.same({}, known.spaces)
  end)

  it("makes up for empty tables that were dropped", function()
    local known = assert(state.read {
      version = 1, spaces = {}, records = { c = { phase = "live" }, d = { phase = "ended" } },
    })
    assert.same({ phase = "live", present = {}, gone = {}, files = {} }, known.records.c)
    assert.same({ phase = "ended", files = {} }, known.records.d)
  end)

  it("refuses what is none", function()
    for _, stored in ipairs { {}, { version = 2, spaces = {}, records = {} }, { version = 1 } } do
      assert.is_nil(state.read(stored))
    end
  end)
end)
