--- The text of a document, read line by line: a small part of Markdown, as scripts write it down.
-- `# x` to `###### x` are headings, `- x` and `1. x` items of lists (two blanks before it: one
-- level deeper), `| a | b |` rows of a table, any other line is a paragraph; `**x**` is bold.

local blocks = {}

local function heading_of(line)
  local marks, rest = line:match "^(#+) (.*)$"
  return marks and #marks <= 6 and { kind = "heading", level = #marks, text = rest }
end

local function item_of(line)
  local indent, mark, rest = line:match "^(%s*)([-*]) (.*)$"
  if not mark then
    indent, rest = line:match "^(%s*)%d+%. (.*)$"
  end
  if not rest then return nil end
  return { kind = "item", numbered = not mark, level = math.min(#indent // 2, 8), text = rest }
end

local function row_of(line)
  local inner = line:match "^|(.*)|%s*$"
  if not inner then return nil end
  local cells = {}
  for cell in (inner .. "|"):gmatch "%s*(.-)%s*|" do cells[#cells + 1] = cell end
  return cells
end

local function is_rule(cells)
  return not table.concat(cells):find "[^-: ]"
end

--- Read a text into an array of blocks: `kind` is "heading" (`level`), "item" (`level` from 0,
-- `numbered`), "table" (`rows`, arrays of cells), "paragraph"; all but tables have a `text`.
---@param text string
---@return table[]
function blocks.read(text)
  local found, open = {}, nil
  for line in (text:gsub("\n$", "") .. "\n"):gmatch "(.-)\r?\n" do
    local cells = row_of(line)
    if cells and open and not is_rule(cells) then
      table.insert(open.rows, cells)
    elseif cells and not open then
      open = { kind = "table", rows = { cells } }
      found[#found + 1] = open
    elseif not cells then
      open = nil
      found[#found + 1] = heading_of(line) or item_of(line) or { kind = "paragraph", text = line }
    end
  end
  return found
end

--- Split a text into runs, bold ones and others in turn, without the marks.
---@param text string
---@return { text: string, bold: boolean }[]
function blocks.runs(text)
  local runs, at = {}, 1
  local function add(part, bold)
    if part ~= "" then runs[#runs + 1] = { text = part, bold = bold } end
  end
  for from, bold, to in text:gmatch "()%*%*(.-)%*%*()" do
    add(text:sub(at, from - 1), false)
    add(bold, true)
    at = to
  end
  add(text:sub(at), false)
  return runs
end

--- Return a text without marks.
---@param text string
---@return string
function blocks.plain(text)
  return (text:gsub("%*%*(.-)%*%*", "%1"))
end

return blocks
