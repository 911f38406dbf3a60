--- LuaLS annotations, read from their text: classes, aliases, functions. Pure.

local annotations = {}

local OPEN, CLOSE = { ["("] = true, ["{"] = true, ["["] = true, ["<"] = true },
  { [")"] = true, ["}"] = true, ["]"] = true, [">"] = true }

--- Return the place of the first character outside brackets and quotes that `is_end` accepts.
local function find_outside(text, is_end)
  local depth, at = 0, 1
  while at <= #text do
    local char = text:sub(at, at)
    if depth == 0 and is_end(char, text:sub(at - 1, at - 1)) then return at end
    if char == '"' then at = text:find('"', at + 1, true) or #text end
    depth = depth + (OPEN[char] and 1 or CLOSE[char] and -1 or 0)
    at = at + 1
  end
end

--- Split a text at a character, where it is outside brackets and quotes.
---@param text string
---@param separator string one character
---@return string[] parts without blanks around them
function annotations.split(text, separator)
  local parts = {}
  repeat
    local at = find_outside(text, function(char) return char == separator end)
    parts[#parts + 1] = text:sub(1, (at or 0) - 1):match "^%s*(.-)%s*$"
    text = at and text:sub(at + 1)
  until not text
  return parts
end

--- Split a type from the words behind it.
local function split_type(text)
  local at = find_outside(text, function(char, previous)
    return char == " " and not previous:find "[:,|]"
  end)
  return text:sub(1, (at or 0) - 1), at and text:sub(at + 1) or ""
end

--- Read "name?: type" of a parameter list.
local function read_parameter(text)
  local name, optional, type = text:match "^([%w_.]+)(%??):?%s*(.*)$"
  return { name = name, optional = optional == "?", type = type }
end

--- Return what `fun(…): …` takes, but for `self`, and what it returns; nil for any other type.
---@param type string
---@return { takes_self: boolean, parameters: table[], returns: table[] }?
function annotations.signature(type)
  local list, results = type:match "^fun(%b())(.*)$"
  if not list then return nil end
  local found = { takes_self = false, parameters = {}, returns = {} }
  for _, text in ipairs(annotations.split(list:sub(2, -2), ",")) do
    local parameter = read_parameter(text)
    if parameter.name == "self" then
      found.takes_self = true
    elseif text ~= "" then
      table.insert(found.parameters, parameter)
    end
  end
  for _, text in ipairs(annotations.split(results:gsub("^:%s*", ""), ",")) do
    if text ~= "" then table.insert(found.returns, { type = text }) end
  end
  return found
end

local function append(item, text)
  item.text = (item.text or "") == "" and text or item.text .. " " .. text
end

--- Append a field, or a method where the type is a function that takes itself.
local function add_field(class, name, optional, rest)
  local field = { name = name, optional = optional == "?" }
  field.type, field.text = split_type(rest)
  local signature = annotations.signature(field.type)
  if signature and signature.takes_self then
    field.parameters, field.returns = signature.parameters, signature.returns
    table.insert(class.methods, field)
  else
    table.insert(class.fields, field)
  end
  return field
end

local tags = {}

function tags.class(reader, rest)
  local name, parents = rest:gsub("^%(%l+%) ", ""):match "^([%w_.]+):?%s*(.*)$"
  local class = reader.classes[name] or { name = name, fields = {}, methods = {}, parents = {} }
  for parent in parents:gmatch "[%w_.]+" do table.insert(class.parents, parent) end
  if reader.text then append(class, reader.text) end
  reader.classes[name], reader.class, reader.last = class, class, class
end

function tags.field(reader, rest)
  local name, optional, behind = rest:match "^([%w_]+)(%??)%s+(.*)$"
  if name then reader.last = add_field(reader.class, name, optional, behind) end
end

function tags.alias(reader, rest)
  local name, type = rest:match "^([%w_.]+)%s*(.*)$"
  local alias = { name = name, type = type, text = reader.text, values = {} }
  reader.aliases[name], reader.alias, reader.last = alias, alias, alias
end

function tags.param(reader, rest)
  local name, optional, behind = rest:match "^([%w_.]+)(%??)%s+(.*)$"
  local parameter = { name = name, optional = optional == "?" }
  parameter.type, parameter.text = split_type(behind)
  table.insert(reader.parameters, parameter)
  reader.last = parameter
end

tags["return"] = function(reader, rest)
  local result = {}
  result.type, result.text = split_type(rest)
  table.insert(reader.returns, result)
  reader.last = result
end

--- Start a new comment: what follows belongs together.
local function start(reader)
  reader.text, reader.last = nil, nil
  reader.parameters, reader.returns = {}, {}
end

local function read_function(reader, line)
  local variable, separator, name = line:match "^function ([%w_]+)([.:])([%w_]+)%("
  local class = reader.variables[variable]
  if not class then return end
  local method = {
    name = name, separator = separator, text = reader.text,
    parameters = reader.parameters, returns = reader.returns,
  }
  table.insert(class.methods, method)
end

local function read_comment(reader, line)
  local tag, rest = line:match "^%-%-%-@(%l+)%s*(.*)$"
  local value, meaning = line:match '^%-%-%-| "([^"]*)"%s*#?%s*(.*)$'
  if tag then
    if tags[tag] then tags[tag](reader, rest) end
  elseif value then
    local alias = reader.alias
    alias.type = alias.type .. (alias.type ~= "" and "|" or "") .. '"' .. value .. '"'
    table.insert(alias.values, { value = value, text = meaning })
  else
    append(reader.last or reader, line:match "^%-%-+%s*(.-)%s*$")
  end
end

--- Read annotations.
---@param source string
---@return { classes: table<string, table>, aliases: table<string, table> }
function annotations.read(source)
  local reader = { classes = {}, aliases = {}, variables = {} }
  start(reader)
  for line in source:gmatch "([^\n]*)\n" do
    local variable = line:match "^local ([%w_]+) = {}$"
    if line:find "^%-%-" then
      read_comment(reader, line)
    else
      if variable then reader.variables[variable] = reader.class end
      read_function(reader, line)
      start(reader)
    end
  end
  return { classes = reader.classes, aliases = reader.aliases }
end

return annotations
