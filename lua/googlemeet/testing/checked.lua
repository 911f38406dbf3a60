--- Checks the options and times given to the fake's public functions.
-- Misuse is raised as a special value. `checked.public` converts it to an error at the caller's
-- line, whatever lies between.

local json = require "googlemeet.testing.json"
local options = require "googlemeet.options"
local time = require "googlemeet.time"

local checked = {}

checked.WHEN = "number or string or table" -- types of a time that `time.read` knows

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

--- Return the results of a protected call. It must be tail-called, so that its caller is the user.
local function results_of(ok, problem, ...)
  if ok then
    return problem, ...
  elseif getmetatable(problem) == MISUSE then
    error(problem.message, 2)
  end
  error(problem, 0)
end

--- Wrap a function that may raise misuse, so that the error has the caller's line.
function checked.public(run)
  return function(...)
    return results_of(pcall(run, ...))
  end
end

--- Copy an options table; an unknown name and a wrong type are misuse. Values are not copied: some
-- are nodes.
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
  if value ~= nil and choices[value] then return end
  checked.misuse("%s: '%s' is not one of %s", what, tostring(value), options.listed(choices))
end

--- Check a number: whole, if the lowest one is given as an integer.
---@param what string
---@param value number
---@param lowest number
function checked.number(what, value, lowest)
  local is_whole = math.type(lowest) == "integer"
  if value >= lowest and value < math.huge and (not is_whole or value % 1 == 0) then return end
  checked.misuse("%s: a %snumber from %g expected, got %s", what, is_whole and "whole " or "",
    lowest, value)
end

--- Check that a table can be written as JSON.
---@param what string
---@param value table
function checked.json(what, value)
  if not pcall(json.encode, value) then checked.misuse("%s: it cannot be written as JSON", what) end
end

--- Check an id: the last part of a resource's name.
---@param what string
---@param id string
function checked.id(what, id)
  if id:find "^[0-9A-Za-z_-]+$" then return end
  checked.misuse("%s: id '%s': letters, digits, '-' and '_' alone expected", what, id)
end

--- Read a time, in any form that `time.read` knows.
---@param what string name of the option, for the message
---@param value number|string|table
---@return { seconds: integer, nanoseconds: integer, text: string }
function checked.instant(what, value)
  local seconds, nanoseconds = time.read(value)
  if not seconds then checked.misuse("%s: %s", what, nanoseconds) end
  local text = type(value) == "string" and time.parse(value) and value
    or time.format(seconds, nanoseconds)
  return { seconds = seconds, nanoseconds = nanoseconds, text = text }
end

--- Check that an end is not before its start.
---@param what string
---@param start { seconds: integer, nanoseconds: integer }
---@param stop { seconds: integer, nanoseconds: integer }
function checked.order(what, start, stop)
  if stop.seconds < start.seconds
    or stop.seconds == start.seconds and stop.nanoseconds < start.nanoseconds then
    checked.misuse("%s: the end is before the start", what)
  end
end

return checked
