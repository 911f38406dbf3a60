local locale = require "spec.support.locale"
local width = require "googlemeet.unicode.width"
local wrap = require "googlemeet.report.wrap"

describe("googlemeet.report.wrap.lines", function()
  for _, case in ipairs {
    { "one two three", 7, { "one two", "three" }, "breaks between words" },
    { "one two", 6, { "one", "two" }, "breaks where one column is missing" },
    { "", 20, {}, "gives nothing for an empty text" },
    { "\u{A0} \u{200B}\u{3000}", 20, {}, "gives nothing for blanks of all kinds" },
    { "a \u{A0}\u{A0} b", 1, { "a", "b" }, "leaves no line blank" },
    { "ab" .. ("\u{3000}"):rep(5) .. "c d", 4, { "ab c", "d" },
      "takes blanks that fit on no line for one" },
    { "　今日は", 20, { "今日は" }, "begins no line with a blank" },
    { "abcdefgh", 3, { "abc", "def", "gh" }, "cuts a word that is too wide" },
    { "x abcdef gh", 5, { "x", "abcde", "f gh" }, "goes on behind the rest of it" },
    { "山田花子", 5, { "山田", "花子" }, "counts East Asian letters as two" },
    { "山田", 1, { "山", "田" }, "lets a letter be wider than the line" },
    { "e\u{301}e\u{301}e\u{301}", 2, { "e\u{301}e\u{301}", "e\u{301}" }, "keeps marks" },
    { "山\u{301}子", 1, { "山\u{301}", "子" }, "keeps the mark of a letter wider than the line" },
    { "👍🏽👍🏽", 2, { "👍🏽", "👍🏽" }, "keeps the colour of a skin" },
    { "👩\u{200D}👧👩\u{200D}👧", 2, { "👩\u{200D}👧", "👩\u{200D}👧" },
      "keeps joined emoji" },
    { "今日は天気がいい。明日も。", 16, { "今日は天気がい", "い。明日も。" },
      "begins no line with a full stop" },
    { "天気「がいい」", 6, { "天気", "「がい", "い」" }, "ends no line with an opening quote" },
    { "ちょっとスーッと", 10, { "ちょっと", "スーッと" }, "begins none with a small kana" },
    { "今日も明日もwarmです", 7, { "今日も", "明日も", "warmで", "す" }, "cuts no word beside Kana" },
    { "Ada: 今日は天気が", 11, { "Ada: 今日は", "天気が" }, "fills a line with Han and Kana" },
    { "한국어 문장은", 8, { "한국어", "문장은" }, "breaks Hangul at its blanks" },
    { ("x"):rep(20) .. ".", 20, { ("x"):rep(19), "x." }, "keeps the full stop of a word it cuts" },
    { "Bonjour les amis !", 16, { "Bonjour les", "amis !" },
      "keeps the blank of French with its mark" },
    { "il dit « oui »", 9, { "il dit", "« oui »" }, "keeps French quotes with their words" },
    { "ไทย\u{200B}ภาษา", 5, { "ไทย\u{200B}", "ภาษา" }, "breaks at a blank of no width" },
    { "བོད་སྐད་ཡིན", 4, { "བོད་", "སྐད་", "ཡིན" }, "breaks Tibetan between syllables" },
    { ("\u{1B13}\u{1B44}\u{1B13}"):rep(9), 20, { ("\u{1B13}\u{1B44}\u{1B13}"):rep(9) },
      "cuts no word of a script that it does not know" },
    { ("。"):rep(12), 20, { ("。"):rep(10), "。。" }, "cuts what is nothing but full stops" },
  } do
    it(case[4], function() assert.same(case[3], wrap.lines(case[1], case[2])) end)
  end
end)

describe("googlemeet.report.wrap.even_lines", function()
  it("leaves no full stop alone in a line", function()
    local text = ("今日は天気"):rep(4) .. "で。"
    assert.same({ "今日は天気今日は天気今", "日は天気今日は天気で。" }, wrap.even_lines(text, 42))
  end)

  it("leaves no word alone in a line at the end of a long text", function()
    local lines = wrap.even_lines(("aaaa bbbb cccc dddd "):rep(30) .. "e", 20)
    assert.equal(31, #lines)
    assert.equal("dddd e", lines[31])
    assert.equal("aaaa bbbb cccc", lines[30])
  end)

  for _, case in ipairs {
    { "one two", 20, { "one two" }, "leaves a single line alone" },
    { "", 20, {}, "gives nothing for an empty text" },
    { "aaaa bbbb cccc dddd eeee", 20, { "aaaa bbbb cccc", "dddd eeee" },
      "leaves no word alone on the last line" },
    { "aaaaaaaaaaaaaaaaaaa bb", 20, { "aaaaaaaaaaaaaaaaaaa", "bb" },
      "cuts no word for the sake of it" },
    { ("aa "):rep(100), 5, nil, "gives as many lines as there have to be" },
  } do
    it(case[4], function()
      assert.same(case[3] or wrap.lines(case[1], case[2]), wrap.even_lines(case[1], case[2]))
    end)
  end
end)

describe("googlemeet.report.wrap.lines", function()
  it("leaves out what cannot be seen, in one line as in several", function()
    for _, unseen in ipairs {
      "\u{A0}", "\u{34F}", "\u{61C}", "\u{115F}", "\u{1680}", "\u{17B4}", "\u{180B}", "\u{200B}",
      "\u{2800}", "\u{3000}", "\u{3164}", "\u{FE0F}", "\u{FEFF}", "\u{FFA0}", "\u{FFF9}",
      "\u{E0020}",
    } do
      assert.same({ "one two" }, wrap.lines("one " .. unseen .. " two", 40), unseen)
      assert.same({ "one", "two" }, wrap.lines("one " .. unseen .. " two", 4), unseen)
      assert.same({ "( two" }, wrap.lines("( " .. unseen .. " two", 40), unseen)
    end
  end)
end)

describe("googlemeet.report.wrap.lines, whatever the locale of the host", function()
  it("keeps punctuation with what it closes and opens", function()
    if locale.lacks() then return pending(locale.lacks()) end
    assert.equal("il dit|« oui »", locale.run(",", [[
      assert(os.setlocale "odd")
      local wrap = require "googlemeet.report.wrap"
      io.write(table.concat(wrap.lines("il dit « oui »", 9), "|"))]]))
  end)
end)

-- Most texts get their lines without a list of their words. A soft hyphen behind the first letter
-- changes no line, but has the list made.
describe("googlemeet.report.wrap without a list", function()
  local WORDS = {
    Latin = { "a ", "of ", "the ", "word ", "école ", "Straße ", "don't ", "(see ", "it) ", "end. ",
      "yes! ", "so: ", "- ", "! ", "( ", "à ", "x-- " },
    ["Han and Kana"] = { "漢", "字", "日本", "か", "ー", "っ", "、", "。", "「本", "」", "（字", "）",
      "한국 ", "12", "ab " },
  }

  --- A text that is wider than a line and fits on little more than two.
  local function text_of(words, columns)
    local goal, parts, wide = math.random(columns + 1, 2 * columns + 2), {}, 0
    while wide < goal do
      parts[#parts + 1] = words[math.random(#words)]
      wide = wide + width.of(parts[#parts])
    end
    return (table.concat(parts):gsub(" $", ""))
  end

  local seed = 1 -- a gate fails for a change, not for the day
  for script, words in pairs(WORDS) do
    it(("has the lines that a list gives: %s (seed %d)"):format(script, seed), function()
      math.randomseed(seed)
      for _ = 1, 1000 do
        local columns = math.random(20, 44)
        local text = text_of(words, columns)
        local listed = text:gsub("^" .. utf8.charpattern, "%0\u{AD}")
        for _, lines in ipairs { "lines", "even_lines" } do
          local expected = table.concat(wrap[lines](listed, columns), "\n"):gsub("\u{AD}", "")
          assert.equal(expected, table.concat(wrap[lines](text, columns), "\n"), columns)
        end
      end
    end)
  end
end)
