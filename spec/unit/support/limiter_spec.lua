--- The judge of the gate `limiter`: what it takes for a broken promise.

local judge = require "spec.limiter.judge"

local SECOND = 1000000000

--- Arrivals at times in seconds, taken in turn from processes "a" and "b".
local function arriving(times)
  local lines = {}
  for index, seconds in ipairs(times) do
    lines[index] = ("%d 2000000 200 1 spaces/%s-%d\n"):format(seconds * SECOND,
      index % 2 == 1 and "a" or "b", index)
  end
  return judge.arrivals(table.concat(lines))
end

local function worker(lines, more)
  local process = { lines = lines, status = 0, ended_by = 0, calls = 1 }
  for name, value in pairs(more or {}) do process[name] = value end
  return process
end

describe("the judge of the gate limiter", function()
  it("reads arrivals in the order of their times", function()
    local arrivals = judge.arrivals "7 1 200 1 spaces/w-1-2\n5 0 429 2 spaces/w-1-1\n"
    assert.same({ ns = 5, late = 0, status = 429, socket = 2, tag = "w-1" }, arrivals[1])
    assert.equal(7, arrivals[2].ns)
  end)

  it("counts the most in any second, wherever that begins", function()
    assert.equal(0, judge.worst {})
    assert.equal(2, judge.worst(arriving { 0, 0.6, 1.2, 1.8 }))
    assert.equal(3, judge.worst(arriving { 0, 0.9, 1.1, 1.899999999, 3 }))
  end)

  it("takes two a whole second apart for two seconds", function()
    assert.equal(1, judge.worst(arriving { 1, 2, 3 }))
    assert.equal(2, judge.worst(arriving { 1, 1.999999999, 3 }))
  end)

  it("gives the share of the rate, but for what is free at first", function()
    assert.equal(1, judge.rate(arriving { 0, 0, 1, 1, 2, 2 }, 2))
    assert.equal(0.5, judge.rate(arriving { 0, 0, 2, 2, 4, 4 }, 2))
    assert.is_nil(judge.rate(arriving { 0, 0 }, 2))
  end)

  it("gives shares of what arrived while all had calls left", function()
    assert.same({ a = 0.5, b = 0.5 }, judge.shares(arriving { 0, 1, 2, 3, 4 }))
    assert.same({}, judge.shares {})
  end)

  it("picks what arrived between two times", function()
    assert.equal(2, #judge.between(arriving { 1, 2, 3, 4 }, 1, 4))
  end)

  it("loses no call that succeeded", function()
    assert.equal(0, judge.lost(worker { "call spaces/a-1 ok 1 0.1 ", "stats requests=1" }))
  end)

  it("loses what failed, was not reported, or went down with its process", function()
    assert.equal(1, judge.lost(worker { "call spaces/a-1 transport 2 0.1 no way" }))
    assert.equal(1, judge.lost(worker {}))
    assert.equal(1, judge.lost(worker({}, { calls = false, status = 1 })))
    assert.equal(1, judge.lost(worker({ "call spaces/a-1 ok 1 0.1 " }, { ended_by = 11 })))
  end)

  it("does not miss what a killed process has not reported, only what failed", function()
    local killed = { was_killed = true, ended_by = 9 }
    assert.equal(0, judge.lost(worker({}, killed)))
    assert.equal(1, judge.lost(worker({ "call spaces/a-1 deadline 1 9 late" }, killed)))
  end)

  it("names every promise that is broken", function()
    local arrivals = arriving { 0, 0.5, 0.9 }
    local ok = worker { "call spaces/a-1 ok 1 0.1 " }
    assert.same({}, judge.problems(judge.row(arrivals, { ok }, 3), 3))
    arrivals[3].status = 429
    assert.same({
      "no call has ended", "1 answers of 429", "3 arrived within a second",
      "less than 0.90 of the rate",
    }, judge.problems(judge.row(arrivals, {}, 2), 2, 0.9))
    assert.same({ "no call has ended", "1 calls lost, the first: not reported" },
      judge.problems(judge.row({}, { worker {} }, 2), 2))
  end)
end)
