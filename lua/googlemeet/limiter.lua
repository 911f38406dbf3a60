--- What shares the limit between processes and machines: `rate = { limiter = … }` of a client.

local core = require "googlemeet.core"

local limiter = {}

limiter.file = core.limiter and core.limiter.file

--- Make a limiter in Redis or Valkey, for processes on several machines.
--
-- `command` sends one command with the client that the host has: its words are the arguments, the
-- reply is the result, or nil and a message. It may yield. All who use the same server and name
-- share one limit: one name for each account. `without` is what this process sends in a second
-- while the server is away, from one lease and one window on: 0 is nothing.
---@param command fun(...: string|number): any, string?
---@param name string
---@param opts? { without: integer? }
---@return googlemeet.Limiter
function limiter.redis(command, name, opts)
  return require("googlemeet.limiter.redis").new(command, name, opts)
end

return limiter
