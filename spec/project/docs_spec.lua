local core = require "googlemeet.core"
local meet = require "googlemeet"
local tree = require "spec.support.tree"

local README, TYPES = "README.md", "lua/googlemeet/types.lua"

--- A pattern that finds `name` as a whole word.
local function word(name)
  return "%f[%w_]" .. name:gsub("%p", "%%%0") .. "%f[^%w_]"
end

local function sorted(names)
  table.sort(names)
  return names
end

--- Names of the functions in `methods`, but for metamethods.
local function function_names(methods)
  local names = {}
  for name, value in pairs(methods) do
    if type(value) == "function" and not name:find "^__" then names[#names + 1] = name end
  end
  return sorted(names)
end

--- The public names of the module: its own keys, and the files it loads at first use.
local function module_names()
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

--- Names in the option rows of a C file: the tables `meet_lua_option NAME_rows[]`.
local function option_names(path)
  local names = {}
  for rows in tree.read(path):gmatch "struct meet_lua_option [%w_]+%[%] = (%b{})" do
    for name in rows:gmatch '{"([%w_]+)"' do names[#names + 1] = name end
  end
  return sorted(names)
end

--- Fail with every name that `is_missing` finds missing, not with the first.
local function complete(where, names, is_missing)
  assert(#names > 0, "nothing to look for in " .. where)
  local missing = {}
  for _, name in ipairs(names) do
    if is_missing(name) then missing[#missing + 1] = name end
  end
  assert(#missing == 0, where .. " lacks: " .. table.concat(missing, ", "))
end

--- All methods of a table of method tables, as "service.method".
local function methods_of(kinds)
  local names = {}
  for kind, methods in pairs(kinds) do
    for _, name in ipairs(function_names(methods)) do
      names[#names + 1] = kind .. "." .. name
    end
  end
  return sorted(names)
end

describe("README.md", function()
  local text = tree.read(README)

  --- Say whether a line that names `first` also has the word `second`.
  local function lacks_line(first, second)
    for line in text:gmatch "[^\n]+" do
      if line:find(word(first)) and line:find(word(second)) then return false end
    end
    return true
  end

  it("names what the module exports", function()
    complete(README, module_names(), function(name)
      return not text:find(word("meet." .. name))
    end)
  end)

  it("names every method of a service on a line with the service", function()
    complete(README, methods_of(core.services), function(name)
      local service, method = name:match "^(.*)%.(.*)$"
      return lacks_line("client." .. service, method)
    end)
  end)

  it("names every method of a resource", function()
    complete(README, methods_of(core.resources), function(name)
      return not text:find(":" .. name:match "[^.]*$" .. "%f[^%w_]")
    end)
  end)

  it("names every method of a client", function()
    complete(README, function_names(core.client), function(name)
      return not text:find("client:" .. name .. "%f[^%w_]")
    end)
  end)

  it("has every option of a client in a row of a table", function()
    complete(README, option_names "src/lua_client.c", function(name)
      return not text:find("\n|[^\n]*" .. word(name))
    end)
  end)

  it("names every option of a call", function()
    complete(README, option_names "src/lua_service.c", function(name)
      return not text:find("`[^`\n]*" .. word(name))
    end)
  end)
end)

describe("lua/googlemeet/types.lua", function()
  local text = tree.read(TYPES)

  --- Say whether nothing declares `name`: no field and no function has it.
  local function is_undeclared(name)
    name = name:match "[^.]*$"
    return not (text:find("%-%-%-@field " .. name .. "%??%s")
      or text:find("function [%w_.:]*[.:]" .. name .. "%s*%(")
      or text:find("[%w_]%." .. name .. "%s*="))
  end

  it("declares what the module exports", function()
    complete(TYPES, module_names(), is_undeclared)
  end)

  it("declares every method of services, resources and clients", function()
    complete(TYPES, methods_of(core.services), is_undeclared)
    complete(TYPES, methods_of(core.resources), is_undeclared)
    complete(TYPES, function_names(core.client), is_undeclared)
  end)

  it("declares every option of a client and of a call", function()
    complete(TYPES, option_names "src/lua_client.c", is_undeclared)
    complete(TYPES, option_names "src/lua_service.c", is_undeclared)
  end)
end)
