--- Checks the query of a request to Google against the row of its operation.

local fields = require "googlemeet.testing.fields"
local json = require "googlemeet.testing.json"
local time = require "googlemeet.time"

local query = {}

local function one_of(...)
  local values = {}
  for _, value in ipairs { ... } do
    values[value] = true
  end
  return function(text)
    return values[text]
  end
end

--- Checks of query values by type.
local TYPES = {
  string = function()
    return true
  end,
  boolean = one_of("true", "false", "1", "0"),
  format = one_of("json"),
  media = one_of("json", "media"),
  published = one_of("published"),
  suggestions = one_of("DEFAULT_FOR_CURRENT_ACCESS", "SUGGESTIONS_INLINE",
    "PREVIEW_SUGGESTIONS_ACCEPTED", "PREVIEW_WITHOUT_SUGGESTIONS"),
  comments = one_of("COMMENTS_VIEW_MODE_UNSPECIFIED",
    "COMMENTS_VIEW_MODE_DEFAULT_FOR_CURRENT_ACCESS", "COMMENTS_VIEW_MODE_OMITTED",
    "COMMENTS_VIEW_MODE_INCLUDED"),
  xgafv = one_of("1", "2"),
  order = one_of("startTime", "updated"),
  positive = function(text)
    return text:find "^[1-9]%d*$" and #text <= 9
  end,
  instant = function(text)
    return time.parse(text) ~= nil
  end,
  user = function(text)
    return #text <= 40
  end,
  int32 = function(text)
    local number = text:find("^%-?%d+$") and #text <= 11 and tonumber(text)
    return number and number >= -2147483648 and number <= 2147483647
  end,
}

--- Query names that every operation accepts.
local STANDARD = {
  fields = "string", prettyPrint = "boolean", alt = "format", quotaUser = "user",
  ["$.xgafv"] = "xgafv",
}

local UNKNOWN = 'Invalid JSON payload received. Unknown name "%s": Cannot bind query '
  .. "parameter. Field '%s' could not be found in request message."

--- Check the query of a request against its row.
---@param row table operation, with `query`: name to type; "missing": Google has it, the fake not
---@param list { name: string, value: string }[]
---@param refuse fun(name: string, message: string) throws
---@return table<string, string>
function query.read(row, list, refuse)
  local values = {}
  for _, pair in ipairs(list) do
    local name, value = pair.name, pair.value
    local kind = row.query and row.query[name] or STANDARD[name]
    if not kind then
      refuse(name, UNKNOWN:format(name, name))
    elseif kind == "missing" then
      refuse(name, ("The fake does not have '%s'."):format(name))
    elseif values[name] then
      refuse(name, ("Invalid value at '%s': it is given more than once."):format(name))
    elseif not TYPES[kind](value) then
      refuse(name, ("Invalid value at '%s': \"%s\""):format(name, value))
    end
    values[name] = value
  end
  return values
end

--- Read the fields mask of a request.
---@param row table operation, with `response` and, if it has one, `default_fields`
---@param values table<string, string>
---@param refuse fun(name: string, message: string) throws
---@return table tree
function query.mask(row, values, refuse)
  local text = values.fields
  if text == nil or text == "" then
    text = row.default_fields or "*"
  end
  local tree = fields.read(text)
  local wrong = tree and fields.wrong(tree, row.response)
  if not tree or wrong then
    refuse("fields", wrong and ("Invalid field selection %s"):format(wrong)
      or "The fields mask is malformed.")
  end
  return tree
end

--- Say whether a boolean of the query is set.
---@param value string?
function query.is_true(value)
  return value == "true" or value == "1"
end

--- Make the response with a value as JSON, as the query asks for it.
---@param values table<string, string>
---@param tree table fields mask
---@param value table
function query.response(values, tree, value)
  local pretty = values.prettyPrint ~= "false" and values.prettyPrint ~= "0"
  return {
    status = 200,
    headers = { ["Content-Type"] = "application/json; charset=UTF-8" },
    body = json.encode(fields.keep(tree, value), pretty) .. (pretty and "\n" or ""),
  }
end

return query
