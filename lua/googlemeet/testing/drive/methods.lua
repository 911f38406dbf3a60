--- The gateway's methods for files.

local artifacts = require "googlemeet.testing.drive.artifacts"
local checked = require "googlemeet.testing.checked"
local files = require "googlemeet.testing.drive.files"
local nodes = require "googlemeet.testing.nodes"

local methods = {}

--- Find a file by its id, in any account.
local function find_id(gateway, id)
  for _, connection in ipairs(gateway.state.connections.list) do
    local file = artifacts.file(connection.organisation, id)
    if file then return file end
  end
end

--- Return the id of the file that is given: as an id, as its node, or as the node, the name or a
-- client's resource of a recording, transcript or smart note.
local function id_of(gateway, given)
  if type(given) == "table" and rawget(given, "is_file") then return given.id end
  local node = gateway:find(type(given) == "table" and given.name or given)
  if node then return node.file end
  if type(given) ~= "table" then return given end
  return given.driveDestination and given.driveDestination.file
    or given.docsDestination and given.docsDestination.document
end

local function find_file(gateway, given)
  if type(given) ~= "table" and type(given) ~= "string" then return nil end
  local id = id_of(gateway, given)
  return type(id) == "string" and find_id(gateway, id) or nil
end

local function file_of(gateway, what, given)
  local file = find_file(gateway, given)
  if file then return file end
  checked.misuse("%s: a file, its id, or a recording, transcript or smart note with its file "
    .. "expected, got %s", what, type(given) == "table" and tostring(given.name)
    or type(given) == "string" and "'" .. given .. "'" or type(given))
end

local function finder(gateway)
  return function(given) return find_file(gateway, given) end
end

--- Add a file: `size` (with bytes made from `seed`), `content`, `tabs` or `text` (of a Google Docs
-- document), or `shortcut` (to a file); `types/testing.lua` describes the rest.
---@param options? table
---@return table node with `name` (the id) and `resource`
function methods:add_file(options)
  return files.add(nodes.organisation(self, "add_file", options), options, finder(self))
end

--- Change a file, given as itself, by its id, or as the recording, transcript or smart note that it
-- belongs to. The options are those of `add_file`, without `id` and `organisation`. What changes
-- its bytes makes another revision.
---@return table node
function methods:set_file(given, options)
  local file = file_of(self, "set_file", given)
  files.set(file, options, finder(self))
  return file
end

--- Delete a file for good, given as for `set_file`.
function methods:delete_file(given)
  files.delete(file_of(self, "delete_file", given))
end

--- Return the node of a file, given as for `set_file`; nil when there is none.
---@return table? node
function methods:file(given)
  return find_file(self, given)
end

--- Return bytes of a file, given as for `set_file`: `count` of them from an offset, or all.
---@param offset? integer from 0
---@param count? integer
---@return string
function methods:read_file(given, offset, count)
  local file = file_of(self, "read_file", given)
  if not file.content then checked.misuse("read_file: %s has no bytes", file.name) end
  checked.number("read_file: offset", offset or 0, 0)
  checked.number("read_file: count", count or 0, 0)
  return file.content:read(math.tointeger(offset or 0), math.tointeger(count or file.content.size))
end

return methods
