--- Scripts: which have no blanks between words, and where a word may be cut.
-- Pure. Ranges are from the Unicode Character Database 17.0, as first, last, first, last …

local ranges = require "googlemeet.unicode.ranges"

local script = {}

--- Scripts that part neither words nor sentences by blanks. Hangul does.
local SPACELESS = {
  0xE01, 0xE3A, 0xE40, 0xEFF, -- Thai, Lao
  0x1000, 0x109F, 0x1780, 0x17FF, 0x1950, 0x19FF, -- Myanmar, Khmer, Tai Le, New Tai Lue
  0x1A20, 0x1AAF, 0x1B00, 0x1B7F, -- Tai Tham, Balinese
  0x2E80, 0x2FDF, 0x3005, 0x3007, 0x3031, 0x3035, 0x3041, 0x312F, 0x31A0, 0x31FF, -- Kana, Bopomofo
  0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0xA000, 0xA4CF, -- Han, Yi
  0xA980, 0xA9FF, 0xAA00, 0xAADF, -- Javanese, Myanmar, Cham, Tai Viet
  0xF900, 0xFAFF, 0xFF66, 0xFF9F, 0x1B000, 0x1B16F, 0x20000, 0x3FFFF,
}

--- What is no letter: digits, punctuation and symbols that several scripts share.
local SHARED = {
  0x00, 0x40, 0x5B, 0x60, 0x7B, 0xA9, 0xAB, 0xB4, 0xB6, 0xB9, 0xBB, 0xBF, 0xD7, 0xD7, 0xF7, 0xF7,
  0x2000, 0x206F, 0x20A0, 0x20CF, 0x2190, 0x2BFF, 0x2E00, 0x2E7F, 0x3000, 0x3004, 0x3008, 0x3030,
  0x303D, 0x303F, 0xFE00, 0xFE6F, 0xFEFF, 0xFEFF, 0xFF00, 0xFF20, 0xFF3B, 0xFF40, 0xFF5B, 0xFF65,
  0xFFE0, 0xFFFD, 0x1F000, 0x1FAFF, 0xE0000, 0xE0FFF,
}

--- Punctuation of East Asia, which is as wide as a letter and a blank.
local FULL_STOPS = { 0x3001, 0x3002, 0x3008, 0x3011, 0x3014, 0x301F, 0xFF01, 0xFF0F, 0xFF1A, 0xFF1F,
  0xFF3B, 0xFF3D, 0xFF5B, 0xFF64 }

--- Say whether a letter's script has blanks between words; nil for what is no letter.
---@param code integer
---@return boolean?
function script.has_blanks(code)
  if code < 0x80 then
    return (code >= 0x41 and code <= 0x5A or code >= 0x61 and code <= 0x7A) or nil
  elseif ranges.hold(SHARED, code) then
    return nil
  end
  return not ranges.hold(SPACELESS, code)
end

--- Say whether a character is punctuation that brings its own blank.
---@param code integer
---@return boolean
function script.is_full_stop(code)
  return code >= 0x3001 and ranges.hold(FULL_STOPS, code)
end

--- Scripts in which a line may end between any two letters.
local FREE = {
  0x2E80, 0x312F, 0x3190, 0x4DBF, 0x4E00, 0xA4CF, 0xF900, 0xFAFF, 0xFE30, 0xFE4F, 0xFF01, 0xFF9F,
  0xFFE0, 0xFFE6, 0x1B000, 0x1B16F, 0x1F200, 0x1F2FF, 0x20000, 0x3FFFF,
}

--- Scripts of which everything below is known, so that a word that is wider than a line may be cut.
local KNOWN = {
  0x21, 0x6FF, 0x750, 0x77F, 0x900, 0x10FF, 0x1100, 0x11FF, 0x1200, 0x139F, -- Latin … Ethiopic
  0x1780, 0x17FF, 0x1E00, 0x1FFF, 0x2000, 0x2BFF, 0x2C60, 0x2C7F, -- Khmer, Latin, Greek, symbols
  0x2E00, 0xA4CF, 0xA640, 0xA69F, 0xA720, 0xA7FF, 0xA8E0, 0xA8FF, 0xA960, 0xA97F, -- East Asia …
  0xA9E0, 0xA9FF, 0xAA60, 0xAA7F, 0xAB30, 0xAB6F, 0xAC00, 0xD7FF, -- Myanmar, Latin, Hangul
  0xF900, 0xFFFD, 0x1B000, 0x1B16F, 0x1F000, 0x1FAFF, 0x20000, 0x3FFFF, 0xE0000, 0xE01EF,
}

--- Marks with a width, vowel signs behind their letter, Hangul jamo and skin tones: what belongs to
-- the letter before it, beside the characters of no width.
local JOINED = {
  0x903, 0x903, 0x93B, 0x93B, 0x93E, 0x940, 0x949, 0x94C, 0x94E, 0x94F, 0x982, 0x983, 0x9BE, 0x9C0,
  0x9C7, 0x9CC, 0x9D7, 0x9D7, 0xA03, 0xA03, 0xA3E, 0xA40, 0xA83, 0xA83, 0xABE, 0xAC0, 0xAC9, 0xACC,
  0xB02, 0xB03, 0xB3E, 0xB40, 0xB47, 0xB4C, 0xB57, 0xB57, 0xBBE, 0xBCC, 0xBD7, 0xBD7, 0xC01, 0xC03,
  0xC41, 0xC44, 0xC82, 0xC83, 0xCBE, 0xCCB, 0xCD5, 0xCD6, 0xCF3, 0xCF3, 0xD02, 0xD03, 0xD3E, 0xD4C,
  0xD57, 0xD57, 0xD82, 0xD83, 0xDCF, 0xDDF, 0xDF2, 0xDF3, 0xE33, 0xE33, 0xEB3, 0xEB3, 0xF3E, 0xF3F,
  0xF7F, 0xF7F, 0x102B, 0x103E, 0x1056, 0x1059, 0x1062, 0x1064, 0x1067, 0x106D, 0x1083, 0x108D,
  0x108F, 0x108F, 0x109A, 0x109D, 0x135D, 0x135F, 0x17B6, 0x17D3, 0x302E, 0x302F, 0xA66F, 0xA67D,
  0xA69E, 0xA69F, 0xA8E0, 0xA8F1, 0xA8FF, 0xA8FF, 0xA9E5, 0xA9E5, 0xAA7B, 0xAA7D, 0xD7B0, 0xD7FF,
  0xFF9E, 0xFF9F, 0x1F3FB, 0x1F3FF,
}

--- What belongs to the letter behind it: Arabic number signs, the dotted reph of Malayalam, vowels
-- of Thai and Lao that are written before their consonant, leading jamo.
local LEADING = {
  0x600, 0x605, 0x6DD, 0x6DD, 0xD4E, 0xD4E, 0xE40, 0xE44, 0xEC0, 0xEC4, 0x1100, 0x115F,
  0xA960, 0xA97C,
}

--- Signs that join two consonants to one: viramas of India, halanta, the stackers of Burmese and
-- Khmer.
local LINKERS = {
  0x94D, 0x94D, 0x9CD, 0x9CD, 0xA4D, 0xA4D, 0xACD, 0xACD, 0xB4D, 0xB4D, 0xBCD, 0xBCD, 0xC4D, 0xC4D,
  0xCCD, 0xCCD, 0xD3B, 0xD3C, 0xD4D, 0xD4D, 0xDCA, 0xDCA, 0xF84, 0xF84, 0x1039, 0x1039,
  0x17D2, 0x17D2,
}

local function set_of(...)
  local set = {}
  for _, text in ipairs { ... } do
    for _, code in utf8.codes(text) do set[code] = true end
  end
  return set
end

--- What no line begins with: it closes what stands before it, repeats or lengthens it.
local CLOSERS = set_of("!%),.:;?]}\"'\u{A0}»’”›…‥‼⁇⁈⁉❵、。〃々〉》」』】〕〗〙〛〞〟〻゛゜ゝゞ・ーヽヾ",
  "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ",
  "！％），．：；？］｝｠｡｣､･ｧｨｩｪｫｬｭｮｯｰ¢°′″℃\u{3000}\u{2007}\u{202F}",
  "،؛؟۔।॥ฯๆ๚๛ຯໆ་༌།༎༏༐༑༔၊။။៖។៕៘៙៚ៗ")

--- What no line ends with: it opens what stands behind it, or forbids a break.
local OPENERS = set_of("([{\"'\u{A0}«‘“‹„‚¿¡❴〈《「『【〔〖〘〚〝（［｛｟｢$£¥€\u{2007}\u{202F}\u{2060}")

script.JOINS = 1 -- it belongs to the letter before it, and has a width
script.LEADS = 2 -- it belongs to the letter behind it
script.LINKS = 4 -- it joins the letter before it to the one behind it
script.CLOSES = 8 -- it begins no line
script.OPENS = 16 -- it ends no line
script.KNOWN = 32 -- words of its script may be cut if they are wider than a line
script.FREE = 64 -- and anywhere else

local TABLES = {
  [script.JOINS] = JOINED, [script.LEADS] = LEADING, [script.LINKS] = LINKERS,
  [script.KNOWN] = KNOWN, [script.FREE] = FREE,
}

local function search(code)
  local traits = (CLOSERS[code] and script.CLOSES or 0) | (OPENERS[code] and script.OPENS or 0)
  for trait, list in pairs(TABLES) do
    if ranges.hold(list, code) then traits = traits | trait end
  end
  return traits
end

--- What was found once, of the characters that texts are made of.
local found = {}

--- Return the traits of a character, added up.
---@param code integer
---@return integer
function script.traits(code)
  local traits = found[code]
  if not traits then
    traits = search(code)
    if code < 0x10000 then found[code] = traits end
  end
  return traits
end

--- Say whether a character begins no line, but may end one.
---@param code integer
---@return boolean
function script.only_closes(code)
  return script.traits(code) & (script.CLOSES | script.OPENS) == script.CLOSES
end

--- Say whether a character ends no line, but may begin one.
---@param code integer
---@return boolean
function script.only_opens(code)
  return script.traits(code) & (script.CLOSES | script.OPENS) == script.OPENS
end

return script
