--- Wraps text to a width.
-- Lines end at blanks, in East Asian scripts between any two letters, and inside a word only where
-- it is wider than a line. No grapheme cluster is cut, and punctuation stays with what it closes or
-- opens.

local cluster = require "googlemeet.unicode.cluster"
local names = require "googlemeet.report.names"
local script = require "googlemeet.unicode.script"
local width = require "googlemeet.unicode.width"

local wrap = {}

---@class googlemeet.Atoms what a line is made of, in order
---@field texts string[]
---@field plain? string the text, where its words are the atoms: then `texts` is empty
---@field stops? integer[] with `plain`: the byte behind each word
---@field ends integer[] columns of all up to each, with the blanks before them
---@field no_blank table<integer, true> atoms without a blank before them
---@field is_first table<integer, true> atoms that begin a line: words that fit on none
---@field skipped boolean a blank atom was left out behind the last one

local function push(atoms, text, wide, has_blank)
  local texts, ends = atoms.texts, atoms.ends
  local index = #texts + 1
  texts[index], ends[index] = text, (ends[index - 1] or 0) + wide + (has_blank and 1 or 0)
  if not has_blank then atoms.no_blank[index] = true end
end

--- Return the columns before an atom that begins a line.
local function start_of(atoms, index)
  return (atoms.ends[index - 1] or 0) + (atoms.no_blank[index] and 0 or 1)
end

--- Add an atom. A blank one is left out; a blank stands for it before the next one.
local function add(atoms, text, wide, has_blank)
  if names.is_blank(text) then
    atoms.skipped = true
    return
  end
  push(atoms, text, wide, has_blank or atoms.skipped)
  atoms.skipped = false
end

--- Add pieces of a word, parted at places of a rank; a part that is wider than a line is parted at
-- places of the next rank, if there are any.
local function add_pieces(atoms, pieces, from, to, rank, columns, has_blank)
  local first, wide, texts, ranks = from, pieces.wide[from], pieces.texts, pieces.rank
  for index = from + 1, to + 1 do
    if index > to or ranks[index] <= rank then
      if first == index - 1 then
        add(atoms, texts[first], wide, has_blank)
      elseif wide <= columns or rank == cluster.LAST then
        add(atoms, table.concat(texts, "", first, index - 1), wide, has_blank)
      else
        local next_atom = #atoms.texts + 1
        add_pieces(atoms, pieces, first, index - 1, rank + 1, columns, has_blank)
        if rank == cluster.FREE and script.has_blanks(utf8.codepoint(texts[first])) ~= false then
          atoms.is_first[next_atom] = true
        end
      end
      first, wide, has_blank = index, 0, false
    end
    wide = wide + (pieces.wide[index] or 0)
  end
end

--- Say whether a word is nothing but marks that close (or open): French has blanks there.
local function is_only(is_mark, word)
  for _, code in utf8.codes(word) do
    if not is_mark(code) then return false end
  end
  return true
end

--- Join a word to the one before it, blank included, if both fit on a line.
local function glue(atoms, word, wide, columns)
  local index = #atoms.texts
  local stop = index > 0 and atoms.ends[index] + 1 + wide
  if not stop or stop - start_of(atoms, index) > columns then return false end
  atoms.texts[index], atoms.ends[index] = atoms.texts[index] .. " " .. word, stop
  return true
end

local function add_word(atoms, word, columns)
  local wide = not word:find "[\xE2-\xF4]" and width.of(word)
  if wide and wide <= columns then
    add(atoms, word, wide, true)
  else
    local pieces = cluster.pieces(word)
    add_pieces(atoms, pieces, 1, #pieces.texts, cluster.FREE, columns, true)
  end
end

--- Add a word, or join it to the one before it. Return whether it opens the one behind it.
local function add_any(atoms, word, columns, is_open)
  if names.is_blank(word) then
    atoms.skipped = true
    return is_open
  end
  local is_mark = not word:find "[0-9A-Za-z]" -- `%w` takes other bytes for letters in some locales
  local is_glued = (is_open or is_mark and is_only(script.only_closes, word))
    and glue(atoms, word, width.of(word), columns)
  if not is_glued then add_word(atoms, word, columns) end
  return is_mark and is_only(script.only_opens, word)
end

--- Return what the lines of a Latin text are made of, as most texts are: words, none of them wider
-- than a line or nothing but punctuation. Nothing for any other text.
---@return googlemeet.Atoms?
local function words_of(text, columns)
  local is_ascii = utf8.len(text) == #text
  if not is_ascii and text:find "[\xC2\xCC-\xF4]" then return nil end
  local stops, ends, from, last = {}, {}, 1, 0
  if is_ascii then ends = stops end
  for stop in text:gmatch "[^ ]+()" do
    if not text:find("^%w", from) and not text:find("^[^%w ]+%w", from) then return nil end
    local index = #stops + 1
    stops[index] = stop
    if not is_ascii then ends[index] = last + utf8.len(text, from, stop - 1) + 1 end
    if ends[index] - last - 1 > columns then return nil end
    from, last = stop + 1, ends[index]
  end
  return { texts = {}, plain = text, stops = stops, ends = ends, no_blank = {}, is_first = {} }
end

--- Return what the lines of a text are made of.
---@return googlemeet.Atoms
local function atoms_of(text, columns)
  local words = words_of(text, columns)
  if words then return words end
  local atoms = { texts = {}, ends = {}, no_blank = {}, is_first = {}, skipped = false }
  local is_open = false
  for word in text:gmatch "[^ ]+" do
    if not is_open and #word <= columns and word:find "^%w" and not word:find "[^!-~]" then
      push(atoms, word, #word, true) -- as most are
    else
      is_open = add_any(atoms, word, columns, is_open)
    end
  end
  return atoms
end

--- Return the atom that each line begins with; nothing if there are more lines than `most`.
local function starts_of(atoms, columns, first, most)
  local ends, is_first = atoms.ends, next(atoms.is_first) and atoms.is_first
  local starts, last = { ends[first] and first }, start_of(atoms, first) + columns
  for index = first + 1, #ends do
    if ends[index] > last or is_first and is_first[index] then
      if #starts == most then return nil end
      starts[#starts + 1], last = index, start_of(atoms, index) + columns
    end
  end
  return starts
end

--- Return the text of a line from one atom to another.
local function line_of(atoms, first, last)
  if atoms.plain then
    return atoms.plain:sub((atoms.stops[first - 1] or 0) + 1, atoms.stops[last] - 1)
  end
  if not next(atoms.no_blank) then return table.concat(atoms.texts, " ", first, last) end
  local parts = { atoms.texts[first] }
  for index = first + 1, last do
    if not atoms.no_blank[index] then parts[#parts + 1] = " " end
    parts[#parts + 1] = atoms.texts[index]
  end
  return table.concat(parts)
end

--- Return the columns of atoms in one line, with the blank before the first.
local function columns_of(atoms, first, last)
  return atoms.ends[last] - (atoms.ends[first - 1] or 0)
end

local function lines_of(atoms, starts)
  local lines = {}
  for number, first in ipairs(starts) do
    lines[number] = line_of(atoms, first, (starts[number + 1] or #atoms.ends + 1) - 1)
  end
  return lines
end

--- Say whether a text may have characters that are not seen: by the first bytes of each, most of
-- which other characters have, too.
local function may_be_unseen(text)
  if utf8.len(text) == #text then return false end
  return text:find "[\xC2\xCD\xD8\xE2]" or text:find "\xE1[\x85\x9A\x9E\xA0]"
    or text:find "\xE3[\x80\x85][\x80\xA4]" or text:find "\xEF[\xB8\xBB\xBE\xBF]"
    or text:find "\xF3\xA0"
end

--- Return the width of a text if it is short and all of it is seen.
local function short_width(text, columns)
  if text == "" or #text > 3 * columns or may_be_unseen(text) then return nil end
  return width.of(text)
end

--- Return the lines of a text of Latin words, as most are, without a list of these. Nothing for any
-- other text, and where punctuation stands at the end of a line or a word is wider than one.
local function latin_lines(text, columns)
  if text == "" or text:find "[\xC2\xCC-\xF4]" then return nil end
  local lines, from = {}, 1
  local stop = utf8.offset(text, columns + 2, from) -- behind the blank that may follow a full line
  while stop do
    local line = text:sub(from, stop - 1)
    local last = line:find " [^ ]*$"
    if not last or not line:find("^[%w,.!?]", last - 1) or not text:find("^%w", from + last) then
      return nil
    end
    lines[#lines + 1] = line:sub(1, last - 1)
    from = from + last
    stop = utf8.offset(text, columns + 2, from)
  end
  lines[#lines + 1] = text:sub(from)
  return lines
end

--- Return the lines of a text: none of them blank, none wider than `columns` unless what may not be
-- cut is.
---@param text string as `escape.clean` returns it
---@param columns integer of a terminal
---@return string[]
function wrap.lines(text, columns)
  local wide = short_width(text, columns)
  if wide and wide <= columns then return { text } end
  local lines = latin_lines(text, columns)
  if lines then return lines end
  local atoms = atoms_of(text, columns)
  return lines_of(atoms, starts_of(atoms, columns, 1, math.huge))
end

--- Return the starts of two lines: the first one takes atoms while it gets no longer than the other
-- one was.
local function halves_of(atoms, first)
  local ends, start = atoms.ends, start_of(atoms, first)
  local second = first + 1
  while second < #ends and ends[second] - start <= ends[#ends] - start_of(atoms, second) do
    second = second + 1
  end
  return { first, second }
end

--- Return the starts of so many lines with similar lengths.
local function even_starts(atoms, columns, first, count)
  if count == 2 and not next(atoms.is_first) then return halves_of(atoms, first) end
  local total = columns_of(atoms, first, #atoms.ends)
  local narrow, wide, even = math.max(columns // 2, total // count - 2), columns, nil
  while wide - narrow > 1 do -- `narrow` is too narrow, `wide` is wide enough
    local middle = (narrow + wide) // 2
    local candidate = starts_of(atoms, middle, first, count)
    if candidate then
      wide, even = middle, candidate
    else
      narrow = middle
    end
  end
  return even or starts_of(atoms, columns, first, count)
end

--- Move atoms to a last line that is less than half as long as the line before it, while that stays
-- the longer one.
local function lengthen_last(atoms, starts)
  local from, first = starts[#starts - 1], starts[#starts]
  local above, below = columns_of(atoms, from, first - 1), columns_of(atoms, first, #atoms.ends)
  if 2 * below >= above then return end
  while first > from + 1 and not atoms.is_first[first] do
    local wide = columns_of(atoms, first - 1, first - 1)
    if below + wide > above - wide then break end
    first, above, below = first - 1, above - wide, below + wide
  end
  starts[#starts] = first
end

--- Return the place of the blank nearest to the middle of a text, in bytes and in characters.
local function middle_blank(text, size)
  local behind = utf8.offset(text, (size + 1) // 2 + 1)
  local left, right = text:sub(1, behind - 1):find " [^ ]*$", text:find(" ", behind, true)
  local before, after = left and utf8.len(text, 1, left), right and utf8.len(text, 1, right)
  if left and not (right and before + after <= size + 1) then return left, before end
  return right, after
end

--- Return the two lines of a text that fits on two, as most do, without a list of its words. One of
-- Latin words is parted at the blank nearest to its middle, one of Han and Kana in its middle.
local function halve(text, wide, columns)
  if wide > 2 * columns + 1 then return nil end
  local at, first, second
  if text:find "[\xCC-\xF4]" then
    at, first = cluster.half(text, wide)
    if not at then return nil end
    second = wide - first
    if first > columns or second > columns then return nil end
    return { text:sub(1, at), text:sub(at + 1) }
  end
  at, first = middle_blank(text, wide)
  if not at or not text:find("^[%w,.!?] %w", at - 1) then return nil end
  second = wide - first
  if first - 1 > columns or second > columns then return nil end
  return { text:sub(1, at - 1), text:sub(at + 1) }
end

local MANY = 12 -- lines; what stands before the last ones need not be even

--- As `wrap.lines`, with the same number of lines, but the last ones have similar lengths, so that
-- none is one short word.
---@param text string
---@param columns integer
---@return string[]
function wrap.even_lines(text, columns)
  local wide = short_width(text, columns)
  if wide then
    local lines = wide <= columns and { text } or halve(text, wide, columns)
    if lines then return lines end
  end
  local atoms = atoms_of(text, columns)
  local starts = starts_of(atoms, columns, 1, math.huge)
  if #starts > 1 then
    local kept = math.max(0, #starts - MANY)
    table.move(even_starts(atoms, columns, starts[kept + 1], #starts - kept), 1, #starts - kept,
      kept + 1, starts)
    lengthen_last(atoms, starts)
  end
  return lines_of(atoms, starts)
end

return wrap
