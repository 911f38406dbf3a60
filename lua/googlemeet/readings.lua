--- What one method call reads in several requests: within one deadline, on one connection, with
-- failures that name the resource.

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
  reading.ends = reading.deadline and client:now() + reading.deadline
  reading.resource, reading.name = resource, tostring(resource.name or "the resource")
  return reading
end

--- Return the seconds that are left of a reading's time; nil when it has no deadline.
---@param reading table
---@return number?
function readings.left(reading)
  return reading.ends and reading.ends - reading.client:now()
end

--- Return the limits of the next request, within what is left of the reading's time.
---@param reading table
---@return { timeout: number?, deadline: number? }?
---@return googlemeet.Error? err of kind `deadline`: nothing is left
function readings.limits(reading)
  local left = readings.left(reading)
  if left and left < 0.001 then
    return nil, failure.new("deadline", "the deadline passed between two requests")
  end
  return { timeout = reading.timeout, deadline = left }
end

--- Send one request of a reading.
---@param reading table
---@param path string
---@param query table<string, any>
---@param more? table<string, any> other options of the request
---@return any body or number of bytes; nil and an error
---@return table response or error
function readings.get(reading, path, query, more)
  local request, err = readings.limits(reading)
  if not request then return nil, err end
  request.query = query
  for name, value in pairs(more or {}) do request[name] = value end
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
