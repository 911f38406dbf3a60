--- One deadline shared by all calls of a method that takes several.

local core = require "googlemeet.core"

local deadline = {}

--- Make a function that returns the options of the next call. Its deadline is the time left of the
-- method's; the function returns nil and an error when none is left.
---@param client googlemeet.Client
---@param opts { connection: string?, timeout: number?, deadline: number? }
---@return fun(): table?, googlemeet.Error?
function deadline.share(client, opts)
  local ends = opts.deadline and client:now() + opts.deadline
  return function()
    local left = ends and ends - client:now()
    if left and left < 0.001 then
      return nil, core.error.new("deadline", "the deadline has passed between two requests")
    end
    return { timeout = opts.timeout, connection = opts.connection, deadline = left }
  end
end

return deadline
