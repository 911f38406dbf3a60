-- The small value modules of the fake: JSON, addresses, order, pages, randomness, options.

local address = require "googlemeet.testing.address"
local checked = require "googlemeet.testing.checked"
local collection = require "googlemeet.testing.collection"
local errors = require "googlemeet.testing.errors"
local json = require "googlemeet.testing.json"
local page = require "googlemeet.testing.page"
local random = require "googlemeet.testing.random"
local schema = require "googlemeet.testing.schema"

describe("googlemeet.testing.json", function()
  it("writes names in order, integers as integers, [] and {}", function()
    local value = { b = 25.0, a = json.array {}, c = {}, d = { 1, "x\n\"\1" }, e = json.null }
    assert.equal('{"a":[],"b":25,"c":{},"d":[1,"x\\n\\"\\u0001"],"e":null}', json.encode(value))
  end)

  it("writes with indent", function()
    assert.equal('{\n  "a": [\n    1\n  ],\n  "b": {}\n}', json.encode({ a = { 1 }, b = {} }, true))
  end)

  it("reads JSON only", function()
    assert.same({ a = 1 }, json.decode('{"a":1}'))
    for _, text in ipairs { "", "{", "{'a':1}", "[1,]", "NaN", '"\xff"' } do
      local value, problem = json.decode(text)
      assert.is_nil(value)
      assert.is_string(problem)
    end
  end)
end)

describe("googlemeet.testing.address", function()
  it("takes a URL apart and decodes its query", function()
    local read = address.read("https://host.example/a/b%20c?x=1%202&y=a+b&z")
    assert.equal("/a/b%20c", read.path)
    assert.same({ { name = "x", value = "1 2" }, { name = "y", value = "a b" },
      { name = "z", value = "" } }, read.query)
    assert.same({ "a", "b%20c", "" }, address.segments("/a/b%20c/"))
  end)

  it("refuses what is not encoded correctly", function()
    for _, url in ipairs { "/a b", "/a%zz", "/a?x=%", "/a#b", "/ä", "/a?x=%ff" } do
      assert.is_nil(address.read(url))
    end
  end)
end)

describe("googlemeet.testing.collection", function()
  it("orders nodes by time, then age, and iterates from any place", function()
    local nodes, made = {}, {}
    for i, seconds in ipairs { 30, 10, 20, 10 } do
      made[i] = { seconds = seconds, nanoseconds = 0, sequence = i }
      collection.insert(nodes, made[i])
    end
    local function order(direction, key)
      local found = {}
      for node in collection.walk(nodes, direction, key) do
        found[#found + 1] = node.sequence
      end
      return found
    end
    assert.same({ 2, 4, 3, 1 }, order "ascending")
    assert.same({ 1, 3, 4, 2 }, order "descending")
    assert.same({ 3, 1 }, order("ascending", made[4]))
    assert.same({ 2 }, order("descending", made[4]))
    collection.remove(nodes, made[4])
    assert.same({ 3, 1 }, order("ascending", made[4]))
    assert.same({ 2 }, order("descending", made[4]))
  end)
end)

describe("googlemeet.testing.page", function()
  it("reads its own tokens for the same list only", function()
    local node = { seconds = 1795341600, nanoseconds = 120388000, sequence = 7 }
    local token = page.token(node, "list", 2, 1795341600)
    local key, number = page.read(token, "list", 1795341601)
    assert.same(node, key)
    assert.equal(2, number)
    local response = errors.catch(page.read, token, "other", 1795341601)
    assert.equal(400, response.status)
  end)
end)

describe("googlemeet.testing.random", function()
  it("gives the same numbers for the same seed, within bounds", function()
    local one, other = random.new("seed"), random.new("seed")
    for _ = 1, 100 do
      local number = one:between(3, 7)
      assert.equal(number, other:between(3, 7))
      assert.is_true(number >= 3 and number <= 7)
    end
    assert.matches("^[ab]+$", one:text("ab", 12))
  end)
end)

describe("googlemeet.testing.errors", function()
  it("catches what it throws, and lets other errors pass", function()
    local response = errors.catch(errors.throw, errors.google("NOT_FOUND", "gone"))
    assert.equal(404, response.status)
    local ok, problem = pcall(errors.catch, error, "a bug")
    assert.is_false(ok)
    assert.matches("^a bug\n", problem)
  end)
end)

describe("googlemeet.testing.checked", function()
  it("names the option that is unknown or of a wrong type", function()
    local allowed = { id = "string", at = "number or string" }
    assert.same({ id = "x", at = 5 }, checked.options("f", { id = "x", at = 5 }, allowed))
    local options = checked.public(checked.options)
    assert.error_matches(function() options("f", { it = 1 }, allowed) end,
      "f: unknown option 'it'; known: at, id$")
    assert.error_matches(function() options("f", { id = 1 }, allowed) end,
      "f: option 'id': string expected, got number")
  end)
end)

describe("googlemeet.testing.schema", function()
  it("lists every violation with its place", function()
    local body = { config = { accessType = "x", y = 1 }, z = 1 }
    local places = {}
    for i, violation in ipairs(schema.check("Space", body)) do
      places[i] = violation.field
    end
    assert.same({ "", "config", "config.accessType" }, places)
  end)
end)
