--- Watching conferences: `meet.watch(client, options)` iterates over what happens in them.

local name = require "googlemeet.name"
local options = require "googlemeet.options"
local poll = require "googlemeet.watch.poll"
local state = require "googlemeet.watch.state"

local watch = {}

local Watcher = { __name = "googlemeet.watcher", __index = {} }

--- Put the names of spaces that were given by a code in place of these.
local function look_up_codes(watcher)
  for code in pairs(watcher.codes) do
    local found = poll.space_name(watcher, code)
    if found then
      watcher.codes[code] = nil
      watcher.spaces[#watcher.spaces + 1] = found
    end
  end
end

local function is_over(watcher)
  if watcher.is_closed then return true end
  for _, record in ipairs(watcher.records or {}) do
    local told = watcher.known.records[record]
    if not told or told.phase ~= "settled" then return false end
  end
  return watcher.records ~= nil
end

--- Look until there is something to tell.
local function fill_queue(watcher)
  while not watcher.queue[watcher.first] do
    poll.settle(watcher)
    if is_over(watcher) then return end
    if watcher.has_looked then watcher.client:sleep(watcher.interval) end
    if is_over(watcher) then return end -- closed meanwhile
    watcher.has_looked = true
    look_up_codes(watcher)
    watcher.queue, watcher.first = poll.look(watcher), 1
  end
end

--- Two tasks that look at once would both find the same.
local function enter(watcher)
  if watcher.is_busy then error("watch: another task waits for this watcher", 3) end
  watcher.is_busy = true
  return setmetatable({}, { __close = function() watcher.is_busy = false end })
end

--- Give the next event; waits for it. Nil when the watch is over.
function Watcher.__call(watcher)
  if watcher.is_closed then return nil end
  local _ <close> = enter(watcher)
  fill_queue(watcher)
  local event = watcher.queue[watcher.first]
  if watcher.is_closed or not event then return nil end
  watcher.queue[watcher.first] = nil
  watcher.first = watcher.first + 1
  state.tell(watcher.known, event)
  return event
end

--- Give what to go on from: plain data to store, and to hand to `meet.watch` as `state`.
-- All events that were handed out are behind it, no other one is.
---@return table
function Watcher.__index:state()
  return state.copy(self.known)
end

--- End the watch; may be repeated. A loop that is left does so by itself.
---@return boolean
function Watcher.__index:close()
  self.is_closed = true
  return true
end

Watcher.__close = Watcher.__index.close

local function check_array(value, option)
  if value and (#value == 0 or next(value, #value) ~= nil or value.name) then
    error(("watch: option '%s': an array of at least one expected"):format(option), 4)
  end
end

--- Names of the resources given, each once; those of spaces given by a code apart.
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
    error("watch: option 'interval': a number of seconds above 0 expected", 3)
  end
  check_array(read.spaces, "spaces")
  check_array(read.records, "records")
  return read
end

--- Iterate over what happens in conferences, each event once and in order of time.
--
-- Of spaces: the conference that runs, and all that follow; never ends by itself. Of records: from
-- their start; ends when all have ended and their files are there, or will not come. Raises what
-- does not pass by itself; looks again where the network or the server failed.
---@param client googlemeet.Client
---@param opts googlemeet.WatchOptions
---@return googlemeet.Watcher watcher callable, and first in the four values of a generic `for`
local function new(_, client, opts)
  local read = read_options(opts)
  local known = state.read(read.state)
  if not known then error("watch: option 'state': what watcher:state() gave expected", 2) end
  local watcher = {
    client = client, interval = read.interval, cheap = read.cheap, on_error = read.on_error,
    known = known, memory = poll.memory(), queue = {}, first = 1, codes = {},
  }
  if read.spaces then watcher.spaces, watcher.codes = resolve("space", read.spaces) end
  if read.records then watcher.records = resolve("conference_record", read.records) end
  setmetatable(watcher, Watcher)
  return watcher, nil, nil, watcher
end

return setmetatable(watch, { __call = new })
