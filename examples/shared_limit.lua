-- Share one limit with other processes: run several at once, and the gateway refuses no request.
--   lua5.4 shared_limit.lua [FILE] & lua5.4 shared_limit.lua [FILE]
-- All programs of one account use the same FILE; the default one is in /tmp.
local meet = require "googlemeet"

local limiter = meet.limiter.file(arg[1])
local client <close> = assert(meet.new { rate = { limiter = limiter } })

for _ = 1, 10 do assert(client.conference_records:list({ page_size = 1 }):first()) end
local stats = client:stats()
print(("%d requests, %d refused; waited %.1f s for a turn"):format(stats.requests, stats.retries,
  stats.seconds_waited_for_limiter))
