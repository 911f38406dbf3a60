--- Raises for misuse of clients, services, lists and reports: an unknown name, a call with a dot,
-- an index. The message says what to write instead. Without this, a misspelt name would be nil, and
-- `ipairs` over a list would find nothing.

local core = require "googlemeet.core"
local options = require "googlemeet.options"

local misuse = {}

--- Methods that scripts look for and that the API does not have.
local NONE = {
  ["spaces:list"] = "Meet cannot list spaces: keep the names of those you create, or read the "
    .. "spaces of client.conference_records:list()",
  ["spaces:delete"] = "Meet cannot delete a space; an unused space expires",
  ["conference_records:delete"] = "Meet cannot delete a conference record: it deletes each "
    .. "automatically, 30 days after its end",
}

--- Raise for a name that a client lacks.
---@param name any
function misuse.of_client(name)
  local known = {}
  for method in pairs(core.shared.client) do known[method] = true end
  for service in pairs(core.shared.services) do known[service] = true end
  core.error.misuse(options.unknown("client: no service or method", name, known))
end

--- Raise for a method that a service lacks.
---@param name any
---@param service string
function misuse.of_service(name, service)
  local nothing = NONE[("%s:%s"):format(service, tostring(name))]
  core.error.misuse(("client.%s: %s"):format(service, nothing
    or options.unknown("no method", name, core.shared.services[service])))
end

--- Raise for a name or an index that a list lacks.
---@param name any
function misuse.of_list(name)
  local use = "a list is an iterator over its items: write `for item in list do`, or take an array "
    .. "with list:all(), the first with list:first()"
  if type(name) == "string" and options.nearest(name, core.shared.pager) then
    use = options.unknown("no method", name, core.shared.pager)
  elseif type(name) == "string" then
    use = ("no '%s'; %s"):format(name, use)
  end
  core.error.misuse("list: " .. use)
end

--- Make a method that raises when it is called with a dot: otherwise it would take its first
-- argument for the object, and a `for` over it would never end.
---@param type_name string `__name` of the object's metatable
---@param what string such as "a store"
---@param name string of the method
---@param method function
---@return function
function misuse.with_colon(type_name, what, name, method)
  return function(self, ...)
    local metatable = getmetatable(self)
    if type(metatable) ~= "table" or metatable.__name ~= type_name then
      core.error.misuse(("%s: call it on %s, with a colon"):format(name, what))
    end
    return method(self, ...) -- a tail call, so that the method's caller is the script
  end
end

--- Make the methods of an object raise when they are called with a dot, also those added later.
---@param metatable table of the object, its `__index` a table of methods
---@param what string such as "a store"
---@return table metatable
function misuse.guard(metatable, what)
  local methods = metatable.__index
  for name, method in pairs(methods) do
    methods[name] = misuse.with_colon(metatable.__name, what, name, method)
  end
  setmetatable(methods, { __newindex = function(_, name, method)
    rawset(methods, name, misuse.with_colon(metatable.__name, what, name, method))
  end })
  return metatable
end

--- Make an object that is not an array raise when it is used as one: by an index (`ipairs`) or by
-- its length. Other absent names are nil. Its methods are guarded as by `misuse.guard`.
---@param metatable table of the object, its `__index` a table of methods
---@param what string such as "a report"
---@param use string what to write, such as "for row in report:rows() do"
---@return table metatable
function misuse.guard_array(metatable, what, use)
  local function refuse()
    core.error.misuse(("%s is not an array: write `%s`"):format(what, use))
  end
  metatable.__len = refuse
  misuse.guard(metatable, what)
  getmetatable(metatable.__index).__index = function(_, name)
    if type(name) == "number" then refuse() end
  end
  return metatable
end

return misuse
