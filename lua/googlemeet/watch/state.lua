--- What a watch has reported so far: plain data of names and times, to be stored.
-- It changes as events are returned to the caller. The next poll, in this process or another, finds
-- every event that was not returned again, and no other. Pure.
--
--     { version = 2, latest = time of the latest event,
--       begun = { [space, or meeting code] = when its watch began, if no poll has listed it yet:
--         seconds on this machine's clock },
--       spaces = { [space] = start of the first conference to ask for, "" for all there are },
--       records = { [record] = { phase = "live", "ended" or "settled", start =, space =,
--         present = { [participant id] = when they joined }, -- these two while it is live
--         gone = { [participant id] = when they left },
--         files = { ["recordings/…"] = "ready" } } } } -- until it is settled

local events = require "googlemeet.watch.events"
local intervals = require "googlemeet.intervals"
local presence = require "googlemeet.presence"
local time = require "googlemeet.time"

local state = {}

state.VERSION = 2

local function copy(value)
  if type(value) ~= "table" then return value end
  local twin = {}
  for key, item in pairs(value) do twin[key] = copy(item) end
  return twin
end

--- Copy a state, so that changes to one do not show in the other.
state.copy = copy

--- Make an empty state.
---@return table reported
function state.new()
  return { version = state.VERSION, begun = {}, spaces = {}, records = {} }
end

--- Add the row of a record without reports.
local function add_record(reported, record, space)
  local start_time = record.startTime
  local row = {
    phase = "live", start = intervals.instant(start_time) and start_time or nil, space = space,
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
---@param space? string the watched space whose list has its record
function state.report(reported, event, space)
  local row = reported.records[event.record.name] or add_record(reported, event.record, space)
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

--- Note since when a space is watched, unless it is known already.
---@param reported table state; changed
---@param space string its name, or a name with its meeting code
---@param now number seconds on this machine's clock
function state.await(reported, space, now)
  if not reported.spaces[space] then reported.begun[space] = reported.begun[space] or now end
end

--- Note the name of a space that was known by its meeting code.
---@param reported table state; changed
---@param code string
---@param space string
function state.rename(reported, code, space)
  local began = reported.begun[code]
  reported.begun[code] = nil -- before: the name may be that of the code
  state.await(reported, space, began)
end

--- Say whether a conference was over at a time; without one, whether it is over.
local function was_over(record, since)
  local end_time, limit = time.instant(record.endTime), time.instant(since)
  return presence.has_ended(record) and (not end_time or not limit or end_time <= limit)
end

local function earlier(one, other)
  return one and intervals.later(one, other) == other and one or other
end

--- Start with the list of a space's conferences. Those that were over as the watch began are not
-- reported.
---@param reported table state; changed
---@param space string
---@param records table[] all of the space
---@param since? string when the watch began, by the server's clock; nil: just now
---@return table[] left to be reported
function state.begin(reported, space, records, since)
  local over, left, mark, newest = {}, {}, nil, nil
  for _, record in ipairs(records) do
    local start_time = record.startTime
    if was_over(record, since) then
      over[#over + 1], newest = record, presence.later(newest, start_time)
    else
      left[#left + 1] = record
      -- No bound of times would find a record without a start.
      if mark ~= "" then
        mark = intervals.instant(start_time) and earlier(mark, start_time) or ""
      end
    end
  end
  reported.begun[space] = nil
  reported.spaces[space] = mark or newest or ""
  local first = time.instant(reported.spaces[space])
  for _, record in ipairs(over) do
    local start = intervals.instant(record.startTime)
    if not first or not start or start >= first then
      add_record(reported, record, space)
      state.mark_done(reported, record.name)
    end
  end
  return left
end

--- Return the start from which the records of a space still matter: that of the oldest live
-- conference, else of the newest one.
local function first_start(reported, space)
  local newest, oldest
  for _, row in pairs(reported.records) do
    local start = row.space == space and row.start
    newest = start and intervals.later(newest, start) or newest
    if start and row.phase == "live" then oldest = earlier(oldest, start) end
  end
  return oldest or newest
end

--- Forget the conferences of a space that will not be asked for again.
local function forget(reported, space)
  local limit = time.instant(reported.spaces[space])
  for name, row in pairs(reported.records) do
    local start = time.instant(row.start)
    if row.space == space and row.phase == "settled" and limit and start and start < limit then
      reported.records[name] = nil
    end
  end
end

--- Forget the conferences that will not be asked for again. Call it only when every event there is
-- was found and returned, but for those of the spaces in `failed`.
---@param reported table state; changed
---@param failed table<string, true>
function state.advance(reported, failed)
  for space, since in pairs(reported.spaces) do
    if not failed[space] then
      reported.spaces[space] = first_start(reported, space) or since
      forget(reported, space)
    end
  end
end

return state
