--- The tables of an archive, named like the services that their resources come from.
-- Pure; requires nothing.

local tables = {}

--- The tables of resources below a conference record, in the order in which a store writes them.
tables.parts = {
  "participants", "participant_sessions", "recordings", "transcripts", "transcript_entries",
  "smart_notes",
}

--- All tables: the conference record first, then its parts.
tables.all = { "conference_records", table.unpack(tables.parts) }

--- Count the resources of a conference.
---@param found? table<string, table[]> resources by table
---@return table<string, integer> counts of every part, without `found` all 0
function tables.count(found)
  local counts = {}
  for _, part in ipairs(tables.parts) do counts[part] = found and #found[part] or 0 end
  return counts
end

return tables
