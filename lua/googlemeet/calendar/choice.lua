--- Which event of a calendar a conference was held for.
-- Pure: Google's events and instants in, an event out. Where events fit equally, none is chosen.

local time = require "googlemeet.time"

local choice = {}

local HOUR = 3600 * 1000000000 -- nanoseconds

--- Nanoseconds between an event and a conference outside its slot, at most.
choice.NEAR = 12 * HOUR

local HOSTS = { ["meet.google.com"] = true, ["tel.meet"] = true }

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

local function table_of(value)
  return type(value) == "table" and value or {}
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

--- Return the least and the greatest offset from UTC of the events' times, which are in the zone
-- of the calendar; those of all zones where no event has a time of day.
local function zones_of(events)
  local west, east
  for _, event in ipairs(events) do
    local text = table_of(event.start).dateTime
    if time.instant(text) then
      local sign, hours, minutes = text:match "([+-])(%d%d):(%d%d)$"
      local offset = sign and tonumber(sign .. "1") * (hours * HOUR + minutes * HOUR // 60) or 0
      west, east = math.min(west or offset, offset), math.max(east or offset, offset)
    end
  end
  return west or -12 * HOUR, east or 14 * HOUR
end

--- Return the first and the last instant of an event. Days without a time of day are as long as
-- they can be: from their start in the east to their end in the west.
local function span_of(event, west, east)
  local start, stop = table_of(event.start), table_of(event["end"])
  local from, to = time.instant(start.dateTime), time.instant(stop.dateTime)
  if from then return from, math.max(from, to or from), true end
  from = type(start.date) == "string" and time.instant(start.date .. "T00:00:00Z")
  to = type(stop.date) == "string" and time.instant(stop.date .. "T00:00:00Z")
  if from then return from - east, math.max(from + 24 * HOUR, to or from) - west, false end
end

--- Return the events of a conference, each once, with how they lie to it.
local function candidates_of(events, code, from, to)
  local west, east = zones_of(events)
  local list, places = {}, {}
  for _, event in ipairs(events) do
    local first, last, is_timed = span_of(event, west, east)
    if first and event.status ~= "cancelled" and choice.code(event) == code then
      local place = places[event.id or event] or #list + 1
      places[event.id or event] = place
      local overlap = math.min(last, to) - math.max(first, from)
      list[place] = {
        event = event, overlap = overlap, is_timed = is_timed, length = last - first,
        overlaps = overlap > 0 or from == to and first <= from and from < last,
      }
    end
  end
  return list
end

--- Say whether an event is before another one: timed before all-day, then by the overlap, then the
-- shorter.
local function is_before(one, other)
  if one.is_timed ~= other.is_timed then return one.is_timed end
  if one.overlap ~= other.overlap then return one.overlap > other.overlap end
  return one.length < other.length
end

--- Choose the event of a conference.
---@param events table[] Google's, all that lie within `choice.NEAR` of the conference
---@param code string meeting code
---@param from number instant at which the conference began
---@param to number instant at which it ended
---@return table? event
---@return integer count of events that fit equally: 0 or more than 1
function choice.of(events, code, from, to)
  local best, ties, near = nil, 0, {}
  for _, one in ipairs(candidates_of(events, plain(code), from, to)) do
    if one.overlaps and (not best or is_before(one, best)) then
      best, ties = one, 1
    elseif one.overlaps and not is_before(best, one) then
      ties = ties + 1
    elseif -one.overlap <= choice.NEAR then
      near[#near + 1] = one
    end
  end
  if not best then best, ties = near[1], #near end
  return ties == 1 and best.event or nil, ties
end

return choice
