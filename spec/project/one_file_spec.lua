-- examples/hosts/one_file.c: a program with the module inside, which reads no file of it.

local tree = require "spec.support.tree"

local LUA = "lua" .. _VERSION:sub(5)
local SOURCE = "examples/hosts/one_file.c"

local folder

before_each(function() folder = tree.temporary() end)
after_each(function() tree.remove(folder) end)

--- Build the program; run it in an empty folder, with nothing to search.
local function run(source)
  local output, ok = tree.run(([[${CC:-cc} -Isrc $(pkg-config --cflags %s) -o %s/one_file %s \
    build/libgooglemeet.a -l:lib%s-cjson.a $(pkg-config --libs %s) \
    ${CURL_LIBS:-$(pkg-config --libs libcurl)} -lm]]):format(LUA, folder, source, LUA, LUA))
  assert(ok, output)
  return tree.run(("mkdir %s/empty && cd %s/empty && env -i ../one_file"):format(folder, folder))
end

describe("a program with the module inside", function()
  it("needs no file", function()
    local output, ok = run(SOURCE)
    assert(ok, output)
    assert.matches("^%d+%.%d+%.%d+\thttps://meet%.google%.com/%l+%-%l+%-%l+\n$", output)
  end)

  it("names the script's line where the script is wrong, as with files", function()
    local wrong = folder .. "/wrong.c"
    local file = assert(io.open(wrong, "w"))
    file:write((tree.read(SOURCE):gsub("api_key", "api_kee")))
    file:close()
    local output, ok = run(wrong)
    assert.is_falsy(ok)
    assert.matches('^%[string "package%.path[^\n]*:4: new: unknown option .api_kee.', output)
  end)
end)
