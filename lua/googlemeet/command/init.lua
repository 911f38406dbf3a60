--- The command `googlemeet`: runs the subcommand that its first argument names.

local arguments = require "googlemeet.command.arguments"
local help = require "googlemeet.command.help"
local options = require "googlemeet.options"
local output = require "googlemeet.command.output"
local subcommands = require "googlemeet.command.subcommands"

local command = {}

--- Load a subcommand; a name that is not known ends the command.
local function load(name)
  local subcommand = subcommands.load(name)
  if subcommand then return subcommand end
  local known = { help = true }
  for _, other in ipairs(subcommands.names()) do known[other] = true end
  output.refuse(options.unknown("unknown subcommand", name, known))
end

local function show_help(name, ...)
  if ... then output.refuse("one argument too many: " .. ...) end
  output.write(name and help.of(load(name)) or help.overview(subcommands.all()))
end

--- What `googlemeet` does with a first argument that names no subcommand.
local OTHERS = {
  help = show_help,
  ["--help"] = function() show_help() end,
  ["-h"] = function() show_help() end,
  ["--version"] = function() output.print("googlemeet " .. require "googlemeet".version) end,
}

--- Run the command. It ends the process where it does not succeed.
---@param words string[] the arguments, the subcommand first
function command.main(words)
  local _ <close> = output.begin() -- Ctrl-C is one line from here on
  local name = words[1]
  if not name then output.refuse "a subcommand is missing" end
  if OTHERS[name] then return OTHERS[name](table.unpack(words, 2)) end
  local subcommand = load(name)
  output.name(name)
  local given, others = arguments.read(subcommand, table.move(words, 2, #words, 1, {}))
  if given.help then return output.write(help.of(subcommand)) end
  subcommand.run(given, others)
end

return command
