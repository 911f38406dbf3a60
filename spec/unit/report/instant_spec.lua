local instant = require "googlemeet.report.instant"

describe("googlemeet.report.instant.of", function()
  it("counts nanoseconds since 1970", function()
    assert.equal(0, instant.of "1970-01-01T00:00:00Z")
    assert.equal(1795341600000000001, instant.of "2026-11-22T10:00:00.000000001Z")
    assert.equal(1795338000000000000, instant.of "2026-11-22T10:00:00+01:00")
  end)

  it("gives nil for what is no time, or one that does not fit", function()
    for _, text in ipairs {
      "", "yesterday", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
      "9999-12-31T23:59:59Z",
    } do
      assert.is_nil(instant.of(text), text)
    end
    assert.is_nil(instant.of(nil))
    assert.is_nil(instant.of(12))
    assert.is_nil(instant.of {})
  end)
end)

describe("googlemeet.report.instant.seconds", function()
  it("is an integer for whole seconds", function()
    assert.equal("3", tostring(instant.seconds(3000000000)))
    assert.equal(0.25, instant.seconds(250000000))
  end)
end)
