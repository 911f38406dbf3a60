--- What a watch does about failures: it goes on past the temporary ones, and raises all others.
-- Without `on_error` standard error has a line for each kind of failure; and what has failed since
-- the start is raised in the end: then it is the settings, not the network, that are wrong.

local failure = require "googlemeet.failure"

local failures = {}

local PATIENCE = 3600 -- seconds

--- Begin without any.
---@param on_error? fun(err: googlemeet.Error)
---@param interval number seconds between two polls
---@return table
function failures.new(on_error, interval)
  return {
    on_error = on_error, written = {}, -- kinds
    has_failed = false, -- whether anything has since `forget`
    has_succeeded = false, -- whether anything ever has
    polls_left = PATIENCE / interval, -- that may fail before anything has succeeded
    last = nil, -- error that is left to be raised
  }
end

--- Note a failure; one that is not temporary is raised.
---@param self table
---@param err googlemeet.Error
function failures.note(self, err)
  self.has_failed, self.last = true, err
  if not failure.is_temporary(err) then error(err, 0) end
  if self.on_error then
    self.on_error(err)
  elseif not self.written[err.kind] then
    self.written[err.kind] = true
    io.stderr:write("googlemeet.watch goes on after a failure: ", tostring(err), "\n")
  end
end

--- Begin another poll.
function failures.forget(self)
  self.has_failed = false
end

--- Raise the last failure of a poll if everything has failed for too long.
function failures.check(self)
  if not self.has_failed or self.has_succeeded or self.on_error then return end
  self.polls_left = self.polls_left - 1
  if self.polls_left < 0 then error(self.last, 0) end
end

return failures
