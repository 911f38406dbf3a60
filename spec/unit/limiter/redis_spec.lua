-- A limiter in Redis, against a real redis-server of the machine (7.0 in Debian 12). Valkey 8 runs
-- the same scripts; its package begins with Debian 13, where the server is found under this name if
-- `valkey-redis-compat` is there.

local meet = require "googlemeet"
local redis = require "spec.support.redis"
local scheduler = require "googlemeet.scheduler"

local LEASE, SPAN = 0.5, 0.5 -- seconds
local HOLD = LEASE + SPAN
local LATE = 0.4 -- seconds that a busy machine may take
local TRIES = 5 -- of what load can only make too late
local HOUR = 3600000000 -- microseconds

local server, command, count, sent

setup(function()
  server, count = redis.start(), 0
end)
teardown(function() server:close() end)

before_each(function()
  local send = redis.client(server.port)
  sent = {}
  command = function(...)
    sent[#sent + 1] = table.concat({ ... }, " ")
    return send(...)
  end
end)

--- A name that no other spec uses.
local function new_name()
  count = count + 1
  return "account " .. count
end

local function key_of(name, window)
  local hash = ("googlemeet:{%s}"):format((name:gsub(" ", "%%20")))
  return window and hash .. ":" .. window or hash
end

local function window(limit, name, span)
  return { name = name or "second", limit = limit, span = span or SPAN }
end

--- Make a limiter whose store has opened: as if it had begun to count long ago.
local function open(name, opts)
  local limiter = meet.limiter.redis(command, name, opts)
  assert(limiter.reserve({ window(1) }, LEASE) == nil)
  command("HSET", key_of(name), "marker", 0)
  return meet.limiter.redis(command, name, opts)
end

local function count_sent(word)
  local found = 0
  for _, line in ipairs(sent) do
    if line:find("^" .. word .. "%f[^%w]") then found = found + 1 end
  end
  return found
end

--- Take places until there is none; return how many, and the wait.
local function fill(limiter, windows)
  for taken = 0, 100 do
    local id, wait, err = limiter.reserve(windows, LEASE)
    if not id then return taken, wait, err end
  end
end

local function near(expected, seconds)
  assert(math.abs(expected - seconds) < LATE, ("%s, not %s"):format(seconds, expected))
end

local function clear_keys()
  for _, key in ipairs(command("KEYS", "*")) do command("DEL", key) end
end

describe("meet.limiter.redis", function()
  it("passes the check of limiters", function()
    local ok, rows
    for _ = 1, TRIES do
      local prefix = new_name()
      ok, rows = meet.testing.check_limiter(function(number)
        return meet.limiter.redis(command, prefix .. "/" .. number)
      end)
      if ok then break end
    end
    for _, row in ipairs(rows) do assert(row.ok, row.check .. ": " .. row.detail) end
    assert.is_true(ok)
  end)

  it("gives nobody a place for a lease and a span when nobody has used the name", function()
    local limiter = meet.limiter.redis(command, new_name())
    local id, wait, err = limiter.reserve({ window(1) }, LEASE)
    assert.same({ nil, nil }, { id, err })
    near(HOLD, wait)
    scheduler.sleep(wait)
    assert.is_string(limiter.reserve({ window(1) }, LEASE))
  end)

  it("makes nobody wait for a window that is named for the first time", function()
    local limiter = open(new_name())
    assert(limiter.reserve({ window(1), window(1, "reads", 60) }, LEASE))
  end)

  it("keeps two names apart, whatever bytes they have", function()
    local names = { "a}b", "a%7Db", "{a", "a\0b", "\255", "a b", "a*", "ann@example.com" }
    for _, name in ipairs(names) do assert(meet.limiter.redis(command, name)
      .reserve({ window(1) }, LEASE) == nil) end
    for _, key in ipairs(command("KEYS", "googlemeet:*")) do
      assert.matches("^googlemeet:{[%w%%._-]+}[%w:]*$", key)
      if not key:find("}.", 1, true) then command("HSET", key, "marker", 0) end
    end
    for _, name in ipairs(names) do
      local limiter = meet.limiter.redis(command, name)
      assert(limiter.reserve({ window(1) }, LEASE), name)
      assert.is_nil(limiter.reserve({ window(1) }, LEASE), name)
    end
  end)

  it("lets its keys expire when nobody uses them", function()
    local name = new_name()
    open(name).reserve({ window(1), window(1, "reads", 60) }, LEASE)
    for _, part in ipairs { "second", "reads", false } do
      local left = command("PTTL", key_of(name, part or nil))
      assert.is_true(left > 86400000 and left <= 86460000)
    end
  end)

  it("sends names, ids, numbers and its scripts, nothing else", function()
    local limiter = open(new_name())
    sent = {}
    local id = limiter.reserve({ window(1) }, LEASE)
    limiter.commit(id, 0.01)
    limiter.pause("reads", 1)
    local key = ("googlemeet:{account%%20%d}"):format(count)
    for _, line in ipairs(sent) do
      if not line:find "^SCRIPT LOAD" then
        local rest = line:gsub(key:gsub("%p", "%%%0"), "KEY"):gsub("%f[%w]%x[%x.]*%f[%W]", "#")
        local is_known = rest == "EVALSHA # # KEY KEY:second # #    # # # second # #"
          or rest == "EVALSHA # # KEY KEY:second # # # # # # # # #"
          or rest == "EVALSHA # # KEY # # # # # # reads #"
        assert(is_known, rest)
      end
    end
  end)

  it("asks once for a request that gets its place, and reports once", function()
    local limiter = open(new_name())
    for _ = 1, 4 do limiter.commit(limiter.reserve({ window(10) }, LEASE), 0) end
    sent = {}
    for _ = 1, 4 do limiter.commit(limiter.reserve({ window(10) }, LEASE), 0) end
    assert.same({ 8, 8 }, { #sent, count_sent "EVALSHA" })
  end)

  it("does not ask again before the time that a denial gave", function()
    local limiter = open(new_name())
    assert.equal(2, (fill(limiter, { window(2) })))
    sent = {}
    for _ = 1, 20 do
      local id, wait = limiter.reserve({ window(2) }, LEASE)
      assert.is_nil(id)
      assert.is_true(wait > 0 and wait <= SPAN)
    end
    assert.same({}, sent)
    assert(limiter.reserve({ window(2, "reads") }, LEASE)) -- another question
  end)

  it("asks after a release, though a denial has not passed", function()
    local limiter = open(new_name())
    local id = limiter.reserve({ window(1) }, LEASE)
    assert.is_nil(limiter.reserve({ window(1) }, LEASE))
    limiter.release(id)
    assert(limiter.reserve({ window(1) }, LEASE))
  end)

  it("shows who uses it, what is taken and what is paused", function()
    local name = new_name()
    local limiter = open(name)
    limiter.reserve({ window(3), window(5, "reads", 60) }, LEASE)
    limiter.reserve({ window(3) }, LEASE)
    limiter.pause("writes", 10)
    limiter.pause("writes", 1)
    local status = limiter.status()
    assert.same({ second = 2, reads = 1, writes = 0 }, status.taken)
    assert.equal(2, status.users) -- who opened it, too
    near(10, status.paused.writes)
    assert.is_nil(status.paused.second)
    assert.same({ users = 0, taken = {}, paused = {} },
      meet.limiter.redis(command, new_name()).status())
  end)

  it("lets a pause last for an hour at most, and none for no number", function()
    local limiter = open(new_name())
    limiter.pause("second", math.huge)
    near(3600, limiter.status().paused.second)
    limiter.pause("reads", 0 / 0)
    assert.is_nil(limiter.status().paused.reads)
  end)

  it("refuses to be made of anything else", function()
    local function refused(message, ...)
      local ok, raised = pcall(function(...) return meet.limiter.redis(...), 0 end, ...)
      assert.is_false(ok)
      assert.matches("redis_spec.lua:%d+: limiter.redis: " .. message, raised)
    end
    refused("a function that sends one command expected, got nil", nil, "x")
    refused("a name expected, got an empty string", print, "")
    refused("a name expected, got number", print, 1)
    local whole = "option 'without': a whole number from 0 expected, got "
    refused(whole .. "%-1", print, "x", { without = -1 })
    refused(whole .. "0.5", print, "x", { without = 0.5 })
    refused("option 'without': number expected, got boolean", print, "x", { without = true })
    refused("unknown option 'witout'; did you mean 'without'", print, "x", { witout = 1 })
    assert(meet.limiter.redis(setmetatable({}, { __call = print }), "x"))
  end)
end)

describe("the store of meet.limiter.redis", function()
  --- Check that nobody gets a place for a lease and a span from now.
  local function check_hold(name, windows)
    local id, wait = meet.limiter.redis(command, name).reserve(windows or { window(9) }, LEASE)
    assert.is_nil(id)
    near(HOLD, wait)
  end

  it("is taken for emptied after FLUSHALL, when its hash is gone, and when a set is", function()
    local name = new_name()
    open(name)
    clear_keys()
    check_hold(name)
    for _, part in ipairs { false, "second", "reads" } do
      local limiter = open(name)
      assert(limiter.reserve({ window(9), window(9, "reads", 60) }, LEASE))
      command("DEL", key_of(name, part or nil))
      check_hold(name, { window(9), window(9, "reads", 60) })
    end
  end)

  it("is not taken for emptied when a set had nothing that counts any more", function()
    local name = new_name()
    local limiter = open(name)
    assert(limiter.reserve({ window(9, "reads", 0.05) }, 0.001))
    scheduler.sleep(0.06)
    command("DEL", key_of(name, "reads"))
    assert(limiter.reserve({ window(9), window(9, "reads", 60) }, LEASE))
  end)

  it("forgets who waits and what is taken when it is emptied, not what is paused", function()
    local name = new_name()
    local limiter = open(name)
    fill(limiter, { window(2) })
    limiter.pause("reads", 10)
    command("HDEL", key_of(name), "marker")
    check_hold(name)
    command("HSET", key_of(name), "marker", 0)
    local fresh = meet.limiter.redis(command, name)
    assert(fresh.reserve({ window(1) }, LEASE))
    near(10, select(2, fresh.reserve({ window(1, "reads") }, LEASE)))
  end)

  it("is of another life after a restart with older data", function()
    local other <close> = setmetatable({ redis.start() }, { __close = function(self)
      self[1]:close()
    end })
    local send, name = redis.client(other[1].port), new_name()
    local limiter = meet.limiter.redis(send, name)
    limiter.reserve({ window(1) }, LEASE)
    send("HSET", key_of(name), "marker", 0)
    send "SAVE"
    other[1]:stop "KILL"
    other[1]:run()
    send "PING" -- on the lost connection
    assert.equal("0", send("HGET", key_of(name), "marker"))
    local id, wait = meet.limiter.redis(send, name).reserve({ window(1) }, LEASE)
    assert.is_nil(id)
    near(HOLD, wait)
  end)

  it("goes on in time when the server's clock is set back, and counts what is taken", function()
    local name = new_name()
    local limiter = open(name)
    local id = limiter.reserve({ window(1) }, LEASE)
    command("HINCRBY", key_of(name), "offset", -HOUR)
    limiter.commit(id, 0)
    local fresh = meet.limiter.redis(command, name)
    local _, wait = fresh.reserve({ window(1) }, LEASE)
    near(SPAN, wait)
    scheduler.sleep(wait + 0.01)
    assert(fresh.reserve({ window(1) }, LEASE))
  end)

  it("does not believe a clock that leaps, to those who know the time", function()
    local name = new_name()
    local limiter = open(name)
    assert(limiter.reserve({ window(1), window(1, "reads", 60) }, LEASE))
    command("HINCRBY", key_of(name), "offset", HOUR)
    local _, wait = limiter.reserve({ window(2), window(1, "reads", 60) }, LEASE)
    near(60, wait)
    command("HINCRBY", key_of(name), "offset", HOUR)
    local newcomer = meet.limiter.redis(command, name) -- it knows nothing, and believes it
    assert(newcomer.reserve({ window(2), window(1, "reads", 60) }, LEASE))
  end)

  it("stands still at a leap for those who do not know the time seen last", function()
    local name, span = new_name(), 2
    local limiter = open(name)
    limiter.commit(limiter.reserve({ window(1, "second", span) }, LEASE), 0)
    meet.limiter.redis(command, name).reserve({ window(1, "second", span) }, LEASE)
    scheduler.sleep(span / 2)
    command("HINCRBY", key_of(name), "offset", HOUR)
    local _, wait = limiter.reserve({ window(1, "second", 60) }, LEASE)
    assert.is_true(wait > span * 0.75, "waits " .. tostring(wait))
  end)

  it("gives each who waits another time, and keeps a place for who is to come", function()
    local name = new_name()
    local limiters, waits = { open(name) }, {}
    for index = 2, 3 do limiters[index] = meet.limiter.redis(command, name) end
    local first = limiters[1].reserve({ window(2) }, LEASE)
    scheduler.sleep(0.05)
    local second = limiters[1].reserve({ window(2) }, LEASE)
    limiters[1].commit(first, 0) -- free after a span, the second a while later
    scheduler.sleep(0.3)
    limiters[1].commit(second, 0)
    for index = 2, 3 do waits[index] = select(2, limiters[index].reserve({ window(2) }, LEASE)) end
    assert.is_true(waits[3] - waits[2] > 0.2)
    scheduler.sleep(waits[2] + 0.01) -- one place is free now, for the second limiter
    assert.is_nil(limiters[1].reserve({ window(2) }, LEASE))
    assert(limiters[2].reserve({ window(2) }, LEASE))
  end)

  it("keeps no place for who does not come in time", function()
    local name = new_name()
    local limiter = open(name)
    local id = limiter.reserve({ window(1) }, LEASE)
    limiter.commit(id, 0)
    meet.limiter.redis(command, name).reserve({ window(1) }, LEASE) -- and never again
    scheduler.sleep(SPAN + 0.01)
    local _, wait = limiter.reserve({ window(1) }, LEASE)
    assert.is_true(wait <= 0.25)
    scheduler.sleep(0.3)
    assert(limiter.reserve({ window(1) }, LEASE))
  end)
end)
