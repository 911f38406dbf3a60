-- Use one Google account of several: the one with this text in its connection id or e-mail address,
-- else the one that was connected last: lua5.4 pick_connection.lua [TEXT]
local meet = require "googlemeet"

local wanted = arg[1]

--- Pick one of the account's connections; called once, at the first call that needs it.
local function pick(connections)
  local found
  for _, connection in ipairs(connections) do
    local line = meet.connections.describe(connection) -- id, status, age, e-mail address
    print(line)
    local fits = connection.status == "ACTIVE" and (not wanted or line:find(wanted, 1, true))
    if fits and not (found and found.creation_time > connection.creation_time) then
      found = connection
    end
  end
  return found
end

local client <close> = assert(meet.new { connection = pick })
local record, err = client.conference_records:list():first()
if err then error(err) end
print("the latest conference: " .. (record and record.name or "none"))
