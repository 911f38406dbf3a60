local meet = require "googlemeet"
local program = require "spec.support.program"
local tree = require "spec.support.tree"

local MOST = 180 -- lines

--- The examples with a command line, and arguments that each of them takes.
local USUAL = {
  ["attendance.lua"] = "", ["transcript.lua"] = "", ["monitor.lua"] = "",
  ["archive.lua"] = "FOLDER/archive.db", ["notes.lua"] = "", ["recording.lua"] = "FOLDER/video.mp4",
  ["absent.lua"] = "",
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
  local programs

  setup(function() programs = program.serve() end)
  teardown(function() programs:close() end)
  before_each(function() programs:clear() end)

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
    assert.equal(8, found)
  end)

  it("explains itself, and does nothing else then", function()
    for name, arguments in pairs(USUAL) do
      local output, status = programs:run(name .. " " .. arguments .. " --help")
      assert.equal(0, status)
      assert.matches("^Usage: lua5.4 " .. name:gsub("%p", "%%%0") .. " ", output)
      assert.matches("\n  %-%-help +show this text\n", output)
      assert.matches("MATON_API_KEY", output)
    end
    assert.equal(0, #programs:stats().log)
  end)

  it("ends with status 1 and one line where its output cannot be written", function()
    if not io.open "/dev/full" then return pending "there is no /dev/full" end
    local few = { -- requests
      ["archive.lua"] = os.date("!--since %Y-%m-%d ", os.time() - 86400) .. USUAL["archive.lua"],
      ["attendance.lua"] = "cr-empty-0e0e",
    }
    for name, arguments in pairs(USUAL) do
      arguments = few[name] or arguments
      for _, words in ipairs { arguments, "--help" } do
        local output, status = programs:run(name .. " " .. words .. " 2>&1 >/dev/full")
        assert.equal(1, status, name .. " " .. words)
        assert.equal(name .. ": standard output: No space left on device\n", output)
      end
    end
  end)

  it("writes into no file and no socket of its own where its output is closed", function()
    for _, name in ipairs { "attendance.lua", "spaces_from_csv.lua" } do
      local output, status = programs:run(name .. " " .. USUAL[name] .. " 2>&1 >&-")
      assert.equal(name .. ": standard output: Bad file descriptor\n", output)
      assert.equal(1, status)
    end
  end)

  for name in pairs(USUAL) do
    it("ends by Ctrl-C with one line and status 130: " .. name, function()
      local output, status = programs:interrupt(name .. " " .. USUAL[name])
      assert.matches("\n" .. name:gsub("%p", "%%%0") .. ": interrupted\n", "\n" .. output)
      assert.not_matches("traceback", output)
      assert.equal(130, status)
    end)
  end

  it("ends by Ctrl-C with one line while it loads, too", function()
    local lua = ("%s -e 'package.preload.googlemeet = function() error \"interrupted!\" end'")
      :format(tree.lua())
    for name in pairs(USUAL) do
      local output = tree.run(lua .. " examples/" .. name .. "; echo status $?")
      assert.equal(name .. ": interrupted\nstatus 130\n", output)
    end
  end)

  it("refuses arguments with one line and status 2, and asks for nothing", function()
    for command, message in pairs {
      ["attendance.lua --yaml"] = "unknown option --yaml",
      ["attendance.lua -x"] = "unknown option -x",
      ["attendance.lua --html"] = "--html needs a value: FILE",
      ["attendance.lua --html ''"] = "--html needs a value: FILE",
      ["attendance.lua --csv=yes"] = "--csv takes no value",
      ["attendance.lua --csv-utf8"] = "unknown option --csv-utf8",
      ["attendance.lua --late5"] = "unknown option --late5",
      ["attendance.lua --late soon"] = "--late: a number of minutes expected, not 'soon'",
      ["attendance.lua --late=-1"] = "--late: a number of minutes expected, not '-1'",
      ["attendance.lua --csv --html FOLDER/x"] = "--csv or --html, not both",
      ["spaces_from_csv.lua examples/meetings.csv /dev/stdout"] = "a file expected, not a device",
      ["attendance.lua one two"] = "one argument too many: two",
      ["attendance.lua a/b/c"] = "malformed resource name 'a/b/c'",
      ["transcript.lua https://meet.google.com/lookup/abc"] = "https://meet.google.com/lookup/abc",
      ["transcript.lua --format docx"] = "--format: 'docx' is none of text, markdown, vtt,"
        .. " srt, csv, json, jsonl",
      ["transcript.lua --merge nan"] = "--merge: a number of seconds expected, not 'nan'",
      ["spaces_from_csv.lua examples/meetings.csv"] = "an argument is missing",
      ["spaces_from_csv.lua examples/meetings.csv ''"] = "an argument is empty",
      ["archive.lua"] = "an argument is missing",
      ["archive.lua --since 1_November FOLDER/a"] = "--since: '1_November' is no time",
      ["archive.lua --since 2026-02-30 FOLDER/a"] = "--since: '2026-02-30' is no time",
      ["archive.lua --list --files FOLDER/a"] = "--files or --list, not both",
      ["archive.lua --list --since 2026-11-01 FOLDER/a"] = "--since or --list, not both",
      ["monitor.lua --interval 0"] = "--interval: more than 0 seconds expected",
      ["monitor.lua --interval 1e999"] = "a number of seconds expected, not '1e999'",
      ["monitor.lua --state FOLDER/a"] = "--state needs WHAT",
      ["monitor.lua hpk-vtwd-ens cr-planning-7f3a"] = "meetings or conference records, not both",
      ["monitor.lua a/b/c"] = "malformed resource name 'a/b/c'",
    } do
      local output, status = programs:run(command)
      assert.equal(2, status, command)
      assert(output:find("^[%l_]+%.lua: [^\n]+ %(see %-%-help%)\n$"), output)
      assert(output:find(message, 1, true), output)
    end
    assert.equal(0, #programs:stats().log)
  end)

  it("ends with one line on stderr and status 1 when a call fails", function()
    for name, arguments in pairs(USUAL) do
      local output, status = programs:run(name .. " " .. arguments .. " 2>&1 >FOLDER/out",
        "MATON_API_KEY=wrong")
      assert.equal(1, status, name)
      assert.matches("^[^\n]*auth %(401%)[^\n]*\n$", output)
    end
  end)

  --- Elsewhere than in this folder an example finds the usual build only.
  local function if_built(f)
    local core <close> = io.open "build/googlemeet/core.so"
    return core and f or function() pending "there is only a build for other purposes" end
  end

  it("prints what README.md shows", if_built(function()
    local here, found = tree.lines("pwd")[1], 0
    --- Mask what differs from run to run.
    local function mask(text)
      return (text:gsub("%d%d%d%d%-%d%d%-%d%d", "DAY"):gsub("%l%l%l%-%l%l%l%l%-%l%l%l", "CODE")
        :gsub("spaces/[%w_-]+", "NAME"):gsub("\r", ""))
    end
    for block in tree.read("README.md"):gmatch "\n```console\n(.-)```" do
      for command, shown in block:gmatch "%$ ([^\n]+)\n([^$]*)" do
        local line = command:gsub("lua5.4", tree.lua(), 1):gsub("examples/", here .. "/%0")
        local output = mask(tree.run(("cd %s && env -u MATON_API_KEY %s 2>/dev/null"):format(
          programs.folder, line)))
        local place = 1
        for part in (shown .. "…\n"):gmatch "(.-)…\n" do
          local _, last = output:find(mask(part), place, true)
          place = assert(last, command .. " does not print:\n" .. part) + 1
        end
        found = found + 1
      end
    end
    assert.equal(14, found)
  end))

  it("runs without a key and without any setting, from any folder", if_built(function()
    local here, folder = tree.lines("pwd")[1], programs.folder
    for name, arguments in pairs(USUAL) do
      local output, ok = tree.run(("cd / && env -u MATON_API_KEY -u MATON_API_URL"
        .. " %s %s/examples/%s %s 2>&1 >%s/out"):format(tree.lua(), tree.quote(here), name,
        (arguments:gsub("examples/", here .. "/%0"):gsub("FOLDER", folder)), folder))
      assert(ok, output)
      assert.equal("No MATON_API_KEY: this is a made-up account.\n", output)
    end
  end))

  it("shares its limit with the others of its user, unless it is told not to", function()
    local limiter, known = meet.limiter.file(), {}
    local function newcomers() -- processes: places of earlier runs end meanwhile
      local count = 0
      for _, process in ipairs(assert(limiter.status()).users) do
        if not known[process] then count, known[process] = count + 1, true end
      end
      return count
    end
    newcomers()
    assert.equal(0, select(2, programs:run "attendance.lua --csv"))
    assert.equal(0, newcomers())
    assert.equal(0, select(2, programs:run "attendance.lua --csv --limiter"))
    assert.equal(1, newcomers())
  end)

  describe("attendance.lua", function()
    it("prints a table", function()
      local output = programs:run "attendance.lua cr-planning-7f3a"
      assert.equal(TABLE, (output:gsub("%d%d%d%d%-%d%d%-%d%d", "YYYY-MM-DD")))
    end)

    it("shows a conference worth it in the made-up account", function()
      local output = programs:run_made_up "attendance.lua"
      assert.matches("\nCecilia Dahl +signed in .- 3  0:44:20\n", output)
      local _, lines = output:gsub("\n", "")
      assert.equal(10, lines)
    end)

    it("takes the latest conference that is over, of all or of a meeting", function()
      local output = programs:run "attendance.lua"
      assert.matches("\nAda Bergqvist .- 1  0:29:00\n", output)
      output = programs:run "attendance.lua gxe-pnyi-fto"
      assert.matches("\nAda Bergqvist .- 1  0:24:18\n", output)
      local status
      output, status = programs:run "attendance.lua https://meet.google.com/RUJ-mzpa-wce"
      assert.equal(1, status) -- it runs still
      assert.equal(
        "attendance.lua: there is no such conference in the last 30 days\n", output)
    end)

    it("says whose sessions it could not read, and shows all others", function()
      programs:fail { on = "participantSessions.list", status = 403 }
      local output, status = programs:run "attendance.lua cr-planning-7f3a"
      assert.matches("incomplete: conferenceRecords/cr%-planning%-7f3a/participants/[^\n]*"
        .. "permission %(403[^\n]*\n", output)
      assert.matches("\nElin Meyer +signed in", output)
      assert.equal(0, status)
    end)

    it("takes the links of people, as they come", function()
      for _, link in ipairs {
        "meet.google.com/gxe-pnyi-fto", "https://meet.google.com/GXE-pnyi-fto?authuser=1",
        "http://meet.google.com/gxe-pnyi-fto/", "GXE-PNYI-FTO", " gxe-pnyi-fto\r",
        "<https://meet.google.com/gxe-pnyi-fto>", "https://meet.google.com/gxe-pnyi-fto.",
        " conferenceRecords/cr-customer-5d02\n",
      } do
        local output, status = programs:run("attendance.lua '" .. link .. "'")
        assert.matches("\nAda Bergqvist .- 1  0:24:18\n", output)
        assert.equal(0, status)
      end
    end)

    it("writes CSV", function()
      local output = programs:run "attendance.lua --csv cr-planning-7f3a"
      assert.matches("^display_name,kind,user,first_join,last_leave,present,joins,seconds,", output)
      assert.matches("\r\nCecilia Dahl,signed_in,users/117204560098712369435,"
        .. "%d+%-%d%d%-%d%dT09:01:00.141919Z,[^,]+,false,3,2660.307243,,,,,\r\n", output)
    end)

    it("tells who came late and who is missing", function()
      programs:write("expected", "\u{FEFF}Ada Bergqvist\r\nJonas Öberg\n\nElin Meyer")
      local output = programs:run(
        "attendance.lua --late 10 --expected FOLDER/expected cr-planning-7f3a")
      assert.matches("\nElin Meyer [^\n]* late\n", output)
      assert.not_matches("\nBo[^\n]* late\n", output)
      assert.matches("\nMissing: Jonas Öberg\n$", output)
    end)

    it("writes a page that stands alone and is well formed", function()
      local output, status = programs:run "attendance.lua --html FOLDER/page.html cr-planning-7f3a"
      assert.same({ "", 0 }, { output, status })
      local page, open = programs:read "page.html", {}
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

    it("writes its page for its owner alone, and follows no symbolic link", function()
      local folder = programs.folder
      programs:write("other", "of somebody else\n")
      tree.lines(("cd %s && ln -s other page"):format(folder))
      local output, status = programs:run "attendance.lua --html FOLDER/page cr-planning-7f3a"
      assert.matches("^attendance.lua: FOLDER/page: it is a symbolic link", output)
      assert.equal(1, status)
      assert.equal("of somebody else\n", programs:read "other")
      tree.lines(("rm %s/page; umask 000; touch %s/page"):format(folder, folder))
      assert.equal("", (programs:run "attendance.lua --html FOLDER/page cr-planning-7f3a"))
      assert.same({ "-rw-------" }, tree.lines(("ls -l %s/page | cut -c 1-10"):format(folder)))
      assert.same({ "other", "page" }, tree.lines("ls -A " .. folder))
    end)

    it("writes into a device and a FIFO as they are", function()
      local page = programs:run "attendance.lua --html /dev/stdout cr-planning-7f3a"
      assert.matches("^<!DOCTYPE html>.*</html>\n$", page)
      tree.lines("mkfifo " .. programs.folder .. "/pipe")
      local read = programs:run
        "attendance.lua --html FOLDER/pipe cr-planning-7f3a & cat FOLDER/pipe; wait"
      assert.equal(page, read)
      local output, status = programs:run "attendance.lua --html /dev/full cr-planning-7f3a"
      assert.same({ "attendance.lua: /dev/full: No space left on device\n", 1 }, { output, status })
    end)

    it("says why a file cannot be written or read", function()
      assert.same({ "attendance.lua: FOLDER/no/page: No such file or directory\n", 1 },
        { programs:run "attendance.lua --html FOLDER/no/page" })
      assert.same({ "attendance.lua: FOLDER: Is a directory\n", 1 },
        { programs:run "attendance.lua --html FOLDER" })
      assert.same({ "attendance.lua: FOLDER: Is a directory\n", 1 },
        { programs:run "attendance.lua --expected FOLDER" })
      local output, status = programs:run "attendance.lua --expected FOLDER/none"
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
        local output, status = programs:run(("transcript.lua --format %s cr-planning-7f3a"):format(
          format))
        assert.matches(start, output)
        assert.equal(0, status)
      end
    end)

    it("writes text into a file, merged", function()
      local output = programs:run "transcript.lua --merge 20 --output FOLDER/said cr-planning-7f3a"
      assert.equal("", output)
      assert.matches("\n00:00:08  Farid Dubois: Tack, det var allt från mig%. Nej, ",
        programs:read "said")
    end)

    it("counts from the start of the recording", function()
      local output = programs:run "transcript.lua --recording --format vtt cr-planning-7f3a"
      assert.matches("^WEBVTT\n\n00:00:01%.299 ", output) -- the recording began 95 ms earlier
    end)

    it("shows a conference worth it in the made-up account", function()
      local output = programs:run_made_up "transcript.lua"
      assert.matches("^00:00:01  Ada Bergqvist: Let me share", output)
    end)

    it("says what is not there", function()
      for command, message in pairs {
        ["transcript.lua cr-empty-0e0e"] = "cr%-empty%-0e0e has no transcript, or none yet\n$",
        ["transcript.lua --recording cr-customer-5d02"] = "cr%-customer%-5d02 has no recording\n$",
        ["transcript.lua no-such-record"] = "not_found %(404 NOT_FOUND%)",
      } do
        local output, status = programs:run(command)
        assert.matches("^transcript.lua: [^\n]*" .. message, output)
        assert.equal(1, status)
      end
    end)
  end)
end)
