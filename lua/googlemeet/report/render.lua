--- Rows as text, CSV, Markdown and JSON.
-- Pure functions over columns and rows.

local escape = require "googlemeet.report.escape"
local width = require "googlemeet.report.width"

---@class googlemeet.Column
---@field title string heading
---@field field string the field of a row that it shows
---@field align? "right"
---@field format? fun(value: any, row: table): string? text of the value; not used by `render.json`
---@field width? integer terminal columns in `render.text`; longer texts are cut

local render = {
  clean = escape.clean,
  escape_html = escape.html,
  escape_markdown = escape.markdown,
}

--- Convert a value to text; nil is empty. Numbers have a decimal point in every locale.
local function text_of(value)
  if value == nil then
    return ""
  elseif math.type(value) == "float" then
    return (("%.14g"):format(value):gsub(",", "."))
  end
  return tostring(value)
end

--- Return the texts of a row, one for each column.
local function texts_of(columns, row)
  local texts = {}
  for index, column in ipairs(columns) do
    local value = row[column.field]
    if column.format then value = column.format(value, row) end
    texts[index] = text_of(value)
  end
  return texts
end

local function titles_of(columns)
  local titles = {}
  for index, column in ipairs(columns) do titles[index] = column.title end
  return titles
end

local function pad(text, wide, align)
  local blanks = (" "):rep(wide - width.of(text))
  return align == "right" and blanks .. text or text .. blanks
end

--- Write the rows for a terminal: columns two blanks apart under their titles.
---@param columns googlemeet.Column[]
---@param rows table[]
---@return string
function render.text(columns, rows)
  local lines, widest = { titles_of(columns), {} }, {}
  for _, row in ipairs(rows) do lines[#lines + 1] = texts_of(columns, row) end
  for index, column in ipairs(columns) do
    widest[index] = 0
    for _, line in ipairs(lines) do
      local text = escape.clean(line[index] or "")
      line[index] = column.width and width.cut(text, column.width) or text
      widest[index] = math.max(widest[index], width.of(line[index]))
    end
    lines[2][index] = ("-"):rep(widest[index])
  end
  for number, line in ipairs(lines) do
    for index, column in ipairs(columns) do
      line[index] = pad(line[index], widest[index], column.align)
    end
    lines[number] = table.concat(line, "  "):gsub(" +$", "")
  end
  return table.concat(lines, "\n") .. "\n"
end

--- What a spreadsheet takes for the start of a formula, full-width forms included.
local FORMULA_STARTS = { "^[=+%-@\t\r\n]", "^\u{FF1D}", "^\u{FF0B}", "^\u{FF0D}", "^\u{FF20}" }

--- Say whether a text is a number as this module writes them: without a leading plus, which is how
-- telephone numbers begin.
local function is_number(text)
  return text:find "^%-?%d+%.?%d*$" or text:find "^%-?%d+%.?%d*e[+-]%d+$"
end

--- Write a text as one cell of CSV. A text that a spreadsheet would run as a formula gets a leading
-- apostrophe. Line ends and tabs stay; other control characters and broken UTF-8 become U+FFFD.
local function csv_cell(text)
  text = escape.mend(text):gsub("[\0-\8\11\12\14-\31\127]", "\u{FFFD}")
  for _, start in ipairs(FORMULA_STARTS) do
    if text:find(start) and not is_number(text) then
      text = "'" .. text
      break
    end
  end
  if text:find '[",;\t\r\n]' or text:find "^ " or text:find " $" then
    return '"' .. text:gsub('"', '""') .. '"'
  end
  return text
end

local function csv_line(texts)
  local cells = {}
  for index, text in ipairs(texts) do cells[index] = csv_cell(text) end
  if #cells == 1 and cells[1] == "" then
    return '""\r\n' -- readers skip an empty line
  end
  return table.concat(cells, ",") .. "\r\n"
end

--- Write the rows as CSV (RFC 4180: CRLF, a line of titles), safe to open in a spreadsheet.
---@param columns googlemeet.Column[]
---@param rows table[]
---@return string
function render.csv(columns, rows)
  local lines = { csv_line(titles_of(columns)) }
  for _, row in ipairs(rows) do lines[#lines + 1] = csv_line(texts_of(columns, row)) end
  return table.concat(lines)
end

local function markdown_line(texts)
  local cells = {}
  for index, text in ipairs(texts) do cells[index] = escape.markdown(text) end
  return "| " .. table.concat(cells, " | ") .. " |\n"
end

--- Write the rows as a table in GitHub's Markdown.
---@param columns googlemeet.Column[]
---@param rows table[]
---@return string
function render.markdown(columns, rows)
  local rules = {}
  for index, column in ipairs(columns) do
    rules[index] = column.align == "right" and "---:" or "---"
  end
  local lines = { markdown_line(titles_of(columns)), "| " .. table.concat(rules, " | ") .. " |\n" }
  for _, row in ipairs(rows) do lines[#lines + 1] = markdown_line(texts_of(columns, row)) end
  return table.concat(lines)
end

--- Write the rows as a JSON array of objects, one per line, with the columns' fields in order; an
-- absent value is `null`.
---@param columns googlemeet.Column[]
---@param rows table[]
---@return string? text
---@return googlemeet.Error? err a value that JSON cannot represent
function render.json(columns, rows)
  local core = require "googlemeet.core"
  local objects = {}
  for number, row in ipairs(rows) do
    local pairs_of_row = {}
    for index, column in ipairs(columns) do
      local value, text, reason = row[column.field], "null", nil
      if value ~= nil then text, reason = core.text.encode(value) end
      if not text then
        return nil, core.error.new("decode",
          ("row %d, '%s': %s"):format(number, column.field, reason))
      end
      pairs_of_row[index] = core.text.encode(column.field) .. ":" .. text
    end
    objects[number] = "{" .. table.concat(pairs_of_row, ",") .. "}"
  end
  if #objects == 0 then return "[]\n" end
  return "[\n" .. table.concat(objects, ",\n") .. "\n]\n"
end

return render
