-- A script with few file descriptors, for spec/core/transport/descriptors_spec.lua:
--   lua5.4 spec/support/scarce.lua MODE URL, with a limit of descriptors that its caller has set.
-- It prints what the spec expects.

local meet = require "googlemeet"

local mode, url = ...
local client = assert(meet.new { api_key = "k", base_url = url, rate = false, retry = false })
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

--- Descriptors 0 to 2 are closed: what is printed goes to no server.
function modes.closed()
  assert(client.spaces:get "a")
  print "a line for standard output"
  io.stderr:write "a line for standard error\n"
  io.stdout:flush()
  assert(client.spaces:create())
end

modes[mode]()
