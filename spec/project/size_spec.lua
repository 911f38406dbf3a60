local tree = require "spec.support.tree"

local MOST = 400

-- Longer for a reason; a new row needs one as good.
local exempt = {
  -- One declaration for each public name: a list, read by editors, never run.
  ["lua/googlemeet/types.lua"] = true,
}

describe("a source file", function()
  it("has at most " .. MOST .. " lines", function()
    local files = tree.find("src", "*.[ch]")
    table.move(tree.find("lua", "*.lua"), 1, 1000, #files + 1, files)
    assert.is_true(#files > 0)
    for _, path in ipairs(files) do
      local _, lines = tree.read(path):gsub("\n", "")
      assert(lines <= MOST or exempt[path], path .. " has " .. lines .. " lines")
    end
  end)
end)
