--- Clients whose calls take turns and no time, so that the order of tasks is a matter of turns: the
-- answer to a space comes after as many turns as its id has for a number, "bad…" gets 403.

local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"

local turns = {}

--- Open a client on a simulated clock. Returns it with the ids that have been answered and those
--- that have been asked for, in order, both filled as it happens.
function turns.open(options)
  local started, ended = {}, {}
  options = options or {}
  options.api_key, options.clock = options.api_key or "test-key", manual_clock()
  options.rate, options.retry = false, false
  options.transport = options.transport or function(request)
    local id = request.url:match "([^/]*)$"
    started[#started + 1] = id
    for _ = 1, tonumber(id:match "%d+" or "0") do coroutine.yield() end
    ended[#ended + 1] = id
    if id:find "^bad" then return { status = 403, body = "" } end
    return { status = 200, body = ('{"name":"spaces/%s"}'):format(id) }
  end
  return assert(meet.new(options)), ended, started
end

--- A function that gets one space and gives its name, or nil and the error.
function turns.getting(client, id)
  return function()
    local space, err = client.spaces:get(id)
    return space and space.name, err
  end
end

--- Drive what the specs before have left in this state: `step` and `poll_set` report that, too.
function turns.settle(client)
  for _ = 1, 500 do
    if not client:step(0.01) then return end
  end
end

--- Raise the error table itself, which the assert of the specs wraps.
function turns.must(value, err)
  if value == nil then error(err, 0) end
  return value
end

function turns.is_cancelled(err)
  return type(err) == "table" and err.kind == "cancelled"
end

return turns
