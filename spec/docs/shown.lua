--- Types and defaults as the manual shows them, in cells of tables. Pure.

local annotations = require "spec.docs.annotations"

local shown = {}

--- Types of LuaLS whose names say nothing to a reader of the manual.
local WORDS <const> = { osdate = "[table](#times)" }

--- Write code in a table: a bar would end the cell.
---@param text string
function shown.code(text)
  return "`" .. text:gsub("|", "\\|") .. "`"
end

--- Split a union. What follows `fun(…):` is what the function returns.
local function parts_of(type)
  local parts = {}
  for _, text in ipairs(annotations.split(type, "|")) do
    local last = parts[#parts]
    if last and last:find "^fun%(" then
      parts[#parts] = last .. "|" .. text
    elseif text ~= "nil" then
      parts[#parts + 1] = text
    end
  end
  return parts
end

--- Write a function by the names of what it is called with.
local function write_function(signature)
  local names = {}
  for index, parameter in ipairs(signature.parameters) do names[index] = parameter.name end
  return shown.code("function(" .. table.concat(names, ", ") .. ")")
end

--- Write a table by its fields.
local function write_fields(text, types, anchors)
  local fields = annotations.signature("fun(" .. text:sub(2, -2) .. ")").parameters
  for index, field in ipairs(fields) do
    local type, nils = field.type:gsub("%?$", "")
    local optional = (field.optional or nils > 0) and ", optional" or ""
    fields[index] = ("%s (%s%s)"):format(shown.code(field.name),
      shown.type(type, types, anchors), optional)
  end
  return "table of " .. table.concat(fields, ", ")
end

--- Return where the manual has a class, an alias or an enum of the API.
local function anchor_of(name, anchors)
  return anchors["class " .. name] or anchors["alias " .. name]
    or anchors["enum " .. name:gsub("^googlemeet%.", "")]
end

--- Write a name: a link where the manual has the class, the values of a short alias.
local function write_name(name, types, anchors)
  local alias, anchor = types.aliases[name], anchor_of(name, anchors)
  if alias and not anchor and alias.type ~= "" then
    return shown.type(alias.type, types, anchors)
  end
  local code = WORDS[name] or shown.code((name:gsub("googlemeet%.", "")))
  return anchor and ("[%s](#%s)"):format(code, anchor) or code
end

--- Write one part of a union.
local function part(text, types, anchors)
  local signature = annotations.signature(text)
  if signature then return write_function(signature) end
  local element = text:match "^(.+)%[%]$"
  if element then
    return "array of " .. shown.type(element, types, anchors):gsub("^table of", "tables of")
  end
  if text:find "^{ [%l_]" then return write_fields(text, types, anchors) end
  local key, value = table.unpack(annotations.split(text:match "^table<(.*)>$" or "", ","))
  if value then
    return ("table from %s to %s"):format(shown.type(key, types, anchors),
      shown.type(value, types, anchors))
  end
  if text:find "^%(.*%)$" then return shown.type(text:sub(2, -2), types, anchors) end
  return write_name(text:gsub("%?$", ""), types, anchors)
end

--- Write a type.
---@param type string
---@param types table classes and aliases
---@param anchors table<string, string> of the manual
---@return string
function shown.type(type, types, anchors)
  local parts = parts_of(type)
  for index, text in ipairs(parts) do parts[index] = part(text, types, anchors) end
  local last = table.remove(parts)
  return #parts == 0 and last or table.concat(parts, ", ") .. " or " .. last
end

--- Split an option's text, such as "default: 60; seconds of one attempt", into the default and the
-- rest.
---@param text string
---@return string? default
---@return string rest
function shown.default(text)
  local default, rest = text:match "^default: ([^;]+);?%s*(.*)$"
  if not default then return nil, text end
  local is_code = default:find '^[%w_.%-"]+$' and not default:find "^no[nw]"
    or default:find "^[%w_.]+%(%)$"
  return is_code and shown.code(default) or default, rest
end

return shown
