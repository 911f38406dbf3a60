--- Types and defaults as the manual shows them, in cells of tables. Pure.

local annotations = require "spec.docs.annotations"

local shown = {}

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

--- Write one part of a union: a link where the manual has the class, the values of a short alias.
local function part(text, types, anchors)
  local signature = annotations.signature(text)
  if signature then return write_function(signature) end
  local element = text:match "^(.+)%[%]$"
  if element then return "array of " .. shown.type(element, types, anchors) end
  local name = text:gsub("%?$", "")
  local alias = types.aliases[name]
  local anchor = anchors["class " .. name] or anchors["alias " .. name]
  if alias and not anchor and alias.type ~= "" then
    return shown.type(alias.type, types, anchors)
  end
  local code = shown.code((name:gsub("googlemeet%.", "")))
  return anchor and ("[%s](#%s)"):format(code, anchor) or code
end

--- Write a type.
---@param type string
---@param types table classes and aliases
---@param anchors table<string, string>
function shown.type(type, types, anchors)
  local parts = parts_of(type)
  for index, text in ipairs(parts) do parts[index] = part(text, types, anchors) end
  local last = table.remove(parts)
  return #parts == 0 and last or table.concat(parts, ", ") .. " or " .. last
end

local DEFAULTS = { "^default: ([^;]+);?%s*()", "%s*%(([%w_.\"-]+)%)()", "%s*%((os%.time%(%))%)()",
  "%s*%(([^()]+)%)()$" }

--- Split an option's text into the default and the rest.
---@param text string
---@return string? default
---@return string rest
function shown.default(text)
  for _, pattern in ipairs(DEFAULTS) do
    local first, _, found, behind = text:find(pattern)
    if found then
      local is_code = found:find '^[%w_.%-"]+$' and not found:find "^no[nw]"
        or found:find "^[%w_.]+%(%)$"
      local rest = text:sub(1, first - 1) .. text:sub(behind)
      return is_code and shown.code(found) or found, (rest:gsub("^[;,]?%s*", ""))
    end
  end
  return nil, text
end

return shown
