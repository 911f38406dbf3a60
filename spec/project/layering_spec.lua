local layers = require "spec.fixtures.layers"
local sources = require "spec.support.sources"
local tree = require "spec.support.tree"

--- Index rows by their first word; the rest of the row becomes a list.
local function rows_by_name(rows)
  local by_name = {}
  for height, row in ipairs(rows) do
    assert(not by_name[row[1]], row[1] .. " has two rows")
    by_name[row[1]] = { height = height, allowed = table.move(row, 2, #row, 1, {}) }
  end
  return by_name
end

--- Say whether `name` is one of `allowed`; a `*` at the end is the rest of a name.
local function is_allowed(allowed, name)
  for _, pattern in ipairs(allowed) do
    local start = pattern:match "^(.*)%*$"
    if name == pattern or (start and name:sub(1, #start) == start) then return true end
  end
  return false
end

local src = rows_by_name(layers.src)
local lua = rows_by_name(layers.lua)

--- Without comments, long strings kept: prose may say what it requires.
local function code_of(path)
  return (tree.read(path):gsub("%-%-%[%[.-%]%]", ""):gsub("%-%-[^\n]*", ""))
end

--- The row of a module: its own, or the one of its folder.
local function lua_row(path)
  local name = path:match "^lua/googlemeet/(.*)%.lua$":gsub("/", ".")
  return lua[name] or lua[name:gsub("[^.]*$", "*")]
end

--- What nm prints of the objects that the core under test was linked from.
local function symbols()
  local build = package.searchpath("googlemeet.core", package.cpath):match "^(.*)/googlemeet/"
  local objects = {}
  for index, path in ipairs(tree.find("src", "*.c")) do
    objects[index] = tree.quote(("%s/obj/%s.o"):format(build, path:match "^src/(.*)%.c$"))
  end
  local listing, ok = tree.run("nm -A -P " .. table.concat(objects, " "))
  return assert(ok and listing, listing)
end

describe("the layers of src/", function()
  local files = tree.find("src", "*.[ch]")

  it("has a row for every file", function()
    assert.is_true(#files > 0)
    for _, path in ipairs(files) do
      local name = path:match "^src/(.*)%.[ch]$"
      assert(src[name], path .. " has no row in spec/fixtures/layers.lua")
    end
  end)

  it("has no row without a file", function()
    for name in pairs(src) do
      assert(io.open("src/" .. name .. ".h") or io.open("src/" .. name .. ".c"),
        name .. " has a row but no file"):close()
    end
  end)

  it("includes only what its row allows", function()
    for _, path in ipairs(files) do
      local name = path:match "^src/(.*)%.[ch]$"
      for _, included in ipairs(sources.headers_of(tree.read(path))) do
        assert(included == name or is_allowed(src[name].allowed, included),
          path .. " includes " .. included)
      end
    end
  end)

  it("points downward only", function()
    for name, row in pairs(src) do
      for _, allowed in ipairs(row.allowed) do
        local below = src[allowed]
        assert(allowed:find "[<*]" or (below and below.height < row.height),
          name .. " may not use " .. allowed .. ", which has no row above it")
      end
    end
  end)

  it("keeps Lua in the binding and libcurl in the files of the wire", function()
    local uses_curl = {
      library = true, header_list = true, easy = true, progress = true, transfer = true,
      multi = true, outcome = true,
    }
    for name, row in pairs(src) do
      assert.equal(name:find "^lua_" ~= nil, is_allowed(row.allowed, "<lua>"), name)
      assert.equal(uses_curl[name] == true, is_allowed(row.allowed, "<curl>"), name)
      for _, allowed in ipairs(row.allowed) do
        assert(name:find "^lua_" or not allowed:find "^lua_", name .. " uses the binding")
      end
    end
  end)

  it("names every file that a row allows, without a wildcard", function()
    for name, row in pairs(src) do
      assert(not table.concat(row.allowed, " "):find("*", 1, true), name)
    end
  end)

  it("goes down through every #include, never round", function()
    local texts = {}
    for _, path in ipairs(files) do texts[path] = tree.read(path) end
    assert.is_nil(sources.circle(sources.includes(texts)))
  end)

  it("goes down through every call, never round", function()
    assert.is_nil(sources.circle(sources.calls(symbols())))
  end)

  it("opens every source with its own header, so that the header stands alone", function()
    for _, path in ipairs(tree.find("src", "*.c")) do
      local name = path:match "^src/(.*)%.c$"
      local header = io.open("src/" .. name .. ".h")
      if header then
        header:close()
        local first = tree.read(path):match "#include%s+([^\n]+)"
        assert.equal(('"%s.h"'):format(name), first, path)
      end
    end
  end)
end)

describe("the layers of lua/", function()
  local files = tree.find("lua", "*.lua")

  it("has a row for every module", function()
    assert.is_true(#files > 0)
    for _, path in ipairs(files) do
      assert(lua_row(path), path .. " has no row in spec/fixtures/layers.lua")
    end
  end)

  it("requires only what its row allows", function()
    for _, path in ipairs(files) do
      for required in code_of(path):gmatch "require%s*%(?%s*[\"']([^\"']+)[\"']" do
        assert(is_allowed(lua_row(path).allowed, required), path .. " requires " .. required)
      end
    end
  end)

  it("names what it requires, but for the modules that init loads on first use", function()
    for _, path in ipairs(files) do
      local code = code_of(path):gsub("require%s*%(?%s*[\"'][^\"']+[\"']", "")
      assert(path == "lua/googlemeet/init.lua" or not code:find "%f[%w_]require%f[^%w_]",
        path .. " requires a computed name")
    end
  end)
end)
