--- Starts the servers of a condition, ends them, and makes them stop and go on. Needs luv.

local core = require "googlemeet.core"
local uv = require "luv"

local servers = {}

local PATIENCE = 20 -- seconds to start

local Server = {}
local METATABLE = {
  __index = Server,
  __close = function(self) self:close() end,
}

local function read_numbers(path)
  local file <close> = assert(io.open(path))
  return file:read("n", "n", "l")
end

--- Start a server; see spec/late/server.lua.
---@return table server with `port`, `certificate` and `journal`
function servers.start(behaviour)
  local self = setmetatable({ certificate = os.tmpname(), journal = os.tmpname() }, METATABLE)
  local output = os.tmpname()
  -- Behind the client: what floods it is not to take its processor, too.
  local command = "LD_PRELOAD= exec nice -n 5 %s spec/late/server.lua %s '%s' '%s' >'%s'"
  self.pipe = assert(io.popen(command:format(os.getenv "LUA" or "lua5.4", behaviour, self.journal,
    self.certificate, output), "w"))
  local limit = core.now() + PATIENCE
  repeat
    uv.sleep(10)
    local is_whole
    self.pid, self.port, is_whole = read_numbers(output)
    assert(is_whole or core.now() < limit, "the server does not start: " .. behaviour)
  until is_whole
  os.remove(output)
  return self
end

--- Stop it, or let it go on.
function Server:stop() assert(uv.kill(self.pid, "sigstop")) end
function Server:go_on() assert(uv.kill(self.pid, "sigcont")) end

--- What it has noted: how often each write was carried out, by mark, and how many calls came to a
--- dead socket after another was given up there.
function Server:noted()
  local writes, dead = {}, 0
  for line in io.lines(self.journal) do
    local sort, mark = line:match "^(%a+)\t(%S+)$"
    if sort == "write" then
      mark = math.tointeger(mark)
      writes[mark] = (writes[mark] or 0) + 1
    else
      dead = dead + 1
    end
  end
  return writes, dead
end

function Server:close()
  self:go_on()
  self.pipe:close()
  os.remove(self.certificate)
  os.remove(self.journal)
end

return servers
