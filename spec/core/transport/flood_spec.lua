--- Servers that send HTTP/2 frames which carry nothing, faster than libcurl reads them, so that it
-- does not return. What they hold up is soon let go, and nothing honest is cut.

local core = require "googlemeet.core"
local cqueues = require "cqueues"
local meet = require "googlemeet"
local library = require "spec.support.library"
local servers = require "spec.late.servers"

-- Seconds late at most; memcheck and the sanitizers are slow.
local SOON = os.getenv "WRAP" and 10 or os.getenv "ASAN_OPTIONS" and 1 or 0.5
local TRIES = 3 -- load can only make it slower: the best one counts
local OVER = 1.5 -- seconds after which a flood that was not cut has held nothing up

local function client_of(port, options)
  local all = {
    api_key = "flood", base_url = "https://127.0.0.1:" .. port, rate = false, retry = false,
  }
  for name, value in pairs(options) do all[name] = value end
  return assert(meet.new(all))
end

--- The longest of the times that a function takes beyond `seconds`, again and again.
local function lateness(seconds, is_over, f)
  local longest = 0
  repeat
    local start = core.now()
    f()
    longest = math.max(longest, core.now() - start - seconds)
  until is_over()
  return longest
end

--- Meet a server that behaves so; return the longest that it held anything up, and what was.
local function meet_flood(behaviour)
  local server <close> = servers.start(behaviour)
  local client <close> = client_of(server.port, { ca_file = server.certificate })
  local refused <close> = client_of(1, {
    base_url = "http://127.0.0.1:1", api_key = "refused",
    retry = { max_attempts = 100, initial = 0.04, max = 0.04 },
  })
  local limit, err, sleeping, waiting = core.now() + OVER, nil, nil, nil
  local function is_over() return err or core.now() > limit end
  local task = client:submit(function() err = select(2, client.spaces:get "abc") end)
  client:submit(function()
    sleeping = lateness(0.02, is_over, function() client:sleep(0.02) end)
  end)
  client:submit(function()
    waiting = lateness(0.1, is_over, function()
      refused.spaces:get("abc", { deadline = 0.1 })
    end)
  end)
  local stepping = lateness(0, function() return sleeping and waiting end, function()
    client:step(0)
  end)
  task:cancel()
  if err then assert.truthy(({ transport = true, decode = true })[err.kind], tostring(err)) end
  return math.max(stepping, sleeping, waiting),
    ("a step %.3f s, a task %.3f s, a call %.3f s"):format(stepping, sleeping, waiting)
end

for _, behaviour in ipairs { "data_fast", "windows_fast", "unknown_fast", "first_fast" } do
  it("a server that sends " .. behaviour:gsub("_", " ") .. " holds nothing up", function()
    if not library.cuts_floods() then
      return pending "nothing cuts a flood here; libcurl itself ends one from 8.8 on"
    end
    local longest, what
    for _ = 1, TRIES do
      longest, what = meet_flood(behaviour)
      if longest < SOON then break end
    end
    assert(longest < SOON, what)
  end)
end

it("the thread that looks for floods ends with the last client", function()
  local function threads()
    local file <close> = assert(io.open "/proc/self/status")
    return tonumber(file:read("a"):match "Threads:%s*(%d+)")
  end
  collectgarbage()
  collectgarbage()
  local before = threads()
  do
    local server <close> = servers.start "answering"
    local client <close> = client_of(server.port, { ca_file = server.certificate })
    local sibling <close> = client:with { connection = "c1" }
    assert(client.spaces:get "abc" and sibling.spaces:get "abc")
    assert(threads() <= before + 1) -- newer versions of libcurl need none
  end
  for _ = 1, 500 do -- Linux counts a thread for a moment after it was joined
    if threads() == before then break end
    cqueues.sleep(0.01)
  end
  assert.equal(before, threads())
end)

describe("what comes as fast as it goes, and is an answer", function()
  local function get(behaviour, times, length)
    local server <close> = servers.start(behaviour)
    local client <close> = client_of(server.port, { ca_file = server.certificate })
    local functions = {}
    for index = 1, times do
      functions[index] = function() return client.spaces:get "abc" end
    end
    for _, space in ipairs(assert(client:gather(functions))) do
      assert.equal(length, #space.name)
    end
    assert(client:stats().sockets_opened <= times) -- a socket that is cut needs another
  end

  it("is not cut in 16 MB", function() get("large", 1, 1000 * 16384) end)
  it("is not cut on 16 sockets", function() get("broad_tls", 16, 1 << 20) end)
end)
