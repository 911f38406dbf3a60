local name = require "googlemeet.name"

describe("googlemeet.name", function()
  it("gives the last part of a name as the id", function()
    assert.equal("ps1", name.id "conferenceRecords/a/participants/ps1")
    assert.equal("a", name.id { name = "spaces/a" })
    assert.equal("", name.id "spaces/")
  end)

  for _, pasted in ipairs {
    "https://meet.google.com/hpk-vtwd-ens ", " https://meet.google.com/hpk-vtwd-ens",
    "\thttps://meet.google.com/HPK-vtwd-ens", "<https://meet.google.com/hpk-vtwd-ens>",
    "https://meet.google.com/hpk-vtwd-ens.", "<meet.google.com/hpk-vtwd-ens?authuser=1>.",
    "meet.google.com/hpk-vtwd-ens", " hpk-vtwd-ens ", "<HPK-VTWD-ENS>", "hpk-vtwd-ens.",
  } do
    it(("reads a link as it was pasted: %q"):format(pasted), function()
      assert.same({ "spaces/hpk-vtwd-ens", true }, { name.resolve("space", pasted) })
    end)
  end

  it("shows a control byte escaped", function()
    for text, shown in pairs {
      ["hpk-vtwd-ens\r"] = "hpk-vtwd-ens\\r", ["a\0b"] = "a\\x00b", ["\27[31m"] = "\\x1B[31m",
      ["meet.google.com/hpk-vtwd-ens\r\n"] = "meet.google.com/hpk-vtwd-ens\\r\\n",
    } do
      local found, message = name.resolve("space", text)
      assert.is_nil(found)
      assert.truthy(message:find(("malformed resource name '%s': expected"):format(shown), 1, true),
        message)
    end
  end)

  it("shows the start of a long text, up to whole characters", function()
    for _, character in ipairs { "é", "日", "😀" } do
      local _, message = name.resolve("space", "a" .. character:rep(60))
      assert.truthy(utf8.len(message), message)
    end
  end)

  it("names the types that there are", function()
    assert.error_matches(function() name.resolve("spase", "x") end,
      "name.resolve: unknown kind 'spase'; did you mean 'space'%?")
    assert.error_matches(function() name.resolve("robot", "x") end,
      "name.resolve: unknown kind 'robot'; known: conference_record, member, participant,")
  end)

  it("returns the parent's name, nil at the top", function()
    assert.equal("conferenceRecords/a/participants/b",
      name.parent "conferenceRecords/a/participants/b/participantSessions/c")
    assert.equal("spaces/a", name.parent { name = "spaces/a/members/b" })
    assert.is_nil(name.parent "spaces/a")
  end)

  for text, is_code in pairs {
    ["hpk-vtwd-ens"] = true, ["ABCD-efghi-jkl"] = true, ["a-b-c"] = true,
    ["abc-mnop"] = false, ["abc-mnop-xyz-a"] = false, ["abc-mn0p-xyz"] = false, [""] = false,
    ["abc--xyz"] = false, [" abc-mnop-xyz"] = false,
  } do
    it(("says whether %q is a meeting code"):format(text), function()
      assert.equal(is_code, name.is_code(text))
    end)
  end

  it("raises where no text is asked whether it is a code", function()
    local _, message = pcall(function() return name.is_code(nil) == nil end)
    assert.matches("name_spec%.lua:%d+: name%.is_code: string expected, got nil", message)
  end)

  for call, value in pairs { id = 5, parent = {}, resolve = true } do
    it("raises for a value that is not a name: " .. call, function()
      assert.error_matches(function() name[call](call == "resolve" and "space" or value, value) end,
        "name%." .. call .. ": a resource or its name expected, got "
        .. type(value))
    end)
  end
end)
