--- Lists whose filter is a table.
-- Conditions that the server cannot evaluate are applied to each page as it arrives, below the
-- pager: `limit` and the pager's methods see only the remaining items.

local filter = require "googlemeet.filter"
local options = require "googlemeet.options"

local filtered_lists = {}

--- By operation: kind of filter, field of the items, whether the first argument is a parent.
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

--- Add the fields that the client-side filter reads to those asked for in a partial response.
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

local NOT_THERE = { not_found = true, permission = true } -- Google may answer either

--- Look up the space of a filter that has matched nothing. A meeting code that no space has is one
-- line on standard error, or with `must_exist` the error of the lookup.
local function check_space(client, space, opts)
  if not (space.is_code or space.must_exist) then return true end
  local found, err = client.spaces:get(space.name, {
    fields = "name", connection = opts.connection, timeout = opts.timeout, deadline = opts.deadline,
  })
  if found then return true end
  if space.must_exist then return nil, err end
  if NOT_THERE[err.kind] then
    io.stderr:write(("googlemeet: the list is empty: no space has the meeting code %s, or the "
      .. "account cannot see it\n"):format(space.name:match "[^/]+$"))
  end
  return true
end

--- Open a list whose filter is a table. Misuse raises at the caller's line.
-- A list that is filtered client-side asks for full pages: the limit counts the remaining items.
---@param core table
---@param id string of the operation
---@param service userdata
---@param ... any the arguments of the list
---@return userdata pager, nil, nil, userdata closing
function filtered_lists.open(core, id, service, ...)
  local row, parent, opts = ROWS[id], ...
  if not row.has_parent then opts = parent end
  local filter_given = type(opts) == "table" and opts.filter or {}
  local expression, keep, keys, space = filter.split(row.kind, filter_given, 3)
  local given = options.with(opts, "filter", expression)
  local function call(operation)
    if row.has_parent then return operation(service, parent, given) end
    return operation(service, given)
  end
  local pager = call(core.shared.operations[id]) -- misuse of what is changed next raises
  if keep then
    local limit = given.limit
    given.limit, given.fields = nil, with_keys(given.fields, row.items, keys)
    pager = call(core.shared.operations[id])
    core.list.filter(pager, keep, limit)
  end
  if space then
    local client = core.client.of_service(service)
    core.list.check(pager, function() return check_space(client, space, given) end)
  end
  return pager, nil, nil, pager
end

return filtered_lists
