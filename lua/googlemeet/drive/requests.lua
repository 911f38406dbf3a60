--- The requests to Drive and Docs that read one file, and the hints for refusals.

local request_group = require "googlemeet.request_group"

local requests = {}

local TOO_OFTEN = { kind = "rate_limited", hint = "the quota of Drive is used up for today: try "
  .. "again later" }

--- Drive's reasons for a 403 that has another cause than the account's rights.
local REASONS = {
  exportSizeLimitExceeded = { kind = "too_large", hint = "Drive exports up to 10 MB: take the "
    .. "format 'text' or 'markdown', or save the document in a browser" },
  dailyLimitExceeded = TOO_OFTEN, downloadQuotaExceeded = TOO_OFTEN,
  cannotDownloadAbusiveFile = { kind = "permission", hint = "Drive takes it for malware or spam: "
    .. "only its owner can download it, in a browser" },
}

--- Set the hint of a failed request.
local function explain(err, app)
  local row
  for _, detail in ipairs(err.status == 403 and err.details or {}) do
    row = row or type(detail) == "table" and REASONS[detail.reason]
  end
  if row then
    err.kind, err.hint = row.kind, row.hint
  elseif err.kind == "not_found" and err.origin == "google" then
    err.hint = ("it was deleted, or the Google account of the %s connection may not see it: use "
      .. "the organiser's account, or one that the file is shared with"):format(app)
  elseif err.status and err.status // 100 == 3 then
    err.hint = "a redirect is not followed, because the key would go with it: download the file in "
      .. "a browser, at its exportUri"
  end
  return err
end

--- Send one request of a group.
---@param group table of `request_group.begin`
---@param app "google-drive"|"google-docs"
---@param path string
---@param query table<string, any>
---@param more? table<string, any> other options of the request
---@return any body or number of bytes; nil and an error
---@return table response or error
function requests.ask(group, app, path, query, more)
  more = more or {}
  more.query, more.connection = query, app == "google-drive" and group.connection or nil
  local body, response = request_group.get(group, path, more)
  if body == nil then return nil, explain(response, app) end
  return body, response
end

return requests
