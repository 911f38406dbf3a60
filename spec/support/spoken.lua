--- Simulated conferences in which something is said and noted, for specs of the search.

local conferences = require "spec.support.conferences"
local sqlite = require "googlemeet.archive.sqlite"

local spoken = {}

--- Put a conference into a store.
---@param store googlemeet.ArchiveStore
---@param id string
---@param entries { text: string, by?: integer, time?: string }[] `by`: which of `people` says it
---@param people? string[] display names
function spoken.put(store, id, entries, people)
  local name = "conferenceRecords/" .. id
  local found = conferences.found(name)
  for index, display_name in ipairs(people or {}) do
    found.participants[index] = {
      name = ("%s/participants/p%d"):format(name, index),
      signedinUser = { displayName = display_name, user = "users/" .. index },
    }
  end
  for index, entry in ipairs(entries) do
    found.transcript_entries[index] = {
      name = ("%s/transcripts/t/entries/e%d"):format(name, index), text = entry.text,
      participant = entry.by and ("%s/participants/p%d"):format(name, entry.by),
      startTime = entry.time or ("2026-11-01T09:%02d:%02dZ"):format(index // 60 % 60, index % 60),
    }
  end
  found.smart_notes[1] = { name = name .. "/smartNotes/n", startTime = "2026-11-01T09:00:00Z" }
  assert(store:put(conferences.entry { name = name }, found))
end

--- Put the text of a conference's smart note, and the document of its transcript.
function spoken.note(store, id, text)
  local name = "conferenceRecords/" .. id
  assert(store:put_files(name, {
    { name = name .. "/smartNotes/n", state = "complete", text = text, bytes = #text },
    { name = name .. "/transcripts/t", state = "complete", text = "document", bytes = 8 },
  }))
end

--- Open a store with a conference for each list of texts.
function spoken.store(path, texts)
  local store = assert(sqlite.open(path))
  for id, list in pairs(texts) do
    local entries = {}
    for index, text in ipairs(list) do entries[index] = { text = text } end
    spoken.put(store, id, entries)
  end
  return store
end

--- Search; return the last parts of the names of what is found.
function spoken.ids(store, words, opts)
  local list = {}
  for index, hit in ipairs(assert(store:search(words, opts))) do
    list[index] = hit.name:match "^[^/]+/([^/]+)" .. "/" .. hit.name:match "[^/]+$"
  end
  return list
end

--- Sort a list in place, and return it.
function spoken.sorted(list, is_before)
  table.sort(list, is_before)
  return list
end

return spoken
