--- An archive store: a directory with one file of JSON lines per conference.
--
-- `<id>.jsonl` has a line {"resource":{…},"table":"participants"} for each resource, the
-- conference record first; `manifest.json` has one line per conference, with the size and the
-- checksum of its file. Each file is written as a whole, the manifest last: a process killed at any
-- point leaves the old file or the new one. A file that does not fit the manifest is due again. A
-- file that the manifest lacks is taken from its own lines; so is all where the manifest is lost.
-- One run at a time holds the lock `.lock`; reading takes none. The folder `files` has `<id>.jsonl`
-- with the rows of a conference's files, texts among them (see `archive.file_rows`), and the
-- recordings.

local conference = require "googlemeet.archive.conference"
local core = require "googlemeet.core"
local entry = require "googlemeet.archive.entry"
local failure = require "googlemeet.failure"
local file_name = require "googlemeet.archive.file_name"
local folder = require "googlemeet.archive.folder"
local hints = require "googlemeet.archive.hints"
local lines = require "googlemeet.archive.lines"
local lock = require "googlemeet.archive.lock"
local manifest = require "googlemeet.archive.manifest"
local misuse = require "googlemeet.misuse"
local plan = require "googlemeet.archive.plan"
local rows = require "googlemeet.archive.file_rows"
local time = require "googlemeet.time"

local directory = {}

local MANIFEST, DAMAGED, LOCK = "manifest.json", "manifest.json.damaged", ".lock"
local FILES = "files"

local Store = misuse.guard({ __name = "googlemeet.archive.directory", __index = {} }, "a store")

--- Return an error about what the server sent.
local function fail_to_keep(name, message)
  return nil, failure.new("decode", ("archive.directory: %s: %s"):format(name, message),
    hints.DATA)
end

--- Return an error from the results of core.file.
local function fail_at(what, message, number)
  local kind, hint = hints.of_file(number)
  return nil, failure.new(kind, ("archive.directory: %s: %s"):format(what, message), hint)
end

--- Return the name of a conference's file.
---@param record string resource name
---@return string
directory.file_name = file_name.of_record

local function path_of(self, name)
  return self.path .. "/" .. name
end

--- Write a file as a whole.
local function write(self, name, text)
  local ok, message, number = core.file.replace(path_of(self, name), text)
  if ok then return true end
  local _, err = fail_at("cannot write " .. name, message, number)
  return nil, err, core.file.reason(number)
end

--- Write the file of one conference. An obstacle in its place fails this conference only.
local function write_own(self, name, text)
  local ok, err, reason = write(self, name, text)
  if reason == "type" or reason == "name" then err.kind = "invalid" end
  return ok, err
end

--- Write the manifest. One that could not be read is copied before: until the new one is there,
-- what can be read of it is all there is.
local function write_manifest(self)
  if self.is_damaged then
    local ok, err = write(self, DAMAGED, self.text)
    if not ok then return nil, err end
    self.is_damaged, self.text = false, nil
  end
  return write(self, MANIFEST, manifest.write(self.lines))
end

local function check_open(self)
  if not self.entries then error("the store is closed", 3) end
end

--- Say whether the file of an entry is the one that was written.
local function is_intact(self, kept)
  local text = core.file.read(path_of(self, directory.file_name(kept.name)))
  return text ~= nil and #text == kept.bytes
    and (not kept.checksum or kept.checksum == core.file.checksum(text))
end

--- Return the entries of all stored conferences, the next to expire first.
---@return googlemeet.ArchiveEntry[]
function Store.__index:manifest()
  check_open(self)
  local listed = {}
  for _, kept in pairs(self.entries) do
    local copy = entry.read(kept)
    copy.bytes = kept.bytes
    if kept.state == "complete" and not is_intact(self, kept) then copy.state = "due" end
    listed[#listed + 1] = copy
  end
  return plan.sort(listed)
end

--- Return the stored resources of a conference by table; nil when there are none to be read.
---@param name string
---@return table<string, table[]>? found
function Store.__index:read(name)
  if type(name) ~= "string" then error("store:read: the name of a record expected", 2) end
  check_open(self)
  local text = core.file.read(path_of(self, directory.file_name(name)))
  return text and lines.read(text)
end

--- Note an entry; nil and a message when it cannot be written.
local function note(self, kept)
  local line, message = manifest.line(kept)
  if not line then return nil, message end
  self.entries[kept.name], self.lines[kept.name] = kept, line
  return true
end

--- Take the entry of a file that the manifest lacks from its lines. It is due; but what the server
-- has deleted already cannot be copied again.
local function adopt(self, name)
  local text = core.file.read(path_of(self, name))
  local found = text and lines.read(text)
  if not found or directory.file_name(found.conference_records[1].name) ~= name then return end
  local kept = conference.entry(found, "due")
  local expires = time.instant(kept.expire_time)
  if expires and expires / 1e9 < os.time() and conference.is_complete(found, os.time()) then
    kept.state = "complete"
  end
  kept.bytes, kept.checksum = #text, core.file.checksum(text)
  note(self, kept)
end

--- Read the manifest, if there is one, and the files that it lacks.
local function load(self)
  local text, message, number = core.file.read(path_of(self, MANIFEST))
  if not text and core.file.reason(number) ~= "absent" then
    return fail_at("cannot read", message, number)
  end
  local entries, is_whole = manifest.read(text or manifest.write {})
  if not entries then
    local reason = ("archive.directory: %s is not an archive manifest of version %d"):format(
      path_of(self, MANIFEST), manifest.VERSION)
    return nil, failure.new("config", reason, "give the folder of an archive, or a new one")
  end
  local names
  names, message, number = core.file.list(self.path)
  if not names then return fail_at("cannot read", message, number) end
  self.entries, self.lines, self.is_damaged, self.text = {}, {}, not is_whole, text
  local known = {}
  for name, kept in pairs(entries) do
    if note(self, kept) then known[directory.file_name(name)] = true end
  end
  for _, name in ipairs(names) do
    if name:find "%.jsonl$" and not known[name] then adopt(self, name) end
  end
  return true
end

--- Remove what a killed run was about to write.
local function sweep(self)
  os.remove(path_of(self, "incoming.part"))
  folder.sweep(self.path)
  folder.sweep(path_of(self, FILES))
end

--- Lock the store against other runs, of this process too.
---@return googlemeet.ArchiveLock? lock to be closed
---@return googlemeet.Error? err of kind `conflict` when another run has it
function Store.__index:lock()
  check_open(self)
  local held, err = lock.take(self, path_of(self, LOCK))
  if not held then return nil, err end
  local ok, why = load(self) -- another run may have written since it was opened
  if not ok then
    held:close()
    return nil, why
  end
  sweep(self)
  return held
end

--- Store a conference, under the lock.
local function put(self, given, found)
  local new = entry.read(given)
  local old = self.entries[new.name] or {}
  new.bytes, new.checksum = old.bytes or 0, old.checksum
  if found then
    local text, message = lines.write(found)
    if not text then return fail_to_keep(new.name, message) end
    local ok, err = write_own(self, directory.file_name(new.name), text)
    if not ok then return nil, err end
    new.bytes, new.checksum = #text, core.file.checksum(text)
  end
  local line = self.lines[new.name]
  local noted, message = note(self, new)
  if not noted then return fail_to_keep(new.name, message) end
  local ok, err = write_manifest(self)
  if ok then return true end
  self.entries[new.name], self.lines[new.name] = next(old) and old or nil, line
  return nil, err
end

--- Store a conference.
---@param given googlemeet.ArchiveEntry
---@param found? table<string, table[]> resources by table; without it the stored resources stay
---@return true|nil
---@return googlemeet.Error? err
function Store.__index:put(given, found)
  check_open(self)
  if not entry.read(given) then error("store:put: an entry with a name expected", 2) end
  if lock.is_held(self) then return put(self, given, found) end
  local held <close>, err = self:lock()
  if not held then return nil, err end
  return put(self, given, found)
end

--- Return the path of the folder of recordings, which is made if it does not exist.
---@return string? path
---@return googlemeet.Error? err
function Store.__index:folder()
  check_open(self)
  return folder.make(path_of(self, FILES))
end

--- Name the file with the rows of a conference's files, below the store's folder.
local function rows_name(name)
  return FILES .. "/" .. directory.file_name(name)
end

--- Return the rows of a conference's files; those that are torn are left out.
---@param name string
---@return googlemeet.ArchiveFile[]
function Store.__index:files(name)
  if type(name) ~= "string" then error("store:files: the name of a record expected", 2) end
  check_open(self)
  local text = core.file.read(path_of(self, rows_name(name)))
  return folder.verify(rows.parse(text or ""), path_of(self, FILES))
end

--- Store the rows of a conference's files in place of those stored before: all or none.
---@param name string
---@param list googlemeet.ArchiveFile[]
---@return true|nil
---@return googlemeet.Error? err
function Store.__index:put_files(name, list)
  if type(name) ~= "string" then error("store:put_files: the name of a record expected", 2) end
  check_open(self)
  local _, reason = self:folder()
  if reason then return nil, reason end
  local text, message = rows.write(list)
  if not text then return fail_to_keep(name, message) end
  return write_own(self, rows_name(name), text)
end

--- Refuse to search: only a database has an index.
---@return nil
---@return googlemeet.Error err
function Store.__index:search()
  check_open(self)
  local message = ("archive.directory: %s: a directory cannot be searched"):format(self.path)
  return nil, failure.new("config", message,
    "archive into a database (meet.archive.sqlite), or search the files with grep")
end

--- Close the store; may be repeated.
function Store.__index:close()
  self.entries, self.lines = nil, nil
  return true
end

Store.__close = Store.__index.close

--- Create the directory and its parents, unless they exist.
local function make(path)
  if core.file.list(path) then return true end
  for last in (path .. "/"):gmatch "[^/]()/" do
    local made, message, number = core.os.make_folder(path:sub(1, last - 1))
    if not made then return nil, message, number end
  end
  local names, message, number = core.file.list(path)
  return names ~= nil, message, number
end

--- Open a directory as a store; it is created if it does not exist.
---@param path string
---@return googlemeet.ArchiveStore? store
---@return googlemeet.Error? err
function directory.open(path)
  if type(path) ~= "string" or path == "" or path:find("\0", 1, true) then
    error("archive.directory: the path of a directory expected", 2)
  end
  local ok, message, number = make(path)
  if not ok then return fail_at("cannot write to " .. path, message, number) end
  local store = setmetatable({ path = path }, Store)
  local loaded, err = load(store)
  if not loaded then return nil, err end
  return store
end

return directory
