--- Counts the lines of lua/googlemeet that a process runs: `LINES=FILE lua5.4 -l spec.support.lines
-- …` adds them to FILE at its end. `lua5.4 spec/support/lines.lua FILE` prints what share of each
-- module was run, and which lines were not. types.lua is never loaded.

local HEAD = "lua/googlemeet/"

local function lines_with_code(path)
  local lines = {}
  local pipe <close> = assert(io.popen(("luac5.4 -l -p '%s'"):format(path)))
  for line in pipe:read "a":gmatch "\n\t%d+\t%[(%d+)%]" do lines[tonumber(line)] = true end
  return lines
end

local function sorted(set)
  local keys = {}
  for key in pairs(set) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

local function report(path)
  local ran = {}
  for line in io.lines(path) do ran[line] = true end
  local pipe <close> = assert(io.popen("find " .. HEAD .. " -name '*.lua' ! -name types.lua"))
  local files, total, total_run = {}, 0, 0
  for file in pipe:lines() do files[file] = true end
  for _, file in ipairs(sorted(files)) do
    local missing, count = {}, 0
    for _, line in ipairs(sorted(lines_with_code(file))) do
      count = count + 1
      if not ran[file .. ":" .. line] then missing[#missing + 1] = line end
    end
    total, total_run = total + count, total_run + count - #missing
    if #missing > 0 then
      print(("%-44s %4d of %4d  %s"):format(file, count - #missing, count,
        table.concat(missing, ",")))
    end
  end
  print(("Lua lines: %.1f%% (%d out of %d)"):format(100 * total_run / total, total_run, total))
end

if arg and arg[0] and arg[0]:find "lines%.lua$" then return report(arg[1]) end

local ran, kept = {}, {}

local function note(_, line)
  local source = debug.getinfo(2, "S").source
  local module = kept[source]
  if module == nil then
    local at = source:find(HEAD, 1, true)
    module = at and source:sub(at) or false
    kept[source] = module
  end
  if module then ran[module .. ":" .. line] = true end
end

--- Hooks belong to a thread: every new one gets it.
local threads = coroutine
local create, wrap = threads.create, threads.wrap

function threads.create(f)
  local thread = create(f)
  debug.sethook(thread, note, "l")
  return thread
end

function threads.wrap(f)
  return wrap(function(...)
    debug.sethook(note, "l")
    return f(...)
  end)
end

debug.sethook(note, "l")

-- Kept by the registry, so that it is collected, and writes, as the state closes.
debug.getregistry()[note] = setmetatable({}, { __gc = function()
  local file = io.open(os.getenv "LINES", "a")
  for line in pairs(ran) do file:write(line, "\n") end
  file:close()
end })
