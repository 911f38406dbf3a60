--- For `lua5.4 -l spec.support.hurried SCRIPT`: the built-in fake keeps Google's limits, and the
-- script's waits pass at once on a simulated clock. What was seen is written to standard error.

local meet = require "googlemeet"

local now, gateway = 0, nil
local function clock() return now end

local new, make = meet.new, meet.testing.gateway

function meet.testing.gateway()
  gateway = make { clock = clock, limits = true }
  return gateway
end

function meet.new(options)
  options.clock = { now = clock, sleep = function(seconds) now = now + seconds end }
  return new(options)
end

local function report()
  local creates, refused = gateway:requests "spaces.create", 0
  for _, entry in ipairs(gateway.log) do
    if entry.status == 429 then refused = refused + 1 end
  end
  io.stderr:write(("%d creates, %d refused, %.0f s\n"):format(#creates, refused, now))
end

-- Kept until the state closes.
debug.getregistry()["spec.support.hurried"] = setmetatable({}, { __gc = report })
