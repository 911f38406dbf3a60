local unique = require "googlemeet.unique"

local function names_of(items)
  local names = {}
  for index, item in ipairs(items) do names[index] = item.name .. "=" .. item.value end
  return table.concat(names, " ")
end

describe("googlemeet.unique", function()
  it("keeps items that differ, in order", function()
    local items = { { name = "b", value = 1 }, { name = "a", value = 2 } }
    assert.equal("b=1 a=2", names_of(unique(items)))
  end)

  it("keeps the last copy of an item at the place of the first", function()
    local items = {
      { name = "a", value = 1 }, { name = "b", value = 2 }, { name = "a", value = 3 },
      { name = "c", value = 4 }, { name = "b", value = 5 }, { name = "a", value = 6 },
    }
    assert.equal("a=6 b=5 c=4", names_of(unique(items)))
  end)

  it("leaves the list that it was given alone", function()
    local items = { { name = "a", value = 1 }, { name = "a", value = 2 } }
    unique(items)
    assert.equal("a=1 a=2", names_of(items))
  end)

  it("keeps every item whose name is not a string", function()
    local items = { {}, { name = 7 }, {}, { name = 7 }, { name = false }, "text", "text" }
    assert.same(items, unique(items))
  end)

  it("has an empty list for an empty list", function()
    assert.same({}, unique {})
  end)
end)
