--- Answers requests to Calendar, or refuses them.

local calendars = require "googlemeet.testing.calendar.calendars"
local errors = require "googlemeet.testing.errors"
local instances = require "googlemeet.testing.calendar.instances"
local json = require "googlemeet.testing.json"
local list = require "googlemeet.testing.calendar.list"
local page = require "googlemeet.testing.page"
local query = require "googlemeet.testing.query"
local time = require "googlemeet.time"
local view = require "googlemeet.testing.calendar.view"
local zone = require "googlemeet.testing.calendar.zone"

local api = {}

local SIZE = { default = 250, max = 2500 }
--- What a page token is good for: a list with the same values of these.
local BINDING = { "orderBy", "showDeleted", "singleEvents", "timeMax", "timeMin", "timeZone" }

local function refuse(status, reason, message, parameter)
  errors.throw(errors.calendar(status, reason, message, parameter))
end

--- Refuse a parameter. Of a time Google says no more than that it is bad.
local function refuse_parameter(name, message)
  if name == "timeMin" or name == "timeMax" then refuse(400, "badRequest", "Bad Request") end
  refuse(400, "invalidParameter", message, name)
end

--- Return what a list is asked for, or throw.
local function read_query(asked)
  local from = asked.timeMin and (time.parse(asked.timeMin))
  local to = asked.timeMax and (time.parse(asked.timeMax))
  local is_single, order = query.is_true(asked.singleEvents), asked.orderBy
  if from and to and from >= to then
    refuse(400, "timeRangeEmpty", "The specified time range is empty.", "timeMax")
  elseif order == "updated" then
    refuse_parameter("orderBy", "The fake does not have 'orderBy=updated'.")
  elseif order and not is_single then
    refuse(400, "requestedOrderingNotAvailable",
      "The requested ordering is not available for the particular query.", "orderBy")
  end
  return {
    from = from, to = to, is_single = is_single, is_sorted = order ~= nil,
    has_deleted = query.is_true(asked.showDeleted),
  }
end

--- Return what a page token is bound to, how many instances the pages before have, and the number
-- of the page.
local function read_token(context, calendar)
  local bound, token = { calendar.id, context.organisation.key }, context.query.pageToken
  for _, name in ipairs(BINDING) do bound[#bound + 1] = context.query[name] or "" end
  bound = table.concat(bound, "\n")
  if not token or token == "" then return bound, 0, 1 end
  local numbers = page.verify(token, bound)
  if not numbers then refuse(400, "invalid", "Invalid page token value.", "pageToken") end
  return bound, numbers[1], numbers[2]
end

local handlers = {}

handlers["calendar.events.list"] = function(context, calendar, where)
  local found = list.of(calendar, read_query(context.query))
  local bound, before, number = read_token(context, calendar)
  local size = math.min(tonumber(context.query.maxResults) or SIZE.default, SIZE.max)
  local last = math.min(before + page.shape(context.settings.short_pages, size, number), #found)
  local items, is_more = json.array {}, last < #found
  for i = before + 1, last do items[#items + 1] = view.event(found[i], where) end
  local now = math.tointeger(context.now() // 1)
  return {
    kind = "calendar#events", etag = ('"p%d"'):format(now), items = items,
    summary = calendar.title or calendar.id, updated = time.format(now),
    timeZone = calendar.zone.name, accessRole = calendar.role,
    nextPageToken = is_more and page.sign({ last, number + 1 }, bound) or nil,
    nextSyncToken = not is_more and ("CPj%x"):format(now) or nil,
  }
end

handlers["calendar.events.get"] = function(context, calendar, where)
  local instance = instances.find(calendar, context.names.eventId)
  if not instance then refuse(404, "notFound", "Not Found") end
  return view.event(instance, where)
end

local function perform(context)
  local row = context.row
  if context.body_text ~= nil and context.body_text ~= "" then
    refuse_parameter("", ("%s takes no body."):format(row.verb))
  end
  local asked = query.read(row, context.query_list, refuse_parameter)
  local fields = query.mask(row, asked, refuse_parameter)
  local calendar = calendars.find(context.organisation, context.names.calendarId)
  if not calendar then refuse(404, "notFound", "Not Found") end
  local where = asked.timeZone and zone.named(asked.timeZone, calendar.zone)
  if asked.timeZone and not where then
    refuse_parameter("timeZone", "Invalid time zone definition.")
  end
  context.query = asked
  return query.response(asked, fields, handlers[row.id](context, calendar, where))
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
