--- Plans a run: which conferences to copy, and in what order.
-- Pure: the server's records and the store's manifest in, a list of steps out.

local core = require "googlemeet.core"
local time = require "googlemeet.time"
local unique = require "googlemeet.unique"

local plan = {}

--- Sort items by `expire_time`, then `name`: the one that the server deletes first comes first; a
-- running conference has no such time and comes last.
---@generic T: { name: string, expire_time?: string }
---@param items T[] sorted in place
---@return T[] items
function plan.sort(items)
  local expiry = {}
  for _, item in ipairs(items) do expiry[item] = time.instant(item.expire_time) or math.huge end
  table.sort(items, function(one, other)
    if expiry[one] ~= expiry[other] then return expiry[one] < expiry[other] end
    return one.name < other.name
  end)
  return items
end

--- Say whether requests can be made by the name.
local function is_usable(name)
  return type(name) == "string" and core.name.resolve("conferenceRecords/*", name) ~= nil
end

--- Return the entries of a manifest that have a name, by it.
local function by_name(manifest)
  local entries = {}
  for _, entry in ipairs(manifest) do
    if type(entry) == "table" and type(entry.name) == "string" then entries[entry.name] = entry end
  end
  return entries
end

--- Return the conferences to copy.
-- Conferences that are complete in the manifest are left out. Those that are due come again even if
-- the server's list lacks them, which a filter by time may cause: then `record` is absent.
-- A name that no request can have is data, too: such a conference is refused.
---@param records table[] conference records, as listed
---@param manifest googlemeet.ArchiveEntry[]
---@return { name: string, expire_time?: string, record?: table, entry?: table }[] steps, sorted
---@return integer skipped records that are already complete
---@return any[] refused names that cannot be used
function plan.make(records, manifest)
  local steps, skipped, refused, entries, seen = {}, 0, {}, by_name(manifest), {}
  local function add(name, step)
    if is_usable(name) then steps[#steps + 1] = step else refused[#refused + 1] = name or false end
  end
  for _, record in ipairs(unique(records)) do
    local name = record.name
    local entry = type(name) == "string" and entries[name] or nil
    if entry then seen[name] = true end
    if entry and entry.state == "complete" then
      skipped = skipped + 1
    else
      add(name, { name = name, expire_time = record.expireTime, record = record, entry = entry })
    end
  end
  for name, entry in pairs(entries) do
    if entry.state == "due" and not seen[name] then
      add(name, { name = name, expire_time = entry.expire_time, entry = entry })
    end
  end
  return plan.sort(steps), skipped, refused
end

return plan
