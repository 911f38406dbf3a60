-- The support code of `make coverage`.

local coverage = require "spec.support.coverage"

local SOURCE = [[
int meet_pool_take(void)
{
    if (first &&
        second) {
        release();
        return -1;
    }
    return 0;
}
]]

--- Lines as gcovr has them, of rows { number, count, counts of the branches }.
local function found(list)
  local lines = {}
  for index, row in ipairs(list) do
    local branches = {}
    for place, count in ipairs(row[3] or {}) do branches[place] = { count = count } end
    lines[index] = { line_number = row[1], count = row[2], branches = branches }
  end
  return lines
end

local function spans_of(code)
  local spans, complaints = coverage.spans({ { "pool.c", code, "why" } }, function(file)
    return file == "pool.c" and SOURCE or nil
  end)
  return spans["pool.c"], complaints
end

describe("coverage.spans", function()
  it("finds code whatever the breaks between its words", function()
    assert.same({ { first = 3, last = 4 } }, (spans_of "if (first && second) {"))
  end)

  it("complains about code that does not stand in the source", function()
    assert.same({ "a row's code stands in 0 places of pool.c: if (third)" },
      select(2, spans_of "if (third)"))
  end)

  it("complains about code that stands there twice", function()
    assert.same({ "a row's code stands in 2 places of pool.c: return" },
      select(2, spans_of "return"))
  end)

  it("complains about a file that does not exist", function()
    local _, complaints = coverage.spans({ { "gone.c", "return 0;", "why" } }, function() end)
    assert.same({ "a row's code stands in 0 places of gone.c: return 0;" }, complaints)
  end)
end)

describe("coverage.judge", function()
  it("accepts a line that was reached with all its branches", function()
    assert.same({ 0, {} }, { coverage.judge(found { { 1, 7 }, { 3, 7, { 4, 3 } } }) })
  end)

  it("refuses an unreached line and an unreached branch without a row", function()
    local explained, bare = coverage.judge(found { { 5, 0 }, { 3, 7, { 7, 0 } } })
    assert.equal(0, explained)
    assert.same({ { number = 3, what = "1 of 2 branches" },
      { number = 5, what = "the line" } }, bare)
  end)

  it("accepts the code of a row, and the unreached lines that follow", function()
    local lines = found { { 3, 7, { 7, 0 } }, { 4, 7, { 7, 0 } }, { 5, 0 }, { 6, 0 }, { 8, 7 } }
    assert.same({ 4, {} }, { coverage.judge(lines, spans_of "if (first && second) {") })
  end)

  it("refuses an unreached line after one that was reached", function()
    local lines = found { { 3, 7, { 7, 0 } }, { 5, 7 }, { 6, 0 } }
    assert.same({ 1, { { number = 6, what = "the line" } } },
      { coverage.judge(lines, spans_of "if (first && second) {") })
  end)

  it("refuses an unreached branch after the code of a row", function()
    local lines = found { { 4, 7, { 7, 0 } }, { 5, 0 }, { 6, 1, { 1, 0 } } }
    assert.same({ 2, { { number = 6, what = "1 of 2 branches" } } },
      { coverage.judge(lines, spans_of "second) {") })
  end)
end)
