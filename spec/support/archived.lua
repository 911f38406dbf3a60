-- A script that archives from a fake that is the same in each run, for
-- spec/unit/archive/archive_kill_spec.lua:
--   lua5.4 spec/support/archived.lua directory|sqlite PATH resources|files [any|store STEP]
-- With `files` it gets recordings and texts, too. With a STEP it kills itself there. What it prints
-- at its end is how many steps of each kind there were.

local killed = require "spec.support.killed"
local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z

local kind, path, what, mode, step = ...

local gateway = meet.testing.gateway { clock = function() return 0 end, now = NOW }
local records = gateway:seed { webinar = 12 }.records
for name, size in pairs { planning = 1200000, webinar = 5000000 } do -- they come chunk by chunk
  gateway:set_file(records[name].name .. "/recordings/rec-1", {
    size = size, sha256 = ("5a"):rep(32), -- one that is given takes no time
  })
end
local client = assert(meet.new {
  api_key = "test-key", transport = gateway.transport, clock = manual_clock(),
})

local steps = killed.at(mode, tonumber(step))
local store = assert(meet.archive[kind](path))
local summary = assert(meet.archive(client, store, { now = NOW, files = what == "files" }))
assert(what ~= "files" or summary.files_due == 0 and #summary.unavailable == 0)
store:close()
debug.sethook()
print(steps.any, steps.store)
