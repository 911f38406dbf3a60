--- Error responses, in every shape that the gateway and Google use.
-- `errors.throw` raises a response as a special value, which the front of the fake catches.

local json = require "googlemeet.testing.json"

local errors = {}

local FAILURE = { __name = "googlemeet.testing.failure" }
local GOOGLE_TYPE = "type.googleapis.com/google.rpc."

local REASONS = {
  [400] = "Bad Request", [401] = "Unauthorized", [403] = "Forbidden", [404] = "Not Found",
  [405] = "Method Not Allowed", [409] = "Conflict", [413] = "Content Too Large",
  [416] = "Range Not Satisfiable",
  [429] = "Too Many Requests", [499] = "Client Closed Request", [500] = "Internal Server Error",
  [501] = "Not Implemented", [502] = "Bad Gateway", [503] = "Service Unavailable",
  [504] = "Gateway Timeout",
}

local STATUSES = {
  INVALID_ARGUMENT = 400, FAILED_PRECONDITION = 400, OUT_OF_RANGE = 400, UNAUTHENTICATED = 401,
  PERMISSION_DENIED = 403, NOT_FOUND = 404, ALREADY_EXISTS = 409, ABORTED = 409,
  RESOURCE_EXHAUSTED = 429, CANCELLED = 499, INTERNAL = 500, UNKNOWN = 500, DATA_LOSS = 500,
  UNIMPLEMENTED = 501, UNAVAILABLE = 503, DEADLINE_EXCEEDED = 504,
}

local CANONICAL = {
  [400] = "INVALID_ARGUMENT", [401] = "UNAUTHENTICATED", [403] = "PERMISSION_DENIED",
  [404] = "NOT_FOUND", [409] = "ALREADY_EXISTS", [429] = "RESOURCE_EXHAUSTED",
  [499] = "CANCELLED", [500] = "INTERNAL", [501] = "UNIMPLEMENTED", [503] = "UNAVAILABLE",
  [504] = "DEADLINE_EXCEEDED",
}

--- Return the reason phrase of an HTTP status.
function errors.reason(status)
  return REASONS[status] or "Error"
end

local function respond(status, body, headers)
  headers = headers or {}
  headers["Content-Type"] = headers["Content-Type"] or "application/json; charset=UTF-8"
  return { status = status, headers = headers, body = json.encode(body) }
end

--- Make an error response of Google: `{"error": {"code", "message", "status", "details"}}`.
---@param canonical string|integer such as `NOT_FOUND`, or an HTTP status
---@param message string
---@param details? table[]
---@param headers? table<string, string>
function errors.google(canonical, message, details, headers)
  local status = canonical
  if type(canonical) == "number" then
    canonical = CANONICAL[canonical] or "UNKNOWN"
  else
    status = STATUSES[canonical]
  end
  local body = { code = status, message = message, status = canonical, details = details }
  return respond(status, { error = body }, headers)
end

--- Reasons that are of another domain than `global`.
local DOMAINS = {
  timeRangeEmpty = "calendar", requestedOrderingNotAvailable = "calendar",
  rateLimitExceeded = "usageLimits", userRateLimitExceeded = "usageLimits",
  quotaExceeded = "usageLimits",
}

--- Make an error response of Drive, whose form is an older one than that of Meet and Docs:
-- `{"error": {"errors": [{"domain", "reason", "message", …}], "code", "message"}}`.
---@param status integer
---@param reason string such as `notFound`
---@param message string
---@param parameter? string that the error is about
---@param headers? table<string, string>
function errors.drive(status, reason, message, parameter, headers)
  local item = {
    domain = DOMAINS[reason] or "global", reason = reason, message = message,
    location = parameter, locationType = parameter and "parameter",
  }
  local body = { code = status, message = message, errors = { item } }
  return respond(status, { error = body }, headers)
end

--- Make an error response of Calendar, whose form is Drive's.
errors.calendar = errors.drive

--- Make an error response of the gateway in the form `{"error": {"message", "code"}}`.
function errors.nested(status, message)
  return respond(status, { error = { message = message, code = status } })
end

--- Make an error response of the gateway in the form `{"message", "type", "code"}`.
---@param trace_id? string
function errors.flat(status, message, trace_id)
  return respond(status, {
    message = message, type = errors.reason(status), code = status, trace_id = trace_id,
  })
end

--- Make a `BadRequest` detail.
---@param violations { field: string, description: string }[]
function errors.bad_request(violations)
  return { ["@type"] = GOOGLE_TYPE .. "BadRequest", fieldViolations = violations }
end

--- Make an `ErrorInfo` detail.
function errors.error_info(reason, metadata)
  return {
    ["@type"] = GOOGLE_TYPE .. "ErrorInfo", reason = reason, domain = "googleapis.com",
    metadata = metadata,
  }
end

--- Make a `RetryInfo` detail.
---@param seconds number
function errors.retry_info(seconds)
  return {
    ["@type"] = GOOGLE_TYPE .. "RetryInfo",
    retryDelay = (("%.3f"):format(seconds):gsub("%.000$", "")) .. "s",
  }
end

--- Throw a response, to be caught by `errors.catch`.
function errors.throw(response)
  error(setmetatable({ response = response }, FAILURE), 0)
end

--- Throw Google's 400 INVALID_ARGUMENT about one field.
---@param field string
---@param description string
function errors.invalid(field, description)
  errors.throw(errors.google("INVALID_ARGUMENT", description, {
    errors.bad_request { { field = field, description = description } },
  }))
end

--- Call a function; return its result, or the response that it threw. Any other error is raised.
function errors.catch(run, ...)
  local ok, result = xpcall(run, function(problem)
    if getmetatable(problem) == FAILURE then
      return problem
    end
    return debug.traceback(tostring(problem), 2)
  end, ...)
  if ok then
    return result
  elseif getmetatable(result) == FAILURE then
    return result.response
  end
  error(result, 0)
end

return errors
