local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"

local TARGETS = {
  ["google-drive"] = "/google-drive/drive/v3/files/a",
  ["google-docs"] = "/google-docs/v1/documents/a", ["google-meet"] = "conferenceRecords",
}

describe("the connections of the fake to other apps", function()
  local gateway

  before_each(function()
    gateway = testing.gateway { now = 1795341600, clock = function() return 0 end }
    gateway:add_file { id = "a", text = "x" }
  end)

  local function get(app, connection)
    local id = connection and connection.resource.connection_id
    local answer, response = ask(gateway, "GET", TARGETS[app], nil, { ["Maton-Connection"] = id })
    return response.status, answer
  end

  it("are needed, ACTIVE, one for each app: 400 in the gateway's form without", function()
    for _, app in ipairs { "google-drive", "google-docs" } do
      local status, answer = get(app)
      assert.same({ 400, nil }, { status, answer.error.status })
      assert.is_truthy(answer.error.message:find("No active " .. app, 1, true))
      local connection = gateway:add_connection { app = app }
      assert.equal(400, (get(app)))
      gateway:activate(connection)
      assert.equal(200, (get(app)))
      gateway:set_status(connection, "FAILED")
      assert.equal(400, (get(app, connection)))
    end
    assert.equal(200, (get "google-meet"))
  end)

  it("are no good for another app", function()
    local drive = gateway:add_connection { app = "google-drive", status = "ACTIVE" }
    local docs = gateway:add_connection { app = "google-docs", status = "ACTIVE" }
    assert.same({ 200, 400, 400, 200, 400 }, { (get("google-drive", drive)),
      (get("google-docs", drive)), (get("google-meet", drive)), (get("google-docs", docs)),
      (get("google-drive", docs)) })
  end)

  it("are one account's, of whatever app, unless another is named", function()
    local drive = gateway:add_connection { app = "google-drive", status = "ACTIVE" }
    assert.equal(gateway:organisation(), drive.organisation)
    local bo = gateway:add_connection { status = "ACTIVE", account = "bo" }
    local other = gateway:add_connection { app = "google-drive", status = "ACTIVE", account = "bo" }
    assert.equal(bo.organisation, other.organisation)
    assert.equal(404, (get("google-drive", other)))
    local given = gateway:add_connection {
      app = "google-drive", status = "ACTIVE", organisation = bo.organisation,
    }
    assert.equal(404, (get("google-drive", given)))
    assert.is_true(gateway:add_connection({}).organisation ~= gateway:organisation())
  end)

  it("are the first account's when a client makes them", function()
    local made = ask(gateway, "POST", "/connections", { app = "google-drive" })
    gateway:activate(made.connection_id)
    assert.equal(200, (get "google-drive"))
  end)

  it("answer where there is nothing else", function()
    gateway = testing.gateway { connections = false }
    local connection = gateway:add_connection { app = "google-drive", status = "ACTIVE" }
    gateway:add_file { id = "a" }
    assert.equal(connection.organisation, gateway:organisation())
    assert.equal(200, (get "google-drive"))
  end)

  it("are asked for by operations with their own names", function()
    gateway:add_connection { app = "google-drive", status = "ACTIVE" }
    gateway:add_connection { app = "google-docs", status = "ACTIVE" }
    get "google-drive"
    get "google-docs"
    ask(gateway, "GET", TARGETS["google-drive"] .. "/export?mimeType=text%2Fplain")
    assert.same({ 1, 1, 1, 3 }, { #gateway:requests "files.get", #gateway:requests "documents.get",
      #gateway:requests "drive.files.export", #gateway:requests() })
    gateway:fail { on = "documents.get", status = 500 }
    assert.same({ 200, 500 }, { (get "google-drive"), (get "google-docs") })
  end)

  it("have no method beside those of the contract", function()
    for _, path in ipairs { "/google-drive/v3/files/a", "/google-drive",
      "/google-drive/drive/v2/files/a", "/google-docs/v2/documents/a",
      "/google-docs/v1/documents/a:batchUpdate" } do
      gateway:add_connection { app = path:match "^/([%a-]+)", status = "ACTIVE" }
      local _, response = ask.loosely(gateway, "GET", path)
      assert.equal(404, response.status, path)
      assert.matches("There is no GET", response.body)
    end
  end)
end)
