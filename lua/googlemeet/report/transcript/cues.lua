--- Cues: transcript entries with the times between which they are shown.
-- Times are whole milliseconds from the zero of the captions.

local escape = require "googlemeet.report.escape"
local sort = require "googlemeet.sort"
local time = require "googlemeet.time"
local width = require "googlemeet.report.width"
local wrap = require "googlemeet.report.wrap"

local cues = {}

local COLUMN = 65 -- milliseconds to say one column of text, where the end is not known
local SHORTEST = 1000 -- milliseconds, the least that is guessed

---@class googlemeet.Cue
---@field from integer milliseconds
---@field to integer always after `from`
---@field speaker string cleaned, not blank
---@field text string cleaned, not blank
---@field lines? string[] the text in lines, after `cues.split`

--- Convert a time to milliseconds from the zero. One before 1970 was never set and counts as none.
local function milliseconds(text, zero)
  local at = time.instant(text)
  return at and at >= 0 and (at - zero) // 1000000 or nil
end

local function guess(text)
  return math.max(SHORTEST, width.of(text) * COLUMN)
end

--- Guess the end of a cue, no later than the start of the next one.
local function likely_end(from, text, next_start)
  local to = from + guess(text)
  return next_start and next_start > from and math.min(to, next_start) or to
end

--- Return start and end, guessed where the server sent none, or an end that is not after the start.
local function interval(cue, previous_to, next_start)
  local from, to = cue.from, cue.to
  if from and to and to > from then
    return from, to
  elseif not from and to then
    local earliest = previous_to and previous_to < to and previous_to or math.mininteger
    return math.max(to - guess(cue.text), earliest), to
  end
  from = from or previous_to or 0
  return from, likely_end(from, cue.text, next_start)
end

local function start_of(cue) return cue.from end

local function spoken(entries, zero)
  local list = {}
  for _, entry in ipairs(entries) do
    local text = escape.clean(entry.text)
    if not wrap.is_blank(text) then
      list[#list + 1] = {
        speaker = escape.clean(entry.speaker), text = text,
        from = milliseconds(entry.start_time, zero), to = milliseconds(entry.end_time, zero),
      }
    end
  end
  return list
end

--- Return, for each cue, the next start after it.
local function next_starts(list)
  local starts, coming = {}, nil
  for index = #list, 1, -1 do
    starts[index] = coming
    coming = list[index].from or coming
  end
  return starts
end

--- Place the entries that have a text in time, in order of start.
---@param entries googlemeet.SpokenEntry[] in order
---@param zero integer nanoseconds since 1970
---@param is_cut boolean leave out entries that ended before the zero, instead of showing them there
---@return googlemeet.Cue[]
function cues.place(entries, zero, is_cut)
  local list, placed, previous_to = spoken(entries, zero), {}, nil
  local starts = next_starts(list)
  for index, cue in ipairs(list) do
    local from, to = interval(cue, previous_to, starts[index])
    previous_to = to
    if to <= 0 and not is_cut then
      from, to = 0, guess(cue.text)
    end
    if to > 0 then
      cue.from, cue.to = math.max(from, 0), to
      placed[#placed + 1] = cue
    end
  end
  return sort.by(placed, start_of)
end

--- Divide the time of a cue among its parts by length. Every part gets at least a millisecond.
local function share_time(parts, from, to)
  local total = 0
  for _, part in ipairs(parts) do
    part.wide = math.max(1, width.of(table.concat(part.lines, " ")))
    total = total + part.wide
  end
  local length, said, at = to - from, 0, from
  for index, part in ipairs(parts) do
    said = said + part.wide
    part.from, part.wide = at, nil
    local latest = to - (#parts - index)
    at = math.max(at + 1, math.min(from + length * said // total, latest))
    part.to = at
  end
end

--- Split cues that are too long to be shown at once.
---@param placed googlemeet.Cue[]
---@param columns integer of a line
---@param most integer lines of a cue
---@return googlemeet.Cue[]
function cues.split(placed, columns, most)
  local list = {}
  for _, cue in ipairs(placed) do
    local lines, parts = wrap.even_lines(cue.text, columns), {}
    for first = 1, #lines, most do
      local last = math.min(first + most - 1, #lines)
      parts[#parts + 1] = {
        speaker = cue.speaker, lines = table.move(lines, first, last, 1, {}),
      }
    end
    share_time(parts, cue.from, cue.to)
    table.move(parts, 1, #parts, #list + 1, list)
  end
  return sort.by(list, start_of)
end

--- Format a time as hours (two digits or more), minutes, seconds.
---@param at integer milliseconds
---@param mark? string between seconds and milliseconds, which are left out without it
---@return string
function cues.time(at, mark)
  local seconds = at // 1000
  local text = ("%02d:%02d:%02d"):format(seconds // 3600, seconds // 60 % 60, seconds % 60)
  return mark and ("%s%s%03d"):format(text, mark, at % 1000) or text
end

return cues
