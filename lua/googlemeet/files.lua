--- Waits for the file of a recording, transcript or smart note.
-- Google's states are STARTED, ENDED (no file yet) and FILE_GENERATED; none means that a file will
-- never appear. The rule of this module: a resource that is ENDED for more than a day has no file.

local core = require "googlemeet.core"
local failure = require "googlemeet.failure"
local options = require "googlemeet.options"
local time = require "googlemeet.time"
local validate = require "googlemeet.validate"

local files = {}

--- Seconds for which an ended recording may lack its file. Google documents no limit.
files.LATEST = 86400

local PAUSE = { first = 5, factor = 1.5, longest = 60 } -- seconds between polls
local POLL = { shortest = 10, longest = 60 } -- seconds that one poll may take
local PATTERNS = {
  "conferenceRecords/*/recordings/*", "conferenceRecords/*/transcripts/*",
  "conferenceRecords/*/smartNotes/*",
}
local EPOCH_CLOCK = 1000000000 -- a clock that shows less does not count from 1970

--- Return the pause that follows a pause: 5 s at first, then 1.5 times as long, at most 60 s.
---@param pause? number seconds
---@return number seconds
function files.next_pause(pause)
  return pause and math.min(pause * PAUSE.factor, PAUSE.longest) or PAUSE.first
end

--- Return epoch seconds; nil when the client has a custom clock that does not count from 1970.
---@param client googlemeet.Client
---@return number?
function files.epoch(client)
  if not core.client.clock(client) then return os.time() end
  local now = client:now()
  return now >= EPOCH_CLOCK and now or nil
end

--- Return the seconds that have passed since a server's time.
-- They count from `seen_at` when the current date is unknown, or earlier than that time.
---@param client googlemeet.Client
---@param text any RFC 3339
---@param seen_at number when the time was first seen, on the client's clock
---@return number seconds
function files.seconds_since(client, text, seen_at)
  local now, at = files.epoch(client), type(text) == "string" and time.parse(text)
  if now and at and now >= at then return now - at end
  return client:now() - seen_at
end

local function destination_of(resource)
  return resource.driveDestination or resource.docsDestination
end

--- Say whether the file exists and has a destination.
---@param resource googlemeet.Recording|googlemeet.Transcript|googlemeet.SmartNote
---@return boolean
function files.is_ready(resource)
  return resource.state == "FILE_GENERATED" and type(destination_of(resource)) == "table"
end

--- Return the id of the file in Drive, as the server sent it; nil when there is none.
---@param resource googlemeet.Recording|googlemeet.Transcript|googlemeet.SmartNote
---@return string?
function files.id_of(resource)
  local destination = destination_of(resource)
  local id = type(destination) == "table" and (destination.file or destination.document)
  return type(id) == "string" and id or nil
end

--- Return the error that ends the wait for a resource that is not ready, if these seconds end it.
local function outcome_of(wait, waited)
  local resource = wait.resource
  if resource.state == "ENDED" then
    wait.ended_at = wait.ended_at or wait.client:now()
    local age = files.seconds_since(wait.client, resource.endTime, wait.ended_at)
    if age > files.LATEST then
      return failure.quoting(wait.client, "not_found",
        ("%s ended %.0f hours ago without a file: none will appear"):format(resource.name,
          age // 3600),
        "there is no file; you can still read the entries of a transcript")
    end
  end
  if waited >= wait.timeout then
    local last = wait.last_failure
    return failure.quoting(wait.client, "deadline",
      ("%s has no file after %.0f s: its state is %s%s"):format(resource.name, waited,
        resource.state or "unknown", last and "; the last poll failed: " .. last.message or ""),
      "wait again later, or raise 'timeout'")
  end
end

--- Read the resource again.
---@return table? err that ends the wait
local function poll(wait)
  local left = wait.timeout - (wait.client:now() - wait.started)
  local fresh, err = wait.resource:reload {
    deadline = math.max(POLL.shortest, math.min(left, POLL.longest)),
  }
  if fresh and fresh.name ~= wait.resource.name then
    fresh, err = nil, failure.quoting(wait.client, "decode",
      "the server sent a resource other than " .. wait.resource.name)
  end
  wait.last_failure = err
  if fresh then
    wait.resource = fresh
  elseif not failure.is_temporary(err) then
    return err
  end
end

--- Check that the resource, which is data, has a name to request. A missing name is misuse.
local function check_name(resource)
  if resource.name == nil then error("wait_for_file: the resource has no 'name'", 3) end
  local fits, err
  for _, pattern in ipairs(PATTERNS) do
    fits, err = validate.resource(resource, pattern)
    if fits then return true end
  end
  return nil, err
end

local function read_options(given)
  local read = options.merge(given, { timeout = 3600, on_wait = options.of "function" }, 4)
  if read.timeout < 0 or read.timeout ~= read.timeout then
    error("option 'timeout': seconds from 0 expected, got " .. tostring(read.timeout), 3)
  end
  return read
end

--- Wait until the file exists, and return the fresh resource with its destination.
-- It polls at once, then after 5 s, 7.5 s, … up to 60 s. A temporary failure of a poll does not end
-- the wait while there is time.
---@param resource googlemeet.Recording|googlemeet.Transcript|googlemeet.SmartNote
---@param opts? googlemeet.WaitOptions
---@return table? fresh
---@return googlemeet.Error? err of kind `deadline`: not yet; `not_found`: it ended more than a day
--- ago without a file, or was deleted; `cancelled`: `on_wait` returned false; or a permanent error
function files.wait(resource, opts)
  local read, client = read_options(opts), core.client.of_resource(resource)
  if files.is_ready(resource) then return resource end
  local is_named, problem = check_name(resource)
  if not is_named then return nil, problem end
  local wait, pause = {
    client = client, resource = resource, timeout = read.timeout, started = client:now(),
  }, nil
  while true do
    local err = poll(wait)
    if not err and files.is_ready(wait.resource) then return wait.resource end
    local waited = client:now() - wait.started
    err = err or outcome_of(wait, waited)
    if err then return nil, err end
    pause = files.next_pause(pause)
    local seconds = math.min(pause, wait.timeout - waited)
    if read.on_wait and read.on_wait(wait.resource, seconds) == false then
      return nil, failure.quoting(client, "cancelled", resource.name .. ": on_wait ended the wait",
        "call wait_for_file again")
    end
    client:sleep(seconds)
  end
end

return files
