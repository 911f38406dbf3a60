--- Runs the examples that have a command line: on a served fake, with a folder for their files.
-- In a command, and in what `run` gives, FOLDER is that folder.

local cqueues = require "cqueues"
local socket = require "cqueues.socket"

local served = require "spec.support.served"
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

--- A command line that runs "attendance.lua --csv" at the fake. It shares its limit with no other,
-- unless it says "--limiter".
local function line_of(self, command, environment)
  local count
  command, count = command:gsub(" %-%-limiter", "")
  if count == 0 then command = command:gsub("^%S+", "%0 --no-limiter") end
  return ("env MATON_API_URL=%s MATON_API_KEY=example-key %s %s examples/%s"):format(
    self.url, environment or "", tree.lua(), (command:gsub("FOLDER", self.folder)))
end

--- Run "attendance.lua --csv"; give what it printed, on standard error too, and its status.
function program:run(command, environment)
  local output = tree.run(line_of(self, command, environment) .. "; echo status $?")
  local text, status = output:match "^(.*)status (%d+)\n$"
  return text:gsub(self.folder, "FOLDER"), tonumber(status)
end

--- A command line that runs it without a key: on the fake in memory.
local function made_up(self, command, options)
  return ("env -u MATON_API_KEY -u MATON_API_URL %s %s examples/%s"):format(tree.lua(),
    options or "", (command:gsub("FOLDER", self.folder)))
end

--- Run it without a key. `stream` is a redirection: standard error is not looked at without it;
-- `options` are the interpreter's.
function program:run_made_up(command, stream, options)
  return (tree.run(made_up(self, command, options) .. " " .. (stream or "2>/dev/null")))
end

--- Run it without a key on a terminal of a type; nil where the system has none.
function program:run_on_terminal(command, type_of_terminal)
  local environment = ("TERM=%s "):format(type_of_terminal or "xterm")
  return tree.run_on_terminal("env " .. environment .. made_up(self, command))
end

--- Wait until a file of the folder matches; give all of it, or nil when it takes too long.
local function wait_for(self, name, pattern)
  local limit = os.time() + PATIENCE
  while os.time() < limit do
    local file <close> = io.open(self.folder .. "/" .. name, "rb")
    local text = file and file:read "a" or ""
    if text:find(pattern) then return text end
    cqueues.sleep(0.01) -- a process for each look would miss what is short
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
