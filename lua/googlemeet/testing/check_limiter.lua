--- Checks whether a limiter keeps the rules: for those who write one.
-- It takes real time: leases and spans are short, but they have to pass.

local checked = require "googlemeet.testing.checked"
local core = require "googlemeet.core"
local scheduler = require "googlemeet.scheduler"

local LEASE, SPAN = 1, 0.2 -- seconds
local PATIENCE = 0.2 -- seconds by which what has to come may be late
local LATEST = LEASE + SPAN + PATIENCE
local ROUNDING = 1e-5 -- seconds: stores count in whole microseconds
local SHORTEST = 0.001 -- seconds between two questions
local TIMES = 5 -- spans for which the limit is watched
local FUNCTIONS = { "reserve", "commit", "release", "pause" }

local Failure = { __name = "googlemeet.testing.limiter_failure" }

--- End a check that has failed.
local function fail(message, ...)
  error(setmetatable({ message = message:format(...) }, Failure), 0)
end

local function window(limit, name)
  return { name = name or "second", limit = limit, span = SPAN }
end

-- Questions ---------------------------------------------------------------------------------------

--- Note a wait that is too long for a caller.
local function judge_wait(run, seconds, longest)
  local is_good = type(seconds) == "number" and seconds > 0 and seconds <= longest + ROUNDING
  if not is_good then
    run.bad_wait = ("a denial gives %s; at most %g seconds expected"):format(tostring(seconds),
      longest)
  end
  return is_good and seconds or SHORTEST
end

--- Ask once. `longest` is the longest wait that may be the answer.
---@return any id
---@return number? seconds
local function ask(run, limiter, windows, longest)
  local id, seconds, err = limiter.reserve(windows, LEASE)
  if not id and seconds == nil then fail("reserve fails: %s", tostring(err)) end
  if not id then return nil, judge_wait(run, seconds, longest or LEASE + SPAN) end
  if run.ids[id] then run.is_repeated = true end
  run.ids[id] = true
  return id
end

--- Ask again after each wait that an answer names, for at most `patience` seconds.
---@return any id nil: no place
---@return number seconds that it took
local function wait_for(run, limiter, windows, patience)
  local start = run.now()
  repeat
    local id, seconds = ask(run, limiter, windows)
    local passed = run.now() - start
    if id then return id, passed end
    run.sleep(math.max(SHORTEST, math.min(seconds, patience - passed)))
  until passed > patience
  return nil, run.now() - start
end

--- Take a place that must be free.
local function take(run, limiter, windows, what)
  local id = ask(run, limiter, windows)
  if not id then fail("%s: no place, though one is free", what) end
  return id
end

--- Take a place that has become free. Somebody else may be waited for, who was denied before.
local function take_soon(run, limiter, windows, what)
  if not wait_for(run, limiter, windows, SPAN + 2 * PATIENCE) then
    fail("%s: no place, though one is free", what)
  end
end

local function check_full(run, limiter, windows, what)
  if ask(run, limiter, windows) then fail("%s: a place is given, though none is free", what) end
end

-- Checks: each has a new store with two limiters, `a` and `b`; `run.other` makes a third. --------

local function check_first_use(run, a)
  local id, passed = wait_for(run, a, { window(1) }, LATEST)
  if not id or passed > LATEST then
    fail("no place after %.2f s: a fresh store has to open after lease and span", passed)
  end
end

local function check_all_or_none(run, a, b)
  take(run, a, { window(1) }, "the first")
  check_full(run, a, { window(2, "reads"), window(1) }, "one of two windows is full")
  take(run, b, { window(2, "reads") }, "the other window")
  take(run, b, { window(2, "reads") }, "the other window, which a denial must not fill")
  check_full(run, b, { window(2, "reads") }, "the other window")
end

--- Take all places, for both; let all requests leave at once and report them.
local function depart(run, limiters, limit, left)
  local taken, wait = {}, nil
  for _, limiter in ipairs(limiters) do
    for _ = 1, 2 * limit do
      local id, seconds = ask(run, limiter, { window(limit) })
      if not id then wait = seconds break end
      taken[#taken + 1] = { limiter = limiter, id = id }
    end
  end
  for _ = 1, #taken do left[#left + 1] = run.now() end
  for _, place in ipairs(taken) do place.limiter.commit(place.id, 0) end
  return wait or SHORTEST
end

local function check_limit(run, a, b)
  local limit, left, stop = 4, {}, run.now() + TIMES * SPAN
  while run.now() < stop do
    run.sleep(depart(run, { a, b }, limit, left))
    run.sleep(depart(run, { a, b }, limit, left))
    run.sleep(0.75 * SPAN) -- fixed borders of time show when much leaves on both sides of one
  end
  for index = limit + 1, #left do
    local apart = left[index] - left[index - limit]
    if apart < SPAN - ROUNDING then
      fail("%d places within %.3f s, where %d in %.3f s are allowed", limit + 1, apart, limit, SPAN)
    end
  end
  if #left <= limit then
    fail("%d places in %.1f s, where %d in %.1f s are allowed", #left, TIMES * SPAN, limit, SPAN)
  end
end

--- Check that a place comes back after `earliest` seconds since `start`, and not much later.
local function check_back(run, limiter, start, earliest, what)
  local id = wait_for(run, limiter, { window(1) }, earliest + 2 * PATIENCE)
  local passed = run.now() - start
  if not id then fail("%s: the place is not free after %.2f s", what, passed) end
  if passed < earliest - ROUNDING then
    fail("%s: the place is free after %.3f s; %.3f s expected", what, passed, earliest)
  elseif passed > earliest + 2 * PATIENCE then
    fail("%s: the place is free only after %.3f s; %.3f s expected", what, passed, earliest)
  end
end

local function check_lease(run, a, b)
  local start = run.now()
  take(run, a, { window(1) }, "the first")
  check_back(run, b, start, LEASE + SPAN, "a place that nobody has reported")
end

local function check_commit(run, a, b)
  local delay, id = 0.1, take(run, a, { window(1) }, "the first")
  run.sleep(SPAN / 2)
  local start = run.now()
  a.commit(id, delay)
  check_back(run, b, start, SPAN + delay, "a place whose bytes have left")
end

local function check_downwards(run, a, b)
  local start = run.now()
  local id = take(run, a, { window(1) }, "the first")
  a.commit(id, 10)
  check_back(run, b, start, LEASE + SPAN, "a report with a long delay")
end

local function check_release(run, a)
  local id = take(run, a, { window(1) }, "the first")
  check_full(run, a, { window(1) }, "after the first")
  a.release(id)
  take_soon(run, run.other(), { window(1) }, "after the release")
end

local function check_pause(run, a, b)
  local seconds, start = 0.4, run.now()
  a.pause("second", seconds)
  a.pause("second", seconds / 4)
  if ask(run, b, { window(1) }, seconds) then fail "the other limiter gets a place in a pause" end
  take(run, b, { window(1, "reads") }, "another window")
  check_back(run, run.other(), start, seconds, "after a pause, which a shorter one must not end")
end

local function check_unknown(run, a, b)
  local id = take(run, a, { window(1) }, "the first")
  for _, stranger in ipairs { "none", 17, true } do
    a.release(stranger)
    b.commit(stranger, 0)
  end
  check_full(run, run.other(), { window(1) }, "after reports of unknown ids")
  a.release(id)
  a.release(id)
  a.commit(id, 0)
  take_soon(run, run.other(), { window(1) }, "after a release")
  check_full(run, run.other(), { window(1) }, "after a report of a released id")
end

local function check_odd(run, a, b)
  a.release(nil)
  a.commit(nil, 0)
  a.pause("second", 0)
  a.pause("second", -1)
  take(run, a, { window(1) }, "after pauses of no length")
  a.pause("never asked for", SPAN)
  take(run, b, { window(1000, "reads") }, "beside the pause of a window that nobody asks for")
end

local function check_stores(run, a, b, stranger)
  take(run, a, { window(1) }, "the first")
  check_full(run, b, { window(1) }, "after the first")
  take(run, stranger, { window(1) }, "in another store")
  stranger.pause("reads", LEASE)
  take(run, b, { window(1, "reads") }, "a window that is paused in another store")
end

local function check_waits(run)
  if run.bad_wait then fail("%s", run.bad_wait) end
end

local function check_ids(run)
  if run.is_repeated then fail "two places have the same id" end
end

--- The checks, in order. The last two are about all answers to the others.
local CHECKS = {
  { "first use", check_first_use },
  { "all windows or none", check_all_or_none },
  { "limit", check_limit },
  { "lease", check_lease },
  { "commit", check_commit },
  { "commit shortens only", check_downwards },
  { "release", check_release },
  { "pause", check_pause },
  { "unknown ids", check_unknown },
  { "odd arguments", check_odd },
  { "stores", check_stores },
  { "waits", check_waits },
  { "ids", check_ids },
}

-- The run -----------------------------------------------------------------------------------------

--- Return the message of a failed check. An error that ends a script is raised again.
local function describe(problem)
  if getmetatable(problem) == Failure then return problem.message end
  local text = tostring(problem)
  if text:find("interrupted!", 1, true) then error(problem, 0) end
  return "raised: " .. text
end

local function check_functions(limiter)
  if type(limiter) ~= "table" then fail("make returns a %s; a table expected", type(limiter)) end
  for _, name in ipairs(FUNCTIONS) do
    if type(limiter[name]) ~= "function" then fail("the limiter has no function '%s'", name) end
  end
end

--- Make the limiters of a store, and let it open.
local function open(run, number)
  local limiters = {}
  for index = 1, 2 do
    limiters[index] = run.make(number)
    check_functions(limiters[index])
  end
  local id = limiters[1].reserve({ window(1) }, LEASE)
  if id then limiters[1].release(id) end
  return limiters
end

--- Open every store but the first one, whose opening is the first check.
local function open_all(run)
  for number = 2, #CHECKS do run.stores[number] = open(run, number) end
  run.stores[1] = { run.make(1), run.make(1) }
  for _, limiter in ipairs(run.stores[1]) do check_functions(limiter) end
end

--- Run one check; `stranger` is a limiter of another store.
local function run_check(run, number)
  local stores = run.stores
  local stranger = stores[number + 1] or stores[1]
  run.other = function() return run.make(number) end
  local ok, problem = pcall(CHECKS[number][2], run, stores[number][1], stores[number][2],
    stranger[1])
  return { check = CHECKS[number][1], ok = ok, detail = ok and "good" or describe(problem) }
end

local function read_options(make, options)
  if type(make) ~= "function" then
    checked.misuse("check_limiter: a function that makes a limiter expected, got %s", type(make))
  end
  local clock = checked.options("check_limiter", options, { clock = "table" }).clock
    or { now = core.now, sleep = scheduler.sleep }
  if type(clock.now) ~= "function" or type(clock.sleep) ~= "function" then
    checked.misuse("check_limiter: clock: { now =, sleep = } expected")
  end
  return clock
end

--- Check whether a limiter keeps the rules.
--
-- `make(n)` returns a limiter, each time another object. Those of the same `n` share a store, those
-- of different ones share nothing; no store has been used before. It takes some 7 seconds. A store
-- has to be near: within 50 ms there and back.
---@param make fun(number: integer): googlemeet.Limiter
---@param options? { clock: googlemeet.Clock? }
---@return boolean ok
---@return { check: string, ok: boolean?, detail: string }[] rows
return function(make, options)
  local clock, rows = read_options(make, options), {}
  local run = { make = make, now = clock.now, sleep = clock.sleep, ids = {}, stores = {} }
  local is_open, problem = pcall(open_all, run)
  if not is_open then
    return false, { { check = "functions", ok = false, detail = describe(problem) } }
  end
  local all = true
  for number = 1, #CHECKS do
    rows[number] = run_check(run, number)
    all = all and rows[number].ok
  end
  return all, rows
end
