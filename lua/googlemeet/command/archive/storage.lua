--- Opens archives for the command.

local core = require "googlemeet.core"
local meet = require "googlemeet"
local output = require "googlemeet.command.output"

local storage = {}

local NO_SUCH_FILE, NO_FOLDER = 2, 20 -- ENOENT, ENOTDIR

--- Say whether there is something at a path. It is not opened: a FIFO would wait for a writer.
local function exists(path)
  local size, _, number = core.file.size(path)
  return size ~= 0 and number ~= NO_SUCH_FILE and number ~= NO_FOLDER
end

--- Refuse what LuaSQL takes for a database in memory, and SQLite for a URI: nothing would be kept.
local function check_database(path)
  if path:find(":memory:", 1, true) or path:find "^file:" then
    output.refuse(path .. ": the path of a file expected, not a database in memory or a URI")
  end
end

--- Open the archive at a path.
---@param path string
---@param is_directory boolean?
---@param is_there boolean? it has to exist
---@return googlemeet.ArchiveStore
function storage.open(path, is_directory, is_there)
  if not is_directory then check_database(path) end
  if is_there and not exists(path) then output.fail(path .. ": there is no such archive") end
  local store, err = meet.archive[is_directory and "directory" or "sqlite"](path)
  return store or output.fail(err)
end

--- List the conferences of an archive, the next to be deleted first.
---@param store googlemeet.ArchiveStore
---@return googlemeet.ArchiveEntry[]
function storage.manifest(store)
  local entries, err = store:manifest()
  return entries or output.fail(err)
end

--- Keep the demo account out of an archive of real conferences: these would count as deleted.
---@param store googlemeet.ArchiveStore
---@param path string
---@param seeded table what the demo account holds
function storage.check(store, path, seeded)
  local demo = {}
  for _, record in pairs(seeded.records) do demo[record.name] = true end
  for _, entry in ipairs(storage.manifest(store)) do
    if not demo[entry.name] then
      output.fail(path .. " has conferences of a real account; --demo needs another path")
    end
  end
end

return storage
