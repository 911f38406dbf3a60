local cluster = require "googlemeet.unicode.cluster"

--- The pieces of a word, with "|" where a line may end, "/" inside a word, "!" at punctuation.
local function marked(word)
  local pieces, parts = cluster.pieces(word), {}
  local marks = { [cluster.FREE] = "|", [cluster.FORCED] = "/", [cluster.LAST] = "!" }
  for index, text in ipairs(pieces.texts) do
    parts[#parts + 1] = (marks[pieces.rank[index]] or "") .. text
  end
  return table.concat(parts)
end

describe("googlemeet.unicode.cluster.pieces", function()
  for _, case in ipairs {
    { "abc", "a/b/c", "letters" }, { "", "", "no letter" },
    { "e\u{301}e\u{301}\u{302}x", "e\u{301}/e\u{301}\u{302}/x", "letters with their marks" },
    { "น้ำน้ำ", "น้ำ/น้ำ", "Thai with its SARA AM" }, { "เกมแก", "เก/ม/แก",
      "Thai vowels written first" },
    { "ນ້ຳໄປ", "ນ້ຳ/ໄປ", "Lao" }, { "ក្មក្ម", "ក្ម/ក្ម", "Khmer with a subscript" },
    { "မြန်မာ", "မြ/န်/မာ", "Burmese" }, { "သတ္တိ", "သ/တ္တိ", "stacked Burmese" },
    { "🕕\u{200D}\u{200D}\u{200C}x", "🕕\u{200D}\u{200D}\u{200C}/x", "joiners without an end" },
    { "काका", "का/का", "vowel signs of Devanagari" }, { "क्षक", "क्ष/क", "a conjunct" },
    { "क्\u{200D}षक", "क्\u{200D}ष/क", "a conjunct with a joiner" },
    { "காகா", "கா/கா", "Tamil" }, { "കൊൎക", "കൊ/ൎക", "Malayalam" }, { "කොක", "කො/ක", "Sinhala" },
    { "🇸🇪🇳🇴x", "🇸🇪/🇳🇴/x", "flags" }, { "x🇸🇪🇳", "x/🇸🇪/🇳", "half a flag" },
    { "🇸\u{301}🇪🇳x", "🇸\u{301}/🇪🇳/x", "half a flag with a mark" },
    { "👩\u{200D}👧👍🏽", "👩\u{200D}👧/👍🏽", "families and skin tones" },
    { "❤\u{FE0F}\u{200D}🔥1\u{FE0F}\u{20E3}2", "❤\u{FE0F}\u{200D}🔥/1\u{FE0F}\u{20E3}/2",
      "variants and keycaps" },
    { "🏴\u{E0067}\u{E0062}\u{E007F}x", "🏴\u{E0067}\u{E0062}\u{E007F}/x", "tags" },
    { "\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}", "\u{1112}\u{1161}\u{11AB}/\u{1100}\u{116E}",
      "Hangul jamo" },
    { "각\u{11A8}한", "각\u{11A8}/한", "a syllable with a jamo" }, { "가\u{D7B0}나", "가\u{D7B0}/나",
      "extended jamo" },
    { "ｶﾞｷ", "ｶﾞ|ｷ", "half-width Kana" }, { "か\u{3099}き", "か\u{3099}|き", "a voiced Kana" },
    { "日本語", "日|本|語", "Han" }, { "いい。「は", "い|い!。|「!は", "punctuation" },
    { "a山b", "a|山|b", "Han among Latin" }, { "f(x).", "f/(!x!)!.", "punctuation of Latin" },
    { "\u{600}12", "\u{600}1/2", "an Arabic number sign" },
    { "a\u{2060}b", "a\u{2060}!b", "a word joiner" }, { "ก\u{200B}ข", "ก\u{200B}|ข",
      "a blank of no width" },
    { "\u{A98F}\u{A9C0}\u{A98F}a", "\u{A98F}\u{A9C0}\u{A98F}a", "a script without data" },
  } do
    it("keeps " .. case[3], function() assert.equal(case[2], marked(case[1])) end)
  end

  it("counts the columns of each", function()
    assert.same({ 1, 2, 2, 2 }, cluster.pieces("e\u{301}山👩\u{200D}👧🇸🇪").wide)
  end)
end)

describe("googlemeet.unicode.cluster.cut", function()
  for _, case in ipairs {
    { "abcdef", 5, "abcd…" }, { "abcde", 5, "abcde" }, { "山田太郎", 5, "山田…" },
    { "กำกำกำ", 4, "กำ…" }, { "🇸🇪🇳🇴🇫🇮", 4, "🇸🇪…" }, { "e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…" },
    { ("\u{1B13}"):rep(9), 5, ("\u{1B13}"):rep(4) .. "…" },
  } do
    it(("ends %s with … if it is wider than %d columns"):format(case[1], case[2]), function()
      assert.equal(case[3], cluster.cut(case[1], case[2]))
    end)
  end
end)
