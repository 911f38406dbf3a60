--- Writes what the command prints, and ends its process.
-- Status 0: done; 1: something failed; 2: the arguments cannot be used; 130: Ctrl-C. A message is
-- one line on standard error.

local advice = require "googlemeet.command.advice"

local output = {}

local EBADF, ENODEV = 9, 19 -- on every system; file.replace gives the latter for devices and FIFOs

--- Load the core late: until `protect`, Ctrl-C would show a traceback.
local function core() return require "googlemeet.core" end

--- What messages call this process, of which there is one.
local process = { name = "googlemeet" }

--- Name the subcommand that messages come from.
---@param name string
function output.name(name) process.name = "googlemeet " .. name end

--- Return a text without what would break a line or steer a terminal.
---@param text any
---@return string
function output.one_line(text) return core().text.plain(tostring(text)) end

--- End with a status, and a line on standard error if there is a message, of one line.
---@param status integer
---@param message? string
function output.stop(status, message)
  if message then io.stderr:write(process.name, ": ", message, "\n") end
  os.exit(status, true)
end

--- End with status 2: the arguments cannot be used.
---@param message string
function output.refuse(message)
  output.stop(2, ("%s (see %s --help)"):format(output.one_line(message), process.name))
end

--- Say whether an error is that of Ctrl-C, which the interpreter raises.
---@param problem any
---@return boolean
function output.is_interrupt(problem)
  return type(problem) == "string" and problem:find "interrupted!%f[\n\0]" ~= nil
end

--- End with status 1: something failed; after Ctrl-C with 130.
---@param problem any an error or a message
function output.fail(problem)
  if output.is_interrupt(problem) then output.stop(130, "interrupted") end
  output.stop(1, output.one_line(advice.in_a_shell(tostring(problem))))
end

--- Write one line to standard error about a part that failed; the command goes on.
---@param text string
function output.complain(text)
  io.stderr:write(output.one_line(advice.in_a_shell(text)), "\n")
end

--- Write to standard error what a report could not read.
---@param report table
function output.say_incomplete(report)
  for _, one in ipairs(report.incomplete) do
    output.complain(("incomplete: %s: %s"):format(one.name, tostring(one.err)))
  end
end

--- Write a text to a stream, all of it.
local function print_to(stream, name, text)
  local written, problem = stream:write(text)
  if written then written, problem = stream:flush() end
  if not written then output.fail(name .. ": " .. problem) end
end

--- Replace each standard stream that is closed (`>&-`) by a file that cannot be written: the next
-- file or socket would get what is printed.
local function replace_closed_streams()
  local files = {}
  for _, stream in ipairs { io.stdin, io.stdout, io.stderr } do
    if select(3, stream:seek()) == EBADF then files[stream] = io.open("/dev/null", "r") end
  end
  return files
end

--- How to get what the command cannot do without.
local SOURCES = {
  ["cjson"] = "; install the Debian package lua-cjson, or the rock lua-cjson",
  ["googlemeet.core"] = "; build it with make, for this version of Lua",
}

--- Return in one line why a module cannot be loaded; nil for any other error.
local function missing(problem)
  local name = problem:match "^[^\n]-module '([%w._]+)' not found:\n"
  if name then return ("the Lua module %s is missing%s"):format(name, SOURCES[name] or "") end
  local file, reason =
    problem:match "^[^\n]-error loading module '[%w._]+' from file '([^\n]+)':%s+(%C+)"
  return file and ("%s cannot be loaded: %s"):format(file, reason)
end

--- Describe an error of this module's code: where it is, or which module is missing.
local function describe(problem)
  if type(problem) ~= "string" or output.is_interrupt(problem) then return problem end
  return { text = missing(problem) or debug.traceback(problem, 2) }
end

--- Run the command: an error that it raises and output that cannot be written end the process with
-- status 1, Ctrl-C with 130.
---@param run function
---@param ... any its arguments
function output.protect(run, ...)
  local _ = replace_closed_streams() -- they live until this function returns
  local is_good, problem = xpcall(run, describe, ...)
  if is_good then return print_to(io.stdout, "standard output", "") end -- what is buffered
  if type(problem) == "table" and problem.text then output.stop(1, problem.text) end
  output.fail(problem)
end

--- Refuse a value that is not in a list.
---@param name string of the option, for the message
---@param value string
---@param choices string[]
function output.choose(name, value, choices)
  for _, choice in ipairs(choices) do
    if choice == value then return end
  end
  output.refuse(("%s: '%s' is not one of %s"):format(name, value, table.concat(choices, ", ")))
end

--- Write a text into a file, whole or not at all. Only its owner can read it.
---@param text string
---@param path string
function output.replace(text, path)
  local replaced, problem = core().file.replace(path, text)
  if not replaced then output.fail(problem) end
end

--- Write a text to standard output; or into a file as `replace` does; or to a device or FIFO.
---@param text string
---@param path? string
function output.write(text, path)
  if not path then return print_to(io.stdout, "standard output", text) end
  local replaced, problem, number
  if not path:find "^/dev/" then replaced, problem, number = core().file.replace(path, text) end
  if replaced then return end
  if problem and number ~= ENODEV then output.fail(problem) end
  local file <close>, reason = io.open(path, "wb")
  if not file then output.fail(reason) end
  print_to(file, path, text)
end

--- Write a line to standard output.
---@param line string
function output.print(line) output.write(line .. "\n") end

--- Write a value as one line of JSON to standard output, or into a file as `write` does.
---@param value any what `core.encode` takes
---@param path? string
function output.json(value, path)
  local text, problem = core().encode(value)
  if not text then output.fail(problem) end
  output.write(text .. "\n", path)
end

--- Lock a file that this process writes, for as long as the `<close>` variable of the caller lives.
---@param path string
---@return table lock
function output.lock(path)
  if path:find "^/dev/" then output.refuse(path .. ": a file expected, not a device") end
  local lock, problem = core().file.lock(path .. ".lock")
  return lock or output.fail(problem)
end

--- Replace the last line of the terminal by a text. Without a terminal it does nothing.
---@param text string
function output.progress(text)
  local terminal = os.getenv "TERM" or ""
  local is_plain = terminal == "" or terminal == "dumb"
  local clear = is_plain and (" "):rep(79) .. "\r" or "\27[K"
  if core().os.is_terminal(io.stderr) then io.stderr:write("\r", clear, text) end
end

--- Read a whole file.
---@param path string
---@return string
function output.contents(path)
  local file <close>, problem = io.open(path, "rb")
  if not file then output.fail(problem) end
  local text, reason = file:read "a"
  return text or output.fail(path .. ": " .. reason)
end

return output
