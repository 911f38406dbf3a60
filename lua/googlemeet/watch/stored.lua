--- Reads the state of a watch that was stored. It is data: it may be old, torn or changed by hand.

local name = require "googlemeet.name"
local state = require "googlemeet.watch.state"
local time = require "googlemeet.time"

local stored = {}

local PHASES = { live = true, ended = true, settled = true }

--- Raise what is wrong; `stored.read` catches it.
local function refuse(format, ...)
  error({ format:format(...) }, 0)
end

local function check_time(value, what)
  if value ~= nil and not time.instant(value) then refuse("%s is not a time", what) end
  return value
end

local function check_name(kind, text)
  if type(text) ~= "string" or name.resolve(kind, text) ~= text then
    refuse("%s is not the name of a %s", text, (kind:gsub("_", " ")))
  end
  return text
end

--- Copy a table, or one that the storage has dropped because it was empty.
local function map(value, what, copy)
  local copied = {}
  if value ~= nil and type(value) ~= "table" then refuse("%s is not a table", what) end
  for key, item in pairs(value or {}) do
    if type(key) ~= "string" then refuse("%s has no names", what) end
    copied[key] = copy(key, item)
  end
  return copied
end

local function read_people(record, value, what)
  return map(value, what, function(id, at)
    check_name("participant", ("%s/participants/%s"):format(record, id))
    return check_time(at or false, "when they came or left")
  end)
end

local function read_row(record, row)
  check_name("conference_record", record)
  if type(row) ~= "table" or not PHASES[row.phase] then refuse("%s has no phase", record) end
  local copy = { phase = row.phase, start = check_time(row.start, "a start") }
  copy.space = row.space ~= nil and check_name("space", row.space) or nil
  if row.phase == "live" then
    copy.present = read_people(record, row.present, "present")
    copy.gone = read_people(record, row.gone, "gone")
  end
  if row.phase ~= "settled" then
    copy.files = map(row.files, "files", function(file, value)
      if value ~= "ready" then refuse("%s is not ready", file) end
      return value
    end)
  end
  return copy
end

local function read_begun(space, at)
  check_name("space", space)
  if math.type(at) == nil or at ~= at or at - at ~= 0 then refuse("a start is not a time") end
  return at
end

local function read_since(space, since)
  check_name("space", space)
  return since == "" and since or check_time(since or false, "a start")
end

local function read(value)
  if value.version ~= state.VERSION then
    local version = math.tointeger(value.version) or value.version
    refuse("its version is %s, not %d", tostring(version), state.VERSION)
  end
  return {
    version = state.VERSION,
    latest = check_time(value.latest, "the latest time"),
    begun = map(value.begun, "begun", read_begun),
    spaces = map(value.spaces, "spaces", read_since),
    records = map(value.records, "records", read_row),
  }
end

--- Copy a state that was stored.
---@param value table
---@return table? reported
---@return string? problem
function stored.read(value)
  local is_good, found = pcall(read, value)
  if is_good then return found end
  if type(found) ~= "table" then error(found, 0) end
  return nil, found[1]
end

return stored
