--- Answers that several calls of one client share for a while, so that the same is asked once.

local core = require "googlemeet.core"
local failure = require "googlemeet.failure"
local scheduler = require "googlemeet.scheduler"

local recent = {}

local FRESH = 300 -- seconds on the client's clock

--- Answers by key, for each client that lives.
local kept = setmetatable({}, { __mode = "k" })

--- Return the entry of a key, and forget those that are not fresh any more.
local function entry_of(client, key, now)
  local entries = kept[client] or {}
  kept[client] = entries
  for other, entry in pairs(entries) do
    if entry.at and now - entry.at > FRESH then entries[other] = nil end
  end
  entries[key] = entries[key] or { lock = core.task.lock() }
  return entries[key]
end

--- Return what `ask()` has returned for the same key within five minutes. Tasks that come meanwhile
-- wait for the one that asks; a callback of its own requests asks anew. A failure is not kept.
---@generic T
---@param client googlemeet.Client
---@param key string
---@param seconds? number that it may wait for another task
---@param ask fun(): T?, googlemeet.Error?
---@return T?
---@return googlemeet.Error? err
function recent.get(client, key, seconds, ask)
  local entry, own = entry_of(client, key, client:now()), coroutine.running()
  if entry.asking == own then return ask() end
  if not scheduler.await(entry.lock, seconds and core.now() + seconds) then
    return nil, failure.new("deadline", "the deadline passed while another call asked for the same")
  end
  local _ <close> = setmetatable({}, { __close = function()
    entry.asking = nil
    core.task.release(entry.lock)
  end })
  if entry.at then return entry.value end
  entry.asking = own
  local value, err = ask()
  if value == nil then return nil, err end
  entry.value, entry.at = value, client:now()
  return value
end

return recent
