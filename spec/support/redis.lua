--- A redis-server, or what REDIS_SERVER names, on a free port of loopback, and a client that speaks
-- RESP, as plain as can be.
-- In a controller of cqueues the client yields; elsewhere it blocks.

local daemon = require "spec.support.daemon"
local socket = require "cqueues.socket"
local tree = require "spec.support.tree"

local PATIENCE = 500 -- hundredths of a second for one to start, or to end
local TIMEOUT = 2 -- seconds for a reply
local TRIES = 5 -- another program may take a free port before the server does

local redis = {}
redis.__index = redis

--- Start a server that keeps nothing on disk.
---@param settings? string more words of its command line
function redis.start(settings)
  local self = setmetatable({ folder = tree.temporary(), settings = settings or "" }, redis)
  local problem
  for _ = 1, TRIES do
    self.port = daemon.free_port()
    problem = self:try()
    if not problem then return self end
    self:stop "KILL"
    if not problem:find("in use", 1, true) then break end
  end
  tree.remove(self.folder)
  error(problem, 2)
end

--- Start the process, also after `stop`.
function redis:run()
  local problem = self:try()
  if problem then error(problem, 2) end
end

--- Start the process and wait until it is ready.
---@return string? problem
function redis:try()
  local lines = tree.lines(([[
    cd %s; rm -f log pid status
    (( ${REDIS_SERVER:-redis-server} --save "" --appendonly no --bind 127.0.0.1 --port %d \
         --dir %s %s >log 2>&1 &
       echo $! >pid; wait $!; echo $? >status ) &) </dev/null >/dev/null 2>&1
    for _ in $(seq %d); do
      grep -q "Ready to accept connections" log 2>/dev/null && { cat pid; echo ready; exit; }
      [ -s status ] && break; sleep 0.01
    done
    cat pid; tail -n 3 log]]):format(self.folder, self.port, self.folder, self.settings, PATIENCE))
  self.pid = lines[1]
  if lines[2] ~= "ready" then
    return "redis-server does not start: " .. table.concat(lines, "\n", 2)
  end
end

--- End the process; what it had is gone, unless the settings say otherwise.
function redis:stop(signal)
  if not self.pid then return end
  tree.lines(([[kill -%s %s
    for _ in $(seq %d); do [ -s %s/status ] && break; sleep 0.01; done]]):format(
    signal or "TERM", self.pid, PATIENCE, self.folder))
  self.pid = nil
end

function redis:signal(name) tree.lines(("kill -%s %s"):format(name, self.pid)) end

function redis:close()
  self:stop "KILL"
  tree.remove(self.folder)
end

-- The client --------------------------------------------------------------------------------------

local read

--- An array of replies; an error among them is a table with `err`.
local function read_array(connection, count)
  local items = {}
  for index = 1, count do
    local item, message = read(connection)
    if message then item = { err = message } end
    items[index] = item == nil and false or item
  end
  return items
end

--- Read a reply: nil and a message for an error.
function read(connection)
  local line = connection:read "*l"
  if not line then error("the connection is lost", 0) end
  local kind, rest = line:sub(1, 1), line:sub(2):gsub("\r$", "")
  local number = math.tointeger(tonumber(rest))
  if kind == "-" then return nil, rest end
  if kind == "+" then return rest end
  if kind == ":" then return number end
  if number < 0 then return nil end
  if kind == "*" then return read_array(connection, number) end
  return connection:read(number + 2):sub(1, -3)
end

local function encode(...)
  local words = { ("*%d\r\n"):format(select("#", ...)) }
  for _, word in ipairs { ... } do
    word = tostring(word)
    words[#words + 1] = ("$%d\r\n%s\r\n"):format(#word, word)
  end
  return table.concat(words)
end

local function connect(port)
  local connection = socket.connect { host = "127.0.0.1", port = port, nodelay = true }
  connection:setmode("b", "bn")
  connection:settimeout(TIMEOUT)
  connection:onerror(function(_, _, code) return code end) -- no raise
  return connection
end

--- Make a function that sends one command and returns the reply, or nil and a message. Each call
-- that is under way has its own connection.
---@param port integer
---@param greeting? string[] words of a command for each new connection
function redis.client(port, greeting)
  local idle = {}
  local function send(connection, ...)
    if not connection:write(encode(...)) then error("the connection is lost", 0) end
    return read(connection)
  end
  return function(...)
    local connection = table.remove(idle)
    if not connection then
      connection = connect(port)
      if greeting then pcall(send, connection, table.unpack(greeting)) end
    end
    local ok, reply, message = pcall(send, connection, ...)
    if ok then
      idle[#idle + 1] = connection
      return reply, message
    end
    connection:close()
    return nil, tostring(reply)
  end
end

return redis
