--- Calls under the default pace, against a server that limits. Runs under host.c.
--
--   host spec/bench/paced.lua KIND BASE_URL COUNT RECORD
--
--   calls     COUNT GETs, one after the other
--   sessions  COUNT lists of participant sessions by map
--   cold      COUNT GETs at once by map
--   people    attendance of COUNT - 2 people: the record, the participants, each one's sessions
--
-- Prints how many calls succeeded, what was read, and how long it took.

local meet = require "googlemeet"

local kind, base_url, count, record = ...
local usage = _G.usage -- the host's

local client = assert(meet.new {
  base_url = base_url, api_key = "bench", ca_file = os.getenv "BENCH_CA_FILE",
})
local name = "conferenceRecords/" .. record

local function get()
  local found, err = client.conference_records:get(name)
  return found and #found.name, err
end

local function list(index)
  local path = ("%s/participants/%d"):format(name, index)
  local sessions, err = client.participant_sessions:list(path):all()
  return sessions and #sessions[1].name, err
end

local function one_by_one(times)
  local results = { n = times }
  for i = 1, times do results[i] = get() end
  return results
end

local function by_map(times, f, at_once)
  local indexes = {}
  for i = 1, times do indexes[i] = i end
  return assert(client:map(indexes, f, { concurrency = at_once, collect = true }))
end

local kinds = {
  calls = one_by_one,
  sessions = function(times) return by_map(times, list) end,
  people = function(times)
    local found = assert(client.conference_records:get(name))
    found.name = name -- the server has one body for all records
    local results = { n = times, #found.name, 1 }
    for row in assert(found:attendance()):rows() do results[#results + 1] = row.seconds // 1 end
    return results
  end,
  cold = function(times) return by_map(times, get, times) end,
}

local _, wall = usage()
local results = kinds[kind](tonumber(count))
local _, wall_after = usage()
local succeeded, sum = 0, 0
for i = 1, results.n do
  if results[i] then succeeded, sum = succeeded + 1, sum + results[i] end
end
local stats = client:stats()
print(("succeeded=%d sum=%d requests=%d attempts=%d wall=%.6f"):format(
  succeeded, sum, stats.requests, stats.attempts, wall_after - wall))
client:close()
