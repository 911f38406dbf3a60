--- lua-http at its best: connections kept, a stream for each request. What goes on at once has a
-- connection for each coroutine, since streams of one connection that are waited for by many
-- coroutines time out with lua-http 0.4. See peers.lua.
local client = require "http.client"
local cqueues = require "cqueues"
local json = require "cjson"
local request = require "http.request"
local store = require "openssl.x509.store"
local tls = require "http.tls"

local LONGEST = 30 -- seconds for one answer

local kind, base, count = arg[1], arg[2], tonumber(arg[3])
local paths = {
  get = "bench", list = "bench/participants?pageSize=250", many = "slow", calls = "limited",
  once = "bench",
}
local template = request.new_from_uri(base .. "/google-meet/v2/conferenceRecords/" .. paths[kind])
template.headers:append("authorization", "Bearer bench")

local function connect()
  local authorities = store.new()
  authorities:add(os.getenv "BENCH_CA_FILE")
  local context = tls.new_client_context()
  context:setStore(authorities)
  return assert(client.connect({
    host = template.host, port = template.port, tls = template.tls, ctx = context,
  }, LONGEST))
end

local function sum_of(found)
  if not found.participants then
    return #found.name + #found.startTime + #found.endTime + #found.space
  end
  local sum = 0
  for _, one in ipairs(found.participants) do
    sum = sum + #one.name + #one.latestEndTime + #one.signedinUser.displayName
  end
  return sum
end

local function read(connection)
  local stream = assert(connection:new_stream())
  assert(stream:write_headers(template.headers:clone(), true, LONGEST))
  local headers = assert(stream:get_headers(LONGEST))
  local body = assert(stream:get_body_as_string(LONGEST))
  stream:shutdown()
  return headers:get ":status" == "200" and sum_of(json.decode(body)) or nil
end

local queue = cqueues.new()
local total, lost, left = 0, 0, count

local function work()
  local connection = connect()
  while left > 0 do
    left = left - 1
    local sum = read(connection)
    if sum then total = total + sum else lost = lost + 1 end
  end
  connection:close()
end

local began = cqueues.monotime()
for _ = 1, kind == "many" and 100 or 1 do queue:wrap(work) end
assert(queue:loop())
print(("sum=%d lost=%d wall=%.6f"):format(total, lost, cqueues.monotime() - began))
