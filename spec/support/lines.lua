-- Prints what share of each module in lua/ was run, and which lines were not:
--   lua5.4 spec/support/lines.lua FILE
-- FILE is what spec/support/lines.c wrote. types/ is never loaded. What runs after Ctrl-C is not
-- noted, since the interpreter takes the hook off for it.

local FOLDER = "lua/googlemeet/"

local function read_lines(path)
  local lines = {}
  for line in io.lines(path) do lines[#lines + 1] = line end
  return lines
end

--- Ends of blocks hold a return that may follow another one, and no hook sees how a function with
--- `...` begins.
local function counts(text, instruction)
  return instruction ~= "VARARGPREP" and not text:find "^[%send(),}]*$"
end

local function lines_with_code(path)
  local text, lines, seen = read_lines(path), {}, {}
  local pipe <close> = assert(io.popen(("luac%s -l -p '%s'"):format(_VERSION:sub(5), path)))
  for digits, instruction in pipe:read "a":gmatch "\n\t%d+\t%[(%d+)%]%s+(%u+)" do
    local line = tonumber(digits)
    if not seen[line] and counts(text[line], instruction) then
      seen[line] = true
      lines[#lines + 1] = line
    end
  end
  table.sort(lines)
  return lines
end

local ran = {}
for line in io.lines(arg[1]) do ran[line] = true end

local files = {}
do
  local pipe <close> = assert(io.popen("find " .. FOLDER .. " -name '*.lua' ! -path '*/types/*'"))
  for file in pipe:lines() do files[#files + 1] = file end
  table.sort(files)
end

local total, total_missing = 0, 0
for _, file in ipairs(files) do
  local missing, lines = {}, lines_with_code(file)
  for _, line in ipairs(lines) do
    if not ran[file .. ":" .. line] then missing[#missing + 1] = line end
  end
  total, total_missing = total + #lines, total_missing + #missing
  print(("%-44s %4d of %4d  %s"):format(file, #lines - #missing, #lines,
    table.concat(missing, ",")))
end
print(("lines of lua/: %.1f%% (%d out of %d)"):format(
  100 * (total - total_missing) / total, total - total_missing, total))
