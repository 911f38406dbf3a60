--- The work of bare.c and bare_multi.c by this module, as a script would write it. Under host.c.
--
--   host spec/bench/ours.lua SCENARIO BASE_URL COUNT DIGEST_SCRIPT
--
-- Prints the same line of numbers.

local meet = require "googlemeet"

local RECORD = "conferenceRecords/bench"
local SLOW = "conferenceRecords/slow" -- each answer after 50 ms
local LONG = "conferenceRecords/long" -- a thousand pages
local AT_ONCE = 100
local SETTLED = 10 -- pages until memory is as it stays

local scenario, base_url, count, digest_script = ...
local usage, resident = _G.usage, _G.resident -- the host's

local client = assert(meet.new {
  base_url = base_url, api_key = "bench", rate = false, ca_file = os.getenv "BENCH_CA_FILE",
})

local function read_record(record)
  return #record.name + #record.startTime + #record.endTime + #record.space
end

--- Lengths of some fields: a loop that reads what it got, and costs little itself.
local function length(participant)
  return #participant.name + #participant.latestEndTime + #participant.signedinUser.displayName
end

local function read_participants(participants)
  local sum = 0
  for _, participant in ipairs(participants) do sum = sum + length(participant) end
  return sum
end

local function toil(seconds)
  local _, now = usage()
  local ends = now + seconds
  repeat _, now = usage() until now >= ends
end

--- scenario = { answer = one whole answer, work = the loop that is measured }; `warm_up` times
--- before that.
local scenarios = {}

scenarios.get = {
  warm_up = 100,
  answer = function() return assert(client.conference_records:get(RECORD)) end,
  work = function(times)
    local sum = 0
    for _ = 1, times do
      sum = sum + read_record(assert(client.conference_records:get(RECORD)))
    end
    return sum
  end,
}

scenarios.list = {
  warm_up = 100,
  answer = function() return assert(client.participants:list(RECORD):all()) end,
  work = function(times)
    local sum = 0
    for _ = 1, times do
      for participant in client.participants:list(RECORD) do
        sum = sum + length(participant)
      end
    end
    return sum
  end,
}

scenarios.all = {
  warm_up = 100,
  answer = scenarios.list.answer,
  work = function(times)
    local sum = 0
    for _ = 1, times do
      sum = sum + read_participants(assert(client.participants:list(RECORD):all()))
    end
    return sum
  end,
}

scenarios.many = {
  answer = function() return assert(client.conference_records:get(SLOW)) end,
  work = function(times)
    local names, sum = {}, 0
    for i = 1, times do names[i] = SLOW end
    local lengths = assert(client:map(names, function(name)
      return read_record(assert(client.conference_records:get(name)))
    end, { concurrency = AT_ONCE }))
    for _, value in ipairs(lengths) do sum = sum + value end
    return sum
  end,
}

scenarios.pages = {
  answer = scenarios.list.answer,
  work = function(milliseconds)
    local sum = 0
    for page in client.participants:list(SLOW):pages() do
      sum = sum + read_participants(page)
      toil(milliseconds / 1000)
    end
    return sum
  end,
}

scenarios.memory = {
  answer = scenarios.list.answer,
  work = function()
    local sum, number, settled, most = 0, 0, 0, 0
    for page in client.participants:list(LONG):pages() do
      sum = sum + read_participants(page)
      if number == SETTLED then settled = resident() end
      if number >= SETTLED then most = math.max(most, resident()) end
      number = number + 1
    end
    return sum, most - settled
  end,
}

local chosen = assert(scenarios[scenario], "no such scenario")
local digest = dofile(digest_script)(chosen.answer())
if chosen.warm_up then chosen.work(chosen.warm_up) end
collectgarbage()
local cpu, wall = usage()
local sum, grown = chosen.work(tonumber(count))
local cpu_after, wall_after = usage()
print(("digest=%s sum=%d requests=%d cpu=%.6f wall=%.6f grown=%d"):format(
  digest, sum, client:stats().requests, cpu_after - cpu, wall_after - wall, grown or 0))
client:close()
