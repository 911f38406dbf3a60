--- The loop of luv (libuv) drives tasks, by handles that are active while there are any.
-- libuv takes one handle a socket, so all clients have one loop.

local tasks = require "googlemeet.tasks"
local uv = require "luv"

local host = {}

local alarm = uv.new_timer()
local polls = {}
local watched -- number of their watch
local awaited = {} -- task -> those who await it, each { thread = } until it goes on

--- Resume the coroutines whose task is over; what they raise is raised in the loop.
local function resume_ended()
  local ended, problems = {}, {}
  for task, waiting in pairs(awaited) do
    if task:done() then
      awaited[task] = nil
      table.move(waiting, 1, #waiting, #ended + 1, ended)
    end
  end
  for _, waiter in ipairs(ended) do
    local thread = waiter.thread
    local ok, problem = true, nil
    if thread then ok, problem = coroutine.resume(thread) end
    if not ok then problems[#problems + 1] = debug.traceback(thread, tostring(problem)) end
  end
  if #problems > 0 then error(table.concat(problems, "\n"), 0) end
end

local turn

local function let_go()
  for _, poll in ipairs(polls) do poll:close() end
  polls, watched = {}, nil
  alarm:stop()
end

--- Take the next turn when a socket is ready or a step is due.
local function go_on()
  let_go() -- a task may have run the loop, which then took a turn inside this one
  local sockets, seconds, watch = tasks.watch()
  watched = watch
  for index, socket in ipairs(sockets) do
    polls[index] = assert(uv.new_poll(socket.fd))
    polls[index]:start((socket.read and "r" or "") .. (socket.write and "w" or ""), turn)
  end
  alarm:start(math.ceil(seconds * 1000), 0, turn)
end

function turn()
  -- Release every socket before the step: one may be closed there, and its number given anew.
  let_go()
  if tasks.drive(0) then go_on() end
  resume_ended()
end

function host.add_watches(watches) watches[#watches + 1] = watched end

function host.wake() alarm:start(0, 0, turn) end

local Waiter = { __close = function(self) self.thread = nil end }

function host.is_here() return not select(2, coroutine.running()) end

function host.wait(task)
  local waiter <close> = setmetatable({ thread = coroutine.running() }, Waiter)
  local waiting = awaited[task] or {}
  awaited[task] = waiting
  waiting[#waiting + 1] = waiter
  host.wake()
  while not task:done() do coroutine.yield() end -- somebody else may resume it
end

return host
