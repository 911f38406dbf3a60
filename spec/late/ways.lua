--- The ways to make calls: many at once in tasks, and one after the other where a call blocks.

local ways = {}

local TURN = 0.05 -- seconds

--- Each: share of a condition's calls, and `f(client, more, call, tasks)`, which makes calls while
--- there are `more`.
local WAYS = {}

WAYS[1] = { "gather", 0.42, function(client, more, call, tasks)
  local functions = {}
  for index = 1, tasks do
    functions[index] = function()
      while more() do call() end
      return true
    end
  end
  assert(client:gather(functions))
end }

WAYS[2] = { "map", 0.25, function(client, more, call, tasks)
  assert(client:map(function() return more() or nil end, function()
    call()
    return true
  end, { concurrency = tasks }))
end }

WAYS[3] = { "submit", 0.25, function(client, more, call, tasks)
  local left = tasks
  for _ = 1, tasks do
    client:submit(function()
      while more() do call() end
      left = left - 1
    end)
  end
  while left > 0 do client:step(TURN) end
end }

--- In between, the other tasks have their turns.
WAYS[4] = { "blocking", 0.04, function(client, more, call)
  while more() do
    call()
    client:step(0)
  end
end }

--- Return a function that makes the next call in a coroutine, which is suspended in between.
local function generator(call)
  return coroutine.wrap(function()
    while true do
      call()
      coroutine.yield()
    end
  end)
end

WAYS[5] = { "coroutine", 0.02, function(client, more, call)
  local next_call = generator(call)
  while more() do
    next_call()
    client:step(0)
  end
end }

WAYS[6] = { "generator in a task", 0.02, function(client, more, call)
  local next_call = generator(call)
  assert(client:gather { function()
    while more() do
      next_call()
      client:sleep(0.001)
    end
    return true
  end })
end }

--- Iterate over name, number of calls and function; the numbers add up to `calls`.
function ways.each(calls)
  local index, left = 0, calls
  return function()
    index = index + 1
    local way = WAYS[index]
    if not way then return nil end
    local count = index == #WAYS and left or math.min(left, math.floor(calls * way[2] + 0.5))
    left = left - count
    return way[1], count, way[3]
  end
end

return ways
