--- The gateway fake behind HTTP/1.1 on loopback, and what goes wrong with it.
-- Use: lua5.4 spec/soak/server.lua PORT SEED LIFE JOURNAL; spec/soak/keeper.lua starts it and kills
-- it. It prints its port. A line on standard input ends the faults, its end ends the process.
-- Leaner than spec/support/serve.lua, since lua-http takes most of a processor for 500 requests a
-- second: it knows only what the client sends. Needs luv, for sockets that can be reset.

local uv = require "luv"
local fake = require "spec.soak.fake"
local testing = require "googlemeet.testing"

local HOST = "127.0.0.1"
local BACKLOG = 128
local LOG_LIMIT = 100
local NOW = 1795341600 -- 2026-11-22T10:00:00Z: every life has the same conferences
local REASONS = {
  [200] = "OK", [400] = "Bad Request", [401] = "Unauthorized", [403] = "Forbidden",
  [404] = "Not Found", [409] = "Conflict", [429] = "Too Many Requests",
  [503] = "Service Unavailable",
}

local served -- the wrapped fake

--- The start of a request's bytes as a request, and how many bytes it has; nil: not whole yet.
local function parse(bytes)
  local _, head_length = bytes:find("\r\n\r\n", 1, true)
  if not head_length then return nil end
  local method, target = bytes:match("^(%u+) (%S+) HTTP/1%.1\r\n")
  assert(method, "no request line")
  local headers = {}
  for name, value in bytes:sub(1, head_length):gmatch("\n([^:\r\n]+):[ \t]*([^\r\n]*)") do
    headers[name:lower()] = value
  end
  local length = head_length + tonumber(headers["content-length"] or 0)
  if #bytes < length then return nil end
  local body = bytes:sub(head_length + 1, length)
  return {
    method = method, url = target, headers = headers, body = body ~= "" and body or nil,
  }, length
end

local function format(response)
  local lines = {
    ("HTTP/1.1 %d %s"):format(response.status, REASONS[response.status] or "Status"),
  }
  for name, value in pairs(response.headers) do lines[#lines + 1] = name .. ": " .. value end
  lines[#lines + 1] = "Content-Length: " .. #response.body
  lines[#lines + 1] = "\r\n" .. response.body
  return table.concat(lines, "\r\n")
end

local function finish(peer, is_abrupt)
  if peer:is_closing() then return end
  if is_abrupt then peer:close_reset() else peer:close() end
end

--- Send the answer, or what the fault leaves of it.
local function send(peer, bytes, fault)
  if peer:is_closing() then return end
  local stage = fault and fault.stage
  if stage == "carried_out" then return finish(peer, fault.is_abrupt) end
  if stage == "middle" then bytes = bytes:sub(1, 1 + math.floor(fault.at * (#bytes - 1))) end
  peer:write(bytes, function()
    if stage then finish(peer, fault.is_abrupt) end
  end)
end

local function later(seconds, f)
  local timer = uv.new_timer()
  timer:start(math.floor(seconds * 1000), 0, function()
    timer:close()
    f()
  end)
end

local function serve(peer, request)
  local fault = served:draw()
  if fault and fault.stage == "unread" then return finish(peer, fault.is_abrupt) end
  local bytes = format(served:answer(request, fault))
  if fault and fault.seconds then
    return later(fault.seconds, function() send(peer, bytes, fault) end)
  end
  send(peer, bytes, fault)
end

local function accept(listener)
  local peer, bytes = uv.new_tcp(), ""
  assert(listener:accept(peer))
  peer:nodelay(true)
  peer:read_start(function(problem, more)
    if problem or not more then return finish(peer) end
    bytes = bytes .. more
    local request, length = parse(bytes)
    if not request then return end
    bytes = bytes:sub(length + 1)
    serve(peer, request)
  end)
end

local function obey()
  local input = uv.new_pipe()
  assert(input:open(0))
  input:read_start(function(_, line)
    if not line then os.exit(0) end
    served.faults = nil
  end)
end

local function make_gateway()
  local gateway = testing.gateway {
    api_key = fake.KEY, clock = function() return NOW + uv.now() / 1000 end,
    now = NOW, log_limit = LOG_LIMIT,
  }
  gateway:seed()
  return gateway
end

local function main(port, seed, life, path)
  local gateway = make_gateway()
  served = fake.wrap(gateway, gateway.transport, seed, life, path)
  local listener = uv.new_tcp()
  assert(listener:bind(HOST, tonumber(port)))
  assert(listener:listen(BACKLOG, function(problem)
    assert(not problem, problem)
    accept(listener)
  end))
  print(listener:getsockname().port)
  io.stdout:flush()
  obey()
  uv.run()
end

main(table.unpack(arg, 1, 4))
