--- The programs of examples/ that read files: over a served fake.

local program = require "spec.support.program"
local tree = require "spec.support.tree"

local NOTE = "conferenceRecords/cr-planning-7f3a/smartNotes/sn-1"
local RECORDING = "conferenceRecords/cr-planning-7f3a/recordings/rec-1"

local programs

setup(function() programs = program.serve() end)
teardown(function() programs:close() end)
before_each(function() programs:clear() end)

local function call(method, ...)
  programs:control("POST", "/-/call", { name = method, arguments = { ... } })
end

describe("notes.lua", function()
  it("prints the notes of a week, and says which are not written yet", function()
    local output, status = programs:run "notes.lua"
    assert.equal(0, status)
    assert.matches("^=== %d+%-%d%d%-%d%d %d%d:%d%d  conferenceRecords/cr%-fresh%-63d7\n\n"
      .. "%(not written yet%)\n\n=== %d+%-%d%d%-%d%d 09:00  "
      .. "conferenceRecords/cr%-planning%-7f3a\n\nNotes\nNotes\nSummary\n.*\nTranscript\n", output)
  end)

  it("prints them as Markdown", function()
    local output, status = programs:run "notes.lua --markdown"
    assert.equal(0, status)
    assert.matches("\n# Notes\n\n.*\n# Transcript\n\n.*%*%*Ada Bergqvist:%*%* ", output)
  end)

  it("takes those that began since a day", function()
    local output = programs:run(os.date("!notes.lua --since %Y-%m-%d", os.time() - 86400))
    assert.not_matches("cr%-planning", output)
    output = programs:run "notes.lua --since soon"
    assert.matches("%-%-since: 'soon' is no time", output)
  end)

  it("goes on past notes that cannot be had, and ends with status 1", function()
    call("set_file", NOTE, { trashed = true })
    local output, status = programs:run "notes.lua"
    call("set_file", NOTE, { trashed = false })
    assert.equal(1, status)
    assert.matches("cr%-planning%-7f3a\n\n%(not_found: [^\n]* in the bin [^\n]*%)\n", output)
  end)

  it("ends where there is no connection to Drive, and says what to do", function()
    programs:fail { on = "drive.files.get", status = 400, shape = "nested" }
    local output, status = programs:run "notes.lua"
    assert.equal(1, status)
    assert.matches("\nnotes%.lua: [^\n]*connection %(400%)[^\n]*google%-drive[^\n]*\n$", output)
  end)

  it("gives a terminal nothing that steers it", function()
    local own = program.serve()
    own:clear()
    own:control("POST", "/-/call", { name = "set_file",
      arguments = { NOTE, { text = "a\27[2Jb" } } })
    local output = own:run "notes.lua"
    own:close()
    assert.matches("\na %[2Jb\n", output)
  end)
end)

describe("recording.lua", function()
  local function sum_of(name)
    return tree.lines("sha256sum " .. programs.folder .. "/" .. name)[1]:match "^%x+"
  end

  it("downloads the first recording that is there, of a meeting or of the latest", function()
    for _, conference in ipairs { "", "cr-planning-7f3a", "hpk-vtwd-ens" } do
      local output, status = programs:run("recording.lua FOLDER/video.mp4 " .. conference)
      assert.equal(0, status, output)
      local bytes, sum = output:match "^FOLDER/video.mp4: (%d+) bytes, SHA%-256 (%x+)\n$"
      assert.equal(#programs:read "video.mp4", tonumber(bytes))
      assert.equal(sum_of "video.mp4", sum)
      assert.same({ "video.mp4" }, tree.lines("ls -A " .. programs.folder))
    end
  end)

  it("goes on where an earlier run was cut short", function()
    programs:fail { on = "drive.files.get", after = 100000, lost = true }
    programs:fail { on = "/files/.*alt=media", status = 500 }
    local output, status = programs:run "recording.lua FOLDER/video.mp4 cr-planning-7f3a"
    assert.equal(1, status, output)
    assert.matches("server %(500 INTERNAL%)[^\n]*100000 bytes are kept", output)
    assert.same({}, tree.lines("ls " .. programs.folder))
    output, status = programs:run "recording.lua FOLDER/video.mp4 cr-planning-7f3a"
    assert.equal(0, status)
    assert.equal(sum_of "video.mp4", output:match "SHA%-256 (%x+)")
    local log = programs:stats().log
    assert.equal("bytes=100000-", log[#log - 1].headers.range)
  end)

  it("says so where there is none", function()
    local output, status = programs:run "recording.lua FOLDER/video.mp4 cr-empty-0e0e"
    assert.equal(1, status)
    assert.matches("cr%-empty%-0e0e has no recording, or none yet\n$", output)
    call("set_file", RECORDING, { can_download = false })
    output = programs:run "recording.lua FOLDER/video.mp4 cr-planning-7f3a"
    call("set_file", RECORDING, { can_download = true })
    assert.matches("permission: [^\n]*, but not downloaded", output)
  end)

  it("says why a file cannot be written", function()
    local output, status = programs:run "recording.lua FOLDER/no/video.mp4 cr-planning-7f3a"
    assert.equal(1, status)
    assert.matches("^recording.lua: config: [^\n]*no/video.mp4[^\n]*\n$", output)
  end)

  it("shows on a terminal how far it is, in one line", function()
    local output = programs:run_on_terminal "recording.lua FOLDER/video.mp4"
    if not output then return pending "there are no pseudo-terminals" end
    assert.matches("\r\27%[K0%.3 of 0%.3 MB, %d+%.%d MB/s", output)
    assert.matches("\r\27%[K/[^\n]+/video%.mp4: %d+ bytes", output)
  end)
end)
