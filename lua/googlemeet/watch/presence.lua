--- When a participant was present: sessions to stays, stays to joins and leaves.
-- Pure: tables in, tables out.

local intervals = require "googlemeet.intervals"
local time = require "googlemeet.time"

local presence = {}

--- Convert a server's time to nanoseconds; nil when it cannot be read, or means "for ever".
---@param text any
---@return number? nanoseconds since 1970
function presence.instant(text)
  local at = time.instant(text)
  return at and at < intervals.FOR_EVER and at or nil
end

--- Return the later of two times, as `intervals.later`; one that means "for ever" loses.
---@param one? string
---@param other any
---@return string?
function presence.later(one, other)
  return presence.instant(other) and intervals.later(one, other) or one
end

--- Say whether a conference has ended. An end that cannot be read is one.
---@param record table
---@return boolean
function presence.has_ended(record)
  local end_time = record.endTime
  return end_time ~= nil and (not time.instant(end_time) or presence.instant(end_time) ~= nil)
end

--- Convert sessions to intervals that keep the server's texts. A session without a readable start
-- is left out; one that ends before its start has no length; one without an end is open.
local function intervals_of(sessions, conference_end)
  local found = {}
  for _, session in ipairs(sessions) do
    local start_time, end_time = session.startTime, session.endTime
    if not presence.instant(end_time) then end_time = conference_end end
    local from, to = presence.instant(start_time), presence.instant(end_time)
    if from then
      if to and to < from then to, end_time = from, start_time end
      found[#found + 1] = {
        from = from, to = to or math.huge, start_time = start_time, end_time = end_time,
      }
    end
  end
  return found
end

--- Return the stays of a participant in time order: two devices at once are one stay.
---@param sessions { startTime: string, endTime: string? }[]
---@param conference_end? string ends the sessions that have no end
---@return googlemeet.JoinedInterval[]
function presence.stays(sessions, conference_end)
  return intervals.union(intervals_of(sessions, conference_end))
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
