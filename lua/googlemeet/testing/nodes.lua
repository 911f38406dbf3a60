--- The nodes and organisations that scripts give to the gateway's methods.

local checked = require "googlemeet.testing.checked"

local nodes = {}

--- The words for a node, by a field that it has.
local KINDS = {
  members = "a space", participants = "a conference record", participantSessions = "a participant",
  entries = "a transcript", destination = "a recording, transcript or smart note",
}

--- Return the node that is given as itself, by its name, or as a client's resource. The methods of
-- the latter have the names of a node's fields, so it is looked up.
local function find(gateway, given)
  if type(given) ~= "table" then return gateway:find(given) end
  return rawget(given, "resource") and given or gateway:find(given.name)
end

--- Return the node that is given, which has to have a field.
---@param gateway table
---@param what string for the message
---@param given any
---@param kind string one of `KINDS`
---@return table node
function nodes.of(gateway, what, given, kind)
  local node = find(gateway, given)
  if node and node[kind] then return node end
  local got = type(given) == "string" and "'" .. given .. "'"
    or type(given) == "table" and given.name or type(given)
  checked.misuse("%s: %s, or its name, expected, got %s%s", what, KINDS[kind], got,
    node == nil and given ~= nil and ", which does not exist" or "")
end

--- Return the organisation among the options, by default the first one.
---@param gateway table
---@param what string for the message
---@param options any
---@return table organisation
function nodes.organisation(gateway, what, options)
  local given = type(options) == "table" and options.organisation or nil
  if given == nil then return gateway:organisation() end
  if type(given) == "table" and rawget(given, "index") then return given end
  checked.misuse("%s: organisation: what gateway:organisation() gives expected, got %s", what,
    type(given))
end

return nodes
