--- The command `googlemeet`: runs the subcommand that its first argument names.

local arguments = require "googlemeet.command.arguments"
local help = require "googlemeet.command.help"
local options = require "googlemeet.options"
local output = require "googlemeet.command.output"
local subcommands = require "googlemeet.command.subcommands"

local command = {}

local function refuse_option(name)
  local problem = options.unknown("unknown option", name, { ["--help"] = 1, ["--version"] = 1 })
  output.refuse(problem .. "; other options follow the subcommand")
end

--- Load a subcommand; from here on messages have its name. One that is not known ends the command.
local function load(name)
  local known = {}
  for _, other in ipairs(subcommands.names()) do known[other] = true end
  if not known[name] then
    known.help = true
    output.refuse(options.unknown("unknown subcommand", name, known))
  end
  output.name(name)
  return subcommands.load(name)
end

local function show_help(name, ...)
  if ... then output.refuse("one argument too many: " .. ...) end
  local is_overview = not name or name == "help" or name == "--help" or name == "-h"
  output.write(is_overview and help.overview(subcommands.all()) or help.of(load(name)))
end

local function show_version(...)
  if ... then output.refuse("one argument too many: " .. ...) end
  output.print("googlemeet " .. require "googlemeet".version)
end

--- What a first argument does that is no subcommand.
local OTHERS = {
  help = show_help, ["--help"] = show_help, ["-h"] = show_help, ["--version"] = show_version,
}

local function run(words)
  local name = words[1]
  if not name then output.refuse "a subcommand is missing" end
  if OTHERS[name] then return OTHERS[name](table.unpack(words, 2)) end
  if name:find "^%-" then refuse_option(name) end
  local subcommand = load(name)
  local given, others = arguments.read(subcommand, table.move(words, 2, #words, 1, {}))
  if given.help then return output.write(help.of(subcommand)) end
  subcommand.run(given, others)
end

--- Run the command. It ends the process where it does not succeed.
---@param words string[] the arguments, the subcommand first
function command.main(words) output.protect(run, words) end

return command
