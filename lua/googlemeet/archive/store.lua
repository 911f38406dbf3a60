--- What a run of the archive asks of a store, which may be the script's own.

local core = require "googlemeet.core"

local store = {}

--- Kinds with which a store refuses what a conference has; any other is about the store.
local OF_DATA = { decode = true, invalid = true, too_large = true }

--- A lock of a store that has none.
local UNLOCKED = setmetatable({}, { __close = function() end })

local function lacks(given, methods)
  if type(given) ~= "table" then return true end
  for _, method in ipairs(methods) do
    if type(given[method]) ~= "function" then return true end
  end
  return false
end

--- Check that a value is a store; raises at the line of the archive's caller.
---@param given any
---@param with_files boolean
function store.check(given, with_files)
  if lacks(given, { "manifest", "put" }) then
    error(("archive: a store with the methods manifest and put expected, got %s"):format(
      type(given)), 3)
  end
  if with_files and lacks(given, { "read", "files", "put_files", "folder" }) then
    error("archive: option 'files': a store with the methods read, files, put_files and folder "
      .. "expected", 3)
  end
end

local LISTS = { manifest = true, files = true }

local function is_answer(method, value, err)
  if value and LISTS[method] then return type(value) == "table" end
  return value or err ~= nil
end

--- Call a method of the store. One that returns neither a value nor a reason raises, because
-- `nil, nil` would explain nothing to the caller of the archive.
---@param given googlemeet.ArchiveStore
---@param method string
---@return any value
---@return any err
function store.ask(given, method, ...)
  local value, err = given[method](given, ...)
  if is_answer(method, value, err) then return value, err end
  core.error.misuse(("archive: store:%s gave %s: its value, or nil and an error, expected"):format(
    method, tostring(value)))
end

--- Say whether a store's error is about the data of one conference.
---@param err any
---@return boolean
function store.is_of_data(err)
  return type(err) == "table" and OF_DATA[err.kind] == true
end

--- Keep other runs out of the store.
---@param given googlemeet.ArchiveStore
---@return any lock to be closed
---@return any err
function store.lock(given)
  if type(given.lock) ~= "function" then return UNLOCKED end
  return store.ask(given, "lock")
end

return store
