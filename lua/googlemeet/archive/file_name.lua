--- Names of an archive's files, made from ids. An id is opaque and may contain any byte; a long
-- one is cut, and its checksum distinguishes it.

local core = require "googlemeet.core"

local file_name = {}

local LONGEST = 143 -- bytes of a file's name, on the file systems with the shortest ones

--- Write an id with bytes that are safe in every file's name.
local function escape(id)
  return (id:gsub("[^0-9A-Za-z_-]", function(byte) return ("%%%02X"):format(byte:byte()) end))
end

local function fit(name, id, extension)
  if #name + #extension <= LONGEST then return name .. extension end
  return name:sub(1, 64) .. "~" .. core.file.checksum(id) .. extension
end

--- Return the name of a conference's file.
---@param record string resource name
---@return string
function file_name.of_record(record)
  local id = record:gsub("^conferenceRecords/", "")
  return fit(escape(id), id, ".jsonl")
end

--- Return the name of a recording's file: both ids, for that of the recording alone may be another
-- conference's too.
---@param recording string resource name
---@return string
function file_name.of_recording(recording)
  local id = recording:gsub("^conferenceRecords/", "")
  local parts = {}
  for part in id:gsub("/recordings/", "/", 1):gmatch "[^/]+" do parts[#parts + 1] = escape(part) end
  return fit(table.concat(parts, "."), id, ".mp4")
end

return file_name
