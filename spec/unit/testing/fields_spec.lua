local fields = require "googlemeet.testing.fields"

describe("googlemeet.testing.fields", function()
  local page = {
    participants = {
      { name = "p1", signedinUser = { user = "users/1", displayName = "Ada" } },
      { name = "p2", phoneUser = { displayName = "+46" } },
    },
    nextPageToken = "t", totalSize = 2,
  }

  local cases = {
    { "*", page },
    { "nextPageToken", { nextPageToken = "t" } },
    { "total_size,next_page_token", { totalSize = 2, nextPageToken = "t" } },
    { "participants/name", { participants = { { name = "p1" }, { name = "p2" } } } },
    { "participants(name)", { participants = { { name = "p1" }, { name = "p2" } } } },
    { "participants/*", { participants = page.participants } },
    { "participants(signedinUser/displayName,phone_user(displayName)),totalSize",
      { participants = { { signedinUser = { displayName = "Ada" } },
        { phoneUser = { displayName = "+46" } } }, totalSize = 2 } },
    { "participants/name,participants", { participants = page.participants } },
  }
  for _, case in ipairs(cases) do
    it("keeps by " .. case[1], function()
      local tree = fields.read(case[1])
      assert.is_nil(fields.wrong(tree, "ListParticipantsResponse"))
      assert.same(case[2], fields.keep(tree, page))
    end)
  end

  local malformed = {
    "", ",", "a,", "a(", "a(b", "a)b", "a//b", "a b", "a.b", "a(b)c", "na*",
  }
  for _, text in ipairs(malformed) do
    it(("finds %q malformed"):format(text), function()
      assert.is_nil(fields.read(text))
    end)
  end

  it("names the path that does not exist", function()
    local tree = fields.read("participants(name,colour)")
    assert.equal("participants/colour", fields.wrong(tree, "ListParticipantsResponse"))
    assert.equal("name/x", fields.wrong(fields.read("name/x"), "Space"))
  end)

  it("accepts `user` of members, which Google's default mask has", function()
    assert.is_nil(fields.wrong(fields.read("name,email,role,user"), "Member"))
  end)

  it("says whether a field is selected", function()
    assert.is_true(fields.selects(fields.read("total_size"), "totalSize"))
    assert.is_true(fields.selects(fields.read("*"), "totalSize"))
    assert.is_false(fields.selects(fields.read("participants/*"), "totalSize"))
  end)
end)
