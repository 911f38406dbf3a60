--- Whether captions that were read back show what was said: all words in order, each entry's own
-- time to the millisecond, its parts without a gap.

local story = require "spec.fuzz.story"

local captions = {}

local MOST_STEPS = 20000 -- where two entries say the same, cues may be of either

local function milliseconds(at, zero)
  return at and (at - zero) // 1000000
end

--- When an entry is to be shown; nil: not at all. What is not in it is a guess; of one that begins
-- before the zero only an end may be left.
---@return { from: integer?, to: integer?, from_start: boolean?, may_miss: boolean? }?
local function due(entry, zero, is_cut)
  local from, to = milliseconds(entry.from, zero), milliseconds(entry.to, zero)
  if to and from and to <= from then to = nil end
  if to and to <= 0 then
    if is_cut then return nil end
    return { from = 0 }
  end
  return {
    from = from and math.max(from, 0), to = to, from_start = from and from >= 0,
    may_miss = is_cut and not to and (from or -1) < 0,
  }
end

--- What is left of a word behind what is never seen.
local function without_unseen(word, offset)
  local character = word:match("^" .. utf8.charpattern, offset + 1)
  while character and story.UNSEEN[character] do
    offset = offset + #character
    character = word:match("^" .. utf8.charpattern, offset + 1)
  end
  return offset
end

--- Where in a word the end of the piece is that comes next; lines of what is never seen are left
-- out of a word that is wider than a line.
local function end_of(word, offset, piece, columns)
  local is_wide = 2 * utf8.len(word) > columns or word:find "[\xE2-\xF4]" ~= nil
  if word:sub(offset + 1, offset + #piece) ~= piece then
    local seen = without_unseen(piece, 0)
    local at = without_unseen(word, offset)
    local rest = piece:sub(seen + 1)
    if not is_wide or word:sub(at + 1, at + #rest) ~= rest then return nil end
    offset = at - seen
  end
  offset = offset + #piece
  return is_wide and without_unseen(word, offset) == #word and #word or offset, is_wide
end

--- Consume the words of a line; give what is left: the number of a word, and bytes of it that are
-- behind. Words are cut where they are wider than a line, and East Asian ones anywhere.
local function consume(words, number, offset, line, columns)
  if line:find "^ " or line:find " $" or line:find "  " then return nil end
  for piece, stop in line:gmatch "([^ ]+)()" do
    local word = words[number]
    if not word then return nil end
    local reached, is_wide = end_of(word, offset, piece, columns)
    if reached == #word then
      number, offset = number + 1, 0
    elseif reached and is_wide
      and (stop > #line or without_unseen(word, reached) > reached) then
      offset = reached
    else
      return nil
    end
  end
  return number, offset
end

--- Whether the parts of a row that is shown in full have its time.
local function fits(row, from, to, parts)
  if row.due.to then return to == math.max(row.due.to, from + parts) end
  local least = row.due.from_start and 1000 or 1
  return to - from >= math.max(least, parts) or row.starts[to] or to == from + parts
end

--- Whether the cue has the speaker and the start that the row's next one has.
local function may_follow(row, cue)
  local from = row.progress.to or row.due.from
  return cue.speaker == row.speaker and (not from or cue.from == from)
    and row.progress.number <= #row.words
end

--- The row's progress once it has shown a cue too; nil where the cue cannot be its next one.
local function advance(row, cue, columns, most)
  if not may_follow(row, cue) then return nil end
  local at = row.progress
  local number, offset, lines = at.number, at.offset, 0
  for line in cue.text:gmatch "[^\n]*" do
    number, offset = consume(row.words, number, offset, line, columns)
    lines = lines + 1
    if not number or lines > most then return nil end
  end
  local from, parts = at.from or cue.from, at.parts + 1
  if number > #row.words and not fits(row, from, cue.to, parts) then return nil end
  return { number = number, offset = offset, from = from, to = cue.to, parts = parts }
end

local function is_done(row)
  return row.progress.number > #row.words or row.due.may_miss and row.progress.parts == 0
end

--- Find for each cue the row that it is of, and see that nothing is missing.
local function assign(cues, rows, columns, most)
  local steps = 0
  local function try(index)
    steps = steps + 1
    if not cues[index] or steps > MOST_STEPS then
      for _, row in ipairs(rows) do
        if steps <= MOST_STEPS and not is_done(row) then return false end
      end
      return true
    end
    for _, row in ipairs(rows) do
      local before = row.progress
      local progress = advance(row, cues[index], columns, most)
      if progress then
        row.progress = progress
        if try(index + 1) then return true end
        row.progress = before
      end
    end
    return false
  end
  return try(1)
end

--- The entries as they were said, each with its merged one as `turn`.
function captions.parts(entries)
  local parts = {}
  for _, entry in ipairs(entries) do
    for _, part in ipairs(entry.parts) do
      part.turn = entry
      parts[#parts + 1] = part
    end
  end
  return parts
end

--- The words to be shown of an entry: those with the name where its turn has not been shown yet.
local function words_of(entry, is_due, is_shown)
  if not entry.named_words or is_shown[entry.turn] then return entry.words end
  is_shown[entry.turn] = not is_due.may_miss
  return entry.named_words
end

--- Raise unless the cues are those of the entries.
---@param cues { from: integer, to: integer, speaker: string?, text: string }[]
---@param entries table[] as `captions.parts` gives them, with `words` to be shown, and `voice` or
-- `named_words`
---@param opts { zero: integer?, width: integer, lines: integer } `zero` cuts off what was before
function captions.check(cues, entries, opts)
  local rows, starts, is_shown = {}, {}, {}
  local function is_unsure(entry, is_due) -- which part of the turn is the first, and has the name
    return entry.named_words and #entry.turn.parts > 1 and (is_due.may_miss or not is_due.from)
  end
  for _, entry in ipairs(entries) do
    local is_due = #entry.words > 0 and due(entry, opts.zero or 0, opts.zero ~= nil)
    if entry.from then starts[milliseconds(entry.from, opts.zero or 0)] = true end
    if is_due and is_unsure(entry, is_due) then return end
    if is_due then
      rows[#rows + 1] = {
        words = words_of(entry, is_due, is_shown), speaker = entry.voice, due = is_due,
        starts = starts, progress = { number = 1, offset = 0, parts = 0 },
      }
    end
  end
  for _, cue in ipairs(cues) do
    for line in cue.text:gmatch "[^\n]+" do
      local _, letters = line:gsub("[ -~]", "")
      assert(letters <= opts.width, "a line that is too wide: " .. line)
    end
  end
  assert(assign(cues, rows, opts.width, opts.lines), "the cues are not what was said")
end

--- Options of a rendering, chosen by a fuzzer's bytes.
---@return table options for `render`
---@return table opts for `captions.check`
function captions.options(pick, start)
  local width, lines = 20 + pick(40), 1 + pick(4)
  if pick(3) > 0 then return { width = width, lines = lines }, { width = width, lines = lines } end
  local zero = (pick(128) - 32) * 250
  return { width = width, lines = lines, start_time = start + zero / 1000 },
    { width = width, lines = lines, zero = zero * 1000000 }
end

return captions
