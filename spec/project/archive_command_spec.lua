local core = require "googlemeet.core"
local program = require "spec.support.program"
local tree = require "spec.support.tree"

local MANIFEST = [[
{"version":1,"conferences":[
{"name":"conferenceRecords/a","state":"due","start_time":"2026-11-20T09:00:00.5Z","bytes":0,
 "end_time":"2026-11-20T10:00:00Z","expire_time":"2026-12-20T10:00:00Z",
 "counts":{"participants":12,"participant_sessions":0,"recordings":0,"transcripts":1,
 "transcript_entries":340,"smart_notes":0}},
{"name":"conferenceRecords/b","state":"due","start_time":"2026-11-22T09:00:00Z","bytes":0,
 "counts":{"participants":3,"participant_sessions":0,"recordings":0,"transcripts":0,
 "transcript_entries":0,"smart_notes":0}},
{"name":"conferenceRecords/c","state":"gone","expire_time":"2026-11-21T17:30:00Z","bytes":0,
 "counts":{"participants":0,"participant_sessions":0,"recordings":0,"transcripts":0,
 "transcript_entries":0,"smart_notes":0}}
]}
]]

local LIST = [[
Deleted (UTC)     State     Began (UTC)       People  Entries  Conference
2026-11-21 17:30  gone      ?                      0        0  c
2026-12-20 10:00  due       2026-11-20 09:00      12      340  a
still running     due       2026-11-22 09:00       3        0  b
0 complete, 2 due to be copied again, 1 gone before they were complete
]]

describe("googlemeet archive", function()
  local programs

  setup(function() programs = program.serve() end)
  teardown(function() programs:close() end)
  before_each(function() programs:clear() end)

  --- A command for the few conferences that began some days ago or later; of two days, one of them
  -- is complete. A copy of all takes half a minute at the pace of the gateway.
  local function recent(path, days)
    local since = os.date("!%Y-%m-%d", os.time() - (days or 2) * 86400)
    return ("archive --since %s %s"):format(since, path)
  end

  it("copies into a database what its last run did not complete", function()
    assert.equal("9 conferences copied, 3 of them not complete yet; 0 were complete before\n"
      .. "319 participants, 352 participant sessions, 5 recordings, 8 transcripts, "
      .. "1408 transcript entries, 2 smart notes\n", programs:run_demo "archive FOLDER/a.db")
    assert.matches("^3 conferences copied, 3 of them not complete yet; 6 were complete before\n"
      .. "18 participants, ", programs:run_demo "archive FOLDER/a.db")
    assert.same({ "1408" }, tree.lines(
      ("sqlite3 %s/a.db 'SELECT count(*) FROM transcript_entries'"):format(programs.folder)))
    local list = programs:run_demo("archive --list FOLDER/a.db", "")
    assert.matches("^Deleted %(UTC%) [^\n]*\n[^\n]* complete  [^\n]* 7 +159  cr%-planning%-4\n",
      list)
    assert.matches("\nstill running     due       [^\n]*  cr%-live%-41c0\n6 complete, 3 due ", list)
  end)

  it("copies into a directory", function()
    local output, status = programs:run(recent "--directory FOLDER/copy")
    assert.matches("^3 conferences copied, 2 of them not complete yet; 0 were ", output)
    assert.equal(0, status)
    assert.matches('^{"resource":{[^\n]*"table":"conference_records"}\n',
      programs:read "copy/cr-empty-0e0e.jsonl")
    assert.equal(3, programs:count "conferenceRecords.participants.list")
    output = programs:run(recent "--directory FOLDER/copy")
    assert.matches("^2 conferences copied, 2 of them not complete yet; 1 were ", output)
    assert.equal(5, programs:count "conferenceRecords.participants.list")
  end)

  it("copies texts and recordings, too, and says which it cannot have", function()
    local name = "conferenceRecords/cr-planning-7f3a/recordings/rec-1"
    local function allow(is_allowed)
      programs:control("POST", "/-/call", { name = "set_file",
        arguments = { name, { can_download = is_allowed } } })
    end
    local output, status = programs:run(recent("--files FOLDER/a.db", 8))
    assert.matches("\n4 files copied, %d%.%d MB; 0 are not complete yet\n$", output)
    assert.equal(0, status)
    allow(false)
    output, status = programs:run(recent("--files --directory FOLDER/copy", 8))
    allow(true)
    assert.matches("\n3 files copied, [^\n]*\nno file: " .. name:gsub("%p", "%%%0") .. ": "
      .. "[^\n]*permission[^\n]*\n$", output)
    assert.equal(0, status)
    assert.same({
      "cr-planning-7f3a.rec-1.mp4", "cr-customer-5d02.jsonl", "cr-planning-7f3a.jsonl",
    }, tree.lines((("ls FOLDER/a.db-files; ls FOLDER/copy/files"):gsub("FOLDER", programs.folder))))
    assert.same({ "Notes" }, tree.lines(([[sqlite3 %s/a.db "SELECT substr(text, 1, 5) FROM files
      WHERE name LIKE '%%/smartNotes/%%' LIMIT 1"]]):format(programs.folder)))
    programs:fail { on = "drive.files.get", status = 403, shape = "flat" }
    output, status = programs:run(recent("--files FOLDER/a.db", 8))
    assert.matches("^googlemeet archive: [^\n]*permission %(403[^\n]*\n$", output)
    assert.equal(1, status)
  end)

  it("says what failed, and tries it again", function()
    programs:fail { on = "participants.list", status = 403, message = "Not yours" }
    local output, status = programs:run(recent "FOLDER/a.db")
    assert.matches("^2 conferences copied, 2 of them not complete yet; 0 were ", output)
    assert.matches("\nfailed: conferenceRecords/cr%-empty%-0e0e: [^\n]*permission %(403[^\n]*\n$",
      output)
    assert.equal(1, status)
    output, status = programs:run(recent "FOLDER/a.db")
    assert.matches("^3 conferences copied, 2 of them ", output)
    assert.equal(0, status)
  end)

  it("says how far it came when it cannot go on", function()
    programs:fail { on = "smartNotes.list", status = 401 }
    local output, status = programs:run(recent "FOLDER/a.db")
    assert.matches("^0 conferences copied, [^\n]*\n0 participants, [^\n]*\n"
      .. "googlemeet archive: [^\n]*auth %(401[^\n]*\n$", output)
    assert.equal(1, status)
  end)

  it("does nothing while another run has the archive", function()
    local lock <close> = assert(core.file.lock(programs.folder .. "/a.db-lock"))
    local output, status = programs:run(recent "FOLDER/a.db")
    assert.matches("^googlemeet archive: conflict: archive: another run holds the store: "
      .. "FOLDER/a.db%-lock: [^\n]* %[run it again when the other run, [^\n]*%]\n$", output)
    assert.equal(1, status)
    assert.equal(0, #programs:stats().log)
    lock:close()
    assert.equal(0, (select(2, programs:run(recent "FOLDER/a.db"))))
    assert.same({ "a.db" }, tree.lines("ls -A " .. programs.folder))
  end)

  it("goes on past what the server cannot give, and copies the rest", function()
    programs:fail { on = "participants.list", status = 500, shape = "nested" }
    local output, status = programs:run(recent "FOLDER/a.db")
    assert.matches("^2 conferences copied, ", output)
    assert.matches("\nfailed: conferenceRecords/[^\n]*server %(500[^\n]*googlemeet doctor[^\n]*\n$",
      output)
    assert.equal(1, status)
    assert.same({ "600" }, tree.lines("stat -c %a " .. programs.folder .. "/a.db"))
  end)

  it("prints what a run did as JSON, and what failed on standard error", function()
    programs:fail { on = "participants.list", status = 403, message = "Not yours" }
    local output, status = programs:run(recent "--json FOLDER/a.db 2>FOLDER/problems")
    local summary = core.decode(output)
    assert.equal(1, status)
    assert.same({ 2, 2, 0 }, { summary.records, summary.due, summary.skipped })
    assert.same({ "conferenceRecords/cr-empty-0e0e", "permission" },
      { summary.failed[1].name, summary.failed[1].err.kind })
    assert.matches('"gone":%[%]', output)
    assert.matches("^failed: conferenceRecords/cr%-empty%-0e0e: ", programs:read "problems")
    output, status = programs:run("archive --list --json FOLDER/a.db")
    local entries = core.decode(output)
    assert.equal(0, status)
    assert.same({ 3, "due" }, { #entries, entries[1].state })
    assert.equal("[]\n", (programs:run "archive --list --json --directory FOLDER"))
  end)

  describe("--list", function()
    it("shows what is deleted when, and asks nobody", function()
      tree.lines("mkdir " .. programs.folder .. "/copy")
      programs:write("copy/manifest.json", MANIFEST)
      assert.same({ LIST, 0 }, { programs:run "archive --list --directory FOLDER/copy" })
      assert.equal(0, #programs:stats().log)
      local output = programs:run_demo("archive --directory FOLDER/copy", "2>&1")
      assert.matches("copy has conferences of a real account; %-%-demo needs another path\n$",
        output)
      assert.equal(MANIFEST, programs:read "copy/manifest.json")
    end)

    it("shows nothing that would steer a terminal", function()
      tree.lines("mkdir " .. programs.folder .. "/copy")
      programs:write("copy/manifest.json", (MANIFEST:gsub("2026%-11%-2", "\\u001b[2J\\n")))
      local output = programs:run "archive --list --directory FOLDER/copy"
      assert.is_nil(output:find "\27")
      assert.equal(select(2, LIST:gsub("\n", "")), (select(2, output:gsub("\n", ""))))
    end)

    it("shows what is in the files where the manifest is lost", function()
      programs:run(recent "--directory FOLDER/copy")
      os.remove(programs.folder .. "/copy/manifest.json")
      local output, status = programs:run "archive --list --directory FOLDER/copy"
      assert.matches("\n0 complete, 3 due to be copied again, 0 gone [^\n]*\n$", output)
      assert.equal(0, status)
      assert.is_nil(io.open(programs.folder .. "/copy/manifest.json"))
    end)

    it("makes no archive where there is none", function()
      local output, status = programs:run "archive --list FOLDER/a.db"
      assert.matches("^googlemeet archive: FOLDER/a.db: there is no such archive\n$", output)
      assert.equal(1, status)
      assert.is_nil(io.open(programs.folder .. "/a.db"))
    end)
  end)

  it("says why a path cannot be used", function()
    for command, message in pairs {
      ["archive FOLDER"] = "unable to open database file: it is a directory",
      ["archive examples/meetings.csv"] = "file is not a database",
      ["archive --directory examples/meetings.csv"] = "cannot write to examples/meetings.csv",
    } do
      local output, status = programs:run(command)
      assert.matches("^googlemeet archive: [^\n]*" .. message .. "[^\n]*\n$", output)
      assert.equal(1, status)
    end
  end)

  it("shows its progress on a terminal only", function()
    local output = programs:run_on_terminal "archive FOLDER/a.db"
    if not output then return pending "there are no pseudo-terminals" end
    assert.matches("\r1 of 9  conferenceRecords/cr%-planning%-4  complete, .*\r9 of 9  .*\27%[K9 ",
      output)
    assert.not_matches("[\r\27]", programs:run_demo("archive FOLDER/b.db", "2>&1"))
  end)
end)
