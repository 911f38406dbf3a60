local core = require "googlemeet.core"
local meet = require "googlemeet"
local program = require "spec.support.program"
local subcommands = require "googlemeet.command.subcommands"
local tree = require "spec.support.tree"

local MOST = 200 -- lines of a file

--- Subcommands that work on an account and end, with arguments that each of them takes.
local USUAL = {
  attendance = "", transcript = "", monitor = "", archive = "FOLDER/archive.db",
  spaces = "examples/meetings.csv FOLDER/links.csv",
}

--- Subcommands whose examples of --help run here; the specs of others run theirs.
local EXEMPLARY = {
  archive = true, attendance = true, monitor = true, search = true, spaces = true,
  transcript = true,
}

--- Examples that end by Ctrl-C: the file that they write first.
local ENDLESS = { ["googlemeet monitor --state meeting.json hpk-vtwd-ens"] = "meeting.json" }

--- Names of files in them.
local FILES = "%f[%w][%w_]+%.%l+%f[%s\0]"

describe("googlemeet", function()
  local programs

  setup(function() programs = program.serve() end)
  teardown(function() programs:close() end)
  before_each(function() programs:clear() end)

  it("has subcommands in files that are short, each with a spec", function()
    local specs, found = {}, 0
    for index, path in ipairs(tree.find("spec/project", "*_spec.lua")) do
      specs[index] = tree.read(path)
    end
    specs = table.concat(specs)
    for _, name in ipairs(subcommands.names()) do
      assert(specs:find('describe("googlemeet ' .. name .. '"', 1, true), name)
      found = found + 1
    end
    assert.is_true(found >= 6)
    for _, path in ipairs(tree.find("lua/googlemeet/command", "*.lua")) do
      local text = tree.read(path)
      local _, lines = text:gsub("\n", "")
      assert(lines <= MOST, ("%s has %d lines"):format(path, lines))
    end
  end)

  it("is not loaded by the module, not even by preload", function()
    local output = tree.run(tree.lua() .. [[ -e '
      require "googlemeet".preload()
      for name in pairs(package.loaded) do
        if name:find "^googlemeet%.command" then print(name) end
      end']])
    assert.equal("", output)
  end)

  describe("--help", function()
    it("lists the subcommands", function()
      for _, command in ipairs { "--help", "help", "-h", "help help", "help -h", "help --help" } do
        local output, status = programs:run(command)
        assert.equal(0, status)
        for _, one in ipairs(subcommands.all()) do
          assert.matches("\n  " .. one.name .. " +" .. one.summary:sub(1, 10), output)
        end
        assert.matches("MATON_API_KEY", output)
      end
    end)

    it("explains each subcommand, which does nothing else then", function()
      for _, one in ipairs(subcommands.all()) do
        local text, status = programs:run(one.name .. " --help")
        assert.equal(0, status)
        assert.matches("^Usage: googlemeet " .. one.name .. " ", text)
        assert.matches("\n" .. one.summary .. "%.\n", text)
        assert.matches("\n  %-%-help +show this text\n", text)
        assert.matches("\nExamples:\n  googlemeet " .. one.name .. " ", text)
        for line in text:gmatch "[^\n]+" do assert(#line <= 79, line) end
        for _, command in ipairs {
          "help " .. one.name, "--help " .. one.name, one.name .. " -h --none x",
        } do
          assert.same({ text, 0 }, { programs:run(command) })
        end
      end
      assert.equal(0, #programs:stats().log)
    end)

    it("names the key where one is needed", function()
      for name in pairs(USUAL) do
        assert.matches("MATON_API_KEY, a key from the settings at\nhttps://maton.ai",
          (programs:run(name .. " --help")))
      end
    end)

    for name in pairs(EXEMPLARY) do
      it("has examples that work: " .. name, function()
        tree.lines("cp examples/meetings.csv " .. programs.folder)
        if name == "search" then programs:run_demo "archive --files FOLDER/meetings.db" end
        for _, example in ipairs(subcommands.load(name).examples) do
          local command = example[1]:gsub("^googlemeet ", ""):gsub(FILES, "FOLDER/%0")
          if ENDLESS[example[1]] then
            local printed, status = programs:stop_at(command, ENDLESS[example[1]], "spaces/", "INT")
            assert.same({ "googlemeet " .. name .. ": interrupted\n", 130 }, { printed, status })
          else
            local output, status = programs:run(command)
            assert.equal(0, status, output)
          end
        end
      end)
    end
  end)

  it("shows its version", function()
    assert.same({ "googlemeet " .. meet.version .. "\n", 0 }, { programs:run "--version" })
  end)

  it("suggests what was probably meant", function()
    for command, message in pairs {
      ["attendence"] = "googlemeet: unknown subcommand 'attendence'; did you mean 'attendance'?",
      ["help trancript"] = "googlemeet: unknown subcommand 'trancript'; did you mean 'transcript'?",
      ["--versoin"] = "googlemeet: unknown option '--versoin'; did you mean '--version'?; other "
        .. "options follow the subcommand",
      ["--demo attendance"] = "googlemeet: unknown option '--demo'; known: --help, --version; "
        .. "other options follow the subcommand",
      ["attendance --jsn"] =
        "googlemeet attendance: unknown option --jsn; did you mean --json?",
      ["search a b --speeker=Ann"] =
        "googlemeet search: unknown option --speeker; did you mean --speaker?",
    } do
      local output, status = programs:run(command)
      assert.equal(2, status)
      assert.equal(message, (output:match "^(.*) %(see googlemeet[%l ]* %-%-help%)\n$"))
    end
    local output = programs:run "meetings"
    assert.matches("^googlemeet: unknown subcommand 'meetings'; known: .*archive, attendance, ",
      output)
  end)

  it("refuses arguments with one line and status 2, and asks for nothing", function()
    for command, message in pairs {
      [""] = "a subcommand is missing",
      ["''"] = "unknown subcommand ''",
      ["help spaces monitor"] = "one argument too many: monitor",
      ["--version now"] = "one argument too many: now",
      ["attendance --yaml"] = "unknown option --yaml; known: --csv, --demo, ",
      ["attendance -x"] = "unknown option -x",
      ["attendance --html"] = "--html needs a value: FILE",
      ["attendance --html ''"] = "--html needs a value: FILE",
      ["attendance --html="] = "--html needs a value: FILE",
      ["attendance --csv=yes"] = "--csv takes no value",
      ["attendance --csv-utf8"] = "unknown option --csv-utf8; known: --csv, --demo, ",
      ["attendance --late5"] = "unknown option --late5; did you mean --late?",
      ["attendance --late soon"] = "--late: a number of minutes expected, not 'soon'",
      ["attendance --late=-1"] = "--late: a number of minutes expected, not '-1'",
      ["attendance --late 1e300"] = "--late: at most 1000000000 expected, not '1e300'",
      ["attendance --csv --html FOLDER/x"] = "--csv or --html, not both",
      ["attendance --json --csv"] = "--csv or --json, not both",
      ["attendance --csv --expected FOLDER/x"] = "--csv or --expected, not both",
      ["attendance --expected FOLDER/x --json"] = "--json or --expected, not both",
      ["attendance one two"] = "one argument too many: two",
      ["attendance -- --csv two"] = "one argument too many: two",
      ["attendance a/b/c"] = "malformed resource name 'a/b/c': expected a meeting (its link, code"
        .. " or name) or a conference record (its name)",
      ["transcript https://meet.google.com/lookup/abc"] = "https://meet.google.com/lookup/abc",
      ["transcript --format docx"] = "--format: 'docx' is not one of text, markdown, vtt,"
        .. " srt, csv, json, jsonl",
      ["transcript --format vtt --json"] = "--format or --json, not both",
      ["transcript --merge nan"] = "--merge: a number of seconds expected, not 'nan'",
      ["spaces examples/meetings.csv"] = "an argument is missing",
      ["spaces examples/meetings.csv ''"] = "an argument is empty",
      ["spaces examples/meetings.csv /dev/stdout"] = "a file expected, not a device",
      ["archive"] = "an argument is missing",
      ["archive --since 1_November FOLDER/a"] = "--since: '1_November' is not a time",
      ["archive --since 2026-02-30 FOLDER/a"] = "--since: '2026-02-30' is not a time",
      ["archive --list --files FOLDER/a"] = "--files or --list, not both",
      ["archive --list --since 2026-11-01 FOLDER/a"] = "--since or --list, not both",
      ["archive FOLDER/:memory:"] =
        "/:memory:: the path of a file expected, not a database in memory",
      ["search file:a?mode=memory word"] = "file:a?mode=memory: the path of a file expected",
      ["search FOLDER/a"] = "an argument is missing",
      ["search --limit 0 FOLDER/a word"] = "--limit: a positive integer expected, not '0'",
      ["search --limit 1.5 FOLDER/a word"] = "--limit: a positive integer expected, not '1.5'",
      ["search --limit 9223372036854775807 FOLDER/a word"] =
        "--limit: at most 1000000000 expected, not '9223372036854775807'",
      ["search --record a/b/c FOLDER/a word"] = "--record: malformed resource name 'a/b/c'",
      ["monitor --interval 0"] = "--interval: more than 0 seconds expected",
      ["monitor --interval 1e999"] = "a number of seconds expected, not '1e999'",
      ["monitor --state FOLDER/a"] = "--state needs WHAT",
      ["monitor hpk-vtwd-ens cr-planning-7f3a"] = "meetings or conference records, not both",
      ["monitor a/b/c"] = "malformed resource name 'a/b/c'",
    } do
      local output, status = programs:run(command)
      assert.equal(2, status, command)
      assert(output:find("^googlemeet[%l ]*: [^\n]+ %(see googlemeet[%l ]* %-%-help%)\n$"), output)
      assert(output:find(message, 1, true), output)
    end
    assert.equal(0, #programs:stats().log)
  end)

  it("says in one line how to go on without a key", function()
    for name, arguments in pairs(USUAL) do
      for _, key in ipairs { "env -u MATON_API_KEY", "MATON_API_KEY=" } do
        local output, status = programs:run(name .. " " .. arguments, key)
        assert.equal(1, status)
        assert.equal(("googlemeet %s: no API key: set MATON_API_KEY to a key from the settings at "
          .. "https://maton.ai, or add --demo to use the demo account\n"):format(name), output)
      end
    end
  end)

  it("uses the demo account, whatever the environment says", function()
    local output, status = programs:run("attendance --demo cr-planning-7f3a",
      "MATON_CONNECTION=none MATON_API_URL=none https_proxy=http://127.0.0.1:1")
    assert.matches("\nAda Bergqvist ", output)
    assert.equal(0, status)
    assert.equal(0, #programs:stats().log)
  end)

  it("prints JSON where it is asked to", function()
    programs:run_demo "archive FOLDER/meetings.db"
    for _, command in ipairs {
      "attendance", "transcript", "archive FOLDER/archive.db", "archive --list FOLDER/meetings.db",
      "search FOLDER/meetings.db roadmap", "spaces examples/meetings.csv FOLDER/links.csv",
    } do
      local value, problem = core.decode(programs:run_demo(command .. " --json"))
      assert.equal("table", type(value), problem)
      assert.is_not_nil(next(value))
    end
    local events = 0
    for line in programs:run_demo("monitor --json"):gmatch "[^\n]+" do
      assert.equal("string", type(core.decode(line).type))
      events = events + 1
    end
    assert.equal(24, events)
  end)

  it("ends with status 1 and one line where its output cannot be written", function()
    if not io.open "/dev/full" then return pending "there is no /dev/full" end
    local few = { -- requests
      archive = os.date("!--since %Y-%m-%d ", os.time() - 86400) .. USUAL.archive,
      attendance = "cr-empty-0e0e",
    }
    for name, arguments in pairs(USUAL) do
      arguments = few[name] or arguments
      for _, words in ipairs { arguments, arguments .. " --json", "--help" } do
        local output, status = programs:run(name .. " " .. words .. " 2>&1 >/dev/full")
        assert.equal(1, status, name .. " " .. words)
        assert.equal("googlemeet " .. name .. ": standard output: No space left on device\n",
          output)
      end
    end
    assert.same({ "googlemeet: standard output: No space left on device\n", 1 },
      { programs:run "--version 2>&1 >/dev/full" })
  end)

  it("writes into none of its files and sockets where its output is closed", function()
    for _, name in ipairs { "attendance", "spaces" } do
      local output, status = programs:run(name .. " " .. USUAL[name] .. " 2>&1 >&-")
      assert.equal("googlemeet " .. name .. ": standard output: Bad file descriptor\n", output)
      assert.equal(1, status)
    end
  end)

  for name in pairs(USUAL) do
    it("ends by Ctrl-C with one line and status 130: " .. name, function()
      local output, status = programs:interrupt(name .. " " .. USUAL[name])
      assert.matches("\ngooglemeet " .. name .. ": interrupted\n", "\n" .. output)
      assert.not_matches("traceback", output)
      assert.equal(130, status)
    end)
  end

  --- Run a subcommand with a module that raises when it is loaded.
  local function run_without_module(name, message)
    return tree.run(("%s -e 'package.preload.googlemeet = function() error %q end' %s %s"):format(
      tree.lua(), message, "lua/googlemeet/command/googlemeet.lua", name) .. "; echo status $?")
  end

  it("ends by Ctrl-C with one line while it loads, too", function()
    for name in pairs(USUAL) do
      assert.equal("googlemeet " .. name .. ": interrupted\nstatus 130\n",
        run_without_module(name, "interrupted!"))
    end
  end)

  it("shows where it is wrong itself", function()
    local output = run_without_module("attendance", "a mistake")
    assert.matches("^googlemeet attendance: [^\n]*a mistake\nstack traceback:\n.*status 1\n$",
      output)
  end)

  it("ends with one line on stderr and status 1 when a call fails", function()
    for name, arguments in pairs(USUAL) do
      local output, status = programs:run(name .. " " .. arguments .. " 2>&1 >FOLDER/out",
        "MATON_API_KEY=wrong")
      assert.equal(1, status, name)
      local prefix = name == "spaces" and "failed: Weekly planning" or "googlemeet " .. name
      assert.matches("^" .. prefix .. ": [^\n]*auth %(401%)[^\n]*\n$", output)
    end
  end)

  it("says which setting of the environment cannot be used", function()
    for setting, message in pairs {
      ["MATON_API_KEY='a b'"] = "config: MATON_API_KEY: ",
      ["MATON_API_URL=none"] = "config: MATON_API_URL: ",
    } do
      local output, status = programs:run("attendance", setting)
      assert.matches("^googlemeet attendance: " .. message .. "[^\n]*\n$", output)
      assert.equal(1, status)
    end
  end)

  it("runs without any setting, from any folder", function()
    local here, folder = tree.lines("pwd")[1], programs.folder
    for name, arguments in pairs(USUAL) do
      local output, ok = tree.run(("cd / && env -u MATON_API_KEY -u MATON_API_URL -u LUA_PATH"
        .. " -u LUA_CPATH %s %s --demo %s 2>&1 >%s/out"):format(program.path(), name,
        (arguments:gsub("examples/", here .. "/%0"):gsub("FOLDER", folder)), folder))
      assert(ok, output)
      assert.equal("", output)
    end
  end)

  it("loads no module from the folder in which it runs", function()
    for _, name in ipairs { "cjson", "googlemeet", "cqueues" } do
      programs:write(name .. ".lua", "error 'this is not the command'")
    end
    for _, arguments in ipairs { "attendance --demo", "serve --until-eof </dev/null" } do
      local output, ok = tree.run(("cd %s && env -u LUA_PATH -u LUA_CPATH %s %s"):format(
        programs.folder, program.path(), arguments))
      assert(ok, output)
    end
  end)

  it("runs from the tree by its script, from any folder", function()
    if tree.build():match "[^/]*$" ~= "build" then
      return pending "there is only a build for other purposes"
    end
    local here = tree.lines("pwd")[1]
    tree.lines("mkdir " .. programs.folder .. "/googlemeet")
    programs:write("googlemeet/command.lua", "error 'this is not the command'")
    for folder, script in pairs {
      ["/"] = here:sub(2) .. "/lua/googlemeet/command/googlemeet.lua",
      [here] = "lua/googlemeet/command/googlemeet.lua",
      [here .. "/lua/googlemeet/command"] = "googlemeet.lua",
      [programs.folder] = here .. "/lua/googlemeet/command/googlemeet.lua",
    } do
      local output = tree.run(("cd %s && env -u LUA_PATH -u LUA_CPATH %s %s --version"):format(
        tree.quote(folder), tree.lua(), tree.quote(script)))
      assert.equal("googlemeet " .. meet.version .. "\n", output)
    end
  end)

  it("shares its limit with the other processes of its user, unless it is asked not to", function()
    local limiter, known = meet.limiter.file(), {}
    local function newcomers() -- processes: places of earlier runs end meanwhile
      local count = 0
      for _, process in ipairs(assert(limiter.status()).users) do
        if not known[process] then count, known[process] = count + 1, true end
      end
      return count
    end
    newcomers()
    assert.equal(0, select(2, programs:run "attendance --csv"))
    assert.equal(0, newcomers())
    assert.equal(0, select(2, programs:run "attendance --csv --limiter"))
    assert.equal(1, newcomers())
  end)
end)
