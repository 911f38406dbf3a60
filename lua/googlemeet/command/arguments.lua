--- Reads the arguments of a subcommand by the rows that it declares.
-- Arguments that cannot be used end the command with status 2.

local options = require "googlemeet.options"
local output = require "googlemeet.command.output"

local arguments = {}

local HELP = { "help", false, "show this text" }

local COMMON = {
  { "json", false, "print JSON; errors stay text on standard error" },
  { "demo", false, "use the demo account; no key is needed" },
  { "no-limiter", false, "do not share the rate limit with other processes" },
}

--- List the options that subcommands share, and --help.
---@return table[]
function arguments.shared_rows()
  local rows = table.move(COMMON, 1, #COMMON, 1, {})
  rows[#rows + 1] = HELP
  return rows
end

--- List all options of a subcommand: its own rows, the shared ones that it takes, and --help.
---@param subcommand table
---@return table[]
function arguments.rows(subcommand)
  local takes, rows = {}, table.move(subcommand.options, 1, #subcommand.options, 1, {})
  for _, name in ipairs(subcommand.common) do takes[name] = true end
  for _, row in ipairs(COMMON) do
    if takes[row[1]] then rows[#rows + 1] = row end
  end
  rows[#rows + 1] = HELP
  return rows
end

local MOST = 1000000000 -- of any unit: more is a slip, which the module refuses, too

local function is_finite(number) return number >= 0 and number < math.huge end

local function is_positive(number) return (math.tointeger(number) or 0) > 0 end

--- Values that are numbers, by the word that stands for the value.
local NUMBERS = {
  MINUTES = { "a number of minutes", is_finite },
  SECONDS = { "a number of seconds", is_finite },
  NUMBER = { "a positive integer", is_positive },
}

local function read_value(row, value)
  local name, kind = row[1], row[2]
  if not value or value == "" then output.refuse(("--%s needs a value: %s"):format(name, kind)) end
  if row.choices then output.choose("--" .. name, value, row.choices) end
  local number = NUMBERS[kind]
  if not number then return value end
  local read = tonumber(value)
  if not read or not number[2](read) then
    output.refuse(("--%s: %s expected, not '%s'"):format(name, number[1], value))
  end
  if read > MOST then
    output.refuse(("--%s: at most %d expected, not '%s'"):format(name, MOST, value))
  end
  return math.tointeger(read) or read
end

local function refuse_unknown(word, rows)
  local nearest = options.nearest(word:gsub("^%-+", ""), rows)
  output.refuse(("unknown option %s; %s"):format(word, nearest and ("did you mean --%s?"):format(
    nearest) or "known: --" .. options.listed(rows):gsub(", ", ", --")))
end

--- Return the row and the value of an argument that is an option; nil for any other.
local function split(word, rows)
  if word == "" then output.refuse "an argument is empty" end
  if not word:find "^%-." then return nil end
  if word == "-h" then return HELP end
  local name, mark, value = word:match "^%-%-([^=]*)(=?)(.*)$"
  local row = rows[name]
  if not row then refuse_unknown(word:match "^[^=]*", rows) end
  if mark ~= "=" then return row end
  if not row[2] then output.refuse(("--%s takes no value"):format(name)) end
  return row, value
end

--- Read the arguments of a subcommand. `--` ends the options; --help ends the reading.
---@param subcommand table
---@param words string[]
---@return table<string, any> given options by name
---@return string[] others the arguments that are no options
function arguments.read(subcommand, words)
  local rows, given, others, place = {}, {}, {}, 1
  for _, row in ipairs(arguments.rows(subcommand)) do rows[row[1]] = row end
  while words[place] do
    if words[place] == "--" then
      table.move(words, place + 1, #words, #others + 1, others)
      break
    end
    local row, value = split(words[place], rows)
    if row == HELP then
      return { help = true }, {}
    elseif not row then
      others[#others + 1] = words[place]
    elseif not row[2] then
      given[row[1]] = true
    else
      if not value then place, value = place + 1, words[place + 1] end
      given[row[1]] = read_value(row, value)
    end
    place = place + 1
  end
  local least, most = table.unpack(subcommand.words)
  if #others < least then output.refuse "an argument is missing" end
  if #others > most then output.refuse("one argument too many: " .. others[most + 1]) end
  return given, others
end

--- Refuse two options that exclude each other.
---@param given table<string, any>
---@param names string[]
function arguments.exclude(given, names)
  local first
  for _, name in ipairs(names) do
    if given[name] and first then
      output.refuse(("--%s or --%s, not both"):format(first, name))
    end
    first = first or given[name] and name
  end
end

return arguments
