--- Checked option tables and times of the double's own face. Misuse raises at the caller.

local time = require "googlemeet.time"

local checked = {}

local function fits(value, expected)
  for kind in expected:gmatch("%a+") do
    if type(value) == kind then
      return true
    end
  end
  return false
end

--- Copy an options table, refusing unknown names and wrong types.
---@param what string name of the function, for the message
---@param given table?
---@param allowed table<string, string> name to Lua types, such as `"string or number"`
---@param level integer of the call to blame, counted from the caller of this function
---@return table
function checked.options(what, given, allowed, level)
  if given ~= nil and type(given) ~= "table" then
    error(("%s: table of options expected, got %s"):format(what, type(given)), level + 1)
  end
  local copied = {}
  for name, value in pairs(given or {}) do
    local expected = allowed[name]
    if not expected then
      error(("%s: unknown option %q"):format(what, tostring(name)), level + 1)
    elseif not fits(value, expected) then
      error(("%s: option %s: %s expected, got %s"):format(what, name, expected, type(value)),
        level + 1)
    end
    copied[name] = value
  end
  return copied
end

--- Read a time given as epoch seconds or as an RFC 3339 string.
---@param what string name of the option, for the message
---@param value number|string
---@param level integer as above
---@return { seconds: integer, nanoseconds: integer, text: string }
function checked.instant(what, value, level)
  local text = type(value) == "number" and time.format(value) or value
  local seconds, nanoseconds = time.parse(text)
  if not seconds then
    error(("%s: %s"):format(what, nanoseconds), level + 1)
  end
  return { seconds = seconds, nanoseconds = nanoseconds, text = text }
end

return checked
