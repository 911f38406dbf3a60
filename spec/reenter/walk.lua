-- Walks a share of the calls: URL SHARE SHARES STEP CALL. Each call is made with a collection at
-- its first allocation, then at its second one, and so on; in that collection a finalizer makes
-- mischief. Then it is made with arguments whose metamethods make the mischief, at
-- the first use of one of them, the second … The last line has the figures.

local moment = require "moment"
local mischief = require "spec.reenter.mischief"
local world = require "spec.reenter.world"

local url, share, shares, step, only = ...
share, shares, step = tonumber(share), tonumber(shares), tonumber(step)
world.url = url

local calls = require "spec.reenter.calls"

local MOST_MOMENTS = 90 -- of one position

local totals = { triples = 0, positions = 0, functions = 0, wrong = 0, runs = 0, sampled = 0 }

local function sorted(t)
  local names = {}
  for name in pairs(t) do names[#names + 1] = name end
  table.sort(names)
  return names
end

local OF_ARGUMENT, OF_CLIENT = sorted(mischief.of_argument), sorted(mischief.of_client)

--- What misuse, and a client, list or state that is gone, may raise. Anything else is a fault.
local REFUSALS = {
  "is closed", "was collected", "was closed", "already sent", "changed while", "expected",
  "unknown option", "unknown filter field", "unknown start_time bound", "must be",
  "cannot be written as JSON", "is missing", "needs the functions", "is not a", "no field",
  "nothing to change", "has no '", "mischief", "requests change different fields", "malformed",
  "in a loop of Lua",
}

--- A loop of Lua code over a table that loses its place raises, as any such loop does; one of the
-- core's does not.
local function traced(why)
  if type(why) ~= "string" then return why end
  return debug.getinfo(2, "f").func == next and "in a loop of Lua: " .. why or why
end

local function is_error_table(value)
  local metatable = getmetatable(value)
  return type(metatable) == "table"
    and (metatable.__name == "googlemeet.error" or metatable.__name == "mischief")
end

--- What is wrong with how a call ended; nil: nothing.
local function fault_of(ok, value, err)
  if ok then
    if value == nil and err ~= nil and not is_error_table(err) and type(err) ~= "string" then
      return "it gave nil, " .. tostring(err)
    end
    return nil
  end
  if is_error_table(value) then return nil end
  local text = tostring(value)
  for _, refusal in ipairs(REFUSALS) do
    if text:find(refusal, 1, true) then return nil end
  end
  return "it raised " .. text
end

--- What is wrong with the items of a list; `has_ended`: the call has read it to its end.
local function fault_of_items(subject, has_ended)
  local seen = {}
  for _, item in ipairs(subject.taken) do
    if seen[item.name] then return item.name .. " came twice" end
    seen[item.name] = true
  end
  if has_ended and subject.whole and #subject.taken ~= subject.whole then
    return ("%d of %d items came"):format(#subject.taken, subject.whole)
  end
end

local function report(what, fault)
  totals.wrong = totals.wrong + 1
  io.stderr:write(("wrong: %s: %s\n"):format(what, fault))
end

local function check(what, subject, ...)
  local fault = fault_of(...) or fault_of_items(subject, (...))
  if fault then report(what, fault) end
  local good, is_good, why = pcall(world.is_good)
  if not good or not is_good then
    report(what, "the client is of no use: " .. tostring(good and why or is_good))
  end
end

local function prepare(call)
  local subject = { client = world.client(), taken = {} }
  function subject.take(item) subject.taken[#subject.taken + 1] = item end
  world.sent = {}
  local f, arguments = call.prepare(subject.client, subject)
  return f, arguments, subject
end

local METAMETHODS = {
  "__index", "__newindex", "__len", "__pairs", "__tostring", "__eq", "__close", "__call", "__lt",
  "__concat",
}

--- Give the tables of an argument metamethods that call `trip`; `is_lazy`: they are empty, and
-- everything comes from the metamethods.
local function arm_tables(value, trip, is_lazy)
  if type(value) ~= "table" then return value end
  local content, own = {}, getmetatable(value) or {}
  local metatable = { __name = own.__name or ("x"):rep(50), __gc = function() end }
  for name, inner in next, value do content[name] = arm_tables(inner, trip, is_lazy) end
  for name in next, is_lazy and content or {} do rawset(value, name, nil) end
  for _, name in ipairs(METAMETHODS) do metatable[name] = function() trip() end end
  function metatable.__index(_, name)
    trip()
    local inner = content[name]
    if type(inner) == "string" then inner = inner:sub(1) end -- a new one, which nothing keeps
    return inner == nil and own.__index and own.__index[name] or inner
  end
  function metatable.__pairs() trip() return next, content end
  function metatable.__len() trip() return #content end
  function metatable.__tostring() trip() return world.fresh "t" end
  for key, kept in next, own do -- such as the client of a resource
    if type(key) ~= "string" then metatable[key] = kept end
  end
  return setmetatable(value, metatable)
end

--- Make the call with mischief by a finalizer at the nth allocation. `is_lazy`: the argument has
-- everything from its metamethods.
local function at_allocation(call, position, act, nth, is_lazy, what)
  local f, arguments, subject = prepare(call)
  local argument, has_run, is_over = arguments[position], false, false
  if is_lazy then arm_tables(argument, function() end, true) end
  setmetatable({}, { __gc = function()
    if has_run then return end
    has_run = true
    setmetatable({}, { __gc = function() -- what the mischief frees is free by then
      if not is_over then moment.rest() end
    end })
    act(position and argument or subject, subject)
  end })
  moment.note(what)
  moment.arm(nth)
  local ok, value, err = xpcall(f, traced, table.unpack(arguments, 1, arguments.n))
  moment.disarm()
  has_run, is_over = true, true
  check(what, subject, ok, value, err)
  totals.runs = totals.runs + 1
end

--- Make the call with mischief at the nth use of a metamethod; false: there are fewer.
local function at_metamethod(call, position, act, nth, is_lazy, what)
  local f, arguments, subject = prepare(call)
  local argument, left = arguments[position], nth
  local function trip()
    left = left - 1
    if left ~= -1 then return end
    act(arguments, subject)
    collectgarbage()
  end
  moment.note(what)
  arguments[position] = arm_tables(argument, trip, is_lazy)
  local ok, value, err = xpcall(f, traced, table.unpack(arguments, 1, arguments.n))
  local came = left < 0
  left = 0
  check(what, subject, ok, value, err)
  totals.runs = totals.runs + 1
  return came
end

--- Every moment for one position (0: the client and what belongs to it), each kind of mischief at
-- each of them. Where a call has many, they are sampled, evenly.
local function walk(call, position, allocations, names)
  local of_client = position == 0
  local acts = of_client and mischief.of_client or mischief.of_argument
  local stride = math.max(step, allocations // MOST_MOMENTS + 1)
  if stride > 1 then totals.sampled = totals.sampled + 1 end
  local function try(name, nth, is_lazy)
    at_allocation(call, not of_client and position or nil, acts[name], nth, is_lazy,
      ("%s, %s, argument %d, %s, allocation %d"):format(call.name, world.kind, position, name, nth))
  end
  for nth = 0, allocations - 1, stride do
    for _, name in ipairs(names) do try(name, nth, false) end
    if not of_client then try("clear", nth, true) end
    totals.triples = totals.triples + 1
  end
end

--- Likewise for the uses of metamethods, with one kind of mischief at each of them in turn.
local function walk_metamethods(call, position, of_client)
  local kinds = {
    { names = OF_ARGUMENT, acts = mischief.of_argument, on = 1 },
    { names = of_client, acts = mischief.of_client, on = 2 },
  }
  for _, kind in ipairs(kinds) do
    for _, is_lazy in ipairs { false, true } do
      local nth, came = 0, true
      while came do
        local name = kind.names[(nth + (is_lazy and 1 or 0)) % #kind.names + 1]
        local function act(...) kind.acts[name]((select(kind.on, ...))) end
        came = at_metamethod(call, position, act, nth, is_lazy,
          ("%s, %s, argument %d, %s, metamethod %d"):format(call.name, world.kind, position, name,
            nth))
        totals.triples = totals.triples + (came and 1 or 0)
        nth = nth + 1
      end
    end
  end
end

--- The call with nothing in its way has to be a good one. Gives its arguments, and how many
-- allocations it makes.
local function prove(call)
  local f, arguments, subject = prepare(call)
  moment.note(call.name)
  moment.arm(-1)
  local ok, value, err = xpcall(f, traced, table.unpack(arguments, 1, arguments.n))
  local allocations = moment.disarm()
  if not ok then report(call.name, "without mischief it raised " .. tostring(value)) end
  if value == nil and err then report(call.name, "without mischief: " .. tostring(err)) end
  return arguments, allocations, subject
end

--- The names of the mischief that there can be.
local function possible(names, subject)
  local found = {}
  for _, name in ipairs(names) do
    local needed = mischief.needs[name]
    if not needed or subject[needed] then found[#found + 1] = name end
  end
  return found
end

local function try(call)
  local arguments, allocations, subject = prove(call)
  local of_client = possible(OF_CLIENT, subject)
  for position = 0, arguments.n do
    local argument = arguments[position]
    if position == 0 or type(argument) == "table" then
      walk(call, position, allocations, position == 0 and of_client or OF_ARGUMENT)
      totals.positions = totals.positions + 1
    end
    if type(argument) == "table" then walk_metamethods(call, position, of_client) end
  end
end

for index, call in ipairs(calls) do
  if index % shares == share and (not only or call.name:find(only, 1, true)) then
    totals.functions = totals.functions + 1
    for _, kind in ipairs { "plain", "asking", "wire" } do
      if call.kinds[kind] then
        world.kind = kind
        try(call)
      end
    end
    collectgarbage()
  end
end
--- While the state closes, a finalizer makes what Lua then finalizes no more.
local function leave_finalizer()
  world.kind = "asking"
  local client = world.new()
  _G.kept = setmetatable({ client = client }, { __gc = function()
    local sibling = client:with { timeout = 5 }
    sibling.spaces:get "spaces/x"
    sibling.conference_records:list():first()
  end })
end

leave_finalizer()
print(("%d functions, %d positions, %d sampled, %d triples, %d runs, %d wrong"):format(
  totals.functions, totals.positions, totals.sampled, totals.triples, totals.runs, totals.wrong))
return totals.wrong == 0
