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

local KINDS <const> = { "cqueues", "luv" } -- any coroutine may be luv's
local opened = tasks.loops

--- The loop whose coroutine this is.
local function here()
  for _, kind in ipairs(KINDS) do
    if opened[kind] and opened[kind].is_here() then return opened[kind] end
  end
end

local function open(kind, client)
  if type(client) ~= "userdata" then
    core.error.misuse(("loop.%s: a client expected, got %s"):format(kind, type(client)))
  end
  opened[kind] = opened[kind] or require("googlemeet.loop." .. kind)
  return setmetatable({ client = client, host = opened[kind] }, Loop)
end

function loop.cqueues(client) return open("cqueues", client) end

function loop.luv(client) return open("luv", client) end

local OUTSIDE = "await: call it in a coroutine of the loop"

--- Run a function as a task and return its results. The calling coroutine waits; others run on.
-- Errors are those of `task:result()`.
---@param f function called with the arguments that follow
function Loop.__index:await(f, ...)
  scheduler.check_callable("await", f)
  local task = core.task.start(self.client, f, ...)
  if not core.task.wait(task) then -- inside a task that has waited
    if here() ~= self.host then
      core.task.cancel(task)
      core.error.misuse(OUTSIDE)
    end
    self.host.wait(task)
  end
  return task:result()
end

--- Wait for a task as `loop:await` does, in a coroutine of any loop.
core.shared.task.await = misuse.with_colon("googlemeet.task", "the task", "await", function(task)
  if not core.task.wait(task) then
    local host = here()
    if not host then
      core.error.misuse(next(opened) and OUTSIDE or "await: make a loop first, with meet.loop")
    end
    host.wait(task)
  end
  return task:result()
end)

return loop
