-- Calls in a loop of luv (libuv): the people of the latest conferences are counted, all at once,
-- while a timer goes on ticking. `watch` is what a program of its own would take from here.
local meet = require "googlemeet"
local plain = require "googlemeet.core".text.plain -- one line, and nothing to steer a terminal
local uv = require "luv"

if arg[1] == "--help" then return print "Usage: lua5.4 loop_luv.lua" end
local client <close> = assert(meet.new())
local polls, alarm, ticker = {}, uv.new_timer(), uv.new_timer()

local function watch()
  -- Let go of every socket before the step: one may be closed there, and its number given anew.
  for _, poll in ipairs(polls) do poll:close() end
  polls = {}
  if not client:step(0) then return uv.stop() end -- nothing is left to do
  local sockets, seconds = client:poll_set()
  for index, socket in ipairs(sockets) do
    polls[index] = uv.new_poll(socket.fd)
    polls[index]:start((socket.read and "r" or "") .. (socket.write and "w" or ""), watch)
  end
  alarm:start(math.ceil(seconds * 1000), 0, watch)
end

local task = client:submit(client.map, client, client.conference_records:list { limit = 8 },
  function(record)
    local people = assert(record:participants():all())
    print(("%-40s %3d people"):format(plain(record.name), #people))
  end)

local ticks, last, longest = 0, uv.hrtime(), 0
ticker:start(20, 20, function()
  ticks, last, longest = ticks + 1, uv.hrtime(), math.max(longest, uv.hrtime() - last)
end)
watch()
uv.run()
assert(task:result())
print(("%d ticks, at most %.0f ms from one to the next"):format(ticks, longest / 1e6))
assert(assert(io.write "\n"):flush()) -- print does not notice a full disk
