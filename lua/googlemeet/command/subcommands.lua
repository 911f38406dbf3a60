--- The subcommands of `googlemeet`, in the order of --help.
-- Each is loaded when it is run, or for --help with what the module itself needs and no more. It is
-- a table of:
--   name, summary   the summary has no full stop
--   synopsis        what follows the name on the command line
--   options         rows: name, value in capitals or false, text; `choices` are its only values
--   common          names of shared options (see `arguments.rows`)
--   words           least and most arguments that are no options
--   text            paragraphs that --help shows after the options, or nil; ends with a newline
--   examples        rows: command line, what it does
--   run             function(options, words): returns where all went well, else ends the process
--                   through `output`

local subcommands = {}

local ROWS = {
  { "attendance", function() return require "googlemeet.command.attendance" end },
  { "transcript", function() return require "googlemeet.command.transcript" end },
  { "archive", function() return require "googlemeet.command.archive" end },
  { "search", function() return require "googlemeet.command.search" end },
  { "monitor", function() return require "googlemeet.command.monitor" end },
  { "spaces", function() return require "googlemeet.command.spaces" end },
  { "doctor", function() return require "googlemeet.command.doctor" end },
  { "connect", function() return require "googlemeet.command.connect" end },
  { "get", function() return require "googlemeet.command.get" end },
  { "serve", function() return require "googlemeet.command.serve" end },
  { "completion", function() return require "googlemeet.command.completion" end },
  { "man", function() return require "googlemeet.command.man" end },
}

--- List the names in order.
---@return string[]
function subcommands.names()
  local names = {}
  for index, row in ipairs(ROWS) do names[index] = row[1] end
  return names
end

--- Load the subcommand of a name; nil where there is none.
---@param name string
---@return table?
function subcommands.load(name)
  for _, row in ipairs(ROWS) do
    if row[1] == name then return row[2]() end
  end
end

--- Load all subcommands, in order.
---@return table[]
function subcommands.all()
  local all = {}
  for index, row in ipairs(ROWS) do all[index] = row[2]() end
  return all
end

return subcommands
