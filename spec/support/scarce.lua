-- A script with few file descriptors, for spec/core/transport/descriptors_spec.lua:
--   lua5.4 spec/support/scarce.lua MODE URL [CERTIFICATE or URL], with a limit of descriptors that
-- its caller has set. It prints what the spec expects.

local meet = require "googlemeet"

local mode, url, second = ...
local client = assert(meet.new { api_key = "k", base_url = url, rate = false, retry = false,
  ca_file = mode == "late" and second or nil })
local taken = {}

--- Open files until no descriptor is left but `spare`.
local function take_all(spare)
  repeat
    local file = io.open "/dev/null"
    taken[#taken + 1] = file
  until not file
  for _ = 1, spare do table.remove(taken):close() end
end

local modes = {}

function modes.none()
  assert(client.spaces:get "a") -- libcurl has its own by now
  client:close()
  client = assert(meet.new { api_key = "k", base_url = url, rate = false, retry = false })
  take_all(0)
  local _, err = client.spaces:get "b"
  taken = nil
  collectgarbage()
  print(err.kind, err.message)
  print(assert(client.spaces:get "c").name)
end

function modes.few()
  take_all(6)
  local functions = {}
  for i = 1, 40 do functions[i] = function() return client.spaces:get("a" .. i) end end
  print(assert(client:gather(functions)).n)
end

--- A socket to the first server is idle, and has the last descriptor.
function modes.idle()
  local other = client:with { base_url = second }
  assert(client.spaces:get "a")
  take_all(0)
  print(assert(other.spaces:get "b").name)
end

--- The same, while a long call to the second server is under way.
function modes.busy()
  local other = client:with { base_url = second }
  assert(client.spaces:get "a")
  assert(client:gather { function() return other.spaces:get "long" end, function()
    client:sleep(0.2)
    take_all(0)
    local start = client:now()
    local space = assert(other.spaces:get "b")
    print(space.name, client:now() - start < 0.8)
    return true
  end })
end

--- One is left, and the resolver's thread needs two.
function modes.name()
  local other = client:with { base_url = second }
  assert(client:gather { function() return client.spaces:get "long" end, function()
    client:sleep(0.1)
    take_all(1)
    local start = client:now()
    local _, err = other.spaces:get "a"
    print(err.message:match "thread" or client:now() - start > 0.2)
    return true
  end })
end

--- There is none for as long as a call has.
function modes.late_for_all()
  local other = client:with { base_url = second, deadline = 0.2 }
  assert(client:gather { function() return client.spaces:get "long" end, function()
    client:sleep(0.05)
    take_all(0)
    local _, err = other.spaces:get "a"
    print(err.kind, err.message)
    return true
  end })
end

--- Another part of the process leaves some, while a long call is under way.
function modes.freed()
  local other = client:with { base_url = second }
  assert(client:gather { function() return client.spaces:get "long" end, function()
    client:sleep(0.05)
    take_all(0)
    return true
  end, function()
    client:sleep(0.15)
    local start = client:now()
    local space = assert(other.spaces:get "a")
    print(space.name, client:now() - start < 1.2)
    return true
  end, function()
    client:sleep(0.3)
    for _ = 1, 5 do table.remove(taken):close() end
    return true
  end })
end

--- Many writes to three servers.
function modes.writes()
  local clients, functions = { client }, {}
  for other in second:gmatch "[^,]+" do
    clients[#clients + 1] = client:with { base_url = other }
  end
  for i = 1, 100 do
    functions[i] = function() return clients[i % 3 + 1].spaces:create() end
  end
  assert(client.spaces:get "a")
  take_all(5)
  print(assert(client:gather(functions)).n)
end

--- Pages that nobody waits for have the only sockets.
function modes.page()
  local lists = { client.participants:list "r", client.participants:list "r2" }
  for index = 1, tonumber(second) do
    for _ = 1, 2 do lists[index]() end
  end
  take_all(0)
  print(assert(client.spaces:get("a", { deadline = 2 })).name)
end

--- A socket of HTTP/2 on which a call has timed out has another one's answer to come, and there is
--- no descriptor for a third call until then.
function modes.late()
  local brief = client:with { timeout = 0.6 }
  local results = assert(client:gather { function()
    local _, err = brief.spaces:get "a"
    take_all(0)
    local space, failure = client.spaces:get("c", { deadline = 5 })
    return { err.kind, space and space.name or failure.kind }
  end, function()
    local space = client.spaces:get "b"
    table.remove(taken):close() -- for the file of the certificate
    return space
  end })
  print(results[1][1], results[1][2], results[2].name)
end

--- Descriptors 0 to 2 are closed: what is printed goes to no server.
function modes.closed()
  assert(client.spaces:get "a")
  print "a line for standard output"
  io.stderr:write "a line for standard error\n"
  io.stdout:flush()
  assert(client.spaces:create())
end

modes[mode]()
