-- The properties that `make fuzz` tries with any bytes, with those it is known by: the seeds, and
-- what once broke one.

local tree = require "spec.support.tree"

for _, path in ipairs(tree.find("spec/fuzz", "*_fuzz.lua")) do
  local name = path:match "([%w_]+)_fuzz%.lua$"
  local property = dofile(path)

  describe("the property in " .. path, function()
    for _, input in ipairs(tree.find("spec/fuzz/corpus/" .. name, "*")) do
      it("holds for " .. input, function()
        local file <close> = assert(io.open(input, "rb"))
        property(file:read "a")
      end)
    end
  end)
end
