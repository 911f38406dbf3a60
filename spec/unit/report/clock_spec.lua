local clock = require "googlemeet.report.clock"

describe("googlemeet.report.clock", function()
  for _, case in ipairs {
    { 3600, 3600 }, { 0, 0 }, { -12600, -12600 }, { 3600.0, 3600 }, { "+01:00", 3600 },
    { "-03:30", -12600 }, { "+0545", 20700 }, { "Z", 0 }, { "-00:00", 0 }, { "+23:59", 86340 },
  } do
    it("reads an offset like " .. tostring(case[1]), function()
      assert.equal(case[2], clock.options { utc_offset = case[1] })
    end)
  end

  it("reads the options of a format beside it", function()
    local offset, settings = clock.options({ lines = 3 }, { lines = 2, wide = false })
    assert.same({ nil, { lines = 3, wide = false } }, { offset, settings })
  end)

  it("raises what is wrong with those", function()
    local _, message = pcall(function()
      local function render() return (clock.options({}, {}, function() return "wrong" end)) end
      local text = render()
      return text
    end)
    assert.matches("wrong$", message)
  end)

  it("has no offset without the option", function()
    assert.is_nil(clock.options(nil))
    assert.is_nil(clock.options {})
  end)

  for _, case in ipairs {
    { 0, "UTC" }, { 3600, "UTC+01:00" }, { -12600, "UTC-03:30" }, { 86340, "UTC+23:59" },
  } do
    it("names the zone of " .. case[1], function() assert.equal(case[2], clock.zone(case[1])) end)
  end

  for _, case in ipairs {
    { "2026-11-22T23:30:00.5Z", 3600, "2026-11-23T00:30:00.500+01:00" },
    { "2026-11-22T23:30:00+02:00", -12600, "2026-11-22T18:00:00-03:30" },
    { "2026-11-22T23:30:00+02:00", 0, "2026-11-22T21:30:00Z" },
    { "9999-12-31T23:59:59Z", 3600, "9999-12-31T23:59:59Z" },
    { "0001-01-01T00:00:00Z", -60, "0001-01-01T00:00:00Z" }, { "soon", 3600, "soon" },
    { 7, 3600, 7 },
  } do
    it(("shifts %s by %d s"):format(case[1], case[2]), function()
      assert.equal(case[3], clock.shift(case[1], case[2]))
    end)
  end

  it("writes moments for people", function()
    assert.equal("2026-11-23 00:30:00", clock.moment("2026-11-22T23:30:00.9Z", 3600))
    assert.equal("soon", clock.moment("soon", 3600))
    assert.is_nil(clock.moment(nil, 0))
    assert.is_nil(clock.moment(7, 0))
  end)

  it("writes lengths, their fractions cut off", function()
    assert.equal("0:00:00 0:01:59 25:00:00", table.concat({ clock.duration(0.9),
      clock.duration(119.99), clock.duration(90000) }, " "))
  end)
end)
