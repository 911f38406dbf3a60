--- The loop of luv (libuv) drives tasks, by handles that are active while there are any.
-- libuv takes one handle a socket, so all clients have one loop.

local core = require "googlemeet.core"
local tasks = require "googlemeet.tasks"
local uv = require "luv"

local host = {}

local alarm = uv.new_timer()
local polls = {}
local awaited = {} -- task -> the coroutines that await it

--- Resume those whose task is over; what they raise is raised in the loop.
local function resume_ended()
  local threads, problems = {}, {}
  for task, waiting in pairs(awaited) do
    if task:done() then
      awaited[task] = nil
      table.move(waiting, 1, #waiting, #threads + 1, threads)
    end
  end
  for _, thread in ipairs(threads) do
    local ok, problem = coroutine.resume(thread)
    if not ok then problems[#problems + 1] = debug.traceback(thread, tostring(problem)) end
  end
  if #problems > 0 then error(table.concat(problems, "\n"), 0) end
end

local turn

--- Take the next turn when a socket is ready or a step is due.
local function watch()
  local sockets, seconds = tasks.poll_set()
  for index, socket in ipairs(sockets) do
    polls[index] = assert(uv.new_poll(socket.fd))
    polls[index]:start((socket.read and "r" or "") .. (socket.write and "w" or ""), turn)
  end
  alarm:start(math.ceil(seconds * 1000), 0, turn)
end

function turn()
  -- Let go of every socket before the step: one may be closed there, and its number given anew.
  for _, poll in ipairs(polls) do poll:close() end
  polls = {}
  alarm:stop()
  if tasks.step(0) then watch() end
  resume_ended()
end

function host.wake() alarm:start(0, 0, turn) end

function host.wait(task)
  local thread, is_main = coroutine.running()
  if is_main then core.error.misuse "await: call it in a coroutine" end
  while not task:done() do
    local waiting = awaited[task] or {}
    awaited[task] = waiting
    waiting[#waiting + 1] = thread
    host.wake()
    coroutine.yield()
  end
end

return host
