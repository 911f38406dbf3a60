--- Rate limits: sliding windows; the time is an argument.

local limits = {}

local Limits = {}
local METATABLE = { __name = "googlemeet.testing.limits", __index = Limits }

--- Make an empty set of windows.
function limits.new()
  return setmetatable({ windows = {} }, METATABLE)
end

--- Count one event, unless there were `limit` in the last `span` seconds.
---@param key string name of the window
---@param limit integer? nil: no limit
---@param span number seconds
---@param now number
---@return number? wait seconds until one more fits; nil when the event was counted
function Limits:take(key, limit, span, now)
  if not limit then
    return nil
  end
  local window = self.windows[key]
  if not window then
    window = { first = 1, last = 0 }
    self.windows[key] = window
  end
  while window.first <= window.last and window[window.first] <= now - span do
    window[window.first] = nil
    window.first = window.first + 1
  end
  if window.last - window.first + 1 >= limit then
    return limit > 0 and window[window.first] + span - now or span
  end
  window.last = window.last + 1
  window[window.last] = now
  return nil
end

return limits
