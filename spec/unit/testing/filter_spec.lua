local filter = require "googlemeet.testing.filter"

describe("googlemeet.testing.filter", function()
  local record = {
    ["space.name"] = "spaces/Q", ["space.meeting_code"] = "hpk-vtwd-ens",
    start_time = "2026-11-19T09:00:00Z",
  }

  local function accepts(text)
    local terms = assert(filter.read(text, "conferenceRecords"))
    return filter.accepts(terms, function(name) return record[name] end)
  end

  local cases = {
    { true, "" }, { true, 'space.name = "spaces/Q"' }, { false, 'space.name="spaces/q"' },
    { true, 'space.meeting_code="HPK-vtwd-ens"' }, { true, "end_time IS NULL" },
    { false, "start_time IS NULL" }, { true, 'start_time>="2026-11-19T09:00:00Z"' },
    { true, 'start_time = "2026-11-19T10:00:00.000+01:00"' },
    { false, 'start_time>="2026-11-19T09:00:00.000000001Z"' },
    { true, 'start_time<="2026-11-19T09:00:00Z" AND end_time IS NULL' },
    { false, 'start_time<="2026-11-19T08:59:59Z" AND end_time IS NULL' },
    { false, 'end_time<="2027-01-01T00:00:00Z"' },
  }
  for _, case in ipairs(cases) do
    it(("gives %s for %s"):format(case[1], case[2]), function()
      assert.equal(case[1], accepts(case[2]))
    end)
  end

  local refused = {
    { "no filter on the field endTime", "endTime IS NULL" },
    { "no filter on the field state", 'state="ENDED"' },
    { "operator < is not", 'start_time<"2026-11-19T09:00:00Z"' },
    { "operator != is not", 'start_time!="2026-11-19T09:00:00Z"' },
    { "operator >= is not supported for space.name", 'space.name>="spaces/Q"' },
    { "operator is missing", "end_time IS NOT NULL" },
    { "operator is missing", "space.name IS NULL" },
    { "not in double quotes", "start_time>=2026" },
    { "not in double quotes", "space.name='spaces/Q'" },
    { "not in double quotes", 'space.name="spaces/\\"Q"' },
    { "not an RFC 3339 time", 'start_time>="2026-11-19"' },
    { "not a space name", 'space.name="Q"' },
    { "not a meeting code", 'space.meeting_code="spaces/Q"' },
    { "only AND", "end_time IS NULL OR start_time IS NULL" },
    { "only AND", "end_time IS NULL and start_time IS NULL" },
    { "field name is expected", "(end_time IS NULL)" },
    { "field name is expected", "end_time IS NULL AND " },
  }
  for _, case in ipairs(refused) do
    it("refuses " .. case[2], function()
      local terms, problem = filter.read(case[2], "conferenceRecords")
      assert.is_nil(terms)
      assert.matches(case[1], problem, 1, true)
    end)
  end

  it("knows the fields of each list", function()
    assert.truthy(filter.read("latest_end_time IS NULL", "participants"))
    assert.falsy(filter.read("end_time IS NULL", "participants"))
    assert.truthy(filter.read("end_time IS NULL", "participantSessions"))
  end)
end)
