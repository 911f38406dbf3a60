--- What clients, services, lists and reports lack: reading it raises and says what to write.
-- Without this a misspelt name would be nil, and `ipairs` over a list would find nothing.

local core = require "googlemeet.core"
local options = require "googlemeet.options"

local absent = {}

--- Methods that the API does not have, and that are looked for.
local NONE = {
  ["spaces:list"] = "Meet has no list of spaces: keep the names of those you create, or read the "
    .. "spaces of client.conference_records:list()",
  ["spaces:delete"] = "Meet cannot delete a space; what is not used expires",
  ["conference_records:delete"] = "Meet cannot delete a conference record: it does so by itself, "
    .. "30 days after the end",
}

--- Raise for a name that a client lacks.
---@param name any
function absent.of_client(name)
  local known = {}
  for method in pairs(core.shared.client) do known[method] = true end
  for service in pairs(core.shared.services) do known[service] = true end
  core.error.misuse(options.unknown("client: no service or method", name, known))
end

--- Raise for a method that a service lacks.
---@param name any
---@param service string
function absent.of_service(name, service)
  local nothing = NONE[("%s:%s"):format(service, tostring(name))]
  core.error.misuse(("client.%s: %s"):format(service, nothing
    or options.unknown("no method", name, core.shared.services[service])))
end

--- Raise for a name or an index that a list lacks.
---@param name any
function absent.of_list(name)
  local use = "a list is an iterator over its items: write `for item in list do`, or take an array "
    .. "with list:all(), the first with list:first()"
  if type(name) == "string" and options.nearest(name, core.shared.pager) then
    use = options.unknown("no method", name, core.shared.pager)
  elseif type(name) == "string" then
    use = ("no '%s'; %s"):format(name, use)
  end
  core.error.misuse("list: " .. use)
end

--- Make the methods of a report refuse an index; other names that it lacks are nil.
---@param methods table
---@param use string what to write, such as "for row in report:rows() do"
---@return table methods
function absent.indexes(methods, use)
  return setmetatable(methods, { __index = function(_, name)
    if type(name) ~= "number" then return nil end
    core.error.misuse(("a report is no array: write `%s`"):format(use))
  end })
end

return absent
