--- What a finalizer or a metamethod does meanwhile: to the tables of one argument, or to the client
-- and what belongs to it.

local world = require "spec.reenter.world"

local mischief = {}

--- Call `act` with each table of an argument, the innermost first.
local function each_table(value, act, seen)
  seen = seen or {}
  if type(value) ~= "table" or seen[value] then return end
  seen[value] = true
  for _, inner in next, value do each_table(inner, act, seen) end
  act(value)
end

local function clear(t)
  for name in next, t do rawset(t, name, nil) end
end

--- Other strings, numbers and tables in the places of those that were given.
local function change(t)
  for name, value in next, t do
    local kind = type(value)
    if kind == "string" then rawset(t, name, world.fresh "w") end
    if kind == "number" then rawset(t, name, value + 1) end
    if kind == "table" then rawset(t, name, { name = world.fresh "w" }) end
  end
end

--- More items in an array, more names in anything else.
local function grow(t)
  local is_array = rawget(t, 1) ~= nil
  for i = 1, 40 do rawset(t, is_array and rawlen(t) + 1 or world.fresh "n", i) end
end

--- A traversal that is under way loses its place.
local function replace(t)
  clear(t)
  grow(t)
end

mischief.of_argument = { clear_outermost = clear }
for name, act in pairs { clear = clear, change = change, grow = grow, replace = replace } do
  mischief.of_argument[name] = function(argument) each_table(argument, act) end
end

mischief.of_client = {}
local of_client = mischief.of_client

--- More often than a client keeps keys that it had.
function of_client.renew(subject)
  for _ = 1, 5 do
    world.key = world.fresh "k"
    subject.client.spaces:get "renewed"
  end
end

function of_client.close(subject)
  subject.client:close()
end

--- A sibling, whose list and its page are left behind.
function of_client.sibling(subject)
  local sibling = subject.client:with { user_agent = world.fresh "u" }
  sibling.conference_records:list():first()
end

--- All other ways into the same client.
function of_client.call(subject)
  local client = subject.client
  client:request("POST", "/x", { body = { text = world.fresh "b" } })
  client:gather { function() return client.spaces:get "gathered" end }
  client:step(0)
end

function of_client.raise() error(setmetatable({}, { __name = "mischief" })) end

--- Where there is a list: an item is taken, or it is closed.
function of_client.take(subject)
  subject.take(subject.pager())
end

function of_client.drop(subject)
  subject.pager:close()
  subject.whole = nil
end

--- The thread that waits goes on, or is closed.
function of_client.resume(subject)
  coroutine.resume(subject.thread)
  coroutine.close(subject.thread)
end

--- What some of it needs.
mischief.needs = { take = "pager", drop = "pager", resume = "thread" }

return mischief
