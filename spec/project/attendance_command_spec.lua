local core = require "googlemeet.core"
local program = require "spec.support.program"
local tree = require "spec.support.tree"

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

describe("googlemeet attendance", function()
  local programs

  setup(function() programs = program.serve() end)
  teardown(function() programs:close() end)
  before_each(function() programs:clear() end)

  it("prints a table", function()
    local output = programs:run "attendance cr-planning-7f3a"
    assert.equal(TABLE, (output:gsub("%d%d%d%d%-%d%d%-%d%d", "YYYY-MM-DD")))
  end)

  it("shows a conference worth it in the demo account", function()
    local output = programs:run_demo "attendance"
    assert.matches("\nCecilia Dahl +signed in .- 3  0:44:20\n", output)
    local _, lines = output:gsub("\n", "")
    assert.equal(10, lines)
  end)

  it("takes the latest conference that is over, of all or of a meeting", function()
    local output = programs:run "attendance"
    assert.matches("\nAda Bergqvist .- 1  0:29:00\n", output)
    output = programs:run "attendance gxe-pnyi-fto"
    assert.matches("\nAda Bergqvist .- 1  0:24:18\n", output)
    local status
    output, status = programs:run "attendance https://meet.google.com/RUJ-mzpa-wce"
    assert.equal(1, status) -- it runs still
    assert.equal("googlemeet attendance: no conference of the last 30 days has ended; one that "
      .. "runs is given by the name of its record (googlemeet get conferenceRecords)\n", output)
  end)

  it("says whose sessions it could not read, and shows all others", function()
    programs:fail { on = "participantSessions.list", status = 403 }
    local output, status = programs:run "attendance cr-planning-7f3a"
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
      local output, status = programs:run("attendance '" .. link .. "'")
      assert.matches("\nAda Bergqvist .- 1  0:24:18\n", output)
      assert.equal(0, status)
    end
  end)

  it("writes CSV", function()
    local output = programs:run "attendance --csv cr-planning-7f3a"
    assert.matches("^display_name,kind,user,first_join,last_leave,present,joins,seconds,", output)
    assert.matches("\r\nCecilia Dahl,signed_in,users/117204560098712369435,"
      .. "%d+%-%d%d%-%d%dT09:01:00.141919Z,[^,]+,false,3,2660.307243,,,,,\r\n", output)
  end)

  it("prints JSON", function()
    local output, status = programs:run "attendance --json cr-planning-7f3a"
    local rows = core.decode(output)
    assert.equal(0, status)
    assert.equal(8, #rows)
    assert.same({ "Cecilia Dahl", 3 }, { rows[4].display_name, rows[4].joins })
  end)

  it("marks who came late, and lists who is missing", function()
    programs:write("expected", "\u{FEFF}Ada Bergqvist\r\nJonas Öberg\n\nElin Meyer")
    local output = programs:run(
      "attendance --late 10 --expected FOLDER/expected cr-planning-7f3a")
    assert.matches("\nElin Meyer [^\n]* late\n", output)
    assert.not_matches("\nBo[^\n]* late\n", output)
    assert.matches("\nMissing: Jonas Öberg\n$", output)
  end)

  it("writes a page that stands alone and is well formed", function()
    local output, status = programs:run "attendance --html FOLDER/page.html cr-planning-7f3a"
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
    local output, status = programs:run "attendance --html FOLDER/page cr-planning-7f3a"
    assert.matches("^googlemeet attendance: FOLDER/page: it is a symbolic link", output)
    assert.equal(1, status)
    assert.equal("of somebody else\n", programs:read "other")
    tree.lines(("rm %s/page; umask 000; touch %s/page"):format(folder, folder))
    assert.equal("", (programs:run "attendance --html FOLDER/page cr-planning-7f3a"))
    assert.same({ "-rw-------" }, tree.lines(("ls -l %s/page | cut -c 1-10"):format(folder)))
    assert.same({ "other", "page" }, tree.lines("ls -A " .. folder))
  end)

  it("writes into a device and a FIFO as they are", function()
    local page = programs:run "attendance --html /dev/stdout cr-planning-7f3a"
    assert.matches("^<!DOCTYPE html>.*</html>\n$", page)
    tree.lines("mkfifo " .. programs.folder .. "/pipe")
    local read = programs:run
      "attendance --html FOLDER/pipe cr-planning-7f3a & cat FOLDER/pipe; wait"
    assert.equal(page, read)
    local output, status = programs:run "attendance --html /dev/full cr-planning-7f3a"
    assert.same({ "googlemeet attendance: /dev/full: No space left on device\n", 1 },
      { output, status })
  end)

  it("says why a file cannot be written or read", function()
    assert.same({ "googlemeet attendance: FOLDER/no/page: No such file or directory\n", 1 },
      { programs:run "attendance --html FOLDER/no/page" })
    assert.same({ "googlemeet attendance: FOLDER: Is a directory\n", 1 },
      { programs:run "attendance --html FOLDER" })
    assert.same({ "googlemeet attendance: FOLDER: Is a directory\n", 1 },
      { programs:run "attendance --expected FOLDER" })
    local output, status = programs:run "attendance --expected FOLDER/none"
    assert.matches("none: No such file or directory\n$", output)
    assert.equal(1, status)
  end)
end)
