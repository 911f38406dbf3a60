--- Lists that take their filter as a table. What the server cannot do is done to each page as it
-- comes, below the pager: `limit` and all of its methods see only the items that are left.

local filter = require "googlemeet.filter"
local options = require "googlemeet.options"

local lists = {}

--- By operation: the kind of its filter, the items' field, whether a parent is the first argument.
local ROWS = {
  ["conferenceRecords.list"] = { kind = "conference_record", items = "conferenceRecords" },
  ["conferenceRecords.participants.list"] = {
    kind = "participant", items = "participants", has_parent = true,
  },
  ["conferenceRecords.participants.participantSessions.list"] = {
    kind = "participant_session", items = "participantSessions", has_parent = true,
  },
}

local function plain(text)
  return (text:gsub("[_%s]", ""):lower()) -- Google takes camelCase and snake_case
end

--- A partial response has to have the fields that are looked at: ask for those that it lacks.
local function with_keys(fields, items, keys)
  if type(fields) ~= "string" or fields:find("*", 1, true) then return fields end
  local asked = plain(fields)
  if ("," .. asked .. ","):find("," .. plain(items) .. ",", 1, true) then return fields end
  for _, key in ipairs(keys) do
    if not asked:find("%f[%w]" .. plain(key) .. "%f[^%w]") then
      fields = ("%s,%s/%s"):format(fields, items, key)
    end
  end
  return fields
end

--- Open a list whose options have a table for a filter; misuse is the caller's.
-- Where items are sifted here, a page is as large as without a limit: the limit counts what is
-- left of it.
---@param core table
---@param id string of the operation
---@param service userdata
---@param ... any what the list was given
---@return userdata pager, nil, nil, userdata closing
function lists.open(core, id, service, ...)
  local row, parent, opts = ROWS[id], ...
  if not row.has_parent then opts = parent end
  local filter_given = type(opts) == "table" and opts.filter or {}
  local expression, keep, keys = filter.split(row.kind, filter_given, 3)
  local given = options.with(opts, "filter", expression)
  local function call(operation)
    if row.has_parent then return operation(service, parent, given) end
    return operation(service, given)
  end
  if not keep then return call(core.operations[id]) end
  call(core.checks[id])
  local limit = given.limit
  given.limit, given.fields = nil, with_keys(given.fields, row.items, keys)
  local pager = call(core.operations[id])
  core.keep_items(pager, keep, limit)
  return pager, nil, nil, pager
end

return lists
