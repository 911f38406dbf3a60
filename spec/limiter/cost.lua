--- What a shared limit costs. These print figures, and promise nothing but what all scenarios do.

local judge = require "spec.limiter.judge"
local loop = require "spec.limiter.loop"
local tree = require "spec.support.tree"

local BUSY = 10000 -- a second: a limit that is never reached
local SECONDS = 5 -- of work
local PROCESSES = 8

--- One process takes places and gives them back, without a request.
local function cost_reserve(world)
  local output = tree.run(("%s spec/limiter/reserve.lua '%s/limit'"):format(
    os.getenv "LUA" or "lua5.4", world.folder))
  print(("%-22s %s"):format(world.name, output:gsub("%s+$", "")))
  assert(output:find "reserve and commit", "no figure")
end

--- As many requests as eight processes can send, with one file and with none.
local function cost_file(world)
  local function measure(title, limiter, limit)
    local site = world:site(title, limit)
    site:start_all(PROCESSES, {
      limiter = limiter, path = world.folder .. "/limit", per_second = BUSY, at_once = 4,
      ["until"] = loop.now() + SECONDS,
    })
    site:finish()
    local arrivals = site:arrivals()
    local seconds = #arrivals > 1 and (arrivals[#arrivals].ns - arrivals[1].ns) / 1e9 or math.huge
    site:note("%.0f requests a second by %d processes", #arrivals / seconds,
      PROCESSES)
  end
  measure("one file", "file", BUSY)
  measure("no limiter", "none", BUSY * PROCESSES)
end

--- Scripts that Redis runs for each request, by the number of processes; one of them is far.
local function cost_redis(world)
  for _, count in ipairs { 1, 6, 30 } do
    local site, redis = world:site(("%d"):format(count)), world:redis()
    local far = world:relay(redis.port, 15)
    site:start_all(count, { limiter = "redis", redis = redis.port, name = "gate",
      calls = 240 // count }, function(index, options)
      if count > 1 and index == 1 then
        options.tag, options.redis, options.far = "far", far.port, { [far.port] = 30 }
      end
    end)
    site:finish()
    local arrivals = site:arrivals()
    local shares = judge.shares(arrivals)
    site:note("%.1f scripts a request", redis:scripts() / math.max(1, #arrivals))
    if shares.far then
      site:note("the one 30 ms away has %.2f of the mean share", shares.far * count)
    end
  end
end

return {
  { "cost_reserve", cost_reserve, is_long = true },
  { "cost_file", cost_file, is_long = true },
  { "cost_redis", cost_redis, is_long = true },
}
