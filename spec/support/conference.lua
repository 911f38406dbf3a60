--- A scripted conference of the fake, on a clock that only sleeping moves: what the script has
-- for a moment happens as the sleep passes it, in the middle of a poll too.

local core = require "googlemeet.core"
local meet = require "googlemeet"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z
local MOST_SLEEPS = 20000 -- what goes on for longer would go on for ever

local conference = {}
conference.__index = conference

--- Begin at 10:00 with a space and an empty script; give it, and a client that paces and retries as
-- any other. `has_date`: the clock counts from 1970.
function conference.new(options)
  options = options or {}
  local self = setmetatable({
    now = options.has_date and NOW or 0, script = {}, next = 1, sleeps = 0,
  }, conference)
  self.start = self.now
  self.clock = {
    now = function() return self.now end,
    sleep = function(seconds)
      self.sleeps = self.sleeps + 1
      assert(self.sleeps < MOST_SLEEPS, "nothing more happens in the script")
      self:pass(seconds)
    end,
  }
  self.gateway = meet.testing.gateway { clock = self.clock.now, now = NOW, log_limit = 50 }
  self.space = self.gateway:add_space { id = "space-1" }
  return self, assert(meet.new {
    api_key = "test-key", transport = self.gateway.transport, clock = self.clock,
  })
end

--- Let `play(now, script)` happen `seconds` after the beginning; `now` is RFC 3339.
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
    step.play(conference.time(step.at - self.start), self)
  end
  self.now = math.max(self.now, target)
end

-- What may happen; without another record's id, to "cr-1".

function conference.begin_record(id, space)
  return function(now, script)
    script.gateway:add_record { id = id, space = space or script.space, start_time = now }
  end
end

function conference.end_record(id)
  return function(now, script) script.gateway:end_conference("conferenceRecords/" .. id, now) end
end

function conference.join(name, id)
  return function(now, script)
    script.gateway:add_participant("conferenceRecords/" .. (id or "cr-1"), {
      id = name, display_name = name, start_time = now,
    })
  end
end

local function node_of(name)
  return "conferenceRecords/cr-1/participants/" .. name
end

function conference.rejoin(name)
  return function(now, script)
    script.gateway:add_session(node_of(name), { start_time = now })
  end
end

function conference.leave(name)
  return function(now, script) script.gateway:leave(node_of(name), now) end
end

function conference.set_state(id, state)
  return function(_, script)
    script.gateway:set_state("conferenceRecords/cr-1/" .. id, state)
  end
end

--- Minutes and seconds of an event's time, and what it reports.
function conference.text_of(event)
  local file = event.recording or event.transcript or event.smart_note
  local subject = event.participant and event.participant:display_name()
    or file and file.name:match "[^/]+$"
  return ("%s %s%s"):format(event.type, event.time:match "T%d%d:(.*)Z",
    subject and " " .. subject or "")
end

--- The next events as texts, up to `count` of them.
function conference.take(watcher, count)
  local texts = {}
  while #texts < count do
    local event = watcher()
    if not event then break end
    texts[#texts + 1] = conference.text_of(event)
  end
  return texts
end

--- Another watcher, in another process as it were.
function conference.restart(client, watcher, options)
  options.state = core.decode(core.encode(watcher:state()))
  watcher:close()
  return (meet.watch(client, options))
end

return conference
