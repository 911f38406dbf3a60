local contract = require "spec.support.contract"
local core = require "googlemeet.core"
local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"
local tree = require "spec.support.tree"

-- What the prelude adds to services, clients and resources; it comes at first use else.
require "googlemeet.services".extend(core)
require "googlemeet.resources".extend(core)

local README, TYPES = "lua/README.md", "lua/googlemeet/types.lua"

--- A pattern that finds `name` as a whole word.
local function word(name)
  return "%f[%w_]" .. name:gsub("%p", "%%%0") .. "%f[^%w_]"
end

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

--- The functions of the submodules, as "time.parse".
local function submodule_functions()
  local names = {}
  for _, module in ipairs(module_names()) do
    local functions = type(meet[module]) == "table" and meet[module] or {}
    for _, name in ipairs(function_names(functions, module .. ".")) do names[#names + 1] = name end
  end
  return sorted(names)
end

--- Names in the option rows called `rows`, wherever in src/ they stand.
local function option_names(rows)
  local names = {}
  for _, path in ipairs(tree.find("src", "lua_*.c")) do
    local text = tree.read(path)
    for found in text:gmatch("struct meet_lua_option " .. rows .. "%[%] = (%b{})") do
      for name in found:gmatch '{"([%w_]+)"' do names[#names + 1] = name end
    end
  end
  return sorted(names)
end

--- The kinds of error in src/error.c, but for the absence of one.
local function error_kinds()
  local names = {}
  local rows = tree.read("src/error.c"):match "kind_names%[[%w_]*%] = (%b{})"
  for name in rows:gmatch '"([%w_]+)"' do
    if name ~= "ok" then names[#names + 1] = name end
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
    for _, name in ipairs(function_names(methods, kind .. ".")) do names[#names + 1] = name end
  end
  return sorted(names)
end

local function new_gateway()
  return meet.testing.gateway { now = 1795341600 } -- 2026-11-22T10:00:00Z
end

--- A client on a fake of its own.
local function new_client(options)
  local gateway = new_gateway()
  gateway:seed()
  local copy = { api_key = "test-key", transport = gateway.transport, clock = made_up_clock() }
  for name, value in pairs(options or {}) do copy[name] = value end
  if copy.rate and copy.rate.limiter then copy.clock = nil end -- it counts real seconds
  return assert(meet.new(copy))
end

local function pager_methods(prefix)
  local client <close> = new_client()
  return function_names(getmetatable(client.conference_records:list()).__index, prefix)
end

local function transcript_report_methods(prefix)
  local report = require "googlemeet.report.transcript.dialogue".new({}, {})
  return function_names(getmetatable(report).__index, prefix)
end

local function gateway_methods(prefix)
  return function_names(getmetatable(new_gateway()).__index, prefix)
end

describe("the generated blocks of " .. README, function()
  local blocks = require "spec.docs.blocks"
  local manual = require "spec.docs.manual"
  local known = require "spec.docs.facts".read()

  it("are what `make docs` writes", function()
    local text = tree.read(README)
    local filled = manual.fill(text, function(...) return blocks.write(known, ...) end)
    assert(text == filled, README .. " is out of step: make docs")
  end)
end)

describe(README, function()
  local text = tree.read(README)

  --- Say whether no line that names `first` also has the word `second`.
  local function lacks_line(first, second)
    for line in text:gmatch "[^\n]+" do
      if line:find(word(first)) and line:find(word(second)) then return false end
    end
    return true
  end

  local function lacks_row(name)
    return not text:find("\n|[^\n|]*" .. word(name))
  end

  local function lacks_code(name)
    return not text:find("`[^`\n]*" .. word(name))
  end

  it("names what the module exports", function()
    complete(README, module_names(), function(name)
      return not text:find(word("meet." .. name))
    end)
  end)

  it("names every function of a submodule", function()
    complete(README, submodule_functions(), function(name)
      return not text:find(word("meet." .. name))
    end)
  end)

  it("names every method of a service on a line with the service", function()
    complete(README, methods_of(core.shared.services), function(name)
      local service, method = name:match "^(.*)%.(.*)$"
      return lacks_line("client." .. service, method)
    end)
  end)

  it("names every method of a resource", function()
    complete(README, methods_of(core.shared.resources), function(name)
      return not text:find(":" .. name:match "[^.]*$" .. "%f[^%w_]")
    end)
  end)

  it("names every method of a client, a pager and a gateway fake", function()
    complete(README, function_names(core.shared.client, "client:"), lacks_code)
    complete(README, pager_methods "pager:", lacks_code)
    complete(README, gateway_methods "gateway:", lacks_code)
    complete(README, transcript_report_methods "report:", lacks_code)
  end)

  it("has every option of a client in a row of a table", function()
    complete(README, option_names "client_rows", lacks_row)
  end)

  it("names every part of an option, every option of a call and of a request", function()
    for _, part in ipairs { "retry", "rate", "clock", "call", "request" } do
      complete(README, option_names(part .. "_rows"), lacks_code)
    end
  end)

  it("has every field of the contract's resources, and every value", function()
    local names = { "ROLE_UNSPECIFIED" }
    for schema, description in pairs(contract.schemas) do
      if not schema:find "Request$" and not schema:find "Response$" and not schema:find "List$" then
        for name, field in pairs(description.fields or {}) do
          names[#names + 1] = name
          local enum = field.enum and contract.enums[field.enum] or { values = {} }
          for _, value in ipairs(enum.values) do
            if not value:find "_UNSPECIFIED$" then names[#names + 1] = value end
          end
        end
      end
    end
    complete(README, sorted(names), lacks_code)
  end)

  it("has every kind of error in a row of a table", function()
    complete(README, error_kinds(), lacks_row)
  end)

  it("names every file in examples/, and no other", function()
    local named = {}
    for path in text:gmatch "%f[%w]examples/[%w_/]+%.lua" do named[path] = true end
    for _, path in ipairs(tree.find("examples", "*.lua")) do
      assert(named[path] or path:find "^examples/shared/", path)
      named[path] = nil
    end
    assert.same({}, named)
  end)

  it("has links to files and sections that are there", function()
    local sections = {}
    for title in text:gmatch "\n##+ ([^\n]+)" do
      sections["#" .. title:lower():gsub("[^%w_ -]", ""):gsub(" ", "-")] = true
    end
    for target in text:gmatch "%]%(([^)]+)%)" do
      local file = target:find "^https://" or sections[target] or io.open(target)
      assert(file, target)
      if io.type(file) then file:close() end
    end
  end)

  --- Load a module, redis-lua from where Debian has it.
  local function load_module(name)
    local path = package.path
    if name == "redis" then package.path = path .. ";/usr/share/lua/5.1/?.lua" end
    local is_there, module = pcall(require, name)
    package.path = path
    return is_there and module or error(module, 0)
  end

  --- Run a block of the README as a script whose account is a seeded fake.
  local function run(block, printed)
    local client <close> = new_client()
    local face = setmetatable({ new = new_client }, { __index = meet })
    local names = {
      client = client, meet = face,
      require = function(name) return name == "googlemeet" and face or load_module(name) end,
      print = function(...)
        local words = table.pack(...)
        for i = 1, words.n do words[i] = tostring(words[i]) end
        printed[#printed + 1] = table.concat(words, "\t")
      end,
    }
    assert(load(block, "@README.md", "t", setmetatable(names, { __index = _G })))()
  end

  it("has Lua that runs, every block of it", function()
    local count = 0
    for block in text:gmatch "\n```lua\n(.-)\n```" do
      local printed = {}
      run(block, printed)
      assert(#printed > 0, "nothing printed by:\n" .. block)
      count = count + 1
    end
    assert.is_true(count > 5)
  end)

  it("begins with lines that print a link and who came", function()
    local printed = {}
    run(text:match "\n```lua\n(.-)\n```", printed)
    assert.matches("^https://meet%.google%.com/%l%l%l%-%l%l%l%l%-%l%l%l$", printed[1])
    assert.matches("\tAda Bergqvist\t2026%-11%-22T", table.concat(printed, "\n"))
  end)
end)

describe("lua/googlemeet/types.lua", function()
  local text = tree.read(TYPES)

  --- Say whether nothing declares `name`: no field and no function has it.
  local function is_undeclared(name)
    name = name:match "[^.:]*$"
    return not (text:find("%-%-%-@field " .. name .. "%??%s")
      or text:find("function [%w_.:]*[.:]" .. name .. "%s*%("))
  end

  --- Give a function that says whether a class does not declare a name.
  local function undeclared_in(class)
    local first = assert(text:find("%-%-%-@class " .. class .. "%f[^%w_.]"), class)
    local last = text:find("\n%-%-%-@class ", first + 1) or #text
    local body = text:sub(first, last)
    return function(name)
      return not (body:find("%-%-%-@field " .. name .. "%??%s")
        or body:find("function [%w_]+[.:]" .. name .. "%("))
    end
  end

  --- The name of a class: "conference_record" is "googlemeet.ConferenceRecord".
  local function class_of(kind)
    return "googlemeet." .. ("_" .. kind):gsub("_(%l)", string.upper)
  end

  it("is Lua, and is never loaded", function()
    assert(loadfile(TYPES))
    assert.is_nil(meet.types)
  end)

  it("declares what the module and its submodules export", function()
    complete(TYPES, module_names(), undeclared_in "googlemeet")
    complete(TYPES, submodule_functions(), function(name)
      local module, fn = name:match "^(.*)%.(.*)$"
      return undeclared_in("googlemeet." .. module)(fn)
    end)
  end)

  it("declares every service and its methods", function()
    for service, methods in pairs(core.shared.services) do
      assert(not undeclared_in "googlemeet.Client" (service), service)
      complete(TYPES, function_names(methods), undeclared_in(class_of(service)))
    end
  end)

  it("declares the methods of every resource, client, pager and gateway fake", function()
    complete(TYPES, methods_of(core.shared.resources), is_undeclared)
    complete(TYPES, function_names(core.shared.client), undeclared_in "googlemeet.Client")
    complete(TYPES, pager_methods(), undeclared_in "googlemeet.Pager")
    complete(TYPES, gateway_methods(), is_undeclared)
    complete(TYPES, transcript_report_methods(), undeclared_in "googlemeet.TranscriptReport")
  end)

  it("declares every option", function()
    complete(TYPES, option_names "client_rows", undeclared_in "googlemeet.Options")
    complete(TYPES, option_names "retry_rows", undeclared_in "googlemeet.Retry")
    complete(TYPES, option_names "rate_rows", undeclared_in "googlemeet.Rate")
    complete(TYPES, option_names "clock_rows", undeclared_in "googlemeet.Clock")
    complete(TYPES, option_names "request_rows", undeclared_in "googlemeet.RequestOptions")
    complete(TYPES, option_names "call_rows", is_undeclared)
  end)

  it("declares every kind of error", function()
    complete(TYPES, error_kinds(), function(name)
      return not text:find('\n---| "' .. name .. '"', 1, true)
    end)
  end)

  it("declares every field of the contract's resources", function()
    local fields = {}
    for schema, description in pairs(contract.schemas) do
      if not schema:find "Request$" and not schema:find "Response$" and not schema:find "List$" then
        for name in pairs(description.fields or {}) do fields[#fields + 1] = name end
      end
    end
    complete(TYPES, sorted(fields), function(name) return not text:find(word(name)) end)
  end)
end)
