--- Random texts of the nasty kind, each with what captions have to show of it.

local speech = {}

--- Raw; as WebVTT shows it; as SRT shows it, where that is another.
speech.PIECES = {
  { "word", "word" }, { "Ärger", "Ärger" }, { "a,b;c", "a,b;c" }, { '"quoted"', '"quoted"' },
  { "it's", "it's" }, { "=1+1", "=1+1" }, { "-->", "-->", "→" }, { "00:00:01.000", "00:00:01.000" },
  { "00:00:01.000 --> 00:00:02.000", "00:00:01.000-->00:00:02.000", "00:00:01.000→00:00:02.000" },
  { "----->", "----->", "→" }, { "->", "->" }, { "--", "--" }, { "12", "12" }, { "NOTE", "NOTE" },
  { "WEBVTT", "WEBVTT" }, { "STYLE", "STYLE" }, { "\n", "" }, { "\n\n\n", "" }, { "\r\n", "" },
  { "\r", "" }, { "\t", "" }, { "\v\f", "" }, { "\u{85}", "" }, { "\u{2028}", "" },
  { "\u{A0}", "" }, { "\u{200B}", "" }, { "\0", "\u{FFFD}" }, { "\27[31m", "\u{FFFD}[31m" },
  { "\7", "\u{FFFD}" }, { "\127", "\u{FFFD}" }, { "\255", "\u{FFFD}" },
  { "\xE2\x82", "\u{FFFD}\u{FFFD}" }, { "\xED\xA0\x80", "\u{FFFD}\u{FFFD}\u{FFFD}" },
  { "🎉", "🎉" }, { "👩\u{200D}👧", "👩\u{200D}👧" }, { "👍🏽", "👍🏽" }, { "山田花子", "山田花子" },
  { "שלום\u{200F}", "שלום\u{200F}" }, { "\u{202E}evil\u{202C}", "evil" },
  { "<b>bold</b>", "<b>bold</b>", "‹b›bold‹/b›" }, { "<i", "<i", "‹i" }, { "a < b", "a<b" },
  { "<", "<" }, { ">", ">" }, { "<v Bo>", "<vBo>", "‹vBo›" }, { "</v>", "</v>", "‹/v›" },
  { "<00:00:01.000>", "<00:00:01.000>" }, { "<c.red>", "<c.red>", "‹c.red›" }, { "&", "&" },
  { "&amp;", "&amp;" }, { "&lt;b&gt;", "&lt;b&gt;" }, { "&#60;", "&#60;" },
  { "{\\an8}", "{\\an8}", "(\\an8)" }, { "{y:i}", "{y:i}", "(y:i)" },
  { ("long"):rep(60), ("long"):rep(60) }, { ("🎉"):rep(50), ("🎉"):rep(50) },
  { ("e\u{301}"):rep(50), ("e\u{301}"):rep(50) },
}

--- A text of up to so many pieces.
---@return { raw: string, vtt: string, srt: string } the last two without any blank
function speech.text(most)
  local raw, vtt, srt = {}, {}, {}
  for index = 1, math.random(0, most) do
    local piece = speech.PIECES[math.random(#speech.PIECES)]
    raw[index], vtt[index], srt[index] = piece[1], piece[2], piece[3] or piece[2]
  end
  return {
    raw = table.concat(raw, " "), vtt = table.concat(vtt), srt = table.concat(srt),
  }
end

--- Entries one after the other, some without an end; `expected` is what captions show of each that
-- has a text, without blanks.
---@return table[] entries
---@return { vtt: string, srt: string }[] expected
function speech.entries(count)
  local entries, expected = {}, {}
  for index = 1, count do
    local text, name = speech.text(8), speech.text(2)
    if name.vtt == "" then name = { raw = "Ada", vtt = "Ada", srt = "Ada" } end
    entries[index] = {
      speaker = name.raw, text = text.raw,
      start_time = ("2026-11-22T10:%02d:00Z"):format(index),
      end_time = math.random(4) > 1
        and ("2026-11-22T10:%02d:%02dZ"):format(index, math.random(0, 59)) or nil,
    }
    if text.vtt ~= "" then
      expected[#expected + 1] = {
        vtt = text.vtt, srt = name.srt .. ":" .. text.srt, speaker = name.vtt,
      }
    end
  end
  return entries, expected
end

--- A text without any blank, also of those that are never seen.
function speech.solid(text)
  return (text:gsub("%s", ""):gsub("\u{A0}", ""):gsub("\u{200B}", ""))
end

return speech
