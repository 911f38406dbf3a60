--- Resource names, in every form that the core accepts.

local core = require "googlemeet.core"
local options = require "googlemeet.options"

local name = {}

--- Patterns of the resource names, by kind.
local patterns = {
  space = "spaces/*",
  member = "spaces/*/members/*",
  conference_record = "conferenceRecords/*",
  participant = "conferenceRecords/*/participants/*",
  participant_session = "conferenceRecords/*/participants/*/participantSessions/*",
  recording = "conferenceRecords/*/recordings/*",
  smart_note = "conferenceRecords/*/smartNotes/*",
  transcript = "conferenceRecords/*/transcripts/*",
  transcript_entry = "conferenceRecords/*/transcripts/*/entries/*",
}

local function text_of(value, caller)
  local text = type(value) == "table" and value.name or value
  if type(text) ~= "string" then
    error(("name.%s: a resource or its name expected, got %s"):format(caller, type(value)), 3)
  end
  return text
end

--- Return the full resource name for a resource, a full name, an id, a meeting code or a meeting
-- URL. A code becomes part of the name, in lower case.
---@param kind string "space", "conference_record", …
---@param value string|table
---@return string|nil name
---@return boolean|string is_code whether the name holds a code, or a message when there is no name
function name.resolve(kind, value)
  local pattern = patterns[kind]
  if not pattern then error(options.unknown("name.resolve: unknown kind", kind, patterns), 2) end
  return core.name.resolve(pattern, text_of(value, "resolve"))
end

--- Return the last part of a resource name.
---@param value string|table
---@return string
function name.id(value)
  return text_of(value, "id"):match("[^/]+$") or ""
end

--- Return the name of the parent resource, or nil at the top.
---@param value string|table
---@return string|nil
function name.parent(value)
  return text_of(value, "parent"):match("^(.+)/[^/]+/[^/]+$")
end

--- Say whether a text has the form of a meeting code: three groups of letters, any case.
---@param value string
---@return boolean
function name.is_code(value)
  if type(value) ~= "string" then
    error("name.is_code: string expected, got " .. type(value), 2)
  end
  return core.name.is_meeting_code(value)
end

return name
