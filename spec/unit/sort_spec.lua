local sort = require "googlemeet.sort"

describe("googlemeet.sort.by", function()
  it("sorts by key, in place", function()
    local items = { { at = 3 }, { at = 1 }, { at = 2 } }
    assert.equal(items, sort.by(items, function(item) return item.at end))
    assert.same({ { at = 1 }, { at = 2 }, { at = 3 } }, items)
  end)

  it("keeps the order of items with equal keys", function()
    local items = {}
    for place = 1, 100 do items[place] = { key = place % 2, place = place } end
    sort.by(items, function(item) return item.key end)
    assert.same({ 2, 100, 1, 99 },
      { items[1].place, items[50].place, items[51].place, items[100].place })
    for index = 2, 100 do
      assert.is_true(index == 51 or items[index - 1].place < items[index].place)
    end
  end)

  it("asks for each key once, from the first item to the last", function()
    local asked, items = {}, { { name = "a" }, { name = "b" }, { name = "c" } }
    sort.by(items, function(item)
      asked[#asked + 1] = item.name
      return -#asked
    end)
    assert.same({ "a", "b", "c" }, asked)
    assert.same({ { name = "c" }, { name = "b" }, { name = "a" } }, items)
  end)
end)
