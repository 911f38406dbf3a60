local ask = require "spec.support.ask"
local limits = require "googlemeet.testing.limits"
local testing = require "googlemeet.testing"

describe("googlemeet.testing.limits", function()
  it("allows at most the limit in any span", function()
    local windows = limits.new()
    assert.is_nil(windows:take("a", 2, 1, 0.0))
    assert.is_nil(windows:take("a", 2, 1, 0.9))
    assert.near(0.05, windows:take("a", 2, 1, 0.95), 1e-9)
    assert.is_nil(windows:take("a", 2, 1, 1.0))
    assert.near(0.9, windows:take("a", 2, 1, 1.0), 1e-9)
  end)

  it("keeps keys apart, and has no limit without one", function()
    local windows = limits.new()
    assert.is_nil(windows:take("a", 1, 1, 0))
    assert.is_nil(windows:take("b", 1, 1, 0))
    assert.is_nil(windows:take("c", nil, 1, 0))
    assert.is_nil(windows:take("c", nil, 1, 0))
  end)
end)

describe("the fake's rate limits", function()
  local seconds, gateway

  before_each(function()
    seconds = 0
    gateway = testing.gateway { clock = function() return seconds end, limits = true }
  end)

  local function status(method, target, body)
    return select(2, ask(gateway, method, target, body)).status
  end

  it("are off by default", function()
    gateway = testing.gateway { clock = function() return 0 end }
    for _ = 1, 700 do
      assert.equal(200, status("GET", "/connections"))
    end
  end)

  it("answer 429 of the gateway to the 11th request within a second", function()
    for _ = 1, 10 do
      assert.equal(200, status("GET", "/connections"))
    end
    local answer, response = ask(gateway, "GET", "conferenceRecords")
    assert.equal(429, response.status)
    assert.same({ error = { code = 429, message = "Too many requests" } }, answer)
    seconds = 1
    assert.equal(200, status("GET", "conferenceRecords"))
  end)

  it("answer 429 of Google, with advice, to the 11th space within a minute", function()
    for i = 1, 10 do
      seconds = i
      assert.equal(200, status("POST", "spaces", {}))
    end
    seconds = 11.5
    local answer, response = ask(gateway, "POST", "spaces", {})
    assert.equal(429, response.status)
    assert.equal("50", response.headers["Retry-After"])
    assert.equal("RESOURCE_EXHAUSTED", answer.error.status)
    assert.equal("RATE_LIMIT_EXCEEDED", answer.error.details[1].reason)
    assert.equal("49.500s", answer.error.details[2].retryDelay)
    assert.equal(200, status("GET", "conferenceRecords"))
    seconds = 61
    assert.equal(200, status("POST", "spaces", {}))
  end)

  it("can be set one by one", function()
    gateway = testing.gateway { clock = function() return 0 end, limits = { reads_per_minute = 1 } }
    assert.equal(200, status("GET", "conferenceRecords"))
    assert.equal(429, status("GET", "conferenceRecords"))
    assert.equal(200, status("GET", "/connections"))
  end)
end)
