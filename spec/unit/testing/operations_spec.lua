local address = require "googlemeet.testing.address"
local contract = require "spec.support.contract"
local operations = require "googlemeet.testing.operations"
local schema = require "googlemeet.testing.schema"

--- The rows of each side, and where its paths are.
local SIDES = {
  google = "/google-meet/v2/", gateway = "/", drive = "/google-drive/drive/v3/",
  docs = "/google-docs/v1/", calendar = "/google-calendar/calendar/v3/",
}

local function rows_by_id()
  local rows = {}
  for side, prefix in pairs(SIDES) do
    for _, row in ipairs(operations[side]) do
      rows[row.id] = { row = row, prefix = prefix }
    end
  end
  return rows
end

describe("googlemeet.testing.operations", function()
  local rows = rows_by_id()

  for _, fact in ipairs(contract.operations) do
    it("agrees with the contract on " .. fact.id, function()
      local row = assert(rows[fact.id]).row
      assert.equal(fact.verb, row.verb)
      assert.equal(fact.path, rows[fact.id].prefix .. row.path)
      if fact.path:find("^/google%-meet/") then
        assert.same({ fact.request, fact.response, fact.items, fact.quota, fact.page },
          { row.request, row.response, row.items, row.quota, row.page })
        assert.equal(fact.order and fact.order:find("desc") and "descending" or "ascending",
          row.order or "ascending")
      end
    end)
  end

  for _, fact in ipairs(contract.others.operations) do
    it("agrees with the contract on " .. fact.id, function()
      local row = assert(rows[fact.id]).row
      assert.same({ fact.verb, fact.path, fact.response },
        { row.verb, rows[fact.id].prefix .. row.path, row.response })
      local names = {}
      for _, rule in ipairs(fact.query) do
        names[rule.name] = true
        assert.is_string(row.query[rule.name], rule.name)
      end
      for name in pairs(row.query) do assert(names[name] or name == "alt" and fact.media, name) end
    end)
  end

  it("has no rows beside those of the contract", function()
    local count = 0
    for side in pairs(SIDES) do count = count + #operations[side] end
    assert.equal(#contract.operations + #contract.others.operations, count)
  end)

  it("matches raw segments and decodes what a variable stands for", function()
    local row, names = operations.match(operations.google, "POST",
      { "spaces", "a%2Db:endActiveConference" }, address.decode)
    assert.equal("spaces.endActiveConference", row.id)
    assert.same({ space = "a-b" }, names)
  end)

  it("is named by an id or its last words", function()
    assert.is_true(operations.named("conferenceRecords.participants.list", "participants.list"))
    assert.is_false(operations.named("conferenceRecords.participants.list", "ants.list"))
    assert.is_true(operations.exists("endActiveConference"))
    assert.is_false(operations.exists("participants.delete"))
  end)
end)

describe("googlemeet.testing.schema", function()
  for _, name in ipairs { "Space", "SpaceConfig", "ModerationRestrictions", "ArtifactConfig",
    "Member", "ConferenceRecord", "Participant", "ParticipantSession", "Recording", "SmartNote",
    "Transcript", "TranscriptEntry", "DriveDestination", "DocsDestination", "SignedinUser",
    "BatchUpdateMembersRequest", "UpdateMemberRequest", "ListParticipantsResponse" } do
    it("has the fields that the contract has in " .. name, function()
      local ours, theirs = schema.fields(name), contract.schemas[name].fields
      for field in pairs(ours) do
        assert(theirs[field], field)
      end
      for field, fact in pairs(theirs) do
        assert(ours[field], field)
        for _, value in ipairs(fact.enum and ours[field].values
          and contract.enums[fact.enum].values or {}) do
          assert.is_true(ours[field].values[value])
        end
      end
    end)
  end

  for name, fact in pairs(contract.others.schemas) do
    if name ~= "List" then
      it("has the fields that the contract has in " .. name, function()
        local ours = schema.fields(name)
        for field in pairs(ours) do assert(fact.fields[field], field) end
        for field, rule in pairs(fact.fields) do
          assert.equal(rule.ref or rule.items, assert(ours[field], field).of)
        end
      end)
    end
  end
end)
