--- A timer and a free port, for the gates whose servers run on luv.

local uv = require "luv"

local luv = {}

--- Call a function once, after some time.
---@param milliseconds integer
---@param f fun()
function luv.after(milliseconds, f)
  local timer = uv.new_timer()
  timer:start(milliseconds, 0, function()
    timer:close()
    f()
  end)
end

--- Return a port of loopback on which nothing listens.
---@return integer
function luv.free_port()
  local socket = uv.new_tcp()
  assert(socket:bind("127.0.0.1", 0))
  local port = socket:getsockname().port
  socket:close()
  return port
end

return luv
