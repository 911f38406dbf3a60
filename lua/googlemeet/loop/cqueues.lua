--- A controller of cqueues drives tasks, in a separate coroutine while there are any.

local condition = require "cqueues.condition"
local cqueues = require "cqueues"
local tasks = require "googlemeet.tasks"

local host = {}

local work = condition.new() -- wakes the drivers
local drivers = setmetatable({}, { __mode = "k" }) -- controller -> number of its watch, or false
local awaited = setmetatable({}, { __mode = "k" }) -- task -> condition of those who await it

--- Resume the coroutines whose task is over.
local function signal_ended()
  for task, ended in pairs(awaited) do
    if task:done() then
      awaited[task] = nil
      ended:signal()
    end
  end
end

--- Wait until a socket is ready, a step is due or there is new work.
local function poll(controller)
  local sockets, seconds, watch = tasks.watch()
  for _, socket in ipairs(sockets) do -- as cqueues.poll takes it
    socket.pollfd = socket.fd
    socket.events = (socket.read and "r" or "") .. (socket.write and "w" or "")
  end
  drivers[controller] = watch
  cqueues.poll(work, seconds, table.unpack(sockets))
  -- Release every socket: one may be closed in the step, and its number given anew.
  for _, socket in ipairs(sockets) do controller:cancel(socket.fd) end
  drivers[controller] = false
end

local function drive(controller)
  while true do
    local is_left = tasks.drive(0)
    signal_ended()
    if not is_left then return end
    poll(controller)
  end
end

--- Drive until no task is left. After an error, such as that of Ctrl-C, another coroutine drives:
-- otherwise coroutines that await a task would sleep for ever.
local function be_driver(controller)
  local ok, problem = pcall(drive, controller)
  drivers[controller] = nil
  if ok then return end
  if next(awaited) then host.wake() end
  error(problem, 0)
end

function host.wake()
  local controller = cqueues.running()
  if controller and drivers[controller] == nil then
    controller:wrap(be_driver, controller) -- it may raise, without memory
    drivers[controller] = false
  end
  work:signal()
end

function host.add_watches(watches)
  for _, watch in pairs(drivers) do
    if watch then watches[#watches + 1] = watch end
  end
end

function host.is_here() return cqueues.running() ~= nil end

function host.wait(task)
  local ended = awaited[task] or condition.new()
  awaited[task] = ended
  host.wake()
  while not task:done() do ended:wait() end
end

return host
