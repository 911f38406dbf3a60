--- Texts as the index of a search has them, and the words of a query likewise.
-- FTS5 takes a run of letters as one token. A script without blanks has no such words: there each
-- letter becomes a token, and a word is a phrase of them. So it is for Hangul, where particles are
-- attached to words, and for emoji and other signs. Pure.

local cluster = require "googlemeet.unicode.cluster"
local script = require "googlemeet.unicode.script"

local tokens = {}

--- Unit separator, a control: between what would be one token.
local SEPARATOR = "\x1F"

--- How FTS5 is to cut a text: marks belong to their letters (India); emoji are tokens, those that
-- SQLite does not know yet (Cn) as well; signs that choose its shape or skin are not.
tokens.TOKENIZER = [[unicode61 remove_diacritics 2 categories 'L* N* M* Co Cn So' ]]
  .. "separators '\u{FE0E}\u{FE0F}\u{1F3FB}\u{1F3FC}\u{1F3FD}\u{1F3FE}\u{1F3FF}'"

--- Runs of characters among which some are separate tokens: they begin with a sign of Latin-1,
-- or behind U+0800.
local RUNS = "[\xC2\xE0-\xF4][\x80-\xF4]*"

--- Blanks that are not those of ASCII.
local BLANKS = {
  "\u{85}", "\u{A0}", "\u{1680}", "\xE2\x80[\x80-\x8B\xA8\xA9\xAF]", "\u{205F}", "\u{3000}",
}

--- Say whether a letter is a separate token: a sign, Hangul, one of a script without blanks.
local function is_alone(code)
  return code < 0xC0 or code >= 0x2000 and code < 0x2C00 or code >= 0x1100 and code < 0x1200
    or code >= 0xAC00 and code < 0xD800 or not script.has_blanks(code)
end

--- Put separators around each letter of a run that is a separate token.
local function separate(run)
  if not utf8.len(run) then return run end
  local parts = {}
  for _, letter in ipairs(cluster.pieces(run).texts) do
    local alone = is_alone(utf8.codepoint(letter))
    parts[#parts + 1] = alone and SEPARATOR .. letter .. SEPARATOR or letter
  end
  return table.concat(parts)
end

--- Return a text as the index has it.
---@param text string
---@return string
function tokens.split(text)
  return (text:gsub("[\0" .. SEPARATOR .. "]", " "):gsub(RUNS, separate))
end

--- Return a piece of what the index has as it is shown, in one line.
---@param text string
---@return string
function tokens.join(text)
  return (text:gsub(SEPARATOR, ""):gsub("[\0-\x20\x7F]+", " "))
end

--- Return the FTS5 query for texts that have all words. Words are quoted, so that nothing in them
-- is syntax; FTS5 leaves out those without a letter.
---@param words string
---@return string? query nil: there is no word
---@return integer count of different words
function tokens.query(words)
  for _, blank in ipairs(BLANKS) do words = words:gsub(blank, " ") end
  local phrases, seen = {}, {}
  for word in words:gmatch "[^\0-\x20\x7F]+" do
    if not seen[word] then
      seen[word] = true
      phrases[#phrases + 1] = '"' .. tokens.split(word):gsub('"', '""') .. '"'
    end
  end
  return phrases[1] and table.concat(phrases, " "), #phrases
end

return tokens
