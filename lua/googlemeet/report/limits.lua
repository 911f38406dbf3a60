--- One deadline for the several calls of a report.

local core = require "googlemeet.core"

local limits = {}

--- Give a function that makes the options of the next call: what is left of the deadline counts for
-- all of them together. It gives nil and an error when nothing is left.
---@param client googlemeet.Client
---@param opts { connection: string?, timeout: number?, deadline: number? }
---@return fun(): table?, googlemeet.Error?
function limits.new(client, opts)
  local ends = opts.deadline and client:now() + opts.deadline
  return function()
    local left = ends and ends - client:now()
    if left and left < 0.001 then
      return nil, core.error.new("deadline", "the deadline for the report has passed")
    end
    return { timeout = opts.timeout, connection = opts.connection, deadline = left }
  end
end

return limits
