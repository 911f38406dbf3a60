--- Why Drive or Docs refused: the kind and the hint of an error that a request has ended with.
-- Pure; requires nothing.

local refusal = {}

--- Drive's reasons for a 403 that the account's rights do not explain.
local TOO_OFTEN = { kind = "rate_limited", hint = "Drive was asked too often: try again later" }
local REASONS = {
  exportSizeLimitExceeded = { kind = "too_large", hint = "Drive exports up to 10 MB: take the "
    .. "format 'text' or 'markdown', or save the document in a browser" },
  rateLimitExceeded = TOO_OFTEN, userRateLimitExceeded = TOO_OFTEN,
  dailyLimitExceeded = TOO_OFTEN, downloadQuotaExceeded = TOO_OFTEN,
  cannotDownloadAbusiveFile = { kind = "permission", hint = "Drive takes it for malware or spam: "
    .. "only its owner can download it, in a browser" },
}

--- Say in the error of a request what can be done about it.
---@param err googlemeet.Error
---@param app string
---@return googlemeet.Error err
function refusal.explain(err, app)
  local row = err.status == 403 and REASONS[err.reason]
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

return refusal
