local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"

describe("googlemeet.testing.gateway", function()
  it("begins with one ACTIVE connection to an empty organisation", function()
    local gateway = testing.gateway {}
    local answer = ask(gateway, "GET", "/connections")
    assert.equal(1, #answer.connections)
    assert.equal("ACTIVE", answer.connections[1].status)
    assert.same({}, ask(gateway, "GET", "conferenceRecords"))
  end)

  it("keeps two fakes apart", function()
    local one, other = testing.gateway {}, testing.gateway {}
    ask(one, "POST", "spaces", {})
    assert.equal(0, #other:organisation().spaces)
    assert.equal(0, #other.log)
  end)

  it("gives the same ids in every run", function()
    local function name_of_first()
      return ask(testing.gateway {}, "POST", "spaces", {}).name
    end
    assert.equal(name_of_first(), name_of_first())
  end)

  it("takes a time in any form for its start", function()
    for _, start in ipairs { 1795341600, "2026-11-22T10:00:00Z", os.date("*t", 1795341600) } do
      local gateway = testing.gateway { clock = function() return 0 end, now = start }
      assert.equal(1795341600, gateway.now())
    end
    assert.error_matches(function() testing.gateway { now = "soon" } end,
      'gateway: now: "soon" is not an RFC 3339 time')
  end)

  it("refuses an unknown option, naming it", function()
    assert.error_matches(function() testing.gateway { clok = os.time } end,
      "gateway: unknown option 'clok'; did you mean 'clock'%?")
    assert.error_matches(function() testing.gateway { create_answer = "x" } end, "is not one of")
    assert.error_matches(function() testing.gateway { limits = { per_hour = 1 } } end,
      "gateway: limits: unknown option 'per_hour'; known: creates_per_minute, per_second, ")
  end)

  it("refuses a value that no gateway has", function()
    for text, options in pairs {
      ["limits: per_second: a number from 0 expected"] = { limits = { per_second = -1 } },
      ["log_limit: a whole number from 1 expected"] = { log_limit = 0 },
      ["unknown_space_status: '500' is not one of 403, 404"] = { unknown_space_status = 500 },
    } do
      assert.error_matches(function() testing.gateway(options) end, text)
    end
    local gateway = testing.gateway {}
    assert.error_matches(function() gateway:seed { accounts = 0 } end,
      "seed: accounts: a whole number from 1 expected, got 0")
    assert.error_matches(function() gateway:add_connection { method = "SSO" } end,
      "method: 'SSO' is not one of API_KEY, BASIC, JWT, MCP, OAUTH1, OAUTH2")
  end)

  it("follows the clock, from the time given", function()
    local seconds = 0
    local gateway = testing.gateway { clock = function() return seconds end, now = 1795341600 }
    local space = gateway:add_space {}
    local record = gateway:add_record { space = space }
    seconds = 90.5
    gateway:end_conference(record)
    assert.equal("2026-11-22T10:01:30.500Z", record.resource.endTime)
  end)

  it("accepts any scheme and host, and refuses a bare URL", function()
    local gateway = testing.gateway {}
    local headers = { AUTHORIZATION = "Bearer test-key" }
    for _, base in ipairs { "https://api.maton.ai", "http://127.0.0.1:8080", "" } do
      local url = base .. "/google-meet/v2/conferenceRecords"
      assert.equal(200, gateway.transport { method = "GET", url = url, headers = headers }.status)
    end
    assert.error_matches(function() gateway.transport("/connections") end, "method and url")
  end)
end)

describe("the log", function()
  it("keeps method, path, decoded query, body, operation and status, not the key", function()
    local gateway = testing.gateway {}
    ask.loosely(gateway, "GET", "conferenceRecords?filter=end_time%20IS%20NULL&pageSize=3")
    local entry = gateway.log[1]
    assert.equal("GET", entry.method)
    assert.equal("/google-meet/v2/conferenceRecords", entry.path)
    assert.same({ filter = "end_time IS NULL", pageSize = "3" }, entry.query)
    assert.equal("conferenceRecords.list", entry.operation)
    assert.equal(200, entry.status)
    assert.is_true(entry.authorized)
    assert.is_nil(entry.headers.authorization)
  end)

  it("lists the requests of one operation, also by its last words", function()
    local gateway = testing.gateway {}
    ask(gateway, "POST", "spaces", {})
    ask(gateway, "GET", "conferenceRecords")
    assert.equal(1, #gateway:requests("spaces.create"))
    assert.equal(1, #gateway:requests("conferenceRecords.list"))
    assert.equal(0, #gateway:requests("participants.list"))
    assert.equal(2, #gateway:requests())
    assert.error_matches(function() gateway:requests("space.get") end,
      "requests: there is no operation 'space.get'; did you mean 'spaces.get'%?")
  end)

  it("can be emptied, and bounded", function()
    local gateway = testing.gateway { log_limit = 5 }
    for _ = 1, 23 do
      ask(gateway, "GET", "/connections")
    end
    assert.is_true(#gateway.log >= 5 and #gateway.log < 10)
    local log = gateway.log
    gateway:clear_log()
    assert.equal(0, #log)
  end)
end)

describe("short_pages", function()
  it("gives short and empty pages, and still every item once", function()
    local gateway = testing.gateway { short_pages = true, now = 1795341600 }
    local record = gateway:seed().records.planning
    local token, sizes, seen = "", {}, {}
    repeat
      local page = ask(gateway, "GET", record.name .. "/participants?pageSize=4"
        .. (token ~= "" and "&pageToken=" .. token or ""))
      sizes[#sizes + 1] = #(page.participants or {})
      for _, participant in ipairs(page.participants or {}) do
        assert.is_nil(seen[participant.name])
        seen[participant.name] = true
      end
      token = page.nextPageToken
    until not token
    assert.same({ 2, 0, 4, 2 }, sizes)
  end)
end)
