-- Prints the lines and branches of src/ that nothing has reached and that have no row in
-- spec/fixtures/unreached.lua, and the rows without their code; the status is 1 if there are any
-- but branches, which have a least share instead:
--   lua5.4 spec/support/unreached.lua FILE.json
-- FILE.json is what gcovr wrote.

package.path = "./?.lua;" .. package.path

local cjson = require("cjson").new()
local coverage = require "spec.support.coverage"
local rows = require "spec.fixtures.unreached"

local function read(path)
  local file <close> = io.open(path, "rb")
  return file and file:read "a"
end

local function line_of(path, number)
  for line in io.lines(path) do
    number = number - 1
    if number == 0 then return line end
  end
end

local spans, complaints = coverage.spans(rows, function(file) return read("src/" .. file) end)
local known = 0
for _, found in ipairs(cjson.decode(assert(read(arg[1]))).files) do
  local explained, bare = coverage.judge(found.lines, spans[found.file:match "[^/]+$"])
  known = known + explained
  for _, line in ipairs(bare) do
    local text = ("%s:%d: %s: %s"):format(found.file, line.number, line.what,
      line_of(found.file, line.number))
    if line.what == "the line" then complaints[#complaints + 1] = text else print(text) end
  end
end
for _, complaint in ipairs(complaints) do print(complaint) end
print(("unreached lines of src/: %d with a reason, %d complaints"):format(known, #complaints))
os.exit(#complaints == 0)
