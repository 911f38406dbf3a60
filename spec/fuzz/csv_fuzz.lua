-- Rows as CSV: what a reader of RFC 4180 finds are the texts of the rows.
-- Normalised on the way, and nothing else: control characters but tabs and line ends, and bytes of
-- broken UTF-8, become U+FFFD (in a transcript's texts the latter only once); a text that a
-- spreadsheet would run as a formula gets an apostrophe in front, unless it is a number.
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

--- What a cell has to have of a text.
local function shown(text)
  local characters = story.characters(text)
  local begins = STARTS[characters[1]]
  for index, character in ipairs(characters) do
    if character:find "^%c$" and not character:find "[\t\r\n]" then
      characters[index] = "\u{FFFD}"
    end
  end
  return (begins and not is_number(text) and "'" or "") .. table.concat(characters)
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

local function check(text, expected)
  local rows = rfc4180.read(text)
  assert(#rows == #expected, "another number of rows")
  for number, row in ipairs(rows) do
    assert(#row == #expected[number], "another number of cells")
    for index, cell in ipairs(row) do
      assert(cell == expected[number][index],
        ("row %d, cell %d: %q, not %q"):format(number, index, cell, expected[number][index]))
    end
  end
end

return function(bytes)
  if (bytes:byte() or 0) % 2 == 0 then return check(make_transcript(bytes:sub(2))) end
  check(make_rows(story.picks(bytes:sub(2))))
end
