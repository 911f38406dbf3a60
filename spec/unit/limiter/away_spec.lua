-- A limiter whose server is away: without it, and with it again. The server is real; the function
-- that asks it is cut off.

local core = require "googlemeet.core"
local meet = require "googlemeet"
local redis = require "spec.support.redis"
local scheduler = require "googlemeet.scheduler"

local LEASE, SPAN = 0.1, 0.1 -- seconds
local RETRY = 1 -- seconds between two commands to a server that is away
local WINDOWS = { { name = "second", limit = 5, span = SPAN },
  { name = "reads", limit = 100, span = 60 } }

local server, is_cut, calls, count

setup(function()
  server, count = redis.start(), 0
end)
teardown(function() server:close() end)
before_each(function() is_cut, calls = false, 0 end)

--- Make a limiter in a store that has opened; return its hash, too.
local function open(opts)
  local send = redis.client(server.port)
  local function command(...)
    calls = calls + 1
    if is_cut then return nil, "connection refused" end
    return send(...)
  end
  count = count + 1
  local name = ("cut%d"):format(count)
  local limiter, hash = meet.limiter.redis(command, name, opts), ("googlemeet:{%s}"):format(name)
  limiter.reserve(WINDOWS, LEASE)
  send("HSET", hash, "marker", 0)
  return meet.limiter.redis(command, name, opts), hash, send
end

--- Take places until there is none, at most nine; return them, and the wait.
local function fill(limiter)
  local ids = {}
  while #ids < 9 do
    local id, wait, err = limiter.reserve(WINDOWS, LEASE)
    if not id then return ids, wait, err end
    ids[#ids + 1] = id
  end
  return ids
end

--- Wait as the denials have it, until there is a place.
local function take(limiter)
  local stop = core.now() + 3
  repeat
    local id, wait = limiter.reserve(WINDOWS, LEASE)
    if id then return id end
    scheduler.sleep(wait or 0.05)
  until core.now() > stop
  error("no place in time")
end

describe("a limiter whose server is away", function()
  it("gives no place and kind transport, and asks no more than once a second", function()
    local limiter = open()
    is_cut, calls = true, 0
    for _ = 1, 30 do
      local id, wait, err = limiter.reserve(WINDOWS, LEASE)
      assert.same({ nil, nil, "transport" }, { id, wait, err.kind })
      assert.equal("the limiter's server is away: connection refused", err.message)
      assert.is_string(err.hint)
      limiter.pause("writes", 1)
      limiter.commit("unknown", 0)
    end
    assert.equal(1, calls)
    assert.equal("transport", select(2, limiter.status()).kind)
  end)

  it("says so, too, when nobody has ever reached it", function()
    local _, wait, err = meet.limiter.redis(function() return nil, "timeout" end, "x", {})
      .reserve(WINDOWS, LEASE)
    assert.same({ nil, "transport" }, { wait, err.kind })
  end)

  it("does not fail when a report cannot be sent: the place is free after the lease", function()
    local limiter = open()
    local ids = fill(limiter)
    is_cut = true
    assert.is_nil(limiter.commit(ids[1], 0))
    assert.is_nil(limiter.release(ids[2]))
    is_cut = false
    scheduler.sleep(RETRY)
    assert.equal(5, #fill(limiter))
  end)

  it("with `without` gives that many places in a second, from a lease and a span on", function()
    local limiter, start = open { without = 2 }, core.now()
    is_cut = true
    local ids, wait, err = fill(limiter)
    assert.same({ 0, nil }, { #ids, err })
    assert.is_true(wait > 0.1 and wait <= LEASE + SPAN)
    take(limiter)
    assert.is_true(core.now() - start >= LEASE + SPAN)
    ids, wait = fill(limiter)
    assert.equal(1, #ids)
    assert.is_true(wait > 0 and wait <= SPAN)
  end)

  it("with `without` never gives more than the limit, and hears reports", function()
    local limiter = open { without = 50 }
    is_cut = true
    local ids = { take(limiter) }
    for _, id in ipairs(fill(limiter)) do ids[#ids + 1] = id end
    assert.equal(5, #ids)
    calls = 0
    limiter.release(ids[1])
    assert.equal(1, #fill(limiter))
    local start = core.now()
    limiter.commit(ids[2], 0.02)
    limiter.commit(ids[3], 10) -- never later than it was
    take(limiter)
    local passed = core.now() - start
    assert.is_true(passed >= SPAN + 0.02 and passed < LEASE + SPAN)
    assert.equal(0, calls)
  end)

  it("keeps a pause that could not be sent, and sends it later", function()
    local limiter, hash, send = open { without = 2 }
    is_cut = true
    take(limiter)
    limiter.pause("reads", 1.5)
    local _, wait = limiter.reserve(WINDOWS, LEASE)
    assert.is_true(wait > 1.2 and wait <= 1.5)
    assert.is_nil(send("HGET", hash, "paused:reads"))
    is_cut = false
    scheduler.sleep(RETRY)
    assert.is_nil(limiter.reserve(WINDOWS, LEASE))
    assert.is_string(send("HGET", hash, "paused:reads"))
    assert.is_true(limiter.status().paused.reads < 0.6)
  end)

  it("that comes back goes on, when the places that were taken without it are free", function()
    local limiter, hash, send = open { without = 2 }
    is_cut = true
    local windows = { { name = "second", limit = 5, span = 1 } }
    local _, wait = limiter.reserve(windows, LEASE)
    while wait do
      scheduler.sleep(wait)
      _, wait = limiter.reserve(windows, LEASE)
    end
    scheduler.sleep(RETRY - 0.4)
    is_cut = false
    limiter.reserve(windows, LEASE) -- the server may be asked again by now
    scheduler.sleep(0.4)
    _, wait = limiter.reserve(windows, LEASE)
    assert.is_true(wait ~= nil and wait <= LEASE + 1)
    scheduler.sleep(wait)
    assert(limiter.reserve(windows, LEASE))
    assert.equal(2, send("ZCARD", hash .. ":second")) -- the marker, and one place
  end)

  it("that has lost its data gives nobody a place for a lease and a span", function()
    local limiter = open()
    is_cut = true
    assert.equal(0, #fill(limiter))
    server:stop "KILL"
    server:run()
    is_cut = false
    scheduler.sleep(RETRY)
    limiter.reserve(WINDOWS, LEASE) -- on the lost connection
    scheduler.sleep(RETRY)
    local start, id, wait = core.now(), limiter.reserve(WINDOWS, LEASE)
    assert.is_nil(id)
    assert.is_true(wait > 0.15 and wait <= LEASE + SPAN)
    take(limiter)
    assert.is_true(core.now() - start >= wait)
  end)
end)

describe("a function that yields", function()
  --- Make a limiter whose function yields before each command.
  local function open_yielding()
    local _, hash, send = open()
    return meet.limiter.redis(function(...)
      calls = calls + 1
      coroutine.yield "asks"
      return send(...)
    end, hash:match "{(.*)}")
  end

  --- Run in a coroutine to its end; return the results.
  local function run(f, ...)
    local thread = coroutine.create(f)
    local results = table.pack(coroutine.resume(thread, ...))
    while coroutine.status(thread) ~= "dead" do
      results = table.pack(coroutine.resume(thread))
    end
    return table.unpack(results, 2, results.n)
  end

  it("serves several coroutines at once", function()
    local limiter, threads, ids = open_yielding(), {}, {}
    for index = 1, 3 do
      threads[index] = coroutine.wrap(function() return limiter.reserve(WINDOWS, LEASE) end)
    end
    for _ = 1, 3 do -- each loads the script, and asks
      for index, thread in ipairs(threads) do ids[index] = thread() end
    end
    assert.is_true(ids[1] ~= ids[2] and ids[2] ~= ids[3] and ids[1] ~= ids[3])
    assert.equal(3, run(limiter.status).taken.second)
  end)

  it("asks once in 10 ms for all who were denied the same", function()
    local limiter = open_yielding()
    while run(limiter.reserve, WINDOWS, LEASE) do end
    local _, wait = limiter.reserve(WINDOWS, LEASE)
    scheduler.sleep(wait)
    calls = 0
    local function ask() return limiter.reserve(WINDOWS, LEASE) end
    local start = core.now()
    assert.equal("asks", coroutine.wrap(ask)()) -- and its reply does not come
    local id, rest = coroutine.wrap(ask)()
    local is_late = core.now() - start >= 0.01 -- on a machine that was busy meanwhile
    assert(is_late or id == nil and rest > 0 and rest <= 0.01 and calls == 1)
    scheduler.sleep(0.01)
    assert.equal("asks", coroutine.wrap(ask)())
  end)
end)
