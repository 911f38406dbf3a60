--- A limiter within one Lua state: the rules that every limiter keeps, in as few lines as possible.
-- `store` is a table, empty at first, that limiters share; `now` returns seconds.

local GRACE = 0.25 -- seconds for which one who was denied is waited for

local function window_of(store, name)
  store[name] = store[name] or { places = {}, waiters = {}, paused_until = 0 }
  return store[name]
end

--- Drop what is free by now; return when the other places are free, in order.
local function taken_at(places, at)
  local taken = {}
  for id, free in pairs(places) do
    if free <= at then places[id] = nil else taken[#taken + 1] = free end
  end
  table.sort(taken)
  return taken
end

--- Count who has waited longer than `holder`, and who of them is to come now.
local function line_of(waiters, holder, at)
  for other, waiter in pairs(waiters) do
    if at > waiter.due + GRACE then waiters[other] = nil end
  end
  local since, rank, ahead = (waiters[holder] or { since = math.huge }).since, 0, 0
  for other, waiter in pairs(waiters) do
    if other ~= holder and waiter.since < since then
      rank = rank + 1
      if waiter.due <= at then ahead = ahead + 1 end
    end
  end
  return rank, ahead
end

--- Return the seconds to wait for one window.
local function wait_of(window, row, holder, at)
  if at < window.paused_until then return window.paused_until - at end
  local taken, waiters = taken_at(window.places, at), window.waiters
  local rank, ahead = line_of(waiters, holder, at)
  if #taken + ahead < row.limit then return 0 end
  local place = taken[math.min(#taken - row.limit + 1 + rank, #taken)] or at + GRACE
  local due = math.min(place, at + row.span) -- who has it may report at any moment
  waiters[holder] = { since = (waiters[holder] or { since = at }).since, due = due }
  return due - at
end

return function(store, now)
  local holder, held, limiter = {}, {}, {}

  function limiter.reserve(rows, lease)
    local at, shortest = now(), math.huge
    for _, row in ipairs(rows) do shortest = math.min(shortest, row.span) end
    store.began = store.began or at
    local wait = store.began + lease + shortest - at
    if wait > 0 then return nil, wait end
    for _, row in ipairs(rows) do
      wait = math.max(wait, wait_of(window_of(store, row.name), row, holder, at))
    end
    if wait > 0 then return nil, wait end
    local id = {}
    for _, row in ipairs(rows) do
      local window = window_of(store, row.name)
      window.places[id], window.waiters[holder] = at + lease + row.span, nil
    end
    held[id] = rows
    return id
  end

  function limiter.commit(id, delay)
    for _, row in ipairs(held[id] or {}) do
      local places = window_of(store, row.name).places
      if places[id] then places[id] = math.min(places[id], now() + row.span + delay) end
    end
  end

  function limiter.release(id)
    for _, row in ipairs(held[id] or {}) do window_of(store, row.name).places[id] = nil end
  end

  function limiter.pause(name, seconds)
    local window = window_of(store, name)
    window.paused_until = math.max(window.paused_until, now() + math.min(seconds, 3600))
  end

  return limiter
end
