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
    local reported, record = state.new(), record_of("c", "10:00:00")
    state.report(reported, event("started", record, "10:00:00"), "spaces/s")
    state.report(reported, event("joined", record, "10:01:00", participant(record, "a")))
    state.report(reported, event("joined", record, "10:02:00", participant(record, "b")))
    state.report(reported, event("left", record, "10:03:00", participant(record, "a")))
    assert.same({
      version = 2, latest = at "10:03:00", begun = {}, spaces = {}, records = {
        ["conferenceRecords/c"] = {
          phase = "live", start = at "10:00:00", space = "spaces/s", files = {},
          present = { b = at "10:02:00" }, gone = { a = at "10:03:00" },
        },
      },
    }, reported)
  end)

  it("drops participants at the end, and records the files", function()
    local reported, record = state.new(), record_of("c", "10:00:00", "10:30:00")
    state.report(reported, event("started", record, "10:00:00"), "spaces/s")
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

describe("googlemeet.watch.state.await", function()
  it("notes when the watch of a space began, once", function()
    local reported = state.new()
    state.await(reported, "spaces/s", 1000)
    state.await(reported, "spaces/s", 2000)
    assert.same({ ["spaces/s"] = 1000 }, reported.begun)
  end)

  it("leaves a space alone that has been listed", function()
    local reported = state.new()
    reported.spaces["spaces/s"] = ""
    state.await(reported, "spaces/s", 1000)
    assert.same({}, reported.begun)
  end)
end)

describe("googlemeet.watch.state.rename", function()
  it("keeps the beginning under the name", function()
    local reported = state.new()
    state.await(reported, "spaces/abc-defg-hij", 1000)
    state.rename(reported, "spaces/abc-defg-hij", "spaces/s")
    assert.same({ ["spaces/s"] = 1000 }, reported.begun)
  end)

  it("keeps the beginning of a space whose name is that of its code", function()
    local reported = state.new()
    state.await(reported, "spaces/abc-defg-hij", 1000)
    state.rename(reported, "spaces/abc-defg-hij", "spaces/abc-defg-hij")
    assert.same({ ["spaces/abc-defg-hij"] = 1000 }, reported.begun)
  end)

  it("keeps what is known by the name", function()
    local reported = state.new()
    reported.spaces["spaces/s"] = at "10:00:00"
    state.await(reported, "spaces/abc-defg-hij", 1000)
    state.rename(reported, "spaces/abc-defg-hij", "spaces/s")
    assert.same({}, reported.begun)
    assert.same({ ["spaces/s"] = at "10:00:00" }, reported.spaces)
  end)
end)

describe("googlemeet.watch.state.begin", function()
  --- The start from which a space counts, and the ids of the records that are left out.
  local function begin(since, ...)
    local reported, out = state.new(), {}
    state.await(reported, "spaces/s", 1000)
    state.begin(reported, "spaces/s", { ... }, at(since))
    assert.same({}, reported.begun)
    for name, row in pairs(reported.records) do
      assert.same({ "settled", "spaces/s" }, { row.phase, row.space })
      out[#out + 1] = name:match "[^/]+$"
    end
    table.sort(out)
    return reported.spaces["spaces/s"], out
  end

  local over = record_of("c", "10:00:00", "10:30:00")
  local before = record_of("b", "09:00:00", "09:30:00")

  it("leaves out a conference that is over", function()
    assert.same({ at "10:00:00", { "c" } }, { begin(nil, over) })
  end)

  it("leaves a running one to be reported", function()
    assert.same({ at "10:00:00", {} }, { begin(nil, record_of("c", "10:00:00"), before) })
  end)

  it("begins before the first conference of a space", function()
    assert.same({ "", {} }, { begin() })
  end)

  it("leaves one to be reported that ended after the watch began", function()
    assert.same({ at "10:00:00", {} }, { begin("10:29:59", over, before) })
    assert.same({ at "10:00:00", { "c" } }, { begin("10:30:00", over, before) })
  end)

  it("leaves out the one that is over of two that began at the same moment", function()
    assert.same({ at "10:00:00", { "c" } }, { begin(nil, over, record_of("d", "10:00:00")) })
  end)

  it("asks for all where one that runs has no start", function()
    local strange = { name = "conferenceRecords/x", startTime = "soon" }
    assert.same({ "", { "b", "c" } }, { begin(nil, over, strange, before) })
  end)

  it("takes an end that is for ever for none, and one that cannot be read for an end", function()
    local function ends(text)
      return { name = "conferenceRecords/x", startTime = at "11:00:00", endTime = text }
    end
    assert.same({ at "11:00:00", {} }, { begin("10:00:00", ends "9999-12-31T23:59:59Z") })
    assert.same({ at "11:00:00", {} }, { begin(nil, ends "9999-12-31T23:59:59Z") })
    assert.same({ at "11:00:00", { "x" } }, { begin("10:00:00", ends "soon") })
    assert.same({ at "11:00:00", { "x" } }, { begin(nil, ends(7)) })
  end)
end)

describe("googlemeet.watch.state.advance", function()
  --- A state with records "phase start", in one space.
  local function reported_of(since, rows)
    local reported = state.new()
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

  it("leaves a space alone in which something failed", function()
    local reported = reported_of("", { a = "settled 10:00:00", b = "settled 11:00:00" })
    state.advance(reported, { ["spaces/s"] = true })
    assert.equal("", reported.spaces["spaces/s"])
    assert.is_table(reported.records.a)
  end)

  for _, case in ipairs(cases) do
    it(case[1], function()
      local reported, left = reported_of(case[2], case[3]), {}
      state.advance(reported, {})
      for id in pairs(reported.records) do left[#left + 1] = id end
      table.sort(left)
      assert.equal(case[4], reported.spaces["spaces/s"])
      assert.same(case[5], left)
    end)
  end
end)
