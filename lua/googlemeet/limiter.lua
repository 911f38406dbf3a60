--- What shares the limit between processes and machines: `rate = { limiter = … }` of a client.

local core = require "googlemeet.core"

local limiter = {}

--- Make a limiter for the processes of one machine and user that give the same path.
--
-- The file stands for one account. It is made when the first place is asked for; a path that cannot
-- be used is an error of kind config then, and nothing is sent.
---@param path? string /tmp/googlemeet-UID/limit if not given
---@return googlemeet.Limiter
limiter.file = core.limiter.file

--- Make a limiter in Redis or Valkey, for processes on several machines.
--
-- `command` sends one command with the client that the host has: its words are the arguments, the
-- reply is the result, or nil and a message. It may yield. All who use the same server and name
-- share one limit: one name for each API key. `without` is what this process sends in a second
-- while the server is away, from one lease and one window on: 0 is nothing.
---@param command fun(...: string|number): any, string?
---@param name string
---@param opts? { without: integer? }
---@return googlemeet.Limiter
function limiter.redis(command, name, opts)
  return require("googlemeet.limiter.redis").new(command, name, opts)
end

return limiter
