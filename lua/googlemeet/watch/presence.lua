--- When participants were present: sessions to intervals, intervals to joins and leaves.
-- Pure: tables in, tables out.

local time = require "googlemeet.time"

local presence = {}

local BILLION = 1000000000

--- Nanoseconds since 1970; nil for what is no time.
---@param text? string RFC 3339
---@return integer?
function presence.instant(text)
  if type(text) ~= "string" then return nil end
  local seconds, nanoseconds = time.parse(text)
  return seconds and seconds * BILLION + nanoseconds
end

local instant = presence.instant

--- Give the latest of some times.
---@param texts string[]
---@return string?
function presence.latest(texts)
  local latest, reached
  for _, text in ipairs(texts) do
    local at = instant(text)
    if at and (not reached or at > reached) then latest, reached = text, at end
  end
  return latest
end

--- The later of two times; either may be nil.
---@param left? string
---@param right? string
---@return string?
function presence.later(left, right)
  if not left or not right then return left or right end
  return presence.latest { left, right }
end

--- Sessions as { from =, at =, to =, till = } in order; without an end `to` and `till` are nil.
local function spans_of(sessions, over)
  local spans = {}
  for _, session in ipairs(sessions) do
    local from, to = session.startTime, session.endTime or over
    local at, till = instant(from), instant(to)
    if at then
      if till and till < at then to, till = from, at end
      spans[#spans + 1] = { from = from, at = at, to = to, till = till }
    end
  end
  table.sort(spans, function(one, other) return one.at < other.at end)
  return spans
end

--- Give the union of sessions, in order: two devices at once are one presence.
-- Sessions that touch are one too; one that ends before its start has no length.
---@param sessions { startTime: string, endTime: string? }[]
---@param over? string end of the conference, for sessions without an end
---@return { from: string, at: integer, to: string?, till: integer? }[]
function presence.union(sessions, over)
  local merged = {}
  for _, span in ipairs(spans_of(sessions, over)) do
    local last = merged[#merged]
    if not last or last.till and last.till < span.at then
      merged[#merged + 1] = span
    elseif last.till and (not span.till or span.till > last.till) then
      last.to, last.till = span.to, span.till
    end
  end
  return merged
end

--- Give the joins and leaves that follow what was told of a participant, in turns.
---@param joined? string when they joined, if that was told last
---@param left? string when they left, if that was told last
---@param spans table[] as `presence.union` gives them
---@return { type: "joined"|"left", time: string, at: integer }[]
function presence.moves(joined, left, spans)
  local moves, is_present, told = {}, joined ~= nil, instant(joined or left)
  local function add(type, text, at)
    moves[#moves + 1] = { type = type, time = text, at = at }
    is_present, told = type == "joined", at
  end
  for _, span in ipairs(spans) do
    local is_new = not told or not span.till or span.till > told
    if not is_present and is_new then
      if told and span.at <= told then -- a leave was told that the server has taken back since
        add("joined", left, told)
      else
        add("joined", span.from, span.at)
      end
    end
    if is_present and span.till and span.till >= told then add("left", span.to, span.till) end
  end
  return moves
end

return presence
