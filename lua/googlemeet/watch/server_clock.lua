--- The server's clock: the machine's may be wrong. It is read once, from the field `Date` of an
-- answer, and then goes as the client's clock does.

local failure = require "googlemeet.failure"
local files = require "googlemeet.files"
local http_date = require "googlemeet.http_date"
local time = require "googlemeet.time"

local server_clock = {}

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
      return nil, failure.new("decode", "the server's answer to a list is not a JSON object")
    end
    local now = http_date(response.headers.date) or files.epoch(client)
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
