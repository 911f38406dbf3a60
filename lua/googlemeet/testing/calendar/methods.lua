--- The gateway's methods for calendars.

local calendars = require "googlemeet.testing.calendar.calendars"
local checked = require "googlemeet.testing.checked"
local events = require "googlemeet.testing.calendar.events"
local instances = require "googlemeet.testing.calendar.instances"
local nodes = require "googlemeet.testing.nodes"
local view = require "googlemeet.testing.calendar.view"

local methods = {}

--- Return the event that is given, as its node or its id: that of the first account with one.
local function event_of(gateway, what, given)
  if type(given) == "table" and rawget(given, "is_event") then return given end
  for _, connection in ipairs(gateway.state.connections.list) do
    local event = connection.organisation.events[given]
    if event then return event end
  end
  checked.misuse("%s: an event, or its id, expected, got %s", what,
    type(given) == "string" and "'" .. given .. "'" or type(given))
end

--- Set what a node shows after a change.
local function refresh(event)
  event.updated = math.tointeger(event.organisation.now() // 1)
  event.resource = view.event(event.whole)
  return event
end

--- Set how an account sees a calendar: `calendar` (`primary`), `utc_offset` ("+01:00"; Z) and
-- `time_zone` (its name), `role` ("owner", "writer", "reader", "freeBusyReader"; of `primary` the
-- first, of others "reader"), `display_name`; of the account's own: `email`, its address.
---@param options table
function methods:set_calendar(options)
  calendars.set(nodes.organisation(self, "set_calendar", options), options)
end

--- Add an event: `title`, `start_time` and `end_time` (dates: an all-day event, its end exclusive),
-- `space` or `code` (whose conference it is for), `organiser` (the calendar itself), `guests`,
-- `series`, and the others of `googlemeet.GatewayEventOptions` in `types/testing.lua`.
---@param options? table
---@return table node with `name` (the id) and `resource`
function methods:add_event(options)
  local org = nodes.organisation(self, "add_event", options)
  local space = type(options) == "table" and options.space
  space = space and nodes.of(self, "add_event: space", space, "members")
  return refresh(events.add(org, options, space))
end

--- Move an instance of a series, by its number from 1; of another event 1.
---@param given table|string the event's node, or its id
---@param options table `start_time`, `end_time`
---@return table node
function methods:move_event(given, index, options)
  local event = event_of(self, "move_event", given)
  instances.move(event, index, options)
  return refresh(event)
end

--- Cancel an event, or an instance of a series, by its number from 1.
---@param given table|string the event's node, or its id
---@param index? integer
---@return table node
function methods:cancel_event(given, index)
  local event = event_of(self, "cancel_event", given)
  instances.cancel(event, index)
  return refresh(event)
end

return methods
