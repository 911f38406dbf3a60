--- The gateway's methods for calendars.

local calendars = require "googlemeet.testing.calendar.calendars"
local checked = require "googlemeet.testing.checked"
local entries = require "googlemeet.testing.calendar.entries"
local events = require "googlemeet.testing.calendar.events"
local view = require "googlemeet.testing.calendar.view"

local methods = {}

--- Return a node that is given as itself, by its name, or as a client's resource.
local function node_of(gateway, given)
  if type(given) ~= "table" then return gateway:find(given) end
  return rawget(given, "resource") and given or gateway:find(given.name)
end

local function space_of(gateway, given)
  if given == nil then return nil end
  local node = node_of(gateway, given)
  if node and node.members then return node end
  checked.misuse("add_event: space: a space, or its name, expected, got %s",
    type(given) == "table" and tostring(given.name) or "'" .. tostring(given) .. "'")
end

--- Find an event by its id, in any calendar of any account.
local function find_id(gateway, id)
  for _, connection in ipairs(gateway.state.connections.list) do
    for _, calendar in pairs(connection.organisation.calendars or {}) do
      for _, event in ipairs(calendar.events) do
        if event.id == id then return event end
      end
    end
  end
end

local function event_of(gateway, what, given)
  if type(given) == "table" and rawget(given, "is_event") then return given end
  local event = type(given) == "string" and find_id(gateway, given)
  if event then return event end
  checked.misuse("%s: an event, or its id, expected, got %s", what,
    type(given) == "string" and "'" .. given .. "'" or type(given))
end

--- Set what a node shows.
local function refresh(event)
  event.resource = view.event(entries.whole(event))
  return event
end

--- Check what is given as an organisation.
local function organisation_of(gateway, what, options)
  local given = type(options) == "table" and options.organisation or nil
  if given == nil then return gateway:organisation() end
  if type(given) == "table" and rawget(given, "index") then return given end
  checked.misuse("%s: organisation: what gateway:organisation() gives expected, got %s", what,
    type(given))
end

--- Set how an account sees a calendar: `calendar` (`primary`), `utc_offset` ("+01:00"; Z) and
-- `time_zone` (its name), `role` ("owner", "writer", "reader", "freeBusyReader"; of `primary` the
-- first, of others "reader"), `display_name`; of the account's own: `email`, its address.
---@param options table
function methods:set_calendar(options)
  calendars.set(organisation_of(self, "set_calendar", options), options)
end

--- Add an event: `title`, `start_time` and `end_time` (dates: an all-day event, its end exclusive),
-- `space` or `code` (whose conference it is for), `organiser` (the account) and `guests`,
-- `series`, …; `types.lua` describes the rest.
---@param options? table
---@return table node with `name` (the id) and `resource`
function methods:add_event(options)
  local space = space_of(self, type(options) == "table" and options.space or nil)
  return refresh(events.add(organisation_of(self, "add_event", options), options, space))
end

--- Move an instance of a series, by its number from 1; of another event 1.
---@param given table|string the event's node, or its id
---@param index integer
---@param options table `start_time`, `end_time`
---@return table node
function methods:move_event(given, index, options)
  local event = event_of(self, "move_event", given)
  events.move(event, index, options)
  return refresh(event)
end

--- Cancel an event, or an instance of a series, by its number from 1.
---@param given table|string the event's node, or its id
---@param index? integer
---@return table node
function methods:cancel_event(given, index)
  local event = event_of(self, "cancel_event", given)
  events.cancel(event, index)
  return refresh(event)
end

return methods
