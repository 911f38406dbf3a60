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

local function add(org, key, id, role)
  local calendar = { id = id, zone = zone.read "Z", role = role, events = {} }
  org.calendars[key] = calendar
  return calendar
end

--- Return the account's own calendar, whose `id` is the account's address.
local function primary(org)
  return org.calendars[PRIMARY] or add(org, PRIMARY, EMAIL, "owner")
end

--- Find a calendar by its id.
---@param org table organisation
---@param id string `primary`, the account's address, or that of another calendar
---@return table? calendar
function calendars.find(org, id)
  local own = primary(org)
  return id == own.id and own or org.calendars[id]
end

--- Find a calendar, or add one that the account may read; without an id the account's own.
---@return table calendar
function calendars.find_or_add(org, id)
  return calendars.find(org, id or PRIMARY) or add(org, id, id, "reader")
end

--- Set how the account sees a calendar.
---@param options table as of `gateway:set_calendar`
function calendars.set(org, options)
  options = checked.options("set_calendar", options, OPTIONS)
  if options.role then checked.choice("set_calendar: role", options.role, ROLES) end
  local calendar = calendars.find_or_add(org, options.calendar)
  if options.email and calendar ~= primary(org) then
    checked.misuse("set_calendar: email: of the account's own calendar alone")
  end
  if options.utc_offset or options.time_zone then
    local offset = options.utc_offset or calendar.zone.text
    calendar.zone = zone.read(offset, options.time_zone) or checked.misuse(
      "set_calendar: utc_offset: an offset such as +01:00 expected, got '%s'", offset)
  end
  calendar.role = options.role or calendar.role
  calendar.title = options.display_name or calendar.title
  calendar.id = options.email or calendar.id
end

return calendars
