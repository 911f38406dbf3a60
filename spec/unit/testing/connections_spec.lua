local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"

describe("the fake's connections", function()
  local gateway

  before_each(function()
    gateway = testing.gateway {
      now = 1795341600, clock = function() return 0 end, connections = false,
    }
  end)

  it("lists an empty array where there is none", function()
    local _, response = ask(gateway, "GET", "/connections")
    assert.equal('{"connections":[]}', response.body)
  end)

  it("filters by app, status and method", function()
    gateway:add_connection { status = "ACTIVE" }
    gateway:add_connection { status = "FAILED" }
    gateway:add_connection { status = "ACTIVE", app = "slack", method = "API_KEY" }
    local function count(query)
      return #ask(gateway, "GET", "/connections" .. query).connections
    end
    assert.same({ 3, 2, 2, 1, 1, 0 }, {
      count(""), count("?app=google-meet"), count("?status=ACTIVE"),
      count("?app=google-meet&status=ACTIVE"), count("?method=API_KEY"), count("?app=none"),
    })
  end)

  it("lists page by page, with a token but on the last page", function()
    gateway = testing.gateway { connections = false, connections_per_page = 2 }
    for index = 1, 4 do gateway:add_connection { id = "c" .. index } end
    gateway:add_connection { id = "other", app = "slack" }
    local function page(query)
      local answer = ask(gateway, "GET", "/connections" .. query)
      local ids = {}
      for index, connection in ipairs(answer.connections) do
        ids[index] = connection.connection_id
      end
      return table.concat(ids, " "), answer.next_token
    end
    local first, token = page "?app=google-meet"
    assert.equal("c1 c2", first)
    assert.same({ "c3 c4" }, { page("?app=google-meet&next_token=" .. token) })
    assert.same({ "c1 c2 c3", "after-3" }, { page "?limit=3" })
    assert.same({ "c4 other" }, { page "?limit=3&next_token=after-3" })
    assert.same({ "" }, { page "?limit=0" })
    assert.same({ "" }, { page "?next_token=after-9" })
  end)

  it("refuses a page size that is none", function()
    for _, size in ipairs { 0, -1, 1.5 } do
      assert.error_matches(function() testing.gateway { connections_per_page = size } end,
        "gateway: connections_per_page: a whole number from 1 expected")
    end
  end)

  it("refuses unknown query names and values in the nested shape", function()
    for _, query in ipairs { "?status=active", "?page=1", "?app=a&app=b", "?app=",
      "?next_token=x" } do
      local answer, response = ask.loosely(gateway, "GET", "/connections" .. query)
      assert.equal(400, response.status, query)
      assert.is_string(answer.error.message)
    end
  end)

  local shapes = {
    { "id", { "connection_id" } },
    { "bare_id", { "id" } },
    { "flat", { "app", "connection_id", "status", "url" } },
    { "wrapped", { "connection" } },
  }
  for _, case in ipairs(shapes) do
    it(("answers create in the form %q"):format(case[1]), function()
      gateway = testing.gateway { create_answer = case[1] }
      local answer = ask(gateway, "POST", "/connections", { app = "google-meet" })
      local names = {}
      for name in pairs(answer) do
        names[#names + 1] = name
      end
      table.sort(names)
      assert.same(case[2], names)
    end)
  end

  it("goes from PENDING to ACTIVE when a person has opened the page", function()
    local id = ask(gateway, "POST", "/connections", { app = "google-meet" }).connection_id
    assert.equal("PENDING", ask(gateway, "GET", "/connections/" .. id).connection.status)
    assert.equal(400, select(2, ask(gateway, "GET", "conferenceRecords")).status)
    gateway:activate(id)
    assert.equal("ACTIVE", ask(gateway, "GET", "/connections/" .. id).connection.status)
    assert.equal(200, select(2, ask(gateway, "GET", "conferenceRecords")).status)
    gateway:set_status(id, "FAILED")
    assert.equal("FAILED", ask(gateway, "GET", "/connections/" .. id).connection.status)
  end)

  it("refuses a create without an app, with more, or without its Content-Type", function()
    for _, body in ipairs { "{}", '{"app":"Google Meet"}', '{"app":"a","x":1}', "[]", "x",
      '{"app":"a","method":"OAUTH3"}' } do
      assert.equal(400, select(2, ask.loosely(gateway, "POST", "/connections", body)).status, body)
    end
    local typeless = { ["Content-Type"] = "text/plain" }
    local _, response = ask.loosely(gateway, "POST", "/connections", '{"app":"a"}', typeless)
    assert.equal(400, response.status)
  end)

  it("deletes one once", function()
    local id = gateway:add_connection({ status = "ACTIVE" }).resource.connection_id
    assert.same({}, (ask(gateway, "DELETE", "/connections/" .. id)))
    assert.equal(404, select(2, ask(gateway, "DELETE", "/connections/" .. id)).status)
    assert.equal(404, select(2, ask(gateway, "GET", "/connections/" .. id)).status)
  end)
end)
