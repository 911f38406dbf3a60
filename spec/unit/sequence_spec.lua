local sequence = require "googlemeet.sequence"

local collect, map, take, where = sequence.collect, sequence.map, sequence.take, sequence.where

--- A source as the pagers are: an object that is called, and closed by the loop. It notes both.
local function source(items)
  local self = { asked = 0, closed = 0 }
  return setmetatable(self, {
    __call = function()
      self.asked = self.asked + 1
      return items[self.asked]
    end,
    __close = function() self.closed = self.closed + 1 end,
  })
end

--- The four values of a `for` over such a source.
local function walk(walked)
  return walked, nil, nil, walked
end

local function is_even(number) return number % 2 == 0 end

describe("googlemeet.sequence.where", function()
  it("keeps accepted items", function()
    assert.same({ 2, 4 }, collect(where(is_even, walk(source { 1, 2, 3, 4, 5 }))))
  end)

  it("goes over a long run of refused items", function()
    local items = {}
    for index = 1, 100000 do items[index] = 1 end
    items[#items + 1] = 2
    assert.same({ 2 }, collect(where(is_even, walk(source(items)))))
  end)

  it("keeps all values of an item and the state of the source", function()
    local found = {}
    for index, word in where(function(_, word) return word ~= "b" end, ipairs { "a", "b", "c" }) do
      found[#found + 1] = index .. word
    end
    assert.same({ "1a", "3c" }, found)
  end)

  it("lets an early break close the source", function()
    local numbers = source { 1, 2, 3, 4 }
    for number in where(is_even, walk(numbers)) do
      if number == 2 then break end
    end
    assert.same({ 2, 1 }, { numbers.asked, numbers.closed })
  end)
end)

describe("googlemeet.sequence.map", function()
  it("replaces each item", function()
    assert.same({ 10, 20 }, collect(map(function(n) return n * 10 end, walk(source { 1, 2 }))))
  end)

  it("calls the source with its own previous item", function()
    local words = {}
    for word in map(function(index, word) return word .. index end, ipairs { "a", "b" }) do
      words[#words + 1] = word
    end
    assert.same({ "a1", "b2" }, words)
  end)

  it("returns all values of the function", function()
    for word, index in map(function(index, word) return word, index end, ipairs { "a" }) do
      assert.same({ "a", 1 }, { word, index })
    end
  end)

  it("leaves out items mapped to nil", function()
    local function half(number) return is_even(number) and number // 2 or nil end
    assert.same({ 1, 2 }, collect(map(half, walk(source { 1, 2, 3, 4 }))))
  end)

  it("keeps false", function()
    assert.same({ false, true }, collect(map(is_even, walk(source { 1, 2 }))))
  end)

  it("lets an error close the source", function()
    local numbers = source { 1, 2 }
    assert.has_error(function()
      collect(map(function() error("no", 0) end, walk(numbers)))
    end, "no")
    assert.equal(1, numbers.closed)
  end)
end)

describe("googlemeet.sequence.take", function()
  it("ends after so many items and closes the source", function()
    local numbers = source { 1, 2, 3, 4 }
    assert.same({ 1, 2 }, collect(take(2, walk(numbers))))
    assert.equal(1, numbers.closed)
  end)

  it("does not ask for one item more", function()
    local numbers = source { 1, 2, 3, 4 }
    collect(take(2, walk(numbers)))
    assert.equal(2, numbers.asked)
  end)

  it("takes nothing, or all there is", function()
    local numbers = source { 1, 2 }
    assert.same({}, collect(take(0, walk(numbers))))
    assert.same({ 0, 1 }, { numbers.asked, numbers.closed })
    assert.same({ 1, 2 }, collect(take(9, walk(source { 1, 2 }))))
  end)

  it("keeps all values of an item", function()
    for index, word in take(1, ipairs { "a", "b" }) do
      assert.same({ 1, "a" }, { index, word })
    end
  end)
end)

describe("googlemeet.sequence.collect", function()
  it("gathers the first value of each item", function()
    assert.same({ 1, 2 }, collect(ipairs { "a", "b" }))
  end)

  it("closes the source", function()
    local numbers = source {}
    assert.same({}, collect(walk(numbers)))
    assert.equal(1, numbers.closed)
  end)
end)

describe("googlemeet.sequence", function()
  it("can be put together", function()
    local numbers = source { 1, 2, 3, 4, 5, 6 }
    local found = {}
    for number in map(tostring, take(2, where(is_even, walk(numbers)))) do
      found[#found + 1] = number
    end
    assert.same({ "2", "4" }, found)
    assert.same({ 4, 1 }, { numbers.asked, numbers.closed })
  end)

  it("blames its caller for what is no iterator", function()
    local function complaint(use)
      local _, message = pcall(use)
      return message:match("sequence_spec%.lua:%d+: (.*)")
    end
    assert.equal("sequence.where: iterator expected, got table",
      complaint(function() local _ = where(is_even, { 1 }) end))
    assert.equal("sequence.map: function expected, got nil",
      complaint(function() local _ = map(nil, ipairs {}) end))
    assert.equal("sequence.take: whole number from 0 expected, got number",
      complaint(function() local _ = take(-1, ipairs {}) end))
    assert.equal("sequence.collect: iterator expected, got string",
      complaint(function() local _ = collect("abc") end))
  end)
end)
