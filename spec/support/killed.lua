--- Kills the process that asks for it at a step of its work (SIGKILL), for specs of what is left.
-- Steps are counted anywhere, every few instructions of Lua, or in the store of an archive: before
-- and after each file that is written or locked, each chunk of a download, removal and SQL
-- statement.

local core = require "googlemeet.core"

local killed = {}

local STRIDE = 40 -- instructions of a step

--- Methods of the connections of a module that hides its metatables.
local function methods_of_connection()
  local environment = require "luasql.sqlite3".sqlite3()
  local connection = environment:connect ":memory:"
  local methods = debug.getmetatable(connection).__index
  connection:close()
  environment:close()
  return methods
end

--- Methods of the file in which a download grows.
local function methods_of_part()
  local path = os.tmpname()
  local part = assert(core.file.part(path))
  local methods = debug.getmetatable(part).__index
  part:close(false)
  os.remove(path)
  return methods
end

--- Count steps from now on, and kill the process at one of them.
---@param mode? "any"|"store" without it steps of both kinds are counted, and nothing is killed
---@param step? integer
---@return table<string, integer> steps of each kind so far
function killed.at(mode, step)
  local steps = { any = 0, store = 0 }

  local function count(of)
    steps[of] = steps[of] + 1
    if of == mode and steps[of] == step then os.execute "kill -s KILL $PPID" end
  end

  --- Count a step on each side of a function.
  local function guard(functions, name)
    local f = functions[name]
    functions[name] = function(...)
      count "store"
      local results = table.pack(f(...))
      count "store"
      return table.unpack(results, 1, results.n)
    end
  end

  --- A hook counts in its own thread only, so each task gets one.
  local function watch_instructions()
    local create = coroutine.create
    local function hook() count "any" end
    function coroutine.create(f) -- luacheck: ignore 122 (only in this process)
      local thread = create(f)
      debug.sethook(thread, hook, "", STRIDE)
      return thread
    end
    debug.sethook(hook, "", STRIDE)
  end

  local part = methods_of_part()
  for _, name in ipairs { "lock", "replace", "touch" } do guard(core.file, name) end
  guard(os, "remove")
  guard(methods_of_connection(), "execute")
  for _, name in ipairs { "close", "cut", "restart", "take", "write" } do guard(part, name) end
  if mode ~= "store" then watch_instructions() end
  return steps
end

return killed
