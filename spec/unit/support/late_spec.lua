--- The judge of the gate `late`: what it takes for a broken promise.

local judge = require "spec.late.judge"

local DEADLINE = { deadline = true }
local SPACE = { name = "spaces/mark-1" }

describe("the judge of late calls", function()
  local row

  before_each(function() row = judge.row("a condition", 1) end)

  --- How many promises it takes for broken, with one of `field`.
  local function broken(field)
    if field then assert.equal(1, row[field]) end
    return row.broken
  end

  it("takes a call in time that its deadline ended", function()
    row:call("gather", 0.19, DEADLINE, { kind = "deadline" })
    row:finish {}
    assert.equal(0, broken())
    assert.same({ timeout = 0, deadline = 1 }, row.ended)
  end)

  it("refuses a call 0.2 s late, answered or not", function()
    row:call("gather", 0.21, DEADLINE, nil)
    assert.equal(1, broken "late")
    row:call("gather", 0.21, DEADLINE, { kind = "deadline" })
    assert.equal(2, broken())
    assert.equal(0.21, row.latest)
  end)

  it("refuses another kind, and a raised text", function()
    row:call("gather", 0, DEADLINE, { kind = "timeout" })
    assert.equal(1, broken "wrong")
    row:call("gather", 0, DEADLINE, "no table")
    assert.equal(2, broken())
  end)

  it("takes a write that was carried out once and came back", function()
    row:write("spaces/mark-1", SPACE, nil, 1)
    assert.equal(0, broken "good")
  end)

  it("refuses a write that is in doubt, lost, done twice, or another's", function()
    row:write("spaces/mark-1", nil, { ambiguous = true }, 1)
    assert.equal(1, broken "ambiguous")
    row:write("spaces/mark-1", nil, { kind = "transport" }, 0)
    assert.equal(2, broken "lost")
    row:write("spaces/mark-1", SPACE, nil, 2)
    row:write("spaces/mark-2", SPACE, nil, 1)
    row:write("spaces/mark-1", SPACE, nil, 0)
    assert.equal(5, broken())
  end)

  it("refuses calls that were not made, too few answers, and too many", function()
    row:finish {}
    assert.equal(1, broken())
    row:call("gather", 0, DEADLINE, { kind = "deadline" })
    row:finish { answered = 0.5, held = 0.8 }
    assert.equal(2, broken())
    row:call("gather", 0, DEADLINE, nil)
    row:finish { answered = 0.5, held = 0.8 }
    assert.equal(3, broken())
  end)

  it("counts no time in which the process had no processor", function()
    row:call("gather", 0.45, DEADLINE, nil, 0.3)
    assert.equal(0, broken())
    row:call("gather", 0.55, DEADLINE, nil, 0.3)
    assert.equal(1, broken())
  end)

  it("takes the loss of a socket that had to be cut", function()
    row = judge.row("a condition", 1, true)
    row:call("gather", 0, DEADLINE, { kind = "transport" })
    row:write("spaces/mark-1", nil, { ambiguous = true }, 1)
    assert.equal(0, broken())
    row:write("spaces/mark-1", nil, { ambiguous = true }, 2)
    row:write("spaces/mark-1", nil, {}, 1)
    row:call("gather", 0, DEADLINE, { kind = "server" })
    assert.equal(3, broken())
  end)

  it("refuses calls to a dead socket, and a condition of writes without any", function()
    row:call("gather", 0, DEADLINE, nil)
    row.dead = 1
    row:finish { writes = true }
    assert.equal(2, broken())
  end)

  it("refuses a way whose calls are late as a rule", function()
    for index = 1, 3 do
      row:call("gather", index < 3 and 0.01 or 0.1, DEADLINE, nil)
      row:call("blocking", index < 2 and 0.01 or 0.1, DEADLINE, nil)
    end
    local sum = judge.row("in all", 0)
    sum:add(row)
    sum:finish_ways()
    assert.equal(1, sum.broken)
    assert.matches("blocking", sum.examples[1])
  end)

  it("adds rows up", function()
    row:call("gather", 0.3, DEADLINE, { kind = "deadline" })
    local sum = judge.row("in all", 0)
    sum:add(row)
    assert.same({ 1, 1, 1, 0.3, 1 },
      { sum.wanted, sum.calls, sum.late, sum.latest, sum.ended.deadline })
    assert.equal(1, sum.broken)
  end)
end)
