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

local function select_only(service)
  local core = require "googlemeet.core"
  local active, err = service:list({ status = "ACTIVE" }):all()
  if not active then return nil, err end
  if #active == 1 then return active[1] end
  return nil, refuse(core.error, #active == 0 and "no ACTIVE google-meet connection"
    or "several ACTIVE google-meet connections, name one of them", active)
end

local function select_by(service, choose)
  local core = require "googlemeet.core"
  local all, err = service:list():all()
  if not all then return nil, err end
  local chosen = choose(all)
  if type(chosen) == "table" then return chosen end
  for _, connection in ipairs(all) do
    if connection.connection_id == chosen then return connection end
  end
  return nil, refuse(core.error, "the connection function chose none of the candidates", all)
end

--- Select the connection to work with.
---@param service table client.connections
---@param what string|fun(connections: table[]): table|string|nil
---  an id; "only": the one ACTIVE connection; or a function that picks from
---  all connections of google-meet
---@return table|nil connection
---@return table|nil err of kind connection; lists the candidates
function connections.select(service, what)
  if what == "only" then return select_only(service) end
  if type(what) == "string" then return service:get(what) end
  if type(what) == "function" then return select_by(service, what) end
  error('connections:select: an id, "only" or a function expected', 2)
end

return connections
