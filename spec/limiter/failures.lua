--- Processes that share a limit while they, or what they share, fail.

local judge = require "spec.limiter.judge"
local loop = require "spec.limiter.loop"
local tree = require "spec.support.tree"

local SLOTS = 12 -- processes at a time, where they are killed
local PROCESSES = 6 -- on one Redis, which fails
local LEASE = 2 -- seconds for which a place is good
local WINDOW = 1.1 -- seconds: the second, its margin and a little more
local AGAIN = 1.5 -- seconds for which commands to a Redis that restarts are sent again
local DOWN = 10 -- seconds that Redis is out of reach

local function is_inside_lock(worker)
  return tree.read("/proc/locks"):find((" %d "):format(worker.pid), 1, true) ~= nil
end

local function is_stopped(worker)
  local ok, stat = pcall(tree.read, ("/proc/%d/stat"):format(worker.pid))
  return not ok or stat:find ") T " ~= nil
end

--- Stop a process for a while, but not while it holds the file's lock.
local function stop(worker, seconds, counts)
  worker:signal "sigstop"
  loop.wait(1, function() return is_stopped(worker) end)
  if not is_inside_lock(worker) then
    loop.sleep(seconds)
    counts.stopped = counts.stopped + 1
  end
  worker:signal "sigcont"
end

--- Keep a slot taken: a process starts, is stopped or killed at some time, and another one starts.
local function keep_slot(site, options, chance, counts)
  repeat
    local own = {}
    for name, value in pairs(options) do own[name] = value end
    local worker = site:start(own)
    loop.sleep(chance:between(500, 6000) / 1000)
    while worker:is_running() and loop.now() < options["until"] do
      if chance:below(5) < 2 then
        stop(worker, chance:between(1000, 5000) / 1000, counts)
        loop.sleep(chance:between(100, 2000) / 1000)
      else
        site:kill(worker)
        counts.killed = counts.killed + 1
        worker:wait(LEASE)
      end
    end
    loop.sleep(chance:between(50, 1000) / 1000)
  until loop.now() > options["until"]
end

local function kill_some(world, options)
  local site, functions = world:site(), {}
  local counts = { killed = 0, stopped = 0 }
  options["until"] = loop.now() + (world.short and 15 or 120)
  for slot = 1, SLOTS do
    functions[slot] = function() keep_slot(site, options, world.chance, counts) end
  end
  loop.all(functions)
  site:finish()
  site:note("%d killed, %d stopped", counts.killed, counts.stopped)
end

local function killed_file(world)
  kill_some(world, { limiter = "file", path = world.folder .. "/limit" })
end

local function killed_redis(world)
  kill_some(world, { limiter = "redis", redis = world:redis().port, name = "gate" })
end

--- Processes on one Redis; each of the faults comes when another part of the calls has arrived.
local function with_faults(faults)
  return function(world)
    local site, redis = world:site(), world:redis()
    local each = world.short and 10 or 40
    site:start_all(PROCESSES,
      { limiter = "redis", redis = redis.port, name = "gate", calls = each, again = AGAIN })
    for index, fault in ipairs(faults) do
      site:wait_for(PROCESSES * each * index // (#faults + 1) + world.chance:below(5))
      fault(redis)
    end
    site:finish()
  end
end

local function flush(redis) assert(redis.typed "FLUSHALL") end

--- It is back before anybody has waited for long: places of the same second would be given twice.
local function start_again(redis)
  redis:kill()
  redis:start()
end

local function save(redis) assert(redis.typed "SAVE") end

local function set_clock(seconds)
  return function(redis) redis:set_clock(seconds) end
end

--- The first to use the file are on a machine that has been up for an hour more than the others'.
local function reboot(world)
  local site, each = world:site(), world.short and 12 or 40
  local options = { limiter = "file", path = world.folder .. "/limit", calls = each, up_for = 3600 }
  site:start_all(3, options)
  site:finish()
  local before = site:arrivals()
  options.up_for = nil
  site:start_all(3, options, function(index, own) own.tag = "after" .. index end)
  site:finish()
  local after = site:arrivals()
  if after[#before + 1] then
    site:note("the first one %.1f s after", (after[#before + 1].ns - after[#before].ns) / 1e9)
  end
end

--- Redis is out of reach for a while.
local function gone(without)
  return function(world)
    local site, redis, each = world:site(), world:redis(), world.short and 12 or 40
    local relay = world:relay(redis.port, 0)
    local seconds = world.short and DOWN / 2 or DOWN
    site:start_all(PROCESSES, { limiter = "redis", redis = relay.port, name = "gate", calls = each,
      without = without })
    site:wait_for(2 * each)
    relay:signal "sigusr1"
    local cut = loop.now()
    loop.sleep(seconds)
    local mended = loop.now()
    relay:signal "sigusr2"
    site:finish()
    local arrivals = site:arrivals()
    if without == 0 then
      local count = #judge.between(arrivals, cut + LEASE, mended)
      if count > 0 then site:fail("%d arrived while Redis was out of reach", count) end
      site:note("%d arrived in the %d s after a lease", count, seconds - LEASE)
    else
      local alone = judge.between(arrivals, cut + LEASE + WINDOW, mended)
      local worst = judge.worst(alone)
      if worst == 0 then site:fail "nothing arrived while Redis was out of reach" end
      if worst > PROCESSES * without then site:fail("%d a second while cut off", worst) end
      site:note("%d arrived while cut off, %d in a second", #alone, worst)
    end
  end
end

return {
  { "killed_file", killed_file },
  { "killed_redis", killed_redis },
  { "flushed", with_faults { flush, flush } },
  { "restarted", with_faults { start_again } },
  { "snapshot", with_faults { save, start_again } },
  { "clock", with_faults { set_clock(-3600), set_clock(0), set_clock(3600) } },
  { "reboot", reboot },
  { "gone", gone(0) },
  { "gone_without", gone(1) },
}
