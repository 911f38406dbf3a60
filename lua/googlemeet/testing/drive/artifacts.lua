--- The files of recordings, transcripts and smart notes: made when somebody asks for them first.

local files = require "googlemeet.testing.drive.files"
local organisation = require "googlemeet.testing.organisation"
local random = require "googlemeet.testing.random"
local time = require "googlemeet.time"

local artifacts = {}

local KINDS = { "smartNotes", "transcripts", "recordings" }
local MOST_DETAILS = 6

--- Find the artifacts of a file: one that notes and a transcript share has two.
local function owners(org, id)
  local found = {}
  for _, kind in ipairs(KINDS) do
    for _, record in ipairs(org.conferenceRecords) do
      for _, node in ipairs(record[kind]) do
        local is_there = node.file == id and node.resource.state == "FILE_GENERATED"
        if is_there and organisation.role(node) ~= "other" then
          found[#found + 1] = { node = node, kind = kind, record = record }
        end
      end
    end
  end
  return found
end

--- Return what a speaker of an entry is called.
local function speaker_of(org, entry)
  local participant = org.index[entry.resource.participant]
  local resource = participant and participant.resource or {}
  local user = resource.signedinUser or resource.anonymousUser or resource.phoneUser
  return user and user.displayName or "Unknown"
end

local function clock_time(node, record)
  local start = time.parse(record.resource.startTime)
  local seconds = (time.parse(node.resource.startTime)) - start
  return ("%02d:%02d:%02d"):format(seconds // 3600, seconds // 60 % 60, seconds % 60)
end

local function transcript_text(org, owner)
  local lines, minute = { "# Transcript" }, nil
  for _, entry in ipairs(owner.node.entries) do
    local at = clock_time(entry, owner.record)
    if at:sub(1, 5) ~= minute then
      minute = at:sub(1, 5)
      lines[#lines + 1] = "### " .. at
    end
    lines[#lines + 1] = ("**%s:** %s"):format(speaker_of(org, entry), entry.resource.text)
  end
  return table.concat(lines, "\n")
end

--- Write notes from what was said: the first things, and who is to do the last ones.
local function notes_text(org, record)
  local lines = { "# Notes", "### Summary", "Made from what was said in this meeting.",
    "### Details" }
  local transcript = record.transcripts[1]
  local entries = transcript and transcript.entries or {}
  for i = 1, math.min(MOST_DETAILS, #entries) do
    lines[#lines + 1] = ("- **%s** – %s"):format(speaker_of(org, entries[i]),
      entries[i].resource.text)
  end
  lines[#lines + 1] = "### Suggested next steps"
  local last = entries[#entries]
  lines[#lines + 1] = last and ("1. %s: %s"):format(speaker_of(org, last), last.resource.text)
    or "1. None was found."
  return table.concat(lines, "\n")
end

local function title_of(owner, what)
  local resource = owner.record.space.resource
  local day, hour = owner.record.resource.startTime:match "^([%d-]+)T(%d+:%d+)"
  return ("%s (%s %s UTC)%s"):format(resource.meetingCode, day, hour, what)
end

local function options_of(org, id, found)
  local first = found[1]
  local modified = first.node.resource.endTime
  if first.kind == "recordings" then
    return {
      id = id, name = title_of(first, ""), mime_type = "video/mp4", modified_time = modified,
      size = 200000 + random.hash(id) % 100000,
    }
  end
  local tabs = {}
  for i, owner in ipairs(found) do
    local is_notes = owner.kind == "smartNotes"
    tabs[i] = {
      title = is_notes and "Notes" or "Transcript",
      text = is_notes and notes_text(org, owner.record) or transcript_text(org, owner),
    }
  end
  local what = first.kind == "smartNotes" and " – Notes" or " – Transcript"
  return { id = id, name = title_of(first, what), tabs = tabs, modified_time = modified }
end

--- Find a file of an account: one that was added, or that of an artifact.
---@param org table organisation
---@param id string
---@return table? file nil also for one that was deleted
function artifacts.file(org, id)
  local file = org.files and org.files[id]
  if file ~= nil then return file or nil end
  local found = owners(org, id)
  return found[1] and files.add(org, options_of(org, id, found), function() end)
end

return artifacts
