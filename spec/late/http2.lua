--- One HTTP/2 socket of the gate's server: reads as the behaviour has it; writes are answered after
-- 0.5 to 1 s. No header is decoded: what has a body is a write.
-- The journal gets a line for each write carried out, and one for each call that is sent to a dead
-- socket after another call was given up there.

local cqueues = require "cqueues"
local condition = require "cqueues.condition"
local frames = require "spec.support.frames"
local peers = require "spec.support.peer"

local http2 = {}

local DATA, HEADERS, RST_STREAM = 0, 1, 3
local END_STREAM = 1
local MAX_CONCURRENT_STREAMS = 3
local SETTINGS = frames.settings { { MAX_CONCURRENT_STREAMS, 1000 } }
local ONE_STREAM = frames.settings { { MAX_CONCURRENT_STREAMS, 1 } }
local WIDE = frames.window(0, 1 << 30)
local FIELDS = { { ":status", "200" }, { "content-type", "application/json" } }
local EARLY = { { ":status", "103" } }
local SOONEST, SPREAD = 0.5, 0.5 -- seconds until a write is answered
local DRIP = 0.03 -- seconds between two bytes
local FULL = ("x"):rep(16384) -- as much as a frame takes
-- A flood ends when nobody has asked for so many seconds: a client that it keeps busy asks no more,
-- and is late by far.
local FLOOD = 2

local function answer(stream, body)
  return frames.headers(stream, FIELDS) .. frames.data(stream, body, true)
end

--- Frames that carry nothing, of which nghttp2 takes any number.
local function data(stream) return frames.data(stream, "") end
local function windows(stream) return frames.window(stream, 1) .. frames.window(0, 1) end
local function unknown() return frames.frame(200, 0, 0, "") end

--- What an HTTP/2 server does with reads. `answers(n)`: whether the nth of a socket is answered;
--- `dies_after` so many, the socket is silent for good; `drips`: a byte of the body now and then;
--- `begins`: a head alone; `flood`: frames without end, so many `times` and again, `every` so many
--- seconds or as fast as it goes; `at_once`: before anything is asked; `frames`: a body of so many
--- full frames, within what libcurl 7.88 opens its windows to; `settings`: other ones.
local BEHAVIOURS = {
  answering = { answers = function() return true end },
  silent = {},
  narrow = { settings = ONE_STREAM },
  partly = { answers = function(number) return number % 3 ~= 0 end },
  dripping = { drips = true },
  large = { frames = 1000 },
  dying = { answers = function() return true end, dies_after = 20 },
  data = { begins = true, flood = data, times = 20, every = 0.005 },
  windows = { flood = windows, times = 20, every = 0.005 },
  unknown = { flood = unknown, times = 20, every = 0.005 },
  data_fast = { begins = true, flood = data, times = 7000 },
  windows_fast = { flood = windows, times = 2500 },
  unknown_fast = { flood = unknown, times = 7000 },
  first_fast = { at_once = true, flood = unknown, times = 7000 },
  -- No more than the client can acknowledge, or nghttp2 ends the socket.
  pings = { flood = function() return frames.ping() end, times = 20, every = 0.005 },
  settings = { flood = function() return SETTINGS end, times = 20, every = 0.005 },
  -- No more than a head may have.
  heads = {
    flood = function(stream) return frames.headers(stream, EARLY) end, times = 1, every = 0.005,
  },
}

function http2.has(name)
  return BEHAVIOURS[name] ~= nil
end

local Socket = {}
local METATABLE = { __index = Socket }

--- Send it after what was to be sent before.
function Socket:put(bytes)
  self.out[#self.out + 1] = bytes
  self.changed:signal()
end

function Socket:drip(stream)
  self:put(frames.headers(stream, FIELDS))
  cqueues.running():wrap(function()
    while self.is_open[stream] and not self.is_over do
      self:put(frames.data(stream, " "))
      cqueues.sleep(DRIP)
    end
  end)
end

function Socket:read(stream)
  local behaviour = self.behaviour
  self.reads = self.reads + 1
  self.is_open[stream], self.asked_at = true, cqueues.monotime()
  self.is_dead = behaviour.dies_after and self.reads > behaviour.dies_after
  if self.is_dead then
    if self.is_given_up then self.journal:note("dead", "-") end
  elseif behaviour.answers and behaviour.answers(self.reads) then
    self.is_open[stream] = nil
    self:put(answer(stream, '{"name":"spaces/abc"}'))
  elseif behaviour.drips then
    self:drip(stream)
  elseif behaviour.frames then
    self:put(frames.headers(stream, FIELDS) .. frames.data(stream, '{"name":"')
      .. frames.data(stream, FULL):rep(behaviour.frames) .. frames.data(stream, '"}', true))
  elseif behaviour.flood then
    if behaviour.begins then self:put(frames.headers(stream, FIELDS)) end
    self.flooded = stream
    self.changed:signal()
  end
end

function Socket:write(stream, body)
  local mark = body:match "mark%-(%d+)"
  self.journal:note("write", mark)
  cqueues.running():wrap(function()
    cqueues.sleep(SOONEST + SPREAD * (mark * 37 % 100) / 100)
    self:put(answer(stream, ('{"name":"spaces/mark-%s"}'):format(mark)))
  end)
end

local act = {}

act[HEADERS] = function(self, stream, flags)
  if flags & END_STREAM ~= 0 then self:read(stream) else self.bodies[stream] = "" end
end

act[DATA] = function(self, stream, flags, payload)
  local bodies = self.bodies
  if not bodies[stream] then return end -- given up
  bodies[stream] = bodies[stream] .. payload
  if flags & END_STREAM == 0 then return end
  self:write(stream, bodies[stream])
  bodies[stream] = nil
end

act[RST_STREAM] = function(self, stream)
  self.is_given_up = self.is_given_up or self.is_dead and self.is_open[stream]
  self.is_open[stream], self.bodies[stream] = nil, nil
end

local function read_frames(self)
  local peer = self.peer
  if peers.read_exactly(peer, #frames.PREFACE) ~= frames.PREFACE then return end
  while true do
    local header = peers.read_exactly(peer, frames.HEADER)
    if not header then return end
    local length, kind, flags, stream = (">I3BBI4"):unpack(header)
    local payload = peers.read_exactly(peer, length)
    if not payload then return end
    if act[kind] then act[kind](self, stream, flags, payload) end
  end
end

--- What is to be sent now, and the seconds to wait behind it; nil: nothing.
local function next_bytes(self)
  if #self.out > 0 then
    local bytes = table.concat(self.out)
    self.out = {}
    return bytes, 0
  end
  local behaviour = self.behaviour
  local is_flooded = self.is_open[self.flooded] or not behaviour.every
  if self.flooded and is_flooded and cqueues.monotime() < self.asked_at + FLOOD then
    return behaviour.flood(self.flooded):rep(behaviour.times), behaviour.every or 0
  end
end

local function send_frames(self)
  while not self.is_over do
    local bytes, seconds = next_bytes(self)
    if not bytes then
      cqueues.poll(self.changed, FLOOD)
    elseif peers.send(self.peer, bytes) then
      cqueues.poll(self.changed, seconds)
    else
      break
    end
  end
  self.has_sent = true
  self.changed:signal()
end

--- Serve the client on `peer`, whose TLS handshake is over, until it leaves.
function http2.serve(peer, name, journal)
  local behaviour = BEHAVIOURS[name]
  local self = setmetatable({
    peer = peer, behaviour = behaviour, journal = journal, changed = condition.new(),
    out = { (behaviour.settings or SETTINGS) .. WIDE }, bodies = {}, is_open = {}, reads = 0,
    flooded = behaviour.at_once, asked_at = behaviour.at_once and cqueues.monotime() or 0,
  }, METATABLE)
  cqueues.running():wrap(send_frames, self)
  read_frames(self)
  self.is_over = true
  self.changed:signal()
  while not self.has_sent do self.changed:wait(1) end
end

return http2
