--- Which conferences to copy, and in what order.
-- Pure: the server's records and the store's manifest in, a list of steps out.

local time = require "googlemeet.time"

local plan = {}

--- Sort what has an `expire_time` and a `name`: the one that the server forgets first comes first,
-- what has no such time (it is still running) last.
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

--- Say what is to be copied.
-- Left out is what the manifest has as complete. What it has as due comes again even where the
-- server's list, narrowed by a time perhaps, does not have it: `record` is absent then.
---@param records table[] conference records, as listed
---@param manifest googlemeet.ArchiveEntry[]
---@return { name: string, expire_time?: string, record?: table, known?: table }[] steps, sorted
---@return integer skipped records that are complete already
function plan.make(records, manifest)
  local steps, skipped, known, seen = {}, 0, {}, {}
  for _, entry in ipairs(manifest) do known[entry.name] = entry end
  for _, record in ipairs(records) do
    local entry, is_new = known[record.name], not seen[record.name]
    seen[record.name] = true -- a list that grows while it is read may have one twice
    if is_new and entry and entry.state == "complete" then
      skipped = skipped + 1
    elseif is_new then
      steps[#steps + 1] = {
        name = record.name, expire_time = record.expireTime, record = record, known = entry,
      }
    end
  end
  for name, entry in pairs(known) do
    if entry.state == "due" and not seen[name] then
      steps[#steps + 1] = { name = name, expire_time = entry.expire_time, known = entry }
    end
  end
  return plan.sort(steps), skipped
end

return plan
