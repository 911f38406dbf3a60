-- Rows as CSV: what a reader of RFC 4180 finds are the texts of the rows.
-- Normalised on the way, and nothing else: control characters but tabs and line ends, and bytes of
-- broken UTF-8, become U+FFFD (in a transcript's texts the latter only once); a text that a
-- spreadsheet would run as a formula gets an apostrophe in front, unless it is a number, and so
-- does one behind what parts cells for others. Whether a blank joins merged texts is left to
-- join_spec.
-- The first byte chooses between a transcript (see story.lua) and rows of texts and numbers.

local render = require "googlemeet.report.render"
local rfc4180 = require "spec.support.rfc4180"
local story = require "spec.fuzz.story"

local FIELDS = { "start_text", "end_text", "speaker", "text", "language", "participant" }

--- What begins a formula, as it is or wide.
local STARTS = {
  ["="] = true, ["+"] = true, ["-"] = true, ["@"] = true, ["\t"] = true, ["\r"] = true,
  ["\n"] = true, ["\u{FF1D}"] = true, ["\u{FF0B}"] = true, ["\u{FF0D}"] = true,
  ["\u{FF20}"] = true,
}

local function is_number(text)
  local rest = text:match "^%-%d+(.*)$"
  rest = rest and rest:gsub("^%.%d*", ""):gsub("^e[+-]%d+$", "")
  return rest == ""
end

local PARTS = { [";"] = true, ["\t"] = true, ["\r"] = true, ["\n"] = true }

--- Whether the text from a character up to the end of what others take for a cell is a formula; of
-- a text's own start all of it counts.
local function is_formula(characters, from)
  local last = from
  while from > 1 and characters[last] and not PARTS[characters[last]] do last = last + 1 end
  if from > 1 and last == from then return false end
  local text = table.concat(characters, "", from, from > 1 and last - 1 or #characters)
  return STARTS[characters[from]] and not is_number(text)
end

--- What a cell has to have of a text.
local function shown(text)
  local characters, cell = story.characters(text), {}
  for index, character in ipairs(characters) do
    local start = index
    if index > 1 and PARTS[characters[index - 1]] then
      while characters[start] == '"' do start = start + 1 end
    end
    local begins = index == 1 or PARTS[characters[index - 1]]
    if begins and is_formula(characters, start) then cell[#cell + 1] = "'" end
    local is_control = character:find "^%c$" and not character:find "[\t\r\n]"
    cell[#cell + 1] = is_control and "\u{FFFD}" or character
  end
  return table.concat(cell)
end

--- A value of a row, and its text.
local VALUES = {
  function() return nil, "" end,
  function(pick)
    local number = pick(256) - 128
    return number, tostring(number)
  end,
  function(pick)
    local number = (pick(256) - 128) / 8
    return number, (("%.3f"):format(number):gsub("%.?0+$", ""))
  end,
  function() return -1e20, "-1e+20" end,
}

local function make_rows(pick, pick_text)
  local columns, rows, expected = {}, {}, { {} }
  for index = 1, 1 + pick(5) do
    columns[index] = { title = pick_text(), field = index }
    expected[1][index] = shown(columns[index].title)
  end
  for number = 1, pick(5) do
    rows[number], expected[number + 1] = {}, {}
    for index = 1, #columns do
      local make = VALUES[pick(12)]
      local value, text
      if make then value, text = make(pick) else value = pick_text() end
      rows[number][index] = value
      expected[number + 1][index] = text or shown(value)
    end
  end
  return render.csv(columns, rows), expected
end

local function make_transcript(bytes)
  local report, entries = story.tell(bytes)
  local expected = { { "start_time", "end_time", table.unpack(FIELDS, 3) } }
  for number, entry in ipairs(entries) do
    entry.language = "en"
    expected[number + 1] = {}
    for index, field in ipairs(FIELDS) do
      expected[number + 1][index] = shown(entry[field] or "")
    end
  end
  return report:render "csv", expected
end

local function same(cell, expected)
  return cell == expected or cell:gsub("[ ']", "") == expected:gsub("[ ']", "")
end

local function check(text, expected)
  local rows = rfc4180.read(text)
  assert(#rows == #expected, "another number of rows")
  for number, row in ipairs(rows) do
    assert(#row == #expected[number], "another number of cells")
    for index, cell in ipairs(row) do
      assert(same(cell, expected[number][index]),
        ("row %d, cell %d: %q, not %q"):format(number, index, cell, expected[number][index]))
    end
  end
end

return function(bytes)
  if (bytes:byte() or 0) % 2 == 0 then return check(make_transcript(bytes:sub(2))) end
  check(make_rows(story.picks(bytes:sub(2))))
end
