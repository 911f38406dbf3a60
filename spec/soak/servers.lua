--- Starts the keeper of the soak's server, and ends it.

local core = require "googlemeet.core"

local servers = {}

local PATIENCE = 20 -- seconds to start

local Servers = {}
local METATABLE = {
  __index = Servers,
  __close = function(self) self:close() end,
}

local function read_line(path)
  local file <close> = io.open(path)
  return file and file:read "l"
end

---@param seed string
---@param every number seconds between two kills, about
---@param journal string path
---@return table servers with `url`
function servers.start(seed, every, journal)
  local output = os.tmpname()
  local pipe = assert(io.popen(("exec %s spec/soak/keeper.lua '%s' %g '%s' >'%s'"):format(
    os.getenv "LUA" or "lua5.4", seed, every, journal, output), "w"))
  pipe:setvbuf "no"
  local limit = core.now() + PATIENCE
  local port
  repeat
    port = read_line(output)
    assert(port or core.now() < limit, "the soak's server does not start")
    os.execute "sleep 0.02"
  until port
  os.remove(output)
  return setmetatable({ url = "http://127.0.0.1:" .. port, pipe = pipe }, METATABLE)
end

--- No more kills, no more faults.
function Servers:calm()
  self.pipe:write "calm\n"
end

function Servers:close()
  if self.pipe then self.pipe:close() end
  self.pipe = nil
end

return servers
