-- Calls in a controller of cqueues: the people of the latest conferences are counted, all at once,
-- while a timer goes on ticking. `drive` is what a program of its own would take from here.
local cqueues, meet = require "cqueues", require "googlemeet"
local plain = require "googlemeet.core".text.plain -- one line, and nothing to steer a terminal

if arg[1] == "--help" then return print "Usage: lua5.4 loop_cqueues.lua" end
local client <close> = assert(meet.new())

local function drive()
  while client:step(0) do
    local sockets, seconds = client:poll_set()
    for _, socket in ipairs(sockets) do -- as cqueues.poll takes it
      socket.pollfd = socket.fd
      socket.events = (socket.read and "r" or "") .. (socket.write and "w" or "")
    end
    cqueues.poll(seconds, table.unpack(sockets))
    -- Let go of every socket: one may be closed in the step, and its number given anew.
    for _, socket in ipairs(sockets) do cqueues.cancel(socket.fd) end
  end
end

local task = client:submit(client.map, client, client.conference_records:list { limit = 8 },
  function(record)
    local people = assert(record:participants():all())
    print(("%-40s %3d people"):format(plain(record.name), #people))
  end)

local ticks, last, longest = 0, cqueues.monotime(), 0
local loop = cqueues.new()
loop:wrap(drive)
loop:wrap(function()
  while not task:done() do
    cqueues.sleep(0.02)
    ticks, longest = ticks + 1, math.max(longest, cqueues.monotime() - last)
    last = cqueues.monotime()
  end
end)
assert(loop:loop())
assert(task:result())
print(("%d ticks, at most %.0f ms from one to the next"):format(ticks, longest * 1e3))
assert(assert(io.write "\n"):flush()) -- print does not notice a full disk
