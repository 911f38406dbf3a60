--- Places that one process takes alone while the server of its limiter is away: never more than a
-- limit in any span.
-- Pure; requires nothing. Callers pass the time, in seconds.

local fallback = {}

--- Drop the places that are free by now; return when the others are free, in order.
local function taken_at(places, now)
  local taken = {}
  for id, free in pairs(places) do
    if free <= now then places[id] = nil else taken[#taken + 1] = free end
  end
  table.sort(taken)
  return taken
end

--- Take a place, or return the seconds until there may be one.
---@param places table<string, number> id to when the place is free
---@param id string
---@param limit integer
---@return number? wait
function fallback.reserve(places, id, now, limit, span, lease)
  local taken = taken_at(places, now)
  if #taken < limit then
    places[id] = now + lease + span
    return nil
  end
  return math.min(taken[#taken - limit + 1] - now, span)
end

--- Note that bytes have left at `now`: the place is free a span and the delay later. It is never
-- taken for longer than it was.
function fallback.commit(places, id, now, span, delay)
  if places[id] then places[id] = math.min(places[id], now + span + delay) end
end

--- Return the seconds until every place is free again; nil: all are.
---@return number? seconds
function fallback.rest(places, now)
  local taken = taken_at(places, now)
  return taken[1] and taken[#taken] - now or nil
end

return fallback
