--- Holds what gcovr found of src/ against spec/fixtures/unreached.lua: what nothing has reached
-- needs a row, and a row needs its code.

local coverage = {}

--- The words of a text, each with its line.
local function words_of(text)
  local words, number = {}, 0
  for line in (text .. "\n"):gmatch "([^\n]*)\n" do
    number = number + 1
    for word in line:gmatch "%S+" do words[#words + 1] = { word, number } end
  end
  return words
end

local function stands_at(words, place, code)
  for index, word in ipairs(code) do
    local found = words[place + index - 1]
    if not found or found[1] ~= word[1] then return false end
  end
  return true
end

--- The places where a text has some code, whatever the breaks between its words.
---@return { first: integer, last: integer }[] lines
function coverage.places(text, code)
  local words, wanted, found = words_of(text), words_of(code), {}
  for place = 1, #words do
    if stands_at(words, place, wanted) then
      found[#found + 1] = { first = words[place][2], last = words[place + #wanted - 1][2] }
    end
  end
  return found
end

--- Find the code of each row in the sources, which `read(file)` gives, or nil.
---@return table<string, table[]> spans by file, the lines of its rows
---@return string[] complaints about rows whose code does not stand in one place
function coverage.spans(rows, read)
  local spans, complaints = {}, {}
  for _, row in ipairs(rows) do
    local file, code = row[1], row[2]
    local places = coverage.places(read(file) or "", code)
    if #places == 1 then
      spans[file] = spans[file] or {}
      table.insert(spans[file], places[1])
    else
      complaints[#complaints + 1] = ("a row's code stands in %d places of %s: %s")
        :format(#places, file, code)
    end
  end
  return spans, complaints
end

--- What nothing has reached of a line, in words; nil if all of it was reached.
local function describe(line)
  if line["gcovr/noncode"] then return nil end
  if line.count == 0 then return "the line" end
  local missing = 0
  for _, branch in ipairs(line.branches) do
    if branch.count == 0 then missing = missing + 1 end
  end
  return missing > 0 and ("%d of %d branches"):format(missing, #line.branches) or nil
end

local function is_within(spans, number)
  for _, span in ipairs(spans or {}) do
    if number >= span.first and number <= span.last then return true end
  end
  return false
end

--- Hold the lines of a file against the spans of its rows.
---@param lines table[] as in the JSON of gcovr
---@return integer explained how many unreached lines have a row
---@return { number: integer, what: string }[] bare those that have none
function coverage.judge(lines, spans)
  local explained, bare, is_covered = 0, {}, false
  table.sort(lines, function(a, b) return a.line_number < b.line_number end)
  for _, line in ipairs(lines) do
    local what = describe(line)
    is_covered = is_within(spans, line.line_number) or (is_covered and line.count == 0)
    if what and is_covered then
      explained = explained + 1
    elseif what then
      bare[#bare + 1] = { number = line.line_number, what = what }
    end
  end
  return explained, bare
end

return coverage
