--- Checks the names in a response before other requests are built from them.
-- A name from a server is data: a malformed one must not raise as misuse of the next call.

local core = require "googlemeet.core"

local validate = {}

--- Check that a resource has a name that requests can use: the full name, not an id or a link.
---@param resource table
---@param pattern string like `conferenceRecords/*`
---@return table? resource
---@return googlemeet.Error? err of kind `decode`
function validate.resource(resource, pattern)
  local name = resource.name
  if type(name) == "string" and core.name.resolve(pattern, name) == name then return resource end
  return nil, core.error.new("decode",
    ("the server sent a resource whose name is not like %s"):format(pattern))
end

--- Check the resource that a method is called on. A resource without a name (`fields` may leave it
-- out) raises at the line of the method's caller.
---@param resource table
---@param pattern string
---@param what string like `record:attendance: the record`
---@return table? resource
---@return googlemeet.Error? err
function validate.receiver(resource, pattern, what)
  if resource.name == nil then error(what .. " has no 'name'", 3) end
  return validate.resource(resource, pattern)
end

return validate
