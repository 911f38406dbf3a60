local tree = require "spec.support.tree"

local MOST = 400

describe("a source file", function()
  it("has at most " .. MOST .. " lines", function()
    local files = tree.find("src", "*.[ch]")
    table.move(tree.find("lua", "*.lua"), 1, 1000, #files + 1, files)
    assert.is_true(#files > 0)
    for _, path in ipairs(files) do
      local _, lines = tree.read(path):gsub("\n", "")
      assert(lines <= MOST, path .. " has " .. lines .. " lines")
    end
  end)
end)
