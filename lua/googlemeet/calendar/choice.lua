--- Which event of a calendar a conference was held for.
-- Pure: Google's events and instants in, an event out. Where events fit equally, none is chosen.

local time = require "googlemeet.time"

local choice = {}

local HOUR = 3600 * 1000000000 -- nanoseconds

--- Nanoseconds between an event and a conference outside its slot, at most.
choice.NEAR = 12 * HOUR

local HOSTS = { ["meet.google.com"] = true, ["tel.meet"] = true }

local function table_of(value)
  return type(value) == "table" and value or {}
end

--- Return a meeting code in the form in which codes are compared: small letters without hyphens.
---@param text any
---@return string? code nil when it has not the letters of one
local function plain(text)
  local code = type(text) == "string" and text:gsub("-", ""):lower() or ""
  return code:find "^%l%l%l%l%l%l%l%l%l%l$" and code or nil
end

--- Return the code in a link to a meeting.
local function code_of_link(link)
  if type(link) ~= "string" then return nil end
  local host, path = link:match "^[hH][tT][tT][pP][sS]?://([^/?#]+)/([^/?#]+)"
  return host and HOSTS[host:lower()] and plain(path)
end

--- Return the meeting code of an event: the id of its conference, else the code in its links. The
-- conference of another product has an id of another form.
---@param event table
---@return string? code as `plain` writes it
function choice.code(event)
  local conference = table_of(event.conferenceData)
  local code = plain(conference.conferenceId) or code_of_link(event.hangoutLink)
  for _, entry in ipairs(table_of(conference.entryPoints)) do
    code = code or code_of_link(table_of(entry).uri)
  end
  return code
end

--- Return the offset from UTC of a calendar's zone, as the start of an event shows it.
---@param event table
---@return integer? nanoseconds
function choice.offset(event)
  local text = table_of(event.start).dateTime
  if not time.instant(text) then return nil end
  local sign, hours, minutes = text:match "([+-])(%d%d):(%d%d)$"
  if not sign then return 0 end
  return tonumber(sign .. "1") * (tonumber(hours) * HOUR + tonumber(minutes) * HOUR // 60)
end

local function midnight(date)
  return type(date) == "string" and time.instant(date .. "T00:00:00Z") or nil
end

--- Return how an event lies to a conference: in nanoseconds how long both last at once, and how
-- far they are apart. An all-day event has no zone: of the zones that it may be in, that counts in
-- which it overlaps most, or in which it is farthest away.
local function place(event, list, from, to)
  local start, stop = table_of(event.start), table_of(event["end"])
  local first, last = time.instant(start.dateTime), time.instant(stop.dateTime)
  local is_timed, west, east = first ~= nil, 0, 0
  if not is_timed then
    first, last = midnight(start.date), midnight(stop.date)
    last = first and math.max(first + 24 * HOUR, last or first)
    west, east = list.west or -12 * HOUR, list.east or 14 * HOUR
  end
  if not first then return nil end
  last = math.max(first, last or first)
  local overlap = math.min(last - west, to) - math.max(first - east, from)
  return {
    event = event, overlap = overlap, is_timed = is_timed, length = last - first,
    overlaps = overlap > 0 or from == to and first - east <= from and from < last - west,
    apart = math.max(first - west - to, from - last + east),
  }
end

--- Say whether an event fits better than another one: timed before all-day, then the greater
-- overlap, then the shorter.
local function is_better(one, other)
  if one.is_timed ~= other.is_timed then return one.is_timed end
  if one.overlap ~= other.overlap then return one.overlap > other.overlap end
  return one.length < other.length
end

---@class googlemeet.EventList
---@field events table[] Google's, all within `choice.NEAR` of the conference
---@field west? integer least offset of the calendar's zone in these days; nil when none is known
---@field east? integer greatest offset

--- Return how the events with a meeting code lie to a conference.
local function candidates_of(list, code, from, to)
  local found = {}
  for _, event in ipairs(list.events) do
    local has_code = event.status ~= "cancelled" and choice.code(event) == plain(code)
    found[#found + 1] = has_code and place(event, list, from, to) or nil
  end
  return found
end

--- Choose the event of a conference.
---@param list googlemeet.EventList
---@param code string meeting code
---@param from number instant at which the conference began
---@param to number instant at which it ended
---@return table? event
---@return integer count of events that fit equally: 0 or more than 1
function choice.of(list, code, from, to)
  local best, ties, near = nil, 0, {}
  for _, one in ipairs(candidates_of(list, code, from, to)) do
    if not one.overlaps then
      if one.apart <= choice.NEAR then near[#near + 1] = one end
    elseif not best or is_better(one, best) then
      best, ties = one, 1
    elseif not is_better(best, one) then
      ties = ties + 1
    end
  end
  if not best then best, ties = near[1], #near end
  return ties == 1 and best.event or nil, ties
end

return choice
