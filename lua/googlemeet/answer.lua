--- What is checked of an answer before it is built upon.
-- A name that a server sent is data: what is malformed there must not raise as misuse of the call
-- that it goes into next.

local core = require "googlemeet.core"

local answer = {}

--- Check that a resource has a name that others can be asked for by.
---@param resource table
---@param pattern string like `conferenceRecords/*`
---@return table? resource
---@return googlemeet.Error? err of kind `decode`
function answer.named(resource, pattern)
  local name = resource.name
  if type(name) == "string" and core.name.resolve(pattern, name) then return resource end
  return nil, core.error.new("decode",
    ("the server sent a resource whose name is not like %s"):format(pattern))
end

--- The same of what a method is called on; without a name, which `fields` may have left out, it
-- raises at the level of the method's caller.
---@param what string like `record:attendance: the record`
function answer.given(resource, pattern, what)
  if resource.name == nil then error(what .. " has no 'name'", 3) end
  return answer.named(resource, pattern)
end

return answer
