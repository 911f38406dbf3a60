--- The lock of a run: no other run, of this process or another, has the store meanwhile.
-- It ends with the process, however that ends.

local core = require "googlemeet.core"
local failure = require "googlemeet.failure"
local trouble = require "googlemeet.archive.trouble"

local lock = {}

local Hold = { __name = "googlemeet.archive.lock", __index = {} }

local function fail(kind, hint, message)
  local reason = kind == "conflict" and "another run has the store" or "the store cannot be locked"
  if message then reason = reason .. ": " .. message end
  return nil, failure.new(kind, "archive: " .. reason, hint)
end

--- Lock a store: `store.is_held` is true until the lock is closed.
---@param store table
---@param path? string file of the lock; nil: nobody else can have the store
---@return googlemeet.ArchiveLock? lock
---@return googlemeet.Error? err of kind `conflict` when another run has it
function lock.take(store, path)
  if store.is_held then return fail(trouble.locked()) end
  local held, message, number
  if path then held, message, number = core.file.lock(path) end
  if path and not held then
    local kind, hint = trouble.of_file(number)
    return fail(kind, hint, message)
  end
  store.is_held = true
  return setmetatable({ store = store, held = held }, Hold)
end

--- Let others have the store; may be repeated.
function Hold.__index:close()
  if not self.store then return end
  self.store.is_held, self.store = false, nil
  if self.held then self.held:close() end
end

Hold.__close = Hold.__index.close

return lock
