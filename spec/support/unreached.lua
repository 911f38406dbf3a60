-- Looks at what gcovr found in src/: every line and branch that nothing has reached needs a
-- comment with "Unreached:" that says why, in its statement or right above it.
--   lua5.4 spec/support/unreached.lua FILE.json
-- The comment of a condition serves the block under it, too. The status is 1 if one is missing.

local cjson = require("cjson").new()

local REASON = "Unreached:"

local function read_lines(path)
  local lines = {}
  for line in io.lines(path) do lines[#lines + 1] = line end
  return lines
end

local function is_comment(text) return text:find "^%s*/%*" or text:find "^%s+%*[ /]" end

local function ends_statement(text, ends)
  return text:gsub("%s*/%*.-%*/%s*$", ""):find(ends or "[;{}:]$") or text == "" or text:find "^#"
end

local function has_reason_above(text, number, ends)
  local above = text[number - 1]
  if text[number]:find(REASON, 1, true) then return true end
  return above and (is_comment(above) or not ends_statement(above, ends))
    and has_reason_above(text, number - 1, ends)
end

--- True if the comment stands in the statement of a line or right above it; for a whole line also
--- if it is that of the block which begins there.
local function has_reason(text, number, is_whole)
  if has_reason_above(text, number, is_whole and "[;}:]$") then return true end
  while text[number] and not ends_statement(text[number]) do
    number = number + 1
    if text[number]:find(REASON, 1, true) then return true end
  end
  return false
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

local function sum_up(file)
  local text, explained, known, bare = read_lines(file.file), false, 0, {}
  table.sort(file.lines, function(a, b) return a.line_number < b.line_number end)
  for _, line in ipairs(file.lines) do
    local what, number = describe(line), line.line_number
    explained = what and
      (has_reason(text, number, line.count == 0) or (explained and line.count == 0)) or false
    if explained then
      known = known + 1
    elseif what then
      bare[#bare + 1] = ("%s:%d: %s: %s"):format(file.file, number, what, text[number])
    end
  end
  return known, bare
end

local file <close> = assert(io.open(arg[1]))
local known, bare = 0, 0
for _, found in ipairs(cjson.decode(file:read "a").files) do
  local explained, complaints = sum_up(found)
  known, bare = known + explained, bare + #complaints
  for _, complaint in ipairs(complaints) do print(complaint) end
end
print(("unreached lines of src/: %d with a reason, %d without"):format(known, bare))
os.exit(bare == 0)
