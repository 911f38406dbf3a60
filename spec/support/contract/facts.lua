--- The facts of spec/fixtures/contract.json, and what all judges of them need.

local cjson = require("cjson").new()
cjson.decode_invalid_numbers(false)

local FIXTURE = "spec/fixtures/contract.json"

--- Make integers of whole floats: lua-cjson decodes 25 to 25.0.
local function whole_numbers(value)
  if math.type(value) == "float" then
    return math.tointeger(value) or value
  elseif type(value) == "table" then
    for key, item in pairs(value) do
      value[key] = whole_numbers(item)
    end
  end
  return value
end

local function read_facts()
  local file = assert(io.open(FIXTURE))
  local text = file:read("a")
  file:close()
  return whole_numbers(cjson.decode(text))
end

local facts = read_facts()

for _, enum in pairs(facts.enums) do
  enum.known, enum.refused = {}, {}
  for _, value in ipairs(enum.values) do
    enum.known[value] = true
  end
  for _, value in ipairs(enum.notInRequests or {}) do
    enum.refused[value] = true
  end
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
