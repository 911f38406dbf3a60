local filter = require "googlemeet.filter"
local reader = require "googlemeet.testing.filter"

--- The names of the items that the client-side part of a filter keeps.
local function kept(keep, items)
  local names = {}
  for _, item in ipairs(items) do
    if keep(item) then names[#names + 1] = item.name end
  end
  return table.concat(names, " ")
end

describe("googlemeet.filter", function()
  for _, case in ipairs {
    { "a full name", { space = "spaces/Qm7xT2kLw9Za" }, 'space.name="spaces/Qm7xT2kLw9Za"' },
    { "a bare id", { space = "Qm7xT2kLw9Za" }, 'space.name="spaces/Qm7xT2kLw9Za"' },
    { "a resource", { space = { name = "spaces/Qm7xT2kLw9Za", meetingCode = "hpk-vtwd-ens" } },
      'space.name="spaces/Qm7xT2kLw9Za"' },
    { "a code as a space", { space = "HPK-vtwd-ens" }, 'space.meeting_code="hpk-vtwd-ens"' },
    { "a code", { meeting_code = "hpk-vtwd-ens" }, 'space.meeting_code="hpk-vtwd-ens"' },
    { "a code of other lengths", { meeting_code = "ABCD-efghi-jkl" },
      'space.meeting_code="abcd-efghi-jkl"' },
    { "a code in any case", { meeting_code = "HPK-VTWD-ens" },
      'space.meeting_code="hpk-vtwd-ens"' },
    { "a URL", { meeting_code = "https://meet.google.com/HPK-vtwd-ens?authuser=1" },
      'space.meeting_code="hpk-vtwd-ens"' },
    { "what is live", { live = true }, "end_time IS NULL" },
    { "what has not ended", { ended = false }, "end_time IS NULL" },
    { "live, said twice", { live = true, ended = false }, "end_time IS NULL" },
    { "a time", { start_time = "2026-11-19T09:00:04.120388Z" },
      'start_time="2026-11-19T09:00:04.120388Z"' },
    { "a zone", { start_time = { from = "2026-11-19T09:00:04+01:00" } },
      'start_time>="2026-11-19T08:00:04Z"' },
    { "nanoseconds", { start_time = { from = "2026-11-19T09:00:04.123456789Z" } },
      'start_time>="2026-11-19T09:00:04.123456789Z"' },
    { "epoch seconds", { end_time = { to = 1795341600 } }, 'end_time<="2026-11-22T10:00:00Z"' },
    { "a date alone", { start_time = "2026-10-01" }, 'start_time="2026-10-01T00:00:00Z"' },
    { "dates as bounds", { start_time = { from = "2026-10-01", before = "2026-11-01" } },
      'start_time>="2026-10-01T00:00:00Z" AND start_time<="2026-11-01T00:00:00Z"' },
    { "a table of os.date", { start_time = os.date("*t", 1795341600) },
      'start_time="2026-11-22T10:00:00Z"' },
    { "a table of os.date as a bound", { end_time = { from = os.date("*t", 1795341600) } },
      'end_time>="2026-11-22T10:00:00Z"' },
    { "a float", { end_time = { to = 1795341600.5 } }, 'end_time<="2026-11-22T10:00:00.500Z"' },
    { "a range in years far away",
      { start_time = { after = "0001-01-01T00:00:00Z", before = "9999-12-31T23:59:59Z" } },
      'start_time>="0001-01-01T00:00:00Z" AND start_time<="9999-12-31T23:59:59Z"' },
    { "an exclusive range", { start_time = { after = 0, before = 60 } },
      'start_time>="1970-01-01T00:00:00Z" AND start_time<="1970-01-01T00:01:00Z"' },
    { "a range of one instant", { start_time = { from = 60, to = 60 } },
      'start_time>="1970-01-01T00:01:00Z" AND start_time<="1970-01-01T00:01:00Z"' },
    { "all at once", { space = "s", start_time = { from = 0, to = 60 }, end_time = { to = 90 } },
      'space.name="spaces/s" AND start_time>="1970-01-01T00:00:00Z" AND '
        .. 'start_time<="1970-01-01T00:01:00Z" AND end_time<="1970-01-01T00:01:30Z"' },
    { "a participant's times",
      { earliest_start_time = { from = 0 }, latest_end_time = { to = 60 } },
      'earliest_start_time>="1970-01-01T00:00:00Z" AND latest_end_time<="1970-01-01T00:01:00Z"' },
    { "nothing", {}, "" },
    { "empty ranges", { start_time = {} }, "" },
    { "what only the client can do", { ended = true }, "" },
  } do
    it("writes " .. case[1], function()
      assert.equal(case[3], (filter(case[2])))
    end)
  end

  it("takes the kind of the list", function()
    assert.equal("latest_end_time IS NULL", (filter({ live = true }, "participant")))
    assert.equal("end_time IS NULL", (filter({ live = true }, "participant_session")))
  end)

  it("leaves the table as it is", function()
    local given = { space = "s", start_time = { after = 0 }, ended = true }
    local _ = filter(given)
    assert.same({ space = "s", start_time = { after = 0 }, ended = true }, given)
  end)

  it("writes what reads back as what was meant", function()
    local terms = assert(reader.read(filter {
      space = "Qm7xT2kLw9Za", start_time = { from = 1795341600.25 }, live = true,
    }, "conferenceRecords"))
    assert.same({
      { field = "space.name", operator = "=", value = "spaces/Qm7xT2kLw9Za" },
      { field = "start_time", operator = ">=", value = { 1795341600, 250000000 } },
      { field = "end_time", absent = true },
    }, terms)
  end)

  -- Each visible or control byte at the begin, in the middle and at the end of an id and of a code:
  -- refused, or read back as that very value.
  it("cannot be broken out of by any byte", function()
    local refused, taken = 0, 0
    local function try(field, value, read_field, meant)
      local ok, expression = pcall(filter, { [field] = value })
      if not ok then
        refused = refused + 1
        return
      end
      taken = taken + 1
      assert.same({ { field = read_field, operator = "=", value = meant } },
        reader.read(expression, "conferenceRecords"))
    end
    for byte = 0, 255 do
      local char = string.char(byte)
      for _, id in ipairs { char .. "x", "x" .. char .. "y", "x" .. char } do
        try("space", id, "space.name", "spaces/" .. id)
        try("space", { name = "spaces/" .. id }, "space.name", "spaces/" .. id)
      end
      try("meeting_code", "abc-mnop-xy" .. char, "space.meeting_code",
        "abc-mnop-xy" .. char:lower():gsub("[ \t.]", "")) -- a link's surroundings
      try("start_time", "2026-11-19T09:00:04Z" .. char, "start_time", nil)
    end
    assert.same({ 256 * 8, true, true }, { refused + taken, refused > 1000, taken > 400 })
  end)

  for _, case in ipairs {
    { { spase = "s" }, "unknown filter field 'spase'; did you mean 'space'?" },
    { { start_time = { form = 0 } }, "unknown start_time bound 'form'; did you mean 'from'?" },
    { { live = "yes" }, "filter field 'live': boolean expected, got string" },
    { { space = 5 }, "filter field 'space': string or table expected, got number" },
    { { start_time = { from = {} } },
      "filter: start_time.from: the table is not a date, field 'year' missing in date table: "
      .. "expected a form like 2026-11-19T09:00:04.120388Z, 2026-11-19, epoch seconds or a table "
      .. 'of os.date "*t"' },
    { { start_time = { since = 0 } },
      "unknown start_time bound 'since'; known: after, before, from, to" },
    { { code = "x" },
      "unknown filter field 'code'; known: end_time, ended, live, meeting_code, must_exist, "
        .. "space, start_time" },
    { { live = true, ended = true }, "filter: 'live' and 'ended' contradict each other" },
    { { live = false, ended = false }, "filter: 'live' and 'ended' contradict each other" },
    { { live = true, end_time = { from = 0 } }, "filter: live items have no end_time to compare" },
    { { start_time = { from = 2, to = 1 } },
      "filter: start_time: the range ends before it begins" },
    { { start_time = { after = 1, to = 1 } },
      "filter: start_time: the range ends before it begins" },
    { { start_time = { from = 1, before = 1 } },
      "filter: start_time: the range ends before it begins" },
    { { start_time = { from = "2026-11-19T09:00:04.5Z", to = "2026-11-19T09:00:04Z" } },
      "filter: start_time: the range ends before it begins" },
    { { start_time = { from = 1, after = 1 } }, "filter: start_time: 'from' or 'after', not both" },
    { { space = {} }, "filter: space: the table has no 'name'" },
    { { live = true, must_exist = true },
      "filter: 'must_exist' is about a space, and none is given" },
    { { meeting_code = "spaces/Qm7xT2kLw9Za" },
      "filter: meeting_code: a code like hpk-vtwd-ens, or a URL with one, expected" },
    { { start_time = "yesterday" }, 'filter: start_time: "yesterday" is not an RFC 3339 time: '
      .. "expected a form like 2026-11-19T09:00:04.120388Z, 2026-11-19, epoch seconds or a table "
      .. 'of os.date "*t"' },
    { { start_time = { to = 1e300 } },
      "filter: start_time.to: 1e+300 is outside the years 0001 to 9999" },
    { { start_time = 0 / 0 }, "filter: start_time: " .. 0 / 0
      .. " is outside the years 0001 to 9999" },
    { 5, "table of filter fields expected, got number" },
  } do
    it("refuses, at the caller's line: " .. case[2], function()
      local line = debug.getinfo(1, "l").currentline + 1
      local ok, message = pcall(function() local _ = filter(case[1]) end)
      local place = ("^.*filter_spec%%.lua:%d: "):format(line)
      assert.same({ false, case[2] }, { ok, (message:gsub(place, "")) })
      assert.matches(place, message)
    end)
  end
end)

describe("googlemeet.filter.split", function()
  local items = {
    { name = "early", startTime = "2026-11-19T08:59:59.999999999Z",
      endTime = "2026-11-19T09:10:00Z" },
    { name = "exact", startTime = "2026-11-19T09:00:00.000Z", endTime = "2026-11-19T10:00:00Z" },
    { name = "late", startTime = "2026-11-19T09:00:00.000000001Z" },
  }
  local nine = "2026-11-19T09:00:00Z"

  for _, case in ipairs {
    { "ended = true", { ended = true }, nil, "early exact" },
    { "live = false", { live = false }, nil, "early exact" },
    { "after", { start_time = { after = nine } }, 'start_time>="' .. nine .. '"', "late" },
    { "before", { start_time = { before = nine } }, 'start_time<="' .. nine .. '"', "early" },
    { "a bound on what is not there", { end_time = { before = "2026-11-19T10:00:00Z" } },
      'end_time<="2026-11-19T10:00:00Z"', "early" },
    { "several", { start_time = { before = "2026-11-19T09:00:01Z" }, ended = true },
      'start_time<="2026-11-19T09:00:01Z"', "early exact" },
  } do
    it("leaves to the client: " .. case[1], function()
      local expression, keep = filter.split("conference_record", case[2])
      assert.same({ case[3], case[4] }, { expression, kept(keep, items) })
    end)
  end

  it("leaves nothing when the server evaluates everything", function()
    local given = { start_time = { from = 0 } }
    local expression, keep, keys = filter.split("participant_session", given)
    assert.same({ 'start_time>="1970-01-01T00:00:00Z"', nil, {} }, { expression, keep, keys })
  end)

  it("returns the fields that the client reads", function()
    local given = { earliest_start_time = { after = 0 }, live = false }
    assert.same({ "earliestStartTime", "latestEndTime" },
      (select(3, filter.split("participant", given))))
  end)

  it("accepts an item whose time cannot be read", function()
    local _, keep = filter.split("conference_record", { start_time = { after = 0 } })
    assert.is_true(keep { startTime = "soon" })
  end)

  for _, case in ipairs {
    { "conference_record", "earliest_start_time" }, { "participant", "start_time" },
    { "participant", "space" }, { "participant_session", "space" },
    { "participant_session", "ended" },
  } do
    it(("has no %s for a %s"):format(case[2], case[1]), function()
      assert.error_matches(function() filter.split(case[1], { [case[2]] = true }) end,
        "unknown filter field '" .. case[2])
    end)
  end

  it("refuses a kind that has no filter", function()
    assert.error_matches(function() filter.split("space", {}) end,
      "filter%.split: unknown kind 'space'; known: conference_record, participant, part")
    local _, message = pcall(function() return (filter({}, "participants")) end)
    assert.matches("filter_spec%.lua:%d+: filter%.split: unknown kind 'participants'; did you mean",
      message)
  end)
end)
