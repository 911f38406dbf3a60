local locale = require "spec.support.locale"
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

describe("googlemeet.time.read", function()
  --- What a table of `os.date` gives in another time zone, in its own process.
  local function in_zone(zone, chunk)
    local tree = require "spec.support.tree"
    return (tree.run(("TZ=%s %s -e %s"):format(zone, tree.lua(), tree.quote(
      'local time = require "googlemeet.time"\n' .. chunk))))
  end

  for title, row in pairs {
    ["RFC 3339"] = { "2026-11-19T09:00:04.5Z", 1795078804, 500000000 },
    ["RFC 3339 with an offset"] = { "2026-11-19T10:00:04+01:00", 1795078804, 0 },
    ["a date alone, as its start in UTC"] = { "2026-10-01", 1790812800, 0 },
    ["a leap day"] = { "2024-02-29", 1709164800, 0 },
    ["epoch seconds"] = { 1795078804, 1795078804, 0 },
    ["a float"] = { 1795078804.25, 1795078804, 250000000 },
    ["a time before 1970"] = { -0.5, -1, 500000000 },
  } do
    it("reads " .. title, function()
      assert.same({ row[2], row[3] }, { time.read(row[1]) })
    end)
  end

  it("reads a table of os.date in local time, and leaves it as it is", function()
    local now = 1795078804
    local fields = os.date("*t", now)
    assert.equal(now, (time.read(fields)))
    assert.same(os.date("*t", now), fields)
    assert.equal(now + 86400, (time.read {
      year = fields.year, month = fields.month, day = fields.day + 1,
      hour = fields.hour, min = fields.min, sec = fields.sec, isdst = fields.isdst,
    }))
  end)

  it("reads a table without an hour as the start of that day in the machine's zone", function()
    local chunk = "print(time.format((time.read { year = 2026, month = 10, day = 1 })))"
    assert.equal("2026-10-01T00:00:00Z\n", in_zone("UTC", chunk))
    assert.equal("2026-09-30T19:00:00Z\n", in_zone("XXX-5", chunk))
    assert.equal("2026-10-01T08:00:00Z\n", in_zone("XXX8", chunk))
    assert.equal("1790812800\n", in_zone("XXX8", 'print((time.read "2026-10-01"))'))
  end)

  local FAR_OFF <const> = { year = 20000, month = 1, day = 1 }
  for title, row in pairs {
    ["a word"] = { "yesterday", '"yesterday" is not an RFC 3339 time: expected a form like' },
    ["a day that is none"] = { "2026-02-30", "there is no such day" },
    ["a date with a blank"] = { "2026-10-01 ", 'or a table of os.date "*t"' },
    ["a time without a zone"] = { "2026-10-01T09:00:00", "the time zone is neither Z nor" },
    ["infinity"] = { math.huge, "inf is outside the years 0001 to 9999" },
    ["nan"] = { 0 / 0, "is outside the years 0001 to 9999" },
    ["a year too late"] = { 253402300800, "253402300800 is outside the years 0001 to 9999" },
    ["an empty table"] = { {}, "not a date, field 'year' missing in date table: expected a form" },
    ["a table of texts"] = { { year = "x", month = 1, day = 1 }, "the table is not a date" },
    ["a table far off"] = { FAR_OFF, pcall(os.time, FAR_OFF) and "outside the years"
      or "cannot be represented in this installation" }, -- 32 bits of time
    ["a boolean"] = { true, "got boolean" },
    ["nothing"] = { nil, "got nil" },
  } do
    it("refuses " .. title .. " with a message", function()
      local seconds, reason = time.read(row[1])
      assert.is_nil(seconds)
      assert.truthy(reason:find(row[2], 1, true), reason)
    end)
  end
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

  it("writes the same in a locale with a decimal comma", function()
    if locale.lacks() then return pending(locale.lacks()) end
    assert.equal("2026-11-19T09:00:04.120388Z 1970-01-01T00:00:00.000010Z\n", locale.run(",", [[
      local time = require "googlemeet.time"
      assert(os.setlocale "odd")
      print(time.format(1795078804.120388) .. " " .. time.format(0.00001))]]))
  end)

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
