--- A socket of the scripted server that follows a list of steps, to the byte.
-- Runs inside the process of `spec.support.stub`. A step is a string, which is sent, or a table:
--   { read = "request" }       read an HTTP/1.1 request whole, and log it
--   { read = "head" }          read one up to its body
--   { read = "first byte" }    wait for it, and leave it
--   { tls = kind, protocol = "h2", version = "TLSv1" }   shake hands, showing such a certificate
--   { streams = n }            read HTTP/2 frames until n more requests are whole; log them
--   { mark = true }            log that it came to here, as if it were a request
--   { drip = bytes, every = seconds }   send a byte at a time
--   { flood = bytes, times = n, every = seconds }   send them again and again, until the client
--                              has left
--   { bare = bytes }           send them past TLS
--   { cut = true }             end the connection (FIN) without TLS's goodbye
--   { pause = seconds }, { hold = true }   go on then; when the client has left
--   { reset = true }           end the connection with a RST, for what has not been read
-- At the end of the list the socket is closed (FIN), under TLS with a goodbye.

local cqueues = require "cqueues"
local frames = require "spec.support.frames"
local peers = require "spec.support.peer"
local socket = require "cqueues.socket"

local HANDSHAKE = 5 -- seconds
local MOST = 100000 -- times that a flood sends

local steps = {}

local function pause(peer, seconds)
  return peers.hold(peer, function() return false end, seconds)
end

--- What each kind of step does; false ends the list.
local acts = {}

local readers = { request = peers.read_request, head = peers.read_head }

readers["first byte"] = function(peer)
  peers.wait_readable(peer)
  return true
end

function acts.read(peer, step)
  return readers[step.read](peer)
end

function acts.tls(peer, step)
  local context = peer.state.authority:context(step.tls, step)
  return peer.socket:starttls(context, HANDSHAKE)
end

local function read_frame(peer)
  local header = peers.read_exactly(peer, frames.HEADER)
  if not header then
    return nil
  end
  local length, stream, carries_data, ends = frames.read(header)
  local payload = peers.read_exactly(peer, length)
  return payload and stream, carries_data and payload or "", ends
end

--- Log what is no request of HTTP/1.1.
local function log(peer, body, stream)
  peers.record(peer, {
    head = "", method = "", target = "", headers = {}, raw_headers = {}, body = body,
    stream = stream,
  })
end

function acts.streams(peer, step)
  if not peer.bodies then
    peer.bodies = {}
    if peers.read_exactly(peer, #frames.PREFACE) ~= frames.PREFACE then
      return false
    end
  end
  local left = step.streams
  while left > 0 do
    local stream, bytes, ends = read_frame(peer)
    if not stream then
      return false
    end
    peer.bodies[stream] = (peer.bodies[stream] or "") .. bytes
    if ends then
      left = left - 1
      log(peer, peer.bodies[stream], stream)
    end
  end
  return true
end

function acts.drip(peer, step)
  for byte in step.drip:gmatch "." do
    if not peers.send(peer, byte) or not pause(peer, step.every) then
      return false
    end
  end
  return true
end

function acts.flood(peer, step)
  local count = 0
  repeat
    count = count + 1
  until not peers.send(peer, step.flood) or count == (step.times or MOST)
    or step.every and not pause(peer, step.every)
  return count == step.times
end

function acts.bare(peer, step)
  return peer.bare:xwrite(step.bare, "bn")
end

function acts.mark(peer)
  log(peer, "")
  return true
end

function acts.cut(peer)
  peer.bare:shutdown "w"
  return pause(peer)
end

function acts.pause(peer, step)
  return pause(peer, step.pause)
end

function acts.hold(peer)
  return pause(peer)
end

function acts.reset(peer)
  cqueues.poll({ pollfd = peer.socket:pollfd(), events = "r" }, 1)
  peer.resets = true
  return false
end

local function act(peer, step)
  if type(step) == "string" then
    return peers.send(peer, step)
  end
  for name, perform in pairs(acts) do
    if step[name] then
      return perform(peer, step)
    end
  end
  error "no such step"
end

--- True when a step of that name is among them.
local function has(list, name)
  for _, step in ipairs(list) do
    if type(step) == "table" and step[name] then
      return true
    end
  end
  return false
end

--- Let the client on `accepted` see the steps that are its turn; `state` as for peer.serve, with
-- `plays`, an array of lists of steps, and `authority`.
function steps.play(accepted, number, state)
  local list = #state.plays > 1 and table.remove(state.plays, 1) or state.plays[1]
  local peer = peers.open(accepted, number, state)
  if has(list, "bare") or has(list, "cut") then
    peer.bare = socket.dup(accepted)
    peer.bare:setmode("b", "bn")
  end
  if has(list, "reset") and not has(list, "tls") then
    peers.tap(peer)
  end
  for _, step in ipairs(list) do
    if not act(peer, step) then
      break
    end
  end
  if peer.bare then
    peer.bare:close()
  end
  if peer.resets and not peer.tapped then
    peer.socket:close() -- what is unread makes it a reset
  else
    peers.finish(peer)
  end
end

return steps
