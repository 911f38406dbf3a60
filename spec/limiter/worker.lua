--- One process of several that share a limit.
-- Use: MATON_API_KEY=KEY lua5.4 spec/limiter/worker.lua NAME=VALUE...
--
--   port=N            of the gateway
--   tag=WORD          names its spaces: WORD-1, WORD-2
--   calls=N           how many calls; until=SECONDS on CLOCK_MONOTONIC begins none after that
--   at_once=N         calls in one gather, 1 if not given
--   limiter=none      or file, with path=PATH; or redis, with redis=PORT name=NAME without=N
--   again=SECONDS     for which a command to Redis that has failed is sent again
--   per_second=N      in place of the default rate
--   deadline=SECONDS  of a call
--   retry=no          tries once
--
-- Prints a line for each call that has ended: "call SPACE ok ATTEMPTS SECONDS", or the kind of its
-- error in place of "ok" and a message behind; then "stats NAME=VALUE ...".

local core = require "googlemeet.core"
local meet = require "googlemeet"

local options = { at_once = "1", deadline = "60", limiter = "none", without = "0", again = "0" }
for _, word in ipairs(arg) do
  local name, value = word:match "^([%w_]+)=(.*)$"
  options[assert(name, word)] = value
end

local function number(name) return math.tointeger(tonumber(options[name])) end

local limiters = {
  none = function() return nil end,
  file = function() return meet.limiter.file(options.path) end,
  redis = function()
    local commands = require "spec.limiter.commands"
    return meet.limiter.redis(commands.new(number "redis", tonumber(options.again)),
      options.name, { without = number "without" })
  end,
}

local function open(attempts)
  local per_second = number "per_second"
  return assert(meet.new {
    base_url = "http://127.0.0.1:" .. options.port, deadline = tonumber(options.deadline),
    retry = options.retry ~= "no" and {} or false,
    rate = {
      limiter = assert(limiters[options.limiter], "an unknown limiter")(),
      per_second = per_second, reads_per_minute = per_second and 100000,
    },
    on_event = function(event)
      local name = event.path and event.path:match "spaces/.*"
      if event.type == "attempt" and name then attempts[name] = (attempts[name] or 0) + 1 end
    end,
  })
end

local function call(client, attempts, name)
  local start = core.now()
  local space, err = client.spaces:get(name)
  local outcome = space and (space.name == name and "ok" or "mixed_up") or err.kind
  print(("call %s %s %d %.3f %s"):format(name, outcome, attempts[name] or 0, core.now() - start,
    err and tostring(err):gsub("%s+", " ") or ""))
end

local attempts = {}
local client <close> = open(attempts)
local calls, until_then = number "calls" or math.maxinteger, tonumber(options["until"] or "inf")
local made = 0
until_then = until_then or math.huge
io.stdout:setvbuf "line"
while made < calls and core.now() < until_then do
  local functions = {}
  for index = 1, math.min(number "at_once", calls - made) do
    local name = ("spaces/%s-%d"):format(options.tag, made + index)
    functions[index] = function()
      call(client, attempts, name)
      return true
    end
  end
  made = made + #functions
  assert(client:gather(functions))
end
local words = {}
for name, value in pairs(client:stats()) do
  if type(value) ~= "table" then words[#words + 1] = ("%s=%s"):format(name, value) end
end
table.sort(words)
print("stats " .. table.concat(words, " "))
