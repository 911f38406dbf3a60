--- Google's side of the fake: quota, checks of query and body, the operation, the fields mask.

local errors = require "googlemeet.testing.errors"
local fields = require "googlemeet.testing.fields"
local json = require "googlemeet.testing.json"
local lists = require "googlemeet.testing.lists"
local members = require "googlemeet.testing.members"
local schema = require "googlemeet.testing.schema"
local spaces = require "googlemeet.testing.spaces"

local google = {}

local MINUTE = 60

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
  xgafv = one_of("1", "2"),
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

local UNKNOWN_QUERY = 'Invalid JSON payload received. Unknown name "%s": Cannot bind query '
  .. "parameter. Field '%s' could not be found in request message."

--- Check the query of a request against its row, or throw.
---@return table<string, string>
local function read_query(row, list)
  local query = {}
  for _, pair in ipairs(list) do
    local name, value = pair.name, pair.value
    local kind = row.query and row.query[name] or STANDARD[name]
    if not kind then
      errors.invalid(name, UNKNOWN_QUERY:format(name, name))
    elseif query[name] then
      errors.invalid(name, ("Invalid value at '%s': it is given more than once."):format(name))
    elseif not TYPES[kind](value) then
      errors.invalid(name, ("Invalid value at '%s': \"%s\""):format(name, value))
    end
    query[name] = value
  end
  return query
end

local function throw_invalid(message)
  errors.throw(errors.google("INVALID_ARGUMENT", message))
end

local function decode_body(text, headers)
  local content_type = headers["content-type"] or ""
  if not content_type:lower():find("^application/json%s*;?") then
    throw_invalid("The body must have Content-Type: application/json.")
  end
  local body, problem = json.decode(text)
  if problem or type(body) ~= "table" or not text:find("^%s*{") then
    throw_invalid("Invalid JSON payload received. " .. (problem or "An object is expected."))
  end
  return body
end

--- Read and check the body of a request, or throw.
---@return table? body without nulls
local function read_body(row, text, headers)
  if text == nil or text == "" then
    if row.body == "needed" then
      throw_invalid("The request needs a body.")
    end
    return nil
  elseif not row.request then
    throw_invalid(("%s takes no body."):format(row.verb))
  end
  local body = decode_body(text, headers)
  local violations = schema.check(row.request, body)
  if violations[1] then
    errors.throw(errors.google("INVALID_ARGUMENT", violations[1].description, {
      errors.bad_request(violations),
    }))
  end
  return schema.without_nulls(body)
end

--- Read the fields mask of a request, or throw.
---@return table tree
local function read_fields(row, query)
  local text = query.fields
  if text == nil or text == "" then
    text = row.default_fields or "*"
  end
  local tree = fields.read(text)
  local wrong = tree and fields.wrong(tree, row.response)
  if not tree or wrong then
    errors.invalid("fields", wrong and ("Invalid field selection %s"):format(wrong)
      or "The fields mask is malformed.")
  end
  return tree
end

--- Count a request against the quota per minute of its class, or throw 429.
local function spend_quota(context)
  local row, rates = context.row, context.rates
  local limit = rates and rates[row.quota .. "s_per_minute"]
  local wait = context.limits:take("google " .. row.quota .. " " .. context.organisation.key,
    limit, MINUTE, context.clock)
  if not wait then
    return
  end
  errors.throw(errors.google("RESOURCE_EXHAUSTED",
    ("Quota exceeded for the %s requests of this user."):format(row.quota), {
      errors.error_info("RATE_LIMIT_EXCEEDED",
        { service = "meet.googleapis.com", quota_limit_value = tostring(limit) }),
      errors.retry_info(wait),
    }, { ["Retry-After"] = tostring(math.ceil(wait)) }))
end

--- Make the response to a request that no operation matches.
function google.no_operation(method, path, other_verb)
  local message = other_verb and ("%s does not support %s."):format(path, method)
    or ("There is no method at %s."):format(path)
  return errors.google("NOT_FOUND", message)
end

local function perform(context)
  spend_quota(context)
  local row = context.row
  context.query = read_query(row, context.query_list)
  context.body = read_body(row, context.body_text, context.headers)
  context.fields = read_fields(row, context.query)
  local run = spaces.handlers[row.id] or members.handlers[row.id]
    or (row.items and row.page and lists.list or lists.get)
  local kept = fields.keep(context.fields, run(context))
  local pretty = context.query.prettyPrint ~= "false" and context.query.prettyPrint ~= "0"
  return {
    status = 200,
    headers = { ["Content-Type"] = "application/json; charset=UTF-8" },
    body = json.encode(kept, pretty) .. (pretty and "\n" or ""),
  }
end

--- Respond to a request that the gateway has forwarded.
---@param context table row, names, query_list, body_text, headers, organisation, now, clock, …
---@return table response
function google.answer(context)
  return errors.catch(perform, context)
end

return google
