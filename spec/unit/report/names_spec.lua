local names = require "googlemeet.report.names"

describe("googlemeet.report.names.fold", function()
  for _, case in ipairs {
    { "composed and decomposed letters", "Jos\u{E9} N\u{FA}\u{F1}ez",
      "Jose\u{301} Nu\u{301}n\u{303}ez" },
    { "marks in another order", "Hi\u{1EBF}u \u{1EE3}", "Hie\u{302}\u{301}u o\u{323}\u{31B}" },
    { "Hangul by syllable and by letter", "\u{D55C}", "\u{1112}\u{1161}\u{11AB}" },
    { "blanks of all kinds", "Ann Lee", "Ann\u{A0}Lee" },
    { "wide blanks", "Ann Lee", "Ann\u{3000}Lee" },
    { "fillers", "Ann Lee", "Ann\u{3164}Lee" },
    { "runs of blanks", "Ann Lee", " Ann \t\u{2003} Lee\n" },
    { "a blank of no width", "Zed", "\u{200B}Zed" },
    { "a soft hyphen", "Zedekiah", "Zede\u{AD}kiah" },
    { "signs of direction", "Omar", "\u{202E}Omar\u{200F}" },
    { "a byte order mark", "Ada", "\u{FEFF}Ada" },
    { "joiners", "\u{639}\u{644}\u{6CC}\u{631}", "\u{639}\u{644}\u{6CC}\u{200C}\u{631}" },
    { "variants", "Ada \u{2764}", "Ada \u{2764}\u{FE0F}" }, { "tags", "Ada", "Ada\u{E0067}" },
    { "capitals", "ada", "ADA" }, { "capitals with marks", "\u{C5}str\u{F6}m", "\u{E5}STR\u{D6}M" },
    { "capitals of other letters", "\u{D8}rn \u{141}uk \u{110}o\u{E0}n",
      "\u{F8}rn \u{142}uk \u{111}o\u{E0}n" },
    { "Cyrillic capitals", "\u{418}\u{432}\u{430}\u{43D} \u{401}",
      "\u{438}\u{412}\u{410}\u{41D} \u{451}" },
    { "Greek capitals", "\u{3A3}\u{3AF}\u{3C2}", "\u{3C3}\u{399}\u{301}\u{3A3}" },
    { "apostrophes", "O'Brien", "O\u{2019}Brien" }, { "hyphens", "Jean-Luc", "Jean\u{2011}Luc" },
    { "wide letters", "ada1", "\u{FF21}\u{FF24}\u{FF41}\u{FF11}" },
    { "broken UTF-8", "a\xFF", "a\u{FFFD}" },
  } do
    it("makes equal: " .. case[1], function()
      assert.equal(names.fold(case[2]), names.fold(case[3]))
    end)
  end

  for _, case in ipairs {
    { "Ada", "Ade" }, { "Jose", "Jos\u{E9}" }, { "Ann Lee", "Annlee" }, { "Bo", "B\u{F8}" },
    { "\u{438}", "\u{439}" }, { "\u{304B}", "\u{304C}" }, { "a\1", "a" },
  } do
    it("keeps apart: " .. case[1] .. " and " .. case[2], function()
      assert.not_equal(names.fold(case[1]), names.fold(case[2]))
    end)
  end
end)

describe("googlemeet.report.names.shown", function()
  for _, blank in ipairs {
    "", " ", "\u{200B}", "\u{3164}", "\u{A0}\u{3000}", "\u{202E}\u{FEFF}", "\u{115F}\u{1160}",
    "\u{2800}", "\u{FFA0}", "\u{FE0F}", "\n\t", "\u{34F}\u{17B4}\u{180F}", "\u{206F}\u{FFF9}",
    "\u{200F} \u{2060}", "\u{E0020}",
  } do
    it(("says that there is no name in %q"):format(blank), function()
      assert.equal("(no name)", names.shown(blank))
      assert.is_true(names.is_blank(blank))
    end)
  end

  it("says that there is no name where the server sent none", function()
    assert.equal("(no name)", names.shown(nil))
  end)

  for _, name in ipairs { "Ada", "\u{200B}Zed", ".", "\u{4E2D}", "\1", "\u{A0}é", "\xFF" } do
    it(("leaves a name as it is: %q"):format(name), function()
      assert.equal(name, names.shown(name))
      assert.is_false(names.is_blank(name))
    end)
  end
end)
