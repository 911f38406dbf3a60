-- A script that archives from a fake that is the same in each run, for
-- spec/unit/archive/archive_kill_spec.lua:
--   lua5.4 spec/support/archived.lua directory|sqlite PATH [any|store STEP]
-- With a STEP it kills itself there (SIGKILL). Steps are counted anywhere, every few instructions
-- of Lua, or in the store: before and after each file that is written or locked, removal and SQL
-- statement. What it prints at its end is how many steps of each kind there were.

local core = require "googlemeet.core"
local meet = require "googlemeet"
local made_up_clock = require "spec.support.clock"

local STRIDE = 40 -- instructions of a step
local NOW = 1795341600 -- 2026-11-22T10:00:00Z

local kind, path, mode, step = ...
step = tonumber(step)

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

--- Methods of the connections of a module that hides its metatables.
local function methods_of_connection()
  local environment = require "luasql.sqlite3".sqlite3()
  local connection = environment:connect ":memory:"
  local methods = debug.getmetatable(connection).__index
  connection:close()
  environment:close()
  return methods
end

local gateway = meet.testing.gateway { clock = function() return 0 end, now = NOW }
gateway:seed { webinar = 12 }
local client = assert(meet.new {
  api_key = "test-key", transport = gateway.transport, clock = made_up_clock(),
})

guard(core.file, "lock")
guard(core.file, "replace")
guard(core.file, "touch")
guard(os, "remove")
guard(methods_of_connection(), "execute")
if mode ~= "store" then watch_instructions() end
local store = assert(meet.archive[kind](path))
assert(meet.archive(client, store, { now = NOW }))
store:close()
debug.sethook()
print(steps.any, steps.store)
