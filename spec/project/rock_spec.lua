local compiled = require "spec.support.compiled"
local tree = require "spec.support.tree"

local VERSION = _VERSION:sub(5)
local SHARE, LIB = "/share/lua/" .. VERSION .. "/", "/lib/lua/" .. VERSION .. "/"

local ROCKSPEC = "rockspec/googlemeet-0.2.0-1.rockspec"
local COMMAND = "lua/googlemeet/command/googlemeet.lua"

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
    if not name:find "^googlemeet%.types" then names[#names + 1] = ("%q"):format(name) end
  end
  local script = ([[
    -- Debian has the pure Lua files of lua-http there alone.
    package.path = package.path .. ";/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua"
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

--- Run the command that was installed under `prefix`, from another folder, with its own settings.
local function run_command(prefix, words)
  local output, ok = tree.run(("cd / && env -u LUA_PATH -u LUA_CPATH %s/bin/googlemeet %s"):format(
    prefix, words))
  assert(ok, output)
  return output
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

  it("lists every Lua file under its module's name, and no other; one is a program", function()
    local expected, listed = {}, {}
    for _, path in ipairs(tree.find("lua", "*.lua")) do
      expected[path:match "^lua/(.*)%.lua$":gsub("/init$", ""):gsub("/", ".")] = path
    end
    for name, path in pairs(rockspec().build.modules) do
      if type(path) == "string" then listed[name] = path end
    end
    assert.same({ googlemeet = COMMAND }, rockspec().build.install.bin)
    listed["googlemeet.command.googlemeet"] = COMMAND
    assert.same(expected, listed)
  end)

  it("has the version of the module", function()
    local version = rockspec().version:gsub("%-%d+$", "")
    assert.equal(version, require("googlemeet").version)
  end)
end)

describe("the rock", function()
  local folder, built, again

  --- Write a command for `sh`: in the copy, without the user's settings, nor those of a git hook
  -- that has started the specs.
  local function apart(command)
    return ([[(cd %s/tree && unset LUA_PATH LUA_CPATH $(git rev-parse --local-env-vars) &&
      export HOME=%s LUAROCKS_CONFIG=%s/luarocks.lua &&
      %s)]]):format(folder, folder, folder, command)
  end

  --- The same for luarocks, without network.
  local function command(arguments)
    return apart(("luarocks --lua-version %s %s"):format(VERSION, arguments))
  end

  local function luarocks(arguments)
    local output, ok = tree.run(command(arguments))
    assert(ok, output)
    return output
  end

  --- Have git answer for the address of the rockspec with the copy.
  local function publish()
    local address = rockspec().source.url:match "^git%+(https://.*%.git)$"
    tree.lines(apart(([[git config --global url.file://%s/tree.insteadOf %s && git init -q &&
      git add . && git -c user.name=a -c user.email=a@b commit -q -m a && git tag %s]]):format(
      folder, address, rockspec().source.tag)))
  end

  setup(function()
    folder = tree.temporary()
    built, again = folder .. "/built", folder .. "/again"
    -- A copy, since luarocks leaves its objects beside the sources.
    tree.lines(([[folder=%s && mkdir $folder/tree && cp spec/support/luarocks.lua $folder &&
      cp -R src lua rockspec README.md LICENSE CHANGELOG.md $folder/tree]]):format(folder))
    publish()
    luarocks("pack " .. ROCKSPEC) -- gives the source rock
    -- Both at once, in two folders: the second one in a folder of LuaRocks.
    local output, ok = tree.run(("%s & %s && wait $!"):format(
      command(("--tree %s make %s"):format(built, ROCKSPEC)),
      command(("--tree %s build googlemeet-%s.src.rock"):format(again, rockspec().version))))
    assert(ok, output)
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

  it("installs the command", function()
    local version = rockspec().version:match "^[%d.]+"
    assert.equal("googlemeet " .. version .. "\n", run_command(built, "--version"))
    assert.matches('"meetingCode":"hpk%-vtwd%-ens"', run_command(built, "get --demo hpk-vtwd-ens"))
  end)

  it("is built from its source rock, fetched by its address, into the same bytes", function()
    local _, core = require_from(again)
    assert.equal(again .. LIB .. "googlemeet/core.so", core)
    assert.is_true(tree.read(core) == tree.read(built .. LIB .. "googlemeet/core.so"))
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

  it("names the libraries that it needs", function()
    local needs = tree.run(("ldd -r %s%sgooglemeet/core.so"):format(built, LIB))
    local missing = {}
    for name in needs:gmatch "undefined symbol: ([%w_]+)" do
      if not name:find "^luaL?_" then missing[#missing + 1] = name end
    end
    assert.same({}, missing)
    assert.matches("libm%.so", needs)
  end)

  it("shows its address, its licence and its manual", function()
    local shown = luarocks(("--tree %s show googlemeet"):format(built))
    assert.matches(rockspec().description.homepage .. "\n", shown, 1, true)
    assert.matches(rockspec().description.issues_url .. "\n", shown, 1, true)
    assert.matches("License:%s+MIT\n", shown)
    local documents = luarocks(("--tree %s doc --list --porcelain googlemeet"):format(built))
    for _, name in ipairs { "README.md", "LICENSE", "CHANGELOG.md" } do
      assert.matches("/doc/" .. name .. "\n", documents, 1, true)
    end
  end)

  it("is tested by make, with the arguments given", function()
    tree.lines(("printf 'test:\n\t@echo tested with $(LUA)\n' >%s/tree/Makefile"):format(folder))
    assert.matches("tested with lua9%.9\n", luarocks(("test %s -- LUA=lua9.9"):format(ROCKSPEC)))
  end)

  it("installs from its packed file too, and is removed without a trace", function()
    local other = folder .. "/other"
    luarocks(("--tree %s pack googlemeet"):format(built))
    luarocks(("--tree %s install googlemeet-%s.*-*.rock"):format(other, rockspec().version))
    local _, core = require_from(other)
    assert.equal(other .. LIB .. "googlemeet/core.so", core)
    luarocks(("--tree %s remove googlemeet"):format(other))
    assert.same({}, tree.find(other, "*.so"))
    assert.same({}, tree.find(other, "*.lua"))
    assert.same({}, tree.find(other, "googlemeet"))
  end)

  it("installs the files that make install does", function()
    -- LuaRocks copies all of lua/: the manual, too, and the command a second time.
    local function files(prefix)
      return tree.lines(([[cd %s && find share/lua lib/lua -type f ! -name README.md \
        ! -path '*/command/googlemeet.lua' | LC_ALL=C sort]]):format(prefix))
    end
    tree.lines(("make install BUILD=%s DESTDIR=%s PREFIX=/made"):format(tree.build(), folder))
    assert.same(files(folder .. "/made"), files(built))
  end)
end)

describe("make install", function()
  local folder

  local function try(target)
    return tree.run(("make --no-print-directory %s BUILD=%s DESTDIR=%s PREFIX=/opt/meet"):format(
      target, tree.build(), folder))
  end

  local function make(target)
    local output, ok = try(target)
    assert(ok, output)
  end

  before_each(function()
    folder = tree.temporary()
  end)

  after_each(function()
    tree.remove(folder)
  end)

  it("takes the core as it was built, whatever flags it is called with", function()
    local core = tree.build() .. "/googlemeet/core.so"
    local before = tree.read(core)
    make "install CFLAGS=-O0 CURL_LIBS=-lnone PORTABLE=1"
    assert.is_true(before == tree.read(core))
    assert.is_true(before == tree.read(folder .. "/opt/meet" .. LIB .. "googlemeet/core.so"))
  end)

  it("puts the module under DESTDIR and PREFIX, all of it to be read", function()
    make "install"
    local _, core = require_from(folder .. "/opt/meet")
    assert.equal(folder .. "/opt/meet" .. LIB .. "googlemeet/core.so", core)
    assert.truthy(io.open(folder .. "/opt/meet" .. SHARE .. "googlemeet/types/init.lua")):close()
    assert.same({ folder .. "/opt/meet/bin/googlemeet" },
      tree.lines("find " .. folder .. " -type f ! -perm 644"))
  end)

  it("puts the command where it finds the module, with its page and its completions", function()
    local prefix = folder .. "/of me"
    local output, ok = tree.run(("make --no-print-directory install BUILD=%s PREFIX='%s'"):format(
      tree.build(), prefix))
    assert(ok, output)
    local quoted = tree.quote(prefix)
    assert.matches("^googlemeet %d+%.%d+%.%d+\n$", run_command(quoted, "--version"))
    assert.matches("^%-rwxr%-xr%-x", (tree.run("ls -l " .. quoted .. "/bin/googlemeet")))
    for path, words in pairs {
      ["man/man1/googlemeet.1"] = "man",
      ["bash-completion/completions/googlemeet"] = "completion bash",
      ["zsh/site-functions/_googlemeet"] = "completion zsh",
      ["fish/vendor_completions.d/googlemeet.fish"] = "completion fish",
    } do
      assert.equal(run_command(quoted, words), tree.read(prefix .. "/share/" .. path))
    end
  end)

  it("is taken back by make uninstall, which leaves other files alone", function()
    make "install"
    local other = folder .. "/opt/meet" .. SHARE .. "other.lua"
    assert(io.open(other, "w")):close()
    make "uninstall"
    assert.same({ other }, tree.find(folder, "*"))
    assert.same({}, tree.lines("find " .. folder .. " -name googlemeet"))
  end)

  it("takes the folders of a package, and so does make uninstall", function()
    local variables = " INSTALL_LMOD='/usr/share/my lua' INSTALL_CMOD=/usr/lib/s390x-linux-gnu/lua"
    make("install" .. variables)
    local core = "/usr/lib/s390x-linux-gnu/lua/googlemeet/core.so"
    assert.same({ folder .. core }, tree.find(folder, "*.so"))
    assert.truthy(io.open(folder .. "/usr/share/my lua/googlemeet/init.lua")):close()
    make("uninstall" .. variables)
    assert.same({}, tree.find(folder, "*"))
  end)

  it("puts the command where its folder has any name", function()
    local prefix = tree.quote(folder .. [[/a "b" \c %d]])
    local output, ok = tree.run(("make --no-print-directory install BUILD=%s PREFIX=%s"):format(
      tree.build(), prefix))
    assert(ok, output)
    assert.matches("^googlemeet %d+%.%d+%.%d+\n$", run_command(prefix, "--version"))
  end)

  it("names an interpreter that only the machine has on which the command will run", function()
    for lua, line in pairs {
      ["/opt/none/lua"] = "#!/opt/none/lua", ["lua-none"] = "#!/usr/bin/env lua-none",
    } do
      make("install INSTALL_LMOD=/l INSTALL_CMOD=/c LUA=" .. lua)
      assert.equal(line, tree.read(folder .. "/opt/meet/bin/googlemeet"):match "^[^\n]*")
    end
  end)

  it("refuses a relative PREFIX, which the command would look for where it runs", function()
    for _, prefix in ipairs { "out", "'~/out'" } do
      local output, ok = tree.run(("make --no-print-directory install BUILD=%s PREFIX=%s"):format(
        tree.build(), prefix))
      assert.is_false(ok)
      assert.matches("make install: PREFIX has to begin with /", output, 1, true)
    end
  end)

  it("says what to do where it cannot write", function()
    assert(io.open(folder .. "/opt", "w")):close()
    local output, ok = try "install"
    assert.is_false(ok)
    assert.matches("make install: give a PREFIX that this user can write to", output, 1, true)
  end)
end)

describe("make", function()
  it("gives the same bytes in any folder, debug information and all", function()
    local folder, objects = tree.temporary(), {}
    local _ <close> = setmetatable({}, { __close = function() tree.remove(folder) end })
    for index, name in ipairs { "one", "the other" } do
      local copy = folder .. "/" .. name
      tree.lines(("mkdir '%s' && cp -R Makefile src '%s'"):format(copy, copy))
      tree.lines(("make -C '%s' build/obj/pool.o CFLAGS='-O2 -g'"):format(copy))
      objects[index] = tree.read(copy .. "/build/obj/pool.o")
    end
    assert.matches(".debug_info", objects[1], 1, true)
    assert.is_true(objects[1] == objects[2])
  end)
end)
