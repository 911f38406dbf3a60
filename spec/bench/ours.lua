--- The work of bare.c by this module, as a script would write it. Runs under host.c.
--
--   host spec/bench/ours.lua SCENARIO BASE_URL COUNT DIGEST_SCRIPT
--
-- Prints the same line of numbers.

local meet = require "googlemeet"

local WARM_UP = 10
local RECORD = "conferenceRecords/bench"

local scenario, base_url, count, digest_script = ...
local usage = _G.usage -- the host's

local client = assert(meet.new { base_url = base_url, api_key = "bench", rate = false })

--- Lengths of some fields: a loop that reads what it got, and costs little of its own.
local function length(participant)
  return #participant.name + #participant.latestEndTime + #participant.signedinUser.displayName
end

--- scenario = { answer = one whole answer, work = the loop that is measured }
local scenarios = {}

scenarios.get = {
  answer = function() return assert(client.conference_records:get(RECORD)) end,
  work = function(times)
    local sum = 0
    for _ = 1, times do
      local record = assert(client.conference_records:get(RECORD))
      sum = sum + #record.name + #record.startTime + #record.endTime + #record.space
    end
    return sum
  end,
}

scenarios.list = {
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
  answer = scenarios.list.answer,
  work = function(times)
    local sum = 0
    for _ = 1, times do
      for _, participant in ipairs(assert(client.participants:list(RECORD):all())) do
        sum = sum + length(participant)
      end
    end
    return sum
  end,
}

local chosen = assert(scenarios[scenario], "no such scenario")
local digest = dofile(digest_script)(chosen.answer())
chosen.work(WARM_UP)
collectgarbage()
local cpu, wall = usage()
local sum = chosen.work(tonumber(count))
local cpu_after, wall_after = usage()
print(("digest=%s sum=%d requests=%d cpu=%.6f wall=%.6f"):format(
  digest, sum, client:stats().requests, cpu_after - cpu, wall_after - wall))
client:close()
