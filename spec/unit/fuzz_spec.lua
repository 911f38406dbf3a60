-- The properties that `make fuzz` tries with any bytes, with those it is known by (the seeds, and
-- what once broke one) and some that are drawn.

local tree = require "spec.support.tree"

local SEED = 1 -- a gate fails for a change, not for the day

--- Bytes that small choices and any text are made of.
local function draw()
  local bytes = {}
  for index = 1, math.random(0, 300) do
    bytes[index] = string.char(math.random(0, math.random(3) == 1 and 255 or 9))
  end
  return table.concat(bytes)
end

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

    it(("holds for whatever is drawn (seed %d)"):format(SEED), function()
      math.randomseed(SEED)
      for _ = 1, 100 do property(draw()) end
    end)
  end)
end
