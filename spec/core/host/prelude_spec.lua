-- What `require "googlemeet"` loads and adds to the core.

local tree = require "spec.support.tree"

--- What a script prints in its own interpreter, with the core as `core` and a client that
--- has `{"name":"spaces/x"}` for everything as `client`.
local function printed(script)
  return tree.run(("%s - <<'END'\n%s\n%s\nEND"):format(tree.lua(), [[
    local function loaded(name) return package.loaded["googlemeet." .. name] ~= nil end
    local core, meet = require "googlemeet.core", require "googlemeet"
    local client = assert(meet.new { api_key = "k", transport = function(request)
      return { status = 200, body = request.method == "GET" and '{"name":"spaces/x"}' or "{}" }
    end })
  ]], script))
end

describe("googlemeet, just loaded", function()
  it("loads services and resources: no report, archive, watcher, fake or scheduler", function()
    assert.equal("false\tfalse\tfalse\tfalse\n", printed [[
      assert(client.spaces:get "x")
      for name in pairs(package.loaded) do
        if name:find "^googlemeet%.%l+%." then print(name) end
      end
      print(loaded "archive", loaded "testing", loaded "watch", loaded "tasks")]])
  end)

  it("has the methods that the prelude adds to a client", function()
    assert.equal("function\nfunction\n",
      printed "print(type(client.gather)) print(type(client.doctor))")
  end)

  it("has the methods of a resource, and nil for a field that is not there", function()
    assert.equal("nil\tspaces/x\tnil\n", printed [[
      local space = assert(client.spaces:get "x")
      print(space.config, assert(space:reload()).name, space.config)]])
  end)

  it("asks the prelude which connection is the only one", function()
    assert.equal("nil\tconnection\n", printed [[
      local asking = client:with { connection = "only" }
      local space, err = asking.spaces:get "x"
      print(space, err.kind)]])
  end)

  it("keeps the prelude's own way when the core is opened again", function()
    assert.equal("true\n", printed [[
      package.loaded["googlemeet.core"] = nil
      local again = require "googlemeet.core"
      print(again.shared.services.spaces.patch ~= again.shared.operations["spaces.patch"])]])
  end)

  it("loads all but the command when asked to, and then no file any more", function()
    local modules = {}
    for _, path in ipairs(tree.find("lua", "*.lua")) do
      local name = path:match "^lua/(.*)%.lua$":gsub("/init$", ""):gsub("/", ".")
      if not name:find "^googlemeet%.types" and not name:find "^googlemeet%.command" then
        modules[#modules + 1] = ("%q"):format(name)
      end
    end
    assert.equal("", (printed(([[
      meet.preload()
      package.searchers = { package.searchers[1] }
      for _, name in ipairs { %s } do
        if not package.loaded[name] then print(name) end
      end
      local gateway = meet.testing.gateway {}
      local seeded = gateway:seed()
      local own = assert(meet.new { api_key = "test-key", rate = false,
        transport = gateway.transport })
      for record in own.conference_records:list() do
        assert(record:attendance()):render "html"
        assert(record:transcript()):render "vtt"
      end
    ]]):format(table.concat(modules, ", ")))))
  end)

  it("may be loaded again", function()
    assert.equal("function\tfunction\tspaces/x\n", printed [[
      local space = assert(client.spaces:get "x")
      local first = client.spaces.patch
      package.loaded.googlemeet = nil
      require "googlemeet"
      print(type(first), type(client.spaces.patch), assert(space:reload()).name)]])
  end)
end)

describe("googlemeet in another Lua", function()
  --- What an interpreter prints, which is not the one that runs the specs.
  local function printed_by(interpreter, script)
    local output, ok = tree.run(("%s -e %s"):format(interpreter, tree.quote(script)))
    assert.is_true(ok, output)
    return output
  end

  for interpreter, name in pairs {
    ["lua5.1"] = "Lua 5%.1", ["lua5.2"] = "Lua 5%.2", ["lua5.3"] = "Lua 5%.3",
    luajit = "LuaJIT 2%.[%w%.%-]+",
  } do
    local _, is_there = tree.run("command -v " .. interpreter)
    -- Two are always there: spec/support/setup.sh installs them.
    if not is_there and interpreter ~= "lua5.1" and interpreter ~= "luajit" then
      it("is not tried in " .. interpreter, function() pending "it is not installed" end)
    else
      it("says in one line which it needs: " .. interpreter, function()
        assert.matches("^false\tgooglemeet needs Lua 5%.4 or 5%.5; this is " .. name .. "\n$",
          printed_by(interpreter, [[
            package.preload["googlemeet.core"] = function() print "the core is asked for" end
            print(pcall(require, "googlemeet"))]]))
      end)

      it("is an error, not the end, where its core is asked for: " .. interpreter, function()
        assert.matches("^false\t.*core%.so.*\nit goes on\n$", printed_by(interpreter,
          [[print(pcall(require, "googlemeet.core")) print "it goes on"]]))
      end)
    end
  end
end)
