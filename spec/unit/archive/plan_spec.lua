local plan = require "googlemeet.archive.plan"

local function names_of(items)
  local names = {}
  for index, item in ipairs(items) do names[index] = item.name end
  return table.concat(names, " ")
end

describe("googlemeet.archive.plan.sort", function()
  it("puts the next to expire first, whatever its fraction looks like, and the others last",
    function()
      assert.equal("a b c d e f", names_of(plan.sort {
        { name = "e" },
        { name = "c", expire_time = "2026-12-01T09:00:00.5Z" },
        { name = "b", expire_time = "2026-12-01T09:00:00.250002Z" },
        { name = "d", expire_time = "2026-12-01T09:00:01Z" },
        { name = "f", expire_time = "no time" },
        { name = "a", expire_time = "2026-12-01T10:00:00.25+01:00" },
      }))
    end)

  it("puts a time in the year 9999 before none", function()
    assert.equal("b a", names_of(plan.sort {
      { name = "a" }, { name = "b", expire_time = "9999-12-31T23:59:59Z" },
    }))
  end)

  it("sorts by name when the times are equal", function()
    local same = "2026-12-01T09:00:00Z"
    assert.equal("a b c", names_of(plan.sort {
      { name = "c", expire_time = same }, { name = "a", expire_time = same },
      { name = "b", expire_time = same },
    }))
  end)
end)

describe("googlemeet.archive.plan.make", function()
  local records = {
    { name = "running" },
    { name = "new", expireTime = "2026-12-03T00:00:00Z" },
    { name = "old", expireTime = "2026-12-01T00:00:00Z" },
  }

  it("takes the records, the next to expire first", function()
    local steps, skipped = plan.make(records, {})
    assert.equal("old new running", names_of(steps))
    assert.equal(0, skipped)
    assert.equal(records[3], steps[1].record)
  end)

  it("leaves out complete conferences, and no others", function()
    local steps, skipped = plan.make(records, {
      { name = "old", state = "complete" }, { name = "new", state = "due" },
      { name = "running", state = "gone" },
    })
    assert.equal("new running", names_of(steps))
    assert.equal(1, skipped)
    assert.same({ name = "new", state = "due" }, steps[1].entry)
  end)

  it("takes conferences that are due but not listed, and none that are gone or complete", function()
    local steps, skipped = plan.make({}, {
      { name = "a", state = "due", expire_time = "2026-12-01T00:00:00Z" },
      { name = "b", state = "gone" }, { name = "c", state = "complete" },
    })
    assert.same({ { name = "a", expire_time = "2026-12-01T00:00:00Z",
      entry = { name = "a", state = "due", expire_time = "2026-12-01T00:00:00Z" } } }, steps)
    assert.equal(0, skipped)
  end)

  it("takes a record once that is listed twice", function()
    local steps = plan.make({ records[1], records[2], records[1] }, {})
    assert.equal("new running", names_of(steps))
    local _, skipped = plan.make({ records[1], records[1] }, { { name = "running",
      state = "complete" } })
    assert.equal(1, skipped)
  end)

  it("gives names apart that no request can have, of the server and of the manifest", function()
    local steps, skipped, refused = plan.make({
      { name = "a" }, { name = "a b" }, {}, { name = 5 }, { name = { "a" } },
    }, {
      { name = "../c", state = "due" }, { name = "../d", state = "complete" }, { name = false },
    })
    assert.equal("a", names_of(steps))
    assert.equal(0, skipped)
    assert.same({ "a b", false, 5, { "a" }, "../c" }, refused)
  end)

  it("takes the newer of two copies of a record", function()
    local steps = plan.make({ { name = "a" }, { name = "a", endTime = "x" } }, {})
    assert.equal("x", steps[1].record.endTime)
  end)
end)
