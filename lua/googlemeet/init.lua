--- A client of the Google Meet REST API v2 behind the Maton gateway.
-- The public table. It loads the methods of services and resources; other modules are loaded at
-- their first use.

-- Any other Lua would fail with a loader error or a syntax error.
if _VERSION ~= "Lua 5.4" and _VERSION ~= "Lua 5.5" then
  local this = type(jit) == "table" and jit.version or _VERSION -- luacheck: read globals jit
  error("googlemeet needs Lua 5.4 or 5.5; this is " .. this, 0)
end

local core = require "googlemeet.core"

-- Misuse is reported at the script's line, so the core skips the lines of this folder.
local path = select(2, ...)
core.error.skip_source(type(path) == "string" and path:match("^(.*)init%.lua$") or nil)

require "googlemeet.services".extend(core)
require "googlemeet.resources".extend(core)

local googlemeet = {
  new = core.new,
  array = core.array,
  version = core.version,
}

local submodules = {
  archive = true, attendance = true, connections = true, doctor = true, filter = true,
  limiter = true, loop = true, mask = true, name = true, sequence = true, talk_time = true,
  testing = true, time = true, watch = true,
}

--- Modules that are loaded at their first use, beside the submodules.
local LATER = {
  "calendar", "drive", "enums", "files", "limiter.redis", "filtered_lists", "report.attendance",
  "report.transcript", "sink", "tasks", "testing.check_limiter",
}

--- Modules that need an optional package.
local OPTIONAL = { "googlemeet.loop.cqueues", "googlemeet.loop.luv", "luasql.sqlite3" }

--- Load every module now that would be loaded at its first use: for a host that calls chroot.
function googlemeet.preload()
  for name in pairs(submodules) do require("googlemeet." .. name) end
  for _, name in ipairs(LATER) do require("googlemeet." .. name) end
  for _, name in ipairs(OPTIONAL) do pcall(require, name) end
end

return setmetatable(googlemeet, {
  __name = "googlemeet",
  __index = function(self, name)
    if not submodules[name] then return nil end
    local module = require("googlemeet." .. name)
    rawset(self, name, module)
    return module
  end,
})
