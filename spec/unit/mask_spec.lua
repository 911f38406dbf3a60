local mask = require "googlemeet.mask"

local SPACE = { "config" }
local MEMBER = { "email", "role" }

describe("googlemeet.mask.of", function()
  it("names every field given, down to the last table, in sorted order", function()
    local paths = mask.of({
      config = { moderationRestrictions = { chatRestriction = "HOSTS_ONLY" }, accessType = "OPEN" },
    }, SPACE)
    assert.equal("config.accessType,config.moderationRestrictions.chatRestriction", paths)
  end)

  it("names several top-level fields", function()
    assert.equal("email,role", (mask.of({ role = "COHOST", email = "a@example.com" }, MEMBER)))
  end)

  it("leaves out fields that may not be written", function()
    local paths, fields = mask.of({
      name = "spaces/abc", meetingUri = "https://meet.google.com/abc-mnop-xyz",
      activeConference = { conferenceRecord = "conferenceRecords/1" },
      config = { accessType = "OPEN" },
    }, SPACE)
    assert.equal("config.accessType", paths)
    assert.same({ config = { accessType = "OPEN" } }, fields)
  end)

  it("takes values that are false, and a null", function()
    local null = require("cjson").null
    assert.equal("config.a,config.b", (mask.of({ config = { a = false, b = null } }, SPACE)))
  end)

  it("names an array as a whole", function()
    assert.equal("config.list", (mask.of({ config = { list = { { a = 1 }, { a = 2 } } } }, SPACE)))
  end)

  it("names an empty table as a whole", function()
    local paths, fields = mask.of({ config = { artifactConfig = {} } }, SPACE)
    assert.equal("config.artifactConfig", paths)
    assert.same({ config = { artifactConfig = {} } }, fields)
  end)

  it("keeps the mark of an empty array", function()
    local marker = {}
    local list = setmetatable({}, marker)
    local paths, fields = mask.of({ config = { list = list } }, SPACE)
    assert.equal("config.list", paths)
    assert.equal(marker, getmetatable(fields.config.list))
    assert.not_equal(list, fields.config.list)
  end)

  it("does without the metatable of the resource", function()
    local _, fields = mask.of(setmetatable({ role = "COHOST" }, { __index = { email = nil } }),
      MEMBER)
    assert.is_nil(getmetatable(fields))
  end)

  it("leaves the caller's table as it is and shares nothing with it", function()
    local body = { name = "spaces/abc", config = { restrictions = { chat = "HOSTS_ONLY" } } }
    local _, fields = mask.of(body, SPACE)
    fields.config.restrictions.chat = "NO_RESTRICTION"
    assert.same({ name = "spaces/abc", config = { restrictions = { chat = "HOSTS_ONLY" } } }, body)
  end)

  it("takes the same table in two places", function()
    local shared = { a = 1 }
    assert.equal("config.x.a,config.y.a",
      (mask.of({ config = { x = shared, y = shared } }, SPACE)))
  end)

  it("lists the writable fields when nothing is left", function()
    local paths, message = mask.of({ name = "spaces/abc/members/1" }, MEMBER)
    assert.is_nil(paths)
    assert.equal("nothing to change; writable fields: email, role", message)
  end)
end)

describe("googlemeet.mask.writable", function()
  it("copies what may be written", function()
    assert.same({ role = "COHOST" }, mask.writable({ name = "x", role = "COHOST" }, MEMBER))
    assert.same({}, mask.writable({ name = "x" }, MEMBER))
  end)
end)

describe("googlemeet.mask blames its caller for", function()
  --- The message of `mask[name]`, which must point to the call in here.
  local function complaint(body, name)
    local line = debug.getinfo(1, "l").currentline + 1
    local function use() return (mask[name or "of"](body, SPACE)) end
    local _, message = pcall(function() return (use()) end)
    local blamed, text = message:match("mask_spec%.lua:(%d+): (.*)")
    assert.equal(line, tonumber(blamed))
    return text
  end

  it("a body that is no table", function()
    assert.equal("a table of fields expected, got string", complaint("config"))
    assert.equal("a table of fields expected, got nil", complaint(nil, "writable"))
  end)

  it("a key that is no string", function()
    assert.equal("config: field name expected, got number", complaint { config = { [7] = 1 } })
    assert.equal("config.list.1: field name expected, got boolean",
      complaint { config = { list = { { [true] = 1 } } } })
  end)

  it("a key that would be another path", function()
    assert.equal('config: "a,b" is not a field name', complaint { config = { ["a,b"] = 1 } })
    assert.equal('config: "a.b" is not a field name', complaint { config = { ["a.b"] = 1 } })
  end)

  it("an array that has fields as well", function()
    assert.equal('config.list: index expected, got "a"',
      complaint { config = { list = { 1, a = 2 } } })
  end)

  it("a table that contains itself", function()
    local config = {}
    config.deep = { config = config }
    assert.equal("config.deep.config: contains itself", complaint { config = config })
  end)

  it("a call without the fields that may be written", function()
    local _, message = pcall(function() return (mask.of { a = 1 }) end)
    assert.matches("mask_spec%.lua:%d+: an array of writable fields expected, got nil", message)
  end)

  it("whom the level says", function()
    local function outer() return (mask.of("config", SPACE, 3)) end
    local line = debug.getinfo(1, "l").currentline + 1
    local _, message = pcall(function() return (outer()) end)
    assert.equal(line, tonumber(message:match("mask_spec%.lua:(%d+)")))
  end)
end)
