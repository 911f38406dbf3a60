--- Waiting for the file of a recording, transcript or smart note.
-- Google's states are STARTED, ENDED (no file yet) and FILE_GENERATED; none says that a file will
-- never come. The rule of this module: what is ENDED for more than a day has no file.

local core = require "googlemeet.core"
local options = require "googlemeet.options"
local time = require "googlemeet.time"

local files = {}

--- Seconds that an ended recording may stay without its file. The contract names no limit.
files.LATEST = 86400

local PAUSE = { first = 5, factor = 1.5, longest = 60 } -- seconds between looks
local LOOK = { shortest = 10, longest = 60 } -- seconds that one look may take
local EPOCH_CLOCK = 1000000000 -- a clock that shows less does not count from 1970

--- Failures that pass by themselves; all others end a wait.
local PASSING = {
  transport = true, timeout = true, deadline = true, rate_limited = true, server = true,
}

--- Tell whether the same call may well succeed later.
---@param err googlemeet.Error
---@return boolean
function files.is_passing(err)
  return PASSING[err.kind] == true
end

--- Give the pause that follows a pause: 5 s at first, then half as long again, 60 s at the most.
---@param pause? number seconds
---@return number seconds
function files.next_pause(pause)
  return pause and math.min(pause * PAUSE.factor, PAUSE.longest) or PAUSE.first
end

--- Epoch seconds; nil where the client has a clock of its own that does not count from 1970.
local function epoch(client)
  if not core.client.clock(client) then return os.time() end
  local now = client:now()
  return now >= EPOCH_CLOCK and now or nil
end

--- Seconds that have passed since a time of the server's.
-- Where the date is unknown, or before that time, they count from when it was first seen.
---@param client googlemeet.Client
---@param text any RFC 3339
---@param seen_at number on the client's clock
---@return number seconds
function files.seconds_since(client, text, seen_at)
  local now, at = epoch(client), type(text) == "string" and time.parse(text)
  if now and at and now >= at then return now - at end
  return client:now() - seen_at
end

--- Tell whether the file is there, and where.
---@param resource googlemeet.Recording|googlemeet.Transcript|googlemeet.SmartNote
---@return boolean
function files.is_ready(resource)
  return resource.state == "FILE_GENERATED"
    and (resource.driveDestination or resource.docsDestination) ~= nil
end

local function failure(kind, hint, message, ...)
  local err = core.error.new(kind, message:format(...))
  err.hint = hint
  return err
end

--- What there is to say about a resource that is not ready.
local function outcome_of(wait)
  local resource, waited = wait.resource, wait.client:now() - wait.started
  if resource.state == "ENDED" then
    wait.ended_at = wait.ended_at or wait.client:now()
    local age = files.seconds_since(wait.client, resource.endTime, wait.ended_at)
    if age > files.LATEST then
      return failure("not_found", "there is no file; the entries of a transcript can be read",
        "%s ended %d hours ago without a file: it will not come", resource.name, age // 3600)
    end
  end
  if waited >= wait.timeout then
    local last = wait.last_failure
    return failure("deadline", "wait again later, or raise 'timeout'",
      "%s has no file after %.0f s: its state is %s%s", resource.name, waited,
      resource.state or "unknown", last and "; the last look failed: " .. last.message or "")
  end
end

--- Look once more.
---@return table? err where the wait is over
local function look(wait)
  local left = wait.timeout - (wait.client:now() - wait.started)
  local fresh, err = wait.resource:reload {
    deadline = math.max(LOOK.shortest, math.min(left, LOOK.longest)),
  }
  wait.last_failure = err
  if fresh then
    wait.resource = fresh
  elseif not files.is_passing(err) then
    return err
  end
end

local function read_options(given)
  local read = options.merge(given, { timeout = 3600, on_wait = options.of "function" }, 4)
  if read.timeout < 0 or read.timeout ~= read.timeout then
    error("option 'timeout': seconds from 0 on expected, got " .. tostring(read.timeout), 3)
  end
  return read
end

--- Wait until the file is there, and give the fresh resource with its destination.
-- Looks at once, then after 5 s, 7.5 s, … up to 60 s. A look that fails in passing ends nothing
-- while there is time.
---@param resource googlemeet.Recording|googlemeet.Transcript|googlemeet.SmartNote
---@param opts? googlemeet.WaitOptions
---@return table? fresh
---@return googlemeet.Error? err of kind `deadline`: not yet; `not_found`: it ended more than a day
--- ago without a file, or is gone; `cancelled`: `on_wait` gave false; or a failure that stays
function files.wait(resource, opts)
  local read, client = read_options(opts), core.client.of_resource(resource)
  local wait = {
    client = client, resource = resource, timeout = read.timeout, started = client:now(),
  }
  local pause
  while not files.is_ready(wait.resource) do
    local err = look(wait)
    if not err and files.is_ready(wait.resource) then break end
    err = err or outcome_of(wait)
    if err then return nil, err end
    pause = files.next_pause(pause)
    local seconds = math.min(pause, wait.timeout - (client:now() - wait.started))
    if read.on_wait and read.on_wait(wait.resource, seconds) == false then
      return nil, failure("cancelled", "wait again", "%s: on_wait ended the wait", resource.name)
    end
    client:sleep(seconds)
  end
  return wait.resource
end

return files
