--- Compares a snapshot of a conference with what was reported before, and returns the new events.
-- Pure: tables in, tables out. What was reported is the conference's row in `watch.state`.

local intervals = require "googlemeet.intervals"
local presence = require "googlemeet.watch.presence"
local sort = require "googlemeet.sort"
local time = require "googlemeet.time"

local events = {}

local NOTHING = { phase = "live", present = {}, gone = {}, files = {} }
local RANKS = { joined = 1, left = 2 }
local READY = {
  recording = "recording_ready", transcript = "transcript_ready", smart_note = "smart_note_ready",
}

local function by_time(one, other)
  if one.at ~= other.at then return one.at < other.at end
  if one.type ~= other.type then return RANKS[one.type] < RANKS[other.type] end
  return one.participant.name < other.participant.name
end

local function add_attendance(list, row, snapshot)
  local moved = {}
  local horizon = not snapshot.is_complete and time.instant(snapshot.horizon)
  for _, seen in ipairs(snapshot.participants) do
    local id = seen.participant.name:match "[^/]+$"
    local conference_end = snapshot.is_complete and snapshot.record.endTime or nil
    local stays = presence.stays(seen.sessions, conference_end)
    for _, move in ipairs(presence.moves(row.present[id], row.gone[id], stays)) do
      if horizon and move.at > horizon then break end
      move.participant = seen.participant
      moved[#moved + 1] = move
    end
  end
  table.sort(moved, by_time)
  for _, move in ipairs(moved) do
    list[#list + 1] = { type = move.type, time = move.time, participant = move.participant }
  end
end

local function add_files(list, row, snapshot)
  for _, file in ipairs(snapshot.files or {}) do
    if file.is_ready and not row.files[events.file_id(file.resource)] then
      list[#list + 1] = { type = READY[file.kind], [file.kind] = file.resource }
    end
  end
end

--- Identify a file within its conference: "recordings/rec-1".
---@param resource table
---@return string
function events.file_id(resource)
  return resource.name:match "[^/]+/[^/]+$"
end

--- Return the events of one conference that were not reported yet, in order. Those of files have no
-- time here.
--
-- A snapshot is { record =, horizon =, is_complete =, participants =, files = }.
-- `horizon` is the latest time seen before the first session was read. The snapshot is complete up
-- to there; what happened later is left to the next snapshot, since part of it may be missing.
-- `is_complete`: the conference was over before anything was read.
-- `participants` has { participant =, sessions = } of everybody who may have news.
-- `files`, if they were listed, has { kind = "recording" or another, resource =, is_ready = }.
---@param row? table nil when nothing was reported
---@param snapshot table
---@return table[]
function events.since(row, snapshot)
  local record, list = snapshot.record, {}
  if not row then list[1] = { type = "started", time = record.startTime } end
  row = row or NOTHING
  if row.phase == "live" then
    add_attendance(list, row, snapshot)
    if snapshot.is_complete then list[#list + 1] = { type = "ended", time = record.endTime } end
  end
  add_files(list, row, snapshot)
  for _, event in ipairs(list) do event.record = record end
  return list
end

--- Merge the events of several conferences by time; each conference keeps its own order.
-- The server does not say when a file appeared: its event gets the latest time before it.
---@param lists table[][] one array of events for each conference; changed
---@param latest? string the latest time that was reported
---@return table[]
function events.merge(lists, latest)
  local merged, instants = {}, {}
  for _, list in ipairs(lists) do
    local reached
    for _, event in ipairs(list) do
      reached = intervals.later(reached, event.time)
      if not event.time then
        reached = intervals.later(reached, latest)
        event.time = reached
      end
      merged[#merged + 1], instants[event] = event, time.instant(reached) or 0
    end
  end
  return sort.by(merged, function(event) return instants[event] end)
end

return events
