local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"

describe("the fake's members", function()
  local gateway, space, ada, bo

  before_each(function()
    gateway = testing.gateway { now = 1795341600 }
    space = gateway:add_space {}
    ada = gateway:add_member(space, { email = "ada@example.com", role = "COHOST" })
    bo = gateway:add_member(space, { email = "bo@example.com" })
  end)

  local function batch(body)
    return ask.loosely(gateway, "POST", space.name .. "/members:batchUpdate", body)
  end

  local function status(_, response)
    return response.status
  end

  it("are added with an address and a role", function()
    local made = ask(gateway, "POST", space.name .. "/members",
      { email = "elin@example.com", role = "COHOST" })
    assert.same({ name = space.name .. "/members/mb-3", email = "elin@example.com",
      role = "COHOST" }, made)
  end)

  it("are refused without a good address, and with one that is there", function()
    local function add(body)
      return status(ask.loosely(gateway, "POST", space.name .. "/members", body))
    end
    assert.same({ 400, 400, 409, 400 }, {
      add("{}"), add('{"email":"ada"}'), add('{"email":"ADA@example.com"}'),
      add('{"email":"x@example.com","role":"HOST"}'),
    })
  end)

  it("are listed and got", function()
    assert.same({ members = { ada.resource, bo.resource } },
      (ask(gateway, "GET", space.name .. "/members")))
    assert.same(bo.resource, (ask(gateway, "GET", bo.name)))
  end)

  it("are deleted once", function()
    assert.same({}, (ask(gateway, "DELETE", ada.name)))
    assert.equal(404, status(ask(gateway, "DELETE", ada.name)))
    assert.same({ members = { bo.resource } }, (ask(gateway, "GET", space.name .. "/members")))
  end)

  it("are kept by deletes from a list that is under way", function()
    local page = ask(gateway, "GET", space.name .. "/members?pageSize=1")
    ask(gateway, "DELETE", ada.name)
    page = ask(gateway, "GET", space.name .. "/members?pageToken=" .. page.nextPageToken)
    assert.same({ bo.resource }, page.members)
  end)

  it("change what a patch names", function()
    assert.equal("COHOST", ask(gateway, "PATCH", bo.name .. "?updateMask=role",
      { role = "COHOST" }).role)
    assert.is_nil(ask(gateway, "PATCH", bo.name .. "?updateMask=*", "{}").role)
    assert.equal("bo@example.com", bo.resource.email)
    assert.equal(409, status(ask(gateway, "PATCH", bo.name, { email = "ada@example.com" })))
  end)

  it("are changed in a batch under its mask", function()
    local answer = batch { updateMask = "role", requests = {
      { member = { name = bo.name, role = "COHOST" } }, { member = { name = ada.name } },
    } }
    assert.same({ bo.resource, ada.resource }, answer.members)
    assert.same({ "COHOST", nil }, { bo.resource.role, ada.resource.role })
  end)

  it("lose in a batch without a mask the fields it leaves out", function()
    batch { requests = { { member = { name = ada.name } } } }
    assert.is_nil(ada.resource.role)
  end)

  it("refuse batches with masks that do not agree", function()
    local member = { name = bo.name, role = "COHOST" }
    assert.equal(400, status(batch { requests = { { member = member, updateMask = "role" } } }))
    assert.equal(400, status(batch { updateMask = "email",
      requests = { { member = member, updateMask = "role" } } }))
    assert.equal(200, status(batch { updateMask = "role",
      requests = { { member = member, updateMask = "role" } } }))
  end)

  it("change all or none", function()
    local requests = { { member = { name = bo.name, role = "COHOST" } },
      { member = { name = space.name .. "/members/none", role = "COHOST" } } }
    assert.equal(404, status(batch { requests = requests }))
    assert.is_nil(bo.resource.role)
  end)

  it("refuse batches that are empty, too long, or name a foreign member, or one twice", function()
    local requests = {}
    for i = 1, 501 do
      requests[i] = { member = { name = bo.name } }
    end
    assert.equal(400, status(batch { requests = requests }))
    assert.equal(400, status(batch { requests = { requests[1], requests[2] } }))
    assert.equal(400, status(batch '{"requests":[]}'))
    assert.equal(400, status(batch "{}"))
    assert.equal(400, status(batch { requests = { { member = { name = "spaces/x/members/1" } } } }))
  end)

  it("are not for other people's spaces", function()
    local foreign = gateway:add_space { role = "other" }
    assert.equal(403, status(ask(gateway, "GET", foreign.name .. "/members")))
    assert.equal(403, status(ask(gateway, "POST", foreign.name .. "/members",
      { email = "x@example.com" })))
  end)
end)
