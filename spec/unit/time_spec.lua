local time = require "googlemeet.time"

describe("googlemeet.time.parse", function()
  local good = {
    { "1970-01-01T00:00:00Z", 0, 0 },
    { "2026-11-19T09:00:04.120388Z", 1795078804, 120388000 },
    { "2026-11-19t09:00:04z", 1795078804, 0 },
    { "2026-11-19T10:30:04+01:30", 1795078804, 0 },
    { "2026-11-19T00:00:04-09:00", 1795078804, 0 },
    { "1970-01-01T00:00:00.1Z", 0, 100000000 },
    { "1970-01-01T00:00:00.000000001Z", 0, 1 },
    { "1970-01-01T00:00:00.1234567899Z", 0, 123456789 },
    { "1969-12-31T23:59:59.500Z", -1, 500000000 },
    { "2000-02-29T00:00:00Z", 951782400, 0 },
    { "0001-01-01T00:00:00Z", -62135596800, 0 },
    { "9999-12-31T23:59:59Z", 253402300799, 0 },
  }
  for _, case in ipairs(good) do
    it("reads " .. case[1], function()
      local seconds, nanoseconds = time.parse(case[1])
      assert.equal(case[2], seconds)
      assert.equal(case[3], nanoseconds)
    end)
  end

  it("reads a leap second as the second after it", function()
    assert.equal(time.parse("2017-01-01T00:00:00Z"), (time.parse("2016-12-31T23:59:60Z")))
    assert.equal(time.parse("2017-01-01T00:00:00Z"), (time.parse("2017-01-01T05:29:60+05:30")))
  end)

  local bad = {
    "", "now", "2026-11-19", "2026-11-19 09:00:04Z", "2026-11-19T09:00:04", "2026-11-19T09:00Z",
    "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z", "2026-11-19T24:00:00Z",
    "2026-11-19T09:60:00Z", "2026-11-19T09:00:61Z", "2026-11-19T09:00:60Z",
    "2026-11-19T09:00:04.Z", "2026-11-19T09:00:04+0100", "2026-11-19T09:00:04+24:00",
    "0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:60Z",
    "2026-11-19T09:00:04Zx", " 2026-11-19T09:00:04Z", "+2026-11-19T09:00:04Z",
  }
  for _, text in ipairs(bad) do
    it(("refuses %q with a message"):format(text), function()
      local seconds, message = time.parse(text)
      assert.is_nil(seconds)
      assert.matches("is not an RFC 3339 time", message)
    end)
  end

  it("shows no control bytes in its message", function()
    local _, message = time.parse("a\nb\27")
    assert.matches('^"a%?b%?"', message)
  end)

  it("raises for what is not a string", function()
    assert.error_matches(function() time.parse(5) end, "string expected, got number")
    assert.error_matches(function() time.parse() end, "string expected, got nil")
  end)
end)

describe("googlemeet.time.instant", function()
  for _, case in ipairs {
    { "1970-01-01T00:00:00Z", 0 },
    { "2026-11-22T10:00:00.000000001Z", 1795341600000000001 },
    { "2026-11-22T10:00:00+01:00", 1795338000000000000 },
    { "2262-04-11T23:47:15.999999999Z", 9223372035999999999 },
    { "2262-04-11T23:47:16Z", 9223372036e9 },
    { "1969-12-31T23:59:59.500Z", -0.5e9 },
    { "0001-01-01T00:00:00Z", -62135596800e9 },
    { "9999-12-31T23:59:59Z", 253402300799e9 },
  } do
    it("counts the nanoseconds to " .. case[1], function()
      local nanoseconds = time.instant(case[1])
      assert.equal(case[2], nanoseconds)
      assert.equal(math.type(case[2]), math.type(nanoseconds))
    end)
  end

  it("is in time order, in all years that can be read", function()
    local previous = -math.huge
    for _, text in ipairs {
      "0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00.001Z", "1677-09-21T00:12:43Z",
      "1969-12-31T23:59:59.999999999Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000001Z",
      "2262-04-11T23:47:15.999999999Z", "2262-04-11T23:47:16Z", "9999-12-31T23:59:59Z",
      "9999-12-31T23:59:59.999999999Z",
    } do
      local at = time.instant(text)
      assert(at > previous, text)
      previous = at
    end
  end)

  it("has differences that do not overflow", function()
    local first, last = time.instant "1970-01-01T00:00:00Z",
      time.instant "2262-04-11T23:47:15.999999999Z"
    assert.equal(9223372035999999999, last - first)
    assert.equal(253402300799e9, time.instant "9999-12-31T23:59:59Z" - first)
  end)

  it("is nil for anything else", function()
    for _, value in ipairs { "", "yesterday", "2026-02-30T00:00:00Z", 12, {}, true } do
      assert.is_nil(time.instant(value))
    end
    assert.is_nil(time.instant(nil))
  end)
end)

describe("googlemeet.time.format", function()
  local cases = {
    { 0, nil, "1970-01-01T00:00:00Z" },
    { 1795078804, 120388000, "2026-11-19T09:00:04.120388Z" },
    { 1795078804, 500000000, "2026-11-19T09:00:04.500Z" },
    { 1795078804, 1, "2026-11-19T09:00:04.000000001Z" },
    { 1795078804.0, nil, "2026-11-19T09:00:04Z" },
    { 1795078804.25, nil, "2026-11-19T09:00:04.250Z" },
    { 1795078804.120388, nil, "2026-11-19T09:00:04.120388Z" },
    { -0.5, nil, "1969-12-31T23:59:59.500Z" },
    { -5.0, nil, "1969-12-31T23:59:55Z" },
    { 0.00001, nil, "1970-01-01T00:00:00.000010Z" },
    { -62135596800, nil, "0001-01-01T00:00:00Z" },
    { 253402300799, 999999999, "9999-12-31T23:59:59.999999999Z" },
  }
  for _, case in ipairs(cases) do
    it("writes " .. case[3], function()
      assert.equal(case[3], time.format(case[1], case[2]))
    end)
  end

  it("gives back what parse read, for days of 2000 years", function()
    for day = -719162, 0, 997 do
      local text = time.format(day * 86400 + day % 86400, 7)
      assert.same({ day * 86400 + day % 86400, 7 }, { time.parse(text) })
    end
  end)

  local misuse = {
    { "outside the years", -62135596801 }, { "outside the years", 253402300800 },
    { "outside the years", math.huge }, { "outside the years", 0 / 0 },
    { "number of seconds expected", "5" }, { "nanoseconds must be", 5, -1 },
    { "nanoseconds must be", 5, 1000000000 }, { "nanoseconds must be", 5, 0.5 },
    { "nanoseconds must be", 5, "1" }, { "seconds must be whole", 5.5, 1 },
  }
  for _, case in ipairs(misuse) do
    it(("raises for %s, %s"):format(tostring(case[2]), tostring(case[3])), function()
      assert.error_matches(function() time.format(case[2], case[3]) end, case[1])
    end)
  end
end)
