local tokens = require "googlemeet.archive.tokens"

--- Show the separators.
local function split(text) return (tokens.split(text):gsub("\x1F", "|")) end

describe("googlemeet.archive.tokens.split", function()
  it("leaves a text of ASCII as it is", function()
    assert.equal("It's all the same\n", tokens.split "It's all\0the same\n")
  end)

  it("parts letters of scripts without blanks, Hangul, emoji and signs", function()
    for text, expected in pairs {
      ["a東京b"] = "a|東||京|b", ["ที่นี่"] = "|ที่||นี่|", ["ကျ"] = "|ကျ|",
      ["ខ្"] = "|ខ្|",
      ["회의"] = "|회||의|", ["ok👍🏽"] = "ok|👍🏽|", ["25°C"] = "25|°|C",
      ["👨‍👩‍👧"] = "|👨‍👩‍👧|", ["™"] = "|™|",
      ["カタ"] = "|カ||タ|", ["𠀀"] = "|𠀀|",
    } do
      assert.equal(expected, split(text))
    end
  end)

  it("leaves letters of words together", function()
    for _, text in ipairs {
      "Café", "Việt", "Привет", "नमस्ते", "தமிழ்", "ሰላም", "ქართული", "Οδυσσεύς", "Ёлка",
      "مُحَمَّد", "שָׁלוֹם",
    } do
      assert.equal(text, tokens.split(text))
    end
  end)

  it("takes bytes that are no UTF-8", function()
    for _, text in ipairs { "\xff", "a\xe6\x9d", "\x80\x80", "\xf0\x9f", "\xce" } do
      assert.equal(text, tokens.join(tokens.split(text)))
    end
  end)
end)

describe("googlemeet.archive.tokens.join", function()
  it("gives a text back, in one line", function()
    for _, text in ipairs { "a東京b", "Ёлка ίός ΐ", "great 👍🏽 ❤️", "plain" } do
      assert.equal(text, tokens.join(tokens.split(text)))
    end
    assert.equal("one two three", tokens.join "one\n\ntwo\t\0three")
  end)
end)

describe("googlemeet.archive.tokens.query", function()
  it("quotes each word, once", function()
    assert.equal('"NEAR" "a" "b:c*" "say""hi"""', tokens.query ' NEAR a\0b:c*\x1Fa say"hi" ')
    assert.equal('"\x1F東\x1F\x1F京\x1F" "b"', tokens.query "東京\u{3000}b")
    assert.equal('"a" "b" "c"', tokens.query "a\u{A0}b\u{2009}c")
  end)

  it("is none where there is no word", function()
    for _, words in ipairs { "", " ", "\0\n", "\u{3000}" } do assert.is_nil(tokens.query(words)) end
  end)
end)
