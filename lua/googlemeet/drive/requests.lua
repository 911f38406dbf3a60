--- The requests that read one file, with the options of one method call: how long they may take, on
-- which connection they go, and why one was refused.

local failure = require "googlemeet.failure"
local options = require "googlemeet.options"

local requests = {}

local TOO_OFTEN = { kind = "rate_limited", hint = "Drive gives no more today: try again later" }

--- Drive's reasons for a 403 that the account's rights do not explain, and the core neither.
local REASONS = {
  exportSizeLimitExceeded = { kind = "too_large", hint = "Drive exports up to 10 MB: take the "
    .. "format 'text' or 'markdown', or save the document in a browser" },
  dailyLimitExceeded = TOO_OFTEN, downloadQuotaExceeded = TOO_OFTEN,
  cannotDownloadAbusiveFile = { kind = "permission", hint = "Drive takes it for malware or spam: "
    .. "only its owner can download it, in a browser" },
}

--- Say in the error of a request what can be done about it.
local function explain(err, app)
  local row
  for _, detail in ipairs(err.status == 403 and err.details or {}) do
    row = row or type(detail) == "table" and REASONS[detail.reason]
  end
  if row then
    err.kind, err.hint = row.kind, row.hint
  elseif err.kind == "not_found" and err.origin == "google" then
    err.hint = ("it was deleted, or the Google account of the %s connection may not see it: it "
      .. "has to be the organiser's, or one that the file is shared with"):format(app)
  elseif err.status and err.status // 100 == 3 then
    err.hint = "a redirect is not followed, since the key would go along to wherever it leads: "
      .. "download the file in a browser, at its exportUri"
  end
  return err
end

--- Begin a reading. Misuse raises at the line of the method's caller.
---@param client googlemeet.Client
---@param resource table
---@param given any the options of the method
---@param known table<string, any> as for `options.merge`
---@return table reading
function requests.begin(client, resource, given, known)
  local reading = options.merge(given, known, 4)
  reading.client = client
  reading.ends = reading.deadline and client:now() + reading.deadline
  reading.resource, reading.name = resource, tostring(resource.name or "the resource")
  return reading
end

--- Send one request of a reading, within what is left of its time.
---@param reading table
---@param app "google-drive"|"google-docs"
---@param path string
---@param query table<string, any>
---@param more? table<string, any> other options of the request
---@return any body or number of bytes; nil and an error
---@return table response or error
function requests.ask(reading, app, path, query, more)
  local request = { query = query, timeout = reading.timeout }
  for name, value in pairs(more or {}) do request[name] = value end
  if app == "google-drive" then request.connection = reading.connection end
  request.deadline = reading.ends and reading.ends - reading.client:now()
  if request.deadline and request.deadline < 0.001 then
    return nil, failure.new("deadline", "the deadline passed between two requests")
  end
  local body, response = reading.client:request("GET", path, request)
  if body == nil then return nil, explain(response, app) end
  return body, response
end

--- Fail with an error about the resource; what a server had a part in is made fit to be shown.
---@return nil
---@return googlemeet.Error err
function requests.fail(reading, kind, message, hint)
  return nil, failure.quoting(reading.client, kind, ("%s: %s"):format(reading.name, message), hint)
end

return requests
