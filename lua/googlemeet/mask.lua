--- Update masks: the fields that a patch changes, derived from the fields given.
-- Pure; requires nothing.

local mask = {}

--- Say whether a value is changed as a whole: no table, an array, or an empty table.
local function is_leaf(value)
  return type(value) ~= "table" or next(value) == nil or value[1] ~= nil
end

local function check_key(key, path, is_array, level)
  if is_array then
    if math.type(key) ~= "integer" then
      error(("%s: index expected, got %q"):format(path, tostring(key)), level + 1)
    end
  elseif type(key) ~= "string" then
    error(("%s: field name expected, got %s"):format(path, type(key)), level + 1)
  elseif not key:find("^[%a_][%w_]*$") then
    error(("%s: %q is not a field name"):format(path, key), level + 1)
  end
end

--- Copy plain data with its metatables, which mark arrays. A cycle raises.
local function copy(value, path, level, open)
  if type(value) ~= "table" then
    return value
  elseif open[value] then
    error(path .. ": contains itself", level + 1)
  end
  open[value] = true
  local is_array, twin = value[1] ~= nil, {}
  for key, item in pairs(value) do
    check_key(key, path, is_array, level + 1)
    twin[key] = copy(item, path .. "." .. key, level + 1, open)
  end
  open[value] = nil
  return setmetatable(twin, getmetatable(value))
end

local function copy_writable(body, writable, level)
  if type(body) ~= "table" then
    error(("a table of fields expected, got %s"):format(type(body)), level + 1)
  end
  if type(writable) ~= "table" then
    error(("an array of writable fields expected, got %s"):format(type(writable)), level + 1)
  end
  local fields = {}
  for _, name in ipairs(writable) do
    fields[name] = copy(body[name], name, level + 1, {})
  end
  return fields
end

local function add_paths(paths, value, path)
  if is_leaf(value) then
    paths[#paths + 1] = path
    return
  end
  for key, item in pairs(value) do
    add_paths(paths, item, path .. "." .. key)
  end
end

--- Copy the fields of `body` that may be written; the others are left out.
---@param body table<string, any> fields of a resource; not changed
---@param writable string[] names of the top-level fields that may be written
---@param level? integer position of the misuse when the body is invalid, as for `error` (2)
---@return table<string, any> fields
function mask.writable(body, writable, level)
  local fields = copy_writable(body, writable, level or 2) -- no tail call: `level` counts calls
  return fields
end

--- Make the update mask for the fields in `body`.
--
-- A mask lists the leaf fields: `{ config = { accessType = "OPEN" } }` gives `"config.accessType"`
-- and leaves the rest of `config` unchanged. An array is changed as a whole, and so is an empty
-- table, which clears the field. Fields that are not `writable`, such as the output-only fields of
-- a resource that was read before, are left out.
---@param body table<string, any> fields of a resource; not changed
---@param writable string[] names of the top-level fields that may be written
---@param level? integer position of the misuse when the body is invalid, as for `error` (2)
---@return string? paths joined by commas, sorted; nil when nothing is left to change
---@return table<string, any>|string fields copy of the writable fields, or a message
function mask.of(body, writable, level)
  local fields, paths = copy_writable(body, writable, level or 2), {}
  for name, value in pairs(fields) do
    add_paths(paths, value, name)
  end
  if #paths == 0 then
    return nil, "nothing to change; writable fields: " .. table.concat(writable, ", ")
  end
  table.sort(paths)
  return table.concat(paths, ","), fields
end

return mask
