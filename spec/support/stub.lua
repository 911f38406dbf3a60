--- The process behind `spec.support.server`: a scripted HTTP/1.1 server on loopback.
-- Started as `lua stub.lua serve [certificate file]`; it prints its port and its control port,
-- takes one control connection and ends with it, after ten minutes at the latest. As a module it
-- gives the codec of that connection and `serve`. Uses cqueues, and luaossl when it speaks TLS.

local cqueues = require "cqueues"
local condition = require "cqueues.condition"
local signal = require "cqueues.signal"
local socket = require "cqueues.socket"

if ... == "serve" then -- the other files are where this one is
  package.path = arg[0]:gsub("spec/support/stub%.lua$", "") .. "?.lua;" .. package.path
end

local peer = require "spec.support.peer"
local steps = require "spec.support.steps"

local LIFETIME = 600 -- seconds
local PATIENCE = 10 -- seconds to wait for the control connection

local stub = {}

local state = { -- see `peer.serve`
  answers = {}, log = {}, generation = 0, accepted = 0, ended = 0, releases = 0,
  changed = condition.new(),
}

--- Write plain data as a Lua expression.
function stub.encode(value)
  if type(value) ~= "table" then
    return ("%q"):format(value)
  end
  local parts = {}
  for key, item in pairs(value) do
    parts[#parts + 1] = ("[%s]=%s"):format(stub.encode(key), stub.encode(item))
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

--- Send one value over the control connection.
function stub.write_message(control, value)
  local text = stub.encode(value)
  return control:xwrite(#text .. "\n" .. text, "bn")
end

--- Receive one value from the control connection; nil when it is gone.
function stub.read_message(control)
  local length = control:xread("*l", "b")
  local text = length and control:xread(tonumber(length), "b")
  return text and assert(load("return " .. text, "=message", "t", {}))()
end

local function accept_all(queue, listener)
  local number = 0
  while true do
    local accepted = listener:accept { nodelay = true }
    if accepted then
      number = number + 1
      state.accepted = state.accepted + 1
      queue:wrap(state.plays and steps.play or peer.serve, accepted, number, state)
    end
  end
end

-- What the control connection can ask for.
local commands = {}

function commands.script(message)
  state.answers, state.plays, state.log = message.answers, message.plays, {}
  state.accepted, state.ended = 0, 0
  state.generation = state.generation + 1
  state.changed:signal()
  return true
end

function commands.release()
  state.releases = state.releases + 1
  state.changed:signal()
  return true
end

--- Wait until `count` requests have been read, or `count` sockets have been ended by clients.
function commands.wait(message)
  local deadline = cqueues.monotime() + message.seconds
  while true do
    local seen = message.what == "requests" and #state.log or state.ended
    local left = deadline - cqueues.monotime()
    if seen >= message.count or left <= 0 then
      return seen
    end
    state.changed:wait(left)
  end
end

function commands.requests()
  return state.log
end

function commands.sockets()
  return state.accepted
end

local function obey(listener)
  local control = listener:accept({ nodelay = true }, PATIENCE)
  if control then
    control:onerror(function(_, _, why) return why end)
    for message in stub.read_message, control do
      stub.write_message(control, commands[message.command](message))
    end
  end
end

local function listen()
  local listener = socket.listen { host = "127.0.0.1", port = 0 }
  assert(listener:listen())
  local _, _, port = listener:localname()
  return listener, port
end

--- Serve until the control connection ends; does not return.
function stub.serve(certificate)
  signal.ignore(signal.SIGINT, signal.SIGPIPE) -- a Ctrl-C is for the specs
  if certificate then
    state.authority = require("spec.support.authority").new()
    state.context = state.authority:context "good"
    state.authority:write(certificate)
  end
  local queue = cqueues.new()
  local listener, port = listen()
  local control, control_port = listen()
  local ended = false
  queue:wrap(accept_all, queue, listener)
  queue:wrap(function()
    obey(control)
    ended = true
  end)
  io.stdout:write(port, " ", control_port, "\n")
  io.stdout:flush()
  local deadline = cqueues.monotime() + LIFETIME
  while not ended and cqueues.monotime() < deadline do
    local ok, why = queue:step(deadline - cqueues.monotime())
    if not ok then
      io.stderr:write("spec/support/stub.lua: ", tostring(why), "\n")
    end
  end
  if certificate then
    os.remove(certificate)
  end
  os.exit(true)
end

if ... == "serve" then
  stub.serve(select(2, ...))
end

return stub
