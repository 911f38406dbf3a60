--- Reads and writes CSV as in RFC 4180: quotes, commas and line ends in cells, CRLF or LF, a byte
-- order mark. The first row shows what separates cells: a comma, or the semicolon or tab of other
-- spreadsheets. Pure.

local csv = {}

--- Read the cell at a place. Return it and the place after it, or nil and what is wrong.
local function read_cell(text, place, separator)
  if text:sub(place, place) ~= '"' then
    return text:match("^([^" .. separator .. "\n]*)()", place)
  end
  local last = place
  repeat -- from a quote to the one that no other follows
    last = text:find('"', last + 1, true)
    local doubled = last and text:sub(last + 1, last + 1) == '"'
    if doubled then last = last + 1 end
  until not doubled
  if not last then return nil, "a quote is never closed" end
  if not text:find("^[" .. separator .. "\n]", last + 1) then
    return nil, "there is text behind a closing quote"
  end
  return text:sub(place + 1, last - 1):gsub('""', '"'), last + 1
end

--- Read a text. Empty lines are no rows.
---@param text string
---@return table? rows arrays of cells, each with the `line` that it starts on; `mark` is the byte
--- order mark or "", `separator` is between cells
---@return string? problem
function csv.read(text)
  local rows, place, line = { mark = text:match "^\u{FEFF}" or "" }, 1, 1
  text = text:sub(#rows.mark + 1):gsub("\r\n?", "\n"):gsub("\n*$", "\n", 1)
  rows.separator = text:gsub('"[^"]*"', ""):match "^[^\n]-([,;\t])" or ","
  while place <= #text do
    local row, start = { line = line }, place
    repeat
      local cell, after = read_cell(text, place, rows.separator)
      if not cell then return nil, ("line %d: %s"):format(line, after) end
      row[#row + 1], place = cell, after + 1
    until text:sub(after, after) == "\n"
    line = line + select(2, text:sub(start, place - 1):gsub("\n", ""))
    if #row > 1 or row[1] ~= "" then rows[#rows + 1] = row end
  end
  return rows
end

--- What a spreadsheet runs as a formula begins with one of these signs, or with a wide one.
local SIGNS = { "[=+%-@]", "\xEF\xBC[\x9D\x8B\x8D\xA0]" }

--- What other readers take for the end of a cell, by what separates cells here.
local OTHERS = { [","] = "[;\t\n]", [";"] = "[,\t\n]", ["\t"] = "[,;\n]" }

--- Put an apostrophe before each formula: at the start of a cell, and behind what another reader
-- takes for the end of one.
local function disarm(cell, separator)
  cell = cell:gsub("^\t", "'%0")
  for _, sign in ipairs(SIGNS) do
    cell = cell:gsub("^" .. sign, "'%0")
      :gsub("(" .. OTHERS[separator] .. ' *"*)(' .. sign .. ")", "%1'%2")
  end
  return cell
end

--- Return a cell as it was before it was written.
---@param cell string
---@return string
function csv.original(cell)
  cell = cell:gsub("^'(\t)", "%1")
  for _, sign in ipairs(SIGNS) do
    cell = cell:gsub("^'(" .. sign .. ")", "%1"):gsub('([,;\t\n] *"*)\'(' .. sign .. ")", "%1%2")
  end
  return cell
end

--- Write a row.
---@param cells string[]
---@param separator string
---@return string line
function csv.line(cells, separator)
  local written = {}
  for index, cell in ipairs(cells) do
    cell = disarm(cell, separator)
    written[index] = cell:find '[",;\t\n\r]' and '"' .. cell:gsub('"', '""') .. '"' or cell
  end
  return table.concat(written, separator) .. "\r\n"
end

return csv
