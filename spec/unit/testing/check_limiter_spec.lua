-- The check that writers of limiters run: a limiter that is right passes, and each that breaks one
-- rule fails in the row of that rule.

local core = require "googlemeet.core"
local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"
local memory_limiter = require "spec.support.memory_limiter"
local tree = require "spec.support.tree"

local SOURCE = tree.read "spec/support/memory_limiter.lua"

--- Make what makes limiters, and the clock of all. `new(store, now)` makes one.
local function maker(new)
  local clock, stores = made_up_clock(), {}
  return function(number)
    stores[number] = stores[number] or {}
    return new(stores[number], clock.now, number)
  end, { clock = clock }
end

--- Run the check; return the rows by name.
local function check(new)
  local ok, rows = meet.testing.check_limiter(maker(new))
  local found = {}
  for _, row in ipairs(rows) do found[row.check] = row end
  return ok, found
end

--- The limiter in memory with one place of its source changed.
local function changed(from, to)
  local start, stop = SOURCE:find(from, 1, true)
  assert(start, from)
  return assert(load(SOURCE:sub(1, start - 1) .. to .. SOURCE:sub(stop + 1)))()
end

--- The limiter in memory with functions of it replaced: `replace(limiter, store, now)`.
local function replaced(replace)
  return function(store, now)
    local limiter = memory_limiter(store, now)
    replace(limiter, store, now)
    return limiter
  end
end

--- Each breaks a rule: what it is, the row that says so, and the limiter.
local WRONG = {
  { "a hold that is too long", "first use",
    changed("store.began + lease", "store.began + 3 * lease") },
  { "a place taken in the windows before the full one", "all windows or none",
    changed("if wait > 0 then return nil, wait end\n    local id = {}", [[
    if wait > 0 then
      for _, row in ipairs(rows) do
        local places = window_of(store, row.name).places
        if #taken_at(places, at) < row.limit then places[{}] = at + lease + row.span end
      end
      return nil, wait
    end
    local id = {}]]) },
  { "the first window alone looked at", "all windows or none",
    changed("ipairs(rows) do\n      wait", "ipairs { rows[1] } do\n      wait") },
  { "one place more than the limit", "limit",
    changed("+ ahead < row.limit", "+ ahead <= row.limit") },
  { "a bucket that fills again bit by bit", "limit", replaced(function(limiter, store, now)
    limiter.reserve = function(rows)
      local step = rows[1].span / rows[1].limit
      local due = math.max(store.due or 0, now()) + step
      if due - now() > rows[1].span + 1e-9 then return nil, due - now() - rows[1].span end
      store.due = due
      return {}
    end
  end) },
  { "windows with fixed borders", "limit", replaced(function(limiter, store, now)
    limiter.reserve = function(rows)
      local number = now() // rows[1].span
      if store.number ~= number then store.number, store.count = number, 0 end
      if store.count >= rows[1].limit then return nil, (number + 1) * rows[1].span - now() end
      store.count = store.count + 1
      return {}
    end
  end) },
  { "a separate store for each limiter", "limit", function(_, now)
    return memory_limiter({}, now)
  end },
  { "no lease", "lease", changed("at + lease + row.span, nil", "at + row.span, nil") },
  { "a lease without end", "lease", changed("at + lease + row.span, nil", "math.huge, nil") },
  { "a report that is not heard", "commit", replaced(function(limiter)
    limiter.commit = function() end
  end) },
  { "a report that frees at once", "commit", changed("now() + row.span + delay)", "now())") },
  { "a report without the delay", "commit", changed("row.span + delay)", "row.span)") },
  { "a report that makes it longer", "commit shortens only",
    changed("math.min(places[id], now() + row.span + delay)", "now() + row.span + delay") },
  { "a release that is not heard", "release", replaced(function(limiter)
    limiter.release = function() end
  end) },
  { "a pause that a shorter one ends", "pause",
    changed("math.max(window.paused_until, now() + math.min(seconds, 3600))", "now() + seconds") },
  { "a pause for one limiter only", "pause", replaced(function(limiter, _, now)
    local reserve, ends = limiter.reserve, 0
    limiter.pause = function(_, seconds) ends = math.max(ends, now() + seconds) end
    limiter.reserve = function(...)
      if now() < ends then return nil, ends - now() end
      return reserve(...)
    end
  end) },
  { "a pause of all windows", "pause",
    changed("local window = window_of(store, name)", [[
      local window = window_of(store, "second")
      window_of(store, "reads").paused_until = math.huge]]) },
  { "an unknown id that frees what is there", "unknown ids", replaced(function(limiter, store)
    local release = limiter.release
    limiter.release = function(id)
      release(id)
      if type(id) == "string" then store.second.places = {} end
    end
  end) },
  { "an unknown id that raises", "unknown ids",
    changed("in ipairs(held[id] or {}) do\n      local", "in ipairs(held[id]) do\n      local") },
  { "a report of nothing that raises", "odd arguments", replaced(function(limiter)
    local commit = limiter.commit
    limiter.commit = function(id, delay) commit(assert(id), delay) end
  end) },
  { "one store for all", "stores", (function()
    local store = {}
    return function(_, now) return memory_limiter(store, now) end
  end)() },
  { "a denial without a time", "waits", changed("return due - at", "return math.huge") },
  { "a denial that says at once", "waits", replaced(function(limiter)
    local reserve = limiter.reserve
    limiter.reserve = function(...)
      local id, wait = reserve(...)
      return id, wait and 0
    end
  end) },
  { "ids that come again", "ids", changed("local id = {}", "local id = 1") },
}

describe("meet.testing.check_limiter", function()
  it("passes a limiter that keeps the rules, in a few seconds of its clock", function()
    local make, options = maker(memory_limiter)
    local ok, rows = meet.testing.check_limiter(make, options)
    for _, row in ipairs(rows) do assert(row.ok, row.check .. ": " .. row.detail) end
    assert.is_true(ok)
    assert.equal(13, #rows)
    assert.is_true(options.clock.now() < 15)
  end)

  for _, row in ipairs(WRONG) do
    local what, rule, new = table.unpack(row)
    it("finds " .. what, function()
      local ok, rows = check(new)
      assert.is_false(ok)
      assert(rows[rule].ok == false, rule)
      assert.is_string(rows[rule].detail)
    end)
  end

  it("needs no hold at first use of those whose stores are never emptied", function()
    local ok = check(changed("if wait > 0 then return nil, wait end\n    for", "wait = 0\n    for"))
    assert.is_true(ok)
  end)

  it("says which function is missing, and what make gives instead of a limiter", function()
    local _, rows = check(replaced(function(limiter) limiter.pause = nil end))
    assert.equal("the limiter has no function 'pause'", rows.functions.detail)
    _, rows = check(function() return "limiter" end)
    assert.equal("make returns a string; a table expected", rows.functions.detail)
  end)

  it("reports what a limiter raises, and the error that it returns", function()
    local _, rows = check(replaced(function(limiter)
      limiter.reserve = function() error("out of order", 0) end
    end))
    assert.equal("raised: out of order", rows.functions.detail)
    local count = 0
    _, rows = check(replaced(function(limiter)
      local reserve = limiter.reserve
      limiter.reserve = function(...)
        count = count + 1
        if count > 40 then return nil, nil, "the store is away" end
        return reserve(...)
      end
    end))
    assert.equal("reserve fails: the store is away", rows.pause.detail)
  end)

  it("waits on the machine's clock without another one", function()
    local start, denials = core.now(), 0
    local function ignore() end
    local _, rows = meet.testing.check_limiter(function(number)
      return { commit = ignore, release = ignore, pause = ignore, reserve = function()
        if number == 1 then denials = denials + 1 end
        if denials > 2 then return nil, nil, "the end" end
        return nil, 0.03
      end }
    end)
    assert.equal("reserve fails: the end", rows[1].detail)
    assert.is_true(core.now() - start > 0.06)
  end)

  it("raises for what is no function, and for a clock that is none", function()
    local _, raised = pcall(function() meet.testing.check_limiter {} end)
    assert.matches("check_limiter_spec.lua:%d+: check_limiter: a function that makes a limiter "
      .. "expected, got table$", raised)
    assert.error_matches(function()
      meet.testing.check_limiter(print, { clock = { now = print } })
    end, "check_limiter: clock: { now =, sleep = } expected")
    assert.error_matches(function() meet.testing.check_limiter(print, { clok = {} }) end,
      "did you mean 'clock'")
  end)
end)
