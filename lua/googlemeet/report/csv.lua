--- CSV by RFC 4180, safe to open in a spreadsheet.
-- Pure.

local escape = require "googlemeet.report.escape"

local csv = {}

---@class googlemeet.CsvOptions
---@field bom? boolean begin with a byte order mark, as Excel wants it of UTF-8 (false)
---@field separator? string between cells: "," (the default), ";" or a tab

csv.OPTIONS = { bom = false, separator = "," }

local SEPARATORS = { [","] = true, [";"] = true, ["\t"] = true }

--- Describe a mistake in checked options.
---@param opts googlemeet.CsvOptions
---@return string?
function csv.problem(opts)
  if SEPARATORS[opts.separator] then return nil end
  return "option 'separator': ',', ';' or a tab expected"
end

--- Say whether a text is a number as this module writes them: without a leading plus, which is how
-- telephone numbers begin.
local function is_number(text)
  local rest = text:match "^%-?%d+()" -- step by step: a pattern for it all takes n * n steps
  rest = rest and (text:match("^%.%d*()", rest) or rest)
  rest = rest and (text:match("^e[+-]%d+()", rest) or rest)
  return rest == #text + 1
end

--- Say whether a spreadsheet takes a text for a formula, with a sign of full width as well: U+FF1D,
-- U+FF0B, U+FF0D, U+FF20.
local function is_formula(text)
  if text:find "^[=+%-@\t\r\n]" then return not is_number(text) end
  return text:find "^\xEF\xBC[\x9D\x8B\x8D\xA0]" ~= nil
end

--- Characters that separate cells for readers of other separators: these do not see a quote inside
-- of their cell.
local OTHERS = { [","] = "[;\t\r\n]", [";"] = "[,\t\r\n]", ["\t"] = "[,;\r\n]" }

--- Put an apostrophe before each formula: at the start of a text, and behind what another reader
-- takes for the end of a cell, with or without a quote between.
local function disarm(text, others)
  if is_formula(text) then text = "'" .. text end
  if not text:find(others) then return text end
  local parts, from = {}, 1
  for stop in text:gmatch(others .. "()") do
    parts[#parts + 1] = text:sub(from, stop - 1)
    from = stop
    local next_stop = text:find(others, from) or #text + 1
    local start = text:match('^"*()', from)
    if start < next_stop and is_formula(text:sub(start, next_stop - 1)) then
      parts[#parts + 1] = "'"
    end
  end
  parts[#parts + 1] = text:sub(from)
  return table.concat(parts)
end

local QUOTED = { '"', ",", ";", "\t", "\r", "\n" }

--- Say whether quotes have to stand around a text. One search for each character is faster than one
-- for all.
local function needs_quotes(text)
  for _, mark in ipairs(QUOTED) do
    if text:find(mark, 1, true) then return true end
  end
  return text:byte(1) == 0x20 or text:byte(-1) == 0x20
end

--- Write a text as one cell. Line ends and tabs stay; other control characters and broken UTF-8
-- become U+FFFD.
local function cell_of(text, others)
  if text == "" then return text end
  if text:match "^[ -~]*()" <= #text then
    text = escape.mend(text):gsub("[\0-\8\11\12\14-\31\127]", "\u{FFFD}")
  end
  if needs_quotes(text) then return '"' .. disarm(text, others):gsub('"', '""') .. '"' end
  return is_formula(text) and "'" .. text or text
end

--- Write lines of texts.
---@param lines string[][]
---@param opts? googlemeet.CsvOptions
---@return string
function csv.write(lines, opts)
  local separator = opts and opts.separator or ","
  local others, written = OTHERS[separator], {}
  for number, line in ipairs(lines) do
    local cells = {}
    for index, text in ipairs(line) do cells[index] = cell_of(text, others) end
    -- Readers skip an empty line.
    written[number] = #cells == 1 and cells[1] == "" and '""' or table.concat(cells, separator)
  end
  written[#written + 1] = ""
  return (opts and opts.bom and "\u{FEFF}" or "") .. table.concat(written, "\r\n")
end

return csv
