--- Failures that the prelude finds itself, and which failures are temporary.

local core = require "googlemeet.core"

local failure = {}

local TEMPORARY = {
  transport = true, timeout = true, deadline = true, rate_limited = true, server = true,
}

--- Make an error table.
---@param kind googlemeet.Kind
---@param message string of any length; the core cuts its own messages at 511 bytes
---@param hint? string default: the hint of the kind
---@return googlemeet.Error
function failure.new(kind, message, hint)
  local err = core.error.new(kind, message)
  err.message, err.hint = message, hint or err.hint
  return err
end

--- Say whether the same call may succeed later.
---@param err googlemeet.Error
---@return boolean
function failure.is_temporary(err)
  return TEMPORARY[err.kind] == true
end

return failure
