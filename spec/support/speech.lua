--- Random texts of the nasty kind, each with what captions have to show of it.

local speech = {}

--- Raw, and as captions show it, where that is another.
speech.PIECES = {
  { "word" }, { "Ärger" }, { "a,b;c" }, { '"quoted"' }, { "it's" }, { "=1+1" }, { "-->" },
  { "00:00:01.000" }, { "00:00:01.000 --> 00:00:02.000", "00:00:01.000-->00:00:02.000" },
  { "----->" }, { "->" }, { "--" }, { "12" }, { "NOTE" }, { "WEBVTT" }, { "STYLE" }, { "\n", "" },
  { "\n\n\n", "" }, { "\r\n", "" }, { "\r", "" }, { "\t", "" }, { "\v\f", "" }, { "\u{85}", "" },
  { "\u{2028}", "" }, { "\u{A0}", "" }, { "\u{200B}", "" }, { "\0", "\u{FFFD}" },
  { "\27[31m", "\u{FFFD}[31m" }, { "\7", "\u{FFFD}" }, { "\127", "\u{FFFD}" },
  { "\255", "\u{FFFD}" }, { "\xE2\x82", "\u{FFFD}\u{FFFD}" },
  { "\xED\xA0\x80", "\u{FFFD}\u{FFFD}\u{FFFD}" }, { "🎉" },
  { "👩\u{200D}👧" }, { "👍🏽" },
  { "山田花子" }, { "שלום\u{200F}" }, { "\u{202E}evil\u{202C}", "evil" }, { "<b>bold</b>" },
  { "<i" }, { "a < b", "a<b" }, { "< b >", "<b>" }, { "<3" }, { "<_x>" }, { "<" }, { ">" },
  { "<v Bo>", "<vBo>" }, { "</v>" }, { "<00:00:01.000>" }, { "<c.red>" }, { "&" }, { "&amp;" },
  { "&lt;b&gt;" }, { "&#60;" }, { "{\\an8}" }, { "{y:i}" }, { "{" }, { "}" }, { "C:\\New\\hosts" },
  { "\\n" }, { "\\" }, { ("long"):rep(60) }, { ("🎉"):rep(50) }, { ("e\u{301}"):rep(50) },
}

--- A text of up to so many pieces.
---@return { raw: string, shown: string } the second without any blank
function speech.text(most)
  local raw, shown = {}, {}
  for index = 1, math.random(0, most) do
    local piece = speech.PIECES[math.random(#speech.PIECES)]
    raw[index], shown[index] = piece[1], piece[2] or piece[1]
  end
  return { raw = table.concat(raw, " "), shown = table.concat(shown) }
end

--- Entries one after the other, some without an end; `expected` is what captions show of each that
-- has a text, without blanks.
---@return table[] entries
---@return { text: string, speaker: string }[] expected
function speech.entries(count)
  local entries, expected = {}, {}
  for index = 1, count do
    local text, name = speech.text(8), speech.text(2)
    if name.shown == "" then name = { raw = "Ada", shown = "Ada" } end
    entries[index] = {
      speaker = name.raw, text = text.raw,
      start_time = ("2026-11-22T10:%02d:00Z"):format(index),
      end_time = math.random(4) > 1
        and ("2026-11-22T10:%02d:%02dZ"):format(index, math.random(0, 59)) or nil,
    }
    if text.shown ~= "" then
      expected[#expected + 1] = { text = text.shown, speaker = name.shown }
    end
  end
  return entries, expected
end

--- Scripts, and what words in them are made of: letters that may not be cut, marks, jamo, flags.
-- Thai to Burmese, Han and Kana have no blanks.
speech.SCRIPTS = {
  { name = "Latin", longest = 12,
    letters = "a b c é ü e\u{301} o\u{308} 🇸🇪 " ..
      "👩\u{200D}👧\u{200D}👦 👍🏽 ❤\u{FE0F} 1\u{FE0F}\u{20E3} . , ! ( )" },
  { name = "Japanese", longest = 60,
    letters = "今 日 は 天 気 が い い 。 、 「 」 ー っ か\u{3099} ｶﾞ 10 A ？ ！ … 葛\u{E0100}" },
  { name = "Thai", longest = 50, letters = "น้ำ เก มี ก็ ที่ ไป ฯ ๆ ก ข รู้ แม่ โต๊ะ" },
  { name = "Lao", longest = 50, letters = "ນ້ຳ ເກ ມີ ກໍ່ ໄປ ໆ ກ ຂ ຮູ້ ແມ່" },
  { name = "Khmer", longest = 50, letters = "ក្ម ស្ត្រី ក ខ្ញុំ ។ ៗ កោះ ទៅ ព្រះ" },
  { name = "Burmese", longest = 50, letters = "မြ န် မာ သတ္တ င်္ဂ ၊ ။ ကျေး ဇူး တို့" },
  { name = "Devanagari", longest = 40,
    letters = "का क्ष त्र्य नि हि न्दी में क्\u{200D}ष । கா க்ஷ ரு স্ত্রী ක්\u{200D}ර" },
  { name = "Hangul", longest = 40,
    letters = "한 국 어 \u{1112}\u{1161}\u{11AB} \u{1100}\u{116E} 각\u{11A8} 가\u{D7B0} . ," },
}

--- A sentence of words that are longer than a line at times.
local function sentence_in(script)
  local letters, words = {}, {}
  for letter in script.letters:gmatch "%S+" do letters[#letters + 1] = letter end
  for index = 1, math.random(1, 6) do
    local word = {}
    for place = 1, math.random(script.longest) do word[place] = letters[math.random(#letters)] end
    words[index] = table.concat(word)
  end
  if math.random(4) == 1 then
    local nasty = speech.PIECES[math.random(#speech.PIECES)]
    if not nasty[2] then words[#words + 1] = nasty[1] end -- nothing that is cleaned away
  end
  return table.concat(words, " ")
end

--- A transcript's entries as the server has them, in order, none over another; and names.
---@param script table one of `speech.SCRIPTS`
---@return googlemeet.TranscriptEntry[] entries
---@return table<string, string> names by participant
function speech.transcript(script)
  local entries, at = {}, 0
  for index = 1, math.random(8) do
    local length, from = math.random(200, 9000), at + math.random(0, 12000)
    at = from + length
    local function time_of(ms) return ("2026-11-22T10:%02d:%02d.%03dZ"):format(ms // 60000,
      ms // 1000 % 60, ms % 1000) end
    entries[index] = {
      participant = "participants/" .. math.random(2), text = sentence_in(script),
      startTime = time_of(from), endTime = time_of(at),
    }
  end
  return entries, { ["participants/1"] = "Ada", ["participants/2"] = "山田 <b>" }
end

--- A text without any blank, also of those that are never seen.
function speech.solid(text)
  return (text:gsub("%s", ""):gsub("\u{A0}", ""):gsub("\u{200B}", ""):gsub("\u{3000}", ""))
end

return speech
