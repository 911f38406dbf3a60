--- The facts of spec/contract/meet-v2.json as the judges of this folder need them: paths as the
-- gateway has them, its own operations after those of Google.

local cjson = require("cjson").new()
cjson.decode_invalid_numbers(false)

local DOCUMENT = "spec/contract/meet-v2.json"

--- Make integers of whole floats, since lua-cjson decodes 25 to 25.0, and nothing of null.
local function normalise(value)
  if math.type(value) == "float" then
    return math.tointeger(value) or value
  elseif type(value) == "table" then
    for key, item in pairs(value) do
      value[key] = normalise(item)
    end
  end
  return value ~= cjson.null and value or nil
end

local function read_document()
  local file <close> = assert(io.open(DOCUMENT))
  return normalise(cjson.decode(file:read "a"))
end

local document = read_document()
local gateway = document.gateway

local facts = { segments = {}, standardQuery = {}, operations = {}, enums = {}, schemas = {},
  filters = {} }

--- The pattern "^[characters]{1,max}$", with a look ahead where a meeting code is refused.
local function add_segments(segments)
  for name, segment in pairs(segments) do
    local characters, max = segment.strict:match "%[([^%]]+)%]{1,(%d+)}%$$"
    facts.segments[name] = { characters = characters, max = tonumber(max),
      neverCode = segment.strict:find("?!", 1, true) ~= nil }
  end
end

local function add_schemas(schemas)
  for name, schema in pairs(schemas) do
    for _, field in pairs(schema.fields) do field.enum = field.enum or field.enumRef end
    facts.schemas[name] = schema
  end
end

local function add_operations(methods, prefix)
  for _, row in ipairs(methods) do
    row.path = prefix .. row.path
    for _, rule in ipairs(row.query) do
      rule.enum = rule.enumRef
      row.page = rule.max and { default = rule.default, max = rule.max } or row.page
    end
    table.insert(facts.operations, row)
  end
end

for _, rule in ipairs(document.standardQuery) do
  if rule.gateway then table.insert(facts.standardQuery, rule) end
end
for name, values in pairs(gateway.enums) do document.enums[name] = { values = values } end
for name, enum in pairs(document.enums) do
  enum.known, enum.refused = {}, {}
  for _, value in ipairs(enum.values) do
    enum.known[value] = true
  end
  for _, value in ipairs(enum.notInRequests or {}) do
    enum.refused[value] = true
  end
  facts.enums[name] = enum
end
for name, filter in pairs(document.filters) do facts.filters[name] = filter.fields end
add_segments(document.segments)
add_segments(gateway.segments)
add_schemas(document.schemas)
add_schemas(gateway.schemas)
add_operations(document.methods, "/" .. document.api.app)
add_operations(gateway.methods, "")

--- Give the text without percent-encoding, or nil.
function facts.percent_decode(text)
  if text:gsub("%%%x%x", ""):find("%", 1, true) then
    return nil
  end
  return (text:gsub("%%(%x%x)", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

--- Split a text at each separator, keeping empty parts.
function facts.split(text, separator)
  local parts = {}
  for part in (text .. separator):gmatch("([^%" .. separator .. "]*)%" .. separator) do
    parts[#parts + 1] = part
  end
  return parts
end

return facts
