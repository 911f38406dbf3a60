--- Starts the soak's servers and ends them: the one that is killed now and then, and the one behind
-- TLS with its proxy.

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

--- Start a script that prints one line and ends with its standard input.
---@return file* pipe
---@return string port the number at the line's end
local function start(script, ...)
  local output, words = os.tmpname(), { os.getenv "LUA" or "lua5.4", "spec/soak/" .. script }
  for _, word in ipairs { ... } do words[#words + 1] = ("'%s'"):format(word) end
  local pipe = assert(io.popen(("%s >'%s' || echo '%s ended, status' $? >&2"):format(
    table.concat(words, " "), output, script), "w"))
  pipe:setvbuf "no"
  local limit = core.now() + PATIENCE
  local line
  repeat
    line = read_line(output)
    assert(line or core.now() < limit, script .. " does not start")
    os.execute "sleep 0.02"
  until line
  os.remove(output)
  return pipe, line:match "%d+$"
end

---@param seed string
---@param every number seconds between two kills, about
---@param journal string path
---@return table servers with `url`; `secure_url` and `certificate`
function servers.start(seed, every, journal)
  local certificate = os.tmpname()
  local kept, port = start("keeper.lua", seed, every, journal)
  local secure, secure_port = start("secure.lua", seed, journal, certificate)
  local proxy, proxy_port = start("proxy.lua", secure_port, seed, journal)
  return setmetatable({
    url = "http://127.0.0.1:" .. port, secure_url = "https://127.0.0.1:" .. proxy_port,
    certificate = certificate, pipes = { kept, proxy, secure }, faulty = { kept, proxy },
  }, METATABLE)
end

--- No more kills and cuts.
function Servers:calm()
  for _, pipe in ipairs(self.faulty) do pipe:write "calm\n" end
end

function Servers:close()
  for _, pipe in ipairs(self.pipes) do pipe:close() end
  self.pipes = {}
  os.remove(self.certificate)
end

return servers
