--- A conference as lines of JSON, one for each resource: what a directory keeps, and what a
-- checksum is of.

local core = require "googlemeet.core"
local tables = require "googlemeet.archive.tables"

local lines = {}

local IS_TABLE = {}
for _, name in ipairs(tables.all) do IS_TABLE[name] = true end

--- Return the line of a resource that is JSON already.
---@param name string table
---@param json string
---@return string line with its end
function lines.row(name, json)
  return ('{"resource":%s,"table":"%s"}\n'):format(json, name)
end

--- Write a conference.
---@param found table<string, table[]> resources by table
---@return string? text
---@return string? message why a resource cannot be written
function lines.write(found)
  local rows = {}
  for _, name in ipairs(tables.all) do
    for _, resource in ipairs(found[name]) do
      local json, message = core.encode(resource)
      if not json then return nil, message end
      rows[#rows + 1] = lines.row(name, json)
    end
  end
  return table.concat(rows)
end

--- Read a conference; nil when the text is no whole one.
---@param text string
---@return table<string, table[]>? found
function lines.read(text)
  local found = {}
  for _, name in ipairs(tables.all) do found[name] = {} end
  if text:sub(-1) ~= "\n" then return nil end
  for line in text:gmatch "[^\n]+" do
    local row = core.decode(line)
    if type(row) ~= "table" or not IS_TABLE[row.table] or type(row.resource) ~= "table" then
      return nil
    end
    table.insert(found[row.table], row.resource)
  end
  local records = found.conference_records
  if #records ~= 1 or type(records[1].name) ~= "string" then return nil end
  return found
end

return lines
