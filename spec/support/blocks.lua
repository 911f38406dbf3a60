--- Reads the fenced blocks of a Markdown document, and compares them with what was printed.

local tree = require "spec.support.tree"

local blocks = {}

--- Read the fenced blocks of a document, in order.
---@return table[] blocks `{ path =, line =, language =, text =, output = }`: `line` is that of the
-- fence; `output` is the `text` block that follows with nothing but blank lines between
function blocks.read(path)
  local found, open, number, is_next = {}, nil, 0, false
  for line in (tree.read(path) .. "\n"):gmatch "(.-)\n" do
    number = number + 1
    local indent, language = line:match "^(%s*)```(%w*)%s*$"
    if open and language == "" then
      open.text = table.concat(open.lines, "\n")
      local before = found[#found]
      if open.language == "text" and is_next then before.output = open.text end
      found[#found + 1], open, is_next = open, nil, true
    elseif open then
      open.lines[#open.lines + 1] = line:sub(1, #open.indent) == open.indent
        and line:sub(#open.indent + 1) or line
    elseif language then
      open = { path = path, line = number, language = language, indent = indent, lines = {} }
    elseif line:find "%S" then
      is_next = false
    end
  end
  assert(not open, path .. " has a block without an end")
  return found
end

--- Replace what differs from run to run, and is not worth `…`: any date is DATE.
local function normalise(line)
  return (line:gsub("%d%d%d%d%-%d%d%-%d%d", "DATE"):gsub("%s+$", ""))
end

--- Split a text into lines, without the blank ones at its end.
local function lines_of(text)
  local lines = {}
  for line in (text:gsub("%s+$", "") .. "\n"):gmatch "(.-)\n" do
    lines[#lines + 1] = normalise(line)
  end
  return lines
end

--- Make a pattern of a line, in which `…` is any text.
local function pattern_of(line)
  local pattern = line:gsub("[^%w%s\128-\255]", "%%%0"):gsub("…", ".-")
  return "^" .. pattern .. "$"
end

--- Cut lines at those that are `…`.
local function segments_of(lines)
  local segments = { {} }
  for _, line in ipairs(lines) do
    if line == "…" then
      segments[#segments + 1] = {}
    else
      table.insert(segments[#segments], pattern_of(line))
    end
  end
  return segments
end

--- Give how many lines of a segment are in `printed` from `at` on.
local function agreeing(segment, printed, at)
  for index, pattern in ipairs(segment) do
    local line = printed[at + index - 1]
    if not (line and line:find(pattern)) then return index - 1 end
  end
  return #segment
end

--- Find the lines of a segment, at `at` or behind it; nil and the line up to which they agree best.
local function find_segment(segment, printed, at, last)
  local best, furthest = 0, at
  for start = at, last do
    local count = agreeing(segment, printed, start)
    if count == #segment then return start end
    if count > best then best, furthest = count, start + count end
  end
  return nil, furthest
end

--- Give nil where the lines fit, else the number of the first that does not. What stands before the
-- first `…` is at the beginning, what stands behind the last one at the end.
local function first_difference(expected, printed)
  local segments, at = segments_of(expected), 1
  for index, segment in ipairs(segments) do
    local is_end = index > 1 and index == #segments
    local first = is_end and math.max(at, #printed - #segment + 1) or at
    local start, furthest = find_segment(segment, printed, first, index > 1 and #printed + 1 or 1)
    if not start then return furthest end
    at = start + #segment
  end
  return at <= #printed and at or nil
end

--- Fail unless `printed` is `expected`. A line `…` is any lines, and `…` elsewhere any text.
function blocks.compare(where, expected, printed)
  local wanted, got = lines_of(expected), lines_of(printed)
  local line = first_difference(wanted, got)
  if not line then return end
  error(("%s: not what is printed, from line %d on\n--- documented\n%s\n--- printed\n%s\n---")
    :format(where, line, table.concat(wanted, "\n"), table.concat(got, "\n")), 0)
end

return blocks
