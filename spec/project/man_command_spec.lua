local meet = require "googlemeet"
local program = require "spec.support.program"
local subcommands = require "googlemeet.command.subcommands"
local tree = require "spec.support.tree"

describe("googlemeet man", function()
  local folder, page

  setup(function()
    folder = tree.temporary()
    page = folder .. "/googlemeet.1"
    tree.lines(("%s man >%s"):format(program.path(), page))
  end)
  teardown(function() tree.remove(folder) end)

  --- Run a program on the page, if it is there; nil else.
  local function run(name, arguments)
    if not select(2, tree.run("command -v " .. name)) then return nil end
    return (tree.run(("%s %s %s"):format(name, arguments, page)))
  end

  it("prints a page that groff, man and mandoc read without a warning", function()
    local found = 0
    for _, row in ipairs {
      { "groff", "-ww -man -Tutf8 -z" }, { "mandoc", "-T lint -W warning" },
      { "man", "--warnings -l >/dev/null" },
    } do
      local complaints = run(row[1], row[2])
      if complaints then
        assert.equal("", complaints, row[1])
        found = found + 1
      end
    end
    if found == 0 then pending "there is no groff, no mandoc and no man" end
  end)

  it("has the version, every subcommand, and their options", function()
    local text = tree.read(page):gsub("\\%-", "-")
    local day, version = text:match '\n.TH GOOGLEMEET 1 (%S+) "googlemeet (%S+)"'
    assert.equal(meet.version, version)
    assert(tree.read "CHANGELOG.md":find(("\n## [%s] - %s\n"):format(version, day), 1, true))
    for _, one in ipairs(subcommands.all()) do
      local start = text:find('\n.SS "googlemeet ' .. one.name .. " ", 1, true)
      assert(start, one.name)
      for _, row in ipairs(one.options) do
        assert(text:find(".B%a? %-%-" .. row[1]:gsub("%-", "%%-") .. "%f[^%w-]", start), row[1])
      end
    end
  end)

  it("begins no description with a value, which a capital would change", function()
    for _, one in ipairs(subcommands.all()) do
      for _, row in ipairs(one.options) do
        for _, choice in ipairs(row.choices or {}) do
          assert.not_matches("^" .. choice:gsub("%-", "%%-") .. "%f[^%w-]", row[3])
        end
      end
    end
  end)

  it("shows examples and lists as they are", function()
    local shown = run("groff", "-man -Tascii -P-c -P-u -P-o -P-b -rLL=80n")
    if not shown then return pending "there is no groff" end
    -- Of text, and of what is below an option: versions of groff differ.
    local indents = { shown:match "\n( +)%-%-no%-limiter\n( +)Do not" }
    for _, one in ipairs(subcommands.all()) do
      for _, example in ipairs(one.examples) do
        assert(shown:find("\n" .. indents[2] .. example[1] .. "\n", 1, true), example[1])
      end
      for line in (one.text or ""):gmatch "\n(  [^\n]+)" do
        assert(shown:find("\n" .. indents[1] .. line .. "\n", 1, true), line)
      end
    end
  end)
end)
