local http_date = require "googlemeet.http_date"

describe("googlemeet.http_date", function()
  it("reads the date of an answer", function()
    assert.equal(784111777, http_date "Sun, 06 Nov 1994 08:49:37 GMT")
    assert.equal(1798761599, http_date "Thu, 31 Dec 2026 23:59:59 GMT")
  end)

  it("takes nothing else for one", function()
    for _, text in ipairs {
      "", "yesterday", "1994-11-06T08:49:37Z", "Sunday, 06-Nov-94 08:49:37 GMT",
      "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 anF 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 25:49:37 GMT",
    } do
      assert.is_nil(http_date(text), text)
    end
    assert.is_nil(http_date(nil))
  end)
end)
