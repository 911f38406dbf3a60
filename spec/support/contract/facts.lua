--- The facts of spec/contract/ as the judges of this folder need them: paths as the gateway has
-- them. Those of Meet and of the gateway itself, in this order, are apart from those of the other
-- apps: the client has methods for the former, and requests by hand for the latter.

local cjson = require("cjson").new()
cjson.decode_invalid_numbers(false)

local MEET = "spec/contract/meet-v2.json"
local APPS = {
  "spec/contract/drive-v3.json", "spec/contract/docs-v1.json", "spec/contract/calendar-v3.json",
}

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

local function read_document(path)
  local file <close> = assert(io.open(path))
  return normalise(cjson.decode(file:read "a"))
end

--- Facts of Meet and the gateway: `operations`, `schemas`, `enums`, `filters`; of the other apps:
-- `others`, with the same but for filters. Segments are everybody's.
local facts = { segments = {}, operations = {}, enums = {}, schemas = {}, filters = {},
  others = { operations = {}, enums = {}, schemas = {} } }

--- The pattern "^[characters]{1,max}$", with a lookahead where a meeting code is refused.
local function add_segments(segments)
  for name, segment in pairs(segments) do
    local characters, max = segment.strict:match "%[([^%]]+)%]{1,(%d+)}%$$"
    facts.segments[name] = { characters = characters, max = tonumber(max),
      neverCode = segment.strict:find("?!", 1, true) ~= nil }
  end
end

local function add_schemas(set, schemas)
  for name, schema in pairs(schemas) do
    for _, field in pairs(schema.fields) do field.enum = field.enum or field.enumRef end
    set.schemas[name] = schema
  end
end

local function add_operations(set, methods, prefix, standard)
  for _, row in ipairs(methods) do
    row.path, row.standardQuery = prefix .. row.path, standard
    for _, rule in ipairs(row.query) do
      rule.enum = rule.enumRef or rule.enum
      row.page = rule.max and { default = rule.default, max = rule.max } or row.page
    end
    table.insert(set.operations, row)
  end
end

local function add_enums(set, enums)
  for name, enum in pairs(enums) do
    enum.known, enum.refused = {}, {}
    for _, value in ipairs(enum.values) do
      enum.known[value] = true
    end
    for _, value in ipairs(enum.notInRequests or {}) do
      enum.refused[value] = true
    end
    set.enums[name] = enum
  end
end

--- Return the standard query parameters that the gateway accepts.
local function standard_of(document)
  local rules = {}
  for _, rule in ipairs(document.standardQuery) do
    if rule.gateway then rules[#rules + 1] = rule end
  end
  return rules
end

local function add_app(set, document)
  add_segments(document.segments)
  add_enums(set, document.enums or {})
  add_schemas(set, document.schemas)
  add_operations(set, document.methods, "/" .. document.api.app, standard_of(document))
end

local meet = read_document(MEET)
local gateway = meet.gateway
for name, values in pairs(gateway.enums) do meet.enums[name] = { values = values } end
for name, filter in pairs(meet.filters) do facts.filters[name] = filter.fields end
add_app(facts, meet)
add_segments(gateway.segments)
add_schemas(facts, gateway.schemas)
add_operations(facts, gateway.methods, "", {})
for _, path in ipairs(APPS) do add_app(facts.others, read_document(path)) end

--- Return a schema of any app.
function facts.schema(name)
  return facts.schemas[name] or facts.others.schemas[name]
end

--- Return an enum of any app.
function facts.enum(name)
  return facts.enums[name] or facts.others.enums[name]
end

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
