--- A scripted conference of the double, on a clock that only sleeping moves: what the script has
-- for a moment happens as the sleep passes it, in the middle of a look too.

local meet = require "googlemeet"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z

local conference = {}
conference.__index = conference

--- Begin at 10:00 with a space and an empty script. `has_date`: the clock counts from 1970.
function conference.new(options)
  options = options or {}
  local self = setmetatable({ now = options.has_date and NOW or 0, script = {}, next = 1 },
    conference)
  self.start = self.now
  self.clock = {
    now = function() return self.now end,
    sleep = function(seconds) self:pass(seconds) end,
  }
  self.gateway = meet.testing.gateway { clock = self.clock.now, now = NOW, log_limit = 50 }
  self.space = self.gateway:add_space { id = "space-1" }
  return self
end

--- A client on the double; it paces and retries as any other.
function conference:client(options)
  local merged = { api_key = "test-key", transport = self.gateway.transport, clock = self.clock }
  for name, value in pairs(options or {}) do merged[name] = value end
  return assert(meet.new(merged))
end

--- Let `play(now)` happen `seconds` after the beginning; `now` is RFC 3339.
function conference:at(seconds, play)
  local place, at = #self.script + 1, self.start + seconds
  while place > self.next and self.script[place - 1].at > at do place = place - 1 end
  table.insert(self.script, place, { at = at, play = play })
  return self
end

--- The time of a moment of the script, to the millisecond.
function conference.time(seconds)
  local milliseconds = math.floor(seconds * 1000 + 0.5)
  return meet.time.format(NOW + milliseconds // 1000, milliseconds % 1000 * 1000000)
end

--- Let time pass, and happen what is due.
function conference:pass(seconds)
  local target = self.now + seconds
  while self.script[self.next] and self.script[self.next].at <= target do
    local step = self.script[self.next]
    self.next = self.next + 1
    self.now = math.max(self.now, step.at)
    step.play(conference.time(step.at - self.start))
  end
  self.now = math.max(self.now, target)
end

return conference
