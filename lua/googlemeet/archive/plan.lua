--- Plans a run: which conferences to copy, and in what order.
-- Pure: the server's records and the store's manifest in, a list of steps out.

local time = require "googlemeet.time"

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

--- Return the conferences to copy.
-- Conferences that are complete in the manifest are left out. Those that are due come again even if
-- the server's list lacks them, which a filter by time may cause: then `record` is absent.
---@param records table[] conference records, as listed
---@param manifest googlemeet.ArchiveEntry[]
---@return { name: string, expire_time?: string, record?: table, entry?: table }[] steps, sorted
---@return integer skipped records that are already complete
function plan.make(records, manifest)
  local steps, skipped, entries, seen = {}, 0, {}, {}
  for _, entry in ipairs(manifest) do entries[entry.name] = entry end
  for _, record in ipairs(records) do
    local entry, is_new = entries[record.name], not seen[record.name]
    seen[record.name] = true -- a list that grows while it is read may have a record twice
    if is_new and entry and entry.state == "complete" then
      skipped = skipped + 1
    elseif is_new then
      steps[#steps + 1] = {
        name = record.name, expire_time = record.expireTime, record = record, entry = entry,
      }
    end
  end
  for name, entry in pairs(entries) do
    if entry.state == "due" and not seen[name] then
      steps[#steps + 1] = { name = name, expire_time = entry.expire_time, entry = entry }
    end
  end
  return plan.sort(steps), skipped
end

return plan
