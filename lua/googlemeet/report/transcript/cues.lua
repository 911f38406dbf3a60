--- Cues: transcript entries with the times between which they are shown.
-- Times are whole milliseconds from the zero of the captions.

local escape = require "googlemeet.report.escape"
local intervals = require "googlemeet.intervals"
local names = require "googlemeet.report.names"
local sort = require "googlemeet.sort"
local width = require "googlemeet.unicode.width"
local wrap = require "googlemeet.report.wrap"

local cues = {}

local COLUMN = 65 -- milliseconds to say one column of text, where the end is not known
local SHORTEST = 1000 -- milliseconds, the least that is guessed

---@class googlemeet.Cue
---@field from integer milliseconds
---@field to integer always after `from`
---@field turn googlemeet.SpokenEntry the merged entry that it is a part of, or the entry itself
---@field speaker string cleaned, not blank
---@field text string cleaned, not blank
---@field lines? string[] the text in lines, after `cues.split`

--- Convert a time to milliseconds from the zero.
local function milliseconds(text, zero)
  local at = intervals.instant(text)
  return at and (at - zero) // 1000000
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

local function spoken(entries, zero, turns)
  local list, speakers = {}, {}
  for _, entry in ipairs(entries) do
    local text = escape.clean(entry.text)
    if not names.is_blank(text) then
      local speaker = speakers[entry.speaker] or escape.clean(entry.speaker)
      speakers[entry.speaker] = speaker
      list[#list + 1] = {
        speaker = speaker, text = text, turn = turns and turns[entry] or entry,
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
---@param turns? table<googlemeet.SpokenEntry, googlemeet.SpokenEntry> merged entries by their parts
---@return googlemeet.Cue[]
function cues.place(entries, zero, is_cut, turns)
  local list, placed, previous_to = spoken(entries, zero, turns), {}, nil
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
  for _, part in ipairs(parts) do total = total + part.wide end
  local length, said, at = to - from, 0, from
  for index, part in ipairs(parts) do
    said = said + part.wide
    part.from, part.wide = at, nil
    local latest = to - (#parts - index)
    at = math.max(at + 1, math.min(from + length * said // total, latest))
    part.to = at
  end
end

--- Return the part of a cue that has the lines from one to another.
local function part_of(cue, lines, first, last)
  local total = last - first -- blanks
  for index = first, last do total = total + width.of(lines[index]) end
  return {
    speaker = cue.speaker, lines = table.move(lines, first, last, 1, {}),
    wide = math.max(1, total), -- combining marks alone have no width
  }
end

--- Split cues that are too long to be shown at once.
---@param placed googlemeet.Cue[]
---@param columns integer of a line
---@param most integer lines of a cue
---@return googlemeet.Cue[]
function cues.split(placed, columns, most)
  local list = {}
  for _, cue in ipairs(placed) do
    local lines = wrap.even_lines(cue.text, columns)
    if #lines <= most then
      cue.lines = lines
      list[#list + 1] = cue
    else
      local parts = {}
      for first = 1, #lines, most do
        parts[#parts + 1] = part_of(cue, lines, first, math.min(first + most - 1, #lines))
      end
      share_time(parts, cue.from, cue.to)
      table.move(parts, 1, #parts, #list + 1, list)
    end
  end
  return sort.by(list, start_of)
end

--- Format a time as hours (two digits or more), minutes, seconds.
---@param at integer milliseconds
---@param mark? string between seconds and milliseconds, which are left out without it
---@return string
function cues.time(at, mark)
  local seconds = at // 1000
  local hours, minutes = seconds // 3600, seconds // 60 % 60
  if not mark then return ("%02d:%02d:%02d"):format(hours, minutes, seconds % 60) end
  return ("%02d:%02d:%02d%s%03d"):format(hours, minutes, seconds % 60, mark, at % 1000)
end

return cues
