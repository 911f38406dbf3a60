local program = require "spec.support.program"
local tree = require "spec.support.tree"

--- A line as it is typed up to a tab, and the word that its end becomes.
local CASES <const> = {
  { "googlemeet att", "attendance" },
  { "googlemeet help att", "attendance" },
  { "googlemeet --v", "--version" },
  { "googlemeet attendance --js", "--json" },
  { "googlemeet attendance --late 5 --no-l", "--no-limiter" },
  { "googlemeet connect --app google-dr", "google-drive" },
  { "googlemeet connect --app=google-dr", "google-drive" },
  { "googlemeet search archive.db get --rec", "--record" },
  { "googlemeet completion fi", "fish" },
  { "googlemeet attendance --html FOLDER/som", "FOLDER/some" },
  { "googlemeet archive FOLDER/som", "FOLDER/some" },
}

describe("googlemeet completion", function()
  local folder

  setup(function()
    folder = tree.temporary()
    tree.write(folder .. "/some", "")
    tree.write(folder .. "/other file", "")
    for shell, name in pairs { bash = "bash", fish = "fish", zsh = "_googlemeet" } do
      tree.lines(("%s completion %s >%s/%s"):format(program.path(), shell, folder, name))
    end
  end)
  teardown(function() tree.remove(folder) end)

  local function lines_of_cases()
    local lines = {}
    for index, case in ipairs(CASES) do lines[index] = case[1]:gsub("FOLDER", folder) end
    return lines
  end

  --- Quote words for the shell.
  local function quoted(words)
    local quotes = {}
    for index, word in ipairs(words) do quotes[index] = tree.quote(word) end
    return table.concat(quotes, " ")
  end

  --- Assert that each line ends in the word expected.
  local function check(ends)
    for index, case in ipairs(CASES) do
      local word = case[2]:gsub("FOLDER", folder)
      assert.equal(word, (ends[index] or ""):match "[^ =]*$", case[1])
    end
    assert.equal(#CASES, #ends)
  end

  --- Return what bash offers for the ends of lines.
  local function complete_in_bash(lines)
    return tree.lines(("bash --norc -u spec/support/complete.bash %s/bash %s"):format(folder,
      quoted(lines)))
  end

  local function is_here(name) return select(2, tree.run("command -v " .. name)) end

  it("is loaded by bash", function()
    if not is_here "bash" then return pending "there is no bash" end
    check(complete_in_bash(lines_of_cases()))
  end)

  it("is loaded by zsh", function()
    if not is_here "zsh" then return pending "there is no zsh" end
    if not tree.run_on_terminal "true" then return pending "there is no terminal" end
    local zsh = "timeout 60 zsh -f spec/support/complete.zsh"
    local ends = tree.lines(("%s %s/_googlemeet %s"):format(zsh, folder, quoted(lines_of_cases())))
    for index, line in ipairs(ends) do ends[index] = line:gsub(" $", "") end
    check(ends)
  end)

  it("is loaded by fish", function()
    if not is_here "fish" then return pending "there is no fish" end
    local ends = tree.lines(([[HOME=%s fish --no-config -c '
      source %s/fish
      for line in $argv; complete -C $line | string replace -r "\t.*" "" | string join "; "; end
      true
      ' -- %s]]):format(folder, folder, quoted(lines_of_cases())))
    check(ends)
  end)

  it("offers a file with a blank in its name as one word in bash", function()
    if not is_here "bash" then return pending "there is no bash" end
    assert.same({ "other file" }, tree.lines(([[cd %s && bash --norc -c '
      source ./bash; COMP_WORDS=(googlemeet archive oth); COMP_CWORD=2
      _googlemeet; printf "%%s\n" "${COMPREPLY[@]}"']]):format(folder)))
  end)

  it("offers everything that a word can be in bash", function()
    if not is_here "bash" then return pending "there is no bash" end
    local offered = complete_in_bash { "googlemeet ", "googlemeet doctor ",
      "googlemeet connect --app ", "googlemeet connect --app=" }
    assert.matches("^attendance transcript archive .* help %-%-help %-%-version$", offered[1])
    assert.equal("--json --demo --no-limiter --help", offered[2])
    assert.equal("google-meet google-drive google-docs google-calendar", offered[3])
    assert.equal(offered[3], offered[4])
  end)

  it("refuses other shells", function()
    local output = tree.run(program.path() .. " completion tcsh; echo status $?")
    assert.equal("googlemeet completion: SHELL: 'tcsh' is not one of bash, zsh, fish "
      .. "(see googlemeet completion --help)\nstatus 2\n", output)
  end)
end)
