--- Update masks: the fields of a message that a request writes.

local json = require "googlemeet.testing.json"
local schema = require "googlemeet.testing.schema"

local mask = {}

--- Follow one path through the message types.
---@return string[]? segments in camelCase, nil when refused
---@return string? problem
local function read_path(text, message)
  local segments = {}
  for part in (text .. "."):gmatch("([^.]*)%.") do
    local name = schema.camel(part)
    local row = message and schema.fields(message)[name]
    if not row then
      return nil, ("Invalid field path in the update mask: %q"):format(text)
    elseif row.access then
      return nil, ("The field cannot be written: %q"):format(text)
    end
    segments[#segments + 1] = name
    message = row.type == "object" and row.of or nil
  end
  return segments
end

--- Read an update mask. Names may be camelCase or snake_case.
---@param text string?
---@param message string message type of the mask
---@return string[][]|"*"|nil paths nil when there is no mask, or it is invalid
---@return string? problem
function mask.read(text, message)
  if text == nil or text == "" then
    return nil
  elseif text == "*" then
    return "*"
  end
  local paths = {}
  for part in (text .. ","):gmatch("([^,]*),") do
    local path, problem = read_path(part:match("^%s*(.-)%s*$"), message)
    if not path then
      return nil, problem
    end
    paths[#paths + 1] = path
  end
  return paths
end

--- Return the paths of the writable fields that have a value in a body.
---@param body table without nulls
---@param message string
---@return string[][]
function mask.given(body, message)
  local paths = {}
  for name, row in pairs(schema.fields(message)) do
    local value = body[name]
    if value ~= nil and not row.access then
      if row.type == "object" then
        for _, below in ipairs(mask.given(value, row.of)) do
          table.insert(below, 1, name)
          paths[#paths + 1] = below
        end
      else
        paths[#paths + 1] = { name }
      end
    end
  end
  return paths
end

--- Return the paths of all writable top-level fields of a message: the meaning of the mask `*`.
---@param message string
---@return string[][]
function mask.all(message)
  local paths = {}
  for name, row in pairs(schema.fields(message)) do
    if not row.access then
      paths[#paths + 1] = { name }
    end
  end
  return paths
end

--- Merge a value over its default. Enum values that end in "_UNSPECIFIED" count as absent.
---@param value any
---@param default any
function mask.fill(value, default)
  if value == nil or (type(value) == "string" and value:find("_UNSPECIFIED$")) then
    return json.copy(default)
  elseif type(value) ~= "table" then
    return value
  end
  local filled = type(default) == "table" and json.copy(default) or {}
  for name, item in pairs(value) do
    filled[name] = mask.fill(item, filled[name])
  end
  return filled
end

--- Write the fields of `body` at `paths` into `target`. A field that the body lacks gets its
-- default.
---@param target table changed
---@param body table without nulls
---@param paths string[][]
---@param defaults table
function mask.apply(target, body, paths, defaults)
  for _, path in ipairs(paths) do
    local place, value, default = target, body, defaults
    for i = 1, #path - 1 do
      local name = path[i]
      place[name] = place[name] or {}
      place, value, default = place[name], value and value[name], default and default[name]
    end
    local last = path[#path]
    place[last] = mask.fill(value and value[last], default and default[last])
  end
end

return mask
