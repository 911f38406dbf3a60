--- Shows what a run of the archive did.

local core = require "googlemeet.core"
local output = require "googlemeet.command.output"

local summaries = {}

local PARTS = {
  "participants", "participant_sessions", "recordings", "transcripts", "transcript_entries",
  "smart_notes",
}

--- Write the summary as JSON: lists are arrays, empty ones too.
local function show_json(summary)
  local shown = {}
  for name, value in pairs(summary) do
    shown[name] = type(value) == "table" and core.array(value) or value
  end
  output.json(shown)
end

local function show_counts(summary)
  output.print(("%d conferences copied, %d of them not complete yet; %d were complete before")
    :format(summary.records, summary.due, summary.skipped))
  local parts = {}
  for index, part in ipairs(PARTS) do
    parts[index] = ("%d %s"):format(summary[part], (part:gsub("_", " ")))
  end
  output.print(table.concat(parts, ", "))
  if summary.files then
    output.print(("%d files copied, %.1f MB; %d are not complete yet"):format(summary.files,
      summary.bytes / 1000000, summary.files_due))
  end
end

--- Print what a run did, and on standard error what it could not do.
---@param summary? googlemeet.ArchiveSummary nil where the run did not begin
---@param is_json boolean?
---@return boolean? is_good nothing failed
function summaries.show(summary, is_json)
  if not summary then return nil end
  if is_json then show_json(summary) else show_counts(summary) end
  for _, one in ipairs(summary.unavailable or {}) do
    output.complain(("no file: %s: %s"):format(one.name, tostring(one.err)))
  end
  for _, name in ipairs(summary.gone) do
    output.complain("gone before it was complete: " .. name)
  end
  for _, one in ipairs(summary.failed) do
    output.complain(("failed: %s: %s"):format(one.file or one.name, tostring(one.err)))
  end
  return #summary.failed == 0
end

return summaries
