--- Writes the text of --help from the table of a subcommand.

local arguments = require "googlemeet.command.arguments"

local help = {}

local WIDTH = 79

local ACCOUNT = [[
Calls use the Google account behind MATON_API_KEY, a key from the settings at
https://maton.ai. With --demo they use a demo account in memory: nothing is
sent, and changes are lost when the command ends.
]]

local LIMITER = [[
Processes of one user share the key's rate limit through a file in /tmp.
]]

local OVERVIEW = [[
Usage: googlemeet SUBCOMMAND [OPTION]... [ARGUMENT]...

Google Meet from the command line, through the Maton gateway.

%s
googlemeet help SUBCOMMAND shows the options and examples of a subcommand.
googlemeet --version shows the version.

Set MATON_API_KEY to a key from the settings at https://maton.ai, or add --demo
to use the demo account, which needs no key.

Status: 0 success, 1 failure, 2 unusable arguments, 130 Ctrl-C.
]]

--- Write rows of two columns, the second one wrapped.
local function columns(rows)
  local width, lines = 0, {}
  for _, row in ipairs(rows) do width = math.max(width, #row[1]) end
  for _, row in ipairs(rows) do
    local line = ("  %-" .. width .. "s "):format(row[1])
    local margin = #line
    for word in row[2]:gmatch "%S+" do
      if #line + 1 + #word > WIDTH then
        lines[#lines + 1], line = line, (" "):rep(margin)
      end
      line = line .. " " .. word
    end
    lines[#lines + 1] = line
  end
  return table.concat(lines, "\n") .. "\n"
end

--- Return the paragraphs that follow the options: those of the subcommand, and those about the
-- shared options that it takes.
---@param subcommand table
---@return string
function help.text(subcommand)
  local takes, parts = {}, {}
  for _, name in ipairs(subcommand.common) do takes[name] = true end
  if subcommand.text then parts[1] = subcommand.text end
  if takes.demo then parts[#parts + 1] = ACCOUNT end
  if takes["no-limiter"] then parts[#parts + 1] = LIMITER end
  return table.concat(parts, "\n")
end

--- Write the help of a subcommand.
---@param subcommand table
---@return string
function help.of(subcommand)
  local rows = {}
  for index, row in ipairs(arguments.rows(subcommand)) do
    rows[index] = { "--" .. row[1] .. (row[2] and " " .. row[2] or ""), row[3] }
  end
  local parts = {
    ("Usage: googlemeet %s %s\n"):format(subcommand.name, subcommand.synopsis),
    subcommand.summary .. ".\n",
    "Options:\n" .. columns(rows),
  }
  local text, examples = help.text(subcommand), {}
  if text ~= "" then parts[#parts + 1] = text end
  for index, row in ipairs(subcommand.examples) do
    examples[index] = ("  %s\n      %s\n"):format(row[1], row[2])
  end
  parts[#parts + 1] = "Examples:\n" .. table.concat(examples)
  return table.concat(parts, "\n")
end

--- Write the help of the command itself.
---@param subcommands table[] all of them, in order
---@return string
function help.overview(subcommands)
  local rows = {}
  for index, one in ipairs(subcommands) do rows[index] = { one.name, one.summary } end
  return OVERVIEW:format(columns(rows))
end

return help
