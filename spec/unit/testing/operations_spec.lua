local address = require "googlemeet.testing.address"
local contract = require "spec.support.contract"
local operations = require "googlemeet.testing.operations"
local schema = require "googlemeet.testing.schema"

local function rows_by_id()
  local rows = {}
  for _, row in ipairs(operations.google) do
    rows[row.id] = row
  end
  for _, row in ipairs(operations.gateway) do
    rows[row.id] = row
  end
  return rows
end

describe("googlemeet.testing.operations", function()
  local rows = rows_by_id()

  for _, fact in ipairs(contract.operations) do
    it("agrees with the contract on " .. fact.id, function()
      local row = assert(rows[fact.id])
      assert.equal(fact.verb, row.verb)
      assert.equal(fact.path:gsub("^/google%-meet/v2", ""), "/" .. row.path)
      if fact.path:find("^/google%-meet/") then
        assert.same({ fact.request, fact.response, fact.items, fact.quota, fact.page },
          { row.request, row.response, row.items, row.quota, row.page })
        assert.equal(fact.order and fact.order:find("desc") and "descending" or "ascending",
          row.order or "ascending")
      end
    end)
  end

  it("has no rows beside those of the contract", function()
    assert.equal(#contract.operations, #operations.google + #operations.gateway)
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
end)
