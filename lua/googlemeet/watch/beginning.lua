--- When the watch of a space began, by the server's clock: the machine's may be wrong.
-- The state has it by the machine's clock. How long ago that is does not depend on what the clock
-- shows, and the server's time is in the field `Date` of its answers.

local files = require "googlemeet.files"
local time = require "googlemeet.time"

local beginning = {}

local JUST_NOW = 1 -- seconds; no date is more exact
local MONTHS = {
  Jan = 1, Feb = 2, Mar = 3, Apr = 4, May = 5, Jun = 6,
  Jul = 7, Aug = 8, Sep = 9, Oct = 10, Nov = 11, Dec = 12,
}

--- Read an HTTP date, "Sun, 06 Nov 1994 08:49:37 GMT".
local function read_date(text)
  local day, month, year, clock = (text or ""):match "^%a+, (%d%d) (%a+) (%d%d%d%d) (%S+) GMT$"
  if not MONTHS[month] then return nil end
  return (time.parse(("%s-%02d-%sT%sZ"):format(year, MONTHS[month], day, clock)))
end

--- Ask the server for its time.
---@return number? seconds since 1970; the machine's if the server sends none; nil without either
---@return googlemeet.Error? err
local function ask(client)
  local body, response = client:request("GET", "/google-meet/v2/conferenceRecords", {
    query = { pageSize = 1, fields = "conferenceRecords/name" },
  })
  if not body then return nil, response end
  return read_date(response.headers.date) or files.epoch(client)
end

--- Return when the watch of a space began.
---@param watcher table client, reported (state), is_resumed, memory, `started` (on the client's
--- clock), `wall` (at the same time, on the machine's)
---@param space string that the state has no list of yet
---@return string? since RFC 3339; nil where it has just begun, or the server's time is unknown
---@return googlemeet.Error? err
function beginning.of(watcher, space)
  local client, memory = watcher.client, watcher.memory
  if not watcher.is_resumed and client:now() - watcher.started <= JUST_NOW then return nil end
  local began = watcher.started - math.max(0, watcher.wall - watcher.reported.begun[space])
  if memory.offset == nil then
    local now, err = ask(client)
    if err then return nil, err end
    memory.offset = now and now - client:now() or false
  end
  return memory.offset and time.format(math.max(0, (began + memory.offset) // 1)) or nil
end

--- Return the time by the server's clock, as far as it is known; else by the machine's.
---@param watcher table
---@return string now RFC 3339
function beginning.now(watcher)
  local client, offset = watcher.client, watcher.memory.offset
  return time.format((offset and client:now() + offset or files.epoch(client) or os.time()) // 1)
end

return beginning
