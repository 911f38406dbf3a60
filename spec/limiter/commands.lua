--- One command after the other to a Redis on loopback: redis-lua over LuaSocket, with a new socket
-- after a failure. Debian has the pure Lua of redis-lua in its folder for 5.1 alone.

package.path = package.path .. ";/usr/share/lua/5.1/?.lua"

local redis = require "redis"
local socket = require "socket"

local commands = {}

local PATIENCE = 1 -- seconds, to connect and for each reply

local function is_reply(problem) return tostring(problem):find("redis error: ", 1, true) end

--- Begin to use the Redis of a port. The function calls `send` with redis-lua's client and gives
--- the reply; or nil and a message.
local function connection(port)
  local client
  return function(send, ...)
    local ok, reply = pcall(function(...)
      client = client or redis.connect("127.0.0.1", port, PATIENCE)
      return send(client, ...)
    end, ...)
    if ok then return reply end
    if client and not is_reply(reply) then
      client.network.socket:close()
      client = nil
    end
    return nil, (tostring(reply):gsub("^.-redis error: ", ""))
  end
end

--- What `meet.limiter.redis` takes: a name and its arguments. A command that fails is sent again
--- for some time, as many clients do: a server that is soon there again was never away for them.
---@param again number seconds
function commands.new(port, again)
  local use = connection(port)
  return function(name, ...)
    local limit = socket.gettime() + again
    local function send(client, ...) return client[name:lower()](client, ...) end
    local reply, problem = use(send, ...)
    while problem and not problem:find "^%u+ " and socket.gettime() < limit do
      socket.sleep(0.01)
      reply, problem = use(send, ...)
    end
    return reply, problem
  end
end

--- A line as somebody types it at redis-cli; the reply is not taken apart.
function commands.typed(port)
  local use = connection(port)
  return function(line)
    return use(function(client) return client:raw_cmd(line) end)
  end
end

return commands
