--- LuaSocket, with LuaSec for TLS: the usual snippet, a connection each time. See peers.lua.
local kind, base, count = arg[1], arg[2], tonumber(arg[3])

local http = require(base:find "^https" and "ssl.https" or "socket.http")
local json = require "cjson"
local ltn12 = require "ltn12"
local socket = require "socket"

local paths = {
  get = "bench", list = "bench/participants?pageSize=250", calls = "limited", once = "bench",
}

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

local function read()
  local chunks = {}
  local _, status = assert(http.request {
    url = base .. "/google-meet/v2/conferenceRecords/" .. paths[kind],
    headers = { Authorization = "Bearer bench" },
    sink = ltn12.sink.table(chunks),
    cafile = os.getenv "BENCH_CA_FILE", verify = "peer",
  })
  return status == 200 and sum_of(json.decode(table.concat(chunks))) or nil
end

local total, lost = 0, 0
local began = socket.gettime()
for _ = 1, count do
  local sum = read()
  if sum then total = total + sum else lost = lost + 1 end
end
print(("sum=%d lost=%d wall=%.6f"):format(total, lost, socket.gettime() - began))
