--- Documents of Google Docs as plain text and as Markdown.

local document = require "googlemeet.drive.document"

local function run(text, style) return { textRun = { content = text, textStyle = style } } end

--- A paragraph of elements, or of one text, whose line end is added.
local function paragraph(content, style, bullet)
  local elements = type(content) == "string" and { run(content .. "\n") } or content
  return { paragraph = {
    elements = elements, paragraphStyle = { namedStyleType = style }, bullet = bullet,
  } }
end

local function item(text, level, list)
  return paragraph(text, "NORMAL_TEXT", { listId = list or "list", nestingLevel = level })
end

local function table_of(rows)
  local tableRows = {}
  for index, row in ipairs(rows) do
    local cells = {}
    for place, content in ipairs(row) do
      cells[place] = { content = type(content) == "table" and content or { paragraph(content) } }
    end
    tableRows[index] = { tableCells = cells }
  end
  return { table = { tableRows = tableRows } }
end

local function tab(title, content, more)
  local documentTab = more or {}
  documentTab.body = { content = content }
  return { tabProperties = { title = title }, documentTab = documentTab }
end

--- What a document of one tab is in both formats.
local function text_of(content, more)
  return document.write({ tabs = { tab("Tab 1", content, more) } }, "text")
end

local function markdown_of(content, more)
  return document.write({ tabs = { tab("Tab 1", content, more) } }, "markdown")
end

local BOLD, ITALIC = { bold = true }, { italic = true }
local LISTS = { lists = { list = { listProperties = { nestingLevels = {
  { glyphSymbol = "●" }, { glyphType = "DECIMAL", startNumber = 1 }, { glyphType = "ALPHA" },
} } } } }

describe("googlemeet.drive.document.write", function()
  it("gives both tabs of notes and transcript, each under its title", function()
    local body = { tabs = {
      tab("Notes", { paragraph "We met." }), tab("Transcript", { paragraph "Ada: Hello." }),
    } }
    assert.equal("Notes\n\nWe met.\n\nTranscript\n\nAda: Hello.\n", document.write(body, "text"))
    assert.equal("# Notes\n\nWe met.\n\n# Transcript\n\nAda: Hello.\n",
      document.write(body, "markdown"))
  end)

  it("gives tabs below tabs behind their parent", function()
    local first = tab("1", { paragraph "a" })
    first.childTabs = { tab("1.1", { paragraph "b" }), tab("1.2", { paragraph "c" }) }
    first.childTabs[1].childTabs = { tab("1.1.1", { paragraph "d" }) }
    local text = document.write({ tabs = { first, tab("2", { paragraph "e" }) } }, "text")
    assert.equal("1 a 1.1 b 1.1.1 d 1.2 c 2 e", (text:gsub("\n+", " "):sub(1, -2)))
  end)

  it("gives no title where there is one tab", function()
    assert.equal("a\n", text_of { paragraph "a" })
  end)

  it("takes a document that came without tabs", function()
    assert.equal("a\n", document.write({ body = { content = { paragraph "a" } } }, "text"))
  end)

  it("keeps the empty lines of a text, several as one", function()
    local content = {
      paragraph "", paragraph "a", paragraph "b", paragraph "", paragraph "", paragraph "c",
      paragraph "",
    }
    assert.equal("a\nb\n\nc\n", text_of(content))
    assert.equal("a\n\nb\n\nc\n", markdown_of(content))
  end)

  it("marks headings in Markdown, without emphasis in them", function()
    local content = {
      paragraph("Week", "TITLE"), paragraph("Why", "HEADING_1"), paragraph("a"),
      paragraph({ run("How", BOLD), run " so\vthen\n" }, "HEADING_3"), paragraph("b", "SUBTITLE"),
    }
    assert.equal("# Week\n\n# Why\n\na\n\n### How so then\n\nb\n", markdown_of(content))
    assert.equal("Week\n\nWhy\na\n\nHow so\nthen\nb\n", text_of(content))
  end)

  it("indents lists, counts their numbers anew below each item, and starts where the list does",
    function()
      local content = {
        item "a", item("b", 1), item("c", 1), item("d", 2), item "e", item("f", 1),
        item("g", 0, "from 3"), item("h", 0, "from 3"),
      }
      local lists = { lists = { list = LISTS.lists.list, ["from 3"] = { listProperties = {
        nestingLevels = { { glyphType = "UPPER_ROMAN", startNumber = 3 } },
      } } } }
      assert.equal("- a\n  1. b\n  2. c\n    1. d\n- e\n  1. f\n3. g\n4. h\n",
        text_of(content, lists))
      assert.equal("- a\n    1. b\n    2. c\n        1. d\n- e\n    1. f\n3. g\n4. h\n",
        markdown_of(content, lists))
    end)

  it("indents no item by more than one level: that would be code", function()
    assert.equal("a\n\n- b\n    - c\n\nd\n\n- e\n",
      markdown_of { paragraph "a", item("b", 2), item("c", 3), paragraph "d", item("e", 1) })
  end)

  it("goes on with a number past other paragraphs", function()
    assert.equal("- a\n  1. b\nnote\n1. c\n", text_of({
      item "a", item("b", 1), paragraph "note", item("c", 0, "numbers"),
    }, { lists = { list = LISTS.lists.list, numbers = { listProperties = {
      nestingLevels = { { glyphType = "DECIMAL" } } } } } }))
    local numbers = { lists = { list = { listProperties = {
      nestingLevels = { { glyphType = "DECIMAL" } } } } } }
    assert.equal("1. a\nnote\n2. b\n", text_of({ item "a", paragraph "note", item "b" }, numbers))
  end)

  it("breaks lines where the document does", function()
    assert.equal("a\nb\n- c\n  d\n", text_of { paragraph "a\vb", item "c\vd" })
    assert.equal("a  \nb\n\n- c  \n  d\n", markdown_of { paragraph "a\vb", item "c\v\vd" })
  end)

  it("puts emphasis close around the words, and joins what is cut at a colour", function()
    local content = { paragraph {
      run "The ", run("bold ", BOLD), run("one", { bold = true, foregroundColor = {} }), run " is ",
      run(" slanted ", ITALIC), run("both", { bold = true, italic = true }), run(" ", BOLD),
      run "\n",
    } }
    assert.equal("The **bold one** is  *slanted* ***both***\n", markdown_of(content))
    assert.equal("The bold one is  slanted both\n", text_of(content))
  end)

  it("escapes what Markdown would take for its own", function()
    assert.equal("\\# no \\*title\\*\n\n\\- no item\n\n1\\. no number\n\n&lt;b&gt; &#124;\n",
      markdown_of { paragraph "# no *title*", paragraph "- no item", paragraph "1. no number",
        paragraph "<b> |" })
  end)

  it("links to the web and to people, and to nothing else", function()
    local function link(url) return run("here", { link = { url = url } }) end
    assert.equal("[here](https://example.com/a%20%28b%29)\n",
      markdown_of { paragraph { link "https://example.com/a (b)" } })
    assert.equal("here\n", markdown_of { paragraph { link "javascript:alert(1)" } })
    local inside = { paragraph { run("here", { link = { headingId = "h" } }) } }
    assert.equal("here\n", markdown_of(inside))
    assert.equal("here\n", text_of { paragraph { link "https://example.com/" } })
  end)

  it("writes smart chips as words", function()
    local content = { paragraph {
      { person = { personProperties = { name = "Ada", email = "ada@example.com" } } }, run ", ",
      { person = { personProperties = { email = "not an address" } } }, run ", ",
      { richLink = { richLinkProperties = { title = "Plan", uri = "https://docs.google.com/p" } } },
      run ", ", { dateElement = { dateElementProperties = {
        displayText = "Nov 3", timestamp = "2026-11-03T12:00:00Z" } } }, run "\n",
    } }
    assert.equal("Ada, not an address, Plan, Nov 3\n", text_of(content))
    assert.equal("[Ada](mailto:ada@example.com), not an address, "
      .. "[Plan](https://docs.google.com/p), Nov 3\n", markdown_of(content))
  end)

  it("writes tables: with tabs in a text, with a head in Markdown", function()
    local content = {
      paragraph "a", table_of { { "Task", "Who" }, { "a | b", { paragraph "Ada", item "Bo" } },
        { "c", "d", "e" } }, paragraph "z",
    }
    assert.equal("a\n\nTask\tWho\na | b\tAda - Bo\nc\td\te\n\nz\n", text_of(content))
    assert.equal("a\n\n| Task | Who | |\n| --- | --- | --- |\n| a &#124; b | Ada<br>- Bo |\n"
      .. "| c | d | e |\n\nz\n", markdown_of(content))
  end)

  it("writes a table in a cell, a break and a heading in it, in one line", function()
    local inner = { table_of { { "x", "y" } }, paragraph("T", "HEADING_1"), paragraph "p\tq\vr" }
    assert.equal("| x<br>y<br>T<br>p q<br>r |\n| --- |\n", (markdown_of { table_of { { inner } } }
      :gsub("<br><br>", "<br>")))
    assert.equal("x y T p q r\n", text_of { table_of { { inner } } })
  end)

  it("puts footnotes behind the text of their tab, with numbers that no other tab has", function()
    local function note(id) return { footnoteReference = { footnoteId = id } } end
    local function noted(title, word)
      return tab(title, { paragraph { run(word), note "f", run " and", note "f", run "\n" } },
        { footnotes = { f = { content = { paragraph("see " .. word) } } } })
    end
    local body = { tabs = { noted("1", "a"), noted("2", "b") } }
    assert.equal("1\n\na[1] and[1]\n\n[1] see a\n\n2\n\nb[2] and[2]\n\n[2] see b\n",
      document.write(body, "text"))
    assert.matches("a%[%^1%] and%[%^1%]\n\n%[%^1%]: see a\n", document.write(body, "markdown"))
  end)

  it("gives a footnote that refers to itself once", function()
    local again = { paragraph { run "x", { footnoteReference = { footnoteId = "f" } } } }
    assert.equal("x[1]\n\n[1] x[1]\n", text_of(again, { footnotes = { f = { content = again } } }))
  end)

  it("leaves out what is no text", function()
    local content = {
      { sectionBreak = {} }, { tableOfContents = { content = { paragraph "Contents" } } },
      paragraph { { pageBreak = {} }, run "\n" }, { brandNew = { content = {} } },
      paragraph { run "a\u{E907}", { inlineObjectElement = {} }, { horizontalRule = {} },
        { autoText = {} }, { equation = {} }, { columnBreak = {} }, { brandNew = {} }, run "b\n" },
    }
    assert.equal("ab\n", text_of(content))
    assert.equal("ab\n", markdown_of(content))
  end)

  it("leaves out what would steer a terminal", function()
    assert.equal("a[31mb\tc\n", text_of { paragraph "a\27[31m\u{9B}b\tc\7" })
    local title = { tabs = { tab("\27[2Jx", {}), tab("y", {}) } }
    assert.not_matches("\27", document.write(title, "text"))
  end)

  it("is empty for a document without a text", function()
    assert.equal("", text_of {})
    assert.equal("", document.write({ tabs = { {} } }, "text"))
  end)

  it("gives nil for what is no document", function()
    for _, body in ipairs { true, 7, "text", {}, { tabs = "x" }, { tabs = { 1 } }, { body = 1 } } do
      assert.is_nil(document.write(body, "text"))
    end
  end)

  it("raises on no value of a wrong type, wherever it stands", function()
    local sound = { tabs = { tab("t", {
      paragraph({ run("a", { bold = true, link = { url = "https://a" } }) }, "HEADING_1"),
      item("b", 1), table_of { { "c" } },
      paragraph { { footnoteReference = { footnoteId = "f" } },
        { person = { personProperties = { name = "n", email = "e@e" } } },
        { richLink = { richLinkProperties = { title = "t", uri = "u" } } },
        { dateElement = { dateElementProperties = { displayText = "d" } } } },
    }, { lists = LISTS.lists, footnotes = { f = { content = { paragraph "f" } } } }) } }
    local count = 0
    local function spoil(value, name)
      local kept = value[name]
      for _, wrong in ipairs { 7, "x", true, 0 / 0, 2 ^ 70, {}, { {} }, { x = 1 } } do
        value[name] = wrong
        document.write(sound, "text")
        document.write(sound, "markdown")
        count = count + 1
      end
      value[name] = kept
      if type(kept) ~= "table" then return end
      local names = {}
      for inner in pairs(kept) do names[#names + 1] = inner end
      for _, inner in ipairs(names) do spoil(kept, inner) end
    end
    spoil({ sound }, 1)
    spoil(sound, "tabs")
    assert.is_true(count > 500)
  end)

  it("takes a time in proportion to the length", function()
    local function seconds(count)
      local words = (" "):rep(count) .. "x" .. ("\v"):rep(count) .. "**" .. (" "):rep(count)
      local began = os.clock()
      text_of { paragraph(words), table_of { { words } } }
      markdown_of { paragraph(words), table_of { { words } } }
      return os.clock() - began
    end
    seconds(1000)
    assert(seconds(100000) < 2, "seconds for a text of blanks")
  end)
end)
