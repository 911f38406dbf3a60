--- Cells and lines of CSV, RFC 4180.

local escape = require "googlemeet.report.escape"

local csv = {}

--- What a spreadsheet takes for the start of a formula, the wide forms too.
local STARTS = { "^[=+%-@\t\r\n]", "^\u{FF1D}", "^\u{FF0B}", "^\u{FF0D}", "^\u{FF20}" }

--- Say whether a text is a number as this module writes them: not with a plus, which is how
-- telephone numbers begin.
local function is_number(text)
  return text:find "^%-?%d+%.?%d*$" or text:find "^%-?%d+%.?%d*e[+-]%d+$"
end

--- Give a text as one cell.
-- One that a spreadsheet would run as a formula gets an apostrophe in front. Line ends and tabs
-- stay; other control characters and broken UTF-8 become U+FFFD.
---@param text string
---@return string
function csv.cell(text)
  text = escape.mend(text):gsub("[\0-\8\11\12\14-\31\127]", "\u{FFFD}")
  for _, start in ipairs(STARTS) do
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

--- Give texts as one line, its end included.
---@param texts string[]
---@return string
function csv.line(texts)
  local cells = {}
  for index, text in ipairs(texts) do cells[index] = csv.cell(text) end
  if #cells == 1 and cells[1] == "" then
    return '""\r\n' -- an empty line would be read as no row at all
  end
  return table.concat(cells, ",") .. "\r\n"
end

return csv
