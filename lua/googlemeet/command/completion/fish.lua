--- The completion script for fish.

local HEAD = [[
# Completion of googlemeet for fish, printed by `googlemeet completion fish`.
function __googlemeet_is
    set -l given (commandline -opc)
    test (count $given) -ge 2; and test $given[2] = $argv[1]
end
function __googlemeet_begins
    test (count (commandline -opc)) -eq 1
end
complete -c googlemeet -f
complete -c googlemeet -n __googlemeet_begins -l help -d 'Show the subcommands'
complete -c googlemeet -n __googlemeet_begins -l version -d 'Show the version'
]]

--- Quote a word for the shell.
local function quote(word) return "'" .. word:gsub("[\\']", "\\%0") .. "'" end

--- Write how a value is completed: `-F` are files, `-a` values.
local function take(values)
  if values == "files" then return " -F" end
  return values and " -a " .. quote(table.concat(values, " ")) or ""
end

local function lines_of(one)
  local start = ("complete -c googlemeet -n '__googlemeet_is %s'"):format(one.name)
  local lines = {
    ("complete -c googlemeet -n __googlemeet_begins -a %s -d %s"):format(one.name,
      quote(one.summary)),
  }
  if one.values then lines[2] = start .. take(one.values) end
  for _, option in ipairs(one.options) do
    local value = option.word and (option.values == "files" and " -r" or " -x") or ""
    lines[#lines + 1] = ("%s -l %s%s -d %s"):format(start, option.name:sub(3),
      value .. take(option.word and option.values), quote(option.text))
  end
  return table.concat(lines, "\n") .. "\n"
end

--- Write the script.
---@param subcommands table[] as `googlemeet.command.completion` describes them
---@return string
return function(subcommands)
  local parts = { HEAD }
  for index, one in ipairs(subcommands) do parts[index + 1] = lines_of(one) end
  return table.concat(parts)
end
