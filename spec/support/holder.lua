-- Holds a key and works with it, for spec/core/client/secrets_spec.lua:
--   MATON_API_KEY=KEY lua5.4 spec/support/holder.lua URL [CA_FILE|-] [wire]
-- "wire": only with calls under way, over the wire.
-- Prints all that a run can show of itself, then "closed by process ID", and stays until its input
-- ends.

local meet = require "googlemeet"
local url, ca_file = arg[1], arg[2] ~= "-" and arg[2] or nil

--- Everything in a value, one text a line.
local function show(value, seen)
  print(tostring(value))
  if type(value) ~= "table" or seen[value] then return end
  seen[value] = true
  for key, item in pairs(value) do
    print(tostring(key))
    show(item, seen)
  end
end

local kept = {} -- closed, and not collected
local left = {} -- lists and tasks of theirs

local function work()
  local client <close> = assert(meet.new {
    base_url = url, ca_file = ca_file, rate = false, retry = false,
    on_event = function(event) show(event, {}) end,
  })
  kept[1] = client
  show(client, {})
  show(client:stats(), {})
  assert(client:gather {
    function() return client.spaces:get "hpk-vtwd-ens" end,
    function() return client.spaces:create() end,
    function() return client.conference_records:list():all() end,
  })
  for _, call in ipairs {
    function() return client.spaces:get "spaces/nobody" end,
    function() return client.connections:get "nobody" end,
    function() return client.spaces:get("hpk-vtwd-ens", { connection = "nobody" }) end,
    function() return client:request("GET", "/nowhere") end,
    function() return client:with { base_url = "http://127.0.0.1:1" }.spaces:get "x" end,
    function() return client.connections:select "only" end,
  } do
    local value, err = call()
    if value == nil then show(err, {}) end
  end
  show({ pcall(client.spaces.get, client.spaces, {}) }, {})
  show({ pcall(meet.new, { api_key = "a\nb" }) }, {})
  local made = assert(client.connections:create())
  assert(made.url:find "session_token=")
  show(client.connections:list(), {})
end

--- The call comes to its end after that of its client.
local function close_under_way()
  local client = assert(meet.new { base_url = url, ca_file = ca_file })
  local task = client:submit(function() return client.spaces:get "hpk-vtwd-ens" end)
  client:step(0)
  client:close()
  show({ pcall(task.result, task) }, {})
  kept[2] = client
end

--- Pages of a list that were sent ahead: one has not come, one has.
local function close_with_pages_ahead()
  for _, seconds in ipairs { 0, 1 } do
    local client = assert(meet.new { base_url = url, ca_file = ca_file, rate = false })
    local pager = client.conference_records:list { page_size = 2 }
    assert(pager())
    local before = client:stats()
    assert(pager() and client:stats().requests == before.requests + 1) -- one is ahead
    if seconds > 0 then
      for _ = 1, 1000 do
        if client:stats().bytes_received > before.bytes_received then break end
        client:sleep(0.01)
      end
      assert(client:stats().bytes_received > before.bytes_received)
    end
    client:close()
    kept[#kept + 1], left[#left + 1] = client, pager
  end
end

--- Tasks that wait for another attempt, over an injected transport on the machine's clock.
local function close_before_another_attempt()
  local client = assert(meet.new { base_url = url, transport = function()
    return { status = 503, headers = { ["Retry-After"] = "60" } }
  end })
  local task = client:submit(function() return client.spaces:get "hpk-vtwd-ens" end)
  for _ = 1, 3 do client:step(0) end
  assert(client:stats().waits == 1)
  client:close()
  kept[#kept + 1], left[#left + 1] = client, task
end

--- Several keys over time; the last call has an answer to come when the client closes.
local function close_after_renewals()
  local count = 0
  local client = assert(meet.new { base_url = url, ca_file = ca_file, retry = false, rate = false,
    api_key = function()
      count = count + 1
      return os.getenv "MATON_API_KEY" .. (count < 8 and "" or ("-%d"):format(count))
    end })
  for _ = 1, 12 do
    local value, err = client.spaces:get "hpk-vtwd-ens"
    if value == nil then show(err, {}) end
  end
  local task = client:submit(function() return client.spaces:get "hpk-vtwd-ens" end)
  client:step(0)
  client:close()
  kept[#kept + 1], left[#left + 1] = client, task
end

close_under_way()
close_with_pages_ahead()
if arg[3] ~= "wire" then
  work()
  close_before_another_attempt()
  close_after_renewals()
end
collectgarbage()
collectgarbage()
local file = assert(io.open "/proc/self/stat")
print("closed by process " .. file:read "n")
io.stdout:flush()
io.read()
for _, client in ipairs(kept) do assert(tostring(client):find "closed") end
