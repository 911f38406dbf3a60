--- `googlemeet completion`: a script that completes the command's words in a shell.

local arguments = require "googlemeet.command.arguments"
local bash = require "googlemeet.command.completion.bash"
local fish = require "googlemeet.command.completion.fish"
local output = require "googlemeet.command.output"
local subcommands = require "googlemeet.command.subcommands"
local zsh = require "googlemeet.command.completion.zsh"

local SHELLS <const> = { bash = bash, zsh = zsh, fish = fish }

--- Words that stand for the path of a file or a folder.
local PATHS <const> = { ARCHIVE = true, FILE = true, LINKS = true, MEETINGS = true, PATH = true }

--- Return what can be completed for a word that stands for a value: values, or "files".
local function values_of(word, choices)
  if choices then return choices end
  if not word:find("|", 1, true) then return PATHS[word] and "files" or nil end
  local values = {}
  for value in word:gmatch "[^|]+" do values[#values + 1] = value end
  return values
end

--- Return the last of the words that a synopsis names beside the options, and what can be completed
-- for any of them.
local function words_of(synopsis)
  local last, values
  for word in synopsis:gsub("%[OPTION%]", ""):gmatch "[%w|]+" do
    last, values = word, values or values_of(word)
  end
  return last, values
end

--- Describe a subcommand for the scripts: `name`, `summary`; `options` with `name`, `text`, and for
-- one with a value `word` and `values`; `word` and `values` of the other arguments.
local function describe(subcommand)
  local rows, word, values = {}, words_of(subcommand.synopsis)
  for index, row in ipairs(arguments.rows(subcommand)) do
    rows[index] = {
      name = "--" .. row[1], text = row[3], word = row[2] or nil,
      values = row[2] and values_of(row[2], row.choices) or nil,
    }
  end
  return {
    name = subcommand.name, summary = subcommand.summary, options = rows, word = word,
    values = values,
  }
end

--- List all subcommands for the scripts, help too.
local function describe_all()
  local all, names = {}, subcommands.names()
  for index, subcommand in ipairs(subcommands.all()) do all[index] = describe(subcommand) end
  all[#all + 1] = {
    name = "help", summary = "Show the options of a subcommand", options = {},
    word = "SUBCOMMAND", values = names,
  }
  return all
end

local function run(_, words)
  output.choose("SHELL", words[1], { "bash", "zsh", "fish" })
  output.write(SHELLS[words[1]](describe_all()))
end

return {
  name = "completion",
  summary = "Print a script that completes the command's words in a shell",
  synopsis = "[OPTION]... bash|zsh|fish",
  options = {},
  common = {},
  words = { 1, 1 },
  text = [[
make install installs these scripts. fish finds the one in /usr/local only if
XDG_DATA_DIRS has /usr/local/share. If no script is installed, load it when the
shell starts:

  bash   source <(googlemeet completion bash)    in ~/.bashrc
  zsh    source <(googlemeet completion zsh)     in ~/.zshrc, after compinit
  fish   googlemeet completion fish | source     in ~/.config/fish/config.fish
]],
  examples = {
    { "googlemeet completion bash >googlemeet.bash", "write the script for bash into a file" },
  },
  run = run,
}
