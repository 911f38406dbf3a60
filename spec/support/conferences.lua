--- Simulated conferences, as archive hands them to a store.

local NONE = {
  participants = 0, participant_sessions = 0, recordings = 0, transcripts = 0,
  transcript_entries = 0, smart_notes = 0,
}

local conferences = {}

--- An entry of a manifest, with what is given in place of what is usual.
function conferences.entry(given)
  local entry = {
    name = "conferenceRecords/c1", start_time = "2026-11-01T09:00:00Z",
    end_time = "2026-11-01T10:00:00Z", expire_time = "2026-12-01T10:00:00Z", state = "complete",
    counts = {},
  }
  for part, count in pairs(NONE) do entry.counts[part] = count end
  for field, value in pairs(given or {}) do entry[field] = value end
  return entry
end

--- The tables of a conference with as many recordings as ids are given.
function conferences.found(name, ids)
  local recordings = {}
  for index, id in ipairs(ids or {}) do
    recordings[index] = { name = name .. "/recordings/" .. id, state = "FILE_GENERATED" }
  end
  return {
    conference_records = { { name = name } }, participants = {}, participant_sessions = {},
    recordings = recordings, transcripts = {}, transcript_entries = {}, smart_notes = {},
  }
end

return conferences
