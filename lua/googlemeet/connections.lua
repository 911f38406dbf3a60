--- Choose the gateway's connection.

local connections = {}

--- One line that tells a connection apart; never its url, which is a secret.
local function describe(connection)
  return ("%s (%s, made %s)"):format(connection.connection_id, connection.status,
    connection.creation_time or "at an unknown time")
end

local function refuse(kind_of, message, candidates)
  local lines = {}
  for _, connection in ipairs(candidates) do lines[#lines + 1] = describe(connection) end
  if #lines > 0 then message = message .. ": " .. table.concat(lines, "; ") end
  return kind_of("connection", message)
end

--- Select the connection to work with.
---@param service table client.connections
---@param what string|fun(connections: table[]): table|string|nil
---  an id; "only": the one ACTIVE connection; or a function that picks from
---  all connections of google-meet
---@return table|nil connection
---@return table|nil err of kind connection; lists the candidates
function connections.select(service, what)
  local core = require "googlemeet.core"
  if type(what) == "string" and what ~= "only" then return service:get(what) end
  if what ~= "only" and type(what) ~= "function" then
    error('connections:select: an id, "only" or a function expected', 2)
  end
  local status = what == "only" and "ACTIVE" or nil
  local all, err = service:list({ status = status }):all()
  if not all then return nil, err end
  if what == "only" then
    if #all == 1 then return all[1] end
    return nil, refuse(core.error, #all == 0 and "no ACTIVE google-meet connection"
      or "several ACTIVE google-meet connections, name one of them", all)
  end
  local chosen = what(all)
  if type(chosen) == "string" then
    for _, connection in ipairs(all) do
      if connection.connection_id == chosen then return connection end
    end
  elseif type(chosen) == "table" then
    return chosen
  end
  return nil, refuse(core.error, "the connection function chose none of the candidates", all)
end

return connections
