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

--- Count the letters to insert, delete, replace or swap with the next one on the way from one word
-- to the other.
local function distance(from, to)
  local earlier, above, row = {}, {}, {}
  for column = 0, #to do above[column] = column end
  for index = 1, #from do
    row[0] = index
    local letter, last = from:byte(index), from:byte(index - 1)
    for column = 1, #to do
      local replaced = above[column - 1] + (letter == to:byte(column) and 0 or 1)
      row[column] = math.min(replaced, above[column] + 1, row[column - 1] + 1)
      if index > 1 and column > 1 and letter == to:byte(column - 1) and last == to:byte(column) then
        row[column] = math.min(row[column], earlier[column - 2] + 1)
      end
    end
    earlier, above, row = above, row, earlier
  end
  return above[#to]
end

--- Find the name that `name` is probably a misspelling of: the one at the smallest edit distance,
-- if that is at most a third of the length of `name`; among equals the first in alphabetical order.
---@param name any
---@param known table<string, any> its keys are the names
---@return string? nearest
function options.nearest(name, known)
  if type(name) ~= "string" then return nil end
  local best, nearest = #name // 3, nil
  for candidate in pairs(known) do
    local steps = math.abs(#name - #candidate)
    if steps <= best then steps = distance(name, candidate) end
    if steps < best or steps == best and (not nearest or candidate < nearest) then
      best, nearest = steps, candidate
    end
  end
  return nearest
end

--- List the known names in alphabetical order.
---@param known table<string, any> its keys are the names
---@return string
function options.listed(known)
  local names = {}
  for name in pairs(known) do names[#names + 1] = name end
  table.sort(names)
  return table.concat(names, ", ")
end

--- Say that a name is not known: with the one that was probably meant, else with all.
---@param what string like "unknown option"
---@param name any
---@param known table<string, any> its keys are the names
---@return string
function options.unknown(what, name, known)
  local nearest = options.nearest(name, known)
  local shown = tostring(name):gsub("%c", function(byte) return ("\\x%02X"):format(byte:byte()) end)
  return ("%s '%s'; %s"):format(what, shown,
    nearest and ("did you mean '%s'?"):format(nearest) or "known: " .. options.listed(known))
end

--- Return the type of an object of this module: a resource, an error, the module itself.
local function type_of_object(value)
  local metatable = getmetatable(value)
  local name = type(metatable) == "table" and rawget(metatable, "__name")
  return type(name) == "string" and name:find "^googlemeet" and name or nil
end

--- Return the first unknown name in alphabetical order: the same at each run.
local function first_unknown(given, known)
  local first
  for name in pairs(given) do
    if known[name] == nil and (first == nil or tostring(name) < tostring(first)) then
      first = name
    end
  end
  return first
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
  local object = type_of_object(given)
  if object then
    return ("plain table of %ss expected, got a %s"):format(word, object)
  end
  local unknown = first_unknown(given or {}, defaults)
  if unknown ~= nil then return options.unknown("unknown " .. word, unknown, defaults) end
  for name, value in pairs(given or {}) do
    local kinds = kinds_of(defaults[name])
    if not fits(value, kinds) then
      return ("%s '%s': %s expected, got %s"):format(word, name, kinds, type(value))
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
