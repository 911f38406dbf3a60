--- The `fields` parameter: the parts of a response that are sent.
-- Its syntax is `a,b/c,d(e,f/g)` and `*`, with names in camelCase or snake_case. Case and
-- underscores are ignored, since Google's own default for sessions is `participantsessions/*`.

local json = require "googlemeet.testing.json"
local schema = require "googlemeet.testing.schema"

local fields = {}

local function plain(name)
  return (name:gsub("_", ""):lower())
end

local read_list -- mutual recursion

--- Read `name`, `name/rest` or `name(list)` at `at` into the tree; return where it ends.
local function read_item(text, at, tree)
  local name, after = text:match("^%s*([%w_*]+)%s*()", at)
  if not name or (name:find("*", 1, true) and name ~= "*") then
    return nil
  end
  name = plain(name)
  local below = tree[name] or {}
  tree[name] = below
  local mark = text:sub(after, after)
  if mark == "/" then
    below.some = true
    return read_item(text, after + 1, below)
  elseif mark == "(" then
    below.some = true
    after = read_list(text, after + 1, below)
    if not after or text:sub(after, after) ~= ")" then
      return nil
    end
    return text:match("^%s*()", after + 1)
  end
  below.whole = true
  return after
end

function read_list(text, at, tree)
  repeat
    at = read_item(text, at, tree)
    local more = at and text:sub(at, at) == ","
    at = more and at + 1 or at
  until not more
  return at
end

--- Read a fields mask into a tree: `{ name = { whole = true } or { some = true, … } }`.
---@param text string
---@return table? tree
function fields.read(text)
  local tree = {}
  local at = read_list(text, 1, tree)
  if at ~= #text + 1 then
    return nil
  end
  return tree
end

local function rows_by_plain_name(message)
  local rows = {}
  for name, row in pairs(schema.fields(message)) do
    rows[plain(name)] = row
  end
  if message == "Member" then
    rows.user = { type = "string" } -- in Google's documented default mask, but in no v2 response
  end
  return rows
end

--- Check a tree against a message type.
---@param tree table
---@param message string?
---@param prefix? string
---@return string? wrong the first path that does not exist
function fields.wrong(tree, message, prefix)
  local rows = message and rows_by_plain_name(message)
  local wrong = {}
  for name, below in pairs(tree) do
    if type(below) == "table" then
      local path = (prefix or "") .. name
      local row = rows and rows[name]
      if name ~= "*" and not row then
        wrong[#wrong + 1] = path
      elseif below.some and name ~= "*" then
        wrong[#wrong + 1] = fields.wrong(below, row.of, path .. "/")
      end
    end
  end
  table.sort(wrong)
  return wrong[1]
end

--- Copy the parts of a value that the tree selects.
---@param tree table
---@param value any
---@return any
function fields.keep(tree, value)
  if type(value) ~= "table" then
    return value
  end
  local kept = setmetatable({}, getmetatable(value))
  if #value > 0 then
    for i, item in ipairs(value) do
      kept[i] = fields.keep(tree, item)
    end
    return kept
  end
  for name, item in pairs(value) do
    local below = tree[plain(name)] or tree["*"]
    if below then
      kept[name] = below.whole and json.copy(item) or fields.keep(below, item)
    end
  end
  return kept
end

--- Say whether the tree selects a top-level field.
---@param tree table
---@param name string
function fields.selects(tree, name)
  return tree[plain(name)] ~= nil or tree["*"] ~= nil
end

return fields
