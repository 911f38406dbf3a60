--- The calendars that a Google account sees: its own, `primary`, and those of others.
-- A calendar has `id`, `title`, `zone`, `role` (the account's) and `events`.

local checked = require "googlemeet.testing.checked"
local zone = require "googlemeet.testing.calendar.zone"

local calendars = {}

local PRIMARY = "primary"
local EMAIL = "account@example.com"
local ROLES = { owner = true, writer = true, reader = true, freeBusyReader = true }
local OPTIONS = {
  calendar = "string", organisation = "table", email = "string", display_name = "string",
  utc_offset = "string", time_zone = "string", role = "string",
}

local function add(org, id, role)
  local calendar = { id = id, organisation = org, zone = zone.utc, role = role, events = {} }
  org.calendars[id] = calendar
  return calendar
end

--- Return the account's own calendar; its `id` is the account's address, its `title` the account's
-- name, which may be nil.
---@param org table organisation
---@return table calendar
function calendars.primary(org)
  org.calendars = org.calendars or {}
  if not org.calendars[PRIMARY] then add(org, PRIMARY, "owner").id = EMAIL end
  return org.calendars[PRIMARY]
end

--- Find a calendar by its id.
---@param org table organisation
---@param id string `primary`, the account's address, or that of another calendar
---@return table? calendar
function calendars.find(org, id)
  local primary = calendars.primary(org)
  if id == PRIMARY or id == primary.id then return primary end
  return org.calendars[id]
end

--- Find a calendar, or add one that the account may read.
---@param org table organisation
---@param id string
---@return table calendar
function calendars.open(org, id)
  return calendars.find(org, id) or add(org, id, "reader")
end

--- Return the zone that the options give; what they do not give stays, but a name is of its offset.
local function zone_of(options, before)
  if not options.utc_offset and not options.time_zone then return before end
  local offset = options.utc_offset or before.text
  local found = zone.read(offset, options.time_zone)
  if not found then
    checked.misuse("set_calendar: utc_offset: an offset such as +01:00 expected, got '%s'", offset)
  end
  return found
end

--- Set how the account sees a calendar.
---@param org table organisation
---@param options table as of `gateway:set_calendar`
---@return table calendar
function calendars.set(org, options)
  options = checked.options("set_calendar", options, OPTIONS)
  if options.role then checked.choice("set_calendar: role", options.role, ROLES) end
  local calendar = calendars.open(org, options.calendar or PRIMARY)
  if options.email and calendar ~= calendars.primary(org) then
    checked.misuse("set_calendar: email: of the account's own calendar alone")
  end
  calendar.zone = zone_of(options, calendar.zone)
  calendar.role = options.role or calendar.role
  calendar.title = options.display_name or calendar.title
  calendar.id = options.email or calendar.id
  return calendar
end

return calendars
