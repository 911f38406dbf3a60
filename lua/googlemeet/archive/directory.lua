--- An archive store: a directory with one file of JSON lines per conference.
--
-- `<id>.jsonl` has a line {"resource":{…},"table":"participants"} for each resource, the
-- conference record first; `manifest.json` has one line per conference. Each file is written under
-- another name and then renamed, the manifest last: a process killed at any point leaves the old
-- file or the new one, and a conference that the manifest lacks is copied again. Lua has no fsync:
-- after a power failure a file may be short, so a file whose size differs from the manifest is due
-- again. Only one process at a time may write.

local core = require "googlemeet.core"
local plan = require "googlemeet.archive.plan"
local tables = require "googlemeet.archive.tables"

local directory = {}

local VERSION = 1
local MANIFEST, INCOMING = "manifest.json", "incoming.part"
local ABSENT = 2 -- ENOENT

local Store = { __name = "googlemeet.archive.directory", __index = {} }

local function fail(kind, format, ...)
  return nil, core.error.new(kind, "archive.directory: " .. format:format(...))
end

--- Return the name of a conference's file. An id is opaque and may contain any byte.
---@param record string resource name
---@return string
function directory.file_name(record)
  local id = record:gsub("^conferenceRecords/", "")
  return id:gsub("[^%w_-]", function(byte) return ("%%%02X"):format(byte:byte()) end) .. ".jsonl"
end

--- Replace a file atomically: it has all of `text`, or its old content.
local function write_whole(path, name, text)
  local incoming = path .. "/" .. INCOMING
  local file, message = io.open(incoming, "wb")
  if not file then return nil, message end
  local ok, why = file:write(text)
  local closed, reason = file:close() -- a buffered write may fail only here
  local renamed
  if ok and closed then renamed, reason = os.rename(incoming, path .. "/" .. name) end
  if renamed then return true end
  os.remove(incoming)
  return nil, why or reason
end

--- Write one line for each resource.
local function lines_of(found)
  local lines = {}
  for _, name in ipairs(tables.all) do
    for _, resource in ipairs(found[name]) do
      local line, message = core.text.encode { table = name, resource = resource }
      if not line then return nil, message end
      lines[#lines + 1] = line
    end
  end
  lines[#lines + 1] = "" -- a line end after the last line
  return table.concat(lines, "\n")
end

local function write_manifest(self)
  local names, lines = {}, {}
  for name in pairs(self.lines) do names[#names + 1] = name end
  table.sort(names)
  for index, name in ipairs(names) do lines[index] = self.lines[name] end
  return write_whole(self.path, MANIFEST, ('{"version":%d,"conferences":[\n%s\n]}\n'):format(
    VERSION, table.concat(lines, ",\n")))
end

local function check_open(self)
  if not self.entries then error("the store is closed", 3) end
end

--- Copy an entry with its counts.
local function copy_of(entry)
  local copy = { counts = {} }
  for field, value in pairs(entry) do if field ~= "counts" then copy[field] = value end end
  for part, count in pairs(entry.counts) do copy.counts[part] = count end
  return copy
end

--- Say whether the file of an entry has the size that was written.
local function has_file(self, entry)
  local file <close> = io.open(self.path .. "/" .. directory.file_name(entry.name), "rb")
  return file ~= nil and file:seek "end" == entry.bytes
end

--- Return the entries of all stored conferences, the next to expire first.
---@return googlemeet.ArchiveEntry[]
function Store.__index:manifest()
  check_open(self)
  local listed = {}
  for _, entry in pairs(self.entries) do
    local copy = copy_of(entry)
    if entry.state == "complete" and not has_file(self, entry) then copy.state = "due" end
    listed[#listed + 1] = copy
  end
  return plan.sort(listed)
end

--- Store a conference.
---@param entry googlemeet.ArchiveEntry
---@param found? table<string, table[]> resources by table; without it the stored resources stay
---@return true|nil
---@return googlemeet.Error? err
function Store.__index:put(entry, found)
  check_open(self)
  local old, new = self.entries[entry.name], copy_of(entry)
  new.bytes = old and old.bytes or 0
  if found then
    local text, message = lines_of(found)
    if not text then return fail("decode", "%s: %s", entry.name, message) end
    local name = directory.file_name(entry.name)
    local ok, why = write_whole(self.path, name, text)
    if not ok then return fail("config", "cannot write %s: %s", name, why) end
    new.bytes = #text
  end
  local line = self.lines[entry.name]
  self.lines[entry.name] = core.text.encode(new)
  local ok, why = write_manifest(self)
  if not ok then
    self.lines[entry.name] = line
    return fail("config", "cannot write %s: %s", MANIFEST, why)
  end
  self.entries[entry.name] = new
  return true
end

--- Close the store; may be repeated.
function Store.__index:close()
  self.entries, self.lines = nil, nil
  return true
end

Store.__close = Store.__index.close

--- Read the manifest, if there is one.
local function load(self)
  local path = self.path .. "/" .. MANIFEST
  local file <close>, message, code = io.open(path, "rb")
  if not file and code == ABSENT then return true end
  local text = file
  if file then text, message = file:read "a" end
  if not text then return fail("config", "cannot read %s", message) end
  local manifest, reason = core.text.decode(text)
  if manifest == nil then return fail("decode", "%s: %s", path, reason) end
  if type(manifest) ~= "table" or manifest.version ~= VERSION
    or type(manifest.conferences) ~= "table" then
    return fail("config", "%s is not an archive manifest of version %d", path, VERSION)
  end
  for _, entry in ipairs(manifest.conferences) do
    self.entries[entry.name], self.lines[entry.name] = entry, core.text.encode(entry)
  end
  return true
end

--- Create the directory and its parents, unless they exist.
local function make(path)
  if write_whole(path, INCOMING, "") then return true end
  for last in (path .. "/"):gmatch "[^/]()/" do
    local made, message = core.os.make_folder(path:sub(1, last - 1))
    if not made then return nil, message end
  end
  return write_whole(path, INCOMING, "")
end

--- Open a directory as a store; it is created if it does not exist.
---@param path string
---@return googlemeet.ArchiveStore? store
---@return googlemeet.Error? err
function directory.open(path)
  if type(path) ~= "string" or path == "" or path:find("\0", 1, true) then
    error("archive.directory: the path of a directory expected", 2)
  end
  local ok, message = make(path)
  if not ok then return fail("config", "cannot write to %s: %s", path, message) end
  os.remove(path .. "/" .. INCOMING) -- left by a process that was killed
  local store = setmetatable({ path = path, entries = {}, lines = {} }, Store)
  local loaded, err = load(store)
  if not loaded then return nil, err end
  return store
end

return directory
