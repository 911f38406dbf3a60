--- Tables of options: checked, with defaults, copied.
-- Pure; requires nothing.

local options = {}

local Kinds = { __name = "googlemeet.options.kinds" }

--- Stand in the defaults for an option that may be absent: `expected = options.of "table"`.
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

--- Copy plain tables; what has a metatable is somebody's object and stays itself.
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

--- How many letters to add, drop or exchange on the way from one word to the other.
local function distance(from, to)
  local row = {}
  for column = 0, #to do
    row[column] = column
  end
  for index = 1, #from do
    local diagonal = row[0]
    row[0] = index
    for column = 1, #to do
      local exchanged = diagonal + (from:byte(index) == to:byte(column) and 0 or 1)
      diagonal = row[column]
      row[column] = math.min(exchanged, row[column] + 1, row[column - 1] + 1)
    end
  end
  return row[#to]
end

--- The known name that is likely meant by `name`, or nil.
local function nearest(name, known)
  local best, best_name = #name // 2 + 1, nil
  for candidate in pairs(known) do
    local steps = distance(name, candidate)
    if steps < best or steps == best and best_name and candidate < best_name then
      best, best_name = steps, candidate
    end
  end
  return best_name
end

local function unknown(word, name, known)
  local meant = type(name) == "string" and nearest(name, known)
  local hint = meant and ("; did you mean '%s'?"):format(meant) or ""
  return ("unknown %s '%s'%s"):format(word, tostring(name), hint)
end

--- Copy `given` over `defaults`, refusing names that `defaults` lacks and values of another type.
--
-- The default of an option tells its type; one without a default stands as `options.of(kinds)`.
-- Neither table is changed, and the result shares no plain table with them.
---@param given? table<string, any>
---@param defaults table<string, any>
---@param level? integer whose misuse it is, as for `error`; if not given 3, the caller of the
--- function that was given the options
---@param word? string what messages call one of them, in place of "option"
---@return table<string, any>
function options.merge(given, defaults, level, word)
  level, word = level or 3, word or "option"
  if given ~= nil and type(given) ~= "table" then
    error(("table of %ss expected, got %s"):format(word, type(given)), level)
  end
  local merged, copies = {}, {}
  for name, default in pairs(defaults) do
    if not is_kinds(default) then
      merged[name] = copy(default, copies)
    end
  end
  for name, value in pairs(given or {}) do
    local default = defaults[name]
    if default == nil then
      error(unknown(word, name, defaults), level)
    elseif not fits(value, kinds_of(default)) then
      error(("%s '%s': %s expected, got %s"):format(word, name, kinds_of(default), type(value)),
        level)
    end
    merged[name] = copy(value, copies)
  end
  return merged
end

return options
