-- Two holders that want more than there is, one of them far from the server: real time, for the
-- trips of commands are what this is about.

local core = require "googlemeet.core"
local cqueues = require "cqueues"
local meet = require "googlemeet"
local redis = require "spec.support.redis"

local LIMIT, SPAN, LEASE = 5, 0.25, 0.5
local WINDOWS = { { name = "second", limit = LIMIT, span = SPAN } }
local TASKS = 3 -- of each holder
local REQUEST = 0.005 -- seconds
local SECONDS = 3

local server

setup(function() server = redis.start() end)
teardown(function() server:close() end)

--- Send requests with TASKS tasks until `stop`; note when each leaves.
local function send_all(loop, limiter, stop, left)
  for _ = 1, TASKS do
    loop:wrap(function()
      while core.now() < stop do
        local id, wait, err = limiter.reserve(WINDOWS, LEASE)
        assert(not err, err)
        if id then
          left[#left + 1] = core.now()
          limiter.commit(id, 0)
          wait = REQUEST
        end
        cqueues.sleep(wait)
      end
    end)
  end
end

--- A function to the server whose commands are so many seconds under way, there and back.
local function slow_client(trip)
  local send = redis.client(server.port)
  return function(...)
    cqueues.sleep(trip)
    local reply, message = send(...)
    cqueues.sleep(trip)
    return reply, message
  end
end

describe("a holder that is 30 ms from the server", function()
  it("gets at least half of what a near one gets, and neither more than the limit", function()
    local loop, near, far = cqueues.new(), {}, {}
    local stop = core.now() + LEASE + SPAN + SECONDS
    send_all(loop, meet.limiter.redis(redis.client(server.port), "shared"), stop, near)
    send_all(loop, meet.limiter.redis(slow_client(0.03), "shared"), stop, far)
    assert(loop:loop())
    assert(#far >= #near / 2, ("%d and %d"):format(#far, #near))
    local all = table.move(far, 1, #far, #near + 1, table.move(near, 1, #near, 1, {}))
    table.sort(all)
    for index = LIMIT + 1, #all do assert.is_true(all[index] - all[index - LIMIT] >= SPAN) end
    assert.is_true(#all >= 0.3 * LIMIT * SECONDS / SPAN)
  end)
end)
