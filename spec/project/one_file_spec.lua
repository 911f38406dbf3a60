-- examples/hosts/one_file.c: a program with the module inside, which reads no file of it.

local tree = require "spec.support.tree"

local SOURCE = "examples/hosts/one_file.c"

local folder

--- Run a shell command, which may name $folder, $build and $lua.
local function shell(command)
  return tree.run(("folder=%s build=%s lua=lua%s\n%s"):format(folder, tree.build(),
    _VERSION:sub(5), command))
end

local function must(command)
  local output, ok = shell(command)
  assert(ok, output)
end

--- Build the program, with the flags of the module's own build if they were given.
local function build(source, flags, liblua)
  must(([[${CC:-cc} $CFLAGS -Isrc $(pkg-config --cflags $lua) -o $folder/one_file %s \
    $build/libgooglemeet.a -l:lib$lua-cjson.a %s $LDFLAGS %s \
    ${CURL_LIBS:-$(pkg-config --libs libcurl)} -lm -lpthread]]):format(source,
    liblua or "$(pkg-config --libs $lua)", flags or ""))
end

--- The same, of a copy of the example with some of its text replaced.
local function build_edited(pattern, replacement, flags)
  local text, count = tree.read(SOURCE):gsub(pattern, replacement)
  assert.equal(1, count)
  tree.write(folder .. "/edited.c", text)
  build(folder .. "/edited.c", flags)
end

--- Run it in an empty folder, with that environment and no other.
local function run(environment, program)
  return shell(("cd $folder/empty && env -i %s %s"):format(environment or "",
    program or "../one_file"))
end

local function succeeds(output, ok)
  assert(ok, output)
  assert.matches("^%d+%.%d+%.%d+\thttps://meet%.google%.com/%l+%-%l+%-%l+\n$", output)
end

before_each(function()
  folder = tree.temporary()
  must "mkdir $folder/empty $folder/lib"
end)
after_each(function() tree.remove(folder) end)

describe("a program with the module inside", function()
  it("needs no file", function()
    build(SOURCE)
    succeeds(run())
  end)

  it("has Lua inside, too, where that is an archive", function()
    build(SOURCE, nil, "-l:lib$lua.a -ldl")
    assert.is_falsy(shell("ldd $folder/one_file"):find("liblua", 1, true))
    succeeds(run())
  end)

  for _, flags in ipairs { "", "-Wl,-E" } do
    it("opens no copy of a part, wherever paths lead " .. flags, function()
      must [[cp -R lua/googlemeet $folder/lib && cd $folder/lib && echo none >googlemeet/core.so &&
        find . -name '*.lua' | while read -r file; do echo 'print "a copy"' >$file; done]]
      build_edited('"package%.path.-\n', "", flags)
      succeeds(run [[LUA_PATH="$folder/lib/?.lua;$folder/lib/?/init.lua" \
        LUA_CPATH="$folder/lib/?.so"]])
    end)
  end

  it("opens no library that happens to have the program's name", function()
    tree.write(folder .. "/other.c", [[
      #include <stdio.h>
      __attribute__((constructor)) static void begin(void) { puts("another one"); }
    ]])
    must "${CC:-cc} -shared -fPIC -o $folder/lib/one_file $folder/other.c"
    build(SOURCE)
    succeeds(run("PATH=$folder LD_LIBRARY_PATH=$folder/lib", "one_file"))
  end)

  it("names the script's line where the script is wrong, as with files", function()
    build_edited("api_key", "api_kee")
    local output, ok = run()
    assert.is_falsy(ok)
    assert.matches('^%[string "package%.path[^\n]*:4: new: unknown option .api_kee.', output)
  end)

  it("may be C++", function()
    if not select(2, tree.run "echo 'int i;' | ${CXX:-c++} -x c++ -fsyntax-only -") then
      return pending "there is no C++ compiler"
    end
    tree.write(folder .. "/host.cc", [[
      #include <lua.hpp>
      #include "lua_preload.h"
      int main() { lua_State *L = luaL_newstate(); meet_preload(L); lua_close(L); }
    ]])
    must [[${CXX:-c++} $CFLAGS -Isrc $(pkg-config --cflags $lua) -o $folder/host $folder/host.cc \
      $build/libgooglemeet.a $(pkg-config --libs $lua) $LDFLAGS \
      ${CURL_LIBS:-$(pkg-config --libs libcurl)} -lm -lpthread && $folder/host]]
  end)
end)
