--- Tasks in the event loop of a host: `meet.loop.cqueues(client)` and `meet.loop.luv(client)`.
-- A loop drives all tasks of the Lua state while there are any, and new ones wake it at once.
-- How it waits for sockets and for tasks is the business of the others here, which have
--   wake()       sees that tasks are driven soon, where that can be done
--   wait(task)   suspends the coroutine until the task is over; raises outside of a coroutine

local absent = require "googlemeet.absent"
local core = require "googlemeet.core"
local scheduler = require "googlemeet.scheduler"
local tasks = require "googlemeet.tasks"

local loop = {}

local Loop = absent.methods({ __name = "googlemeet.loop", __index = {} }, "a loop")

local newest -- module of the loop that was asked for last

local function open(kind, client)
  if type(client) ~= "userdata" then
    core.error.misuse(("loop.%s: a client expected, got %s"):format(kind, type(client)))
  end
  newest = require("googlemeet.loop." .. kind)
  tasks.on_submit(newest.wake)
  return setmetatable({ client = client, host = newest }, Loop)
end

function loop.cqueues(client) return open("cqueues", client) end

function loop.luv(client) return open("luv", client) end

--- Run a function as a task, and give what it returns to the coroutine that called, which waits
-- meanwhile and holds up no other. Errors are those of `task:result()`.
---@param f function called with the arguments that follow
function Loop.__index:await(f, ...)
  scheduler.check_callable("await", f)
  local task = core.task.start(self.client, f, ...)
  self.host.wait(task)
  return task:result()
end

--- Wait for a task as `loop:await` does, in a coroutine of the loop that was asked for last.
core.shared.task.await = absent.of_dotted("googlemeet.task", "the task", "await", function(task)
  if not newest then core.error.misuse "await: make a loop first, with meet.loop" end
  newest.wait(task)
  return task:result()
end)

return loop
