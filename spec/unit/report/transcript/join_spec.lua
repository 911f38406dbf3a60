local join = require "googlemeet.report.transcript.join"
local locale = require "spec.support.locale"

describe("googlemeet.report.transcript.join.texts", function()
  for _, case in ipairs {
    { { "Yes.", "Now." }, "Yes. Now.", "a blank between sentences" },
    { { "放松一下。", "今天天气很好。" }, "放松一下。今天天气很好。", "none in Chinese" },
    { { "今日は", "天気がいい。" }, "今日は天気がいい。", "none in Japanese" },
    { { "สวัสดีครับ", "ยินดี" }, "สวัสดีครับยินดี", "none in Thai" },
    { { "ສະບາຍດີ", "ຂອບໃຈ" }, "ສະບາຍດີຂອບໃຈ", "none in Lao" },
    { { "សួស្តី។", "អរគុណ" }, "សួស្តី។អរគុណ", "none in Khmer" },
    { { "မင်္ဂလာပါ။", "ကျေးဇူး" }, "မင်္ဂလာပါ။ကျေးဇူး", "none in Burmese" },
    { { "안녕하세요.", "네." }, "안녕하세요. 네.", "one in Korean" },
    { { "नमस्ते।", "हाँ" }, "नमस्ते। हाँ", "one in Hindi" },
    { { "مرحبا.", "نعم" }, "مرحبا. نعم", "one in Arabic" },
    { { "Hello.", "你好" }, "Hello. 你好", "one where one of two scripts has blanks" },
    { { "你好", "Hello" }, "你好 Hello", "one before such a script" },
    { { "你好。", "OK" }, "你好。OK", "none behind a stop that is as wide as a letter" },
    { { "天气很好!", "(笑)", "是的..." }, "天气很好!(笑)是的...", "none beside narrow punctuation" },
    { { "今日は", "10", "時です" }, "今日は10時です", "none beside digits that stand alone" },
    { { "はい👍", "…どうも" }, "はい👍…どうも", "none beside emoji" },
    { { "1", "2", "3 a" }, "1 2 3 a", "one between digits" },
    { { "a ", "b", " c" }, "a b c", "no second one" },
    { { "a", "", "b" }, "a b", "none for an empty text" },
    { { "", "" }, "", "nothing of nothing" },
  } do
    it("puts " .. case[3], function() assert.equal(case[2], join.texts(case[1])) end)
  end

  it("takes no byte of a letter for a blank, whatever the locale of the host", function()
    if locale.lacks() then return pending(locale.lacks()) end
    assert.equal("Et voilà Oui", locale.run(",", [[
      assert(os.setlocale "odd")
      io.write(require "googlemeet.report.transcript.join".texts { "Et voilà", "Oui" })]]))
  end)
end)
