--- The requests of one method call: they share its deadline and its connection, and their errors
-- name the resource.

local deadline = require "googlemeet.deadline"
local failure = require "googlemeet.failure"
local options = require "googlemeet.options"

local request_group = {}

--- Begin a group of requests. Misuse raises at the line of the method's caller.
---@param client googlemeet.Client
---@param resource table
---@param given any the options of the method
---@param known table<string, any> as for `options.merge`
---@return table group
function request_group.begin(client, resource, given, known)
  local group = options.merge(given, known, 4)
  group.client = client
  group.next_options = deadline.share(client, {
    timeout = group.timeout, deadline = group.deadline,
  })
  group.resource, group.name = resource, tostring(resource.name or "the resource")
  return group
end

--- Send one request of a group, within the time that is left.
---@param group table
---@param path string
---@param more table<string, any> options of the request
---@return any body or number of bytes; nil and an error
---@return table response or error
function request_group.get(group, path, more)
  local request, err = group.next_options()
  if not request then return nil, err end
  for name, value in pairs(more) do request[name] = value end
  return group.client:request("GET", path, request)
end

--- Return an error about the resource. Secrets and control characters are removed from its message.
---@param group table
---@param kind googlemeet.Kind
---@param message string
---@param hint? string
---@return nil
---@return googlemeet.Error err
function request_group.fail(group, kind, message, hint)
  return nil, failure.quoting(group.client, kind, ("%s: %s"):format(group.name, message), hint)
end

return request_group
