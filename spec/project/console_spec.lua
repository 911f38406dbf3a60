--- The blocks of the documents, as their readers try them.
--
-- ```console   What follows `$ ` is run in order, in a new folder with a new account (see
--              spec/support/terminal.lua), and compared with what it prints, errors included.
-- ```lua       The block runs on a seeded fake at 2026-11-22T10:00:00Z, with `client` and `meet` in
--              reach, and prints something: the ```text block that follows, where one does.
-- ```sh        Each command, target of make, option of googlemeet and file exists. A block whose
--              commands only read, or write into their folder, and end, is run, and must succeed.
--
-- In what is compared, a line `…` stands for any lines, and `…` in a line for any text. Any date is
-- equal to any other, since the fake's conferences are always those of the last days; ids and codes
-- are the same in every run. Blanks at the end of a line do not count. What follows a line `^C` is
-- not compared: the program gets Ctrl-C when it has printed the lines before.

local blocks = require "spec.support.blocks"
local meet = require "googlemeet"
local shell_words = require "spec.support.shell_words"
local surface = require "spec.support.surface"
local terminal = require "spec.support.terminal"
local tree = require "spec.support.tree"

local DOCUMENTS = { "README.md", "lua/README.md", "examples/README.md" }
local NOW <const> = 1795341600 -- 2026-11-22T10:00:00Z, as for surface.client

--- Call `f` with each block of a language, and a title that says where it is.
local function each_block(language, f)
  for _, path in ipairs(DOCUMENTS) do
    for _, block in ipairs(blocks.read(path)) do
      if block.language == language then
        local where = ("%s:%d"):format(path, block.line)
        f(block, where, ("%s: %s"):format(where, block.text:match "[^\n]*"))
      end
    end
  end
end

describe("README.md", function()
  it("is read in ten minutes: it has at most 10 000 bytes", function()
    assert.is_true(#tree.read "README.md" <= 10000)
  end)
end)

describe("what a document shows of a terminal", function()
  each_block("console", function(block, where, title)
    it("is what is printed, " .. title, function()
      local steps = terminal.steps(block.text)
      local said = terminal.run(steps)
      assert(said == "" or said:find "^status %d+\n$" and not said:find "124", said)
      for _, step in ipairs(steps) do
        local printed = step.printed
        if step.is_stopped then -- it may print more before Ctrl-C, and behind it
          printed = table.concat({ printed:match(("([^\n]*\n)"):rep(step.lines)) })
        end
        blocks.compare(where .. ", $ " .. step.command, step.output, printed)
      end
    end)
  end)
end)

describe("the commands that a document names", function()
  each_block("sh", function(block, where, title)
    it("are there, " .. title, function()
      local commands = shell_words.commands(block.text)
      assert(#commands > 0, where)
      for _, words in ipairs(commands) do shell_words.check(words) end
    end)

    if shell_words.may_run(block.text) then
      it("succeed, " .. title, function()
        local steps = terminal.steps("$ " .. block.text:gsub("\n", "\n$ "):gsub("\\\n%$ ", "\\\n"))
        local said = terminal.run(steps)
        assert(said == "", said .. steps[#steps].printed)
      end)
    end
  end)
end)

describe("a script in a document", function()
  --- Load a module, redis-lua from where Debian has it.
  local function load_module(name)
    local path = package.path
    if name == "redis" then package.path = path .. ";/usr/share/lua/5.1/?.lua" end
    local is_there, module = pcall(require, name)
    package.path = path
    return is_there and module or error(module, 0)
  end

  --- Run a script; give what it printed.
  local function run(script, where)
    local client <close> = surface.client()
    local face = setmetatable({ new = surface.client }, { __index = meet })
    local written = {}
    local names = {
      client = client, meet = face,
      require = function(name) return name == "googlemeet" and face or load_module(name) end,
      print = function(...)
        local words = table.pack(...)
        for i = 1, words.n do words[i] = tostring(words[i]) end
        written[#written + 1] = table.concat(words, "\t") .. "\n"
      end,
      io = setmetatable({ write = function(...)
        for _, word in ipairs { ... } do written[#written + 1] = tostring(word) end
      end }, { __index = io }),
      os = setmetatable({
        time = function(fields) return fields and os.time(fields) or NOW end,
        date = function(format, time) return os.date(format, time or NOW) end,
      }, { __index = os }),
    }
    assert(load(script, "@" .. where, "t", setmetatable(names, { __index = _G })))()
    return table.concat(written)
  end

  each_block("lua", function(block, where, title)
    if block.output then
      it("prints what follows it, " .. title, function()
        blocks.compare(where, block.output, run(block.text, where))
      end)
    else
      it("runs and prints, " .. title, function()
        assert(run(block.text, where) ~= "", "nothing printed")
      end)
    end
  end)
end)
