--- One server of the gate `late`, a separate process: it listens on loopback and behaves badly.
-- Use: lua5.4 spec/late/server.lua BEHAVIOUR JOURNAL CERTIFICATE. Prints its process and its port,
-- and ends with its standard input. BEHAVIOUR is a name of spec/late/http2.lua, or of SOCKETS here,
-- with or without "_tls", or "full".
-- Needs cqueues, luaossl and luv.

local cqueues = require "cqueues"
local condition = require "cqueues.condition"
local http2 = require "spec.late.http2"
local peers = require "spec.support.peer"
local signal = require "cqueues.signal"
local socket = require "cqueues.socket"
local uv = require "luv"

local HANDSHAKE = 10 -- seconds
-- Seconds until the requests that hold sockets are answered after all: a call that waits for that
-- is late by far, and the gate ends.
local HELD = 6
local DRIP = 0.02 -- seconds between two bytes
local HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
local PAGE = '{"conferenceRecords":[{"name":"conferenceRecords/a"},{"name":"conferenceRecords/b"}],'
  .. '"nextPageToken":"more"}'
local SPACE = '{"name":"spaces/abc"}'
-- A TLS record as long as can be, whose message is as long.
local RECORD = "\22\3\3\63\255\2\0\63\251"

local behaviour, path, certificate = table.unpack(arg, 1, 3)

local journal = { file = assert(io.open(path, "a")) }

function journal:note(...)
  self.file:write(table.concat({ ... }, "\t"), "\n")
  self.file:flush()
end

local function never() return false end

local function drip(peer)
  while peers.send(peer, " ") and peers.hold(peer, never, DRIP) do end
end

--- What a socket does, beside those that speak HTTP/2.
local SOCKETS = {}

--- HTTP/1.1: second pages and spaces named "held" are not answered.
function SOCKETS.holding(peer)
  for head in peers.read_head, peer do
    local is_held = head:find "pageToken" or head:find "spaces/held"
    if is_held and not peers.hold(peer, never, HELD) then return end
    local body = head:find "conferenceRecords" and PAGE or SPACE
    if not peers.send(peer, HEAD:format(#body) .. body) then return end
  end
end

--- HTTP/1.1: 1 MB.
function SOCKETS.broad(peer)
  local body = ('{"name":"%s"}'):format(("x"):rep(1 << 20))
  while peers.read_head(peer) and peers.send(peer, HEAD:format(#body) .. body) do end
end

--- HTTP/1.1: a body that comes a byte at a time.
function SOCKETS.dripping1(peer)
  if peers.read_head(peer) and peers.send(peer, HEAD:format(100000)) then drip(peer) end
end

--- The TLS handshake is not answered.
function SOCKETS.handshake(peer)
  peers.hold(peer, never)
end

--- Its answer comes a byte at a time.
function SOCKETS.handshaking(peer)
  if peers.send(peer, RECORD) then drip(peer) end
end

--- What those do that shake hands, by ALPN's name of what they speak.
local SECURE = {
  h2 = function(peer) http2.serve(peer, behaviour, journal) end,
  ["http/1.1"] = SOCKETS[behaviour:match "^(.*)_tls$"],
}

local function secure(protocol)
  local authority = require("spec.support.authority").new()
  local context = authority:context("good", { protocol = protocol })
  authority:write(certificate)
  return function(peer)
    if peer.socket:starttls(context, HANDSHAKE) then SECURE[protocol](peer) end
  end
end

local function tell(port)
  print(uv.os_getpid(), port)
  io.stdout:flush()
end

--- A socket that listens, with as many clients before it as it takes: nobody else gets in.
local function fill()
  local listener = uv.new_tcp()
  assert(listener:bind("127.0.0.1", 0))
  assert(listener:listen(1, function() end))
  local port = listener:getsockname().port
  local clients = {}
  for index = 1, 4 do
    clients[index] = uv.new_tcp()
    clients[index]:connect("127.0.0.1", port)
  end
  tell(port)
  io.read "a" -- nothing is accepted
  os.exit(0)
end

local function accept_all(listener, serve)
  local state = { generation = 0, changed = condition.new() }
  while true do
    local accepted = listener:accept { nodelay = true }
    if accepted then
      cqueues.running():wrap(function()
        local peer = peers.open(accepted, 0, state)
        serve(peer)
        peer.socket:close()
      end)
    end
  end
end

local function end_with_input()
  cqueues.poll { pollfd = function() return 0 end, events = function() return "r" end }
  os.exit(0)
end

local function run()
  local serve = SOCKETS[behaviour]
  if not serve then
    local protocol = http2.has(behaviour) and "h2" or "http/1.1"
    assert(protocol == "h2" or SECURE[protocol], "no such behaviour")
    serve = secure(protocol)
  end
  signal.ignore(signal.SIGINT, signal.SIGPIPE)
  local listener = socket.listen { host = "127.0.0.1", port = 0 }
  assert(listener:listen())
  tell((select(3, listener:localname())))
  local queue = cqueues.new()
  queue:wrap(accept_all, listener, serve)
  queue:wrap(end_with_input)
  while true do
    local ok, why = queue:step()
    if not ok then io.stderr:write("spec/late/server.lua: ", tostring(why), "\n") end
  end
end

if behaviour == "full" then fill() else run() end
