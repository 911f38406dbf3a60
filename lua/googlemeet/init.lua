--- A client of the Google Meet REST API v2 behind the Maton gateway.
-- The public table. It loads the methods of services and resources; other modules are loaded at
-- their first use.

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
  mask = true, name = true, sequence = true, talk_time = true, testing = true, time = true,
  watch = true,
}

return setmetatable(googlemeet, {
  __index = function(self, name)
    if not submodules[name] then return nil end
    local module = require("googlemeet." .. name)
    rawset(self, name, module)
    return module
  end,
})
