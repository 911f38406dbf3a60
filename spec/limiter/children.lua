--- Programs that a scenario starts: their lines, signals, and an end to all of them.

local loop = require "spec.limiter.loop"
local uv = require "luv"

local children = {}

local PATIENCE = 10 -- seconds to start, and to end

local Child = {}
local CHILD = { __index = Child }
local Children = {}
local CHILDREN = {
  __index = Children,
  __close = function(self) self:close() end,
}

function children.new() return setmetatable({}, CHILDREN) end

--- The environment of this process with some variables more.
local function environment(more)
  local list = {}
  for name, value in pairs(uv.os_environ()) do
    if not more[name] then list[#list + 1] = name .. "=" .. value end
  end
  for name, value in pairs(more) do list[#list + 1] = name .. "=" .. value end
  return list
end

local function collect(child, output)
  local rest = ""
  output:read_start(function(_, text)
    if not text then
      child.has_spoken = true
      return output:close()
    end
    rest = rest .. text
    for line in rest:gmatch "([^\n]*)\n" do child.lines[#child.lines + 1] = line end
    rest = rest:match "[^\n]*$"
  end)
end

--- Start a program, which has a pipe for its standard input.
---@param program string
---@param words string[]
---@param more? table<string, string> of its environment
function Children:start(program, words, more)
  local input, output = uv.new_pipe(), uv.new_pipe()
  local child = setmetatable({ lines = {}, input = input }, CHILD)
  local process, pid = uv.spawn(program, {
    args = words, stdio = { input, output, 2 }, env = environment(more or {}),
  }, function(status, signal)
    child.status, child.ended_by = status, signal
    child.process:close()
    if not input:is_closing() then input:close() end
  end)
  child.process, child.pid = assert(process, program .. ": " .. tostring(pid)), pid
  collect(child, output)
  self[#self + 1] = child
  return child
end

--- Start one that says first on which port it listens.
function Children:start_server(...)
  local child = self:start(...)
  local line = loop.wait(PATIENCE, function() return child.lines[1] or child.status end)
  child.port = math.tointeger(tonumber(child.lines[1])) or error((...) .. ": " .. tostring(line))
  return child
end

--- Kill what still runs, by its process ID.
function Children:kill()
  for _, child in ipairs(self) do child:signal "sigkill" end
end

function Children:close()
  self:kill()
  for _, child in ipairs(self) do child:wait(PATIENCE) end
end

function Child:is_running() return not self.status end

function Child:signal(name)
  if self:is_running() then self.process:kill(name) end
end

--- Wait until it has ended and all it wrote is here.
function Child:wait(seconds)
  return loop.wait(seconds, function() return self.status and self.has_spoken end)
end

--- End one that ends with its standard input.
function Child:finish()
  if self:is_running() then self.input:close() end
  self:wait(PATIENCE)
  assert(self.status == 0, "a server has failed")
end

return children
