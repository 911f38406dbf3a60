local compiled = require "spec.support.compiled"
local tree = require "spec.support.tree"

local VERSION = _VERSION:sub(5)
local SHARE, LIB = "/share/lua/" .. VERSION .. "/", "/lib/lua/" .. VERSION .. "/"

local ROCKSPEC = "rockspec/googlemeet-0.1.0-1.rockspec"

local function rockspec()
  local fields = {}
  assert(loadfile(ROCKSPEC, "t", fields))()
  return fields
end

--- Require every module of the rock in a fresh process, from `prefix` only, and
--- give the module's version and the file its core came from.
local function require_from(prefix)
  local names = {}
  for name in pairs(rockspec().build.modules) do
    if name ~= "googlemeet.types" then names[#names + 1] = ("%q"):format(name) end
  end
  local script = ([[
    for _, name in ipairs { %s } do require(name) end
    print(require("googlemeet").version)
    print((package.searchpath("googlemeet.core", package.cpath)))
  ]]):format(table.concat(names, ", "))
  -- From another folder, or ./lua and ./build could be what answers.
  local output, ok = tree.run(([[
    cd / && LUA_PATH='%s?.lua;%s?/init.lua;;' LUA_CPATH='%s?.so;;' %s -e %s]]):format(
    prefix .. SHARE, prefix .. SHARE, prefix .. LIB, tree.lua(), tree.quote(script)))
  assert(ok, output)
  return output:match "^([^\n]*)\n([^\n]*)"
end

describe("the rockspec", function()
  it("lists every C source, and no other", function()
    local listed = {}
    for _, module in pairs(rockspec().build.modules) do
      local sources = type(module) == "table" and module.sources or {}
      table.move(sources, 1, #sources, #listed + 1, listed)
    end
    table.sort(listed)
    assert.same(tree.find("src", "*.c"), listed)
  end)

  it("lists every Lua file under its module's name, and no other", function()
    local expected, listed = {}, {}
    for _, path in ipairs(tree.find("lua", "*.lua")) do
      expected[path:match "^lua/(.*)%.lua$":gsub("/init$", ""):gsub("/", ".")] = path
    end
    for name, path in pairs(rockspec().build.modules) do
      if type(path) == "string" then listed[name] = path end
    end
    assert.same(expected, listed)
  end)

  it("has the version of the module", function()
    local version = rockspec().version:gsub("%-%d+$", "")
    assert.equal(version, require("googlemeet").version)
  end)
end)

describe("the rock", function()
  local folder, built

  --- Run luarocks in the copy, without network, without the user's settings.
  local function luarocks(arguments)
    local output, ok = tree.run(([[
      cd %s && unset LUA_PATH LUA_CPATH && HOME=%s LUAROCKS_CONFIG=%s/luarocks.lua \
      luarocks --lua-version %s %s]]):format(folder, folder, folder, VERSION, arguments))
    assert(ok, output)
    return output
  end

  setup(function()
    folder = tree.temporary()
    built = folder .. "/built"
    -- A copy, since luarocks leaves its objects beside the sources.
    tree.lines(("cp -R src lua rockspec LICENSE spec/support/luarocks.lua %s"):format(folder))
    luarocks(("--tree %s make %s"):format(built, ROCKSPEC))
  end)

  teardown(function()
    tree.remove(folder)
  end)

  it("is free of lint", function()
    luarocks("lint " .. ROCKSPEC)
  end)

  it("installs into a tree from which the module is required", function()
    local version, core = require_from(built)
    assert.equal(rockspec().version:match "^[%d.]+", version)
    assert.equal(built .. LIB .. "googlemeet/core.so", core)
  end)

  it("stays loaded once loaded, as a resolver thread of libcurl needs it", function()
    local folder_of_host = compiled.folder "closing_host"
    local _ <close> = setmetatable({}, { __close = function() tree.remove(folder_of_host) end })
    local run = package.loadlib(folder_of_host .. "/closing_host.so", "luaopen_closing_host")()
    local core = built .. LIB .. "googlemeet/core.so"
    local script = "local open = assert(package.loadlib(%q, 'luaopen_googlemeet_core')) %s"
    assert.is_false(run(script:format(core, ""), core)) -- not opened: as any other module
    assert.is_true(run(script:format(core, "open()"), core))
  end)

  it("exports what Lua calls, and nothing else", function()
    local names = tree.lines(("nm -D --defined-only %s%sgooglemeet/core.so"):format(built, LIB))
    assert.equal(1, #names, table.concat(names, "\n"))
    assert.matches("luaopen_googlemeet_core$", names[1])
  end)

  it("installs from its packed file too", function()
    local other = folder .. "/other"
    luarocks(("--tree %s pack googlemeet"):format(built))
    luarocks(("--tree %s install %s/googlemeet-*.rock"):format(other, folder))
    local _, core = require_from(other)
    assert.equal(other .. LIB .. "googlemeet/core.so", core)
  end)
end)

describe("make install", function()
  local folder

  local function make(target)
    local output, ok = tree.run(("make --no-print-directory %s DESTDIR=%s PREFIX=/opt/meet"):format(
      target, folder))
    assert(ok, output)
  end

  before_each(function()
    folder = tree.temporary()
  end)

  after_each(function()
    tree.remove(folder)
  end)

  it("takes the core as it was built, whatever flags it is called with", function()
    local before = tree.read "build/googlemeet/core.so"
    make "install CFLAGS=-O0 CURL_LIBS=-lnone"
    assert.is_true(before == tree.read "build/googlemeet/core.so")
    assert.is_true(before == tree.read(folder .. "/opt/meet" .. LIB .. "googlemeet/core.so"))
  end)

  it("puts the module under DESTDIR and PREFIX", function()
    make "install"
    local _, core = require_from(folder .. "/opt/meet")
    assert.equal(folder .. "/opt/meet" .. LIB .. "googlemeet/core.so", core)
    assert.truthy(io.open(folder .. "/opt/meet" .. SHARE .. "googlemeet/types.lua")):close()
  end)

  it("is taken back by make uninstall, which leaves other files alone", function()
    make "install"
    local other = folder .. "/opt/meet" .. SHARE .. "other.lua"
    assert(io.open(other, "w")):close()
    make "uninstall"
    assert.same({ other }, tree.find(folder, "*"))
    assert.same({}, tree.lines("find " .. folder .. " -name googlemeet"))
  end)
end)
