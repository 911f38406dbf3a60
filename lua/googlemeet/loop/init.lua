--- Tasks in the event loop of a host: `meet.loop.cqueues(client)` and `meet.loop.luv(client)`.
-- A loop drives all tasks of the Lua state while there are any, and new ones wake it at once.
-- The other modules here wait for sockets and tasks. Each has
--   is_here()      says whether this is a coroutine of the loop, or may be one
--   add_watches(t) adds the numbers of its active watches: a step closes none of their sockets
--   wake()         drives tasks soon, where that is possible
--   wait(task)     suspends such a coroutine until the task is over

local core = require "googlemeet.core"
local misuse = require "googlemeet.misuse"
local scheduler = require "googlemeet.scheduler"
local tasks = require "googlemeet.tasks"

local loop = {}

local Loop = misuse.guard({ __name = "googlemeet.loop", __index = {} }, "a loop")

local opened = tasks.loops

local function open(kind, client)
  if type(client) ~= "userdata" then
    core.error.misuse(("loop.%s: a client expected, got %s"):format(kind, type(client)))
  end
  opened[kind] = opened[kind] or require("googlemeet.loop." .. kind)
  return setmetatable({ client = client, host = opened[kind] }, Loop)
end

function loop.cqueues(client) return open("cqueues", client) end

function loop.luv(client) return open("luv", client) end

--- Run a function as a task and return its results. The calling coroutine waits; others run on.
-- Errors are those of `task:result()`.
---@param f function called with the arguments that follow
function Loop.__index:await(f, ...)
  scheduler.check_callable("await", f)
  local task = core.task.start(self.client, f, ...)
  if not core.task.wait(task) then -- inside a task that has waited
    if tasks.loop_here() ~= self.host then
      core.task.cancel(task)
      core.error.misuse(tasks.OUTSIDE)
    end
    self.host.wait(task)
  end
  return task:result()
end

return loop
