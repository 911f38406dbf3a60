-- A script that archives from a fake that is the same in each run, for
-- spec/unit/archive/archive_kill_spec.lua:
--   lua5.4 spec/support/archived.lua directory|sqlite PATH [any|store STEP]
-- With a STEP it kills itself there. What it prints at its end is how many steps of each kind there
-- were.

local killed = require "spec.support.killed"
local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z

local kind, path, mode, step = ...

local gateway = meet.testing.gateway { clock = function() return 0 end, now = NOW }
gateway:seed { webinar = 12 }
local client = assert(meet.new {
  api_key = "test-key", transport = gateway.transport, clock = made_up_clock(),
})

local steps = killed.at(mode, tonumber(step))
local store = assert(meet.archive[kind](path))
assert(meet.archive(client, store, { now = NOW }))
store:close()
debug.sethook()
print(steps.any, steps.store)
