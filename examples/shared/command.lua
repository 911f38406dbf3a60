-- The command line of an example: its arguments, what it writes, and how it ends.
local command = {}

--- The core, which is found once shared.account has said where.
local function core() return require "googlemeet.core" end

--- Give a text without what would break a line or steer a terminal.
function command.one_line(text) return core().text.plain(tostring(text)) end

local function stop(status, message)
  io.stderr:write(arg[0]:match "[^/]*$", ": ", command.one_line(message), "\n")
  os.exit(status, true)
end

--- End with status 2: the arguments cannot be used.
function command.refuse(message) stop(2, message .. " (see --help)") end

--- End with status 1: the arguments were good, the rest was not.
function command.fail(problem) stop(1, problem) end

--- Give the options that a text of --help lists, a line each: two blanks, the name and, in
-- capitals, what its value is.
local function listed(usage)
  local options = {}
  for name, value in usage:gmatch "\n  %-%-(%l+) ?(%u*)" do options[name] = value end
  return options
end

local function read_value(name, kind, value)
  if not value then command.refuse(("--%s needs a value: %s"):format(name, kind)) end
  if kind ~= "MINUTES" and kind ~= "SECONDS" then return value end
  local number = tonumber(value)
  if not number or number < 0 or number ~= number or number == math.huge then
    command.refuse(("--%s: a number of %s expected, not '%s'"):format(name, kind:lower(), value))
  end
  return number
end

--- Read the arguments by the text of --help; give the options and `least` to `most` other words.
function command.read(usage, least, most)
  local kinds, options, words, place = listed(usage), {}, {}, 1
  while arg[place] do
    local name, value = arg[place]:match "^%-%-(%l+)=?(.*)$"
    if arg[place] == "" then
      command.refuse "an argument is empty"
    elseif name == "help" then
      io.stdout:write(usage)
      os.exit(0, true)
    elseif not name and not arg[place]:find "^%-." then
      words[#words + 1] = arg[place]
    elseif not kinds[name] then
      command.refuse("unknown option " .. arg[place])
    elseif kinds[name] == "" then
      options[name] = true
    else
      if value == "" then place, value = place + 1, arg[place + 1] end
      options[name] = read_value(name, kinds[name], value)
    end
    place = place + 1
  end
  if #words < least then command.refuse "an argument is missing" end
  if #words > most then command.refuse("one argument too many: " .. words[most + 1]) end
  return options, words
end

--- Write a text into a file, or without a path to standard output.
function command.write(text, path)
  local file, problem = io.stdout, nil
  if path then file, problem = io.open(path, "wb") end
  if not file then command.fail(problem) end
  local written, reason = file:write(text)
  if written and path then written, reason = file:close() end
  if not written then command.fail((path or "standard output") .. ": " .. reason) end
end

--- Write a text into a file that changes as a whole or not at all.
function command.replace(text, path)
  command.write(text, path .. ".new")
  local renamed, problem = os.rename(path .. ".new", path)
  if not renamed then command.fail(problem) end
end

--- Show a text in the last line of a terminal, in place of the one before; elsewhere do nothing.
function command.progress(text)
  if core().os.is_terminal(io.stderr) then io.stderr:write("\r\27[K", text) end
end

--- Read a whole file.
function command.contents(path)
  local file, problem = io.open(path, "rb")
  local text = file and file:read "a"
  if not text then command.fail(problem or path .. ": cannot be read") end
  file:close()
  return text
end

return command
