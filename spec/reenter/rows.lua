--- What there is to call, as the sources and the module itself have it: a new operation, method or
-- option without a sample in calls.lua is a failure of the gate and of spec/project.

local core = require "googlemeet.core"

local rows = {}

function rows.sorted_names(t)
  local names = {}
  for name in pairs(t) do names[#names + 1] = name end
  table.sort(names)
  return names
end

--- The names of the option rows in the sources of the binding, by the name of their table.
function rows.options()
  local found = {}
  for _, file in ipairs { "settings", "service", "request" } do
    local source <close> = assert(io.open("src/lua_" .. file .. ".c"))
    for name, body in source:read "a":gmatch "meet_lua_option ([%w_]+)%[%] = (%b{})" do
      found[name] = {}
      for option in body:gmatch '{"([%w_]+)"' do found[name][#found[name] + 1] = option end
    end
  end
  return found
end

--- Every function of the face, as "spaces:get", "client:with", "pager:all", "space:reload".
function rows.functions(pager)
  local found = {}
  local function add(prefix, methods)
    for _, name in ipairs(rows.sorted_names(methods)) do
      found[#found + 1] = prefix .. ":" .. name
    end
  end
  for _, service in ipairs(rows.sorted_names(core.shared.services)) do
    add(service, core.shared.services[service])
  end
  for _, kind in ipairs(rows.sorted_names(core.shared.resources)) do
    add(kind, core.shared.resources[kind])
  end
  add("client", core.shared.client)
  add("pager", getmetatable(pager).__index)
  for _, group in ipairs(rows.sorted_names(core)) do
    if type(core[group]) == "table" and group ~= "shared" then
      for _, name in ipairs(rows.sorted_names(core[group])) do
        found[#found + 1] = ("core.%s.%s"):format(group, name)
      end
    elseif type(core[group]) == "function" then
      found[#found + 1] = "core." .. group
    end
  end
  for _, id in ipairs(rows.sorted_names(core.shared.operations)) do found[#found + 1] = id end
  return found
end

return rows
