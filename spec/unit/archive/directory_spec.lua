local conferences = require "spec.support.conferences"
local directory = require "googlemeet.archive.directory"
local tree = require "spec.support.tree"

local entry, found = conferences.entry, conferences.found

local folder

before_each(function() folder = tree.temporary() end)
after_each(function() tree.remove(folder) end)

local function write(name, text)
  local file <close> = assert(io.open(folder .. "/" .. name, "wb"))
  file:write(text)
end

--- Names of what is in the directory.
local function files() return tree.lines("ls -A " .. folder) end

describe("a directory as a store", function()
  it("has a file of JSON lines for each conference, and the manifest", function()
    local store <close> = assert(directory.open(folder))
    assert(store:put(entry(), found("conferenceRecords/c1", { "r1", "r2" })))
    assert.same({ "c1.jsonl", "manifest.json" }, files())
    local recording = [[{"resource":{"name":"conferenceRecords/c1/recordings/%s",]]
      .. [["state":"FILE_GENERATED"},"table":"recordings"}]] .. "\n"
    assert.equal([[{"resource":{"name":"conferenceRecords/c1"},"table":"conference_records"}]]
      .. "\n" .. recording:format "r1" .. recording:format "r2", tree.read(folder .. "/c1.jsonl"))
    assert.equal([[
{"version":1,"conferences":[
{"bytes":284,"counts":{"participant_sessions":0,"participants":0,"recordings":0,"smart_notes":0,]]
      .. [["transcript_entries":0,"transcripts":0},"end_time":"2026-11-01T10:00:00Z",]]
      .. [["expire_time":"2026-12-01T10:00:00Z","name":"conferenceRecords/c1",]]
      .. [["start_time":"2026-11-01T09:00:00Z","state":"complete"}
]}
]], tree.read(folder .. "/manifest.json"))
  end)

  it("keeps the file of a conference that is put without resources", function()
    local store <close> = assert(directory.open(folder))
    assert(store:put(entry(), found "conferenceRecords/c1"))
    local before = tree.read(folder .. "/c1.jsonl")
    assert(store:put(entry { state = "gone" }))
    assert.equal(before, tree.read(folder .. "/c1.jsonl"))
    assert.equal("gone", store:manifest()[1].state)
  end)

  it("is created with its parents if it does not exist", function()
    local path = folder .. "/it's/ new"
    local store <close> = assert(directory.open(path))
    assert(store:put(entry(), found "conferenceRecords/c1"))
    assert.same({ "c1.jsonl", "manifest.json" }, tree.lines("ls -A " .. tree.quote(path)))
  end)

  it("treats a short or missing file as due", function()
    local store <close> = assert(directory.open(folder))
    assert(store:put(entry(), found "conferenceRecords/c1"))
    assert(store:put(entry { name = "conferenceRecords/c2" }, found "conferenceRecords/c2"))
    assert(store:put(entry { name = "conferenceRecords/c3" }, found "conferenceRecords/c3"))
    write("c1.jsonl", "{")
    os.remove(folder .. "/c2.jsonl")
    local states = {}
    for index, listed in ipairs(store:manifest()) do states[index] = listed.state end
    assert.same({ "due", "due", "complete" }, states)
  end)

  it("removes what a killed process was about to write", function()
    write("incoming.part", "half of a")
    directory.open(folder):close()
    assert.same({}, files())
  end)

  it("refuses an unknown manifest", function()
    for _, row in ipairs {
      { "[1", "decode", "the body is not JSON" },
      { '{"version":2,"conferences":[]}', "config", "not an archive manifest of version 1" },
      { '{"version":1}', "config", "not an archive manifest of version 1" },
      { "true", "config", "not an archive manifest of version 1" },
    } do
      write("manifest.json", row[1])
      local store, err = directory.open(folder)
      assert.is_nil(store)
      assert.equal(row[2], err.kind)
      assert.matches("manifest.json", err.message, 1, true)
      assert.matches(row[3], err.message, 1, true)
    end
  end)

  it("says why it cannot be written", function()
    write("file", "")
    local store, err = directory.open(folder .. "/file/below")
    assert.is_nil(store)
    assert.equal("config", err.kind)
    assert.matches("archive%.directory: cannot write to .*/file/below: .*: Not a directory$",
      err.message)
  end)

  it("says why a parent folder cannot be created", function()
    local _, err = directory.open "/proc/none/below"
    assert.matches("cannot write to /proc/none/below: /proc/none: ", err.message, 1, true)
  end)

  it("is created with its parents, however many slashes separate them", function()
    for _, path in ipairs { "/a/b/c", "/d//e/", "/a/b/c", "/it's; a $name" } do
      local store <close> = assert(directory.open(folder .. path))
      assert(store:put(entry(), found "conferenceRecords/c1"))
      assert(io.open(folder .. path .. "/manifest.json")):close()
    end
    local mask = tonumber(tree.lines("umask")[1], 8)
    assert.equal(("%o"):format(511 & ~mask), tree.lines("stat -c %a " .. folder .. "/a/b")[1])
  end)

  it("says why a conference cannot be written, and leaves nothing half done", function()
    local store <close> = assert(directory.open(folder))
    tree.lines(("mkdir -p %s/c1.jsonl/x"):format(folder))
    local ok, err = store:put(entry(), found "conferenceRecords/c1")
    assert.is_nil(ok)
    assert.matches("cannot write c1%.jsonl: ", err.message)
    assert.same({ "c1.jsonl" }, files())
    assert.same({}, store:manifest())
  end)

  it("has a conference only when its manifest says so", function()
    local store <close> = assert(directory.open(folder))
    assert(store:put(entry { state = "due" }, found "conferenceRecords/c1"))
    tree.lines(("rm %s/manifest.json && mkdir -p %s/manifest.json/x"):format(folder, folder))
    local ok, err = store:put(entry(), found "conferenceRecords/c1")
    assert.is_nil(ok)
    assert.matches("cannot write manifest%.json: ", err.message)
    assert.equal("due", store:manifest()[1].state)
  end)

  it("reports a full disk", function()
    local store <close> = assert(directory.open(folder))
    tree.lines(("ln -s /dev/full %s/incoming.part"):format(folder))
    local ok, err = store:put(entry(), found "conferenceRecords/c1")
    assert.is_nil(ok)
    assert.matches("No space left on device", err.message)
  end)

  it("refuses a value that is not a path", function()
    for _, value in ipairs { false, "", "a\0b", 1 } do
      local _, message = pcall(function() assert(directory.open(value)) end)
      assert.matches(
        "directory_spec%.lua:%d+: archive%.directory: the path of a directory expected$", message)
    end
  end)
end)

describe("googlemeet.archive.directory.file_name", function()
  for name, expected in pairs {
    ["conferenceRecords/aB-9_z"] = "aB-9_z.jsonl",
    ["conferenceRecords/.."] = "%2E%2E.jsonl",
    ["conferenceRecords/a/../b"] = "a%2F%2E%2E%2Fb.jsonl",
    ["conferenceRecords/a b%\0é"] = "a%20b%25%00%C3%A9.jsonl",
    ["conferenceRecords/manifest"] = "manifest.jsonl",
  } do
    it("of " .. name:gsub("%c", "?") .. " is " .. expected, function()
      assert.equal(expected, directory.file_name(name))
    end)
  end
end)
