-- What `make docs` is made of: reads annotations and the operation table, writes Markdown.

local annotations = require "spec.docs.annotations"
local blocks = require "spec.docs.blocks"
local declarations = require "spec.docs.declarations"
local manual = require "spec.docs.manual"
local operations = require "spec.docs.operations"
local shown = require "spec.docs.shown"

local SOURCE <const> = [[
#define V2 "/google-meet/v2/"
#define UNDER(name) V2 "{conferenceRecords/*/" name "/*}"
#define READ(...)  .verb = "GET", .quota = MEET_QUOTA_READ, __VA_ARGS__

const struct meet_operation meet_operations[] = {
    {.id = "conferenceRecords.recordings.get",
     .service = "recordings",
     .method = "get",
     .path = UNDER("recordings"),
     .timeout = 80, /* .verb = "PUT" */
     READ(.resource = "recording")},
    {.id = "connections.create",
     .verb = "POST",
     .flags = MEET_TAKES_BODY | MEET_TAKES_APP},
    {0},
};
]]

local TYPES <const> = [[
--- A fish.
-- It swims.
---@class googlemeet.Fish: googlemeet.Animal
---@field name string
---@field fins? integer default: 2; how many
---@field swim fun(self: googlemeet.Fish, to: "a"|"b", bait?: integer): true?, string? has it come
local Fish = {}

--- Eat.
---@param what googlemeet.Food what it likes
---@param on_end? fun(left: integer, total: integer?): boolean?
---@return integer left crumbs
function Fish:eat(what, on_end) end

---@class googlemeet.Animal
---@field age number seconds

---@alias googlemeet.Food
---| "worm" # wet
---| "bread"

---@alias googlemeet.Water "salt"|"fresh"
]]

describe("spec.docs.operations", function()
  it("reads the rows, their macros and their flags", function()
    assert.same({
      {
        id = "conferenceRecords.recordings.get", service = "recordings", method = "get",
        verb = "GET", path = "/google-meet/v2/{conferenceRecords/*/recordings/*}", timeout = 80,
        resource = "recording", quota = "READ", flags = {},
      },
      {
        id = "connections.create", verb = "POST", quota = "NONE",
        flags = { TAKES_BODY = true, TAKES_APP = true },
      },
    }, operations.read(SOURCE))
  end)
end)

describe("spec.docs.annotations", function()
  local types = annotations.read(TYPES)
  local fish = types.classes["googlemeet.Fish"]

  it("reads a class with what is said of it", function()
    assert.equal("A fish. It swims.", fish.text)
    assert.same({ "googlemeet.Animal" }, fish.parents)
    assert.same({
      { name = "name", optional = false, type = "string", text = "" },
      { name = "fins", optional = true, type = "integer", text = "default: 2; how many" },
    }, fish.fields)
  end)

  it("takes a field that is a function of the object for a method", function()
    local swim = fish.methods[1]
    assert.equal("has it come", swim.text)
    assert.same({
      { name = "to", optional = false, type = '"a"|"b"' },
      { name = "bait", optional = true, type = "integer" },
    }, swim.parameters)
    assert.same({ { type = "true?" }, { type = "string?" } }, swim.returns)
  end)

  it("reads a function with its parameters and results", function()
    local eat = fish.methods[2]
    assert.equal("eat", eat.name)
    assert.equal("Eat.", eat.text)
    assert.equal("what it likes", eat.parameters[1].text)
    assert.equal("fun(left: integer, total: integer?): boolean?", eat.parameters[2].type)
    assert.same({ { type = "integer", text = "left crumbs" } }, eat.returns)
  end)

  it("reads the values of an alias", function()
    local food = types.aliases["googlemeet.Food"]
    assert.equal('"worm"|"bread"', food.type)
    assert.same({ { value = "worm", text = "wet" }, { value = "bread", text = "" } }, food.values)
    assert.equal('"salt"|"fresh"', types.aliases["googlemeet.Water"].type)
  end)
end)

describe("spec.docs.shown", function()
  local types = annotations.read(TYPES)
  local anchors = { ["class googlemeet.Fish"] = "fields-of-a-fish", ["enum Water"] = "waters" }

  for _, case in ipairs {
    { "string", "`string`" },
    { "string?", "`string`" },
    { "string|integer|nil", "`string` or `integer`" },
    { "googlemeet.Fish", "[`Fish`](#fields-of-a-fish)" },
    { "googlemeet.Fish[]|false", "array of [`Fish`](#fields-of-a-fish) or `false`" },
    { "{ age: integer }[]", "array of tables of `age` (`integer`)" },
    { "googlemeet.Animal", "`Animal`" },
    { "googlemeet.Food", '`"worm"` or `"bread"`' },
    { "googlemeet.Water", "[`Water`](#waters)" },
    { "table<string, string|(integer|false)[]>",
      "table from `string` to `string` or array of `integer` or `false`" },
    { "string|fun(at: integer, of: integer?): true|string", "`string` or `function(at, of)`" },
    { "{ fish: googlemeet.Fish, count: integer? }",
      "table of `fish` ([`Fish`](#fields-of-a-fish)), `count` (`integer`, optional)" },
  } do
    it("writes the type " .. case[1], function()
      assert.equal(case[2], shown.type(case[1], types, anchors))
    end)
  end

  for _, case in ipairs {
    { "default: 60; seconds, 1 to 90; rarely more", "`60`", "seconds, 1 to 90; rarely more" },
    { "default: MATON_API_KEY; or a function", "`MATON_API_KEY`", "or a function" },
    { "default: the client's `timeout`; seconds", "the client's `timeout`", "seconds" },
    { "default: none; rate limits; `true`: ten", "none", "rate limits; `true`: ten" },
    { "default: os.time()", "`os.time()`", "" },
    { "where to resume", nil, "where to resume" },
  } do
    it("finds the default in: " .. case[1], function()
      local default, text = shown.default(case[1])
      assert.equal(case[2], default)
      assert.equal(case[3], text)
    end)
  end
end)

describe("spec.docs.manual", function()
  it("gives headings the anchors of GitHub", function()
    local found = {}
    local text = "# A b\n## `client.spaces:create`\n```lua\n# no heading\n```\n## A [b](c)\n"
    for _, heading in ipairs(manual.headings(text .. "### Über-x, y_z?\n")) do
      found[#found + 1] = heading.anchor
    end
    assert.same({ "a-b", "clientspacescreate", "a-b-1", "Über-x-y_z" }, found)
  end)

  it("fills blocks and leaves all else", function()
    local text = "# A\n<!-- generated: class X -->\nold\n<!-- end -->\nlast\n"
    assert.equal("# A\n<!-- generated: class X -->\nclass X at a\n<!-- end -->\nlast\n",
      manual.fill(text, function(what, anchors) return what .. " at " .. anchors[what] .. "\n" end))
  end)

  it("leaves blocks that are code", function()
    local text = "```\n<!-- generated: class X -->\n```\n"
    assert.equal(text, manual.fill(text, error))
  end)

  it("refuses a block that has no end", function()
    local function write() return "" end
    assert.error_matches(function()
      manual.fill("<!-- generated: A -->\n<!-- generated: B -->\n<!-- end -->\n", write)
    end, "line 2: the block 'A' has no end")
    assert.error_matches(function() manual.fill("<!-- generated: A -->\n", write) end, "no end")
  end)
end)

describe("spec.docs.blocks", function()
  local facts = {
    types = annotations.read(TYPES), operations = {},
    enums = { Water = { values = { "W_UNSPECIFIED", "SALT" }, meaning = { SALT = "sea|ocean" } } },
  }

  it("writes a class with its parents' fields, and the defaults where there are any", function()
    assert.equal([[
| field | type | default | meaning |
|---|---|---|---|
| `name` | `string` |  |  |
| `fins` | `integer`, optional | `2` | how many |
| `age` | `number` |  | seconds |
]], blocks.write(facts, "class googlemeet.Fish", {}))
  end)

  it("leaves out a column in which there is nothing", function()
    assert.equal("| field | type | meaning |\n|---|---|---|\n| `age` | `number` | seconds |\n",
      blocks.write(facts, "class googlemeet.Animal", {}))
  end)

  it("writes values with their meanings", function()
    assert.equal('| value | meaning |\n|---|---|\n| `"worm"` | wet |\n| `"bread"` |  |\n',
      blocks.write(facts, "alias googlemeet.Food", {}))
    assert.equal('| value | meaning |\n|---|---|\n| `"SALT"` | sea\\|ocean |\n',
      blocks.write(facts, "enum Water", {}))
  end)

  for _, what in ipairs {
    "clas googlemeet.Fish", "class googlemeet.Cat", "alias googlemeet.Fish", "enum Fish",
    "operation fish.fly",
  } do
    it("refuses '" .. what .. "'", function()
      local name = what:match "%S+$"
      assert.error_matches(function() blocks.write(facts, what, {}) end, (name:gsub("%p", "%%%0")))
    end)
  end
end)

describe("spec.docs.declarations", function()
  local facts = {
    types = annotations.read "---@class googlemeet.Pager\n", links = {}, enums = {},
    operations = operations.read(SOURCE:gsub('{.id = "connections.-},\n    ', "")),
  }

  it("fills a block with a service", function()
    assert.equal([[
-- generated: services

---@class googlemeet.Recordings
local Recordings = {}

--- Read a recording.
---@param recording googlemeet.Recording|string
---@param opts? googlemeet.CallOptions
---@return googlemeet.Recording? recording
---@return googlemeet.Error err
function Recordings:get(recording, opts) end

-- end
last
]], declarations.fill("-- generated: services\nold\n-- end\nlast\n", facts))
  end)

  it("refuses a block that it does not know, and one without an end", function()
    local function filling(text)
      return function() declarations.fill(text, facts) end
    end
    assert.error_matches(filling "-- generated: fish\n-- end\n", "fish")
    assert.error_matches(filling "-- generated: lists\n", "no end")
  end)
end)
