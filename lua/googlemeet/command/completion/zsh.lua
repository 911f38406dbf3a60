--- The completion script for zsh.

local SCRIPT = [==[
#compdef googlemeet
# Completion of googlemeet for zsh, printed by `googlemeet completion zsh`.
_googlemeet() {
  local name=$words[2]
  if (( CURRENT == 2 )); then
    local -a subcommands=(
%s    )
    if [[ $PREFIX == -* ]]; then
      compadd -- --help --version
    else
      _describe -t commands subcommand subcommands
    fi
    return
  fi
  shift words
  (( CURRENT -= 1 ))
  case $name in
%s  esac
}
if [[ $funcstack[1] == _googlemeet ]]; then
  _googlemeet "$@"
else
  compdef _googlemeet googlemeet
fi
]==]

--- Quote a word for the shell.
local function quote(word) return "'" .. word:gsub("'", [['\'']]) .. "'" end

--- Escape what ends a part of a description.
local function escape(text) return (text:gsub("[%[%]:\\]", "\\%0")) end

local function action_of(values)
  if values == "files" then return "_files" end
  return values and "(" .. table.concat(values, " ") .. ")" or " "
end

--- Write the case of a subcommand: a description for `_arguments` of each option and of the words.
local function case_of(one)
  local lines = {}
  for _, option in ipairs(one.options) do
    local value = option.word
      and (":%s:%s"):format(option.word, action_of(option.values)) or ""
    lines[#lines + 1] = quote(("%s%s[%s]%s"):format(option.name, option.word and "=" or "",
      escape(option.text), value))
  end
  if one.values then -- nothing is known of others, and a message would keep options from completing
    lines[#lines + 1] = quote(("*:%s:%s"):format(escape(one.word), action_of(one.values)))
  end
  return ("  %s)\n    _arguments \\\n      %s\n    ;;\n"):format(one.name,
    table.concat(lines, " \\\n      "))
end

--- Write the script.
---@param subcommands table[] as `googlemeet.command.completion` describes them
---@return string
return function(subcommands)
  local names, cases = {}, {}
  for index, one in ipairs(subcommands) do
    names[index] = ("      %s\n"):format(quote(one.name .. ":" .. escape(one.summary)))
    cases[index] = case_of(one)
  end
  return SCRIPT:format(table.concat(names), table.concat(cases))
end
