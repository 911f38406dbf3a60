local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"

describe("the front of the fake", function()
  local gateway

  before_each(function()
    gateway = testing.gateway { now = 1795341600 }
  end)

  it("answers 401 in the nested shape to a wrong or missing key", function()
    local expected = { error = { message = "Invalid API key", code = 401 } }
    local wrong = { Authorization = "Bearer other" }
    assert.same(expected, (ask.loosely(gateway, "GET", "/connections", nil, wrong)))
    local response = gateway.transport { method = "GET", url = "/connections" }
    assert.equal(401, response.status)
    assert.is_false(gateway.log[2].authorized)
  end)

  it("accepts its own key", function()
    gateway = testing.gateway { api_key = "another" }
    local headers = { Authorization = "Bearer another" }
    local _, response = ask(gateway, "GET", "/connections", nil, headers)
    assert.equal(200, response.status)
  end)

  it("answers 404 in the flat shape to a path without the app", function()
    for _, path in ipairs { "/v2/spaces/x", "/meet/v2/spaces", "/", "/google-meetx/v2/spaces" } do
      local answer, response = ask.loosely(gateway, "GET", path)
      assert.equal(404, response.status)
      assert.equal("Not Found", answer.type)
    end
  end)

  it("responds with Google's 404 to unknown methods, encoded colons and slashes too", function()
    gateway:add_space { id = "Qm7xT2kLw9Za" }
    local cases = {
      { "GET", "nothing" }, { "GET", "/google-meet/v1/spaces/x" }, { "GET", "/google-meet" },
      { "PUT", "spaces/Qm7xT2kLw9Za" }, { "GET", "spaces%2FQm7xT2kLw9Za" },
      { "POST", "spaces/Qm7xT2kLw9Za%3AendActiveConference" }, { "GET", "spaces/a%2Fb" },
      { "GET", "spaces/Qm7xT2kLw9Za/" }, { "GET", "conferenceRecords//participants" },
      { "POST", "spaces/Qm7xT2kLw9Za:endNothing" },
    }
    for _, case in ipairs(cases) do
      local answer, response = ask.loosely(gateway, case[1], case[2])
      assert.equal(404, response.status, case[2])
      assert.equal("NOT_FOUND", answer.error.status)
    end
  end)

  it("refuses addresses with bytes that must be encoded, and other verbs", function()
    assert.equal(400, select(2, ask.loosely(gateway, "GET", "spaces/a b")).status)
    assert.equal(400, select(2, ask.loosely(gateway, "GET", "spaces/a%2")).status)
    assert.equal(400, select(2, ask.loosely(gateway, "GET", "spaces/a#b")).status)
    assert.equal(405, select(2, ask.loosely(gateway, "get", "spaces/a")).status)
    assert.equal(405, select(2, ask.loosely(gateway, "PATCH", "/connections", {})).status)
  end)

  it("takes a query percent-encoded, a + for a blank", function()
    local _, response = ask.loosely(gateway, "GET", "conferenceRecords?filter=end_time+IS%20NULL")
    assert.equal(200, response.status)
  end)
end)

describe("the choice of a connection", function()
  local gateway

  before_each(function()
    gateway = testing.gateway { now = 1795341600, connections = false }
  end)

  local function space_names(headers)
    local answer, response = ask(gateway, "POST", "spaces", {}, headers)
    return answer.name, response.status
  end

  it("answers 400 in the nested shape when no connection is usable", function()
    gateway:add_connection { status = "PENDING" }
    gateway:add_connection { status = "ACTIVE", app = "google-calendar" }
    local answer, response = ask(gateway, "GET", "conferenceRecords")
    assert.equal(400, response.status)
    assert.is_nil(answer.error.status)
    assert.equal(400, math.tointeger(answer.error.code))
  end)

  it("takes the oldest ACTIVE one, or the one that is named", function()
    local newer = gateway:add_connection { status = "ACTIVE", creation_time = 2000 }
    local older = gateway:add_connection { status = "ACTIVE", creation_time = 1000 }
    local name = space_names()
    assert.truthy(older.organisation.index[name])
    name = space_names { ["maton-connection"] = newer.resource.connection_id }
    assert.truthy(newer.organisation.index[name])
  end)

  it("answers 404 in the flat shape with a trace id to an unknown one", function()
    local answer, response = ask(gateway, "GET", "conferenceRecords", nil,
      { ["Maton-Connection"] = "7c2a9f31" })
    assert.equal(404, response.status)
    assert.equal("No connection 7c2a9f31", answer.message)
    assert.matches("^%x+$", answer.trace_id)
  end)

  it("answers 400 to one that is PENDING, FAILED or of another app", function()
    for _, options in ipairs { { status = "PENDING" }, { status = "FAILED" },
      { status = "ACTIVE", app = "slack" } } do
      local connection = gateway:add_connection(options)
      local _, response = ask(gateway, "GET", "conferenceRecords", nil,
        { ["Maton-Connection"] = connection.resource.connection_id })
      assert.equal(400, response.status)
    end
  end)

  it("keeps the data of two accounts apart, and shares those of one", function()
    local one = gateway:add_connection { status = "ACTIVE" }
    local other = gateway:add_connection { status = "ACTIVE" }
    local same = gateway:add_connection { status = "ACTIVE", organisation = one.organisation }
    local space = gateway:add_space { organisation = one.organisation }
    local function status(connection)
      return select(2, ask(gateway, "GET", space.name, nil,
        { ["Maton-Connection"] = connection.resource.connection_id })).status
    end
    assert.same({ 200, 404, 200 }, { status(one), status(other), status(same) })
  end)
end)
