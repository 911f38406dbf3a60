--- Watching conferences: `meet.watch(client, options)` iterates over their events.

local absent = require "googlemeet.absent"
local name = require "googlemeet.name"
local options = require "googlemeet.options"
local poll = require "googlemeet.watch.poll"
local state = require "googlemeet.watch.state"

local watch = {}

local Watcher = absent.array({ __name = "googlemeet.watcher", __index = {} }, "a watcher",
  "for event in watcher do")

--- Replace meeting codes by the names of their spaces.
local function resolve_codes(watcher)
  for code in pairs(watcher.codes) do
    local found = poll.resolve_code(watcher, code)
    if found then
      watcher.codes[code] = nil
      watcher.spaces[#watcher.spaces + 1] = found
    end
  end
end

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
    resolve_codes(watcher)
    watcher.queue, watcher.first = poll.run(watcher), 1
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
  state.report(watcher.reported, event)
  return event
end

--- Return where to resume: plain data to store, and to pass to `meet.watch` as `state`.
-- It covers exactly the events that were returned.
---@return table
function Watcher.__index:state()
  return state.copy(self.reported)
end

--- End the watch; may be repeated. Leaving a loop does it automatically.
---@return boolean
function Watcher.__index:close()
  self.is_closed = true
  return true
end

Watcher.__close = Watcher.__index.close

local function check_array(value, option)
  if value and (#value == 0 or next(value, #value) ~= nil or value.name) then
    error(("watch: option '%s': non-empty array expected"):format(option), 4)
  end
end

--- Resolve resources to their names, each once; meeting codes are returned separately.
local function resolve(kind, values)
  local names, codes, has = {}, {}, {}
  for _, value in ipairs(values) do
    if type(type(value) == "table" and value.name or value) ~= "string" then
      error(("watch: a %s or its name expected"):format((kind:gsub("_", " "))), 3)
    end
    local found, is_code = name.resolve(kind, value)
    if not found then error("watch: " .. is_code, 3) end
    if is_code then
      codes[found] = true
    elseif not has[found] then
      names[#names + 1], has[found] = found, true
    end
  end
  return names, codes
end

local function read_options(given)
  local read = options.merge(given, {
    spaces = options.of "table", records = options.of "table", state = options.of "table",
    interval = 5, cheap = false, on_error = options.of "function",
  }, 4)
  if (read.spaces == nil) == (read.records == nil) then
    error("watch: either 'spaces' or 'records' expected", 3)
  elseif not (read.interval > 0 and read.interval < math.huge) then
    error("watch: option 'interval': seconds above 0 expected", 3)
  end
  check_array(read.spaces, "spaces")
  check_array(read.records, "records")
  return read
end

--- Iterate over the events of conferences, each once and in time order.
--
-- With `spaces`: the live conferences and all that follow; it never ends. With `records`: from
-- their start; it ends when all have ended and their files have appeared, or will not.
-- A temporary failure of network or server is retried at the next poll; any other is raised.
---@param client googlemeet.Client
---@param opts googlemeet.WatchOptions
---@return googlemeet.Watcher watcher callable, and first in the four values of a generic `for`
local function new(_, client, opts)
  local read = read_options(opts)
  local reported = state.read(read.state)
  if not reported then error("watch: option 'state': result of watcher:state() expected", 2) end
  local watcher = {
    client = client, interval = read.interval, cheap = read.cheap, on_error = read.on_error,
    reported = reported, memory = poll.memory(), queue = {}, first = 1, codes = {},
  }
  if read.spaces then watcher.spaces, watcher.codes = resolve("space", read.spaces) end
  if read.records then watcher.records = resolve("conference_record", read.records) end
  setmetatable(watcher, Watcher)
  return watcher, nil, nil, watcher
end

return setmetatable(watch, { __call = new })
