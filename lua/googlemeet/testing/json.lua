--- JSON for the fake.
-- lua-cjson decodes, in a separate instance. Encoding is done here: responses must be the same in
-- every run (sorted names), integers must stay integers, and an empty list must differ from an
-- empty object.

local cjson = require("cjson").new()
cjson.decode_invalid_numbers(false)

local json = {}

local ARRAY = { __name = "googlemeet.testing.json.array" }

--- JSON's `null`, as `decode` returns it.
json.null = cjson.null

local ESCAPES = {
  ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t",
}

--- Mark a table as a list, so that it is written as `[]` even when empty.
---@param items table
---@return table items
function json.array(items)
  return setmetatable(items, ARRAY)
end

local function escape(character)
  return ESCAPES[character] or ("\\u%04x"):format(character:byte())
end

local function quote(text)
  return '"' .. text:gsub('[%z\1-\31"\\\127]', escape) .. '"'
end

local function write_number(value)
  local whole = math.tointeger(value)
  if whole then
    return ("%d"):format(whole)
  elseif value ~= value or value == math.huge or value == -math.huge then
    error("JSON has no NaN and no infinity")
  end
  return ("%.17g"):format(value)
end

local write -- mutual recursion

local function write_array(items, out, indent)
  local inner = indent and indent .. "  "
  for i, item in ipairs(items) do
    out[#out + 1] = i > 1 and "," or ""
    out[#out + 1] = inner or ""
    write(item, out, inner)
  end
end

local function write_object(object, out, indent)
  local names = {}
  for name in pairs(object) do
    names[#names + 1] = name
  end
  table.sort(names)
  local inner = indent and indent .. "  "
  for i, name in ipairs(names) do
    out[#out + 1] = i > 1 and "," or ""
    out[#out + 1] = inner or ""
    out[#out + 1] = quote(name) .. (indent and ": " or ":")
    write(object[name], out, inner)
  end
end

local function write_table(value, out, indent)
  local is_array = #value > 0 or getmetatable(value) == ARRAY
  if next(value) == nil then
    out[#out + 1] = is_array and "[]" or "{}"
    return
  end
  out[#out + 1] = is_array and "[" or "{"
  if is_array then
    write_array(value, out, indent)
  else
    write_object(value, out, indent)
  end
  out[#out + 1] = indent or ""
  out[#out + 1] = is_array and "]" or "}"
end

function write(value, out, indent)
  local kind = type(value)
  if kind == "table" then
    write_table(value, out, indent)
  elseif kind == "string" then
    out[#out + 1] = quote(value)
  elseif kind == "number" then
    out[#out + 1] = write_number(value)
  elseif kind == "boolean" then
    out[#out + 1] = tostring(value)
  elseif value == json.null then
    out[#out + 1] = "null"
  else
    error("JSON has no " .. kind)
  end
end

--- Write a value as JSON text.
---@param value any
---@param pretty? boolean line breaks and an indent of two blanks, as Google writes it
---@return string
function json.encode(value, pretty)
  local out = {}
  write(value, out, pretty and "\n" or nil)
  return table.concat(out)
end

--- Read JSON text.
---@param text string
---@return any? value
---@return string? problem why `text` is not JSON
function json.decode(text)
  if not utf8.len(text) then
    return nil, "the text is not UTF-8"
  end
  local ok, value = pcall(cjson.decode, text)
  if not ok then
    return nil, value
  end
  return value
end

--- Copy a JSON value deeply.
---@generic T
---@param value T
---@return T
function json.copy(value)
  if type(value) ~= "table" then
    return value
  end
  local copied = {}
  for name, item in pairs(value) do
    copied[name] = json.copy(item)
  end
  return setmetatable(copied, getmetatable(value))
end

return json
