--- A transport in front of the fake's, whose lists of participants shift while their pages are
-- read: a page begins at a place of the list as it is by then. Those who are present come first,
-- the last to join before the others, so that who comes or goes moves others to another page.

local core = require "googlemeet.core"

local shifting = {}

local function by_presence(one, other)
  if (one.latestEndTime == nil) ~= (other.latestEndTime == nil) then
    return one.latestEndTime == nil
  end
  if one.earliestStartTime ~= other.earliestStartTime then
    return one.earliestStartTime > other.earliestStartTime
  end
  return one.name < other.name
end

--- The URL that asks for all items, and the place at which the page begins.
local function whole(url)
  local place = url:match "[?&]pageToken=(%d+)"
  local bare = url:gsub("([?&])pageToken=[^&]*&?", "%1"):gsub("([?&])pageSize=[^&]*&?", "%1")
  return bare:gsub("[?&]$", ""), tonumber(place or 0)
end

--- Make a transport. `before(request)` is called first, and may give another response.
---@param transport function
---@param size integer participants on a page
---@param before function
function shifting.over(transport, size, before)
  return function(request)
    local response, message = before(request)
    if response or message then return response, message end
    local list = request.url:match "/(%a+)%?" or request.url:match "/(%a+)$"
    if list ~= "participants" then return transport(request) end
    local url, place = whole(request.url)
    response = assert(transport { method = "GET", url = url, headers = request.headers })
    local body = core.decode(response.body)
    local items = body and body.participants
    if not items then return response end
    table.sort(items, by_presence)
    local page = core.array(table.move(items, place + 1, place + size, 1, {}))
    local more = #items > place + size and tostring(place + size) or nil
    response.body = assert(core.encode { participants = page, nextPageToken = more })
    return response
  end
end

return shifting
