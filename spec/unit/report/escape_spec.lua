local escape = require "googlemeet.report.escape"

describe("googlemeet.report.escape.markdown", function()
  for _, case in ipairs {
    { "*a* _b_ `c` ~~d~~", "\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~" },
    { "[x](http://y.z)", "\\[x\\](http\\://y\\.z)" },
    { "![x](y)", "!\\[x\\](y)" },
    { "<b onclick='x'>", "&lt;b onclick\\='x'&gt;" },
    { "&lt;", "&amp;lt;" },
    { "https://example.com", "https\\://example\\.com" },
    { "www.example.com", "www\\.example\\.com" },
    { "ann@example.com @ann", "ann@\u{2060}example\\.com @\u{2060}ann" },
    { "# a", "\\# a" },
    { "- a - b -- c", "\\- a - b \\-\\- c" },
    { "-- as I", "\\-\\- as I" }, { "---", "\\-\\-\\-" }, { "+-- a", "\\+\\-\\- a" }, { "-",
      "\\-" },
    { "+ a + b", "\\+ a + b" },
    { "1. a", "1\\. a" },
    { "1) a", "1\\) a" },
    { "    code", "code" },
    { ":smile:", "\\:smile:" },
    { "a\\", "a\\\\" },
    { "$x^2$ {y} ==z==", "\\$x\\^2\\$ {y} \\=\\=z\\=\\=" },
    { "Yes. No: 10:30, 1.5... A.", "Yes. No: 10:30, 1.5... A." },
    { "O'Brien-Smith (guest)", "O'Brien-Smith (guest)" },
  } do
    it(("makes %q harmless"):format(case[1]), function()
      assert.equal((case[2]:gsub("{y}", "\\{y\\}")), escape.markdown(case[1]))
    end)
  end
end)

describe("googlemeet.report.escape.markdown", function()
  local ENTITIES = { ["&lt;"] = "<", ["&gt;"] = ">", ["&amp;"] = "&", ["&#124;"] = "|" }

  --- The text that a reader of CommonMark shows: an escape is a backslash before punctuation.
  local function shown(markdown)
    local text = markdown:gsub("\\(%p)", function(mark) return ("\0%02x"):format(mark:byte()) end)
      :gsub("&[^;]*;", ENTITIES):gsub("\u{2060}", "")
    return (text:gsub("\0(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
  end

  it("escapes nothing twice", function()
    math.randomseed(1)
    local pieces = { "-", "--", "+", "1", ".", ")", ":", "@", "\\", "*", "_", "|", "<", ">", "&",
      "#", "=", "~", " ", "a", "é" }
    for _ = 1, 2000 do
      local parts = {}
      for index = 1, math.random(8) do parts[index] = pieces[math.random(#pieces)] end
      local text = table.concat(parts)
      assert.equal(escape.clean(text), shown(escape.markdown(text)))
    end
  end)
end)

describe("googlemeet.report.escape.html", function()
  it("leaves nothing that opens a tag, an entity or an attribute", function()
    assert.equal("&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt; &amp;amp; a\u{FFFD}b",
      escape.html("<img src=\"x\"\nonerror='y'> &amp; a\0b"))
  end)
end)

describe("googlemeet.report.escape.clean", function()
  for _, case in ipairs {
    { "a \t\r\n b", "a b", "one blank for a run of blanks and line ends" },
    { "  a ", "a", "no blanks at the ends" },
    { "\xC3(\xE2\x82 \xF0\x9F", "\u{FFFD}(\u{FFFD}\u{FFFD} \u{FFFD}\u{FFFD}",
      "broken UTF-8 marked" },
    { "\xED\xA0\x80", "\u{FFFD}\u{FFFD}\u{FFFD}", "half a surrogate pair marked" },
    { "a\u{2066}b\u{2069}", "ab", "no change of direction" },
    { "\u{FEFF}a", "a", "no byte order mark" },
    { "é א 山 🎉", "é א 山 🎉", "letters of any script" },
  } do
    it("gives " .. case[3], function()
      assert.equal(case[2], escape.clean(case[1]))
    end)
  end
end)
