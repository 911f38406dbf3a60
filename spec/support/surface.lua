--- The public names of the module, as the running code and the sources have them: what documents
-- and types/ have to name.

local core = require "googlemeet.core"
local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"
local tree = require "spec.support.tree"

-- What the prelude adds to services, clients and resources; it comes at first use else.
require "googlemeet.services".extend(core)
require "googlemeet.resources".extend(core)

local surface = {}

local function sorted(names)
  table.sort(names)
  return names
end

--- Names of the functions in `methods`, but for metamethods; `prefix` is put before each.
local function function_names(methods, prefix)
  local names = {}
  for name, value in pairs(methods) do
    if type(value) == "function" and not name:find "^__" then
      names[#names + 1] = (prefix or "") .. name
    end
  end
  return sorted(names)
end

--- What the module exports: its own keys, and the files that it loads at first use.
function surface.modules()
  local names = {}
  for _, path in ipairs(tree.find("lua/googlemeet", "*.lua")) do
    local name = path:match "^lua/googlemeet/([%w_]+)%.lua$"
      or path:match "^lua/googlemeet/([%w_]+)/init%.lua$"
    if name and name ~= "init" and name ~= "types" and meet[name] ~= nil then
      names[#names + 1] = name
    end
  end
  for name in pairs(meet) do
    if type(meet[name]) ~= "table" then names[#names + 1] = name end
  end
  return sorted(names)
end

--- The functions of the submodules, as "time.parse".
function surface.functions()
  local names = {}
  for _, module in ipairs(surface.modules()) do
    local functions = type(meet[module]) == "table" and meet[module] or {}
    for _, name in ipairs(function_names(functions, module .. ".")) do names[#names + 1] = name end
  end
  return sorted(names)
end

--- A client on its own seeded fake, at 2026-11-22T10:00:00Z.
function surface.client(options)
  local gateway = meet.testing.gateway { now = 1795341600 }
  gateway:seed()
  local copy = { api_key = "test-key", transport = gateway.transport, clock = manual_clock() }
  for name, value in pairs(options or {}) do copy[name] = value end
  if copy.rate and copy.rate.limiter then copy.clock = nil end -- it counts real seconds
  return assert(meet.new(copy))
end

--- Methods by service or resource, as { spaces = { "create", … } }.
---@param kinds "services"|"resources"
function surface.methods(kinds)
  local found = {}
  for kind, methods in pairs(core.shared[kinds]) do found[kind] = function_names(methods) end
  return found
end

--- The methods of what there is one of: "client", "pager", "gateway", "watcher", "report".
function surface.methods_of(what)
  local client <close> = surface.client()
  local object = ({
    client = function() return client end,
    pager = function() return (client.conference_records:list()) end,
    gateway = function() return meet.testing.gateway() end,
    watcher = function() return assert(meet.watch(client, { spaces = { "hpk-vtwd-ens" } })) end,
    report = function() return require "googlemeet.report.transcript.dialogue".new({}, {}) end,
  })[what]()
  return function_names(what == "client" and core.shared.client or getmetatable(object).__index)
end

--- Names in the option rows called `rows`, wherever in src/ they stand.
function surface.options(rows)
  local names = {}
  for _, path in ipairs(tree.find("src", "lua_*.c")) do
    local text = tree.read(path)
    for found in text:gmatch("struct meet_lua_option " .. rows .. "%[%] = (%b{})") do
      for name in found:gmatch '{"([%w_]+)"' do names[#names + 1] = name end
    end
  end
  assert(#names > 0, "no option rows " .. rows)
  return sorted(names)
end

--- The kinds of error in src/error.c, but for the absence of one.
function surface.error_kinds()
  local names = {}
  local rows = tree.read("src/error.c"):match "kind_names%[[%w_]*%] = (%b{})"
  for name in rows:gmatch '"([%w_]+)"' do
    if name ~= "ok" then names[#names + 1] = name end
  end
  return sorted(names)
end

--- Fail with every name that `is_missing` finds missing, not with the first.
---@param where string
---@param names string[]
---@param is_missing fun(name: string): any
function surface.complete(where, names, is_missing)
  assert(#names > 0, "nothing to look for in " .. where)
  local missing = {}
  for _, name in ipairs(names) do
    if is_missing(name) then missing[#missing + 1] = name end
  end
  assert(#missing == 0, where .. " lacks: " .. table.concat(missing, ", "))
end

return surface
