--- Parses and evaluates list filters, exactly as Google documents them.
-- Terms are `field = "value"`, `>=`, `<=` and `field IS NULL`, joined by `AND`, with field names in
-- snake_case. Anything else is refused with a message.

local time = require "googlemeet.time"

local filter = {}

local FIELDS = {
  conferenceRecords = {
    ["space.name"] = "name", ["space.meeting_code"] = "code",
    start_time = "time", end_time = "time",
  },
  participants = { earliest_start_time = "time", latest_end_time = "time" },
  participantSessions = { start_time = "time", end_time = "time" },
}

local OPERATORS = {
  name = { ["="] = true },
  code = { ["="] = true },
  time = { ["="] = true, [">="] = true, ["<="] = true },
}

--- Convert the text of a value to what it is compared with; the second result describes the form.
local READ_VALUE = {
  name = function(text)
    return text:match("^spaces/[^/]+$"), "a space name like spaces/Qm7xT2kLw9Za"
  end,
  code = function(text)
    return text:match("^%a+%-%a+%-%a+$") and text:lower(), "a meeting code like hpk-vtwd-ens"
  end,
  time = function(text)
    local seconds, nanoseconds = time.parse(text)
    return seconds and { seconds, nanoseconds }, "an RFC 3339 time"
  end,
}

--- Read the operator and value after a field name.
---@return table? term
---@return integer|string after the position behind the term, or the problem
local function read_comparison(text, at, field, kind)
  local after = text:match("^%s*IS%s+NULL()", at)
  if after and kind == "time" then
    return { field = field, absent = true }, after
  end
  local operator, value_at = text:match("^%s*([<>=!:]+)%s*()", at)
  if not operator then
    return nil, ("after %s: an operator is missing or not supported"):format(field)
  elseif not OPERATORS[kind][operator] then
    return nil, ("the operator %s is not supported for %s"):format(operator, field)
  end
  local value, value_end = text:match('^"([^"\\]*)"()', value_at)
  if not value then
    return nil, ("the value of %s is not in double quotes"):format(field)
  end
  local compared, expected = READ_VALUE[kind](value)
  if not compared then
    return nil, ("the value of %s is not %s: %s"):format(field, expected, value)
  end
  return { field = field, operator = operator, value = compared }, value_end
end

--- Read a filter.
---@param text string?
---@param list string key in the table of fields: `conferenceRecords`, `participants`, …
---@return table[]? terms nil when refused
---@return string? problem
function filter.read(text, list)
  local terms = {}
  if text == nil or text:match("^%s*$") then
    return terms
  end
  local at = 1
  while true do
    local field, after = text:match("^%s*([%a_][%w_.]*)()", at)
    local kind = field and FIELDS[list][field]
    if not kind then
      return nil, field and ("no filter on the field %s"):format(field)
        or ("a field name is expected at %q"):format(text:sub(at, at + 20))
    end
    local term, stop = read_comparison(text, after, field, kind)
    if not term then
      return nil, stop
    end
    terms[#terms + 1] = term
    if text:match("^%s*$", stop) then
      return terms
    end
    at = text:match("^%s+AND%s+()", stop)
    if not at then
      return nil, ("only AND can stand at %q"):format(text:sub(stop, stop + 20))
    end
  end
end

local function compare_times(left, right)
  if left[1] ~= right[1] then
    return left[1] < right[1] and -1 or 1
  elseif left[2] ~= right[2] then
    return left[2] < right[2] and -1 or 1
  end
  return 0
end

local function accepts(term, actual)
  if term.absent or actual == nil then
    return term.absent == true and actual == nil
  elseif type(term.value) ~= "table" then
    return actual == term.value
  end
  local order = compare_times({ time.parse(actual) }, term.value)
  if term.operator == ">=" then
    return order >= 0
  elseif term.operator == "<=" then
    return order <= 0
  end
  return order == 0
end

--- Say whether a resource matches all terms.
---@param terms table[]
---@param value_of fun(field: string): string? returns a field of the resource by its filter name
---@return boolean
function filter.accepts(terms, value_of)
  for _, term in ipairs(terms) do
    if not accepts(term, value_of(term.field)) then
      return false
    end
  end
  return true
end

return filter
