--- The soak: calls of all kinds, at a server that fails, is killed and comes back.
-- Use: lua5.4 spec/soak/run.lua [SECONDS [SEED]]. The status is 1 where a promise was broken.

local core = require "googlemeet.core"
local meet = require "googlemeet"
local gauge = require "spec.soak.gauge"
local judge = require "spec.soak.judge"
local ledger = require "spec.soak.ledger"
local report = require "spec.soak.report"
local servers = require "spec.soak.servers"
local sessions = require "spec.soak.sessions"
local worker = require "spec.soak.worker"

local WORKERS = 48
-- At most so many seconds a round, and at least so many rounds; after each everything is closed,
-- and what is held is measured.
local LONGEST_ROUND, FEWEST_ROUNDS = 20, 10
local LIVES = 12 -- of the server, about
local SHORTEST_LIFE = 10 -- seconds, usually: past any deadline, or a kill would end each silence
local WARM_UP = 3 -- rounds
local FEWEST_SAMPLES = 3 -- after these
local CYCLES = 50 -- after each round
local CALM_CALLS = 50
local PATIENCE = 20 -- seconds for the server to come back, at the end
local SPACE = "spaces/Qm7xT2kLw9Za"
local RECORDS = {
  "conferenceRecords/cr-webinar-19be", "conferenceRecords/cr-planning-7f3a",
  "conferenceRecords/cr-planning-4",
}

--- How many participants each record has, by the fake in memory.
local function expected()
  local gateway, counts = meet.testing.gateway {}, {}
  gateway:seed()
  local client <close> = assert(meet.new { api_key = "test-key", transport = gateway.transport,
    rate = false })
  for _, name in ipairs(RECORDS) do
    counts[name] = #assert(client.participants:list(name):all())
  end
  return counts
end

local function run_round(soak, seconds)
  local root <close> = worker.new(soak, 0):open()
  local functions = {}
  soak.stop = core.now() + seconds
  for number = 1, WORKERS do
    functions[number] = function()
      repeat sessions.run(soak.workers[number]) until core.now() >= soak.stop
      return true
    end
  end
  assert(root:gather(functions))
  sessions.alone(soak.workers[1])
end

--- Clients with nothing else open: each brings up all that the core holds, and takes it down.
local function open_and_close(soak)
  for _ = 1, CYCLES do
    local client <close> = soak.workers[1]:open()
    soak.workers[1]:call("get", 1, function() return client.spaces:get(SPACE) end)
    soak.workers[1]:count(client)
  end
end

local function measure(soak)
  collectgarbage()
  collectgarbage()
  local descriptors, sockets, names = gauge.descriptors()
  soak.samples[#soak.samples + 1] = {
    seconds = core.now() - soak.start, resident = gauge.resident(), descriptors = descriptors,
    sockets = sockets, names = names,
  }
end

--- With nothing wrong any more, every call has to succeed, at both servers.
local function run_calm(soak)
  local limit = core.now() + PATIENCE
  soak.calm = { wanted = 2 * CALM_CALLS, seen = 0 }
  for _, url in ipairs { soak.servers.url, soak.servers.secure_url } do
    local client <close> = soak.workers[1]:open {
      base_url = url, ca_file = soak.servers.certificate,
    }
    repeat
      local space = client.spaces:get(SPACE)
    until space or core.now() > limit
    for _ = 1, CALM_CALLS do
      if client.spaces:get(SPACE) then soak.calm.seen = soak.calm.seen + 1 end
    end
  end
end

local function run(seconds, seed)
  local journal, outcomes = os.tmpname(), os.tmpname()
  local soak = {
    seed = seed, seconds = seconds, ledger = ledger.open(outcomes), expected = expected(),
    stats = {}, samples = {}, workers = {}, warm_up = WARM_UP,
  }
  for number = 1, WORKERS do soak.workers[number] = worker.new(soak, number) end
  local kept <close> = servers.start(seed, math.max(SHORTEST_LIFE, seconds / LIVES), journal)
  soak.servers, soak.start = kept, core.now()
  measure(soak)
  repeat
    run_round(soak, math.min(LONGEST_ROUND, seconds / FEWEST_ROUNDS))
    open_and_close(soak)
    measure(soak)
  until core.now() >= soak.start + seconds and #soak.samples > WARM_UP + FEWEST_SAMPLES
  soak.took = core.now() - soak.start
  kept:calm()
  run_calm(soak)
  measure(soak)
  soak.ledger.file:close()
  soak.found = judge.compare(journal, outcomes)
  os.remove(journal)
  os.remove(outcomes)
  return report.tell(soak)
end

local seconds, seed = tonumber(arg[1] or 600), arg[2] or tostring(os.time())
print(("soak: %g seconds, SOAK_SEED=%s"):format(seconds, seed))
os.exit(run(seconds, seed), true)
