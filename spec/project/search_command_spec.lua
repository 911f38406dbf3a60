local core = require "googlemeet.core"
local program = require "spec.support.program"
local tree = require "spec.support.tree"

describe("googlemeet search", function()
  local programs, archive

  setup(function()
    programs = program.serve()
    programs:clear()
    programs:run_demo "archive --files FOLDER/a.db"
    archive = programs:read "a.db"
  end)
  teardown(function() programs:close() end)
  before_each(function()
    programs:clear()
    programs:write("a.db", archive)
  end)

  it("finds what was said and noted, without an account", function()
    local output, status = programs:run("search FOLDER/a.db ROADMAP take", "MATON_API_KEY=")
    assert.equal(0, status)
    assert.matches("^%d+%-%d%d%-%d%d %d%d:%d%d  [^\n:]+: [^\n]*roadmap[^\n]*\n", output)
    for line in output:gmatch "[^\n]+" do
      assert.matches("[Rr]oadmap", line)
      assert.matches("[Tt]ake", line)
    end
    assert.same({ output, 0 }, { programs:run 'search FOLDER/a.db "ROADMAP take"' })
    assert.matches("  %(note%): .*next steps", (programs:run "search FOLDER/a.db suggested steps"))
    assert.equal(0, #programs:stats().log)
  end)

  it("finds in one conference, of one speaker, and no more than asked for", function()
    local output = programs:run "search --limit 2 FOLDER/a.db roadmap"
    assert.equal(2, select(2, output:gsub("\n", "")))
    output = programs:run 'search --speaker "CECILIA dahl" FOLDER/a.db roadmap'
    for line in output:gmatch "[^\n]+" do assert.matches("^[%d-]+ [%d:]+  Cecilia Dahl: ", line) end
    for _, record in ipairs { "cr-planning-7f3a", "conferenceRecords/cr-planning-7f3a" } do
      local output_of_one = programs:run("search --json FOLDER/a.db roadmap --record " .. record)
      local found = core.decode(output_of_one)
      assert.is_true(#found > 1)
      for _, one in ipairs(found) do
        assert.equal("conferenceRecords/cr-planning-7f3a", one.record)
      end
    end
  end)

  it("prints JSON", function()
    local output, status = programs:run "search --json FOLDER/a.db roadmap take"
    local found = core.decode(output)
    assert.equal(0, status)
    assert.same({ "entry", "string" }, { found[1].kind, type(found[1].speaker) })
    assert.matches("[Rr]oadmap", found[1].text)
    assert.same({ "[]\n", 1 }, { programs:run "search --json FOLDER/a.db nowhere 2>FOLDER/error" })
  end)

  it("ends with status 1 when nothing is found", function()
    for _, words in ipairs { "nowhere", "'NEAR(\"*'", "-- -x", "'*'" } do
      assert.same({ "googlemeet search: nothing was found\n", 1 },
        { programs:run("search FOLDER/a.db " .. words) })
    end
  end)

  it("waits for no FIFO, and makes no archive of an empty file", function()
    programs:write("empty", "")
    tree.lines("mkfifo " .. programs.folder .. "/fifo")
    for _, command in ipairs { "search FOLDER/%s word", "archive --list FOLDER/%s" } do
      local output, status = programs:run(command:format "empty")
      assert.matches("^googlemeet %l+: FOLDER/empty: there is no such archive\n$", output)
      assert.equal(1, status)
      output, status = programs:run(command:format "fifo", "timeout 20 env")
      assert.matches("^googlemeet %l+: [^\n]*FOLDER/fifo: disk I/O error[^\n]*\n$", output)
      assert.equal(1, status)
    end
    assert.equal("", programs:read "empty")
  end)

  it("says why a path cannot be searched", function()
    programs:run_demo "archive --directory FOLDER/copy"
    for path, message in pairs {
      ["FOLDER/none.db"] = "FOLDER/none.db: there is no such archive",
      ["FOLDER/copy"] = "FOLDER/copy is a directory; search needs an archive that is an SQLite"
        .. " database",
    } do
      assert.same({ "googlemeet search: " .. message .. "\n", 1 },
        { programs:run("search " .. path .. " word") })
    end
    local output, status = programs:run "search examples/meetings.csv word"
    assert.matches("^googlemeet search: [^\n]*file is not a database[^\n]*\n$", output)
    assert.equal(1, status)
  end)
end)
