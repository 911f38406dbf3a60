-- The places that a process takes alone: plain numbers for the time.

local without = require "googlemeet.limiter.without"

local SPAN, LEASE = 1, 2

describe("googlemeet.limiter.without", function()
  local places

  before_each(function() places = {} end)

  local function reserve(id, now, limit)
    return without.reserve(places, id, now, limit or 2, SPAN, LEASE)
  end

  it("gives as many places as the limit, and says when to come back", function()
    assert.is_nil(reserve("a", 10))
    assert.is_nil(reserve("b", 10.25))
    assert.equal(1, reserve("c", 10.5)) -- "a" may be reported at any moment
    assert.equal(0.5, reserve("c", 12.5)) -- its lease ends at 12
    assert.is_nil(reserve("c", 13))
  end)

  it("frees a place a span and the delay after it was reported", function()
    reserve("a", 10, 1)
    without.commit(places, "a", 10.5, SPAN, 0.25)
    assert.equal(0.25, reserve("b", 11.5, 1))
    assert.is_nil(reserve("b", 11.75, 1))
  end)

  it("takes no place for longer than its lease and a span", function()
    reserve("a", 10, 1)
    without.commit(places, "a", 12, SPAN, 5)
    assert.is_nil(reserve("b", 13, 1))
  end)

  it("ignores reports of unknown ids", function()
    without.commit(places, "a", 10, SPAN, 0)
    assert.same({}, places)
  end)

  it("says when all places are free", function()
    assert.is_nil(without.rest(places, 10))
    reserve("a", 10)
    reserve("b", 11)
    without.commit(places, "a", 11, SPAN, 0)
    assert.equal(3, without.rest(places, 11))
    assert.is_nil(without.rest(places, 14))
  end)
end)
