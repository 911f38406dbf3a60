--- The whole life of a small script: load, one GET, exit.
--
--   lua5.4 spec/bench/once.lua BASE_URL

local meet = require "googlemeet"

local client <close> = assert(meet.new {
  base_url = ..., api_key = "bench", ca_path = os.getenv "BENCH_CA_PATH",
  ca_file = os.getenv "BENCH_CA_FILE",
})
local record = assert(client.conference_records:get "conferenceRecords/bench")
print(("sum=%d"):format(#record.name + #record.startTime + #record.endTime + #record.space))
