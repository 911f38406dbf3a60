--- Shows what is in an archive.

local core = require "googlemeet.core"
local output = require "googlemeet.command.output"
local storage = require "googlemeet.command.archive.storage"

local listing = {}

local LINE = "%-16s  %-8s  %-16s  %6s  %7s  %s"

--- Write a time to the minute.
---@param time? string RFC 3339
---@param otherwise string
---@return string
function listing.minute(time, otherwise)
  return time and output.one_line(time:sub(1, 16):gsub("T", " ")) or otherwise
end

--- Print what is in an archive, the next conference to be deleted first.
---@param store googlemeet.ArchiveStore
---@param is_json boolean?
function listing.show(store, is_json)
  local entries, states = storage.manifest(store), { complete = 0, due = 0, gone = 0 }
  if is_json then return output.json(core.array(entries)) end
  output.print(LINE:format("Deleted (UTC)", "State", "Began (UTC)", "People", "Entries",
    "Conference"))
  for _, entry in ipairs(entries) do
    states[entry.state] = states[entry.state] + 1
    output.print(LINE:format(listing.minute(entry.expire_time, "still running"), entry.state,
      listing.minute(entry.start_time, "?"), entry.counts.participants,
      entry.counts.transcript_entries, output.one_line(entry.name:match "[^/]*$")))
  end
  output.print(("%d complete, %d due to be copied again, %d gone before they were complete")
    :format(states.complete, states.due, states.gone))
end

return listing
