-- A scenario of spec/oom with a finalizer that runs once, in the collection that drive.c brings
-- about: SCENARIO FINALIZER URL. Gives prepare, act and after.
-- The act may end well or as what the finalizer did makes it end; then a client works, the same one
-- where nobody closed it.

local scenarios = dofile "spec/oom/scenarios.lua"

local name, finalizer, url = ...
local scenario = scenarios[name]
local client, times

local function new()
  return assert(require "googlemeet".new {
    api_key = "test-key", base_url = url, rate = false, retry = false,
    ca_file = url:find "^https" and os.getenv "MEET_OOM_CA" or nil,
  })
end

local function get(from)
  return assert(assert(from.spaces:get "hpk-vtwd-ens").name == "spaces/Qm7xT2kLw9Za")
end

local FINALIZERS = {}

--- Nothing but a collection in a place where there was none.
function FINALIZERS.none() end

function FINALIZERS.close()
  if type(client) == "userdata" then client:close() end
end

--- A separate request, on the same client and on another.
function FINALIZERS.call()
  if type(client) == "userdata" then get(client) end
  local other <close> = new()
  get(other)
end

--- All modules are forgotten and opened again, while what they made is in use.
function FINALIZERS.reopen()
  for module in pairs(package.loaded) do
    if module:find "^googlemeet" then package.loaded[module] = nil end
  end
  local other <close> = new()
  get(other)
end

--- The exchange that the client keeps is used and another one left behind.
function FINALIZERS.gather()
  local other <close> = new()
  assert(other:gather { function() return get(other) end, function() return get(other) end })
end

local function prepare()
  client, times = scenario.prepare(url), 0
  require "googlemeet.tasks" -- not while the scenario runs
  setmetatable({}, { __gc = function()
    times = times + 1
    FINALIZERS[finalizer]()
  end })
end

local function is_error_table(value)
  local metatable = getmetatable(value)
  return type(metatable) == "table" and metatable.__name == "googlemeet.error"
end

local function act()
  local ok, result, err = pcall(scenario.act, client)
  if ok and (result or is_error_table(err)) then return end
  if not ok and tostring(result):find "closed" and finalizer == "close" then return end
  if not ok and is_error_table(result) then return end
  error(("it ended with %s, %s, %s"):format(ok, result, err), 0)
end

local function after()
  assert(times <= 1, "the finalizer ran twice")
  if finalizer == "close" and type(client) == "userdata" then client = url end
  scenario.after(type(client) == "string" and scenario.after ~= scenarios.open.after
    and scenario ~= scenarios.close and new() or client)
end

return prepare, act, after
