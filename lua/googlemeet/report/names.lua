--- Names of people: how they are compared, and what is shown where there is none.
-- Pure.

local decomposition = require "googlemeet.unicode.decomposition"
local escape = require "googlemeet.report.escape"

local names = {}

--- Blanks, those of other scripts and fonts included, as first, last, first, last …
local BLANK = {
  0x9, 0xD, 0x20, 0x20, 0x85, 0x85, 0xA0, 0xA0, 0x115F, 0x1160, 0x1680, 0x1680, 0x2000, 0x200A,
  0x2028, 0x2029, 0x202F, 0x202F, 0x205F, 0x205F, 0x2800, 0x2800, 0x3000, 0x3000, 0x3164, 0x3164,
  0xFFA0, 0xFFA0,
}

--- Characters that cannot be seen: joiners, signs of direction, variants of a letter. Controls are
-- not among them, for they are shown as U+FFFD.
local UNSEEN = {
  0xAD, 0xAD, 0x34F, 0x34F, 0x61C, 0x61C, 0x17B4, 0x17B5, 0x180B, 0x180F, 0x200B, 0x200F,
  0x202A, 0x202E, 0x2060, 0x206F, 0xFE00, 0xFE0F, 0xFEFF, 0xFEFF, 0xFFF9, 0xFFFB,
}

local TAGS = "\xF3\xA0[\x80-\xBF][\x80-\xBF]" -- U+E0000 to U+E0FFF, invisible, too

--- Bytes that begin no blank and nothing unseen: most letters are found by them at once.
local LETTERS, KANA = "[!-~\xC3-\xCC\xCE-\xD7\xD9-\xE0\xE4-\xEE]", "\xE3[\x81-\x83]"

--- By character: "" or " ".
local INSTEAD = {}
for text, ranges in pairs { [" "] = BLANK, [""] = UNSEEN } do
  for index = 1, #ranges, 2 do
    for code = ranges[index], ranges[index + 1] do INSTEAD[utf8.char(code)] = text end
  end
end

--- Capitals of Latin, Greek and Cyrillic without marks: first, last, distance to the small letter.
local CAPITALS = {
  0x41, 0x5A, 32, 0xC6, 0xC6, 32, 0xD0, 0xD0, 32, 0xD8, 0xD8, 32, 0xDE, 0xDE, 32, 0x110, 0x110, 1,
  0x126, 0x126, 1, 0x132, 0x132, 1, 0x13F, 0x13F, 1, 0x141, 0x141, 1, 0x14A, 0x14A, 1,
  0x152, 0x152, 1, 0x166, 0x166, 1, 0x18F, 0x18F, 202, 0x391, 0x3A9, 32, 0x400, 0x40F, 80,
  0x410, 0x42F, 32, 0x490, 0x490, 1, 0x4D8, 0x4D8, 1, 0x4E8, 0x4E8, 1,
}

--- What a code is compared as: apostrophes and hyphens of all kinds, the sigma that ends a word,
-- capitals, wide letters. For capitals of ASCII also by letter.
local PLAIN = {
  [0x2BC] = 0x27, [0x2018] = 0x27, [0x2019] = 0x27, [0x2010] = 0x2D, [0x2011] = 0x2D,
  [0x3C2] = 0x3C3,
}
for index = 1, #CAPITALS, 3 do
  local first, last, distance = table.unpack(CAPITALS, index, index + 2)
  for code = first, last do PLAIN[code] = code + distance end
end
for code = 0x21, 0x7E do PLAIN[code + 0xFEE0] = PLAIN[code] or code end
for code = 0x41, 0x5A do PLAIN[string.char(code)] = string.char(code + 32) end

--- Return the form in which names are compared: equal for names that readers see as the same.
-- Blanks at the ends and invisible characters are removed, any run of blanks is one; letters and
-- their marks are taken apart (see `unicode.decomposition`); letters of Latin, Greek and Cyrillic
-- are small, wide ones narrow; apostrophes and hyphens are those of ASCII.
---@param text string
---@return string # "" when no character is visible
function names.fold(text)
  if text:find "[\0-\31\127-\255]" then
    local codes = {}
    text = escape.mend(text):gsub(utf8.charpattern, INSTEAD):gsub(TAGS, "")
    for _, code in utf8.codes(text) do codes[#codes + 1] = code end
    local parts = decomposition.of(codes)
    for index, code in ipairs(parts) do parts[index] = utf8.char(PLAIN[code] or code) end
    text = table.concat(parts)
  end
  return (text:gsub("[A-Z]", PLAIN):gsub(" +", " "):gsub("^ ", ""):gsub(" $", ""))
end

--- Say whether a name, or any other text, has no visible character.
---@param text string
---@return boolean
function names.is_blank(text)
  if text:find(LETTERS) or text:find(KANA) then return false end
  for character in escape.mend(text):gmatch(utf8.charpattern) do
    if not INSTEAD[character] and not character:find(TAGS) then return false end
  end
  return true
end

--- Return a name as it is shown: "(no name)" when it has no visible character.
---@param text? string
---@return string
function names.shown(text)
  if text == nil or names.is_blank(text) then return "(no name)" end
  return text
end

return names
