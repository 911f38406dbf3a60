local presence = require "googlemeet.presence"

--- A time on the day of all cases.
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

--- Stays as "from-to", moves as "joined 10:00:00", without date and zone.
local function short(text)
  return (text:gsub("2026%-11%-22T", ""):gsub("Z", ""))
end

local function stays_of(rows, over)
  local texts = {}
  for index, stay in ipairs(presence.stays(sessions_of(rows), at(over))) do
    texts[index] = short(stay.first.start_time .. "-" .. (stay.last.end_time or ""))
  end
  return texts
end

describe("googlemeet.presence.stays", function()
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
      assert.same(case[3], stays_of(case[2]))
    end)
  end

  it("ends open sessions with the conference", function()
    assert.same({ "10:00:00-10:30:00" }, stays_of({ { "10:00:00" } }, "10:30:00"))
    assert.same({ "10:00:00-10:05:00" }, stays_of({ { "10:00:00", "10:05:00" } }, "10:30:00"))
  end)

  it("takes an end after 2262 for none", function()
    for _, far in ipairs { "2262-04-12T00:00:00Z", "9999-12-31T23:59:59Z" } do
      local sessions = { { startTime = at "10:00:00", endTime = far } }
      assert.is_nil(presence.stays(sessions)[1].last.end_time)
      assert.equal(at "10:30:00", presence.stays(sessions, at "10:30:00")[1].last.end_time)
      assert.same({}, presence.stays { { startTime = far } })
    end
    assert.equal("2262-04-11T00:00:00Z",
      presence.stays({ { startTime = at "10:00:00", endTime = "2262-04-11T00:00:00Z" } })[1].last
        .end_time)
  end)

  it("takes a time before 1970 for one that was never set", function()
    local zero = "0001-01-01T00:00:00Z"
    assert.same({}, presence.stays { { startTime = zero, endTime = at "10:05:00" } })
    local sessions = { { startTime = at "10:00:00", endTime = zero } }
    assert.is_nil(presence.stays(sessions)[1].last.end_time)
    assert.is_false(presence.has_ended { endTime = zero })
    assert.equal(at "10:00:00", presence.later(at "10:00:00", zero))
  end)

  it("skips a session whose start cannot be read", function()
    assert.same({}, presence.stays { { startTime = "soon" }, { endTime = at "10:00:00" } })
  end)
end)

describe("googlemeet.presence.moves", function()
  local cases = { -- what was reported last, the sessions, what follows
    { "reports everything when nothing was reported", {},
      { { "10:00:00", "10:05:00" }, { "10:07:00" } },
      { "joined 10:00:00", "left 10:05:00", "joined 10:07:00" } },
    { "reports a leave", { joined = "10:00:00" }, { { "10:00:00", "10:05:00" } },
      { "left 10:05:00" } },
    { "reports nothing while they stay", { joined = "10:00:00" }, { { "10:00:00" } }, {} },
    { "reports nothing when they have not come back", { left = "10:05:00" },
      { { "10:00:00", "10:05:00" } }, {} },
    { "reports a leave and a return between two polls", { joined = "10:00:00" },
      { { "10:00:00", "10:05:00" }, { "10:07:00" } }, { "left 10:05:00", "joined 10:07:00" } },
    { "reports a return and the leave after it", { left = "10:05:00" },
      { { "10:00:00", "10:05:00" }, { "10:07:00", "10:08:00" } },
      { "joined 10:07:00", "left 10:08:00" } },
    { "reports the leave of a stay without length", { joined = "10:00:00" },
      { { "10:00:00", "10:00:00" } }, { "left 10:00:00" } },
    { "reports a stay without length once", { left = "10:00:00" },
      { { "10:00:00", "10:00:00" } }, {} },
    { "recognises a time with other digits", { left = "10:05:00.000" },
      { { "10:00:00", "10:05:00" } }, {} },
    { "reports a join where the server withdrew a leave", { left = "10:05:00" },
      { { "10:00:00", "10:09:00" } }, { "joined 10:05:00", "left 10:09:00" } },
  }

  for _, case in ipairs(cases) do
    it(case[1], function()
      local reported, texts = case[2], {}
      local stays = presence.stays(sessions_of(case[3]))
      for index, move in ipairs(presence.moves(at(reported.joined), at(reported.left), stays)) do
        texts[index] = short(move.type .. " " .. move.time)
      end
      assert.same(case[4], texts)
    end)
  end
end)
