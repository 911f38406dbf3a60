local conferences = require "spec.support.conferences"
local core = require "googlemeet.core"
local directory = require "googlemeet.archive.directory"
local locale = require "spec.support.locale"
local tree = require "spec.support.tree"

local entry, found = conferences.entry, conferences.found

local folder

before_each(function() folder = tree.temporary() end)
after_each(function() tree.remove(folder) end)

local function write(name, text)
  local file <close> = assert(io.open(folder .. "/" .. name, "wb"))
  file:write(text)
end

--- Do something while the disk has no room for a file of that name; return what it returns.
local function without_room_for(name, act)
  local replace = core.file.replace
  function core.file.replace(path, ...) -- luacheck: ignore 122 (nothing else fills it for one file)
    if path:sub(-#name) == name then return nil, "No space left on device", 28 end
    return replace(path, ...)
  end
  local ok, result = pcall(act)
  core.file.replace = replace -- luacheck: ignore 122
  return assert(ok and result, result)
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
{"bytes":284,"checksum":"b6a6dce59e9c9a15","counts":{"participant_sessions":0,"participants":0,]]
      .. [["recordings":0,"smart_notes":0,]]
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

  it("removes what a killed run was about to write when the next one begins", function()
    local store <close> = assert(directory.open(folder))
    local left = { ".googlemeet-0123456789abcdef.part", ".googlemeet-x.part", "incoming.part" }
    for _, name in ipairs(left) do write(name, "half of a") end
    store:manifest()
    assert.equal(3, #files()) -- looking changes nothing
    store:lock():close()
    assert.same({ ".googlemeet-x.part" }, files()) -- no name of ours
    write(store:folder():sub(#folder + 2) .. "/" .. left[1], "half of a")
    store:lock():close()
    assert.same({}, tree.lines("ls -A " .. store:folder()))
  end)

  it("has the rows of files in a folder, a line each, and recordings beside them", function()
    local store <close> = assert(directory.open(folder))
    assert.same({}, store:files "conferenceRecords/c1")
    assert.same({}, files()) -- looking changes nothing
    local name = "conferenceRecords/c1/recordings/r"
    local row = { name = name, file = "id", state = "complete", bytes = 3 }
    assert(store:put_files("conferenceRecords/c1", { row }))
    assert.same({ "files", "files/c1.jsonl" },
      tree.lines(("cd %s && find files | sort"):format(folder)))
    assert.equal([[{"checksum":"cb9485a0156f933c","file":{"bytes":3,"file":"id",]]
      .. [["name":"conferenceRecords/c1/recordings/r","path":"c1.r.mp4","state":"complete"}}]]
      .. "\n", tree.read(folder .. "/files/c1.jsonl"))
    assert.equal("due", store:files("conferenceRecords/c1")[1].state)
    write("files/c1.r.mp4", "abc")
    row.path = folder .. "/files/c1.r.mp4"
    assert.same({ row }, store:files "conferenceRecords/c1")
    assert.same({ "600" }, tree.lines("stat -c %a " .. folder .. "/files/c1.jsonl"))
    assert.same({}, store:manifest())
  end)

  it("says why rows of files cannot be written", function()
    local store <close> = assert(directory.open(folder))
    tree.lines(("mkdir -p %s/files/c1.jsonl"):format(folder))
    local _, err = store:put_files("conferenceRecords/c1", {})
    assert.equal("invalid", err.kind) -- of this conference, those of the others can be written
    assert(store:put_files("conferenceRecords/c2", {}))
    tree.remove(folder .. "/files")
    write("files", "")
    _, err = store:put_files("conferenceRecords/c2", {})
    assert.equal("config", err.kind)
    assert.same({ nil, "config" }, { (store:folder()), select(2, store:folder()).kind })
  end)

  it("refuses a manifest of another version or of another program", function()
    for _, text in ipairs { '{"version":2,"conferences":[]}', '{"name":"app"}', "true", "[1]" } do
      write("manifest.json", text)
      local store, err = directory.open(folder)
      assert.is_nil(store)
      assert.equal("config", err.kind)
      assert.matches("manifest.json is not an archive manifest of version 1", err.message, 1, true)
      assert.equal(text, tree.read(folder .. "/manifest.json"))
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
    assert.equal("invalid", err.kind) -- of this conference, the others can be written
    assert.matches("cannot write c1%.jsonl: ", err.message)
    assert.same({ "c1.jsonl" }, files())
    assert.same({}, store:manifest())
  end)

  it("has a conference only when its manifest says so", function()
    local store <close> = assert(directory.open(folder))
    assert(store:put(entry { state = "due" }, found "conferenceRecords/c1"))
    local _ <close> = assert(store:lock())
    tree.lines(("rm %s/manifest.json && mkdir -p %s/manifest.json/x"):format(folder, folder))
    local ok, err = store:put(entry(), found "conferenceRecords/c1")
    assert.is_nil(ok)
    assert.equal("config", err.kind)
    assert.matches("cannot write manifest%.json: ", err.message)
    assert.equal("due", store:manifest()[1].state)
  end)

  it("says that the disk is full, and keeps what it has", function()
    local store <close> = assert(directory.open(folder))
    assert(store:put(entry(), found "conferenceRecords/c1"))
    -- What notes the lines that are run (LUA_INIT_5_x) would write more than it may.
    local output = tree.run(([[env -u LUA_INIT_5_4 -u LUA_INIT_5_5 sh -c '
      trap "" XFSZ; ulimit -f 1; exec %s -e "$1" -' sh %s]]):format(
      tree.lua(), tree.quote(([[
        local conferences = require "spec.support.conferences"
        local store = require "googlemeet.archive.directory".open %q
        local ids = {}
        for id = 1, 500 do ids[id] = "r" .. id end
        local _, err = store:put(conferences.entry { state = "due" },
          conferences.found("conferenceRecords/c1", ids))
        print(err.kind, err.message, err.hint)]]):format(folder))))
    assert.matches("^config\t[^\t]*cannot write c1%.jsonl: [^\t]*File too large\tfree some disk ",
      output)
    assert.same({ "c1.jsonl", "manifest.json" }, files())
    assert.equal("complete", store:manifest()[1].state)
  end)

  it("is for its owner alone, and follows no link that somebody has prepared", function()
    write("elsewhere", "mine")
    tree.lines(("ln -s elsewhere %s/c1.jsonl"):format(folder))
    local store <close> = assert(directory.open(folder))
    local _, err = store:put(entry(), found "conferenceRecords/c1")
    assert.equal("invalid", err.kind)
    assert.matches("c1%.jsonl: it is a symbolic link, which is not followed$", err.message)
    assert(store:put(entry { name = "conferenceRecords/c2" }, found "conferenceRecords/c2"))
    assert.equal("mine", tree.read(folder .. "/elsewhere"))
    assert.same({ "600 c2.jsonl", "600 manifest.json" },
      tree.lines(("cd %s && stat -c '%%a %%n' c2.jsonl manifest.json"):format(folder)))
    os.remove(folder .. "/manifest.json")
    tree.lines(("ln -s elsewhere %s/manifest.json"):format(folder))
    _, err = directory.open(folder)
    assert.equal("config", err.kind)
    assert.matches("manifest%.json: it is a symbolic link", err.message)
  end)

  it("has a name for every conference, however long its id is", function()
    local store <close> = assert(directory.open(folder))
    local names = { ("x"):rep(255), ("x"):rep(254) .. "y", ("é"):rep(80), ("/"):rep(100) }
    for _, id in ipairs(names) do
      local name = "conferenceRecords/" .. id
      assert(store:put(entry { name = name }, found(name)))
    end
    assert.equal(5, #files())
    local again <close> = assert(directory.open(folder))
    for _, listed in ipairs(again:manifest()) do assert.equal("complete", listed.state) end
    assert.equal(4, #again:manifest())
  end)

  it("refuses a value that is not a path", function()
    for _, value in ipairs { false, "", "a\0b", 1 } do
      local _, message = pcall(function() assert(directory.open(value)) end)
      assert.matches(
        "directory_spec%.lua:%d+: archive%.directory: the path of a directory expected$", message)
    end
  end)
end)

describe("a directory as a store, after a fault of the disk", function()
  --- Names and states in the manifest of the store, opened again: "c1 complete, c2 due".
  local function states()
    local store <close> = assert(directory.open(folder))
    local words = {}
    for index, listed in ipairs(store:manifest()) do
      words[index] = listed.name:match "[^/]+$" .. " " .. listed.state
    end
    table.sort(words)
    return table.concat(words, ", ")
  end

  before_each(function()
    local store <close> = assert(directory.open(folder))
    for _, id in ipairs { "c1", "c2", "c3" } do
      local name = "conferenceRecords/" .. id
      local content = found(name, { id })
      content.conference_records[1].expireTime = "9999-12-01T10:00:00Z"
      assert(store:put(entry { name = name, expire_time = "9999-12-01T10:00:00Z" }, content))
    end
  end)

  it("notices other bytes in a file of the right length", function()
    local text = tree.read(folder .. "/c2.jsonl")
    write("c2.jsonl", (text:gsub("recordings/c2", "recordings/c3")))
    assert.equal("c1 complete, c2 due, c3 complete", states())
    write("c2.jsonl", text)
    assert.equal("c1 complete, c2 complete, c3 complete", states())
  end)

  it("takes what the manifest lacks from the files, wherever the manifest was cut", function()
    local whole = tree.read(folder .. "/manifest.json")
    for length = 0, #whole - 4, 7 do
      write("manifest.json", whole:sub(1, length))
      assert.matches("^c1 %l+, c2 %l+, c3 %l+$", states())
    end
    write("manifest.json", whole:sub(1, -4)) -- each of its lines is whole
    assert.equal("c1 complete, c2 complete, c3 complete", states())
    os.remove(folder .. "/manifest.json")
    assert.equal("c1 due, c2 due, c3 due", states())
  end)

  it("takes no file for a conference that is not whole, or has another name", function()
    os.remove(folder .. "/manifest.json")
    local text = tree.read(folder .. "/c1.jsonl")
    write("c1.jsonl", text:sub(1, -2))
    write("copy.jsonl", tree.read(folder .. "/c2.jsonl"))
    write("c3.jsonl", '{"resource":5,"table":"participants"}\n')
    write("c4.jsonl", text:gsub("recordings", "people"))
    write("c5.jsonl", "\n")
    tree.lines(("mkdir %s/c6.jsonl && ln -s c2.jsonl %s/c7.jsonl"):format(folder, folder))
    assert.equal("c2 due", states())
  end)

  it("takes what the server has deleted for complete, if it looks so", function()
    local store <close> = assert(directory.open(folder))
    for id, times in pairs { c1 = { "2020-01-01T10:00:00Z", "2020-01-31T10:00:00Z" },
      c2 = { nil, "2020-01-31T10:00:00Z" } } do
      local content = found("conferenceRecords/" .. id)
      content.conference_records[1].endTime = times[1]
      content.conference_records[1].expireTime = times[2]
      assert(store:put(entry { name = "conferenceRecords/" .. id }, content))
    end
    os.remove(folder .. "/manifest.json")
    assert.equal("c1 complete, c2 due, c3 due", states())
  end)

  it("survives a manifest that somebody has changed", function()
    for _, text in ipairs { "5", '"x"', "{}", '[5,"x",[],{}]', '[{"name":5}]',
      '[{"name":"conferenceRecords/c1","state":5,"counts":7,"bytes":"x","expire_time":[]}]',
      '[{"name":"conferenceRecords/c1","state":"lost","counts":{"participants":-1.5}}]' } do
      write("manifest.json", ('{"version":1,"conferences":%s}'):format(text))
      assert.equal("c1 due, c2 due, c3 due", states())
    end
  end)

  it("lets others in where it cannot read the manifest any more", function()
    local store <close> = assert(directory.open(folder))
    write("manifest.json", '{"version":2}')
    local held, err = store:lock()
    assert.is_nil(held)
    assert.equal("config", err.kind)
    os.remove(folder .. "/manifest.json")
    assert(store:lock()):close()
  end)

  it("sets a manifest aside that it cannot read, when it writes", function()
    local torn = '{"version":1,"conferences":[\n{"na'
    write("manifest.json", torn)
    assert.equal("c1 due, c2 due, c3 due", states())
    assert.equal(torn, tree.read(folder .. "/manifest.json"))
    local store <close> = assert(directory.open(folder))
    assert(store:put(entry(), found "conferenceRecords/c1"))
    assert.equal(torn, tree.read(folder .. "/manifest.json.damaged"))
    assert.equal("c1 complete, c2 due, c3 due", states())
  end)

  it("keeps what it can read of a manifest until there is another", function()
    write("manifest.json", tree.read(folder .. "/manifest.json"):sub(1, -4)) -- its lines are whole
    local store <close> = assert(directory.open(folder))
    local err = without_room_for("manifest.json", function()
      return select(2, store:put(entry { name = "conferenceRecords/c4" },
        found "conferenceRecords/c4"))
    end)
    assert.equal("archive.directory: cannot write manifest.json: No space left on device",
      err.message)
    assert.equal("c1 complete, c2 complete, c3 complete, c4 due", states())
    assert(store:put(entry { name = "conferenceRecords/c4" }, found "conferenceRecords/c4"))
    assert.equal("c1 complete, c2 complete, c3 complete, c4 complete", states())
  end)

  it("reads a manifest without checksums", function()
    local text = tree.read(folder .. "/manifest.json")
    write("manifest.json", (text:gsub('"checksum":"%x+",', "")))
    assert.equal("c1 complete, c2 complete, c3 complete", states())
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

  it("is the same in a locale that takes other bytes for letters", function()
    if locale.lacks() then return pending(locale.lacks()) end
    assert.equal("%C3%A9.jsonl", locale.run(",", [[
      assert(os.setlocale "odd")
      io.write(require "googlemeet.archive.directory".file_name "conferenceRecords/\xC3\xA9")]]))
  end)
end)
