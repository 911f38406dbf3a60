--- Holds a value against a type that lua/googlemeet/types/ declares.

local annotations = require "spec.docs.annotations"

local conforms = {}

local find_problem -- the parts of a type have types

--- Return a class's fields by name, those of its parents too.
local function fields_of(types, class, found)
  found = found or {}
  for _, field in ipairs(class.fields) do found[field.name] = field end
  for _, parent in ipairs(class.parents) do fields_of(types, types.classes[parent], found) end
  return found
end

--- Check a table against fields: each that must be there is, and no other.
local function check_fields(types, value, fields, path, may_have_more)
  if type(value) ~= "table" then return path .. ": a table expected" end
  for name, field in pairs(fields) do
    local one = value[name]
    local problem = not (one == nil and field.optional)
      and find_problem(types, one, field.type, path .. "." .. name)
    if problem then return problem end
  end
  for name in pairs(value) do
    if not fields[name] and not may_have_more then
      return ("%s.%s is not declared"):format(path, tostring(name))
    end
  end
end

local function check_items(types, value, item, path)
  if type(value) ~= "table" then return path .. ": an array expected" end
  for index, one in ipairs(value) do
    local problem = find_problem(types, one, item, ("%s[%d]"):format(path, index))
    if problem then return problem end
  end
end

local function check_map(types, value, parameters, path)
  if type(value) ~= "table" then return path .. ": a table expected" end
  local key_type, value_type = table.unpack(annotations.split(parameters, ","))
  for key, one in pairs(value) do
    local at = ("%s[%s]"):format(path, tostring(key))
    local problem = find_problem(types, key, key_type, at .. " as a key")
      or find_problem(types, one, value_type, at)
    if problem then return problem end
  end
end

local simple = {
  any = function() return true end,
  ["nil"] = function(value) return value == nil end,
  integer = function(value) return math.type(value) == "integer" end,
  number = function(value) return type(value) == "number" end,
  string = function(value) return type(value) == "string" end,
  boolean = function(value) return type(value) == "boolean" end,
  table = function(value) return type(value) == "table" end,
  ["true"] = function(value) return value == true end,
  ["false"] = function(value) return value == false end,
}

local function check_inline(types, value, inner, path)
  local fields = {}
  for _, field in ipairs(annotations.signature("fun(" .. inner .. ")").parameters) do
    fields[field.name] = field
  end
  return check_fields(types, value, fields, path)
end

--- Say whether a value has a simple type, or is the literal; nil where the part is neither.
local function fits_simply(value, part)
  local literal = part:match '^"(.*)"$'
  if literal then return value == literal end
  if part:find "^fun%(" then return type(value) == "function" end
  return simple[part] and simple[part](value)
end

--- By the form of a part: what checks it.
local forms = {
  { "^(.+)%[%]$", check_items }, { "^table<(.*)>$", check_map }, { "^{ (%l.*) }$", check_inline },
}

--- Check a value against one part of a union.
local function check_part(types, value, part, path)
  local fits = fits_simply(value, part)
  if fits ~= nil then
    return not fits and ("%s: %s expected, got %s"):format(path, part, tostring(value)) or nil
  end
  for _, form in ipairs(forms) do
    local inner = part:match(form[1])
    if inner then return form[2](types, value, inner, path) end
  end
  if types.aliases[part] then return find_problem(types, value, types.aliases[part].type, path) end
  local class = assert(types.classes[part], "no type " .. part)
  return check_fields(types, value, fields_of(types, class), path)
end

--- Return what is wrong with a value: nil where it fits one part of the type.
function find_problem(types, value, type, path)
  local problem
  for _, part in ipairs(annotations.split(type, "|")) do
    local inner, optional = part:match "^(.-)(%??)$"
    if optional == "?" and value == nil then return nil end
    local found = check_part(types, value, inner, path)
    if not found then return nil end
    problem = problem or found
  end
  return problem
end

--- Fail unless a value is of a type.
---@param types table what `annotations.read` returns
---@param value any
---@param type string
function conforms.check(types, value, type)
  local problem = find_problem(types, value, type, type)
  if problem then error(problem, 2) end
end

--- The same for an object of a class, which may keep other fields to itself.
---@param types table
---@param value table
---@param class string
function conforms.check_object(types, value, class)
  local problem = check_fields(types, value, fields_of(types, types.classes[class]), class, true)
  if problem then error(problem, 2) end
end

return conforms
