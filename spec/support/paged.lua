--- A gateway whose lists shift: what a page shows depends on when it is read.

local core = require "googlemeet.core"
local meet = require "googlemeet"

local paged = {}

--- Make a client of it.
---@param pages table<string, table[]> by path below `/google-meet/v2/`: the answer, or the pages of
---  a list, each a table that is sent as JSON
---@return googlemeet.Client
---@return string[] log the paths asked for
function paged.client(pages)
  local log = {}
  local function transport(request)
    local path = request.url:match "/google%-meet/v2/([^?]*)"
    local at = tonumber(request.url:match "pageToken=(%d+)") or 1
    local page = pages[path] and pages[path][at]
    log[#log + 1] = path
    if not page then return { status = 404, headers = {}, body = "{}" } end
    local copy = {}
    for name, value in pairs(page) do copy[name] = value end
    copy.nextPageToken = pages[path][at + 1] and tostring(at + 1) or nil
    return { status = 200, headers = {}, body = core.encode(copy) }
  end
  return assert(meet.new {
    api_key = "test-key", rate = false, retry = false, transport = transport,
  }), log
end

return paged
