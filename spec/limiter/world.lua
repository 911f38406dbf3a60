--- What a scenario runs on: gateways, long ways, Redis servers and processes that share a limit.
-- All of it ends with the scenario.

local children = require "spec.limiter.children"
local commands = require "spec.limiter.commands"
local judge = require "spec.limiter.judge"
local loop = require "spec.limiter.loop"
local luv = require "spec.support.luv"
local random = require "googlemeet.testing.random"
local tree = require "spec.support.tree"
local uv = require "luv"

local world = {}

-- Invented. Nothing made from it may be in a store.
world.KEY = "limiter-gate-Zq7Tn4xVb2Lw9Rk8Ys6Hd3Pm"
world.LIMIT = 10 -- a second

local LUA = os.getenv "LUA" or "lua5.4"
local PROGRAMS = tree.build() .. "/limiter/"
local PATIENCE = 10 -- seconds for a server to start

local World = {}
local WORLD = {
  __index = World,
  __close = function(self) self:close() end,
}
local Site = {}
local SITE = { __index = Site }
local Redis = {}
local REDIS = { __index = Redis }

---@param name string of the scenario
---@param settings table `short`, `seed`
function world.open(name, settings)
  return setmetatable({
    name = name, short = settings.short, chance = random.new(name .. settings.seed), sites = {},
    children = children.new(), folder = tree.temporary(),
  }, WORLD)
end

function World:close()
  self.children:close()
  tree.remove(self.folder)
end

--- End everything without waiting, for a process that has to end.
function World:abandon()
  self.children:kill()
  tree.remove(self.folder)
end

--- A gateway with its own limit, and the processes that call it: a row of the figures.
---@param title? string
---@param limit? integer a second
function World:site(title, limit)
  local journal = ("%s/arrivals-%d"):format(self.folder, #self.sites + 1)
  local gateway = self.children:start_server(PROGRAMS .. "gateway",
    { journal, tostring(limit or world.LIMIT) })
  local site = setmetatable({
    world = self, limit = limit or world.LIMIT, port = gateway.port, journal = journal,
    workers = {}, title = self.name .. (title and ": " .. title or ""), problems = {},
  }, SITE)
  self.sites[#self.sites + 1] = site
  return site
end

--- A way to `port` that takes `milliseconds`, there and back as many.
function World:relay(port, milliseconds)
  return self.children:start_server(PROGRAMS .. "relay", { tostring(port), tostring(milliseconds) })
end

--- A Redis server with nothing in it. It writes no snapshot unasked.
function World:redis()
  local redis = setmetatable({ world = self, port = luv.free_port() }, REDIS)
  redis.folder = ("%s/redis-%d"):format(self.folder, redis.port)
  assert(uv.fs_mkdir(redis.folder, 448)) -- 0700
  redis.typed = commands.typed(redis.port)
  redis:set_clock(0)
  redis:start()
  return redis
end

function Redis:start()
  self.child = self.world.children:start(os.getenv "REDIS_SERVER" or "redis-server", {
    "--port", tostring(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
    "--dir", self.folder, "--logfile", "log",
  }, { LD_PRELOAD = PROGRAMS .. "elsewhere.so", CLOCK_AHEAD = self.folder .. "/ahead" })
  assert(loop.wait(PATIENCE, function() return self.typed "PING" end),
    "the Redis server does not start")
end

function Redis:kill()
  self.child:signal "sigkill"
  self.child:wait(PATIENCE)
end

--- Its clock is ahead by so many seconds from now on.
function Redis:set_clock(seconds)
  local path = self.folder .. "/ahead"
  tree.write(path .. ".new", tostring(seconds))
  assert(os.rename(path .. ".new", path))
end

--- How many scripts it has run.
function Redis:scripts()
  local text, count = assert(self.typed "INFO commandstats"), 0
  for calls in text:gmatch "cmdstat_eval[%w|]*:calls=(%d+)" do count = count + calls end
  return count
end

--- Start a process that calls this gateway: `options` are words of worker.lua. It goes over
--- `through`, a relay, in place of the port; `far` has the milliseconds of handshakes, by ports;
--- the machine has been up for `up_for` seconds more.
function Site:start(options)
  options.port, options.tag = options.port or self.port, options.tag or "w" .. #self.workers + 1
  local words, far = { "spec/limiter/worker.lua" }, {}
  local more = { MATON_API_KEY = world.KEY, LD_PRELOAD = PROGRAMS .. "elsewhere.so" }
  for port, milliseconds in pairs(options.far or {}) do
    far[#far + 1] = ("%d=%d"):format(port, milliseconds)
  end
  more.FAR, more.UP_FOR = table.concat(far, " "), options.up_for and tostring(options.up_for)
  for name, value in pairs(options) do
    if name ~= "far" and name ~= "up_for" then words[#words + 1] = name .. "=" .. value end
  end
  local worker = self.world.children:start(LUA, words, more)
  worker.calls, worker.tag = options.calls, options.tag
  self.workers[#self.workers + 1] = worker
  return worker
end

--- Start `count` processes with options in common.
---@param choose? fun(index: integer, options: table) changes them for one process
function Site:start_all(count, options, choose)
  for index = 1, count do
    local own = {}
    for name, value in pairs(options) do own[name] = value end
    if choose then choose(index, own) end
    self:start(own)
  end
end

--- Kill a process: what it has not reported is not lost.
function Site:kill(worker) -- luacheck: no self
  worker.was_killed = worker:is_running()
  worker:signal "sigkill"
end

function Site:arrivals() return judge.arrivals(tree.read(self.journal)) end

--- Wait until so many have arrived. Fails where they do not within `seconds`.
function Site:wait_for(count, seconds)
  local arrived = loop.wait(seconds or 60, function()
    local _, lines = tree.read(self.journal):gsub("\n", "")
    return lines >= count
  end)
  if not arrived then self:fail("%d calls have not arrived in time", count) end
end

--- Wait for the processes. Those that have not ended after `seconds` are killed, their calls lost.
function Site:finish(seconds)
  local limit = loop.now() + (seconds or 120)
  for _, worker in ipairs(self.workers) do
    if not worker:wait(math.max(0, limit - loop.now())) then
      self:fail("process %s did not end", worker.tag)
      worker:signal "sigkill"
      worker:wait(PATIENCE)
    end
  end
end

--- A promise of the scenario did not hold.
function Site:fail(text, ...) self.problems[#self.problems + 1] = text:format(...) end

--- Say more than the figures.
function Site:note(text, ...)
  self.notes = (self.notes and self.notes .. ", " or "") .. text:format(...)
end

return world
