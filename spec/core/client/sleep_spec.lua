--- The client's clock as the prelude uses it: now and sleep.

local meet = require "googlemeet"
local manual_clock = require "spec.support.clock"
local turns = require "spec.support.turns"

local client

before_each(function()
  client = assert(meet.new { api_key = "test-key" })
  turns.settle(client)
end)
after_each(function() client:close() end)

describe("client:now", function()
  it("is the clock that the client brought", function()
    local clock = manual_clock()
    local own <close> = assert(meet.new {
      api_key = "test-key", clock = clock, transport = function() return nil, "unused" end,
    })
    clock.sleep(17)
    assert.equal(17, own:now())
  end)

  it("never goes back on the machine's clock", function()
    local before = client:now()
    assert.is_true(client:now() >= before)
  end)
end)

describe("client:sleep", function()
  it("sleeps on the clock that the client brought", function()
    local clock = manual_clock()
    local own <close> = assert(meet.new {
      api_key = "test-key", clock = clock, transport = function() return nil, "unused" end,
    })
    assert.is_true(own:sleep(86400))
    assert.equal(86400, clock.now())
  end)

  it("waits as long as it is asked to", function()
    local before = client:now()
    client:sleep(0.02)
    assert.is_true(client:now() - before >= 0.02)
  end)

  it("lets other tasks go on, the one with the shortest sleep first", function()
    local order, before = {}, client:now()
    local function sleeper(name, seconds)
      return function()
        client:sleep(seconds)
        order[#order + 1] = name
        return true
      end
    end
    assert(client:gather {
      sleeper("third", 0.3), sleeper("first", 0.1), sleeper("second", 0.2),
    })
    assert.same({ "first", "second", "third" }, order)
    assert.is_true(client:now() - before < 0.6) -- one after the other they take that long
  end)

  it("is forgotten with the task that slept", function()
    local task = client:submit(function() client:sleep(600) end)
    assert.is_true(client:step(0))
    task:cancel()
    assert.is_false(client:step(0))
  end)

  it("gives a host's loop the time until it ends", function()
    local task = client:submit(function() client:sleep(0.9) end)
    client:step(0)
    local _, seconds = client:poll_set()
    assert.is_true(seconds > 0 and seconds <= 0.9)
    task:cancel()
  end)

  it("raises for anything but a length of time", function()
    for _, value in ipairs { -1, 0 / 0, math.huge, "1" } do
      assert.error_matches(function() client:sleep(value) end, "sleep: a number of seconds from 0")
    end
  end)

  it("raises for a closed client", function()
    client:close()
    assert.error_matches(function() client:sleep(0) end, "closed")
    assert.error_matches(function() client:now() end, "closed")
  end)
end)
