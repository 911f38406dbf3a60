--- Checked options and times of the double's own face.
-- Misuse is raised as a value of its own type; `checked.public` turns it into an error at the line
-- of the caller, whatever lies between.

local options = require "googlemeet.options"
local time = require "googlemeet.time"

local checked = {}

local MISUSE = {
  __name = "googlemeet.testing.misuse",
  __tostring = function(misuse)
    return misuse.message
  end,
}

--- Raise misuse.
---@param message string
function checked.misuse(message, ...)
  error(setmetatable({ message = message:format(...) }, MISUSE), 0)
end

--- Hand on what a protected call gave. It must be tail-called: its caller is then the user.
local function pass_on(ok, problem, ...)
  if ok then
    return problem, ...
  elseif getmetatable(problem) == MISUSE then
    error(problem.message, 2)
  end
  error(problem, 0)
end

--- Make a public function of one that may raise misuse: the caller's line is blamed.
function checked.public(run)
  return function(...)
    return pass_on(pcall(run, ...))
  end
end

--- Copy an options table, refusing unknown names and wrong types. Values are not copied: some are
-- nodes.
---@param what string name of the function, for the message
---@param given table?
---@param allowed table<string, string> name to Lua types, such as `"string or number"`
---@return table
function checked.options(what, given, allowed)
  local defaults, copied = {}, {}
  for name, kinds in pairs(allowed) do defaults[name] = options.of(kinds) end
  local problem = options.problem(given, defaults)
  if problem then checked.misuse("%s: %s", what, problem) end
  for name, value in pairs(given or {}) do copied[name] = value end
  return copied
end

--- Check that a value is a key of `choices`.
function checked.choice(what, value, choices)
  if value == nil or not choices[value] then
    checked.misuse("%s: %q is not a choice", what, tostring(value))
  end
end

--- Read a time given as epoch seconds or as an RFC 3339 string.
---@param what string name of the option, for the message
---@param value number|string
---@return { seconds: integer, nanoseconds: integer, text: string }
function checked.instant(what, value)
  local text = type(value) == "number" and time.format(value) or value
  local seconds, nanoseconds = time.parse(text)
  if not seconds then
    checked.misuse("%s: %s", what, nanoseconds)
  end
  return { seconds = seconds, nanoseconds = nanoseconds, text = text }
end

return checked
