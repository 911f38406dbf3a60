--- Google's side of the fake: quota, checks of query and body, the operation.

local errors = require "googlemeet.testing.errors"
local json = require "googlemeet.testing.json"
local lists = require "googlemeet.testing.lists"
local members = require "googlemeet.testing.members"
local query = require "googlemeet.testing.query"
local schema = require "googlemeet.testing.schema"
local spaces = require "googlemeet.testing.spaces"

local google = {}

local MINUTE = 60

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
  context.query = query.read(row, context.query_list, errors.invalid)
  context.body = read_body(row, context.body_text, context.headers)
  context.fields = query.mask(row, context.query, errors.invalid)
  local run = spaces.handlers[row.id] or members.handlers[row.id]
    or (row.items and row.page and lists.list or lists.get)
  return query.response(context.query, context.fields, run(context))
end

--- Respond to a request that the gateway has forwarded.
---@param context table row, names, query_list, body_text, headers, organisation, now, clock, …
---@return table response
function google.answer(context)
  return errors.catch(perform, context)
end

return google
