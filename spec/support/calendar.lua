--- Asks a fake about its calendars, and holds both sides against the contract.

local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"

local calendar = {}

local CALENDARS = "/google-calendar/calendar/v3/calendars/"

--- Make a fake at 2026-11-22T10:00:00Z with a connection to Calendar.
---@param options? table of the gateway
function calendar.new(options)
  local given = { now = 1795341600, clock = function() return 0 end }
  for name, value in pairs(options or {}) do given[name] = value end
  local gateway = testing.gateway(given)
  gateway:add_connection { app = "google-calendar", status = "ACTIVE" }
  return gateway
end

--- Ask for a list of the primary calendar, or of another, whose id is given as it stands in a path.
---@return table answer
---@return table response
function calendar.list(gateway, query, id)
  return ask(gateway, "GET", CALENDARS .. (id or "primary") .. "/events" .. (query or ""))
end

--- Ask for one event.
function calendar.get(gateway, event, query, id)
  return ask(gateway, "GET",
    CALENDARS .. (id or "primary") .. "/events/" .. event .. (query or ""))
end

--- Ask without regard for the contract.
function calendar.ask_loosely(gateway, rest, ...)
  return ask.loosely(gateway, "GET", CALENDARS .. rest, ...)
end

--- Return the ids of a list's events.
function calendar.ids(gateway, query, id)
  local ids = {}
  for i, item in ipairs(calendar.list(gateway, query, id).items) do ids[i] = item.id end
  return ids
end

return calendar
