--- The steps of a limiter in Redis, as the scripts that the server runs: Lua 5.1.
-- Pure; requires nothing.
--
-- KEYS[1] is a hash, the others are sorted sets, one for each window. Times are microseconds.
-- Fields of the hash: `offset` and `greatest` make logical time; `marker` is when the store began
-- to count, `life` the run of the server at that moment; `until:W` is when the last place of window
-- W is free, whatever is reported; `paused:W`; `wait:W:HOLDER` is since when a holder waits and
-- when it was asked to come back; `holder:HOLDER` is when it last asked.
-- A set has ids; the score is when the place is free again. Its member `marker` is never free: a
-- set without it has been emptied by somebody else.

local script = {}

--- What all steps begin with. ARGV: holder, word to repeat in the reply, logical time of the last
-- reply, the most and the least that has passed since (empty: unknown), life of the keys.
local BEGIN = [=[
local hash, holder, word = KEYS[1], ARGV[1], ARGV[2]
local seen, most, least = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local GRACE, LEAP, MINUTE, TICK = 250000, 100000, 60000000, 1

local info = redis.pcall("INFO", "server")
if type(info) ~= "string" then info = "" end
local life = string.match(info, "run_id:(%x+)")
local version = tonumber(string.match(info, "redis_version:(%d+)"))
if version and version < 6 then return redis.error_reply("ERR server too old") end

local state = {}
local list = redis.call("HGETALL", hash)
for i = 1, #list, 2 do state[list[i]] = list[i + 1] end

local function text(number) return string.format("%.0f", number) end

local function read(field) return tonumber(state[field] or "") end

local function write(field, value)
  if type(value) == "number" then value = text(value) end
  state[field] = value
  redis.call("HSET", hash, field, value)
end

local function drop(field)
  state[field] = nil
  redis.call("HDEL", hash, field)
end

local function starts(field, prefix) return string.sub(field, 1, #prefix) == prefix end

-- No two steps have one time. Where the clock leapt, what the holder has measured since it asked
-- has passed only if nobody else asked since then: this time may have stood still meanwhile, and
-- does not make up for that.
local function logical_time()
  local clock = redis.call("TIME")
  clock = clock[1] * 1000000 + clock[2]
  local greatest = read("greatest") or 0
  local now, known = math.max(clock + (read("offset") or 0), greatest + TICK), seen
  local marker = read("marker")
  if seen and marker and (seen > greatest or seen < marker) then known = greatest end -- of old
  if seen and marker and now > known + most + LEAP then
    now = greatest + (seen == greatest and math.max(least, TICK) or TICK)
  end
  write("offset", now - clock)
  write("greatest", now)
  return now
end

local function keep()
  for i = 1, #KEYS do redis.call("PEXPIRE", KEYS[i], ARGV[6]) end
end
]=]

--- ARGV: id, lease, and for each window its name, limit and span.
-- Reply: word, logical time, "granted" or "wait", how long.
script.reserve = BEGIN .. [=[
local id, lease = ARGV[7], tonumber(ARGV[8])
local now = logical_time()

local windows, shortest = {}, math.huge
for i = 2, #KEYS do
  local at = 3 * i + 3
  local window = { key = KEYS[i], name = ARGV[at], limit = tonumber(ARGV[at + 1]),
    span = tonumber(ARGV[at + 2]) }
  windows[i - 1], shortest = window, math.min(shortest, window.span)
end

local function answer(verdict, rest)
  keep()
  return { word, text(now), verdict, text(rest) }
end

local function is_lost(window)
  local last = read("until:" .. window.name)
  return last and now < last and not redis.call("ZSCORE", window.key, "marker")
end

local function is_emptied()
  if not state.marker or life and state.life and state.life ~= life then return true end
  for _, window in ipairs(windows) do
    if is_lost(window) then return true end
  end
  return false
end

-- A pause of another life was for another time; one that came since the store was emptied stays.
local function forget()
  for field in pairs(state) do
    local is_old = state.marker and starts(field, "paused:")
    if is_old or starts(field, "until:") or starts(field, "wait:") then drop(field) end
  end
  write("marker", now)
end

-- Windows that were emptied are new ones, too.
local function open(window)
  local field = "until:" .. window.name
  if not state[field] then
    redis.call("ZREMRANGEBYRANK", window.key, 0, -1)
    write(field, 0)
  end
  redis.call("ZADD", window.key, "+inf", "marker")
  redis.call("ZREMRANGEBYSCORE", window.key, "-inf", text(now))
end

local function drop_strangers()
  for field, value in pairs(state) do
    if starts(field, "holder:") and tonumber(value) < now - MINUTE then drop(field) end
  end
end

local function read_waiter(field)
  local since, due = string.match(state[field] or "", "^(%d+) (%d+)$")
  if since and now <= tonumber(due) + GRACE then return tonumber(since), tonumber(due) end
  if state[field] then drop(field) end
end

-- How many stand ahead of this holder now, how many have waited longer, since when it waits.
local function line_of(window)
  local prefix = "wait:" .. window.name .. ":"
  local own = read_waiter(prefix .. holder)
  local ahead, rank = 0, 0
  for field in pairs(state) do
    if starts(field, prefix) and field ~= prefix .. holder then
      local since, due = read_waiter(field)
      if since and since < (own or math.huge) then
        rank = rank + 1
        if due <= now then ahead = ahead + 1 end
      end
    end
  end
  return ahead, rank, own or now
end

-- A place that is reserved may be reported at any moment, so it counts as free a span from now.
local function due_of(window, taken, rank)
  local place = math.min(taken - window.limit + 1 + rank, taken)
  if place < 1 then return now + GRACE end
  local found = redis.call("ZRANGE", window.key, place - 1, place - 1, "WITHSCORES")
  return math.min(tonumber(found[2]), now + window.span)
end

local function wait_of(window)
  local paused = read("paused:" .. window.name) or 0
  if paused > now then return paused - now end
  local taken = redis.call("ZCARD", window.key) - 1
  local ahead, rank, since = line_of(window)
  if taken + ahead < window.limit then return 0 end
  local due = due_of(window, taken, rank)
  write("wait:" .. window.name .. ":" .. holder, text(since) .. " " .. text(due))
  return due - now
end

if is_emptied() then forget() end
if life and state.life ~= life then write("life", life) end
for _, window in ipairs(windows) do open(window) end
drop_strangers()
write("holder:" .. holder, now)

local hold = read("marker") + lease + shortest - now
if hold > 0 then return answer("wait", hold) end

local wait = 0
for _, window in ipairs(windows) do wait = math.max(wait, wait_of(window)) end
if wait > 0 then return answer("wait", wait) end

for _, window in ipairs(windows) do
  local free, field = now + lease + window.span, "wait:" .. window.name .. ":" .. holder
  redis.call("ZADD", window.key, text(free), id)
  if free > read("until:" .. window.name) then write("until:" .. window.name, free) end
  if state[field] then drop(field) end
end
return answer("granted", 0)
]=]

--- ARGV: id, delay, and for each window its span. Reply: word, logical time.
script.commit = BEGIN .. [=[
if not state.marker then return { word } end
local now = logical_time()
for i = 2, #KEYS do
  local free, stated = now + ARGV[8] + ARGV[i + 7], redis.call("ZSCORE", KEYS[i], ARGV[7])
  if stated and free < tonumber(stated) then redis.call("ZADD", KEYS[i], text(free), ARGV[7]) end
end
keep()
return { word, text(now) }
]=]

--- ARGV: id. Reply: word, logical time.
script.release = BEGIN .. [=[
if not state.marker then return { word } end
local now = logical_time()
for i = 2, #KEYS do redis.call("ZREM", KEYS[i], ARGV[7]) end
keep()
return { word, text(now) }
]=]

--- ARGV: name of the window, how long. Reply: word, logical time.
script.pause = BEGIN .. [=[
local field, now = "paused:" .. ARGV[7], logical_time()
if not state.marker then -- of this life, or the next question takes it for none
  write("marker", now)
  if life then write("life", life) end
end
write(field, math.max(read(field) or 0, now + ARGV[8]))
keep()
return { word, text(now) }
]=]

--- ARGV: the names of the windows that KEYS has sets of.
-- Reply: word, logical time, number of holders; for each window that is known its name, how long it
-- is paused, and how many places are taken: empty without its set.
script.status = BEGIN .. [=[
if not state.greatest then return { word, "", "0" } end
local now, users, keys, known = logical_time(), 0, {}, {}
for i = 2, #KEYS do keys[ARGV[i + 5]] = KEYS[i] end
for field, value in pairs(state) do
  local name = string.match(field, "^until:(.*)$") or string.match(field, "^paused:(.*)$")
  if name then known[name] = true end
  if starts(field, "holder:") and tonumber(value) >= now - MINUTE then users = users + 1 end
end
local reply = { word, text(now), text(users) }
for name in pairs(known) do
  local taken = keys[name] and redis.call("ZCOUNT", keys[name], "(" .. text(now), "(+inf") or ""
  table.insert(reply, name)
  table.insert(reply, text(math.max(0, (read("paused:" .. name) or 0) - now)))
  table.insert(reply, tostring(taken))
end
return reply
]=]

return script
