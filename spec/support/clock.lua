--- Simulated clocks: each call gives one that only sleeping moves. A client with one has its own
-- pace, so that no spec waits for another's requests.

return function()
  local now = 0
  return {
    now = function() return now end,
    sleep = function(seconds) now = now + seconds end,
  }
end
