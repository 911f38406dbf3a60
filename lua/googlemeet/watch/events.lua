--- What happened in a conference: a snapshot, less what was told before, gives the events since.
-- Pure: tables in, tables out. What was told is the row of the conference in `watch.state`.

local presence = require "googlemeet.watch.presence"

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

local function add_attendance(list, told, snapshot)
  local moved = {}
  local horizon = not snapshot.is_complete and presence.instant(snapshot.horizon)
  for _, seen in ipairs(snapshot.participants) do
    local id = seen.participant.name:match "[^/]+$"
    local over = snapshot.is_complete and snapshot.record.endTime or nil
    local spans = presence.union(seen.sessions, over)
    for _, move in ipairs(presence.moves(told.present[id], told.gone[id], spans)) do
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

local function add_files(list, told, snapshot)
  for _, file in ipairs(snapshot.files or {}) do
    if file.is_ready and not told.files[events.file_id(file.resource)] then
      list[#list + 1] = { type = READY[file.kind], [file.kind] = file.resource }
    end
  end
end

--- Tell a file apart from others of its conference: "recordings/rec-1".
---@param resource table
---@return string
function events.file_id(resource)
  return resource.name:match "[^/]+/[^/]+$"
end

--- Give the events of one conference that are not told yet, in order; those of files without time.
--
-- `horizon` is the latest time that was seen before the first session was read: what happened until
-- then is in the snapshot for certain. Of what came later a part may be missing, so it is left to
-- the next snapshot. `is_complete`: the conference was over before any of this was read.
-- A snapshot is { record =, horizon =, is_complete =, participants =, files = }; `participants` has
-- { participant =, sessions = }, but for those of whom nothing can be new; `files`, where they were
-- looked at, { kind = "recording" and so on, resource =, is_ready = }.
---@param told? table nil when nothing was
---@param snapshot table
---@return table[]
function events.since(told, snapshot)
  local record, list = snapshot.record, {}
  if not told then list[1] = { type = "started", time = record.startTime } end
  told = told or NOTHING
  if told.phase == "live" then
    add_attendance(list, told, snapshot)
    if snapshot.is_complete then list[#list + 1] = { type = "ended", time = record.endTime } end
  end
  add_files(list, told, snapshot)
  for _, event in ipairs(list) do event.record = record end
  return list
end

--- Give the events of several conferences in one order: by time, each conference's own kept.
-- The server does not say when a file came: its event gets the time of the latest one before it.
---@param lists table[][] one array of events a conference; changed
---@param latest? string the latest time that was told
---@return table[]
function events.merge(lists, latest)
  local places = {}
  for number, list in ipairs(lists) do
    local reached
    for index, event in ipairs(list) do
      reached = presence.later(reached, event.time)
      if not event.time then
        reached = presence.later(reached, latest)
        event.time = reached
      end
      places[#places + 1] = {
        event = event, at = presence.instant(reached) or 0, number = number, index = index,
      }
    end
  end
  table.sort(places, function(one, other)
    if one.at ~= other.at then return one.at < other.at end
    if one.number ~= other.number then return one.number < other.number end
    return one.index < other.index
  end)
  local merged = {}
  for index, place in ipairs(places) do merged[index] = place.event end
  return merged
end

return events
