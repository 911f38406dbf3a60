-- Calls in a controller of cqueues: the people of the latest conferences are counted, all at once,
-- while a timer goes on ticking.
local cqueues, meet = require "cqueues", require "googlemeet"
local plain = require "googlemeet.core".text.plain -- one line, and nothing to steer a terminal

if arg[1] == "--help" then return print "Usage: lua5.4 loop_cqueues.lua" end
local client <close> = assert(meet.new())
local controller, loop = cqueues.new(), meet.loop.cqueues(client)
local is_over, ticks, last, longest = false, 0, cqueues.monotime(), 0

controller:wrap(function()
  assert(loop:await(client.map, client, client.conference_records:list { limit = 8 },
    function(record)
      local people = assert(record:participants():all())
      print(("%-40s %3d people"):format(plain(record.name), #people))
    end))
  is_over = true
end)
controller:wrap(function()
  while not is_over do
    cqueues.sleep(0.02)
    ticks, longest = ticks + 1, math.max(longest, cqueues.monotime() - last)
    last = cqueues.monotime()
  end
end)
local ok, problem = controller:loop()
if not ok then error(problem, 0) end
print(("%d ticks, at most %.0f ms from one to the next"):format(ticks, longest * 1e3))
assert(assert(io.write "\n"):flush()) -- print does not notice a full disk
