-- What a client makes of answers that the fake loses or delays, on a clock that sleeping moves.

local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"

describe("a client of the fake", function()
  local clock, gateway, client

  local function open(options)
    clock = manual_clock()
    gateway = meet.testing.gateway { clock = clock, latency = options and options.latency }
    client = assert(meet.new {
      api_key = "test-key", transport = gateway.transport, clock = clock, timeout = 20,
    })
  end

  before_each(function() open() end)
  after_each(function() client:close() end)

  local function spaces() return #gateway:organisation().spaces end

  it("does not repeat a write whose answer is lost", function()
    gateway:fail { on = "spaces.create", lost = true, times = math.huge }
    local space, err = client.spaces:create()
    assert.same({ nil, "transport", true, 1, 1 },
      { space, err.kind, err.ambiguous, err.attempts, spaces() })
  end)

  it("does not repeat a write that nobody answers in time", function()
    gateway:fail { on = "spaces.create", timeout = true, times = math.huge }
    local _, err = client.spaces:create()
    assert.same({ "timeout", true, 1, 1, 20 },
      { err.kind, err.ambiguous, err.attempts, spaces(), clock.now() })
  end)

  it("repeats a write that was not sent, and a read whose answer is lost or late", function()
    gateway:fail { on = "spaces.create", drop = true }
    local space = assert(client.spaces:create())
    assert.equal(1, spaces())
    gateway:clear_log()
    gateway:fail { lost = true }
    gateway:fail { timeout = true }
    assert.equal(space.name, assert(client.spaces:get(space)).name)
    local log = gateway:requests "spaces.get"
    assert.same({ true, true, nil, 3 }, { log[1].lost, log[2].lost, log[3].lost, #log })
  end)

  it("waits for a slow answer until its timeout", function()
    open { latency = 19 }
    assert(client.spaces:create())
    assert.equal(19, clock.now())
    client:close()
    open { latency = 21 }
    local _, err = client.spaces:create()
    assert.same({ "timeout", true, 1, 20 },
      { err.kind, err.ambiguous, spaces(), clock.now() })
  end)

  it("has the deadline of a gather for all its slow answers", function()
    open { latency = 1 }
    local functions = {}
    for index = 1, 5 do functions[index] = function() return client.spaces:create() end end
    local _, err, partial, errors = client:gather(functions, { deadline = 2.5 })
    assert.same({ "deadline", 2, "deadline", 3, 2.5 },
      { err.kind, #partial, errors[4].kind, spaces(), clock.now() })
    assert.is_true(errors[3].ambiguous)
  end)
end)
