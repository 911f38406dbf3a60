--- The lock of a run: no other run, of this process or another, has the store meanwhile.
-- It ends with the process, however that ends.

local core = require "googlemeet.core"
local failure = require "googlemeet.failure"
local hints = require "googlemeet.archive.hints"

local lock = {}

local Hold = { __name = "googlemeet.archive.lock", __index = {} }

local function fail(kind, hint, message)
  local reason = kind == "conflict" and "another run holds the store"
    or "the store cannot be locked"
  if message then reason = reason .. ": " .. message end
  return nil, failure.new(kind, "archive: " .. reason, hint)
end

--- Say whether a run of this process has the store by this object. A run that was abandoned, in a
-- coroutine that nobody resumes, has it until it is collected: hence a weak reference.
---@param store table
---@return boolean
function lock.is_held(store)
  return store.runs ~= nil and store.runs[1] ~= nil
end

--- Lock a store until the lock is closed.
---@param store table
---@param path? string file of the lock; nil: nobody else can have the store
---@return googlemeet.ArchiveLock? lock
---@return googlemeet.Error? err of kind `conflict` when another run has it
function lock.take(store, path)
  if lock.is_held(store) then return fail(hints.locked()) end
  local held, message, number
  if path then held, message, number = core.file.lock(path) end
  if path and not held then
    local kind, hint = hints.of_file(number)
    return fail(kind, hint, message)
  end
  local hold = setmetatable({ store = store, held = held }, Hold)
  store.runs = setmetatable({ hold }, { __mode = "v" })
  return hold
end

--- Let others have the store; may be repeated.
function Hold.__index:close()
  if not self.store then return end
  self.store.runs, self.store = nil, nil
  if self.held then self.held:close() end
end

Hold.__close = Hold.__index.close

return lock
