--- Documents of Google Docs: their tabs, and how `documents.get` shows them.

local blocks = require "googlemeet.testing.drive.blocks"
local checked = require "googlemeet.testing.checked"
local json = require "googlemeet.testing.json"

local documents = {}

local TAB = {
  id = "string", title = "string", text = "string", content = "table", tabs = "table",
}

local function is_list(value)
  return #value > 0 or next(value) == nil
end

--- Read tabs as a script gives them: `title`, `text`, `id`, `tabs` below it, and `content`, the
-- structural elements as Docs has them, in place of those that the text makes.
---@param what string for messages
---@param given table[]
---@param level? integer
---@return table[] tabs
function documents.read(what, given, level)
  level = level or 0
  if not is_list(given) or #given == 0 and level == 0 then
    checked.misuse("%s: tabs: an array of { title =, text = } expected", what)
  end
  local tabs = {}
  for i, options in ipairs(given) do
    if type(options) ~= "table" then checked.misuse("%s: tabs: tables expected", what) end
    local tab = checked.options(what .. ": tabs", options, TAB)
    if tab.content then checked.json(what .. ": tabs: content", tab.content) end
    tab.title, tab.text = tab.title or "Tab " .. i, tab.text or ""
    tab.index, tab.level = i - 1, level
    tab.tabs = documents.read(what, tab.tabs or {}, level + 1)
    tabs[i] = tab
  end
  return tabs
end

--- Return all tabs, each before those below it.
---@param tabs table[]
---@param found? table[]
---@return table[]
function documents.all(tabs, found)
  found = found or {}
  for _, tab in ipairs(tabs) do
    found[#found + 1] = tab
    documents.all(tab.tabs, found)
  end
  return found
end

--- Give every tab an id that has none, one that no other of the document has.
---@param tabs table[]
function documents.name(tabs)
  for number, tab in ipairs(documents.all(tabs)) do
    tab.id = tab.id or "t." .. (number - 1)
  end
end

--- Count the UTF-16 code units of a text: Docs counts so.
local function units(text)
  local count = utf8.len(text) or #text
  for _ in text:gmatch "[\xF0-\xF4][\x80-\xBF]" do count = count + 1 end
  return count
end

local Writer = {}
Writer.__index = Writer

local function elements_of(self, text)
  local elements = json.array {}
  local runs = blocks.runs(text)
  if #runs == 0 then runs[1] = { text = "" } end
  runs[#runs].text = runs[#runs].text .. "\n"
  for i, run in ipairs(runs) do
    local start = self.at
    self.at = start + units(run.text)
    elements[i] = {
      startIndex = start, endIndex = self.at,
      textRun = { content = run.text, textStyle = { bold = run.bold or nil } },
    }
  end
  return elements
end

local function paragraph(self, text, style, bullet)
  local start = self.at
  local elements = elements_of(self, text)
  return {
    startIndex = start, endIndex = self.at, paragraph = {
      elements = elements, bullet = bullet,
      paragraphStyle = { namedStyleType = style, direction = "LEFT_TO_RIGHT" },
    },
  }
end

function Writer:heading(block)
  return paragraph(self, block.text, "HEADING_" .. block.level)
end

function Writer:paragraph(block)
  return paragraph(self, block.text, "NORMAL_TEXT")
end

--- Write an item. Neighbours of one kind are one list.
function Writer:item(block)
  if self.last ~= block.numbered then
    self.count = self.count + 1
    local level = block.numbered and { glyphType = "DECIMAL" } or { glyphSymbol = "●" }
    local levels = json.array {}
    for i = 1, 9 do levels[i] = level end
    self.lists["kix.list" .. self.count] = { listProperties = { nestingLevels = levels } }
  end
  return paragraph(self, block.text, "NORMAL_TEXT", {
    listId = "kix.list" .. self.count, nestingLevel = block.level > 0 and block.level or nil,
  })
end

local function cell(self, text)
  local start = self.at
  self.at = start + 1
  local content = json.array { paragraph(self, text, "NORMAL_TEXT") }
  return { startIndex = start, endIndex = self.at, content = content }
end

function Writer:table(block)
  local start, rows, columns = self.at, json.array {}, 0
  self.at = start + 1
  for i, cells in ipairs(block.rows) do
    local row = { startIndex = self.at, tableCells = json.array {} }
    self.at, columns = self.at + 1, math.max(columns, #cells)
    for number, text in ipairs(cells) do row.tableCells[number] = cell(self, text) end
    row.endIndex = self.at
    rows[i] = row
  end
  self.at = self.at + 1
  return {
    startIndex = start, endIndex = self.at,
    table = { rows = #rows, columns = columns, tableRows = rows },
  }
end

--- Return body and lists of a tab.
local function write(tab)
  if tab.content then return { content = json.array(tab.content) }, nil end
  local writer = setmetatable({ at = 1, count = 0, lists = {} }, Writer)
  local content = json.array { { endIndex = 1, sectionBreak = { sectionStyle = {} } } }
  for _, block in ipairs(blocks.read(tab.text)) do
    content[#content + 1] = writer[block.kind](writer, block)
    writer.last = block.numbered -- nil after what is no item
  end
  return { content = content }, next(writer.lists) and writer.lists
end

local function view_tab(tab, parent)
  local body, lists = write(tab)
  local children = #tab.tabs > 0 and json.array {} or nil
  for i, child in ipairs(tab.tabs) do children[i] = view_tab(child, tab) end
  return {
    tabProperties = {
      tabId = tab.id, title = tab.title, index = tab.index, parentTabId = parent and parent.id,
      nestingLevel = tab.level > 0 and tab.level or nil,
    },
    documentTab = { body = body, lists = lists }, childTabs = children,
  }
end

--- Return a document as Docs does.
---@param file table with `tabs`
---@param with_tabs boolean all tabs, or the first one's text
---@return table
function documents.view(file, with_tabs)
  local view = {
    documentId = file.id, title = file.resource.name, revisionId = "ALm37BW" .. file.revision,
    suggestionsViewMode = "SUGGESTIONS_INLINE",
  }
  if not with_tabs then
    view.body, view.lists = write(file.tabs[1])
    return view
  end
  view.tabs = json.array {}
  for i, tab in ipairs(file.tabs) do view.tabs[i] = view_tab(tab) end
  return view
end

return documents
