--- Tables of options: checked, merged with defaults, copied.
-- Pure; requires nothing.

local options = {}

local Kinds = { __name = "googlemeet.options.kinds" }

--- Declare an option without a default: `expected = options.of "table"`.
---@param kinds string Lua types that it may have, such as "string or table"
---@return table
function options.of(kinds)
  return setmetatable({ kinds = kinds }, Kinds)
end

local function is_kinds(value)
  return getmetatable(value) == Kinds
end

local function kinds_of(default)
  return is_kinds(default) and default.kinds or type(default)
end

local function fits(value, kinds)
  for kind in kinds:gmatch("%a+") do
    if type(value) == kind then
      return true
    end
  end
  return false
end

--- Copy plain tables. A table with a metatable is an object and is not copied.
local function copy(value, copies)
  if type(value) ~= "table" or getmetatable(value) ~= nil then
    return value
  elseif not copies[value] then
    local twin = {}
    copies[value] = twin
    for key, item in pairs(value) do
      twin[key] = copy(item, copies)
    end
  end
  return copies[value]
end

--- Count the letters to insert, delete or replace on the way from one word to the other.
local function distance(from, to)
  local row = {}
  for column = 0, #to do
    row[column] = column
  end
  for index = 1, #from do
    local diagonal = row[0]
    row[0] = index
    for column = 1, #to do
      local replaced = diagonal + (from:byte(index) == to:byte(column) and 0 or 1)
      diagonal = row[column]
      row[column] = math.min(replaced, row[column] + 1, row[column - 1] + 1)
    end
  end
  return row[#to]
end

--- Find the name that `name` is probably a misspelling of: the one at the smallest edit distance,
-- if that is at most half the length of `name`; among equals the first in alphabetical order.
---@param name any
---@param known table<string, any> its keys are the names
---@return string? nearest
function options.nearest(name, known)
  if type(name) ~= "string" then return nil end
  local best, nearest = #name // 2 + 1, nil
  for candidate in pairs(known) do
    local steps = distance(name, candidate)
    if steps < best or steps == best and nearest and candidate < nearest then
      best, nearest = steps, candidate
    end
  end
  return nearest
end

--- Check a table of options; describe the first problem.
---@param given any
---@param defaults table<string, any> as for `merge`
---@param word? string what messages call an option ("option")
---@return string? problem
function options.problem(given, defaults, word)
  word = word or "option"
  if given ~= nil and type(given) ~= "table" then
    return ("table of %ss expected, got %s"):format(word, type(given))
  end
  for name, value in pairs(given or {}) do
    local default = defaults[name]
    if default == nil then
      local nearest = options.nearest(name, defaults)
      local hint = nearest and ("; did you mean '%s'?"):format(nearest) or ""
      return ("unknown %s '%s'%s"):format(word, tostring(name), hint)
    elseif not fits(value, kinds_of(default)) then
      return ("%s '%s': %s expected, got %s"):format(word, name, kinds_of(default), type(value))
    end
  end
  return nil
end

--- Merge `given` over `defaults`. A name that `defaults` lacks and a value of another type raise.
--
-- The default of an option sets its type; one without a default is declared by `options.of(kinds)`.
-- Neither table is changed, and the result shares no plain table with them.
---@param given? table<string, any>
---@param defaults table<string, any>
---@param level? integer position of the misuse, as for `error` (3: the caller of the function that
--- was given the options)
---@param word? string what messages call an option ("option")
---@return table<string, any>
function options.merge(given, defaults, level, word)
  local problem = options.problem(given, defaults, word)
  if problem then error(problem, level or 3) end
  local merged, copies = {}, {}
  for name, default in pairs(defaults) do
    if not is_kinds(default) then
      merged[name] = copy(default, copies)
    end
  end
  for name, value in pairs(given or {}) do
    merged[name] = copy(value, copies)
  end
  return merged
end

--- Copy a table of options and set one of them. A value that is not a table is returned unchanged,
-- for the core to refuse.
---@param given any
---@param name string
---@param value any
---@return any
function options.with(given, name, value)
  if given ~= nil and type(given) ~= "table" then return given end
  local changed = {}
  for key, item in pairs(given or {}) do changed[key] = item end
  changed[name] = value
  return changed
end

return options
