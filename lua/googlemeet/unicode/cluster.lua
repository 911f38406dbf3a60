--- Grapheme clusters: the letters of a text as people count them (Unicode, UAX #29), and how good
-- each place between two of them is for the end of a line.
-- Pure. Conjuncts of all Indic scripts, and vowels that Thai and Lao write before their consonant,
-- stay whole, too.

local script = require "googlemeet.unicode.script"
local width = require "googlemeet.unicode.width"

local cluster = {}

cluster.FREE = 1 -- a line may end here
cluster.FORCED = 2 -- inside a word
cluster.LAST = 3 -- between punctuation and what it closes or opens

---@class googlemeet.Pieces
---@field texts string[] the clusters in order; where nothing is known of a script, several are one
---@field wide integer[] columns of each
---@field rank integer[] of the place before each: FREE, FORCED, LAST

local JOINER, WORD_JOINER, ZERO_BLANK, TSHEG = 0x200D, 0x2060, 0x200B, 0xF0B

local function is_flag(code) return code >= 0x1F1E6 and code <= 0x1F1FF end

--- Say whether a letter belongs to what `last` describes.
local function is_same(last, code)
  return last.holds or last.is_joiner and code >= 0x80 or last.is_half_flag and is_flag(code)
end

--- Rank the place between what `last` describes and a letter; nil if there is none.
local function rank_of(last, code, traits)
  if traits & last.traits & script.KNOWN == 0 or is_same(last, code) then
    return nil
  elseif last.opens or traits & script.CLOSES ~= 0 then
    return cluster.LAST
  elseif (traits | last.traits) & script.FREE ~= 0 or last.is_break then
    return cluster.FREE
  end
  return cluster.FORCED
end

--- Say whether a character belongs to the letter before it, whatever that is.
local function is_mark(code, columns, traits, before)
  return traits & script.JOINS ~= 0
    or columns == 0 and (before ~= JOINER or width.added(code, 0, false) == 0)
end

--- Note a character that belongs to the letter before it.
local function note_mark(last, code, traits)
  last.is_linked = last.is_linked or traits & script.LINKS ~= 0
  last.holds = last.is_linked or traits & script.LEADS ~= 0
  last.opens, last.is_half_flag = last.opens or code == WORD_JOINER, false
  last.is_joiner, last.is_break = code == JOINER, code == ZERO_BLANK
end

local function note_letter(last, code, traits)
  last.traits, last.opens, last.is_linked = traits, traits & script.OPENS ~= 0, false
  last.holds, last.is_joiner = traits & script.LEADS ~= 0, false
  last.is_break, last.is_half_flag = code == TSHEG, is_flag(code) and not last.is_half_flag
end

local HAN = script.traits(0x6F22)
local CLOSED = HAN | script.CLOSES

--- Letters that are like Han in all that matters here, by code; found once.
local is_plain = setmetatable({}, { __index = function(known, code)
  local is_one = code < 0x10000 and script.traits(code) == HAN and width.added(code, 0, false) == 2
  if code < 0x10000 then known[code] = is_one end
  return is_one
end })

--- Divide a word.
---@param word string UTF-8 without control characters, as `escape.clean` returns it
---@return googlemeet.Pieces
function cluster.pieces(word)
  local texts, wide, rank, last = {}, {}, {}, {}
  local from, taken, before, is_emoji = 1, 0, 0, false
  for at, code in utf8.codes(word) do
    if is_plain[before] and is_plain[code] then
      texts[#texts + 1], wide[#wide + 1] = word:sub(from, at - 1), taken
      from, taken, before, rank[#texts + 1] = at, 2, code, cluster.FREE
      goto continue
    end
    local columns = width.added(code, before, is_emoji)
    local traits = script.traits(code)
    if at > 1 and is_mark(code, columns, traits, before) then
      note_mark(last, code, traits)
    else
      local place = at > 1 and rank_of(last, code, traits)
      if place then
        texts[#texts + 1], wide[#wide + 1] = word:sub(from, at - 1), taken
        from, taken, rank[#texts + 1] = at, 0, place
      end
      note_letter(last, code, traits)
    end
    taken, before = taken + columns, code
    is_emoji = columns == 2 or columns == 0 and is_emoji
    ::continue::
  end
  texts[#texts + 1], wide[#wide + 1] = word:sub(from), taken
  return { texts = texts, wide = wide, rank = rank }
end

--- Return the byte before the character that makes a text wider than so many columns, and the end
-- of that character, and the columns before it; nil if the text is no wider.
local function end_of(text, most)
  local total, before, is_emoji = 0, 0, false
  for at, code in utf8.codes(text) do
    local columns = width.added(code, before, is_emoji)
    total, before = total + columns, code
    if total > most then return at - 1, at + #utf8.char(code) - 1, total - columns end
    is_emoji = columns == 2 or columns == 0 and is_emoji
  end
  return nil
end

--- Return the bytes and the columns of the first half of a text, if a line may end there by what is
-- beside that place: two letters that are like Han, or one behind punctuation that closes.
---@param text string as for `cluster.pieces`
---@param wide integer columns of all
---@return integer? bytes
---@return integer? columns at most one more than those of the other half
function cluster.half(text, wide)
  local last, _, taken = end_of(text, wide // 2 + 1)
  if not last or last == 0 or not is_plain[utf8.codepoint(text, last + 1)] then return nil end
  local before = utf8.codepoint(text, utf8.offset(text, -1, last + 1))
  if is_plain[before] or script.traits(before) == CLOSED then return last, taken end
  return nil
end

--- Cut a text that is wider than `most` columns, and end it with `…`.
---@param text string as for `cluster.pieces`
---@param most integer columns, 2 or more
---@return string
function cluster.cut(text, most)
  if #text <= most then return text end
  local _, too_far = end_of(text, most)
  if not too_far then return text end
  local pieces, taken, kept = cluster.pieces(text:sub(1, too_far)), 0, 0
  while taken + pieces.wide[kept + 1] < most do
    kept = kept + 1
    taken = taken + pieces.wide[kept]
  end
  local known = table.concat(pieces.texts, "", 1, kept)
  return (known ~= "" and known or text:sub(1, (end_of(text, most - 1)))) .. "…"
end

return cluster
