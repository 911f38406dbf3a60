local decomposition = require "googlemeet.unicode.decomposition"

local function codes_of(text)
  local codes = {}
  for _, code in utf8.codes(text) do codes[#codes + 1] = code end
  return codes
end

local function decomposed(text)
  return utf8.char(table.unpack(decomposition.of(codes_of(text))))
end

describe("googlemeet.unicode.decomposition.of", function()
  for _, case in ipairs {
    { "a letter of ASCII, as it is", "Ada", "Ada" },
    { "Latin", "\u{E9}\u{F1}\u{161}\u{1E69}", "e\u{301}n\u{303}s\u{30C}s\u{307}\u{323}" },
    { "Vietnamese with two marks", "\u{1EBF}\u{1EE3}", "e\u{301}\u{302}o\u{31B}\u{323}" },
    { "Greek", "\u{1F83}\u{3AE}", "\u{3B1}\u{300}\u{314}\u{345}\u{3B7}\u{301}" },
    { "Cyrillic", "\u{419}\u{457}", "\u{418}\u{306}\u{456}\u{308}" },
    { "kana", "\u{304C}\u{30D1}", "\u{304B}\u{3099}\u{30CF}\u{309A}" },
    { "Hangul of two and of three", "\u{AC00}\u{D55C}",
      "\u{1100}\u{1161}\u{1112}\u{1161}\u{11AB}" },
    { "Arabic", "\u{622}", "\u{627}\u{653}" },
    { "Devanagari", "\u{95B}", "\u{91C}\u{93C}" },
    { "Hebrew", "\u{FB2C}", "\u{5E9}\u{5BC}\u{5C1}" },
    { "a code that stands for another one", "\u{212B}\u{1F71}", "A\u{30A}\u{3B1}\u{301}" },
    { "marks in one order", "a\u{323}\u{301} a\u{301}\u{323}", "a\u{301}\u{323} a\u{301}\u{323}" },
    { "no letter across another", "a\u{323}b\u{301}", "a\u{323}b\u{301}" },
    { "what has no parts, as it is", "\u{F8}\u{4E2D}\u{1F600}", "\u{F8}\u{4E2D}\u{1F600}" },
    { "nothing", "", "" },
  } do
    it("gives " .. case[1], function() assert.equal(case[3], decomposed(case[2])) end)
  end

  it("leaves the list that it was given alone", function()
    local codes = { 0xE9 }
    decomposition.of(codes)
    assert.same({ 0xE9 }, codes)
  end)

  it("sorts any number of marks", function()
    local marks = {}
    for index = 1, 100000 do marks[index] = index % 2 == 0 and 0x301 or 0x323 end
    local sorted = decomposition.of(marks)
    assert.same({ 0x301, 0x301, 0x323, 0x323 },
      { sorted[1], sorted[50000], sorted[50001], sorted[100000] })
  end)
end)
