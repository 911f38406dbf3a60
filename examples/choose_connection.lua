-- Work on one Google account of several: on the gateway's connection whose id is given, or on the
-- newest that is ACTIVE. Without an ACTIVE one, make one for a person to approve.
local meet = require "googlemeet"
local plain = require "googlemeet.core".text.plain -- one line, and nothing to steer a terminal

local function newest_active(client)
  local newest
  for connection in client.connections:list() do -- those of google-meet
    local id, made = connection.connection_id, connection.creation_time or "?"
    print(("%-36s  %-8s  made %s"):format(plain(id), connection.status, plain(made)))
    if connection.status == "ACTIVE" and (not newest or made > newest.creation_time) then
      newest = connection
    end
  end
  return newest and newest.connection_id
end

if arg[1] == "--help" then return print "Usage: lua5.4 choose_connection.lua [ID]" end
local client <close> = assert(meet.new())
local id = arg[1] or newest_active(client)
if not id then
  local made = assert(client.connections:create())
  made = made.url and made or assert(made:reload()) -- some answers hold the id alone
  print("Open this page, approve, then run the script again: " .. made.url)
  return assert(assert(io.write "\n"):flush())
end

-- A sibling of the client: the same sockets, another account.
local chosen <close> = assert(client:with { connection = id })
local record, err = chosen.conference_records:list():first()
if err then error(err) end
local start = record and "began at " .. (record.startTime or "?") or "is more than 30 days ago"
print(("On %s the latest conference %s."):format(id, start))
assert(assert(io.write "\n"):flush()) -- print does not notice a full disk
