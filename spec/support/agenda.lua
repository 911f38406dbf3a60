--- A fake with a calendar, and what it answers to lists; both sides are held against the contract.

local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"

local agenda = {}

local CALENDARS = "/google-calendar/calendar/v3/calendars/"

--- Make a fake at 2026-11-22T10:00:00Z with a connection to Calendar.
---@param options? table of the gateway
function agenda.new(options)
  local given = { now = 1795341600, clock = function() return 0 end }
  for name, value in pairs(options or {}) do given[name] = value end
  local gateway = testing.gateway(given)
  gateway:add_connection { app = "google-calendar", status = "ACTIVE" }
  return gateway
end

--- Ask for a list of the primary calendar, or of the path given.
---@return table answer
---@return table response
function agenda.list(gateway, query, calendar)
  return ask(gateway, "GET", CALENDARS .. (calendar or "primary") .. "/events" .. (query or ""))
end

--- Ask for one event.
function agenda.get(gateway, id, query, calendar)
  return ask(gateway, "GET",
    CALENDARS .. (calendar or "primary") .. "/events/" .. id .. (query or ""))
end

--- Ask without regard for the contract.
function agenda.ask_loosely(gateway, rest, ...)
  return ask.loosely(gateway, "GET", CALENDARS .. rest, ...)
end

--- Return the ids of a list's events.
function agenda.ids(gateway, query, calendar)
  local ids = {}
  for i, item in ipairs(agenda.list(gateway, query, calendar).items) do ids[i] = item.id end
  return ids
end

return agenda
