--- The completion script for bash.

local SCRIPT = [==[
# Completion of googlemeet for bash, printed by `googlemeet completion bash`.
_googlemeet() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local name=${COMP_WORDS[1]} values='' files=''
    # bash splits --name=value at the sign.
    if [[ $word == = ]]; then
        word=''
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if ((COMP_CWORD == 1)); then
        values='%s'
    else
        case "$name $before" in
%s        *)
            case $name in
%s            esac
            ;;
        esac
    fi
    COMPREPLY=()
    if [[ $files ]]; then
        local IFS=$'\n'
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -f -- "$word"))
    else
        COMPREPLY=($(compgen -W "$values" -- "$word"))
    fi
}
complete -F _googlemeet googlemeet
]==]

local function assign(values)
  if values == "files" then return "files=1" end
  return ("values='%s'"):format(table.concat(values or {}, " "))
end

--- Write the cases of the options that have a value.
local function option_cases(subcommands)
  local lines = {}
  for _, one in ipairs(subcommands) do
    for _, option in ipairs(one.options) do
      if option.word then
        lines[#lines + 1] = ("        '%s %s') %s ;;\n"):format(one.name, option.name,
          assign(option.values))
      end
    end
  end
  return table.concat(lines)
end

--- Write the cases of the other words: where nothing is known of them, the options are offered.
local function word_cases(subcommands)
  local lines = {}
  for _, one in ipairs(subcommands) do
    local names = {}
    for index, option in ipairs(one.options) do names[index] = option.name end
    local options = assign(names)
    lines[#lines + 1] = one.values
      and ("            %s) if [[ $word == -* ]]; then %s; else %s; fi ;;\n"):format(
        one.name, options, assign(one.values))
      or ("            %s) %s ;;\n"):format(one.name, options)
  end
  return table.concat(lines)
end

--- Write the script.
---@param subcommands table[] as `googlemeet.command.completion` describes them
---@return string
return function(subcommands)
  local names = {}
  for index, one in ipairs(subcommands) do names[index] = one.name end
  table.move({ "--help", "--version" }, 1, 2, #names + 1, names)
  return SCRIPT:format(table.concat(names, " "), option_cases(subcommands), word_cases(subcommands))
end
