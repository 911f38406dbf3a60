--- The values that Google documents for the fields of a request body.
-- They explain an error. They refuse nothing, because the server may accept new values.
-- Pure; requires nothing.

local enums = {}

local RESTRICTION = { "HOSTS_ONLY", "NO_RESTRICTION" }
local SWITCH = { "ON", "OFF" }

--- By field, whatever message it is in.
local VALUES = {
  accessType = { "OPEN", "TRUSTED", "RESTRICTED" },
  entryPointAccess = { "ALL", "CREATOR_APP_ONLY" },
  moderation = SWITCH,
  attendanceReportGenerationType = { "GENERATE_REPORT", "DO_NOT_GENERATE" },
  chatRestriction = RESTRICTION,
  reactionRestriction = RESTRICTION,
  presentRestriction = RESTRICTION,
  defaultJoinAsViewerType = SWITCH,
  autoRecordingGeneration = SWITCH,
  autoTranscriptionGeneration = SWITCH,
  autoSmartNotesGeneration = SWITCH,
  role = { "COHOST" },
  method = { "OAUTH2", "API_KEY", "BASIC", "JWT", "OAUTH1", "MCP" }, -- of a connection
}

local function is_among(value, values)
  for _, one in ipairs(values) do
    if value == one then return true end
  end
  return false
end

--- Say which field of a body has a value that is not documented, and which values are: the first in
-- alphabetical order. `*_UNSPECIFIED` passes.
---@param body any
---@param path? string of the fields around it
---@return string? "config.accessType: 'Private' is not one of OPEN, TRUSTED, RESTRICTED"
function enums.problem(body, path)
  if type(body) ~= "table" then return nil end
  local names = {}
  for name in pairs(body) do names[#names + 1] = name end
  table.sort(names, function(one, other) return tostring(one) < tostring(other) end)
  for _, name in ipairs(names) do
    local value, values = body[name], VALUES[name]
    local at = (path and path .. "." or "") .. tostring(name)
    if values and not is_among(value, values) and not tostring(value):find "_UNSPECIFIED$" then
      return ("%s: '%s' is not one of %s"):format(at, tostring(value), table.concat(values, ", "))
    end
    local below = enums.problem(value, at)
    if below then return below end
  end
  return nil
end

--- Add that to the hint of an error of kind `invalid`; other results of a call pass unchanged.
---@param body any what the call sent
---@param value any
---@param err googlemeet.Error?
---@return any value
---@return googlemeet.Error? err
function enums.explain(body, value, err)
  if not value and err.kind == "invalid" then err.hint = enums.problem(body) or err.hint end
  return value, err
end

return enums
