local mask = require "googlemeet.testing.mask"

local function joined(paths)
  local texts = {}
  for i, path in ipairs(paths) do
    texts[i] = table.concat(path, ".")
  end
  table.sort(texts)
  return table.concat(texts, ",")
end

describe("googlemeet.testing.mask", function()
  it("reads paths in camelCase and snake_case", function()
    local text = "config.accessType, config.artifact_config.recording_config"
    assert.equal("config.accessType,config.artifactConfig.recordingConfig",
      joined(mask.read(text, "Space")))
  end)

  it("gives no paths for a mask that is missing or empty, and * as it is", function()
    assert.is_nil(mask.read(nil, "Space"))
    assert.is_nil(mask.read("", "Space"))
    assert.equal("*", mask.read("*", "Space"))
  end)

  for _, text in ipairs { "x", "config.x", "config.accessType.x", "name", "meetingUri", "a,,b",
    "config.", "phoneAccess" } do
    it(("refuses %q"):format(text), function()
      local paths, problem = mask.read(text, "Space")
      assert.is_nil(paths)
      assert.is_string(problem)
    end)
  end

  it("lists the leaves that a body gives", function()
    local restrictions = { chatRestriction = "HOSTS_ONLY" }
    local body = { name = "spaces/Q", meetingCode = "a-b-c",
      config = { accessType = "OPEN", moderationRestrictions = restrictions } }
    assert.equal("config.accessType,config.moderationRestrictions.chatRestriction",
      joined(mask.given(body, "Space")))
    assert.equal("config", joined(mask.all("Space")))
  end)

  it("writes values, and defaults for what the body lacks or leaves unspecified", function()
    local target = { config = { accessType = "OPEN", moderation = "ON" } }
    local defaults = { config = { accessType = "TRUSTED", moderation = "OFF" } }
    mask.apply(target, { config = { moderation = "MODERATION_UNSPECIFIED" } },
      { { "config", "accessType" }, { "config", "moderation" } }, defaults)
    assert.same({ config = { accessType = "TRUSTED", moderation = "OFF" } }, target)
  end)
end)
