--- The server's clock: the machine's may be wrong. It is read once, from the field `Date` of an
-- answer, and then goes as the client's clock does.

local failure = require "googlemeet.failure"
local files = require "googlemeet.files"
local time = require "googlemeet.time"

local server_clock = {}

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

--- Return the server's time; the machine's where the server sends none.
---@param watcher table client, memory
---@return number? seconds since 1970, at most one too few; nil when no clock counts from 1970
---@return googlemeet.Error? err when the server was asked in vain
function server_clock.now(watcher)
  local client, memory = watcher.client, watcher.memory
  if memory.offset == nil then
    local body, response = client:request("GET", "/google-meet/v2/conferenceRecords", {
      query = { pageSize = 1, fields = "conferenceRecords/name" },
    })
    if not body then return nil, response end
    if type(body) ~= "table" then -- whoever answered, it was not the server
      return nil, failure.new("decode", "the server's answer to a list is no JSON object")
    end
    local now = read_date(response.headers.date) or files.epoch(client)
    memory.offset = now and now - client:now() or false
  end
  return memory.offset and client:now() + memory.offset or nil
end

--- Return the server's time as far as it is known, without a request; else the machine's.
---@param watcher table
---@return string now RFC 3339
function server_clock.text(watcher)
  local client, offset = watcher.client, watcher.memory.offset
  return time.format((offset and client:now() + offset or files.epoch(client) or os.time()) // 1)
end

return server_clock
