--- What one method call reads in several requests: within one deadline, on one connection, with
-- failures that name the resource.

local deadline = require "googlemeet.deadline"
local failure = require "googlemeet.failure"
local options = require "googlemeet.options"

local readings = {}

--- Begin a reading. Misuse raises at the line of the method's caller.
---@param client googlemeet.Client
---@param resource table
---@param given any the options of the method
---@param known table<string, any> as for `options.merge`
---@return table reading
function readings.begin(client, resource, given, known)
  local reading = options.merge(given, known, 4)
  reading.client = client
  reading.next_options = deadline.share(client, {
    timeout = reading.timeout, deadline = reading.deadline,
  })
  reading.resource, reading.name = resource, tostring(resource.name or "the resource")
  return reading
end

--- Send one request of a reading, within what is left of its time.
---@param reading table
---@param path string
---@param more table<string, any> options of the request
---@return any body or number of bytes; nil and an error
---@return table response or error
function readings.get(reading, path, more)
  local request, err = reading.next_options()
  if not request then return nil, err end
  for name, value in pairs(more) do request[name] = value end
  return reading.client:request("GET", path, request)
end

--- Fail with an error about the resource; what a server had a part in is made fit to be shown.
---@param reading table
---@param kind googlemeet.Kind
---@param message string
---@param hint? string
---@return nil
---@return googlemeet.Error err
function readings.fail(reading, kind, message, hint)
  return nil, failure.quoting(reading.client, kind, ("%s: %s"):format(reading.name, message), hint)
end

return readings
