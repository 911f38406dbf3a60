--- Rows of files: what an archive has of the file of each recording, and of the text of each
-- transcript's document and each smart note. A row is kept as JSON with a checksum: one that is
-- torn, mixed or changed is none, and its file is due again.
-- Pure.

local core = require "googlemeet.core"
local file_name = require "googlemeet.archive.file_name"

local rows = {}

local STATES = { complete = true, due = true, unavailable = true }
local TEXTS = { "file", "format", "kind", "message", "sha256", "text" }

--- Say whether the file of an artifact is a recording, which lies in the folder.
---@param name string resource name
---@return boolean
function rows.is_recording(name)
  return name:find("^conferenceRecords/[^/]+/recordings/") ~= nil
end

--- Say whether there is nothing to be got for a row any more.
---@param row googlemeet.ArchiveFile
---@return boolean
function rows.is_settled(row)
  return row.state == "complete" or row.state == "unavailable"
end

local function size_of(value)
  local bytes = math.tointeger(value)
  return bytes and bytes >= 0 and bytes or nil
end

--- Copy a row. A field of another type counts as absent; what lacks its content is due.
---@param value any
---@return googlemeet.ArchiveFile? copy nil: it has no name
function rows.read(value)
  if type(value) ~= "table" or type(value.name) ~= "string" then return nil end
  local row = { name = value.name, state = STATES[value.state] and value.state or "due" }
  for _, field in ipairs(TEXTS) do
    if type(value[field]) == "string" then row[field] = value[field] end
  end
  row.bytes = size_of(value.bytes)
  local content = row.text
  if rows.is_recording(row.name) then
    row.path, content = file_name.of_recording(row.name), row.bytes
  end
  if row.state == "complete" and not content then row.state = "due" end
  return row
end

--- Write a row as JSON.
---@param row googlemeet.ArchiveFile
---@return string? json
---@return string checksum or why it cannot be written
function rows.encode(row)
  local json, message = core.encode(rows.read(row))
  if not json then return nil, message end
  return json, core.file.checksum(json)
end

--- Read a row that was written as JSON; nil when it is not the one that was written.
---@param json any
---@param checksum any
---@return googlemeet.ArchiveFile? row
function rows.decode(json, checksum)
  if type(json) ~= "string" or checksum ~= core.file.checksum(json) then return nil end
  return rows.read(core.decode(json))
end

--- Write the rows of a conference as lines.
---@param list googlemeet.ArchiveFile[]
---@return string? text
---@return string? message
function rows.write(list)
  local lines = {}
  for index, row in ipairs(list) do
    local json, checksum = rows.encode(row)
    if not json then return nil, checksum end
    lines[index] = ('{"checksum":"%s","file":%s}\n'):format(checksum, json)
  end
  return table.concat(lines)
end

--- Read the lines that are whole.
---@param text string
---@return googlemeet.ArchiveFile[]
function rows.parse(text)
  local list = {}
  for line in text:gmatch "[^\n]+" do
    local checksum, json = line:match '^{"checksum":"(%x+)","file":(.*)}$'
    list[#list + 1] = rows.decode(json, checksum)
  end
  return list
end

return rows
