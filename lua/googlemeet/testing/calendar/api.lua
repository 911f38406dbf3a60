--- Calendar of the fake: checks of a request, and its operation.

local calendars = require "googlemeet.testing.calendar.calendars"
local entries = require "googlemeet.testing.calendar.entries"
local errors = require "googlemeet.testing.errors"
local list = require "googlemeet.testing.calendar.list"
local query = require "googlemeet.testing.query"
local view = require "googlemeet.testing.calendar.view"
local zone = require "googlemeet.testing.calendar.zone"

local api = {}

--- Parameters whose refusal says no more than that.
local TIMES = { timeMin = true, timeMax = true, updatedMin = true }

local function refuse(status, reason, message, parameter)
  errors.throw(errors.calendar(status, reason, message, parameter))
end

local function refuse_parameter(name, message)
  if TIMES[name] then refuse(400, "badRequest", "Bad Request") end
  refuse(400, "invalidParameter", message, name)
end

local function refuse_unknown()
  refuse(404, "notFound", "Not Found")
end

--- Find the calendar of a request, and the zone that it asks for, or throw.
---@return table calendar
---@return table? zone
local function find_calendar(context)
  local calendar = calendars.find(context.organisation, context.names.calendarId)
  if not calendar then refuse_unknown() end
  local name = context.query.timeZone
  local where = name and zone.named(name, calendar.zone)
  if name and not where then
    refuse(400, "invalidParameter", "Invalid time zone definition.", "timeZone")
  end
  return calendar, where
end

local handlers = {}

handlers["calendar.events.list"] = function(context)
  local calendar, where = find_calendar(context)
  return list.list(context, calendar, where)
end

handlers["calendar.events.get"] = function(context)
  local calendar, where = find_calendar(context)
  local entry = entries.find(calendar, context.names.eventId)
  if not entry then refuse_unknown() end
  return view.event(entry, where, tonumber(context.query.maxAttendees))
end

local function perform(context)
  local row = context.row
  if context.body_text ~= nil and context.body_text ~= "" then
    refuse_parameter("", ("%s takes no body."):format(row.verb))
  end
  context.query = query.read(row, context.query_list, refuse_parameter)
  context.fields = query.mask(row, context.query, refuse_parameter)
  return query.response(context.query, context.fields, handlers[row.id](context))
end

--- Respond to a request to Calendar that the gateway has forwarded.
---@param context table row, names, query_list, body_text, headers, organisation, now, settings, …
---@return table response
function api.answer(context)
  return errors.catch(perform, context)
end

--- Respond to a request to Calendar that no operation matches.
function api.no_operation(method, path)
  return errors.calendar(404, "notFound", ("There is no %s %s."):format(method, path))
end

return api
