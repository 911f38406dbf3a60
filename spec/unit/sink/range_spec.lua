local range = require "googlemeet.sink.range"

describe("googlemeet.sink.range.read", function()
  it("reads first, last and total", function()
    assert.same({ 100, 199, 1000 }, { range.read "bytes 100-199/1000" })
    assert.same({ 0, 0 }, { range.read "bytes 0-0/*" })
  end)

  for _, text in ipairs {
    "", "bytes */1000", "bytes 5-4/10", "bytes 0-10/10", "bytes 1-2", "bytes -1-2/3", "lines 0-1/2",
    "bytes 0-99999999999999999999/*", "bytes 0-1/1x", "bytes 0-1/**", "bytes 0x1-2/3",
  } do
    it(("takes %q for none"):format(text), function() assert.is_nil(range.read(text)) end)
  end
end)

describe("googlemeet.sink.range.validator", function()
  local OLD, NEW = "Mon, 02 Nov 2026 10:00:00 GMT", "Mon, 02 Nov 2026 10:00:01 GMT"

  for _, case in ipairs {
    { "a strong ETag", { etag = '"a b"' }, '"a b"' },
    { "no weak one", { etag = 'W/"a"' }, nil },
    { "none that is malformed", { etag = "a" }, nil },
    { "the ETag before the date", { etag = '"a"', ["last-modified"] = OLD, date = NEW }, '"a"' },
    { "a date that is older than the answer", { ["last-modified"] = OLD, date = NEW }, OLD },
    { "no date of the same second", { ["last-modified"] = OLD, date = OLD }, nil },
    { "no date without the answer's", { ["last-modified"] = OLD }, nil },
    { "no date beside a weak ETag", { etag = 'W/"a"', ["last-modified"] = OLD, date = NEW }, nil },
  } do
    it("gives " .. case[1], function() assert.equal(case[3], range.validator(case[2])) end)
  end
end)

describe("googlemeet.sink.range.judge", function()
  local PART = "bytes 5-9/10"

  local function verdict(status, headers, have)
    local answer, message = range.judge(status, headers, have)
    return answer and answer.verdict or message
  end

  for _, case in ipairs {
    { "begins", 200, {}, { bytes = 0 } },
    { "goes on", 206, { ["content-range"] = PART }, { bytes = 5, total = 10 } },
    { "goes on", 206, { ["content-range"] = PART, etag = '"a"' },
      { bytes = 5, validator = '"a"' } },
    { "goes on", 206, { ["content-range"] = "bytes 5-6/*" }, { bytes = 5, total = 10 } },
    { "changed", 206, { ["content-range"] = PART, etag = '"b"' },
      { bytes = 5, validator = '"a"' } },
    { "changed", 206, { ["content-range"] = PART }, { bytes = 5, total = 11 } },
    { "repeats", 200, { etag = '"a"' }, { bytes = 5, validator = '"a"' } },
    { "repeats", 200, {}, { bytes = 5, version = "v" } },
    { "changed", 200, { ["content-length"] = "9" }, { bytes = 5, version = "v", total = 10 } },
    { "changed", 200, { etag = '"b"' }, { bytes = 5, validator = '"a"' } },
    { "changed", 200, { etag = '"b"' }, { bytes = 5, version = "v" } },
    { "changed", 200, {}, { bytes = 5, validator = '"a"', version = "v" } },
    { "the server sent a part without the total length", 206,
      { ["content-range"] = "bytes 5-6/*" }, { bytes = 5 } },
    { "the server sent the bytes from 0 instead of from 5", 206,
      { ["content-range"] = "bytes 0-9/10" }, { bytes = 5 } },
    { "the server sent a part that was not requested or cannot be used", 206, {},
      { bytes = 5 } },
    { "the server sent a part that was not requested or cannot be used", 206,
      { ["content-range"] = PART }, { bytes = 0 } },
    { "the server sent a body compressed with gzip, which was not asked for", 200,
      { ["content-encoding"] = "gzip" }, { bytes = 0 } },
    { "the server sent status 204, not 200 or 206", 204, {}, { bytes = 0 } },
  } do
    it(("says '%s' of %d with %d bytes there"):format(case[1], case[2], case[4].bytes), function()
      assert.equal(case[1], verdict(case[2], case[3], case[4]))
    end)
  end

  it("gives length and total of the body", function()
    assert.same({ verdict = "begins", length = 7, total = 7, validator = '"a"' },
      range.judge(200, { ["content-length"] = "7", etag = '"a"' }, { bytes = 0 }))
    assert.same({ verdict = "goes on", length = 5, total = 10 },
      range.judge(206, { ["content-range"] = PART }, { bytes = 5 }))
  end)
end)
