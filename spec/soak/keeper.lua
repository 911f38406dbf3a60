--- Keeps the soak's server: starts it, kills it now and then, starts it again on the same port.
-- Use: lua5.4 spec/soak/keeper.lua SEED EVERY JOURNAL; EVERY is the usual life in seconds.
-- Prints the port. A line on standard input ends kills and faults; its end ends keeper and server.
-- Needs luv.

local luv = require "spec.support.luv"
local random = require "googlemeet.testing.random"
local uv = require "luv"

local SERVER = "spec/soak/server.lua"
local LONGEST_ABSENCE = 300 -- milliseconds

local seed, every, journal = arg[1], tonumber(arg[2]), arg[3]
local chance = random.new("soak keeper " .. seed)
local life, port, server, is_calm = 0, "0", nil, false

local start

local function kill_later(process)
  luv.after(math.floor(every * chance:between(500, 1500)), function()
    if not is_calm and process:is_active() then process:kill "sigkill" end
  end)
end

local function ended(code, signal)
  if signal == 0 then -- unasked: a defect too
    io.stderr:write("spec/soak/server.lua ended, status ", code, "\n")
    os.exit(1)
  end
  server.input:close()
  luv.after(chance:below(LONGEST_ABSENCE), start)
end

function start()
  life = life + 1
  local input, output = uv.new_pipe(), uv.new_pipe()
  local process = assert(uv.spawn(os.getenv "LUA" or "lua5.4", {
    args = { SERVER, port, seed, tostring(life), journal }, stdio = { input, output, 2 },
  }, ended))
  server = { process = process, input = input }
  output:read_start(function(_, line)
    if not line then return output:close() end
    if port == "0" then
      port = line:match "%d+"
      print(port)
      io.stdout:flush()
    end
    if is_calm then input:write "calm\n" end
    kill_later(process)
  end)
end

local function obey()
  local input = uv.new_pipe()
  assert(input:open(0))
  input:read_start(function(_, line)
    if not line then
      if server.process:is_active() then server.process:kill "sigkill" end
      os.exit(0)
    end
    is_calm = true
    if not server.input:is_closing() then server.input:write "calm\n" end
  end)
end

start()
obey()
uv.run()
