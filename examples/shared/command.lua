-- The command line of an example: its arguments, what it writes, and how it ends.
local command = {}

local EBADF, ENODEV = 9, 19 -- on every system; file.replace gives the latter for devices and FIFOs

--- The core, which is found once shared.account has said where.
local function core() return require "googlemeet.core" end

--- Give a text without what would break a line or steer a terminal.
function command.one_line(text) return core().text.plain(tostring(text)) end

local is_over = false -- the status is known: what is closed now changes nothing

--- End with a status, and a line on standard error if there is a message, of one line.
function command.stop(status, message)
  if message then io.stderr:write(arg[0]:match "[^/]*$", ": ", message, "\n") end
  is_over = true
  os.exit(status, true)
end

--- End with status 2: the arguments cannot be used.
function command.refuse(message)
  command.stop(2, command.one_line(message) .. " (see --help)")
end

--- Whether an error is that of Ctrl-C, which the interpreter raises.
function command.is_interrupt(problem)
  return type(problem) == "string" and problem:find "interrupted!%f[\n\0]" ~= nil
end

--- End with status 1: the arguments were good, the rest was not; by Ctrl-C with 130.
function command.fail(problem)
  if command.is_interrupt(problem) then command.stop(130, "interrupted") end
  command.stop(1, command.one_line(problem))
end

--- Say on standard error what a report could not read.
function command.say_incomplete(report)
  for _, one in ipairs(report.incomplete) do
    local line = ("incomplete: %s: %s"):format(one.name, tostring(one.err))
    io.stderr:write(command.one_line(line), "\n")
  end
end

--- Write a text to a stream, all of it.
local function print_to(stream, name, text)
  local written, problem = stream:write(text)
  if written then written, problem = stream:flush() end
  if not written then command.fail(name .. ": " .. problem) end
end

local function close(_, problem)
  if is_over then return end
  if not problem then return print_to(io.stdout, "standard output", "") end -- what is buffered
  local is_mistake = type(problem) == "string" and not command.is_interrupt(problem)
  if not is_mistake then command.fail(problem) end -- else the interpreter shows where it is
end

--- Print as the usual function does, which does not notice a full disk.
local function print_all(...)
  local texts = table.pack(...)
  for index = 1, texts.n do texts[index] = tostring(texts[index]) end
  command.write(table.concat(texts, "\t") .. "\n")
end

--- Give what a program holds in a `<close>` variable from its start: it ends with status 1 where
-- something cannot be printed or an error is raised, and by Ctrl-C with one line and status 130.
-- Where a standard stream is closed (`>&-`), it holds a file in its place that cannot be written:
-- what is printed would go into the next file or socket.
function command.ending()
  local ending = setmetatable({}, { __close = close })
  for _, stream in ipairs { io.stdin, io.stdout, io.stderr } do
    if select(3, stream:seek()) == EBADF then ending[stream] = io.open("/dev/null", "r") end
  end
  rawset(_G, "print", print_all)
  return ending
end

--- Give the options that a text of --help lists, a line each: two blanks, the name and, in
-- capitals, what its value is.
local function listed(usage)
  local options = {}
  for name, value in usage:gmatch "\n  %-%-([%l-]+) ?(%u*)" do options[name] = value end
  return options
end

local function read_value(name, kind, value)
  if not value or value == "" then command.refuse(("--%s needs a value: %s"):format(name, kind)) end
  if kind ~= "MINUTES" and kind ~= "SECONDS" then return value end
  local number = tonumber(value)
  if not number or number < 0 or number ~= number or number == math.huge then
    command.refuse(("--%s: a number of %s expected, not '%s'"):format(name, kind:lower(), value))
  end
  return number
end

--- Give name and value of an argument that is an option; nothing of another word.
local function split(word, kinds)
  if word == "" then command.refuse "an argument is empty" end
  if not word:find "^%-." then return nil end
  local name, mark, value = word:match "^%-%-(%l[%l-]*)(=?)(.*)$"
  local is_known = kinds[name] and (mark == "=" or value == "")
  if not is_known then command.refuse("unknown option " .. word) end
  if mark == "=" and kinds[name] == "" then command.refuse(("--%s takes no value"):format(name)) end
  return name, value
end

--- Read the arguments by the text of --help; give the options and `least` to `most` other words.
function command.read(usage, least, most)
  local kinds, options, words, place = listed(usage), {}, {}, 1
  while arg[place] do
    local name, value = split(arg[place], kinds)
    if name == "help" then
      command.write(usage)
      command.stop(0)
    elseif not name then
      words[#words + 1] = arg[place]
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

--- Refuse a value that is none of a list.
function command.choose(name, value, choices)
  for _, choice in ipairs(choices) do
    if choice == value then return end
  end
  command.refuse(("%s: '%s' is none of %s"):format(name, value, table.concat(choices, ", ")))
end

--- Write a text into a file that changes as a whole or not at all, and that only its owner reads.
function command.replace(text, path)
  local replaced, problem = core().file.replace(path, text)
  if not replaced then command.fail(problem) end
end

--- Write a text into a file as `replace` does, into a device or FIFO as it is, or without a path to
-- standard output.
function command.write(text, path)
  if not path then return print_to(io.stdout, "standard output", text) end
  local replaced, problem, number
  if not path:find "^/dev/" then replaced, problem, number = core().file.replace(path, text) end
  if replaced then return end
  if problem and number ~= ENODEV then command.fail(problem) end
  local file <close>, reason = io.open(path, "wb")
  if not file then command.fail(reason) end
  print_to(file, path, text)
end

--- Keep other runs away from a file that this one writes. Give the lock, for a `<close>` variable.
function command.lock(path)
  if path:find "^/dev/" then command.refuse(path .. ": a file expected, not a device") end
  local lock, problem = core().file.lock(path .. ".lock")
  return lock or command.fail(problem)
end

--- Show a text in the last line of a terminal, in place of the one before; elsewhere do nothing.
function command.progress(text)
  local clear = os.getenv "TERM" == "dumb" and (" "):rep(79) .. "\r" or "\27[K"
  if core().os.is_terminal(io.stderr) then io.stderr:write("\r", clear, text) end
end

--- Read a whole file.
function command.contents(path)
  local file <close>, problem = io.open(path, "rb")
  if not file then command.fail(problem) end
  local text, reason = file:read "a"
  return text or command.fail(path .. ": " .. reason)
end

return command
