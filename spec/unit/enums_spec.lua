-- The values of a field that a typo in a body is explained by.

local contract = require "spec.support.contract"
local enums = require "googlemeet.enums"
local meet = require "googlemeet"

describe("googlemeet.enums.problem", function()
  for title, row in pairs {
    ["a value of the account's case"] = { { config = { accessType = "Private" } },
      "config.accessType: 'Private' is not one of OPEN, TRUSTED, RESTRICTED" },
    ["false"] = { { config = { moderation = false } },
      "config.moderation: 'false' is not one of ON, OFF" },
    ["the lower case"] = { { config = { moderation = "on" } },
      "config.moderation: 'on' is not one of ON, OFF" },
    ["a boolean"] = {
      { config = { artifactConfig = { recordingConfig = { autoRecordingGeneration = true } } } },
      "config.artifactConfig.recordingConfig.autoRecordingGeneration: 'true' is not one of ON, "
        .. "OFF" },
    ["a field of an item"] = { { { member = { role = "HOST" } } },
      "1.member.role: 'HOST' is not one of COHOST" },
    ["the first of two"] = { { config = { moderation = "A", accessType = "B" } },
      "config.accessType: 'B' is not one of OPEN, TRUSTED, RESTRICTED" },
  } do
    it("names the field and lists its values: " .. title, function()
      assert.equal(row[2], enums.problem(row[1]))
    end)
  end

  it("has nothing to say about what is documented, unknown, unset or no body", function()
    assert.is_nil(enums.problem { config = { accessType = "OPEN", newField = "x" } })
    assert.is_nil(enums.problem { config = { accessType = "ACCESS_TYPE_UNSPECIFIED" } })
    assert.is_nil(enums.problem {})
    assert.is_nil(enums.problem(nil))
    assert.is_nil(enums.problem "text")
  end)

  it("knows the values of every field that a request may set", function()
    local no_request = { State = true, ConnectionStatus = true }
    for message, schema in pairs(contract.schemas) do
      for field, row in pairs(schema.fields or {}) do
        if row.enum and not no_request[row.enum] then
          local said = enums.problem { [field] = "?" }
          local expected = {}
          for _, value in ipairs(contract.enums[row.enum].values) do
            if not value:find "_UNSPECIFIED$" then expected[#expected + 1] = value end
          end
          local listed = {}
          for value in (said or ""):gsub("^.*one of ", ""):gmatch "[%u%d_]+" do
            listed[#listed + 1] = value
          end
          table.sort(expected)
          table.sort(listed)
          assert.same(expected, listed, message .. "." .. field)
        end
      end
    end
  end)
end)

describe("an error of a body that the server refuses", function()
  local gateway, client

  before_each(function()
    gateway = meet.testing.gateway()
    client = assert(meet.new { api_key = "test-key", transport = gateway.transport, rate = false })
  end)
  after_each(function() client:close() end)

  it("lists the values of a field with a typo, in each call with a body", function()
    local _, err = client.spaces:create { config = { accessType = "Private" } }
    assert.equal("invalid", err.kind)
    assert.equal("config.accessType: 'Private' is not one of OPEN, TRUSTED, RESTRICTED", err.hint)
    local space = assert(client.spaces:create())
    _, err = space:patch { config = { moderation = "yes" } }
    assert.equal("config.moderation: 'yes' is not one of ON, OFF", err.hint)
    _, err = client.members:create(space, { email = "a@example.com", role = "HOST" })
    assert.equal("role: 'HOST' is not one of COHOST", err.hint)
    local member = assert(client.members:create(space, { email = "a@example.com" }))
    _, err = client.members:batch_update(space, { { member = { name = member.name, role = "X" } } })
    assert.equal("1.member.role: 'X' is not one of COHOST", err.hint)
  end)

  it("has the kind's hint where no value is wrong", function()
    local _, err = client.spaces:create { acessType = "OPEN" }
    assert.same({ "invalid", "correct the request; 'details' may name the field" },
      { err.kind, err.hint })
  end)
end)
