local annotations = require "spec.docs.annotations"
local contract = require "spec.support.contract"
local declarations = require "spec.docs.declarations"
local facts = require "spec.docs.facts"
local meet = require "googlemeet"
local surface = require "spec.support.surface"
local tree = require "spec.support.tree"

local TYPES <const> = "lua/googlemeet/types/"

describe(TYPES, function()
  local text = facts.types()
  local types = annotations.read(text)

  --- Find a class, or fail.
  local function class_of(name)
    return (assert(types.classes[name], name .. " is not declared"))
  end

  --- Return a function that says whether a class declares no such field or method.
  local function undeclared_in(name)
    local declared, class = {}, class_of(name)
    for _, field in ipairs(class.fields) do declared[field.name] = true end
    for _, method in ipairs(class.methods) do declared[method.name] = true end
    return function(wanted) return not declared[wanted] end
  end

  local function complete(class, names)
    surface.complete(class, names, undeclared_in(class))
  end

  local function class_of_kind(kind)
    return "googlemeet." .. declarations.class(kind)
  end

  it("is Lua, and is never loaded", function()
    for _, path in ipairs(facts.declarations()) do assert(loadfile(path)) end
    assert.is_nil(meet.types)
  end)

  it("has the generated blocks that `make docs` writes", function()
    local known = facts.read()
    for _, path in ipairs(facts.declarations()) do
      local before = tree.read(path)
      assert(declarations.fill(before, known) == before, path .. " is out of step: make docs")
    end
  end)

  it("declares what the module and its submodules export", function()
    complete("googlemeet", surface.modules())
    for _, name in ipairs(surface.functions()) do
      local module, fn = name:match "^(.*)%.(.*)$"
      complete("googlemeet." .. module, { fn })
    end
  end)

  it("declares every service with its methods", function()
    for service, methods in pairs(surface.methods "services") do
      complete("googlemeet.Client", { service })
      complete(class_of_kind(service), methods)
    end
  end)

  it("declares the methods of resources, clients, lists, watchers, reports and the fake", function()
    for kind, methods in pairs(surface.methods "resources") do
      complete(class_of_kind(kind), methods)
    end
    for what, class in pairs {
      client = "Client", pager = "Pager", gateway = "Gateway", watcher = "Watcher",
      report = "TranscriptReport",
    } do
      complete("googlemeet." .. class, surface.methods_of(what))
    end
  end)

  it("declares every option", function()
    for rows, class in pairs {
      client_rows = "Options", retry_rows = "Retry", rate_rows = "Rate", clock_rows = "Clock",
      connection_rows = "AppConnections", request_rows = "RequestOptions",
    } do
      complete("googlemeet." .. class, surface.options(rows))
    end
  end)

  it("has the defaults of src/settings.c", function()
    local source = tree.read "src/settings.c":match "defaults = (%b{})"
    local tables = {
      Options = source:sub(2, -2):gsub("= %b{}", ""), Rate = source:match "%.rate = (%b{})",
      Retry = source:match "%.retry = (%b{})",
    }
    for class, rows in pairs(tables) do
      local texts, found = {}, 0
      for _, field in ipairs(class_of("googlemeet." .. class).fields) do
        texts[field.name] = field.text
      end
      for name, value in rows:gmatch "%.([%l_]+) = ([^,}]+)" do
        local seconds = { MEET_SECONDS = function(count) return count end }
        local default = load("return " .. value, value, "t", seconds)()
        assert.equal(("default: %s;"):format(default), texts[name]:match "^default: [^;]*;", name)
        found = found + 1
      end
      assert(found > 2, class)
    end
  end)

  --- The names of a class's fields, with those of its parents.
  local function names_of(class, found)
    found = found or {}
    for _, field in ipairs(class.fields) do found[field.name] = true end
    for _, parent in ipairs(class.parents) do names_of(class_of(parent), found) end
    return found
  end

  --- Find the class of a method's options.
  local function options_of(service, name)
    for _, method in ipairs(class_of(class_of_kind(service)).methods) do
      local last = method.parameters[#method.parameters]
      if method.name == name then return class_of(last.type) end
    end
  end

  local BODIES = {
    ["spaces.create"] = {}, ["spaces.members.create"] = {},
    ["spaces.patch"] = { config = {} }, ["spaces.members.patch"] = { role = "COHOST" },
    ["spaces.members.batchUpdate"] = { { member = { name = "m", role = "COHOST" } } },
  }

  --- Say whether an operation takes an option: one that it takes has the wrong type here.
  local function takes(client, row, option)
    local arguments, pattern = {}, row.path:match "{(.-)}"
    if pattern then arguments[1] = pattern:gsub("%*", "x") end
    if BODIES[row.id] then arguments[#arguments + 1] = BODIES[row.id] end
    arguments[#arguments + 1] = { [option] = print }
    local service = client[row.service]
    local ok, message = pcall(service[row.method], service, table.unpack(arguments))
    assert(not ok, row.id .. " takes a function as " .. option)
    return not tostring(message):find "unknown option"
  end

  it("declares for each method the options that it takes, and no others", function()
    local client <close> = surface.client()
    local names = surface.options "call_rows"
    for _, row in ipairs(facts.read().operations) do
      local declared = names_of(options_of(row.service, row.method))
      for _, name in ipairs(names) do
        assert.equal(takes(client, row, name), declared[name] == true, row.id .. ": " .. name)
      end
    end
  end)

  it("declares every kind of error", function()
    local declared = {}
    for _, row in ipairs(types.aliases["googlemeet.Kind"].values) do declared[row.value] = true end
    surface.complete(TYPES, surface.error_kinds(), function(name) return not declared[name] end)
  end)

  it("declares every field of the contract's resources", function()
    for schema, description in pairs(contract.schemas) do
      local class = types.classes["googlemeet." .. schema]
      for name in pairs(class and description.fields or {}) do
        complete("googlemeet." .. schema, { name })
      end
    end
    -- Smaller messages are tables within the field that holds them.
    for _, name in ipairs { "signedinUser", "driveDestination", "docsDestination" } do
      local schema = name:sub(1, 1):upper() .. name:sub(2)
      for field in pairs(contract.schemas[schema].fields) do
        assert(text:find(name .. "%? {[^\n]*%f[%w]" .. field .. ": "), name .. "." .. field)
      end
    end
  end)

  it("refers to no type that is declared nowhere", function()
    for name in text:gmatch "googlemeet%.[%u][%w]*" do
      assert(types.classes[name] or types.aliases[name], name)
    end
  end)
end)

describe("make types", function()
  it("writes each script of the documents and each example for the checker", function()
    local folder = tree.temporary()
    finally(function() tree.remove(folder) end)
    tree.lines(("mkdir %s/library %s/scripts"):format(folder, folder))
    tree.lines(("%s spec/docs/scripts.lua %s examples/absent.lua"):format(tree.lua(), folder))
    local count = 1 -- the example
    for _, path in ipairs { "README.md", "lua/README.md", "examples/README.md" } do
      count = count + select(2, tree.read(path):gsub("\n```lua\n", ""))
    end
    local scripts = tree.find(folder .. "/scripts", "*.lua")
    assert.equal(count, #scripts)
    for _, path in ipairs(scripts) do assert(loadfile(path)) end
    for _, path in ipairs(facts.declarations()) do
      assert.equal(tree.read(path), tree.read(folder .. "/library/" .. path:sub(#TYPES + 1)))
    end
    assert.matches(folder .. "/library", tree.read(folder .. "/scripts/.luarc.json"), 1, true)
  end)
end)
