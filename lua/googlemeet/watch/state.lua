--- What was told of the conferences that are watched: plain data of names and times, to be stored.
-- It changes as events are handed out. What was not handed out is found again by the next look, in
-- this process or another; what was is not. Pure.
--
--     { version = 1, latest = time of the latest event,
--       spaces = { [space] = start of the first conference to ask for, "" before there is one },
--       records = { [record] = { phase = "live", "ended" or "settled", start =, space =,
--         present = { [participant id] = when they joined }, -- these two while it is live
--         gone = { [participant id] = when they left },
--         files = { ["recordings/…"] = "ready" } } } } -- until it is settled

local events = require "googlemeet.watch.events"
local presence = require "googlemeet.watch.presence"

local state = {}

local VERSION = 1

local function copy(value)
  if type(value) ~= "table" then return value end
  local twin = {}
  for key, item in pairs(value) do twin[key] = copy(item) end
  return twin
end

--- Copy a state, so that who has one does not see the other change.
state.copy = copy

--- Make the state in which nothing was told, or read one that was stored.
---@param stored? table
---@return table? state nil when `stored` is none
function state.read(stored)
  if stored == nil then return { version = VERSION, spaces = {}, records = {} } end
  local read = copy(stored)
  if read.version ~= VERSION or type(read.spaces) ~= "table" or type(read.records) ~= "table" then
    return nil
  end
  for _, told in pairs(read.records) do -- whoever stored it may have dropped what was empty
    if told.phase ~= "settled" then told.files = told.files or {} end
    if told.phase == "live" then told.present, told.gone = told.present or {}, told.gone or {} end
  end
  return read
end

--- Make the row of a record of which nothing was told.
local function add_record(known, record)
  local told = {
    phase = "live", start = record.startTime, space = record.space,
    present = {}, gone = {}, files = {},
  }
  known.records[record.name] = told
  return told
end

local apply = {}

function apply.joined(told, event)
  local id = event.participant.name:match "[^/]+$"
  told.present[id], told.gone[id] = event.time, nil
end

function apply.left(told, event)
  local id = event.participant.name:match "[^/]+$"
  told.present[id], told.gone[id] = nil, event.time
end

function apply.ended(told)
  told.phase, told.present, told.gone = "ended", nil, nil
end

local function apply_ready(told, event)
  told.files[events.file_id(event.recording or event.transcript or event.smart_note)] = "ready"
end

--- Note that an event is handed out.
---@param known table state; changed
---@param event table
function state.tell(known, event)
  local told = known.records[event.record.name] or add_record(known, event.record)
  local change = event.type:find "_ready$" and apply_ready or apply[event.type]
  if change then change(told, event) end
  known.latest = presence.later(known.latest, event.time)
end

--- Note that nothing more will come of a conference.
---@param known table state; changed
---@param name string
function state.settle(known, name)
  local told = known.records[name]
  told.phase, told.present, told.gone, told.files = "settled", nil, nil, nil
end

--- Begin with a space: a conference that is over is not told.
---@param known table state; changed
---@param space string
---@param newest? table conference record
function state.begin(known, space, newest)
  known.spaces[space] = newest and newest.startTime or ""
  if newest and newest.endTime then
    add_record(known, newest)
    state.settle(known, newest.name)
  end
end

--- The start from which the records of a space are still of interest: that of the oldest
-- conference that runs, else of the newest.
local function first_start(known, space)
  local newest, oldest
  for _, told in pairs(known.records) do
    local start = told.space == space and told.start
    newest = start and presence.later(newest, start) or newest
    if start and told.phase == "live" then
      oldest = oldest and presence.later(start, oldest) == start and oldest or start
    end
  end
  return oldest or newest
end

--- Forget what will not be asked for again. Only when all that there is was found and handed out.
---@param known table state; changed
function state.advance(known)
  for space, since in pairs(known.spaces) do
    since = first_start(known, space) or since
    known.spaces[space] = since
    local limit = presence.instant(since)
    for name, told in pairs(known.records) do
      local start = presence.instant(told.start)
      if told.space == space and told.phase == "settled" and limit and start and start < limit then
        known.records[name] = nil
      end
    end
  end
end

return state
