--- The text of a directory's manifest: one line for each conference.

local core = require "googlemeet.core"
local entry = require "googlemeet.archive.entry"

local manifest = {}

manifest.VERSION = 1

--- Write the manifest.
---@param lines table<string, string> by name of the conference, see `manifest.line`
---@return string
function manifest.write(lines)
  local names, sorted = {}, {}
  for name in pairs(lines) do names[#names + 1] = name end
  table.sort(names)
  for index, name in ipairs(names) do sorted[index] = lines[name] end
  return ('{"version":%d,"conferences":[\n%s\n]}\n'):format(manifest.VERSION,
    table.concat(sorted, ",\n"))
end

--- Write the line of an entry; `bytes` and `checksum` are its file's.
---@param kept googlemeet.ArchiveEntry
---@return string? line
---@return string? message
function manifest.line(kept)
  return core.encode(kept)
end

--- Read an entry with what it says of its file.
local function read_entry(value)
  local kept = entry.read(value)
  if not kept then return nil end
  kept.bytes = math.tointeger(value.bytes) or 0
  kept.checksum = type(value.checksum) == "string" and value.checksum or nil
  return kept
end

--- Read the lines that are whole of a text that is not.
local function salvage(text)
  local values = {}
  for line in text:gmatch "[^\n]+" do
    local value = core.decode((line:gsub(",%s*$", "")))
    values[#values + 1] = value ~= nil and value or false
  end
  return values
end

--- Read a manifest, or what is left of it.
---@param text string
---@return table<string, googlemeet.ArchiveEntry>? entries by name; nil: it is another program's
---  file, or of another version
---@return boolean? is_whole false: something in it cannot be read
function manifest.read(text)
  local value = core.decode(text)
  if value ~= nil and (type(value) ~= "table" or value.version ~= manifest.VERSION) then
    return nil
  end
  local values = type(value) == "table" and value.conferences
  local is_whole = type(values) == "table"
  local entries = {}
  for _, one in ipairs(is_whole and values or salvage(text)) do
    local kept = read_entry(one)
    if kept then entries[kept.name] = kept else is_whole = false end
  end
  return entries, is_whole
end

return manifest
