local meet = require "googlemeet"
local tree = require "spec.support.tree"

local SCRIPT = "lua/googlemeet/command/googlemeet.lua"

describe("googlemeet, as it starts,", function()
  local folder

  before_each(function() folder = tree.temporary() end)
  after_each(function() tree.remove(folder) end)

  --- Run it behind a chunk of Lua; return what it printed, on standard error too, and its status.
  local function run_after(chunk, words)
    local output = tree.run(("%s -e %s %s %s; echo status $?"):format(tree.lua(),
      tree.quote(chunk), SCRIPT, words))
    local text, status = output:match "^(.*)status (%d+)\n$"
    return text, tonumber(status)
  end

  --- Write a chunk that hides a module from `require`.
  local function hide(name)
    return ([[for place = 2, 4 do
      local search = package.searchers[place]
      package.searchers[place] = function(name)
        if name == %q then return "\n\tno file" end
        return search(name)
      end
    end]]):format(name)
  end

  it("names in one line the module that is missing", function()
    for name, message in pairs {
      ["cjson"] = "the Lua module cjson is missing; install the Debian package lua-cjson, or the "
        .. "rock lua-cjson",
      ["googlemeet.core"] = "the Lua module googlemeet.core is missing; build it with make, for "
        .. "this version of Lua",
    } do
      for _, words in ipairs { "--help", "", "attendance --demo" } do
        local prefix = words:find "^%l" and "googlemeet attendance: " or "googlemeet: "
        assert.same({ prefix .. message .. "\n", 1 }, { run_after(hide(name), words) })
      end
    end
    assert.same({
      "googlemeet attendance: the Lua module googlemeet.report.attendance is missing\n", 1,
    }, { run_after(hide "googlemeet.report.attendance", "attendance --demo") })
    assert.same({ "googlemeet: module 'googlemeet.command' not found\n", 1 },
      { run_after(hide "googlemeet.command", "--help") })
  end)

  it("says in one line why its core cannot be loaded", function()
    tree.lines("mkdir " .. folder .. "/googlemeet")
    tree.write(folder .. "/googlemeet/core.so", "no library")
    local chunk = ("package.cpath = %q .. package.cpath"):format(folder .. "/?.so;")
    local output, status = run_after(chunk, "--help")
    assert.matches("^googlemeet: /[^\n]*/core%.so cannot be loaded: [^\n]+\n$", output)
    assert.equal(1, status)
  end)

  it("refuses another version of Lua", function()
    assert.same({ "googlemeet: Lua 5.4 or 5.5 is required; this is Lua 5.3\n", 1 },
      { run_after("_VERSION = 'Lua 5.3'", "--version") })
    for _, lua in ipairs { "lua5.1", "lua5.2", "lua5.3", "luajit" } do
      local output = tree.run(("! command -v %s >/dev/null || %s %s"):format(lua, lua, SCRIPT))
      assert(output == "" or output:find "^googlemeet: Lua 5.4 or 5.5 is required[^\n]+\n$", output)
    end
  end)

  it("ends by Ctrl-C with one line before it knows its subcommand, too", function()
    local chunk = "package.preload['googlemeet.command'] = function() error('interrupted!', 0) end"
    assert.same({ "googlemeet: interrupted\n", 130 }, { run_after(chunk, "man") })
  end)

  it("runs from a folder of any name, by the command that make writes", function()
    local copy = folder .. [[/a "b" $HOME \c %d]]
    local quoted, core = tree.quote(copy), tree.build() .. "/googlemeet/core.so"
    tree.lines(("mkdir -p %s/build/googlemeet && cp -R Makefile lua %s && cp %s %s/build/googlemeet"
      ):format(quoted, quoted, tree.quote(core), quoted))
    tree.lines(("make -s -C %s BUILD=build LUA=%s build/bin/googlemeet"):format(quoted, tree.lua()))
    local command = quoted .. "/build/bin/googlemeet"
    local output = tree.run("cd / && env -u LUA_PATH -u LUA_CPATH " .. command .. " --version")
    assert.equal("googlemeet " .. meet.version .. "\n", output)
  end)

  it("says in which folders Lua finds no module", function()
    for _, name in ipairs { "a;b", "a?b" } do
      tree.lines(("ln -s %s %s"):format(tree.quote(tree.lines("pwd")[1]),
        tree.quote(folder .. "/" .. name)))
      local output, is_good = tree.run(("cd / && env -u LUA_PATH -u LUA_CPATH %s %s --version")
        :format(tree.lua(), tree.quote(folder .. "/" .. name .. "/" .. SCRIPT)))
      assert.equal("googlemeet: Lua loads no module from a folder with ; or ? in its name\n",
        output)
      assert.is_false(is_good)
    end
  end)
end)
