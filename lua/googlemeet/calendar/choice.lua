--- Which event of a calendar a conference was held for.
-- Pure: Google's events and instants in, an event out. Where events fit equally, none is chosen.

local time = require "googlemeet.time"

local choice = {}

local HOUR = 3600 * 1000000000 -- nanoseconds
local QUARTER, WESTERNMOST, EASTERNMOST = HOUR // 4, -12 * HOUR, 14 * HOUR -- offsets of zones

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

--- Return the first and the last instant of an event, and whether it has a time of day. Days begin
-- by the offset of a zone.
local function span_of(event, offset)
  local start, stop = table_of(event.start), table_of(event["end"])
  local first, last = time.instant(start.dateTime), time.instant(stop.dateTime)
  if first then return first, math.max(first, last or first), true end
  first, last = midnight(start.date), midnight(stop.date)
  if not first then return nil end
  return first - offset, math.max(first + 24 * HOUR, last or first) - offset, false
end

--- Return how the events lie to a conference: in nanoseconds how long both last at once.
local function candidates_of(events, offset, from, to)
  local found = {}
  for _, event in ipairs(events) do
    local first, last, is_timed = span_of(event, offset)
    local overlap = first and math.min(last, to) - math.max(first, from)
    found[#found + 1] = first and {
      event = event, overlap = overlap, is_timed = is_timed, length = last - first,
      overlaps = overlap > 0 or from == to and first <= from and from < last,
    } or nil
  end
  return found
end

--- Say whether an event fits better than another one: timed before all-day, then the greater
-- overlap, then the shorter.
local function is_better(one, other)
  if one.is_timed ~= other.is_timed then return one.is_timed end
  if one.overlap ~= other.overlap then return one.overlap > other.overlap end
  return one.length < other.length
end

--- Choose the event of a conference in one zone.
local function choose(events, offset, from, to)
  local best, ties, near = nil, 0, {}
  for _, one in ipairs(candidates_of(events, offset, from, to)) do
    if not one.overlaps then
      if -one.overlap <= choice.NEAR then near[#near + 1] = one end
    elseif not best or is_better(one, best) then
      best, ties = one, 1
    elseif not is_better(best, one) then
      ties = ties + 1
    end
  end
  if not best then best, ties = near[1], #near end
  return ties == 1 and best.event or nil, ties
end

---@class googlemeet.EventList
---@field events table[] Google's, all within `choice.NEAR` of the conference
---@field west? integer least offset of the calendar's zone in these days; nil when none is known
---@field east? integer greatest offset

--- Choose the event of a conference: the same in every zone that the calendar may be in.
---@param list googlemeet.EventList
---@param code string meeting code
---@param from number instant at which the conference began
---@param to number instant at which it ended
---@return table? event
---@return integer count of events that fit equally: 0 or more than 1
function choice.of(list, code, from, to)
  local events, has_days = {}, false
  for _, event in ipairs(list.events) do
    if event.status ~= "cancelled" and choice.code(event) == plain(code) then
      events[#events + 1] = event
      has_days = has_days or not time.instant(table_of(event.start).dateTime)
    end
  end
  if not has_days then return choose(events, 0, from, to) end
  local west, east = list.west or WESTERNMOST, list.east or EASTERNMOST
  local found, count = choose(events, west, from, to)
  for offset = west + QUARTER, east, QUARTER do
    local other, ties = choose(events, offset, from, to)
    if other ~= found then return nil, math.max(count, ties, #events > 1 and 2 or 0) end
  end
  return found, count
end

return choice
