--- When a participant was present: sessions to stays, stays to joins and leaves.
-- Pure: tables in, tables out.
--
-- A time that cannot be read, one before 1970 and one after 2262 is none (`intervals.instant`). A
-- stay that ends before it starts has no length. One without an end ends with its conference.

local intervals = require "googlemeet.intervals"
local time = require "googlemeet.time"

local presence = {}

--- Return the later of two times, as `intervals.later`; a second one that is none loses.
---@param one? string
---@param other any
---@return string?
function presence.later(one, other)
  return intervals.instant(other) and intervals.later(one, other) or one
end

--- Say whether a conference has ended. An end that cannot be read counts.
---@param record table
---@return boolean
function presence.has_ended(record)
  local end_time = record.endTime
  return end_time ~= nil and (not time.instant(end_time) or intervals.instant(end_time) ~= nil)
end

---@class googlemeet.Stay: googlemeet.Interval
---@field from? number nil when the start is none
---@field start_time? string as the server sent it
---@field end_time? string the same, or the end of the conference; nil while the stay is open

--- Make a stay of two times.
---@param start_time any
---@param end_time any
---@param closing { at: number, time: string? } the end of a stay that has none; without `time` such
---  a stay is open
---@return googlemeet.Stay
---@return boolean is_open
function presence.stay(start_time, end_time, closing)
  local from, to = intervals.instant(start_time), intervals.instant(end_time)
  local is_open = not to and closing.time == nil
  if not to then to, end_time = closing.at, closing.time end
  if from and to < from then to, end_time = from, start_time end
  return { from = from, to = to, start_time = start_time, end_time = end_time }, is_open
end

--- Return the stays of a participant in time order: two devices at once are one stay. A session
-- without a start is left out.
---@param sessions { startTime: string, endTime: string? }[]
---@param conference_end? string ends the sessions that have no end
---@return googlemeet.JoinedInterval[]
function presence.stays(sessions, conference_end)
  local stays = {}
  local closing = { at = intervals.instant(conference_end) or math.huge, time = conference_end }
  for _, session in ipairs(sessions) do
    local stay = presence.stay(session.startTime, session.endTime, closing)
    if stay.from then stays[#stays + 1] = stay end
  end
  return intervals.union(stays)
end

--- Return the joins and leaves that follow the last one reported, alternating.
---@param joined? string when they joined, if a join was reported last
---@param left? string when they left, if a leave was reported last
---@param stays googlemeet.JoinedInterval[]
---@return { type: "joined"|"left", time: string, at: number }[]
function presence.moves(joined, left, stays)
  local moves, is_present, reported = {}, joined ~= nil, time.instant(joined or left)
  local function add(type, text, at)
    moves[#moves + 1] = { type = type, time = text, at = at }
    is_present, reported = type == "joined", at
  end
  for _, stay in ipairs(stays) do
    if not is_present and (not reported or stay.to > reported) then
      if reported and stay.from <= reported then -- the server has withdrawn the leave since
        add("joined", left, reported)
      else
        add("joined", stay.first.start_time, stay.from)
      end
    end
    if is_present and stay.to < math.huge and stay.to >= reported then
      add("left", stay.last.end_time, stay.to)
    end
  end
  return moves
end

return presence
