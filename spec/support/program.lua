--- Runs the command googlemeet, and examples, on a served fake, with a folder for their files.
-- "attendance --csv" is a subcommand, "notes.lua" an example. FOLDER, in it and in what `run`
-- gives, is that folder.

local cqueues = require "cqueues"
local socket = require "cqueues.socket"

local served = require "spec.support.served"
local subcommands = require "googlemeet.command.subcommands"
local tree = require "spec.support.tree"

local PATIENCE = 20 -- seconds for a program to come to a point

local program = setmetatable({}, { __index = served })
program.__index = program

--- Start the fake; `clear` has to come before the first run.
---@param arguments? string more of them for spec/support/serve.lua
function program.serve(arguments)
  local fake = served.start { arguments = "--key example-key " .. (arguments or "") }
  return setmetatable(fake, program)
end

local function remove_folder(self)
  if self.folder then tree.remove(self.folder) end
  self.folder = nil
end

--- Take back what was done at the fake, and begin with an empty folder.
function program:clear()
  remove_folder(self)
  self:reset()
  self.folder = tree.temporary()
end

--- End the fake, and remove the folder.
function program:close()
  remove_folder(self)
  served.close(self)
end

function program:write(name, text)
  local file <close> = assert(io.open(self.folder .. "/" .. name, "wb"))
  assert(file:write(text))
end

function program:read(name)
  return tree.read(self.folder .. "/" .. name)
end

--- Put an option behind the name of a subcommand that takes it.
local function with(command, option)
  local subcommand = subcommands.load(command:match "^%S*")
  for _, name in ipairs(subcommand and subcommand.common or {}) do
    if name == option then return (command:gsub("^%S+", "%0 --" .. option)) end
  end
  return command
end

--- Give the words that start it. `options` are the interpreter's.
local function words_of(self, command, options)
  local first = command:match "^%S*"
  command = command:gsub("FOLDER", self.folder)
  if first:find "%.lua$" then return ("%s examples/%s"):format(tree.lua(), command) end
  if not options then return program.path() .. " " .. command end
  return ("%s %s lua/googlemeet/command/googlemeet.lua %s"):format(tree.lua(), options, command)
end

--- Give the path of the command that make has built, quoted.
function program.path()
  local build = tree.build()
  if build:sub(1, 1) ~= "/" then build = tree.lines("pwd")[1] .. "/" .. build end
  return tree.quote(build .. "/bin/googlemeet")
end

--- A command line that runs it at the fake. It shares its limit with no other process, unless it
-- says "--limiter".
local function line_of(self, command, environment)
  local count
  command, count = command:gsub(" %-%-limiter", "")
  if count == 0 then command = with(command, "no-limiter") end
  return ("env MATON_API_URL=%s MATON_API_KEY=example-key %s %s"):format(self.url,
    environment or "", words_of(self, command))
end

--- Run it; give what it printed, on standard error too, and its status.
function program:run(command, environment)
  local output = tree.run(line_of(self, command, environment) .. "; echo status $?")
  local text, status = output:match "^(.*)status (%d+)\n$"
  return text:gsub(self.folder, "FOLDER"), tonumber(status)
end

--- A command line that runs it without a key, with --demo where it takes that.
local function demo(self, command, options)
  return "env -u MATON_API_KEY -u MATON_API_URL "
    .. words_of(self, with(command, "demo"), options)
end

--- Run it in the demo account. `stream` is a redirection: what it writes to standard error is not
-- given without it; `options` are the interpreter's.
function program:run_demo(command, stream, options)
  return (tree.run(demo(self, command, options) .. " " .. (stream or "2>/dev/null")))
end

--- Run it in the demo account on a terminal of a type; nil where the system has none.
function program:run_on_terminal(command, type_of_terminal)
  local environment = ("TERM=%s "):format(type_of_terminal or "xterm")
  return tree.run_on_terminal("env " .. environment .. demo(self, command))
end

--- Wait until a file of the folder matches; give all of it, or nil when it takes too long.
local function wait_for(self, name, pattern)
  local limit = os.time() + PATIENCE
  while os.time() < limit do
    local file <close> = io.open(self.folder .. "/" .. name, "rb")
    local text = file and file:read "a" or ""
    if text:find(pattern) then return text end
    cqueues.sleep(0.01) -- a process for each poll would miss what is short
  end
end

--- Start it in the background.
local function start(self, command)
  local script = ("echo $$ >FOLDER/pid; exec %s >FOLDER/printed 2>&1"):format(
    line_of(self, command))
  tree.lines((("{ sh -c %s; echo $? >FOLDER/status; } >/dev/null 2>&1 &"):format(tree.quote(script))
    :gsub("FOLDER", self.folder)))
end

--- Signal what was started; give what it printed, on standard error too, and its status.
local function signal_it(self, signal)
  tree.run(("kill -%s $(cat %s/pid)"):format(signal, self.folder))
  local status = assert(wait_for(self, "status", "\n"), "it does not end")
  os.remove(self.folder .. "/status")
  return self:read "printed", tonumber(status)
end

--- Start it, and signal it as soon as a file of the folder matches; give what it printed, on
-- standard error too, and its status.
function program:stop_at(command, name, pattern, signal)
  start(self, command)
  local is_there = wait_for(self, name, pattern)
  local printed, status = signal_it(self, is_there and signal or "KILL")
  assert(is_there, "it does not come to " .. pattern)
  return printed, status
end

--- Start it where nobody answers, and press Ctrl-C as soon as it waits for its first answer.
function program:interrupt(command)
  local listener = socket.listen("127.0.0.1", 0)
  local _, _, port = listener:localname()
  listener:settimeout(PATIENCE)
  start({ url = "http://127.0.0.1:" .. port, folder = self.folder }, command)
  local peer = listener:accept()
  local printed, status = signal_it(self, peer and "INT" or "KILL")
  listener:close()
  assert(peer, "it does not ask")
  peer:close()
  return printed, status
end

return program
