--- The operation `events.list`: which entries, in which order, on which page.

local calendars = require "googlemeet.testing.calendar.calendars"
local entries = require "googlemeet.testing.calendar.entries"
local errors = require "googlemeet.testing.errors"
local json = require "googlemeet.testing.json"
local page = require "googlemeet.testing.page"
local query = require "googlemeet.testing.query"
local random = require "googlemeet.testing.random"
local time = require "googlemeet.time"
local times = require "googlemeet.testing.calendar.times"
local view = require "googlemeet.testing.calendar.view"

local list = {}

local SIZE = { default = 250, max = 2500 }
--- Parameters that may differ from page to page.
local FREE = {
  pageToken = true, maxResults = true, fields = true, prettyPrint = true, quotaUser = true,
  alt = true,
}

--- Return the whole seconds of a time in the query.
local function bound_of(text)
  return text and (time.parse(text)) or nil
end

local function check_query(asked)
  local from, to = bound_of(asked.timeMin), bound_of(asked.timeMax)
  if from and to and from >= to then
    errors.throw(errors.calendar(400, "timeRangeEmpty", "The specified time range is empty.",
      "timeMax"))
  elseif asked.orderBy == "startTime" and not query.is_true(asked.singleEvents) then
    errors.throw(errors.calendar(400, "requestedOrderingNotAvailable",
      "The requested ordering is not available for the particular query.", "orderBy"))
  elseif asked.syncToken then
    errors.throw(errors.calendar(410, "fullSyncRequired",
      "Sync token is no longer valid, a full sync is required.", "syncToken"))
  end
end

--- Say whether the times of an entry touch what is asked for.
local function is_within(entry, asked)
  local from, to = bound_of(asked.timeMin), bound_of(asked.timeMax)
  local start, stop = times.span(entry.times, entry.event.calendar.zone)
  return (not from or stop > from) and (not to or start < to)
end

--- Say whether an entry's times fit; a series as one fits where one of its instances does.
local function fits_times(entry, asked)
  local event = entry.event
  if entry.index or not event.series then return is_within(entry, asked) end
  for _, instance in ipairs(entries.single(event)) do
    local is_there = instance.status ~= "cancelled" or event.status == "cancelled"
    if is_there and is_within(instance, asked) then return true end
  end
  return false
end

local function holds(text, words)
  return text ~= nil and text:lower():find(words, 1, true) ~= nil
end

--- Say whether an event has the words of `q`.
local function has_words(event, words)
  if not words or words == "" then return true end
  words = words:lower()
  local found = holds(event.title, words) or holds(event.description, words)
    or holds(event.location, words)
  for _, guest in ipairs(event.guests) do
    found = found or holds(guest.displayName, words) or holds(guest.email, words)
  end
  return found
end

--- Say whether a cancelled entry belongs to the answer.
local function is_wanted(entry, asked)
  if entry.status ~= "cancelled" or query.is_true(asked.showDeleted) or asked.updatedMin then
    return true
  end
  return entry.index ~= nil and not query.is_true(asked.singleEvents)
    and entry.event.status ~= "cancelled"
end

--- Say whether the query excludes no event of this calendar: all are of the type "default", and
-- none has extended properties.
local function is_open(asked)
  local types = "\n" .. (asked.eventTypes or "default") .. "\n"
  return types:find("\ndefault\n", 1, true) and not asked.privateExtendedProperty
    and not asked.sharedExtendedProperty
end

local function is_asked_for(event, asked)
  return (not asked.iCalUID or asked.iCalUID == event.id .. "@google.com")
    and has_words(event, asked.q)
end

local function fits(entry, asked)
  local since = bound_of(asked.updatedMin)
  return is_wanted(entry, asked) and fits_times(entry, asked)
    and (not since or entry.updated >= since)
end

--- Return the entries that the query asks for.
local function select(calendar, asked)
  local found = {}
  local open = query.is_true(asked.singleEvents) and entries.single or entries.folded
  for _, event in ipairs(is_open(asked) and calendar.events or {}) do
    for _, entry in ipairs(is_asked_for(event, asked) and open(event) or {}) do
      if fits(entry, asked) then found[#found + 1] = entry end
    end
  end
  return found
end

--- Sort entries; without an order they stay as they were made.
local function sort(found, order)
  local place = {}
  for i, entry in ipairs(found) do place[entry] = i end
  local function key_of(entry)
    if order == "updated" then return entry.updated end
    return order and times.span(entry.times, entry.event.calendar.zone) or 0
  end
  table.sort(found, function(left, right)
    local first, second = key_of(left), key_of(right)
    if first ~= second then return first < second end
    return place[left] < place[right]
  end)
end

--- Return what a page token is good for: this list, with this query.
local function bound_to(context, calendar)
  local parts = {}
  for name, value in pairs(context.query) do
    if not FREE[name] then parts[#parts + 1] = name .. "=" .. value end
  end
  table.sort(parts)
  return calendar.id .. "\n" .. context.organisation.key .. "\n" .. table.concat(parts, "\n")
end

local function checksum(payload, bound)
  return ("%016x"):format(random.hash(payload .. "|" .. bound))
end

--- Read a page token, or throw.
---@return integer before entries on the pages before
---@return integer number of the page, from 1
local function read_token(token, bound)
  if not token or token == "" then return 0, 1 end
  local payload, sum = token:match "^CigK(%x+%.%x+)%.(%x+)$"
  if not payload or sum ~= checksum(payload, bound) then
    errors.throw(errors.calendar(400, "invalid", "Invalid page token value.", "pageToken"))
  end
  local before, number = payload:match "^(%x+)%.(%x+)$"
  return tonumber(before, 16), tonumber(number, 16)
end

local function write_token(before, number, bound)
  local payload = ("%x.%x"):format(before, number)
  return ("CigK%s.%s"):format(payload, checksum(payload, bound))
end

--- Perform a list.
---@param context table
---@param calendar table
---@param where table? zone of the times
---@return table
function list.list(context, calendar, where)
  local asked = context.query
  check_query(asked)
  local found, bound = select(calendar, asked), bound_to(context, calendar)
  sort(found, asked.orderBy)
  local before, number = read_token(asked.pageToken, bound)
  local size = math.min(tonumber(asked.maxResults) or SIZE.default, SIZE.max)
  size = page.shape(context.settings.short_pages, size, number)

  local items, most = json.array {}, tonumber(asked.maxAttendees)
  local last = math.min(before + size, #found)
  for i = before + 1, last do items[#items + 1] = view.event(found[i], where, most) end
  local is_more = last < #found
  local now = math.tointeger(context.now() // 1)
  return {
    kind = "calendar#events", etag = ('"p%d"'):format(now), items = items,
    summary = calendar == calendars.primary(context.organisation) and calendar.id
      or calendar.title or calendar.id,
    updated = time.format(now), timeZone = calendar.zone.name, accessRole = calendar.role,
    defaultReminders = json.array { { method = "popup", minutes = 10 } },
    nextPageToken = is_more and write_token(last, number + 1, bound) or nil,
    nextSyncToken = not is_more and ("CPj%x"):format(now) or nil,
  }
end

return list
