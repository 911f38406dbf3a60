local tree = require "spec.support.tree"

-- Written so that this file does not find itself.
local forbidden = {
  { "/ho" .. "me/[%w._-]+/", "somebody's folder" },
  { "/Us" .. "ers/[%w._-]+/", "somebody's folder" },
  { "/ro" .. "ot/", "somebody's folder" },
  { "FIX" .. "ME", "say it in an issue, and TO" .. "DO(#n) here" },
}

-- Nobody's: for specs that need such a path.
local made_up = "/ho" .. "me/ann/"

local todo = "%f[%w]TO" .. "DO%f[%W]"

describe("the project's text", function()
  local texts = tree.texts()

  it("has none of the words that do not belong in it", function()
    assert.is_true(#texts > 0)
    for _, path in ipairs(texts) do
      local number = 0
      for line in tree.read(path):gmatch "([^\n]*)\n?" do
        number = number + 1
        for _, row in ipairs(forbidden) do
          local word = line:match(row[1])
          assert(not word or word == made_up,
            ("%s:%d: %q: %s"):format(path, number, tostring(word), row[2]))
        end
      end
    end
  end)

  it("puts the number of an issue behind what is still to be done", function()
    for _, path in ipairs(texts) do
      for line in tree.read(path):gmatch "[^\n]+" do
        local open = line:gsub(todo .. "%(#%d+%)", "")
        assert(not open:find(todo), path .. ": " .. line)
      end
    end
  end)
end)
