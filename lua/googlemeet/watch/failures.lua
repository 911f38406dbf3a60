--- Failures of a watch: it continues after temporary ones, and raises all others.
-- With `on_error` it also continues after failures of one conference of a space. Without it, each
-- kind of failure is a line on standard error, and failures since the start are raised in the end,
-- because then the settings are wrong and not the network.

local failure = require "googlemeet.failure"

local failures = {}

local PATIENCE = 3600 -- seconds

--- Return an empty record of failures.
---@param on_error? fun(err: googlemeet.Error)
---@param interval number seconds between two polls
---@return table
function failures.new(on_error, interval)
  return {
    on_error = on_error, written = {}, -- kinds
    failed = {}, -- spaces in which anything has since `forget`; "" for what is of no space
    has_succeeded = false, -- whether anything ever has
    polls_left = PATIENCE / interval, -- that may fail before anything has succeeded
    last = nil, -- error that is left to be raised
  }
end

--- Note a failure, or raise it.
---@param self table
---@param err googlemeet.Error
---@param space? string in which it was
---@param is_local? boolean whether it is that of one conference of the space
function failures.note(self, err, space, is_local)
  self.failed[space or ""], self.last = true, err
  local is_borne = is_local and self.on_error and failure.is_of_resource(err)
  if not is_borne and not failure.is_temporary(err) then error(err, 0) end
  if self.on_error then
    self.on_error(err)
  elseif not self.written[err.kind] then
    self.written[err.kind] = true
    io.stderr:write("googlemeet.watch continues after a failure: ", tostring(err), "\n")
  end
end

--- Begin another poll.
function failures.forget(self)
  self.failed = {}
end

--- Raise the last failure of a poll if everything has failed for too long.
function failures.check(self)
  if next(self.failed) == nil or self.has_succeeded or self.on_error then return end
  self.polls_left = self.polls_left - 1
  if self.polls_left < 0 then error(self.last, 0) end
end

return failures
