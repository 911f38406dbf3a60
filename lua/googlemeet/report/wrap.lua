--- Wraps text to a width.

local escape = require "googlemeet.report.escape"
local width = require "googlemeet.report.width"

local wrap = {}

--- Blanks that Lua does not treat as white space, and invisible characters.
local UNSEEN = {
  [0xA0] = true, [0xAD] = true, [0x61C] = true, [0x1680] = true, [0x180E] = true, [0x202F] = true,
  [0x205F] = true, [0x2060] = true, [0x3000] = true, [0x3164] = true, [0xFEFF] = true,
}
for code = 0x2000, 0x200F do UNSEEN[code] = true end

--- Say whether a text has no visible character.
---@param text string cleaned
---@return boolean
function wrap.is_blank(text)
  if text:find "[!-~]" then return false end
  for _, code in utf8.codes(text) do
    if code ~= 0x20 and not UNSEEN[code] then return false end
  end
  return true
end

--- Split a word that is wider than a line; a combining mark stays with its letter.
local function pieces_of(word, columns)
  if width.of(word) <= columns then return { word } end
  local pieces, from, taken, before = {}, 1, 0, ""
  for at, code in utf8.codes(word) do
    local letter = utf8.char(code)
    local more = width.of(before .. letter) - width.of(before)
    if more > 0 and taken > 0 and taken + more > columns then
      pieces[#pieces + 1] = word:sub(from, at - 1)
      from, taken = at, 0
    end
    taken, before = taken + more, letter
  end
  pieces[#pieces + 1] = word:sub(from)
  return pieces
end

--- Return the words of a text with their widths: none blank, none wider than a line.
local function words_of(text, columns)
  local words = {}
  for word in escape.clean(text):gmatch "[^ ]+" do
    for _, piece in ipairs(pieces_of(word, columns)) do
      if not wrap.is_blank(piece) then
        words[#words + 1] = { text = piece, wide = width.of(piece) }
      end
    end
  end
  return words
end

local function fill(words, columns)
  local lines, line, taken = {}, nil, 0
  for _, word in ipairs(words) do
    if line and taken + 1 + word.wide <= columns then
      line, taken = line .. " " .. word.text, taken + 1 + word.wide
    else
      lines[#lines + 1] = line
      line, taken = word.text, word.wide
    end
  end
  lines[#lines + 1] = line
  return lines
end

--- Return the lines of a text: cleaned, none of them blank, none wider than `columns` unless a
-- single letter is.
---@param text string
---@param columns integer of a terminal
---@return string[]
function wrap.lines(text, columns)
  return fill(words_of(text, columns), columns)
end

local MANY = 12 -- lines; beyond that, even lengths matter little

--- As `wrap.lines`, with the same number of lines but similar lengths, so that the last line is not
-- one short word.
---@param text string
---@param columns integer
---@return string[]
function wrap.even_lines(text, columns)
  local words = words_of(text, columns)
  local lines = fill(words, columns)
  if #lines < 2 or #lines > MANY then return lines end
  local count, narrow, wide = #lines, columns // 2, columns
  while wide - narrow > 1 do -- `narrow` is too narrow, `wide` is wide enough
    local middle = (narrow + wide) // 2
    local candidate = fill(words, middle)
    if #candidate == count then
      wide, lines = middle, candidate
    else
      narrow = middle
    end
  end
  return lines
end

return wrap
