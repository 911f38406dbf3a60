local coverage = require "spec.support.coverage"
local rows = require "spec.fixtures.unreached"
local tree = require "spec.support.tree"

describe("spec/fixtures/unreached.lua", function()
  it("has in each row code of src/ and a reason", function()
    local _, complaints = coverage.spans(rows, function(file) return tree.read("src/" .. file) end)
    assert.same({}, complaints)
    for _, row in ipairs(rows) do assert.matches("%a", row[3], row[2]) end
  end)
end)
