local program = require "spec.support.program"
local served = require "spec.support.served"
local tree = require "spec.support.tree"

local MOST = 130 -- lines
local PATIENCE = 20 -- seconds

--- The examples with a command line, and arguments that each of them takes.
local USUAL = {
  ["attendance.lua"] = "", ["transcript.lua"] = "", ["monitor.lua"] = "",
  ["archive.lua"] = "FOLDER/archive.db",
  ["spaces_from_csv.lua"] = "examples/meetings.csv FOLDER/links.csv",
}

local TABLE = [[
Name              Kind       First join (UTC)     Last leave (UTC)     Joins     Time
----------------  ---------  -------------------  -------------------  -----  -------
Ada Bergqvist     signed in  YYYY-MM-DD 09:00:06  YYYY-MM-DD 09:47:48      2  0:46:13
Farid Dubois      signed in  YYYY-MM-DD 09:00:12  YYYY-MM-DD 09:09:30      1  0:09:18
Bo Moreau         signed in  YYYY-MM-DD 09:00:30  YYYY-MM-DD 09:47:48      1  0:47:18
Cecilia Dahl      signed in  YYYY-MM-DD 09:01:00  YYYY-MM-DD 09:47:30      3  0:44:20
David Petrov      signed in  YYYY-MM-DD 09:02:00  YYYY-MM-DD 09:45:00      2  0:43:00
Guest from Oslo   guest      YYYY-MM-DD 09:02:30  YYYY-MM-DD 09:40:00      1  0:37:30
+46 8 53* *** **  phone      YYYY-MM-DD 09:04:00  YYYY-MM-DD 09:47:00      2  0:41:01
Elin Meyer        signed in  YYYY-MM-DD 09:12:00  YYYY-MM-DD 09:47:48      1  0:35:48
]]

describe("a program among the examples", function()
  local double, folder

  setup(function() double = served.start { arguments = "--key example-key" } end)
  teardown(function() double:close() end)

  before_each(function()
    double:reset()
    folder = tree.temporary()
  end)
  after_each(function() tree.remove(folder) end)

  local function run(command, environment)
    return program.run(double, command, folder, environment)
  end

  local function run_made_up(command, stream)
    return program.run_made_up(command, folder, stream)
  end

  local function write(name, text)
    local file <close> = assert(io.open(folder .. "/" .. name, "wb"))
    file:write(text)
  end

  local function read(name) return tree.read(folder .. "/" .. name) end

  --- How often an operation was asked for since the last reset.
  local function count(operation)
    local found = 0
    for _, entry in ipairs(double:stats().log) do
      if entry.operation == operation then found = found + 1 end
    end
    return found
  end

  it("is short, says at its head what it does, and has a spec", function()
    local specs, found = {}, 0
    for index, path in ipairs(tree.find("spec/project", "*_spec.lua")) do
      specs[index] = tree.read(path)
    end
    specs = table.concat(specs)
    for _, path in ipairs(tree.find("examples", "*.lua")) do
      local text = tree.read(path)
      local _, lines = text:gsub("\n", "")
      assert(lines <= MOST, ("%s has %d lines"):format(path, lines))
      assert(text:find "^%-%- %u", path)
      local name = path:match "^examples/([^/]+)$"
      if name and text:find('"shared.command"', 1, true) then
        assert(specs:find('describe("' .. name .. '"', 1, true), name)
        assert(USUAL[name], name)
        found = found + 1
      end
    end
    assert.equal(5, found)
  end)

  it("explains itself", function()
    for name in pairs(USUAL) do
      local output, status = run(name .. " --help")
      assert.equal(0, status)
      assert.matches("^Usage: lua5.4 " .. name:gsub("%p", "%%%0") .. " ", output)
      assert.matches("\n  %-%-help +show this text\n", output)
      assert.matches("MATON_API_KEY", output)
    end
  end)

  it("refuses arguments with one line and status 2, and asks for nothing", function()
    for command, message in pairs {
      ["attendance.lua --yaml"] = "unknown option --yaml",
      ["attendance.lua -x"] = "unknown option -x",
      ["attendance.lua --html"] = "--html needs a value: FILE",
      ["attendance.lua --late soon"] = "--late: a number of minutes expected, not 'soon'",
      ["attendance.lua --late=-1"] = "--late: a number of minutes expected, not '-1'",
      ["attendance.lua --csv --html FOLDER/x"] = "--csv or --html, not both",
      ["attendance.lua one two"] = "one argument too many: two",
      ["attendance.lua a/b/c"] = "malformed resource name 'a/b/c'",
      ["transcript.lua https://meet.google.com/lookup/abc"] = "https://meet.google.com/lookup/abc",
      ["transcript.lua --format docx"] = "--format: there is no 'docx'",
      ["transcript.lua --merge nan"] = "--merge: a number of seconds expected, not 'nan'",
      ["spaces_from_csv.lua examples/meetings.csv"] = "an argument is missing",
      ["spaces_from_csv.lua examples/meetings.csv ''"] = "an argument is empty",
      ["archive.lua"] = "an argument is missing",
      ["archive.lua --since 1_November FOLDER/a"] = "--since: '1_November' is no time",
      ["archive.lua --since 2026-02-30 FOLDER/a"] = "--since: '2026-02-30' is no time",
      ["archive.lua --list --since 2026-11-01 FOLDER/a"] = "--since or --list, not both",
      ["monitor.lua --interval 0"] = "--interval: more than 0 seconds expected",
      ["monitor.lua --interval 1e999"] = "a number of seconds expected, not '1e999'",
      ["monitor.lua --state FOLDER/a"] = "--state needs WHAT",
      ["monitor.lua hpk-vtwd-ens cr-planning-7f3a"] = "meetings or conference records, not both",
      ["monitor.lua a/b/c"] = "malformed resource name 'a/b/c'",
    } do
      local output, status = run(command)
      assert.equal(2, status, command)
      assert(output:find("^[%l_]+%.lua: [^\n]+ %(see %-%-help%)\n$"), output)
      assert(output:find(message, 1, true), output)
    end
    assert.equal(0, #double:stats().log)
  end)

  it("ends with one line on stderr and status 1 when a call fails", function()
    for name, arguments in pairs(USUAL) do
      local output, status = run(name .. " " .. arguments .. " 2>&1 >FOLDER/out",
        "MATON_API_KEY=wrong")
      assert.equal(1, status, name)
      assert.matches("^[^\n]*auth %(401%)[^\n]*\n$", output)
    end
  end)

  it("prints what README.md shows", function()
    local here, found = tree.lines("pwd")[1], 0
    --- Mask what differs from run to run.
    local function mask(text)
      return (text:gsub("%d%d%d%d%-%d%d%-%d%d", "DAY"):gsub("%l%l%l%-%l%l%l%l%-%l%l%l", "CODE")
        :gsub("spaces/[%w_-]+", "NAME"):gsub("\r", ""))
    end
    for block in tree.read("README.md"):gmatch "\n```console\n(.-)```" do
      for command, shown in block:gmatch "%$ ([^\n]+)\n([^$]*)" do
        local output = mask(tree.run(("cd %s && env -u MATON_API_KEY %s 2>/dev/null"):format(
          folder, (command:gsub("lua5.4", tree.lua(), 1):gsub("examples/", here .. "/%0")))))
        local place = 1
        for part in (shown .. "…\n"):gmatch "(.-)…\n" do
          local _, last = output:find(mask(part), place, true)
          place = assert(last, command .. " does not print:\n" .. part) + 1
        end
        found = found + 1
      end
    end
    assert.equal(9, found)
  end)

  local built = io.open "build/googlemeet/core.so"
  if built then built:close() end
  it("runs without a key and without any setting, from any folder", built and function()
    local here = tree.lines("pwd")[1]
    for name, arguments in pairs(USUAL) do
      local output, ok = tree.run(("cd / && env -u MATON_API_KEY -u MATON_API_URL"
        .. " %s %s/examples/%s %s 2>&1 >%s/out"):format(tree.lua(), tree.quote(here), name,
        (arguments:gsub("examples/", here .. "/examples/"):gsub("FOLDER", folder)), folder))
      assert(ok, output)
      assert.equal("No MATON_API_KEY: this is a made-up account.\n", output)
    end
  end or function() pending "there is only a build for other purposes" end)

  describe("attendance.lua", function()
    it("prints a table", function()
      local output = run "attendance.lua cr-planning-7f3a"
      assert.equal(TABLE, (output:gsub("%d%d%d%d%-%d%d%-%d%d", "YYYY-MM-DD")))
    end)

    it("shows a conference worth it in the made-up account", function()
      local output = run_made_up "examples/attendance.lua"
      assert.matches("\nCecilia Dahl +signed in .- 3  0:44:20\n", output)
      local _, lines = output:gsub("\n", "")
      assert.equal(10, lines)
    end)

    it("takes the latest conference that is over, of all or of a meeting", function()
      assert.matches("\nAda Bergqvist .- 1  0:29:00\n", (run "attendance.lua"))
      assert.matches("\nAda Bergqvist .- 1  0:24:18\n", (run "attendance.lua gxe-pnyi-fto"))
      local output, status = run "attendance.lua https://meet.google.com/RUJ-mzpa-wce"
      assert.equal(1, status) -- it runs still
      assert.equal(
        "attendance.lua: there is no such conference in the last 30 days\n", output)
    end)

    it("writes CSV", function()
      local output = run "attendance.lua --csv cr-planning-7f3a"
      assert.matches("^display_name,kind,user,first_join,last_leave,present,joins,seconds,", output)
      assert.matches("\r\nCecilia Dahl,signed_in,users/117204560098712369435,"
        .. "%d+%-%d%d%-%d%dT09:01:00.141919Z,[^,]+,false,3,2660.307243,,,,\r\n", output)
    end)

    it("tells who came late and who is missing", function()
      write("expected", "Ada Bergqvist\r\nJonas Öberg\n\nElin Meyer")
      local output = run "attendance.lua --late 10 --expected FOLDER/expected cr-planning-7f3a"
      assert.matches("\nElin Meyer [^\n]* late\n", output)
      assert.not_matches("\nBo[^\n]* late\n", output)
      assert.matches("\nMissing: Jonas Öberg\n$", output)
    end)

    it("writes a page that stands alone and is well formed", function()
      local output, status = run "attendance.lua --html FOLDER/page.html cr-planning-7f3a"
      assert.same({ "", 0 }, { output, status })
      local page, open = read "page.html", {}
      assert.matches("^<!DOCTYPE html>", page)
      assert.not_matches("https?://", (page:gsub("http://www.w3.org/2000/svg", "")))
      for slash, tag in page:gsub("<style>.-</style>", ""):gmatch "<(/?)(%a%w*)[^>]*%f[/>]/?>" do
        if slash == "/" then
          assert.equal(table.remove(open), tag)
        elseif tag ~= "meta" and tag ~= "br" and tag ~= "rect" then
          open[#open + 1] = tag
        end
      end
      assert.same({}, open)
      local _, bars = page:gsub("<rect ", "")
      assert.is_true(bars >= 12)
    end)

    it("says why a file cannot be written or read", function()
      assert.same({ "attendance.lua: FOLDER/no/page: No such file or directory\n", 1 },
        { (run "attendance.lua --html FOLDER/no/page"):gsub(folder, "FOLDER"), 1 })
      local output, status = run "attendance.lua --expected FOLDER/none"
      assert.matches("none: No such file or directory\n$", output)
      assert.equal(1, status)
    end)
  end)

  describe("transcript.lua", function()
    it("writes every format", function()
      for format, start in pairs {
        text = "^00:00:01  Ada Bergqvist: Let me share my screen, one moment%.\n",
        markdown = "^%*%*Ada Bergqvist%*%* %(00:00:01%): Let me share my screen, one moment%.\n",
        vtt = "^WEBVTT\n\n00:00:01%.204 %-%-> 00:00:04%.037\n<v Ada Bergqvist>Let me share",
        srt = "^1\n00:00:01,204 %-%-> 00:00:04,037\nAda Bergqvist: Let me share",
        csv = "^start_time,end_time,speaker,text,language,participant\r\n",
        json = '^%[\n{"start_time":"%d+%-%d%d%-%d%dT09:03:01%.604Z",',
        jsonl = '^{"start_time":"%d+%-%d%d%-%d%dT09:03:01%.604Z",',
      } do
        local output, status = run("transcript.lua --format " .. format .. " cr-planning-7f3a")
        assert.matches(start, output)
        assert.equal(0, status)
      end
    end)

    it("writes text into a file, merged", function()
      local output = run "transcript.lua --merge 20 --output FOLDER/said cr-planning-7f3a"
      assert.equal("", output)
      assert.matches("\n00:00:08  Farid Dubois: Tack, det var allt från mig%. Nej, ", read "said")
    end)

    it("counts from the start of the recording", function()
      local output = run "transcript.lua --recording --format vtt cr-planning-7f3a"
      assert.matches("^WEBVTT\n\n00:00:01%.299 ", output) -- the recording began 95 ms earlier
    end)

    it("shows a conference worth it in the made-up account", function()
      local output = run_made_up "examples/transcript.lua"
      assert.matches("^00:00:01  Ada Bergqvist: Let me share", output)
    end)

    it("says what is not there", function()
      for command, message in pairs {
        ["transcript.lua cr-empty-0e0e"] = "cr%-empty%-0e0e has no transcript, or none yet\n$",
        ["transcript.lua --recording cr-customer-5d02"] = "cr%-customer%-5d02 has no recording\n$",
        ["transcript.lua no-such-record"] = "not_found %(404 NOT_FOUND%)",
      } do
        local output, status = run(command)
        assert.matches("^transcript.lua: [^\n]*" .. message, output)
        assert.equal(1, status)
      end
    end)
  end)

  describe("spaces_from_csv.lua", function()
    local COMMAND = "spaces_from_csv.lua FOLDER/in.csv FOLDER/out.csv"

    --- The statuses of the rows, in order, and the file with codes and names masked.
    local function outcome()
      local masked = read("out.csv"):gsub("%l%l%l%-%l%l%l%l%-%l%l%l", "CODE")
        :gsub("spaces/[%w_-]+", "NAME")
      local statuses = {}
      for line in masked:gmatch "[^\r\n]+" do
        statuses[#statuses + 1] = line:match "%f[^,]([%l ]*),[^,]*$"
      end
      table.remove(statuses, 1)
      return statuses, masked
    end

    it("makes spaces as they are listed, and writes their links", function()
      write("in.csv", "\u{FEFF}Title,cohosts,access,moderation\r\n"
        .. '"Möte, ""stort""",bo@example.com; cy@example.com,trusted,on\r\n'
        .. "\r\n"
        .. '"two\r\nlines",,,\r\n'
        .. "=1+1\r\n")
      local output, status = run(COMMAND)
      assert.same({ "3 meetings: 3 created; see FOLDER/out.csv\n", 0 },
        { (output:gsub(folder, "FOLDER")), status })
      local _, written = outcome()
      assert.equal("\u{FEFF}title,meeting_uri,meeting_code,name,status,reason\r\n"
        .. '"Möte, ""stort""",https://meet.google.com/CODE,CODE,NAME,created,\r\n'
        .. '"two\nlines",https://meet.google.com/CODE,CODE,NAME,created,\r\n'
        .. "'=1+1,https://meet.google.com/CODE,CODE,NAME,created,\r\n", written)
      local bodies = {}
      for _, entry in ipairs(double:stats().log) do
        if entry.method == "POST" then bodies[#bodies + 1] = entry.body end
      end
      assert.equal(5, #bodies)
      assert.matches('"accessType":"TRUSTED"', bodies[1])
      assert.matches('"moderation":"ON"', bodies[1])
      assert.matches('"email":"bo@example.com"', bodies[2])
      assert.matches('"role":"COHOST"', bodies[3])
      assert.not_matches("accessType", bodies[4])
      run(COMMAND)
      assert.equal(3, count "spaces.create")
    end)

    it("tries again what failed, and keeps what it has", function()
      write("in.csv", "title,cohosts\nOne,\nTwo,\nThree,bo@example.com;nobody;cy@example.com\n")
      double:control("POST", "/-/fail", { on = "spaces.create", status = 400, message = "Not now" })
      local output, status = run(COMMAND)
      assert.equal(1, status)
      assert.matches("failed: One: [^\n]*invalid %(400[^\n]*Not now", output)
      assert.matches("\nfailed: Three: cohost nobody: [^\n]*invalid %(400", output)
      assert.matches("\n3 meetings: 1 created, 2 failed; see ", output)
      local link = read("out.csv"):match "\nThree,(%S-),"
      write("in.csv", "title,cohosts\nFour,\nThree,bo@example.com;dan@example.com\n")
      output, status = run(COMMAND)
      assert.matches("^2 meetings: 2 created; see ", output)
      assert.equal(0, status)
      assert.equal(link, read("out.csv"):match "\nThree,(%S-),")
      assert.equal(4, count "spaces.create")
      assert.equal(4, count "spaces.members.create") -- bo, nobody, cy, dan
      -- Two is not listed now, but it has a link; One has none.
      assert.matches("^title,[^\n]+\nFour,[^\n]+\nThree,[^\n]+\nTwo,https://[^\n]+,created,\r\n$",
        read "out.csv")
      write("in.csv", "title\nOne\nTwo\n")
      assert.matches("^2 meetings: 2 created; see ", (run(COMMAND)))
      assert.equal(5, count "spaces.create")
    end)

    it("does not make again what may have been made, unless told to", function()
      write("in.csv", "title\nOne\nTwo\n")
      double:control("POST", "/-/fail", { on = "spaces.create", drop = true, perform = true })
      local output, status = run(COMMAND)
      assert.equal(1, status)
      assert.matches("ambiguous: One: [^\n]*transport", output)
      assert.same({ "ambiguous", "created" }, (outcome()))
      output, status = run(COMMAND)
      assert.equal(1, status)
      assert.matches("\n2 meetings: 1 created, 1 ambiguous; see ", output)
      assert.equal(2, count "spaces.create")
      assert.equal(0, select(2, run(COMMAND .. " --again")))
      assert.same({ "created", "created" }, (outcome()))
      assert.equal(3, count "spaces.create")
    end)

    it("stops where the next row would fail as well", function()
      write("in.csv", "title\nOne\nTwo\nThree\n")
      double:control("POST", "/-/fail", { on = "spaces.create", status = 401 })
      local output = run(COMMAND)
      assert.matches("\n3 meetings: 1 failed, 2 not tried; see ", output)
      assert.equal(1, count "spaces.create")
    end)

    it("makes nothing of a list that it cannot use", function()
      for text, message in pairs {
        [""] = "in.csv has no column 'title'",
        ["name\nx\n"] = "in.csv: line 1: there is no column 'name'",
        ["title,access\n\nx,\ny,public\n"] = "in.csv: line 4: access: 'public'",
        ["title,moderation\nx,maybe\n"] = "in.csv: line 2: moderation: 'maybe'",
        ["title\n\"x\ny\"\nz\n\"x\ny\"\n"] = "in.csv: line 5: its title is that of line 2, too",
        ["title,access\n ,OPEN\n"] = "in.csv: line 2: it has no title",
        ["title\nx\n\"y\n"] = "in.csv: line 3: a quote is never closed",
        ["title\n\"x\"y\n"] = "in.csv: line 2: there is text behind a closing quote",
        ["title\nx,y\n"] = "in.csv: line 2: more cells than columns",
      } do
        write("in.csv", text)
        local output, status = run(COMMAND)
        assert.equal(1, status)
        assert.equal(("spaces_from_csv.lua: FOLDER/%s\n"):format(message),
          (output:gsub(folder, "FOLDER")))
      end
      assert.equal(0, #double:stats().log)
    end)

    it("leaves a file alone that is not its own", function()
      write("in.csv", "title\nx\n")
      write("out.csv", "title,meeting_uri\nx,mine\n")
      local output, status = run(COMMAND)
      assert.matches("out.csv has no column 'status'\n$", output)
      assert.equal(1, status)
      assert.equal("title,meeting_uri\nx,mine\n", read "out.csv")
    end)

    it("makes for real what was made up, and nothing up that is real", function()
      write("in.csv", "title,cohosts\nOne,bo@example.com\nTwo,nobody\n")
      run_made_up("examples/" .. COMMAND)
      assert.same({ "made up", "failed" }, (outcome()))
      write("in.csv", "title,cohosts\nOne,bo@example.com\nTwo,\n")
      run(COMMAND)
      assert.same({ "created", "created" }, (outcome()))
      assert.equal(2, count "spaces.create")
      local real = read "out.csv"
      run_made_up("examples/" .. COMMAND)
      assert.equal(real, read "out.csv")
    end)

    it("shows its progress on a terminal only", function()
      write("in.csv", "title\nOne\nTwo\n")
      local command = ("%s examples/%s"):format(tree.lua(), COMMAND:gsub("FOLDER", folder))
      local output = tree.run_on_terminal("env -u MATON_API_KEY -u MATON_API_URL " .. command)
      if not output then return pending "there are no pseudo-terminals" end
      assert.matches("\r\27%[K1 of 2\r\27%[K2 of 2\r\27%[K2 meetings: 2 made up; see ", output)
      os.remove(folder .. "/out.csv")
      assert.not_matches("[\r\27]", run_made_up("examples/" .. COMMAND, ""))
    end)

    it("waits for the limit of new spaces, and says so", function()
      local lines = { "title" }
      for number = 1, 25 do lines[number + 1] = "Meeting " .. number end
      write("in.csv", table.concat(lines, "\n"))
      local output = run_made_up("-l spec.support.hurried examples/" .. COMMAND, "")
      assert.matches("\n25 meetings: 25 made up; see ", output)
      local seconds = tonumber(output:match "\n25 creates, 0 refused, (%d+) s\n$")
      assert(seconds and seconds >= 120 and seconds < 125, output)
    end)

    describe("when it is killed", function()
      local slow

      setup(function() slow = served.start { arguments = "--key example-key --latency 0.3" } end)
      teardown(function() slow:close() end)
      before_each(function() slow:reset() end)

      --- Start the program on a served double, and signal it as soon as its file matches; give what
      -- it printed.
      local function kill_at(pattern, server, signal)
        local command = ("MATON_API_URL=%s MATON_API_KEY=example-key exec %s examples/%s"):format(
          (server or slow).url, tree.lua(), COMMAND:gsub("FOLDER", folder))
        local pid = tree.lines(("(%s) >%s/printed 2>&1 & echo $!"):format(command, folder))[1]
        local limit, text = os.time() + PATIENCE, ""
        repeat
          local file = io.open(folder .. "/out.csv", "rb")
          if file then
            text = file:read "a"
            file:close()
          end
          assert(os.time() < limit, "it does not come to " .. pattern)
          os.execute "sleep 0.01"
        until text:find(pattern)
        tree.lines(("kill -%s %s"):format(signal or "KILL", pid))
        while tree.run("kill -0 " .. pid) == "" do
          assert(os.time() < limit, "it does not end")
          os.execute "sleep 0.01"
        end
        return read "printed"
      end

      --- Run it to its end; give how often spaces were asked for since the reset.
      local function creates_after(options)
        tree.run(("MATON_API_URL=%s MATON_API_KEY=example-key %s examples/%s %s"):format(
          slow.url, tree.lua(), COMMAND:gsub("FOLDER", folder), options or ""))
        local found = 0
        for _, entry in ipairs(slow:stats().log) do
          if entry.operation == "spaces.create" then found = found + 1 end
        end
        return found
      end

      it("goes on where it was, and asks about the space that was under way", function()
        write("in.csv", "title\nOne\nTwo\nThree\nFour\n")
        kill_at "\nThree,,,,creating,"
        assert.is_true(creates_after() <= 4)
        assert.same({ "created", "created", "ambiguous", "created" }, (outcome()))
        assert.matches("Three,,,,ambiguous,an earlier run was cut short", read "out.csv")
        assert.is_true(creates_after "--again" <= 5)
        assert.same({ "created", "created", "created", "created" }, (outcome()))
      end)

      it("has no doubt about a space that waited for the limit", function()
        write("in.csv", "title\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nEleven\n")
        local printed = kill_at("\nEleven,,,,,cut short while it waited", double, "INT")
        assert.matches("^interrupted!\n11 meetings: 10 created, 1 not tried; see ", printed)
        assert.equal(10, count "spaces.create")
        assert.equal(0, select(2, run(COMMAND)))
        assert.equal(11, count "spaces.create")
      end)

      it("adds the cohosts that are missing to the space it has", function()
        write("in.csv", "title,cohosts\nOne,bo@example.com;cy@example.com\nTwo,\n")
        kill_at "\nOne,https://[^\n]*,failed,cut short before the cohosts"
        assert.equal(2, creates_after())
        assert.same({ "created", "created" }, (outcome()))
        local emails = {}
        for _, entry in ipairs(slow:stats().log) do
          if entry.operation == "spaces.members.create" and entry.status == 200 then
            emails[#emails + 1] = entry.body:match '"email":"([^"]*)"'
          end
        end
        assert.same({ "bo@example.com", "cy@example.com" }, emails)
      end)
    end)
  end)
end)
