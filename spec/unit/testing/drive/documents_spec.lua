local ask = require "spec.support.ask"
local blocks = require "googlemeet.testing.drive.blocks"
local testing = require "googlemeet.testing"

local FILES, DOCUMENTS = "/google-drive/drive/v3/files/", "/google-docs/v1/documents/"
local WORD = "application%2Fvnd.openxmlformats-officedocument.wordprocessingml.document"
local TABS = {
  { title = "Notes", text = "# Notes\n- **Ada** said\n  - below\n1. one\n2. two\n\nend" },
  { title = "Transcript", id = "t.words", text = "Ada: hi", tabs = {
    { title = "Below", text = "| a | b |\n|---|---|\n| **c** | d |" },
  } },
}

describe("a document of the fake", function()
  local gateway

  before_each(function()
    gateway = testing.gateway { now = 1795341600, clock = function() return 0 end }
    gateway:add_connection { app = "google-drive", status = "ACTIVE" }
    gateway:add_connection { app = "google-docs", status = "ACTIVE" }
    gateway:add_file { id = "d", name = "Planning", tabs = TABS }
  end)

  local function get(query, id)
    return ask(gateway, "GET", DOCUMENTS .. (id or "d") .. (query or ""))
  end

  --- All text runs of structural elements, joined.
  local function text_of(content)
    local parts = {}
    for _, element in ipairs(content) do
      for _, part in ipairs(element.paragraph and element.paragraph.elements or {}) do
        parts[#parts + 1] = part.textRun.content
      end
      for _, row in ipairs(element.table and element.table.tableRows or {}) do
        for _, cell in ipairs(row.tableCells) do parts[#parts + 1] = text_of(cell.content) end
      end
    end
    return table.concat(parts)
  end

  it("has the first tab's text where tabs are not asked for", function()
    local answer = get()
    assert.same({ "d", "Planning", nil }, { answer.documentId, answer.title, answer.tabs })
    assert.equal("Notes\nAda said\nbelow\none\ntwo\n\nend\n", text_of(answer.body.content))
  end)

  it("has all tabs, and those below them, where they are", function()
    for _, query in ipairs { "?includeTabsContent=true", "?fields=body,tabs" } do
      local answer = get(query)
      assert.is_nil(answer.body)
      local notes, transcript = answer.tabs[1], answer.tabs[2]
      assert.equal(2, #answer.tabs)
      assert.same({ tabId = "t.0", title = "Notes", index = 0 }, notes.tabProperties)
      assert.equal("Ada: hi\n", text_of(transcript.documentTab.body.content))
      local below = transcript.childTabs[1]
      assert.same({ tabId = "t.2", title = "Below", index = 0, parentTabId = "t.words",
        nestingLevel = 1 }, below.tabProperties)
      assert.equal("a\nb\nc\nd\n", text_of(below.documentTab.body.content))
      assert.is_nil(notes.childTabs)
    end
  end)

  it("has headings, lists and their levels, bold runs, and tables", function()
    local content = get().body.content
    assert.is_table(content[1].sectionBreak)
    assert.equal("HEADING_1", content[2].paragraph.paragraphStyle.namedStyleType)
    local item, below, numbered = content[3].paragraph, content[4].paragraph, content[5].paragraph
    assert.same({ { "Ada", true }, { " said\n" } }, {
      { item.elements[1].textRun.content, item.elements[1].textRun.textStyle.bold },
      { item.elements[2].textRun.content },
    })
    assert.same({ "kix.list1", nil, "kix.list1", 1, "kix.list2" }, { item.bullet.listId,
      item.bullet.nestingLevel, below.bullet.listId, below.bullet.nestingLevel // 1,
      numbered.bullet.listId })
    assert.is_nil(content[7].paragraph.bullet)
    local lists = get().lists
    assert.equal("DECIMAL", lists["kix.list2"].listProperties.nestingLevels[1].glyphType)
    local made = get("?includeTabsContent=true").tabs[2].childTabs[1].documentTab.body.content[2]
    assert.same({ 2, 2 }, { made.table.rows // 1, made.table.columns // 1 })
  end)

  it("counts UTF-16 code units, without a gap between elements", function()
    gateway:add_file { id = "u", text = "é😀**b**\nlast" }
    local content = get("", "u").body.content
    assert.same({ 1, 4 }, { content[2].paragraph.elements[1].startIndex // 1,
      content[2].paragraph.elements[1].endIndex // 1 })
    local at = 1
    for i = 2, #content do
      assert.equal(at, content[i].startIndex // 1)
      at = content[i].endIndex // 1
    end
    assert.equal(#"xx" + 1 + #"b\n" + #"last\n" + 1, at)
  end)

  it("has the structural elements that a script gives, as they are", function()
    local person = { person = { personProperties = { name = "Ada", email = "ada@example.com" } } }
    gateway:add_file { id = "c", tabs = { { content = {
      { paragraph = { elements = { person, { textRun = { content = "\n" } } } } },
    } } } }
    local elements = get("", "c").body.content[1].paragraph.elements
    assert.equal("Ada", elements[1].person.personProperties.name)
  end)

  it("is not there for what is no document, with Google's newer errors", function()
    gateway:add_file { id = "v", size = 5 }
    gateway:add_file { id = "s", shortcut = "d" }
    local answers = {}
    for _, id in ipairs { "none", "v", "s" } do answers[#answers + 1] = get("", id).error.status end
    assert.same({ "NOT_FOUND", "FAILED_PRECONDITION", "FAILED_PRECONDITION" }, answers)
  end)

  it("refuses a query that Docs has not", function()
    for _, query in ipairs { "?alt=media", "?includeTabs=true", "?suggestionsViewMode=x",
      "?fields=tab" } do
      local answer = ask.loosely(gateway, "GET", DOCUMENTS .. "d" .. query)
      assert.equal("INVALID_ARGUMENT", answer.error.status, query)
    end
    local answer = ask.loosely(gateway, "GET", "/google-docs/v1/documents")
    assert.equal("NOT_FOUND", answer.error.status)
  end)

  local function export(mime_type, id)
    local target = FILES .. (id or "d") .. "/export?mimeType=" .. mime_type
    local _, response = ask(gateway, "GET", target)
    return response.body, response
  end

  it("is exported as text, with a byte order mark and lines as Windows has them", function()
    local text, response = export "text%2Fplain"
    assert.equal("text/plain", response.headers["Content-Type"])
    assert.equal("\u{FEFF}" .. table.concat({ "Notes", "Notes", "* Ada said", "   * below",
      "1. one", "2. two", "", "end", "Transcript", "Ada: hi", "Below", "a\tb", "c\td" }, "\r\n"),
      text)
  end)

  it("is exported as Markdown", function()
    assert.equal("# Notes\n\n# Notes\n\n* **Ada** said\n  * below\n1. one\n2. two\n\nend\n\n"
      .. "# Transcript\n\nAda: hi\n\n# Below\n\n| a | b |\n| --- | --- |\n| **c** | d |\n\n",
      (export "text%2Fmarkdown"))
  end)

  it("counts the items of each list, and of each level, anew", function()
    gateway:set_file("d", { text = "1. a\n  1. b\n  1. c\n1. d\n  1. e\n- f\n1. g\nx\n1. h" })
    assert.equal("1. a\n  1. b\n  2. c\n2. d\n  1. e\n* f\n1. g\n\nx\n\n1. h\n",
      (export "text%2Fmarkdown"))
  end)

  it("is exported as something recognisable as a PDF, and for a file of Word", function()
    assert.matches("^%%PDF%-", (export "application%2Fpdf"))
    assert.matches("^PK\3\4", (export(WORD)))
  end)

  it("is exported with its first tab only, where that is so", function()
    gateway:set_file("d", { export_tabs = "first" })
    assert.is_nil((export "text%2Fplain"):find("Ada: hi", 1, true))
  end)

  local function refusal(mime_type, id)
    local body, response = export(mime_type, id)
    return response.status, body:match '"reason":"(%a+)"'
  end

  it("is too large to export over 10 MiB, in each format on its own", function()
    gateway:add_file { id = "big", text = ("x"):rep((10 << 20) - 5) }
    assert.equal(200, select(2, export("text%2Fmarkdown", "big")).status)
    gateway:set_file("big", { text = ("x"):rep((10 << 20) + 1) })
    for _, mime_type in ipairs { "text%2Fplain", "text%2Fmarkdown", "application%2Fpdf" } do
      assert.same({ 403, "exportSizeLimitExceeded" }, { refusal(mime_type, "big") })
    end
    gateway:set_file("d", { export_size = { pdf = 11 << 20 } })
    assert.same({ 403, "exportSizeLimitExceeded" }, { refusal "application%2Fpdf" })
    assert.equal(200, select(2, export "text%2Fplain").status)
    gateway:set_file("d", { export_size = 11 << 20 })
    assert.same({ 403, "exportSizeLimitExceeded" }, { refusal "text%2Fplain" })
  end)

  it("is refused as what it is not, in Drive's older form", function()
    gateway:add_file { id = "v", size = 5 }
    gateway:add_file { id = "s", shortcut = "d" }
    assert.same({ 400, "badRequest" }, { refusal "image%2Fpng" })
    assert.same({ 403, "fileNotExportable" }, { refusal("text%2Fplain", "v") })
    assert.same({ 403, "fileNotExportable" }, { refusal("text%2Fplain", "s") })
    assert.same({ 404, "notFound" }, { refusal("text%2Fplain", "none") })
    gateway:set_file("d", { can_download = false })
    assert.same({ 403, "cannotDownloadFile" }, { refusal "text%2Fplain" })
    local answer = ask.loosely(gateway, "GET", FILES .. "d/export")
    assert.equal("required", answer.error.errors[1].reason)
    answer = ask.loosely(gateway, "GET", FILES .. "d/export?mimeType=text%2Fplain&x=1")
    assert.equal("invalidParameter", answer.error.errors[1].reason)
    answer = ask.loosely(gateway, "POST", FILES .. "d", {})
    assert.equal("notFound", answer.error.errors[1].reason)
    answer = ask.loosely(gateway, "GET", FILES .. "d", {})
    assert.equal("invalidParameter", answer.error.errors[1].reason)
  end)
end)

describe("googlemeet.testing.drive.blocks", function()
  local function kinds(text)
    local found = {}
    for i, block in ipairs(blocks.read(text)) do
      found[i] = block.kind .. (block.level or "") .. (block.numbered and "#" or "")
    end
    return table.concat(found, " ")
  end

  it("reads lines for what they are", function()
    assert.equal("heading1 heading6 paragraph paragraph item0 item1 item2 item0# paragraph",
      kinds "# a\n###### b\n####### c\n#d\n- e\n  * f\n    - g\n12. h\n-i")
    assert.equal("paragraph", kinds "")
    assert.equal("paragraph paragraph", kinds "a\r\n\n")
    assert.equal("table paragraph table", kinds "|a|b|\n|c|d|\n\n|e|")
  end)

  it("splits a text at what is bold", function()
    assert.same({ { text = "a ", bold = false }, { text = "b", bold = true },
      { text = " c ** d", bold = false } }, blocks.runs "a **b** c ** d")
    assert.equal("a b", blocks.plain "a **b**")
  end)
end)
