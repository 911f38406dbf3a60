--- Makes the errors that the prelude finds, and classifies errors: whether one is temporary, and
-- whether it is about one resource only.

local core = require "googlemeet.core"

local failure = {}

local TEMPORARY = {
  transport = true, timeout = true, deadline = true, rate_limited = true, server = true,
}

local OF_RESOURCE = {
  permission = true, not_found = true, conflict = true, invalid = true, server = true,
  decode = true, too_large = true,
}

--- Make an error table.
---@param kind googlemeet.Kind
---@param message string of any length (the core cuts its messages at 511 bytes); control characters
---  are removed
---@param hint? string default: the hint of the kind
---@return googlemeet.Error
function failure.new(kind, message, hint)
  local err = core.error.new(kind, message)
  err.message, err.hint = core.text.plain(message), hint or err.hint
  return err
end

--- Make an error table whose message quotes a server: the client's secrets are blanked.
---@param client googlemeet.Client
---@param kind googlemeet.Kind
---@param message string
---@param hint? string
---@return googlemeet.Error
function failure.quoting(client, kind, message, hint)
  return failure.new(kind, core.text.shown(client, message), hint)
end

--- Say whether the same call may succeed later.
---@param err googlemeet.Error
---@return boolean
function failure.is_temporary(err)
  return TEMPORARY[err.kind] == true
end

--- Say whether only the resource that was asked for is affected: a server has answered, and the
-- answer is about that one. Whatever affects the account, the network or the call is not.
---@param err googlemeet.Error
---@return boolean
function failure.is_of_resource(err)
  return OF_RESOURCE[err.kind] == true
end

return failure
