--- Limiters share the rate limit between processes and machines: `rate = { limiter = … }`.

local core = require "googlemeet.core"

local limiter = {}

--- Make a limiter for the processes of one machine and user that give the same path.
--
-- Use one file for each Maton account. It is created by the first call. With a path that cannot be
-- used, the call fails with kind config, and nothing is sent.
---@param path? string /tmp/googlemeet-UID/limit if not given
---@return googlemeet.Limiter
limiter.file = core.limiter.file

--- Make a limiter in Redis or Valkey, for processes on several machines.
--
-- `command` sends one command with the host's Redis client. Its arguments are the words of the
-- command; it returns the reply, or nil and a message. It may yield. All processes with the same
-- server and name share one limit: use one name for each Maton account. `without` is the number of
-- requests that this process sends in a second while the server is away, after one lease and one
-- window: 0 sends nothing.
---@param command fun(...: string|number): any, string?
---@param name string
---@param opts? { without: integer? }
---@return googlemeet.Limiter
function limiter.redis(command, name, opts)
  return require("googlemeet.limiter.redis").new(command, name, opts)
end

return limiter
