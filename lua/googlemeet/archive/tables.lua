--- The tables of an archive, each called as the service that its resources come from.
-- Pure; requires nothing.

local tables = {}

--- What hangs below a conference record, in the order in which a store keeps it.
tables.parts = {
  "participants", "participant_sessions", "recordings", "transcripts", "transcript_entries",
  "smart_notes",
}

--- All tables: the conference record first, then its parts.
tables.all = { "conference_records", table.unpack(tables.parts) }

--- Count what is in the tables of a conference.
---@param found? table<string, table[]> resources by table
---@return table<string, integer> counts of every part, 0 where there is none
function tables.count(found)
  local counts = {}
  for _, part in ipairs(tables.parts) do counts[part] = found and #found[part] or 0 end
  return counts
end

return tables
