local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"

describe("the fake's spaces", function()
  local gateway, space

  before_each(function()
    gateway = testing.gateway { now = 1795341600, clock = function() return 0 end }
    space = gateway:add_space { id = "Qm7xT2kLw9Za", code = "hpk-vtwd-ens" }
  end)

  local function patch(query, body)
    return ask.loosely(gateway, "PATCH", space.name .. query, body)
  end

  local function refused(status, canonical, answer, response)
    assert.equal(status, response.status)
    assert.equal(canonical, answer.error.status)
    return answer
  end

  it("are created from {} or nothing, with an id, a link and settings", function()
    for _, body in ipairs { "{}", false } do
      local made = ask(gateway, "POST", "spaces", body or nil)
      assert.matches("^spaces/[%w_]+$", made.name)
      assert.equal(#"spaces/" + 12, #made.name)
      assert.equal("https://meet.google.com/" .. made.meetingCode, made.meetingUri)
      assert.equal("TRUSTED", made.config.accessType)
    end
  end)

  it("are created with the settings given", function()
    local config = { accessType = "OPEN", moderation = "ON" }
    local made = ask(gateway, "POST", "spaces", { config = config })
    assert.equal("OPEN", made.config.accessType)
    assert.equal("ON", made.config.moderation)
    assert.equal("ALL", made.config.entryPointAccess)
  end)

  it("are found by id, and by code in any case", function()
    for _, id in ipairs { "Qm7xT2kLw9Za", "hpk-vtwd-ens", "HPK-vtwd-Ens" } do
      assert.equal(space.name, ask(gateway, "GET", "spaces/" .. id).name)
    end
    refused(404, "NOT_FOUND", ask(gateway, "GET", "spaces/qm7xt2klw9za"))
  end)

  it("respond with 403 to a code where only an id is accepted", function()
    for _, case in ipairs { { "PATCH", "" }, { "POST", ":endActiveConference" },
      { "GET", "/members" } } do
      local target = "spaces/hpk-vtwd-ens" .. case[2]
      local body = case[1] ~= "GET" and "{}" or nil
      refused(403, "PERMISSION_DENIED", ask.loosely(gateway, case[1], target, body))
    end
  end)

  it("can respond with 403 for a space that does not exist", function()
    gateway = testing.gateway { unknown_space_status = 403 }
    refused(403, "PERMISSION_DENIED", ask(gateway, "GET", "spaces/nope"))
  end)

  it("hide config from participants, and the conference from others", function()
    for role, expected in pairs {
      owner = { true, true }, participant = { false, true }, other = { false, false },
    } do
      local seen = gateway:add_space { role = role }
      gateway:add_record { space = seen }
      local answer = ask(gateway, "GET", seen.name)
      assert.same(expected, { answer.config ~= nil, answer.activeConference ~= nil }, role)
    end
  end)

  it("are changed by their owner only", function()
    for _, role in ipairs { "participant", "other" } do
      space = gateway:add_space { role = role }
      refused(403, "PERMISSION_DENIED", patch("", '{"config":{"accessType":"OPEN"}}'))
      refused(403, "PERMISSION_DENIED",
        ask(gateway, "POST", space.name .. ":endActiveConference", "{}"))
    end
  end)

  describe("under a patch", function()
    before_each(function()
      patch("", '{"config":{"accessType":"RESTRICTED","moderation":"ON"}}')
    end)

    it("change the fields given when there is no mask", function()
      local config = patch("", '{"config":{"accessType":"OPEN"}}').config
      assert.same({ "OPEN", "ON" }, { config.accessType, config.moderation })
    end)

    it("change only what the mask names, in camelCase or snake_case", function()
      local body = '{"config":{"accessType":"OPEN","moderation":"OFF"}}'
      for _, mask in ipairs { "config.accessType", "config.access_type" } do
        local config = patch("?updateMask=" .. mask, body).config
        assert.same({ "OPEN", "ON" }, { config.accessType, config.moderation })
      end
    end)

    it("reset what the mask names and the body lacks", function()
      assert.equal("TRUSTED", patch("?updateMask=config.accessType", "{}").config.accessType)
    end)

    it("are replaced as a whole by the mask *", function()
      local config = patch("?updateMask=*", '{"config":{"accessType":"OPEN"}}').config
      assert.same({ "OPEN", "OFF" }, { config.accessType, config.moderation })
    end)

    it("lose their restrictions when moderation goes OFF", function()
      local restrict = '{"config":{"moderationRestrictions":{"chatRestriction":"HOSTS_ONLY"}}}'
      local path = { "config", "moderationRestrictions", "chatRestriction" }
      local answer = patch("", restrict)
      assert.equal("HOSTS_ONLY", answer[path[1]][path[2]][path[3]])
      answer = patch("", '{"config":{"moderation":"OFF"}}')
      assert.equal("NO_RESTRICTION", answer[path[1]][path[2]][path[3]])
    end)

    it("ignore output-only fields in the body, and refuse them in the mask", function()
      local answer, response = patch("", '{"meetingCode":"a-b-c","config":{"accessType":"OPEN"}}')
      assert.equal(200, response.status)
      assert.equal("hpk-vtwd-ens", answer.meetingCode)
      local masks = { "meetingCode", "name", "activeConference", "config.nope", "x", "," }
      for _, mask in ipairs(masks) do
        refused(400, "INVALID_ARGUMENT", patch("?updateMask=" .. mask, "{}"))
      end
    end)

    it("refuse wrong bodies with the fields that are wrong", function()
      local cases = {
        { "config.accessType", '{"config":{"accessType":"open"}}' },
        { "config.accessType", '{"config":{"accessType":1}}' },
        { "config.moderation", '{"config":{"moderation":"MODERATION_UNSPECIFIED"}}' },
        { "config", '{"config":{"colour":"red"}}' },
        { "config", '{"config":"OPEN"}' },
        { "", '{"title":"Planning"}' },
      }
      for _, case in ipairs(cases) do
        local answer = refused(400, "INVALID_ARGUMENT", patch("", case[2]))
        assert.equal(case[1], answer.error.details[1].fieldViolations[1].field)
      end
    end)

    it("refuse a body that is missing, no object, or of another type", function()
      refused(400, "INVALID_ARGUMENT", patch(""))
      refused(400, "INVALID_ARGUMENT", patch("", "[]"))
      refused(400, "INVALID_ARGUMENT", patch("", '{"config":'))
      refused(400, "INVALID_ARGUMENT", ask.loosely(gateway, "PATCH", space.name, "{}",
        { ["Content-Type"] = "text/plain" }))
    end)

    it("refuse a name that is not the one of the path", function()
      refused(400, "INVALID_ARGUMENT", patch("", '{"name":"spaces/other"}'))
    end)
  end)

  describe("whose conference is ended", function()
    it("give the record its end and its expiry, and close who is in it", function()
      local record = gateway:add_record { space = space, start_time = 1795341000 }
      local participant = gateway:add_participant(record, { display_name = "Ada" })
      local recording = gateway:add_recording(record, {})
      assert.same({}, (ask(gateway, "POST", space.name .. ":endActiveConference", "{}")))
      local ended = ask(gateway, "GET", record.name)
      assert.equal("2026-11-22T10:00:00Z", ended.endTime)
      assert.equal("2026-12-22T10:00:00Z", ended.expireTime)
      assert.equal(ended.endTime, ask(gateway, "GET", participant.name).latestEndTime)
      assert.equal("ENDED", ask(gateway, "GET", recording.name).state)
      assert.is_nil(ask(gateway, "GET", space.name).activeConference)
    end)

    it("answer 400 FAILED_PRECONDITION with nothing active", function()
      refused(400, "FAILED_PRECONDITION",
        ask(gateway, "POST", space.name .. ":endActiveConference"))
    end)
  end)
end)
