-- Call in a loop of luv (libuv): count the participants of the latest conferences, all at once,
-- while a timer goes on ticking.
local meet = require "googlemeet"
local uv = require "luv" -- Debian: lua-luv

local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY
local loop, ticker = meet.loop.luv(client), uv.new_timer()
local ticks, last, longest, failure = 0, uv.hrtime(), 0, nil

coroutine.wrap(function()
  local records = client.conference_records:list { limit = 8 }
  local done, err = loop:await(client.map, client, records, function(record)
    local list = assert(record:participants():all())
    print(("%-20s %3d participants"):format(meet.name.id(record), #list))
  end)
  failure = not done and err
  ticker:stop()
end)()
ticker:start(20, 20, function()
  ticks, last, longest = ticks + 1, uv.hrtime(), math.max(longest, uv.hrtime() - last)
end)
uv.run()
if failure then error(failure) end
print(("%d ticks, at most %.0f ms from one to the next"):format(ticks, longest / 1e6))
