--- What only a live account can tell: the answers to the open questions of spec/contract/, by
-- whoever has a key. `make live` runs it; spec/README.md, "With a real key", says what it does.
-- Status 0: all was asked. 1: the walk could not go on. 2: it was not begun. 130: Ctrl-C.

local meet = require "googlemeet"
local raw = require "spec.live.raw"
local walk = require "spec.live.walk"

local FAKE_KEY = "test-key"

local USE = [[
make live: MATON_API_KEY is not set. The settings at https://maton.ai show a key. Then type:
  read -rs MATON_API_KEY && export MATON_API_KEY && make live
Without a key, against the fake: make live LIVE=fake
]]

local function refuse(problem)
  io.stderr:write(problem)
  os.exit(2, true)
end

local function setting(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

--- Read a switch: 1, or nothing.
local function switch(name)
  local value = setting(name)
  if value ~= nil and value ~= "1" and value ~= "0" then
    refuse(("make live: %s=1 or nothing expected\n"):format(name))
  end
  return value == "1"
end

--- Make the client of a fake in memory, whose clock only sleeping moves.
local function fake()
  local now = os.time()
  local clock = {
    now = function() return now end,
    sleep = function(seconds) now = now + seconds end,
  }
  local gateway = meet.testing.gateway { clock = clock, limits = true }
  gateway:seed()
  return assert(meet.new {
    api_key = FAKE_KEY, transport = gateway.transport, clock = clock,
  }), gateway
end

local function read_settings()
  local options = {
    writes = switch "LIVE_WRITES", burst = switch "LIVE_BURST", member = setting "LIVE_MEMBER",
    fixed_connection = setting "MATON_CONNECTION" ~= nil, has_sockets = true,
  }
  local live = setting "LIVE"
  if live and live ~= "fake" then refuse "make live: LIVE=fake or nothing expected\n" end
  if options.member and not options.member:find "^[^%s@]+@[^%s@]+$" then
    refuse "make live: LIVE_MEMBER: an address such as name@example.com expected\n"
  elseif options.member and not options.writes then
    refuse "make live: LIVE_MEMBER needs LIVE_WRITES=1\n"
  end
  return options, live == "fake"
end

--- Return what must not be printed, wherever it comes from.
local function secrets_of(options)
  local secrets = {}
  for _, text in ipairs { setting "MATON_API_KEY" or "", setting "MATON_CONNECTION" or "",
    options.member or "" } do
    secrets[#secrets + 1] = text
  end
  return secrets
end

local function open(is_fake)
  if is_fake then return fake() end
  if not setting "MATON_API_KEY" then refuse(USE) end
  local opened, client = pcall(meet.new)
  if opened and client then return client end
  return refuse "make live: a variable of the environment (MATON_…) cannot be used\n"
end

--- Describe the run: nothing of it comes from a server.
local function head(options, is_fake)
  local place = is_fake and "the fake" or setting "MATON_API_URL" and "another base URL"
    or "the gateway"
  return ("googlemeet %s, libcurl %s, %s, %s%s%s\n"):format(meet.version,
    setting "LIVE_LIBCURL" or "unknown", os.date "!%Y-%m-%d", place,
    options.writes and ", with writes" or "", options.burst and ", with bursts" or "")
end

local function main()
  local options, is_fake = read_settings()
  options.secrets = secrets_of(options)
  if is_fake then options.has_sockets, options.fixed_connection = false, false end
  local client <close>, gateway = open(is_fake)
  local key = setting "MATON_API_KEY"
  options.raw = gateway and raw.by_transport(gateway.transport, FAKE_KEY)
    or raw.by_curl(setting "MATON_API_URL" or "https://api.maton.ai", key)
  local start = client:now()
  local rows, facts = walk.run(client, options)
  io.write(head(options, is_fake), walk.write(rows), ("\n%d requests in %.0f s%s\n"):format(
    facts.requests, client:now() - start, facts.stopped and "; the walk could not go on" or ""))
  return not facts.stopped
end

--- Keep of an error only where it was raised: its text may be a server's.
local function places_of(problem)
  local places = {}
  if tostring(problem):find(walk.INTERRUPTED, 1, true) then return walk.INTERRUPTED end
  for place in debug.traceback(tostring(problem)):gmatch "spec/live/[%l/]+%.lua:%d+" do
    places[#places + 1] = place
  end
  return table.concat(places, " ")
end

local ended, result = xpcall(main, places_of)
if result == walk.INTERRUPTED then
  io.stderr:write "make live: interrupted\n"
  os.exit(130, true)
elseif not ended then
  io.stderr:write("make live: it broke off: ", result, "\n")
end
os.exit(ended and result, true)
