--- What a watch has reported so far: plain data of names and times, to be stored.
-- It changes as events are returned to the caller. The next poll, in this process or another, finds
-- every event that was not returned again, and no other. Pure.
--
--     { version = 1, latest = time of the latest event,
--       spaces = { [space] = start of the first conference to ask for, "" before there is one },
--       records = { [record] = { phase = "live", "ended" or "settled", start =, space =,
--         present = { [participant id] = when they joined }, -- these two while it is live
--         gone = { [participant id] = when they left },
--         files = { ["recordings/…"] = "ready" } } } } -- until it is settled

local events = require "googlemeet.watch.events"
local intervals = require "googlemeet.intervals"
local time = require "googlemeet.time"

local state = {}

local VERSION = 1

local function copy(value)
  if type(value) ~= "table" then return value end
  local twin = {}
  for key, item in pairs(value) do twin[key] = copy(item) end
  return twin
end

--- Copy a state, so that changes to one do not show in the other.
state.copy = copy

--- Make an empty state, or read one that was stored.
---@param stored? table
---@return table? reported nil when `stored` is not a state
function state.read(stored)
  if stored == nil then return { version = VERSION, spaces = {}, records = {} } end
  local reported = copy(stored)
  if reported.version ~= VERSION or type(reported.spaces) ~= "table"
    or type(reported.records) ~= "table" then
    return nil
  end
  for _, row in pairs(reported.records) do -- the storage may have dropped empty tables
    if row.phase ~= "settled" then row.files = row.files or {} end
    if row.phase == "live" then row.present, row.gone = row.present or {}, row.gone or {} end
  end
  return reported
end

--- Add the row of a record that nothing was reported of.
local function add_record(reported, record)
  local row = {
    phase = "live", start = record.startTime, space = record.space,
    present = {}, gone = {}, files = {},
  }
  reported.records[record.name] = row
  return row
end

local apply = {}

function apply.joined(row, event)
  local id = event.participant.name:match "[^/]+$"
  row.present[id], row.gone[id] = event.time, nil
end

function apply.left(row, event)
  local id = event.participant.name:match "[^/]+$"
  row.present[id], row.gone[id] = nil, event.time
end

function apply.ended(row)
  row.phase, row.present, row.gone = "ended", nil, nil
end

local function apply_ready(row, event)
  row.files[events.file_id(event.recording or event.transcript or event.smart_note)] = "ready"
end

--- Note that an event is returned to the caller.
---@param reported table state; changed
---@param event table
function state.report(reported, event)
  local row = reported.records[event.record.name] or add_record(reported, event.record)
  local change = event.type:find "_ready$" and apply_ready or apply[event.type]
  if change then change(row, event) end
  reported.latest = intervals.later(reported.latest, event.time)
end

--- Note that a conference has no more events.
---@param reported table state; changed
---@param name string
function state.mark_done(reported, name)
  local row = reported.records[name]
  row.phase, row.present, row.gone, row.files = "settled", nil, nil, nil
end

--- Start watching a space. A conference that is over by then is not reported.
---@param reported table state; changed
---@param space string
---@param newest? table conference record
function state.begin(reported, space, newest)
  reported.spaces[space] = newest and newest.startTime or ""
  if newest and newest.endTime then
    add_record(reported, newest)
    state.mark_done(reported, newest.name)
  end
end

--- Return the start from which the records of a space still matter: that of the oldest live
-- conference, else of the newest one.
local function first_start(reported, space)
  local newest, oldest
  for _, row in pairs(reported.records) do
    local start = row.space == space and row.start
    newest = start and intervals.later(newest, start) or newest
    if start and row.phase == "live" then
      oldest = oldest and intervals.later(start, oldest) == start and oldest or start
    end
  end
  return oldest or newest
end

--- Forget the conferences that will not be asked for again. Call it only when every event there is
-- was found and returned.
---@param reported table state; changed
function state.advance(reported)
  for space, since in pairs(reported.spaces) do
    since = first_start(reported, space) or since
    reported.spaces[space] = since
    local limit = time.instant(since)
    for name, row in pairs(reported.records) do
      local start = time.instant(row.start)
      if row.space == space and row.phase == "settled" and limit and start and start < limit then
        reported.records[name] = nil
      end
    end
  end
end

return state
