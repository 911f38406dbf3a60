--- What a place in a file costs: lua5.4 spec/limiter/reserve.lua PATH

local core = require "googlemeet.core"
local meet = require "googlemeet"

local TIMES = 3000
local LEASE = 2 -- seconds
local WINDOWS = {
  { name = "second", limit = 10, span = 1.015 }, { name = "reads", limit = 600, span = 60.015 },
}

local limiter = meet.limiter.file(arg[1])

--- A place, as soon as there is one; and the time of the call that gave it.
local function reserve()
  while true do
    local start = core.now()
    local id, seconds, err = limiter.reserve(WINDOWS, LEASE)
    if id then return id, core.now() - start end
    assert(seconds, tostring(type(err) == "table" and err.message or err))
    local wake = core.now() + seconds
    repeat until core.now() >= wake
  end
end

local function median(list)
  table.sort(list)
  return list[#list // 2 + 1] * 1e6
end

local reserved, committed, released = {}, {}, {}
for index = 1, TIMES do
  local id
  id, reserved[index] = reserve()
  local start = core.now()
  limiter.commit(id, 0.03)
  committed[index] = core.now() - start
  start = core.now()
  limiter.release(id)
  released[index] = core.now() - start
end
local pair = {}
for index = 1, TIMES do pair[index] = reserved[index] + committed[index] end
print(("reserve and commit %.1f us (%.1f and %.1f), release %.1f us; medians of %d"):format(
  median(pair), median(reserved), median(committed), median(released), TIMES))
