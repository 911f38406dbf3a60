local name = require "googlemeet.name"

describe("googlemeet.name", function()
  it("gives the last part of a name as the id", function()
    assert.equal("ps1", name.id "conferenceRecords/a/participants/ps1")
    assert.equal("a", name.id { name = "spaces/a" })
    assert.equal("", name.id "spaces/")
  end)

  it("returns the parent's name, nil at the top", function()
    assert.equal("conferenceRecords/a/participants/b",
      name.parent "conferenceRecords/a/participants/b/participantSessions/c")
    assert.equal("spaces/a", name.parent { name = "spaces/a/members/b" })
    assert.is_nil(name.parent "spaces/a")
  end)

  for call, value in pairs { id = 5, parent = {}, resolve = true } do
    it("raises for a value that is not a name: " .. call, function()
      assert.error_matches(function() name[call](call == "resolve" and "space" or value, value) end,
        "name%." .. call .. ": a resource or its name expected, got "
        .. type(value))
    end)
  end
end)
