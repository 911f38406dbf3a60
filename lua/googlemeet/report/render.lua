--- Rows of a table as text, CSV, Markdown and JSON.
-- Pure functions over columns and rows.

local cluster = require "googlemeet.unicode.cluster"
local csv = require "googlemeet.report.csv"
local escape = require "googlemeet.report.escape"
local width = require "googlemeet.unicode.width"

---@class googlemeet.Column
---@field title string heading
---@field field string the field of a row that it shows
---@field align? "right"
---@field format? fun(value: any, row: table): string? text of the value; not used by `render.json`
---@field width? integer terminal columns in `render.text` (60); longer texts are cut

local render = {}

--- Make the columns of fields that are shown as they are, under their own names.
---@param fields string[]
---@return googlemeet.Column[]
function render.columns(fields)
  local columns = {}
  for index, name in ipairs(fields) do columns[index] = { title = name, field = name } end
  return columns
end

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

local MOST_WIDE = 60 -- terminal columns of a column that sets no width

local function pad(text, wide, align)
  local blanks = (" "):rep(wide - width.of(text))
  return align == "right" and blanks .. text or text .. blanks
end

--- Write a line of cells. Nothing follows the last one that has a text.
local function text_line(cells, columns, widest)
  local last, padded = #columns, {}
  while last > 0 and cells[last] == "" do last = last - 1 end
  for index = 1, last do
    local align = columns[index].align
    local is_end = index == last and align ~= "right"
    padded[index] = is_end and cells[index] or pad(cells[index], widest[index], align)
  end
  return table.concat(padded, "  ") .. "\n"
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
      line[index] = cluster.cut(escape.clean(line[index] or ""), column.width or MOST_WIDE)
      widest[index] = math.max(widest[index], width.of(line[index]))
    end
    lines[2][index] = ("-"):rep(widest[index])
  end
  for number, line in ipairs(lines) do lines[number] = text_line(line, columns, widest) end
  return table.concat(lines)
end

--- Write the rows as CSV (RFC 4180: CRLF, a line of titles), safe to open in a spreadsheet.
---@param columns googlemeet.Column[]
---@param rows table[]
---@param opts? googlemeet.CsvOptions
---@return string
function render.csv(columns, rows, opts)
  local lines = { titles_of(columns) }
  for _, row in ipairs(rows) do lines[#lines + 1] = texts_of(columns, row) end
  return csv.write(lines, opts)
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

--- Write each row as a JSON object, with the columns' fields in order; an absent value is `null`.
---@param columns googlemeet.Column[]
---@param rows table[]
---@return string[]? objects
---@return googlemeet.Error? err a value that JSON cannot represent
function render.objects(columns, rows)
  local core = require "googlemeet.core"
  local names, objects = {}, {}
  for index, column in ipairs(columns) do names[index] = core.encode(column.field) .. ":" end
  for number, row in ipairs(rows) do
    local fields = {}
    for index, column in ipairs(columns) do
      local value, text, reason = row[column.field], "null", nil
      if value ~= nil then text, reason = core.encode(value) end
      if not text then
        return nil, core.error.new("decode",
          ("row %d, '%s': %s"):format(number, column.field, reason))
      end
      fields[index] = names[index] .. text
    end
    objects[number] = "{" .. table.concat(fields, ",") .. "}"
  end
  return objects
end

--- Write the rows as a JSON array of objects, one per line, as `render.objects` gives them.
---@param columns googlemeet.Column[]
---@param rows table[]
---@return string? text
---@return googlemeet.Error? err a value that JSON cannot represent
function render.json(columns, rows)
  local objects, err = render.objects(columns, rows)
  if not objects then return nil, err end
  if #objects == 0 then return "[]\n" end
  return "[\n" .. table.concat(objects, ",\n") .. "\n]\n"
end

return render
