--- Texts as the index of a search has them, and the words of a query likewise.
-- FTS5 takes a run of letters as one token. A script without blanks has no such words: there each
-- letter becomes a token, and a word is a phrase of them. So it is for Hangul, where particles are
-- attached to words, and for emoji. Pure; requires nothing.

local tokens = {}

--- Unit separator, a control: between what would be one token.
local SEPARATOR = "\x1F"

--- How FTS5 is to cut a text: marks belong to their letters (India); emoji are tokens, those that
-- SQLite does not know yet (Cn) as well; signs that choose the look of an emoji are none.
tokens.TOKENIZER = [[unicode61 remove_diacritics 2 categories 'L* N* M* Co Cn So' ]]
  .. "separators '\u{FE0E}\u{FE0F}'"

--- Bytes of characters that are tokens of their own: signs of Latin-1; Thai and Lao; Myanmar, jamo,
-- Khmer, Tai, Balinese; all that follows from U+2000: symbols, East Asia, emoji.
local ALONE = {
  "\xC2[\x80-\xBF]", "\xE0[\xB8-\xBB][\x80-\xBF]",
  "\xE1[\x80-\x82\x84-\x87\x9E\x9F\xA5-\xAA\xAC\xAD][\x80-\xBF]", "[\xE2-\xF4][\x80-\xBF]+",
}

--- Points and vowel signs of Hebrew and Arabic, which are mostly left out in writing.
local POINTS = {
  "\xD6[\x91-\xBD\xBF]", "\xD7[\x81\x82\x84\x85\x87]", "\xD9[\x8B-\x9F\xB0]",
}

--- Letters and marks that writers leave out, which FTS5 only ignores where they stand apart.
local APART = {}
for letters, mark in pairs {
  ["ёеЁЕϊιϋυΪΙΫΥ"] = "\u{308}",
  ["άαέεήηίιόούυώωΆΑΈΕΉΗΊΙΌΟΎΥΏΩ"] = "\u{301}",
} do
  for whole, letter in letters:gmatch "(..)(..)" do APART[whole] = letter .. mark end
end

local WHOLE = {}
for whole, apart in pairs(APART) do WHOLE[apart] = whole end

--- Blanks that are not those of ASCII.
local BLANKS = {
  "\u{85}", "\u{A0}", "\u{1680}", "\xE2\x80[\x80-\x8B\xA8\xA9\xAF]", "\u{205F}", "\u{3000}",
}

--- Return a text as the index has it.
---@param text string
---@return string
function tokens.split(text)
  if not text:find "[\x80-\xFF]" then return text end
  for _, points in ipairs(POINTS) do text = text:gsub(points, "") end
  text = text:gsub("[\xCE-\xD1][\x80-\xBF]", APART)
  for _, characters in ipairs(ALONE) do
    text = text:gsub(characters, SEPARATOR .. "%0" .. SEPARATOR)
  end
  return text
end

--- Return a piece of what the index has as it is shown, in one line.
---@param text string
---@return string
function tokens.join(text)
  return (text:gsub(SEPARATOR, ""):gsub("[\xCE-\xD1][\x80-\xBF]\xCC[\x81\x88]", WHOLE)
    :gsub("[\0-\x20\x7F]+", " "))
end

--- Return the FTS5 query for texts that have all words. Words are quoted, so that nothing in them
-- is syntax; FTS5 leaves out those without a letter.
---@param words string
---@return string? query nil: there is no word
function tokens.query(words)
  for _, blank in ipairs(BLANKS) do words = words:gsub(blank, " ") end
  local phrases, seen = {}, {}
  for word in words:gmatch "[^\0-\x20\x7F]+" do
    if not seen[word] then
      seen[word] = true
      phrases[#phrases + 1] = '"' .. tokens.split(word):gsub('"', '""') .. '"'
    end
  end
  if #phrases > 0 then return table.concat(phrases, " ") end
end

return tokens
