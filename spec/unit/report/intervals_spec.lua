local intervals = require "googlemeet.report.intervals"

--- A moment from "seconds" or "seconds.nanoseconds" with all nine digits.
local function moment(text)
  local seconds, nanoseconds = text:match "^(%d+)%.?(%d*)$"
  return { seconds = tonumber(seconds), nanoseconds = tonumber(nanoseconds) or 0 }
end

--- Intervals from words such as "3-7".
local function list(words)
  local found = {}
  for from, to in words:gmatch "([%d.]+)%-([%d.]+)" do
    found[#found + 1] = { from = moment(from), to = moment(to) }
  end
  return found
end

describe("googlemeet.report.intervals.union", function()
  for _, case in ipairs {
    { "", "", "nothing of nothing" },
    { "1-2 4-5", "1-2 4-5", "apart what is apart" },
    { "4-5 1-2", "1-2 4-5", "the order of time" },
    { "1-5 3-9", "1-9", "one of two that overlap" },
    { "1-9 3-5", "1-9", "the outer of two of which one lies in the other" },
    { "3-5 1-9 4-20", "1-20", "one of a chain" },
    { "1-2 2-3", "1-3", "one of two that touch" },
    { "3-3", "", "nothing of what has no length" },
    { "5-3", "", "nothing of what ends before it begins" },
    { "1-5 9-4 7-8", "1-5 7-8", "no harm of a reversed one to the others" },
    { "1.000000001-1.000000003 1.000000002-1.000000009", "1.000000001-1.000000009",
      "one of two that overlap by a nanosecond" },
    { "1.000000001-1.000000002 1.000000003-1.000000004",
      "1.000000001-1.000000002 1.000000003-1.000000004", "apart what is a nanosecond apart" },
  } do
    it("gives " .. case[3], function()
      assert.same(list(case[2]), intervals.union(list(case[1])))
    end)
  end

  it("leaves what it was given as it is", function()
    local given = list "1-5 3-9"
    intervals.union(given)
    assert.same(list "1-5 3-9", given)
  end)
end)

describe("googlemeet.report.intervals.seconds", function()
  for _, case in ipairs {
    { "", 0 },
    { "1-3 10-14", 6 },
    { "1.500000000-3.250000000", 1.75 },
    { "1.000000001-1.000000003", 2e-9 },
    { "0.750000000-1.000000000 1.000000000-1.750000000", 1 },
    { "62135596800-253402300799", 191266703999 },
  } do
    it(("adds %q up to %s"):format(case[1], case[2]), function()
      local seconds = intervals.seconds(list(case[1]))
      assert.equal(case[2], seconds)
      assert.equal(math.type(case[2]), math.type(seconds))
    end)
  end
end)

describe("googlemeet.report.intervals.is_before", function()
  it("looks at nanoseconds when the seconds are the same", function()
    assert.is_true(intervals.is_before(moment "5.000000001", moment "5.000000002"))
    assert.is_false(intervals.is_before(moment "5.000000002", moment "5.000000001"))
    assert.is_false(intervals.is_before(moment "5", moment "5"))
    assert.is_true(intervals.is_before(moment "4.999999999", moment "5"))
  end)
end)
