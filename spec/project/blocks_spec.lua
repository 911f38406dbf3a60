--- What judges the documents: blocks.lua, shell_words.lua and terminal.lua.

local blocks = require "spec.support.blocks"
local shell_words = require "spec.support.shell_words"
local terminal = require "spec.support.terminal"
local tree = require "spec.support.tree"

describe("blocks.read", function()
  it("gives the blocks with their lines, and the text that follows one", function()
    local path = os.tmpname()
    tree.write(path, "a\n```lua\nx()\n```\n\n```text\ny\n```\n"
      .. "- b\n\n  ```sh\n  z\n  ```\n```text\nv\n```\n")
    local found = blocks.read(path)
    os.remove(path)
    assert.same({ "lua", "x()", 2, "y" },
      { found[1].language, found[1].text, found[1].line, found[1].output })
    assert.same({ "sh", "z", 11, "v" },
      { found[3].language, found[3].text, found[3].line, found[3].output })
  end)

  it("takes no text behind other words for output", function()
    local path = os.tmpname()
    tree.write(path, "```lua\nx()\n```\nwords\n```text\ny\n```\n")
    assert.is_nil(blocks.read(path)[1].output)
    os.remove(path)
  end)
end)

describe("blocks.compare", function()
  for _, row in ipairs {
    { "a\nb", "a\nb\n" }, { "a\n…", "a\nb\nc" }, { "…\nc", "a\nc\nb\nc" }, { "", "" },
    { "a\n…\nc\n…\nd", "a\nx\nc\nd" }, { "a…z", "abcz" }, { "…", "" }, { "…\nb\n…", "a\nb" },
    { "on 2026-01-01", "on 2025-12-31" }, { "a(%d)", "a(%d)" }, { "a", "a  " },
  } do
    it(("accepts %q for %q"):format(row[2], row[1]), function()
      blocks.compare("here", row[1], row[2])
    end)
  end

  for _, row in ipairs {
    { "a\nb", "a\nc", 2 }, { "a", "a\nb", 2 }, { "a\nb", "a", 2 }, { "", "x", 1 }, { "x", "", 1 },
    { "a\n…\nc\nd", "a\nx\nc\ne", 4 }, { "…\nc", "c\nd", 2 }, { "a…z", "abc", 1 },
    { "…\nb\n…", "a\nc", 1 }, { "on 2026-01-01", "at 2026-01-01", 1 }, { "a.c", "abc", 1 },
  } do
    it(("refuses %q for %q"):format(row[2], row[1]), function()
      local ok, problem = pcall(blocks.compare, "here", row[1], row[2])
      assert.is_false(ok)
      assert.matches(("^here: not what is printed, from line %d on\n"):format(row[3]), problem)
    end)
  end
end)

describe("shell_words", function()
  it("finds the commands of a block", function()
    assert.same({ { "make", "all" }, { "make", "install" }, { "lua5.4", "x.lua", "QUOTED" } },
      shell_words.commands "make all && sudo make install # both\nKEY=… lua5.4 \\\n  x.lua 'a b'")
  end)

  for text, problem in pairs {
    ["make nothing"] = "make has no target nothing",
    ["googlemeet attend"] = "googlemeet attend",
    ["googlemeet attendance --yaml"] = "googlemeet attendance has no option --yaml",
    ["lua5.4 nothing.lua"] = "no file nothing.lua",
    ["cat spec/nothing.txt"] = "spec/nothing.txt",
    ["no-such-command x"] = "no command no-such-command",
  } do
    it("refuses " .. text, function()
      local ok, found = pcall(shell_words.check, shell_words.commands(text)[1])
      assert.is_false(ok)
      assert(found:find(problem, 1, true), found)
    end)
  end

  it("accepts what is there", function()
    for _, text in ipairs {
      "make demo", "make install PREFIX=/tmp", "googlemeet attendance --csv x --late 5",
      "lua5.4 examples/quickstart.lua", "luarocks make rockspec/*.rockspec",
    } do
      shell_words.check(shell_words.commands(text)[1])
    end
  end)

  it("runs no block that writes elsewhere, has no end, or goes on in the background", function()
    assert.is_true(shell_words.may_run "export A=1\nlua5.4 examples/quickstart.lua")
    assert.is_true(shell_words.may_run "googlemeet get spaces --demo | cat && ls")
    local texts = { "make install", "googlemeet serve", "googlemeet get x & # on", "rm x" }
    for _, text in ipairs(texts) do
      assert.is_false(shell_words.may_run(text), text)
    end
  end)
end)

describe("terminal", function()
  --- Run a block; give what each command printed, and what the shell says.
  local function printed_by(text)
    local steps = terminal.steps(text)
    local said = terminal.run(steps)
    local printed = {}
    for index, step in ipairs(steps) do printed[index] = step.printed end
    return printed, said
  end

  it("runs commands in order, in one shell and one folder, errors included", function()
    local printed, said = printed_by("$ NAME=x; echo 1 >file\n$ echo $(cat file) \\\n  $NAME\n1 x\n"
      .. "$ echo bad >&2; (exit 3)\nbad")
    assert.same({ "", "1 x\n", "bad\n" }, printed)
    assert.equal("status 3\n", said)
  end)

  it("waits for what a command in the background prints, and ends it", function()
    local printed = printed_by "$ (sleep 0.2; echo 8123; exec sleep 60) &\n8123\n$ echo on\non"
    assert.same({ "8123\n", "on\n" }, printed)
  end)

  it("presses Ctrl-C when the lines before ^C are there", function()
    local script = [[lua5.4 -e 'print(1) while true do end']]
    local printed = printed_by("$ " .. script .. "\n1\n^C\nwhatever follows")
    assert.matches("^1\n.*interrupted!", printed[1])
  end)

  it("has an account for what asks one, and a demo account beside it", function()
    local printed = printed_by "$ echo $MATON_API_KEY\n$ lua5.4 examples/handle_errors.lua"
    assert.matches("^example%-key\n$", printed[1])
    assert.matches("^not_found %(status 404%)", printed[2])
    assert.same({ "\n" }, (printed_by "$ echo $MATON_API_KEY"))
  end)
end)
