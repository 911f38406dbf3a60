--- Fetches one conference with everything below it.
-- Requests go through the client's gather and map: as many at once as the rate limits allow.

local core = require "googlemeet.core"
local tables = require "googlemeet.archive.tables"
local time = require "googlemeet.time"
local validate = require "googlemeet.validate"

local conference = {}

--- States of an artifact without its file.
local UNFINISHED = { STARTED = true, ENDED = true }

local ARTIFACTS = { "recordings", "transcripts", "smart_notes" }

--- Join arrays of items, each name once: a list that grows while it is read may have an item on two
-- pages.
---@param lists table[][]
---@return table[]|nil items
---@return any err
local function join(lists)
  local joined, seen = {}, {}
  for _, items in ipairs(lists) do
    for _, item in ipairs(items) do
      if type(item.name) ~= "string" then
        return nil, core.error.new("decode", "archive: the server sent a resource without a name")
      end
      if not seen[item.name] then
        seen[item.name], joined[#joined + 1] = true, item
      end
    end
  end
  return joined
end

--- Read all items of a list, or return nil and err.
local function all(list, parent)
  local items, err = list(parent):all()
  if not items then return nil, err end
  return join { items }
end

--- Read the items of a list, and for each of them the list that `method` returns.
local function two_levels(client, list, record, method, pattern)
  local upper, lists, lower, err
  upper, err = all(list, record)
  if not upper then return nil, err end
  lists, err = client:map(upper, function(item)
    local named, why = validate.resource(item, pattern)
    if not named then return nil, why end
    return item[method](item):all()
  end)
  if not lists then return nil, err end
  lower, err = join(lists)
  if not lower then return nil, err end
  return { upper, lower }
end

--- Fetch all resources of a conference.
---@param client googlemeet.Client
---@param record googlemeet.ConferenceRecord
---@return table<string, table[]>|nil found resources by table, in the server's order
---@return googlemeet.Error? err
function conference.fetch(client, record)
  local parts, err = client:gather {
    function()
      return two_levels(client, record.participants, record, "sessions",
        "conferenceRecords/*/participants/*")
    end,
    function()
      return two_levels(client, record.transcripts, record, "entries",
        "conferenceRecords/*/transcripts/*")
    end,
    function() return all(record.recordings, record) end,
    function() return all(record.smart_notes, record) end,
  }
  if not parts then return nil, err end
  return {
    conference_records = { record },
    participants = parts[1][1], participant_sessions = parts[1][2],
    transcripts = parts[2][1], transcript_entries = parts[2][2],
    recordings = parts[3], smart_notes = parts[4],
  }
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
  return {
    name = record.name, start_time = record.startTime, end_time = record.endTime,
    expire_time = record.expireTime, state = state, counts = tables.count(found),
  }
end

return conference
