--- Processes that share a limit while nothing fails; and some that share none, which shows that the
-- gate notices.

local loop = require "spec.limiter.loop"
local secrets = require "spec.limiter.secrets"

local LEAST_RATE = 0.90 -- of the limit's, where all are near

local function file_of(world, name)
  return world.folder .. "/" .. (name or "limit")
end

--- One process, whose own pace is enough.
local function alone(world)
  local site = world:site()
  site.least_rate = LEAST_RATE
  site:start { calls = 40 }
  site:finish()
end

--- Three, whose own pace is not.
local function none(world)
  local site = world:site()
  site.is_too_many = true
  site:note "refused and lost, as it has to be without a limiter"
  site:start_all(3, { calls = 20, retry = "no" })
  site:finish()
end

local function file(world)
  local site = world:site()
  site.least_rate = LEAST_RATE
  site:start_all(3, { limiter = "file", path = file_of(world), calls = world.short and 20 or 60 })
  site:finish()
end

local function sharing(world, redis)
  return { limiter = "redis", redis = redis.port, name = "gate", calls = world.short and 10 or 60 }
end

local function redis_near(world)
  local site, redis = world:site(), world:redis()
  site.least_rate = LEAST_RATE
  site:start_all(6, sharing(world, redis))
  site:finish()
end

--- Ways to Redis of 2 and 30 ms, there and back.
local function redis_far(world)
  local site, redis = world:site(), world:redis()
  local near, far = world:relay(redis.port, 1), world:relay(redis.port, 15)
  site:start_all(6, sharing(world, redis), function(index, options)
    options.redis = index % 2 == 0 and far.port or near.port
    options.far = { [near.port] = 2, [far.port] = 30 }
  end)
  site:finish()
end

--- Ways to the gateway of 10 and 120 ms, there and back.
local function paths(world)
  local site, redis = world:site(), world:redis()
  local near, far = world:relay(site.port, 5), world:relay(site.port, 60)
  site:start_all(6, sharing(world, redis), function(index, options)
    options.port = index % 2 == 0 and far.port or near.port
    options.far = { [near.port] = 10, [far.port] = 120 }
  end)
  site:finish()
end

--- Two groups, each with its own limit: neither costs the other anything. Nothing that they
--- leave behind has anything of the key in it.
local function apart(world)
  local redis, calls = world:redis(), world.short and 20 or 60
  local monitor <close> = secrets.monitor(redis)
  for number = 1, 2 do
    local path, name = "path " .. number, "name " .. number
    local by_file, by_name = world:site(path), world:site(name)
    by_file.least_rate, by_name.least_rate = LEAST_RATE, LEAST_RATE
    by_file:start_all(2, { limiter = "file", path = file_of(world, path), calls = calls })
    by_name:start_all(2,
      { limiter = "redis", redis = redis.port, name = name, calls = calls })
  end
  local functions = {}
  for index, site in ipairs(world.sites) do
    functions[index] = function() site:finish() end
  end
  loop.all(functions)
  secrets.look(world, monitor)
end

return {
  { "alone", alone },
  { "none", none },
  { "file", file },
  { "redis", redis_near },
  { "redis_far", redis_far },
  { "paths", paths },
  { "apart", apart },
}
