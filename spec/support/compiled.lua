--- Builds a C file of spec/support/ into a shared object outside the project.

local tree = require "spec.support.tree"

local compiled = {}

--- Name the compiler's flags for the Lua that runs this.
function compiled.lua_flags()
  if os.getenv "LUA_CFLAGS" then return os.getenv "LUA_CFLAGS" end
  local version = _VERSION:sub(5)
  return tree.lines(("pkg-config --cflags lua%s || pkg-config --cflags lua-%s || " ..
    "pkg-config --cflags lua%s || pkg-config --cflags lua"):format(version, version,
    version:gsub("%.", "")))[1] or ""
end

--- Compile `spec/support/<name>.c`; give the folder it is in, as `<name>.so`.
---@param libraries? string what it is linked with
---@return string folder the caller removes it
function compiled.folder(name, libraries)
  local folder = tree.temporary()
  local command = "%s -std=gnu11 -O1 -fPIC -shared %s -o %s/%s.so spec/support/%s.c -ldl %s"
  local output, ok = tree.run(command:format(os.getenv "CC" or "cc", compiled.lua_flags(), folder,
    name, name, libraries or ""))
  if not ok then error(output, 2) end
  return folder
end

return compiled
