--- A Google document as plain text or Markdown, from the JSON of Docs' documents.get. Pure. The
-- document is data of a server, so each field is checked. Unknown parts are left out, and so are
-- pictures, headers, footers, tables of contents, and breaks of pages and sections.

local escape = require "googlemeet.report.escape"

local document = {}

local DEEPEST = 8 -- levels of a list in Docs: 0 to 8
local SOFT_BREAK = "\v"
local OBJECT = "\u{E907}" -- stands in a text for what is no text
local HEADINGS = {
  TITLE = 1, HEADING_1 = 1, HEADING_2 = 2, HEADING_3 = 3, HEADING_4 = 4, HEADING_5 = 5,
  HEADING_6 = 6,
}
local NUMBERED = {
  DECIMAL = true, ZERO_DECIMAL = true, UPPER_ALPHA = true, ALPHA = true, UPPER_ROMAN = true,
  ROMAN = true,
}

--- Follow names into tables; nil where something on the way is no table.
local function at(value, ...)
  for _, name in ipairs { ... } do
    if type(value) ~= "table" then return nil end
    value = value[name]
  end
  return value
end

local function table_at(...)
  local value = at(...)
  return type(value) == "table" and value or {}
end

local function text_at(...)
  local value = at(...)
  return type(value) == "string" and value or nil
end

--- Remove control characters and placeholders of objects. A soft break stays a `\v`.
local function clean(text)
  if text:find "[\0-\8\n\12-\31\127\xC2\xEE]" then
    text = text:gsub("\n", SOFT_BREAK):gsub("[\0-\8\12-\31\127]", "")
      :gsub("\xC2[\x80-\x9F]", ""):gsub(OBJECT, "")
  end
  return text
end

--- What may stand in a paragraph: each gives a span `{ text =, bold =, italic =, link =, mark = }`,
-- or nil. `mark` is a text that is not escaped.
local SPANS = {}

function SPANS.textRun(run)
  local style = table_at(run, "textStyle")
  return {
    text = text_at(run, "content"), bold = style.bold == true, italic = style.italic == true,
    link = text_at(style, "link", "url"),
  }
end

function SPANS.person(person)
  local email = text_at(person, "personProperties", "email")
  local is_address = email and email:find "^[%w.+_-]+@[%w.-]+$"
  return {
    text = text_at(person, "personProperties", "name") or email,
    link = is_address and "mailto:" .. email or nil,
  }
end

function SPANS.richLink(link)
  local uri = text_at(link, "richLinkProperties", "uri")
  return { text = text_at(link, "richLinkProperties", "title") or uri, link = uri }
end

function SPANS.dateElement(date)
  local properties = table_at(date, "dateElementProperties")
  return { text = text_at(properties, "displayText") or text_at(properties, "timestamp") }
end

function SPANS.footnoteReference(reference, context)
  local id = text_at(reference, "footnoteId")
  if not id then return nil end
  local number = context.numbers[id]
  if not number then
    context.last_note = context.last_note + 1
    number = context.last_note
    context.numbers[id], context.notes[#context.notes + 1] = number, id
  end
  return { text = "", mark = context.is_markdown and ("[^%d]"):format(number)
    or ("[%d]"):format(number) }
end

local KINDS = { "textRun", "person", "richLink", "dateElement", "footnoteReference" }

local function span_of(element, context)
  for _, kind in ipairs(KINDS) do
    local content = at(element, kind)
    if type(content) == "table" then return SPANS[kind](content, context) end
  end
end

--- Return the spans of a paragraph; neighbours of one style are joined, because Docs also cuts at
-- colours.
local function spans_of(paragraph, context)
  local spans = {}
  for _, element in ipairs(table_at(paragraph, "elements")) do
    local span, last = span_of(element, context), spans[#spans]
    if span and (span.text or span.mark) then
      if last and not last.mark and not span.mark and last.bold == span.bold
        and last.italic == span.italic and last.link == span.link then
        last.parts[#last.parts + 1] = span.text
      else
        span.parts = { span.text }
        spans[#spans + 1] = span
      end
    end
  end
  for _, span in ipairs(spans) do span.text = clean(table.concat(span.parts)) end
  return spans
end

--- Cut blanks and soft breaks off the end; a pattern would take the square of their number.
local function trim_end(text)
  local last = #text
  while last > 0 and text:find("^[ \t\v\n]", last) do last = last - 1 end
  return text:sub(1, last)
end

local function plain(spans)
  local parts = {}
  for _, span in ipairs(spans) do parts[#parts + 1] = span.text .. (span.mark or "") end
  return trim_end(table.concat(parts))
end

--- Return a link's address if it leads out of the document, fit for Markdown.
local function address(link)
  if not link or not (link:find "^https?://" or link:find "^mailto:") then return nil end
  return (link:gsub("[^!#-'*-;=?-Z_a-z~]", function(character)
    return ("%%%02X"):format(character:byte())
  end))
end

--- Write one line of a span in Markdown; emphasis has to touch its words.
local function marked(line, span, is_heading)
  local before, core = line:match "^(%s*)(.*)$"
  local after = core:sub(#trim_end(core) + 1)
  local text = escape.markdown(core)
  if text == "" then return line == "" and "" or " " end
  local link = address(span.link)
  if link then text = ("[%s](%s)"):format(text, link) end
  if span.italic then text = "*" .. text .. "*" end
  if span.bold and not is_heading then text = "**" .. text .. "**" end
  return (before ~= "" and " " or "") .. text .. (after ~= "" and " " or "")
end

--- Write spans in Markdown. The soft breaks in them stay.
local function markdown(spans, is_heading)
  local parts = {}
  for _, span in ipairs(spans) do
    local lines = {}
    for line in (span.text .. SOFT_BREAK):gmatch "([^\v]*)\v" do
      lines[#lines + 1] = marked(line, span, is_heading)
    end
    parts[#parts + 1] = table.concat(lines, SOFT_BREAK) .. (span.mark or "")
  end
  return (trim_end(table.concat(parts)):gsub("^[ \v]+", ""))
end

--- Put a block after those before it. Blank lines stand between blocks of Markdown, but for items
-- of a list; in a text around headings and tables, and where the document has empty paragraphs.
local function put(context, kind, text)
  local out = context.out
  local is_apart = not (kind == "item" and out.kind == "item")
  if not context.is_markdown then
    is_apart = out.has_gap or kind == "heading" or kind == "table" or out.kind == "table"
  end
  if out[1] then out[#out + 1] = is_apart and "\n\n" or "\n" end
  out[#out + 1], out.kind, out.has_gap = text, kind, false
end

--- Return the text before an item of a list: its indent, and its bullet or number. An item is at
-- most one level deeper than the one before: more would be code in Markdown.
local function marks_of_item(bullet, context)
  local id = text_at(bullet, "listId") or ""
  local level = math.max(0, math.min(math.tointeger(at(bullet, "nestingLevel")) or 0, DEEPEST))
  local row = table_at(context.tab, "lists", id, "listProperties", "nestingLevels", level + 1)
  local counts = context.counts[id] or {}
  context.counts[id], context.level = counts, math.min(level, context.level + 1)
  for deeper = level + 1, DEEPEST do counts[deeper] = nil end
  local indent = (" "):rep((context.is_markdown and 4 or 2) * context.level)
  if not NUMBERED[row.glyphType] then return indent, "- " end
  counts[level] = (counts[level] or (math.tointeger(row.startNumber) or 1) - 1) + 1
  return indent, ("%d. "):format(counts[level])
end

--- Return the kind of a paragraph, its indent and its mark.
local function frame_of(paragraph, context, heading)
  local bullet = at(paragraph, "bullet")
  if type(bullet) == "table" and not heading then
    return "item", marks_of_item(bullet, context)
  end
  context.level = -1
  if not heading then return "paragraph", "", "" end
  local is_marked = context.is_markdown and not context.is_in_cell
  return "heading", "", is_marked and ("#"):rep(heading) .. " " or ""
end

local function put_paragraph(paragraph, context)
  local spans = spans_of(paragraph, context)
  local heading = HEADINGS[at(paragraph, "paragraphStyle", "namedStyleType")]
  local text = context.is_markdown and markdown(spans, heading) or plain(spans)
  if text == "" then
    context.out.has_gap = true
    return
  end
  local kind, indent, mark = frame_of(paragraph, context, heading)
  local soft = "\n" .. indent .. (" "):rep(#mark)
  if context.is_markdown and not context.is_in_cell then soft = heading and " " or "  " .. soft end
  put(context, kind, indent .. mark .. text:gsub(context.is_markdown and "\v+" or "\v", soft))
end

local put_content -- mutual recursion

--- Write content that has to stand in one line.
local function line_of(content, context, separator)
  local out, level, is_in_cell = context.out, context.level, context.is_in_cell
  context.out, context.level, context.is_in_cell = {}, -1, true
  put_content(content, context)
  local text = table.concat(context.out)
  context.out, context.level, context.is_in_cell = out, level, is_in_cell
  return (text:gsub("\t", " "):gsub("\n+ *", separator))
end

local function cells_of(row, context)
  local cells = {}
  for _, cell in ipairs(table_at(row, "tableCells")) do
    cells[#cells + 1] = line_of(table_at(cell, "content"), context,
      context.is_markdown and "<br>" or " ")
  end
  return cells
end

--- Write rows as a table. Only the first has to have all columns.
local function table_of(rows, columns, context)
  local lines = {}
  for index, cells in ipairs(rows) do
    lines[index] = context.is_markdown and ("| %s |"):format(table.concat(cells, " | "))
      or table.concat(cells, "\t")
  end
  if context.is_markdown then
    lines[1] = lines[1] .. (" |"):rep(columns - #rows[1]) .. "\n|" .. (" --- |"):rep(columns)
  end
  return table.concat(lines, "\n")
end

local function put_table(value, context)
  local rows, columns = {}, 0
  for _, row in ipairs(table_at(value, "tableRows")) do
    local cells = cells_of(row, context)
    columns = math.max(columns, #cells)
    rows[#rows + 1] = cells
  end
  context.level = -1
  if columns == 0 then return end
  if not context.is_in_cell then return put(context, "table", table_of(rows, columns, context)) end
  for _, cells in ipairs(rows) do -- a table in a cell of another one
    for _, text in ipairs(cells) do put(context, "paragraph", text) end
  end
end

function put_content(content, context)
  for _, element in ipairs(content) do
    local paragraph, rows = at(element, "paragraph"), at(element, "table")
    if type(paragraph) == "table" then
      put_paragraph(paragraph, context)
    elseif type(rows) == "table" then
      put_table(rows, context)
    end
  end
end

--- Put the footnotes that a tab refers to behind its text.
local function put_notes(context)
  local index = 1
  while context.notes[index] do
    local id = context.notes[index]
    local text = line_of(table_at(context.tab, "footnotes", id, "content"), context, " ")
    local mark = (context.is_markdown and "[^%d]: " or "[%d] "):format(context.numbers[id])
    context.out.has_gap = context.out.has_gap or index == 1
    put(context, "note", mark .. text)
    index = index + 1
  end
end

--- List tabs in the order of the document, those below others behind them.
local function collect(tabs, found)
  for _, tab in ipairs(tabs) do
    if type(tab) == "table" then
      found[#found + 1] = tab
      collect(table_at(tab, "childTabs"), found)
    end
  end
  return found
end

local function put_title(title, context)
  local is_markdown = context.is_markdown
  title = is_markdown and escape.markdown(title) or escape.clean(title)
  if title == "" then return end
  put(context, "heading", (is_markdown and "# " or "") .. title)
  context.out.has_gap = true
end

--- Write a document: all its tabs, each with its title as a heading where there are several.
---@param body any the JSON of documents.get, with includeTabsContent
---@param format "text"|"markdown"
---@return string? text nil: there is no document in it
function document.write(body, format)
  local tabs = collect(table_at(body, "tabs"), {})
  if not tabs[1] then
    if type(at(body, "body")) ~= "table" then return nil end
    tabs = { { documentTab = body } } -- as it comes without includeTabsContent
  end
  local context = { out = {}, is_markdown = format == "markdown", last_note = 0 }
  for _, tab in ipairs(tabs) do
    context.tab, context.counts, context.level = table_at(tab, "documentTab"), {}, -1
    context.notes, context.numbers = {}, {}
    if tabs[2] then put_title(text_at(tab, "tabProperties", "title") or "", context) end
    put_content(table_at(context.tab, "body", "content"), context)
    put_notes(context)
  end
  return context.out[1] and table.concat(context.out) .. "\n" or ""
end

return document
