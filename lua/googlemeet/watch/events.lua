--- Compares a snapshot of a conference with what was reported before, and returns the new events.
-- Pure: tables in, tables out. What was reported is the conference's row in `watch.state`.

local intervals = require "googlemeet.intervals"
local presence = require "googlemeet.presence"
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

--- Return when a conference ended; the latest time seen in it if the server's cannot be read.
local function end_of(snapshot)
  if not snapshot.is_complete then return nil end
  local end_time = snapshot.record.endTime
  return intervals.instant(end_time) and end_time or snapshot.horizon
end

--- Return the new joins and leaves in order.
local function moves_of(row, snapshot)
  local moved, conference_end = {}, end_of(snapshot)
  local horizon = not snapshot.is_complete and time.instant(snapshot.horizon)
  for _, seen in ipairs(snapshot.participants) do
    local id = seen.participant.name:match "[^/]+$"
    local stays = presence.stays(seen.sessions, conference_end)
    for _, move in ipairs(presence.moves(row.present[id], row.gone[id], stays)) do
      if horizon and move.at > horizon then break end
      move.participant = seen.participant
      moved[#moved + 1] = move
    end
  end
  table.sort(moved, by_time)
  return moved
end

local function add_attendance(list, row, snapshot)
  local moved, end_time, started = moves_of(row, snapshot), end_of(snapshot), list[1]
  if started and not started.time then
    started.time = moved[1] and moved[1].time or end_time
  end
  for _, move in ipairs(moved) do
    list[#list + 1] = { type = move.type, time = move.time, participant = move.participant }
  end
  if snapshot.is_complete then list[#list + 1] = { type = "ended", time = end_time } end
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
-- time here, and `started` has none where the server sends none and nobody has come.
--
-- A snapshot is { record =, room =, horizon =, is_complete =, participants =, files = }.
-- `room` is what the caller named the space, for the events.
-- `horizon` is the latest time seen before the first session was read. The snapshot is complete up
-- to there; what happened later is left to the next snapshot, since part of it may be missing.
-- `is_complete`: the conference was over before anything was read; `horizon` is the latest time.
-- `participants` has { participant =, sessions = } of everybody who may have news.
-- `files`, if they were listed, has { kind = "recording" or another, resource =, is_ready = }.
---@param row? table nil when nothing was reported
---@param snapshot table
---@return table[]
function events.since(row, snapshot)
  local record, list = snapshot.record, {}
  if not row then
    local start_time = record.startTime
    list[1] = { type = "started", time = intervals.instant(start_time) and start_time or nil }
  end
  row = row or NOTHING
  if row.phase == "live" then add_attendance(list, row, snapshot) end
  add_files(list, row, snapshot)
  for _, event in ipairs(list) do event.record, event.room = record, snapshot.room end
  return list
end

--- Merge the events of several conferences by time; each conference keeps its own order.
-- The server does not say when a file appeared: its event gets the latest time before it, and so
-- does any other event without a time.
---@param lists table[][] one array of events for each conference; changed
---@param latest? string the latest time that was reported
---@param now? string the time of an event that has nothing before it
---@return table[]
function events.merge(lists, latest, now)
  local merged, instants = {}, {}
  for _, list in ipairs(lists) do
    local reached
    for _, event in ipairs(list) do
      reached = intervals.later(reached, event.time)
      if not event.time then
        reached = intervals.later(reached, latest)
        event.time = reached or now
      end
      merged[#merged + 1], instants[event] = event, time.instant(reached) or 0
    end
  end
  return sort.by(merged, function(event) return instants[event] end)
end

return events
