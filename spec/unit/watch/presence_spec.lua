local presence = require "googlemeet.watch.presence"

--- A time of the day on which all cases play.
local function at(clock)
  return clock and "2026-11-22T" .. clock .. "Z"
end

local function sessions_of(rows)
  local sessions = {}
  for index, row in ipairs(rows) do
    sessions[index] = { startTime = at(row[1]), endTime = at(row[2]) }
  end
  return sessions
end

--- Spans as "from-to", moves as "joined 10:00:00", without date and zone.
local function short(text)
  return (text:gsub("2026%-11%-22T", ""):gsub("Z", ""))
end

local function spans_of(rows, over)
  local texts = {}
  for index, span in ipairs(presence.union(sessions_of(rows), at(over))) do
    texts[index] = short(span.from .. "-" .. (span.to or ""))
  end
  return texts
end

describe("googlemeet.watch.presence.union", function()
  local cases = {
    { "nothing of nothing", {}, {} },
    { "a stay", { { "10:00:00", "10:05:00" } }, { "10:00:00-10:05:00" } },
    { "a stay that lasts", { { "10:00:00" } }, { "10:00:00-" } },
    { "the last session first, as the server lists them",
      { { "10:07:00" }, { "10:00:00", "10:05:00" } }, { "10:00:00-10:05:00", "10:07:00-" } },
    { "two devices at once", { { "10:00:00", "10:05:00" }, { "10:02:00", "10:09:00" } },
      { "10:00:00-10:09:00" } },
    { "a device inside the time of another", { { "10:00:00", "10:09:00" },
      { "10:02:00", "10:03:00" }, { "10:04:00", "10:05:00" } }, { "10:00:00-10:09:00" } },
    { "one device that stays when the other has gone",
      { { "10:00:00", "10:05:00" }, { "10:02:00" } }, { "10:00:00-" } },
    { "a second device after one that stays", { { "10:00:00" }, { "10:02:00", "10:03:00" } },
      { "10:00:00-" } },
    { "sessions that touch", { { "10:00:00", "10:05:00" }, { "10:05:00", "10:06:00" } },
      { "10:00:00-10:06:00" } },
    { "a gap of a nanosecond", { { "10:00:00", "10:05:00" }, { "10:05:00.000000001", "10:06:00" } },
      { "10:00:00-10:05:00", "10:05:00.000000001-10:06:00" } },
    { "a session without length", { { "10:00:00", "10:00:00" } }, { "10:00:00-10:00:00" } },
    { "an end before the start", { { "10:05:00", "10:00:00" } }, { "10:05:00-10:05:00" } },
  }

  for _, case in ipairs(cases) do
    it("gives " .. case[1], function()
      assert.same(case[3], spans_of(case[2]))
    end)
  end

  it("ends what has no end with the conference", function()
    assert.same({ "10:00:00-10:30:00" }, spans_of({ { "10:00:00" } }, "10:30:00"))
    assert.same({ "10:00:00-10:05:00" }, spans_of({ { "10:00:00", "10:05:00" } }, "10:30:00"))
  end)

  it("passes over a session whose start is no time", function()
    assert.same({}, presence.union { { startTime = "soon" }, { endTime = at "10:00:00" } })
  end)
end)

describe("googlemeet.watch.presence.moves", function()
  local cases = { -- what was told last, the sessions, what follows
    { "tells all when nothing was told", {},
      { { "10:00:00", "10:05:00" }, { "10:07:00" } },
      { "joined 10:00:00", "left 10:05:00", "joined 10:07:00" } },
    { "tells a leave", { joined = "10:00:00" }, { { "10:00:00", "10:05:00" } },
      { "left 10:05:00" } },
    { "tells nothing while they stay", { joined = "10:00:00" }, { { "10:00:00" } }, {} },
    { "tells nothing when they have not come back", { left = "10:05:00" },
      { { "10:00:00", "10:05:00" } }, {} },
    { "tells a leave and a return between two looks", { joined = "10:00:00" },
      { { "10:00:00", "10:05:00" }, { "10:07:00" } }, { "left 10:05:00", "joined 10:07:00" } },
    { "tells a return and the leave after it", { left = "10:05:00" },
      { { "10:00:00", "10:05:00" }, { "10:07:00", "10:08:00" } },
      { "joined 10:07:00", "left 10:08:00" } },
    { "tells the leave of a stay without length", { joined = "10:00:00" },
      { { "10:00:00", "10:00:00" } }, { "left 10:00:00" } },
    { "does not tell a stay without length twice", { left = "10:00:00" },
      { { "10:00:00", "10:00:00" } }, {} },
    { "knows a time in other digits", { left = "10:05:00.000" },
      { { "10:00:00", "10:05:00" } }, {} },
    { "tells a join where a leave was taken back", { left = "10:05:00" },
      { { "10:00:00", "10:09:00" } }, { "joined 10:05:00", "left 10:09:00" } },
  }

  for _, case in ipairs(cases) do
    it(case[1], function()
      local told, texts = case[2], {}
      local spans = presence.union(sessions_of(case[3]))
      for index, move in ipairs(presence.moves(at(told.joined), at(told.left), spans)) do
        texts[index] = short(move.type .. " " .. move.time)
      end
      assert.same(case[4], texts)
    end)
  end
end)

describe("googlemeet.watch.presence.latest", function()
  it("passes over what is no time", function()
    assert.equal("2026-11-22T10:00:00Z", presence.latest { "soon", "2026-11-22T10:00:00Z", "late" })
    assert.is_nil(presence.latest { "soon" })
    assert.is_nil(presence.latest {})
  end)
end)

describe("googlemeet.watch.presence.later", function()
  it("compares moments, not letters", function()
    local early, late = "2026-11-22T10:00:00.5Z", "2026-11-22T11:00:00.25+00:30"
    assert.equal(late, presence.later(early, late))
    assert.equal(late, presence.later(late, early))
    assert.equal("2026-11-22T10:00:00.5Z", presence.later(early, "2026-11-22T10:00:00Z"))
  end)

  it("takes the only one", function()
    assert.equal("2026-11-22T10:00:00Z", presence.later(nil, "2026-11-22T10:00:00Z"))
    assert.equal("2026-11-22T10:00:00Z", presence.later("2026-11-22T10:00:00Z", nil))
    assert.is_nil(presence.later(nil, nil))
  end)
end)
