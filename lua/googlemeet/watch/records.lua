--- The conference records that may have news: those of the watched spaces, and named ones.

local beginning = require "googlemeet.watch.beginning"
local failure = require "googlemeet.failure"
local failures = require "googlemeet.watch.failures"
local listing = require "googlemeet.watch.listing"
local state = require "googlemeet.watch.state"
local validate = require "googlemeet.validate"

local records = {}

local function is_done(watcher, name)
  local row = watcher.reported.records[name]
  return row ~= nil and row.phase == "settled"
end

--- Read a record by its name, unless it is known to be over. One that was deleted has no more news.
local function read_record(watcher, name)
  local row, remembered = watcher.reported.records[name], watcher.memory.records[name]
  if row and row.phase == "ended" and remembered then return remembered end
  local record, err = watcher.client.conference_records:get(name)
  if record and record.name ~= name then
    record, err = nil, failure.new("decode", "the server sent a resource other than " .. name)
  end
  if record then
    watcher.failures.has_succeeded = true
  elseif err.kind == "not_found" and row then
    state.mark_done(watcher.reported, name)
  else
    failures.note(watcher.failures, err, row and row.space)
  end
  return record
end

--- Look up the names of the spaces that are known by their meeting codes.
local function resolve_codes(watcher)
  for _, room in ipairs(watcher.rooms) do
    if room.is_code then
      local space, err = watcher.client.spaces:get(room.space, { fields = "name" })
      if space then space, err = validate.resource(space, "spaces/*") end
      if space then
        state.rename(watcher.reported, room.space, space.name)
        room.space, room.is_code = space.name, false
      else
        failures.note(watcher.failures, err)
      end
    end
  end
end

--- List the records of a space that may have news; all of it before the first list has come.
local function list_records(watcher, space)
  local since = watcher.reported.spaces[space]
  local filter = ('space.name="%s"'):format(space)
  if since and since ~= "" then filter = ('%s AND start_time>="%s"'):format(filter, since) end
  local pager = watcher.client.conference_records:list { filter = filter }
  local found, err = listing.read(pager, "conferenceRecords/*")
  if not found then return nil, err end
  watcher.failures.has_succeeded = true
  if since then return found end
  local began, problem = beginning.of(watcher, space)
  if problem then return nil, problem end
  return state.begin(watcher.reported, space, found, began)
end

--- Return the records of a space that may have news, also those that its list does not show.
local function records_of_space(watcher, space)
  local found, is_listed = {}, {}
  local list, err = list_records(watcher, space)
  if err then failures.note(watcher.failures, err, space) end
  for _, record in ipairs(list or {}) do
    is_listed[record.name] = true
    if not is_done(watcher, record.name) then found[#found + 1] = record end
  end
  for name, row in pairs(watcher.reported.records) do
    local is_awaited = row.phase == "ended" or list and row.phase == "live"
    if row.space == space and is_awaited and not is_listed[name] then
      found[#found + 1] = read_record(watcher, name)
    end
  end
  return found
end

--- Return the records that may have news, each once, with their space and the caller's name for it.
---@param watcher table client, rooms or records, reported (state), memory, failures
---@return { record: table, space: string?, room: any }[]
function records.of(watcher)
  local found, has_space, has_record = {}, {}, {}
  resolve_codes(watcher)
  for _, room in ipairs(watcher.rooms) do
    if not room.is_code and not has_space[room.space] then
      has_space[room.space] = true
      for _, record in ipairs(records_of_space(watcher, room.space)) do
        if not has_record[record.name] then -- a state may have it with another space
          found[#found + 1] = { record = record, space = room.space, room = room.given }
          has_record[record.name] = true
        end
      end
    end
  end
  for _, name in ipairs(watcher.records or {}) do
    local record = not is_done(watcher, name) and read_record(watcher, name)
    if record then found[#found + 1] = { record = record } end
  end
  return found
end

return records
