--- Watching conferences: `meet.watch(client, options)` iterates over their events.

local core = require "googlemeet.core"
local failure = require "googlemeet.failure"
local failures = require "googlemeet.watch.failures"
local misuse = require "googlemeet.misuse"
local name = require "googlemeet.name"
local options = require "googlemeet.options"
local poll = require "googlemeet.watch.poll"
local state = require "googlemeet.watch.state"
local stored = require "googlemeet.watch.stored"

local watch = {}

local Watcher = misuse.guard_array({ __name = "googlemeet.watcher", __index = {} }, "a watcher",
  "for event in watcher do")

local function is_over(watcher)
  if watcher.is_closed then return true end
  for _, record in ipairs(watcher.records or {}) do
    local row = watcher.reported.records[record]
    if not row or row.phase ~= "settled" then return false end
  end
  return watcher.records ~= nil
end

--- Poll until there is an event to return.
local function fill_queue(watcher)
  while not watcher.queue[watcher.first] do
    poll.mark_done(watcher)
    if is_over(watcher) then return end
    if watcher.has_polled then watcher.client:sleep(watcher.interval) end
    if is_over(watcher) then return end -- closed during the sleep
    watcher.has_polled = true
    watcher.queue, watcher.first = poll.run(watcher), 1
    failures.check(watcher.failures)
    if watcher.on_poll then watcher.on_poll(watcher) end
  end
end

--- Admit one task at a time: two that poll at once would return the same events.
local function enter(watcher)
  if watcher.is_busy then error("watch: another task is waiting for this watcher", 3) end
  watcher.is_busy = true
  return setmetatable({}, { __close = function() watcher.is_busy = false end })
end

--- Wait for the next event and return it; nil when the watch is over.
function Watcher.__call(watcher)
  if watcher.is_closed then return nil end
  local _ <close> = enter(watcher)
  fill_queue(watcher)
  local event = watcher.queue[watcher.first]
  if watcher.is_closed or not event then return nil end
  watcher.queue[watcher.first] = nil
  watcher.first = watcher.first + 1
  state.report(watcher.reported, event, watcher.memory.spaces[event.record.name])
  return event
end

--- Return where to resume: plain data to store, and to pass to `meet.watch` as `state`.
-- It covers exactly the events that were returned; before the first one, the start of the watch.
---@return table
function Watcher.__index:state()
  return state.copy(self.reported)
end

--- Return who is present in a conference by the events that were returned, in the order in which
-- they joined; an empty array for one that has ended or is not watched. In a process that goes on
-- from a state it takes requests, until the first poll has been made.
---@param record googlemeet.ConferenceRecord|string
---@return googlemeet.Participant[]?
---@return googlemeet.Error? err
function Watcher.__index:present(record)
  local given = type(record) == "table" and record.name or record
  if type(given) ~= "string" then
    error("watcher:present: a conference record or its name expected", 2)
  end
  local found, problem = name.resolve("conference_record", given)
  if not found then error("watcher:present: " .. problem, 2) end
  return poll.present(self, found)
end

--- End the watch; may be repeated. Leaving a loop does it automatically.
---@return boolean
function Watcher.__index:close()
  self.is_closed = true
  return true
end

Watcher.__close = Watcher.__index.close

local function check_array(value, option)
  if not value then return end
  local items, entries = 0, 0 -- `#` would be any border of an array with a gap
  for _ in ipairs(value) do items = items + 1 end
  for _ in pairs(value) do entries = entries + 1 end
  if items == 0 or items < entries then
    error(("watch: option '%s': non-empty array expected"):format(option), 4)
  end
end

--- Resolve a resource or its name; return the name, and whether it is a meeting code.
local function resolve(kind, value)
  if type(type(value) == "table" and value.name or value) ~= "string" then
    error(("watch: a %s or its name expected"):format((kind:gsub("_", " "))), 4)
  end
  local found, is_code = name.resolve(kind, value)
  if not found then error("watch: " .. is_code, 4) end
  return found, is_code
end

local function read_rooms(values)
  local rooms = {}
  for index, value in ipairs(values or {}) do
    local space, is_code = resolve("space", value)
    rooms[index] = { given = value, space = space, is_code = is_code }
  end
  return rooms
end

--- Resolve records to their names, each once.
local function read_records(values)
  local names, has = {}, {}
  for _, value in ipairs(values) do
    local found = resolve("conference_record", value)
    if not has[found] then names[#names + 1], has[found] = found, true end
  end
  return names
end

local function read_options(given)
  local read = options.merge(given, {
    spaces = options.of "table", records = options.of "table", state = options.of "table",
    interval = 5, settle_after = 600, cheap = false, on_error = options.of "function",
    on_poll = options.of "function",
  }, 4)
  if (read.spaces == nil) == (read.records == nil) then
    error("watch: either 'spaces' or 'records' expected", 3)
  elseif not (read.interval > 0 and read.interval < math.huge) then
    error("watch: option 'interval': seconds above 0 expected", 3)
  elseif read.settle_after < 0 or read.settle_after ~= read.settle_after then
    error("watch: option 'settle_after': seconds expected, 0 or more", 3)
  end
  check_array(read.spaces, "spaces")
  check_array(read.records, "records")
  return read
end

--- Return the machine's time, or that of the client's own clock.
local function wall(client)
  return core.client.clock(client) and client:now() or os.time()
end

--- Iterate over the events of conferences, each once and in time order.
--
-- With `spaces`: the live conferences and all that follow; it never ends. With `records`: from
-- their start; it ends when all have ended and their files have appeared, or will not.
-- A temporary failure of network or server is retried at the next poll; any other is raised.
---@param client googlemeet.Client
---@param opts googlemeet.WatchOptions
---@return googlemeet.Watcher? watcher callable, and first in the four values of a generic `for`
---@return googlemeet.Error? err of kind `decode` when `state` is no state, or an older version's
local function new(_, client, opts)
  if type(client) ~= "userdata" then
    error("watch: a client expected, got " .. type(client), 2)
  end
  local read = read_options(opts)
  local rooms, reported, problem = read_rooms(read.spaces), state.new(), nil
  local records = read.records and read_records(read.records)
  if read.state then reported, problem = stored.read(read.state) end
  if not reported then
    return nil, failure.new("decode", "option 'state': " .. problem,
      "give what watcher:state() returned, or start without 'state'")
  end
  local watcher = {
    client = client, interval = read.interval, settle_after = read.settle_after,
    cheap = read.cheap, on_poll = read.on_poll, rooms = rooms, records = records,
    reported = reported, memory = poll.memory(),
    failures = failures.new(read.on_error, read.interval), queue = {}, first = 1,
    is_resumed = read.state ~= nil, started = client:now(), wall = wall(client),
  }
  for _, room in ipairs(rooms) do state.await(reported, room.space, watcher.wall) end
  setmetatable(watcher, Watcher)
  return watcher, nil, nil, watcher
end

return setmetatable(watch, { __call = new })
