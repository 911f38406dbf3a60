-- The prelude's methods come when one is asked for: a short script does not pay for all of them.

local tree = require "spec.support.tree"

--- What a script prints in an interpreter of its own, with the core as `core` and a client that
--- has `{"name":"spaces/x"}` for everything as `client`.
local function printed(script)
  return tree.run(("%s - <<'END'\n%s\n%s\nEND"):format(tree.lua(), [[
    local core, meet = require "googlemeet.core", require "googlemeet"
    local client = assert(meet.new { api_key = "k", transport = function(request)
      return { status = 200, body = request.method == "GET" and '{"name":"spaces/x"}' or "{}" }
    end })
    local function loaded(name) return package.loaded["googlemeet." .. name] ~= nil end
  ]], script))
end

describe("googlemeet, just loaded", function()
  it("reads none of the prelude for a GET and its fields", function()
    assert.equal("spaces/x\tfalse\tfalse\n", printed [[
      local space = assert(client.spaces:get "x")
      print(space.name, loaded "services", loaded "resources")]])
  end)

  it("has the core opened by the library that binds functions as they are called", function()
    assert.equal("lazily.so\ncore.so\n", printed [[
      local maps = io.open("/proc/self/maps"):read "a"
      print(maps:match "googlemeet/(lazily.so)")
      print(maps:match "googlemeet/(core.so)")]])
  end)

  it("needs no such library", function()
    local folder = tree.temporary()
    tree.lines(("mkdir %s/googlemeet && cp %s %s/googlemeet"):format(folder,
      package.searchpath("googlemeet.core", package.cpath), folder))
    local output = tree.run(("LUA_CPATH='%s/?.so;;' %s -e %s"):format(folder, tree.lua(),
      tree.quote 'print(require "googlemeet".version)'))
    tree.remove(folder)
    assert.equal("0.1.0\n", output)
  end)

  it("has the methods that the prelude adds to a service", function()
    assert.equal("function\ttrue\n", printed [[
      print(type(client.connections.select), loaded "services")]])
  end)

  it("has the methods that the prelude adds to a client", function()
    assert.equal("function\nnil\n", printed "print(type(client.gather)) print(client.no_such)")
  end)

  it("has the methods of a resource, and nil for a field that is not there", function()
    assert.equal("nil\tspaces/x\tnil\n", printed [[
      local space = assert(client.spaces:get "x")
      print(space.config, assert(space:reload()).name, space.config)]])
  end)

  it("asks the prelude which connection is the only one", function()
    assert.equal("true\tnil\tconnection\n", printed [[
      local asking = client:with { connection = "only" }
      local space, err = asking.spaces:get "x"
      print(loaded "services", space, err.kind)]])
  end)

  it("gives way to every method of the prelude that replaces one of the core", function()
    assert.equal("", printed [[
      local before = {}
      for service, methods in pairs(core.services) do
        for name, method in pairs(methods) do before[service .. "." .. name] = method end
      end
      assert(client.gather)
      for service, methods in pairs(core.services) do
        for name, method in pairs(methods) do
          local was = before[service .. "." .. name]
          if was and was ~= method then print("not in init.lua: " .. service .. "." .. name) end
        end
      end]])
  end)

  it("keeps the prelude's own way when the core is opened again", function()
    assert.equal("true\n", printed [[
      package.loaded["googlemeet.core"] = nil
      local again = require "googlemeet.core"
      print(again.services.spaces.patch ~= again.operations["spaces.patch"])]])
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
