--- Entries of a manifest, read from what somebody may have changed.
-- Pure.

local tables = require "googlemeet.archive.tables"

local entry = {}

local STATES = { complete = true, due = true, gone = true }

local function text_of(value)
  return type(value) == "string" and value or nil
end

local function count_of(value)
  local count = math.tointeger(value)
  return count and count >= 0 and count or 0
end

--- Copy an entry. A field of another type counts as absent, an unknown state as `due`.
---@param value any
---@return googlemeet.ArchiveEntry? copy nil: it has no name
function entry.read(value)
  if type(value) ~= "table" or type(value.name) ~= "string" then return nil end
  local given = type(value.counts) == "table" and value.counts or {}
  local copy = {
    name = value.name, start_time = text_of(value.start_time), end_time = text_of(value.end_time),
    expire_time = text_of(value.expire_time), counts = {},
    state = STATES[value.state] and value.state or "due",
  }
  for _, part in ipairs(tables.parts) do copy.counts[part] = count_of(given[part]) end
  return copy
end

return entry
