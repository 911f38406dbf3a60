local intervals = require "googlemeet.intervals"

--- An instant from "seconds", "seconds.nanoseconds" with all nine digits, or "open".
local function instant(text)
  if text == "open" then return math.huge end
  local seconds, nanoseconds = text:match "^(%d+)%.?(%d*)$"
  return tonumber(seconds) * 1000000000 + (tonumber(nanoseconds) or 0)
end

--- Intervals from words such as "3-7".
local function list(words)
  local found = {}
  for from, to in words:gmatch "([%d.]+)%-(%S+)" do
    found[#found + 1] = { from = instant(from), to = instant(to) }
  end
  return found
end

--- Intervals without `first` and `last`.
local function bare(joined)
  local found = {}
  for index, one in ipairs(joined) do found[index] = { from = one.from, to = one.to } end
  return found
end

describe("googlemeet.intervals.union", function()
  for _, case in ipairs {
    { "", "", "nothing of nothing" },
    { "1-2 4-5", "1-2 4-5", "apart what is apart" },
    { "4-5 1-2", "1-2 4-5", "time order" },
    { "1-5 3-9", "1-9", "one of two that overlap" },
    { "1-9 3-5", "1-9", "the outer of two of which one lies in the other" },
    { "3-5 1-9 4-20", "1-20", "one of a chain" },
    { "1-2 2-3", "1-3", "one of two that touch" },
    { "3-3 1-2", "1-2 3-3", "an interval without length" },
    { "2-2 1-3", "1-3", "nothing for an interval without length inside another" },
    { "1-open 2-3 5-open", "1-open", "one of all that follows an open interval" },
    { "1.000000001-1.000000003 1.000000002-1.000000009", "1.000000001-1.000000009",
      "one of two that overlap by a nanosecond" },
    { "1.000000001-1.000000002 1.000000003-1.000000004",
      "1.000000001-1.000000002 1.000000003-1.000000004", "apart what is a nanosecond apart" },
  } do
    it("gives " .. case[3], function()
      assert.same(list(case[2]), bare(intervals.union(list(case[1]))))
    end)
  end

  it("says which of the given intervals start and end each one", function()
    local given = list "4-6 1-5 2-3"
    local joined = intervals.union(given)
    assert.equal(given[2], joined[1].first)
    assert.equal(given[1], joined[1].last)
  end)

  it("does not change its argument", function()
    local given = list "4-9 1-5"
    intervals.union(given)
    assert.same(list "4-9 1-5", given)
  end)
end)

describe("googlemeet.intervals.instant", function()
  for _, case in ipairs {
    { "1970-01-01T00:00:01.5Z", 1500000000 }, { "2262-04-11T23:47:15Z", 9223372035000000000 },
    { "1969-12-31T23:59:59Z" }, { "0001-01-01T00:00:00Z" }, { "2262-04-11T23:47:16Z" },
    { "9999-12-31T23:59:59Z" }, { "soon" }, {},
  } do
    it(("of %s is %s"):format(tostring(case[1]), tostring(case[2])), function()
      assert.equal(case[2], intervals.instant(case[1]))
    end)
  end
end)

describe("googlemeet.intervals.seconds", function()
  for _, case in ipairs {
    { "", 0 },
    { "1-3 10-14", 6 },
    { "1.500000000-3.250000000", 1.75 },
    { "1.000000001-1.000000003", 2e-9 },
    { "0.750000000-1.000000000 1.000000000-1.750000000", 1 },
    { "0-9223372035.999999999", 9223372035.999999999 },
  } do
    it(("of the length of %q is %s"):format(case[1], case[2]), function()
      local seconds = intervals.seconds(intervals.length(list(case[1])))
      assert.equal(case[2], seconds)
      assert.equal(math.type(case[2]), math.type(seconds))
    end)
  end
end)

describe("googlemeet.intervals.later", function()
  local ten, half_past = "2026-11-22T10:00:00.5Z", "2026-11-22T10:30:00Z"

  for _, case in ipairs {
    { ten, half_past, half_past }, { half_past, ten, half_past },
    { ten, "2026-11-22T10:00:00Z", ten }, { ten, "2026-11-22T11:00:00.500+01:00", ten },
    { ten, nil, ten }, { nil, ten, ten }, { ten, "soon", ten }, { "soon", ten, ten },
    { "soon", "late", "soon" }, { "soon", nil, "soon" }, { nil, "soon", nil }, { nil, nil, nil },
    { "2026-11-22T10:00:00Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z" },
    { "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z" },
  } do
    it(("of %s and %s is %s"):format(tostring(case[1]), tostring(case[2]), tostring(case[3])),
      function() assert.equal(case[3], intervals.later(case[1], case[2])) end)
  end
end)
