--- Checks the commands of a document's `sh` blocks, without running them.

local tree = require "spec.support.tree"

local shell_words = {}

--- Commands that the machine of a reader has, and that of the specs may lack.
local ELSEWHERE = { brew = true, sudo = true, luarocks = true, man = true, ["apt-get"] = true }

--- Folders of the tree: a word that begins with one is a path that has to be there.
local FOLDERS <const> = { examples = true, lua = true, rockspec = true, spec = true, src = true }

--- Cut a block into simple commands, arrays of words, without assignments before them.
function shell_words.commands(text)
  local commands = {}
  text = text:gsub("\\\n%s*", " "):gsub("(%s)#[^\n]*", "%1"):gsub("^#[^\n]*", "")
  text = text:gsub("\"%$%(([^\n]-)%)\"", " ; %1 ; "):gsub("%b''", "QUOTED"):gsub('%b""', "QUOTED")
  for part in text:gsub("[0-9]*>&?[0-9]*", " "):gmatch "[^\n;|&()]+" do
    local words = {}
    for word in part:gmatch "%S+" do
      local is_before = #words == 0 and (word:find "^[%w_]+=" or word == "sudo")
      if not is_before then words[#words + 1] = word end
    end
    if #words > 0 then commands[#commands + 1] = words end
  end
  return commands
end

local function check_make(words)
  local makefile = tree.read "Makefile"
  for index = 2, #words do
    local target = words[index]
    if not target:find "[=-]" and not makefile:find("\n" .. target .. ":", 1, true) then
      error("make has no target " .. target, 0)
    end
  end
end

local function check_googlemeet(words)
  local path = tree.build() .. "/bin/googlemeet"
  local name = words[2] and words[2]:match "^%l+$" or ""
  local help, ok = tree.run(("%s %s --help"):format(path, name))
  if not ok then error("googlemeet " .. name .. " --help: " .. help, 0) end
  for index = 2, #words do
    local option = words[index]:match "^%-%-[%w-]+"
    if option and not (help .. "\n"):find(option .. "%f[^%w-]") then
      error(("googlemeet %s has no option %s"):format(name, option), 0)
    end
  end
end

local function check_lua(words)
  if words[2] and words[2]:find "%.lua$" then
    assert(io.open(words[2]), "no file " .. words[2]):close()
  end
end

local CHECKS = { make = check_make, googlemeet = check_googlemeet, ["lua5.4"] = check_lua }

--- Raise a text that says what is not there: a command, a target of make, a subcommand or an option
-- of googlemeet, a file of the tree.
function shell_words.check(words)
  local name = words[1]
  if CHECKS[name] then
    CHECKS[name](words)
  elseif not ELSEWHERE[name] then
    local _, is_there = tree.run("command -v " .. tree.quote(name))
    if not is_there then error("no command " .. name, 0) end
  end
  for index = 2, #words do
    local folder = words[index]:match "^%.?/?(%l+)/"
    if FOLDERS[folder] then tree.lines("ls -d " .. words[index]) end
  end
end

--- What may run: it only reads, or writes into its folder, and ends.
local HARMLESS <const> = { export = true, cat = true, cp = true, mkdir = true, ls = true,
  ["lua5.4"] = true }
local ENDLESS <const> = { connect = true, monitor = true, serve = true }

--- Say whether all commands of a block may run.
function shell_words.may_run(text)
  if (text .. "\n"):find "[^&]&%s*[#\n]" then return false end -- in the background
  for _, words in ipairs(shell_words.commands(text)) do
    local is_command = words[1] == "googlemeet" and not ENDLESS[words[2]]
    if not (is_command or HARMLESS[words[1]]) then return false end
  end
  return true
end

return shell_words
