local axis = require "googlemeet.report.axis"
local time = require "googlemeet.time"

--- The labels between two times, a date in brackets behind the label that has one.
local function labels(from, to, most)
  local words = {}
  for index, tick in ipairs(axis.ticks(time.parse(from), time.parse(to), most)) do
    words[index] = tick.label .. (tick.date and "[" .. tick.date .. "]" or "")
  end
  return table.concat(words, " ")
end

describe("googlemeet.report.axis.ticks", function()
  for _, case in ipairs {
    { "2026-11-15T09:00:00Z", "2026-11-15T09:47:51Z",
      "09:00[15 Nov] 09:10 09:20 09:30 09:40", "a meeting" },
    { "2026-11-15T09:00:30Z", "2026-11-15T09:47:51Z",
      "09:10[15 Nov] 09:20 09:30 09:40", "one that began within a step" },
    { "2026-11-15T09:00:07Z", "2026-11-15T09:47:51Z",
      "09:00[15 Nov] 09:10 09:20 09:30 09:40", "one that began a moment after the hour" },
    { "2026-12-31T22:00:00Z", "2027-01-01T02:10:00Z",
      "22:00[31 Dec] 23:00 00:00[1 Jan] 01:00 02:00", "a night" },
    { "2026-11-15T09:00:03Z", "2026-11-15T09:00:33Z",
      "09:00:05[15 Nov] 09:00:10 09:00:15 09:00:20 09:00:25 09:00:30", "half a minute" },
    { "2026-11-01T12:00:00Z", "2026-11-30T12:00:00Z",
      "00:00[3 Nov] 00:00[8 Nov] 00:00[13 Nov] 00:00[18 Nov] 00:00[23 Nov] 00:00[28 Nov]",
      "a month" },
  } do
    it("fit " .. case[4], function()
      assert.equal(case[3], labels(case[1], case[2]))
    end)
  end

  it("lie where a time can be written: none before the year 1, none after 9999", function()
    local first = axis.ticks(-62135596800, -62135596800 + 209 * 365 * 86400)[1]
    assert.equal(-62135596800 - 9158400 + 941587200, first.at)
    assert.equal(6, #axis.ticks(253402300740, 253402300800, 7))
  end)

  it("are no more than asked for", function()
    assert.equal("09:00[15 Nov] 09:30",
      labels("2026-11-15T09:00:00Z", "2026-11-15T09:47:51Z", 2))
  end)
end)
