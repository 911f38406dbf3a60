--- Judges update masks and message bodies; see spec/support/contract.lua.

local facts = require "spec.support.contract.facts"

local message = {}

local TIME = { "time", "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.?%d*[Z+-][%d:]*$" }

--- What a text of each format is called, and its pattern.
local FORMATS = {
  ["google-datetime"] = TIME, ["date-time"] = TIME, date = { "date", "^%d%d%d%d%-%d%d%-%d%d$" },
  int64 = { "int64", "^%-?%d+$" },
}

local function check_mask_path(path, name_of_message)
  for _, name in ipairs(facts.split(path, ".")) do
    local field = name_of_message and facts.schema(name_of_message).fields[name]
    if not field then
      return ("updateMask: %q is no path"):format(path)
    elseif field.outputOnly or field.immutable or field.identifier then
      return ("updateMask: %q cannot be written"):format(path)
    end
    name_of_message = field.ref
  end
end

--- Judge an update mask; give the problem or nil.
function message.check_mask(text, name_of_message)
  if text == "*" then
    return nil
  elseif text == "" then
    return "updateMask: empty"
  end
  for _, path in ipairs(facts.split(text, ",")) do
    local problem = check_mask_path(path, name_of_message)
    if problem then
      return problem
    end
  end
end

local check_object -- mutual recursion

local function check_text(field, value, at, sent)
  local enum, format = field.enum and facts.enum(field.enum), FORMATS[field.format]
  if type(value) ~= "string" then
    return at .. ": not a string"
  elseif enum and (not enum.known[value] or sent and enum.refused[value]) then
    return ("%s: %q is not a choice"):format(at, value)
  elseif format and not value:find(format[2]) then
    return ("%s: %q is no %s"):format(at, value, format[1])
  elseif field.format == "google-fieldmask" then
    return message.check_mask(value, field.maskOf)
  end
end

local function check_list(field, value, at, sent)
  if type(value) ~= "table" or (next(value) ~= nil and #value == 0) then
    return at .. ": not a list"
  elseif sent and (#value < (field.minItems or 0) or #value > (field.maxItems or math.huge)) then
    return ("%s: %d items"):format(at, #value)
  end
  for i, item in ipairs(value) do
    local place = ("%s[%d]"):format(at, i)
    local problem
    if field.of == "string" then
      problem = check_text(field, item, place, sent)
    else
      problem = check_object(field.items, item, place, sent)
    end
    if problem then
      return problem
    end
  end
end

local function check_value(field, value, at, sent)
  if field.type == "array" then
    return check_list(field, value, at, sent)
  elseif field.type == "integer" then
    return not math.tointeger(value) and at .. ": not a whole number" or nil
  elseif field.type == "boolean" then
    return type(value) ~= "boolean" and at .. ": not a boolean" or nil
  elseif field.type ~= "object" then
    return check_text(field, value, at, sent)
  elseif field.open then
    return type(value) ~= "table" and at .. ": not an object" or nil
  end
  return check_object(field.ref, value, at, sent)
end

--- Judge whether all needed fields are there; give the problem or nil.
function message.check_needs(needs, value, at)
  for _, name in ipairs(needs or {}) do
    if value[name] == nil then
      return ("%s: %s is missing"):format(at, name)
    end
  end
end

function check_object(name, value, at, sent)
  local schema = facts.schema(name)
  if type(value) ~= "table" or #value > 0 then
    return at .. ": not an object"
  end
  for key, item in pairs(value) do
    local field = schema.fields[key]
    local place = at .. "." .. tostring(key)
    if not field then
      return place .. ": no such field"
    elseif sent and field.outputOnly then
      return place .. ": output only"
    end
    local problem = check_value(field, item, place, sent)
    if problem then
      return problem
    end
  end
  for key, field in pairs(schema.fields) do
    if sent and field.required and value[key] == nil then
      return ("%s.%s: missing"):format(at, key)
    end
  end
  return message.check_needs(schema.need, value, at)
end

--- Judge an object by a schema, `sent` when it comes from a client; give the problem or nil.
function message.check_object(name, value, at, sent)
  return check_object(name, value, at, sent)
end

return message
