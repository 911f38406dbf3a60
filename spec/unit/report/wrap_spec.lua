local wrap = require "googlemeet.report.wrap"

describe("googlemeet.report.wrap.lines", function()
  for _, case in ipairs {
    { "one two three", 7, { "one two", "three" }, "breaks between words" },
    { "one two", 6, { "one", "two" }, "breaks where one column is missing" },
    { " one \n\n\t two ", 20, { "one two" }, "takes line ends for blanks" },
    { "", 20, {}, "gives nothing for an empty text" },
    { " \u{A0} \u{200B}\n\u{3000}", 20, {}, "gives nothing for blanks of all kinds" },
    { "a \u{A0}\u{A0} b", 1, { "a", "b" }, "leaves no line blank" },
    { "ab" .. ("\u{3000}"):rep(5) .. "c d", 4, { "ab\u{3000}", "c d" },
      "leaves none blank in a word that is cut either" },
    { "abcdefgh", 3, { "abc", "def", "gh" }, "cuts a word that is too wide" },
    { "x abcdef gh", 5, { "x", "abcde", "f gh" }, "goes on behind the rest of it" },
    { "山田花子", 5, { "山田", "花子" }, "counts East Asian letters as two" },
    { "山田", 1, { "山", "田" }, "lets a letter be wider than the line" },
    { "e\u{301}e\u{301}e\u{301}", 2, { "e\u{301}e\u{301}", "e\u{301}" }, "keeps marks" },
    { "山\u{301}子", 1, { "山\u{301}", "子" }, "keeps the mark of a letter wider than the line" },
    { "👍🏽👍🏽", 2, { "👍🏽", "👍🏽" }, "keeps the colour of a skin" },
    { "👩\u{200D}👧👩\u{200D}👧", 2, { "👩\u{200D}👧", "👩\u{200D}👧" },
      "keeps joined emoji" },
    { "a\255b", 20, { "a\u{FFFD}b" }, "mends what is no UTF-8" },
  } do
    it(case[4], function() assert.same(case[3], wrap.lines(case[1], case[2])) end)
  end
end)

describe("googlemeet.report.wrap.even_lines", function()
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

describe("googlemeet.report.wrap.is_blank", function()
  it("recognises invisible text", function()
    for _, text in ipairs { "", " ", "\u{A0}", "\u{200B}\u{FEFF}", "\u{200F} \u{2060}" } do
      assert.is_true(wrap.is_blank(text))
    end
    assert.is_false(wrap.is_blank "\u{A0}.")
    assert.is_false(wrap.is_blank "\u{FFFD}")
  end)
end)
