--- Fetches one conference with everything below it.
-- Requests go through the client's gather and map: as many at once as the rate limits allow.

local core = require "googlemeet.core"
local entry = require "googlemeet.archive.entry"
local failure = require "googlemeet.failure"
local hints = require "googlemeet.archive.hints"
local tables = require "googlemeet.archive.tables"
local time = require "googlemeet.time"
local unique = require "googlemeet.unique"
local validate = require "googlemeet.validate"

local conference = {}

--- States of an artifact without its file.
local UNFINISHED = { STARTED = true, ENDED = true }

local ARTIFACTS = { "recordings", "transcripts", "smart_notes" }

--- The form of a conference record's name.
local RECORD = "conferenceRecords/*"

--- Kinds of error that no list of any conference would escape.
local OF_ALL = { auth = true, connection = true, config = true, cancelled = true }

local MOST_TEMPORARY = 8 -- failures, after which a conference is asked for no more

--- Note what keeps a conference from being whole; nil and the error if it ends the run.
local function note(reading, err)
  if OF_ALL[err.kind] then return nil, err end
  reading.err = reading.err or err
  if failure.is_temporary(err) then reading.temporary = reading.temporary + 1 end
  return true
end

--- Say why an item does not belong below the parent: its name is data.
local function fault_of(item, parent, pattern)
  local named, why = validate.resource(item, pattern)
  if not named then return why end
  if item.name:sub(1, #parent + 1) == parent .. "/" then return nil end
  return failure.new("decode", ("archive: the server sent %s in a list of %s"):format(item.name,
    parent), hints.DATA)
end

--- Read all items of a list, each once. What cannot be read is noted.
local function all(reading, service, parent, pattern)
  if reading.temporary >= MOST_TEMPORARY then return {} end
  local items, err = service:list(parent):all()
  if not items then
    local noted, why = note(reading, err)
    return noted and {}, why
  end
  reading.has_some = true
  local good = {}
  for _, item in ipairs(items) do
    local why = fault_of(item, parent, pattern)
    if why then note(reading, why) else good[#good + 1] = item end
  end
  return unique(good)
end

--- Read the items of a list, and for each of them the items of the list below.
local function two_levels(client, reading, upper, lower, record)
  local items, err = all(reading, client[upper.service], record.name, upper.pattern)
  if not items then return nil, err end
  local lists, why = client:map(items, function(item)
    return all(reading, client[lower.service], item.name, lower.pattern)
  end)
  if not lists then return nil, why end
  local joined = {}
  for _, list in ipairs(lists) do table.move(list, 1, #list, #joined + 1, joined) end
  return { items, unique(joined) }
end

local function below(service, pattern)
  return { service = service, pattern = RECORD .. pattern }
end

--- Fetch all resources of a conference, or what can be read of them.
---@param client googlemeet.Client
---@param record googlemeet.ConferenceRecord
---@return table<string, table[]>|nil found resources by table, in the server's order
---@return googlemeet.Error? err with `found`: something is missing, for this reason
function conference.fetch(client, record)
  if core.name.resolve(RECORD, record.name) ~= record.name then
    return nil, failure.new("decode",
      "archive: the server sent a record that is named " .. record.name, hints.DATA)
  end
  local reading = { temporary = 0 }
  local parts, err = client:gather {
    function()
      return two_levels(client, reading, below("participants", "/participants/*"),
        below("participant_sessions", "/participants/*/participantSessions/*"), record)
    end,
    function()
      return two_levels(client, reading, below("transcripts", "/transcripts/*"),
        below("transcript_entries", "/transcripts/*/entries/*"), record)
    end,
    function() return all(reading, client.recordings, record.name, RECORD .. "/recordings/*") end,
    function() return all(reading, client.smart_notes, record.name, RECORD .. "/smartNotes/*") end,
  }
  if not parts then return nil, err end
  if not reading.has_some then return nil, reading.err end
  return {
    conference_records = { record },
    participants = parts[1][1], participant_sessions = parts[1][2],
    transcripts = parts[2][1], transcript_entries = parts[2][2],
    recordings = parts[3], smart_notes = parts[4],
  }, reading.err
end

--- Say whether a conference is complete: it ended so long ago that artifacts have appeared, and
-- each of them has its file.
---@param found table<string, table[]> result of `conference.fetch`
---@param ended_before integer epoch seconds
---@return boolean
function conference.is_complete(found, ended_before)
  local record = found.conference_records[1]
  local ended = type(record.endTime) == "string" and time.parse(record.endTime)
  if not ended or ended > ended_before then return false end
  for _, kind in ipairs(ARTIFACTS) do
    for _, artifact in ipairs(found[kind]) do
      if artifact.state == nil or UNFINISHED[artifact.state] then return false end
    end
  end
  return true
end

--- Make the manifest entry of a fetched conference.
---@param found table<string, table[]>
---@param state "complete"|"due"
---@return googlemeet.ArchiveEntry
function conference.entry(found, state)
  local record = found.conference_records[1]
  return entry.read {
    name = record.name, start_time = record.startTime, end_time = record.endTime,
    expire_time = record.expireTime, state = state, counts = tables.count(found),
  }
end

return conference
