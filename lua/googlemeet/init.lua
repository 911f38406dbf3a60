--- A client of the Google Meet REST API v2 behind the Maton gateway.
-- The public table; what is seldom used is loaded at its first use.

local core = require "googlemeet.core"
local services = require "googlemeet.services"
local resources = require "googlemeet.resources"

-- Misuse is blamed on the script, so the core passes over the lines of this folder.
local path = select(2, ...)
core.pass_over(type(path) == "string" and path:match("^(.*)init%.lua$") or nil)
services.extend(core)
resources.extend(core)

local googlemeet = {
  new = core.new,
  array = core.array,
  version = core.version,
}

local submodules = {
  connections = true, mask = true, name = true, sequence = true, testing = true, time = true,
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
