-- Calls in a loop of luv (libuv): the people of the latest conferences are counted, all at once,
-- while a timer goes on ticking.
local meet = require "googlemeet"
local plain = require "googlemeet.core".text.plain -- one line, and nothing to steer a terminal
local uv = require "luv"

if arg[1] == "--help" then return print "Usage: lua5.4 loop_luv.lua" end
local client <close> = assert(meet.new())
local loop, ticker = meet.loop.luv(client), uv.new_timer()
local ticks, last, longest, failure = 0, uv.hrtime(), 0, nil

coroutine.wrap(function()
  local done, err = loop:await(client.map, client, client.conference_records:list { limit = 8 },
    function(record)
      local people = assert(record:participants():all())
      print(("%-40s %3d people"):format(plain(record.name), #people))
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
assert(assert(io.write "\n"):flush()) -- print does not notice a full disk
