-- Call in a controller of cqueues: count the participants of the latest conferences, all at once,
-- while a timer goes on ticking.
local cqueues = require "cqueues" -- Debian: lua-cqueues
local meet = require "googlemeet"

local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY
local controller, loop = cqueues.new(), meet.loop.cqueues(client)
local is_over, ticks, last, longest = false, 0, cqueues.monotime(), 0

controller:wrap(function()
  local records = client.conference_records:list { limit = 8 }
  assert(loop:await(client.map, client, records, function(record)
    local list = assert(record:participants():all())
    print(("%-20s %3d participants"):format(meet.name.id(record), #list))
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
