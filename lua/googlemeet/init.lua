--- A client of the Google Meet REST API v2 behind the Maton gateway.
-- The public table; what is seldom used is loaded at its first use.

--- Open the core before require does: what require opens has all functions of libcurl and of the
--- thirty libraries behind it bound at once, which takes longer than a request.
local function open_lazily()
  local core = package.searchpath("googlemeet.core", package.cpath)
  local open = core and package.loadlib
    and package.loadlib((core:gsub("core(%.%w+)$", "lazily%1")), "luaopen_googlemeet_lazily")
  if open then open(core) end
end

open_lazily()

local core = require "googlemeet.core"

-- Misuse is blamed on the script, so the core passes over the lines of this folder.
local path = select(2, ...)
core.pass_over(type(path) == "string" and path:match("^(.*)init%.lua$") or nil)

--- Methods of the core that googlemeet.services has its own way for.
local replaced = {
  spaces = { "patch", "end_active_conference" },
  members = { "create", "get", "list", "patch", "delete", "batch_update" },
  connections = { "list", "create" },
  conference_records = { "list" },
  participants = { "list" },
  participant_sessions = { "list" },
}
for service, names in pairs(replaced) do
  for _, name in ipairs(names) do core.services[service][name] = nil end
end

--- Metatable of method tables that `module` fills when one is asked for what it has not. Should
--- that fail, for memory, the next miss tries again.
---@param module string its `extend` asks for none of what it adds
---@param tables table<any, table> the method tables that have this metatable by then
local function filled_by(module, tables)
  return {
    __index = function(methods, name)
      require(module).extend(core)
      for _, filled in pairs(tables) do setmetatable(filled, nil) end
      setmetatable(tables, nil)
      return methods[name]
    end,
  }
end

local services = { core.client, core.hooks }
for _, methods in pairs(core.services) do services[#services + 1] = methods end
local by_services = filled_by("googlemeet.services", services)
for _, methods in ipairs(services) do setmetatable(methods, by_services) end

local by_resources = filled_by("googlemeet.resources", core.resources)
for _, methods in pairs(core.resources) do setmetatable(methods, by_resources) end
setmetatable(core.resources, {
  __index = function(kinds, kind)
    kinds[kind] = setmetatable({}, by_resources)
    return kinds[kind]
  end,
})

local googlemeet = {
  new = core.new,
  array = core.array,
  version = core.version,
}

local submodules = {
  archive = true, connections = true, doctor = true, filter = true, mask = true, name = true,
  sequence = true, testing = true, time = true, watch = true,
}

return setmetatable(googlemeet, {
  __index = function(self, name)
    if not submodules[name] then return nil end
    local module = require("googlemeet." .. name)
    rawset(self, name, module)
    return module
  end,
})
