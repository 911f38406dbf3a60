local core = require "googlemeet.core"
local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"
local tree = require "spec.support.tree"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z
local HOUR, DAY = 3600, 86400

local folder, gateway, client, space, drive, asked

local saved = {}

--- Answer as Drive would.
local function answer(self, destination, field)
  local id = self[destination][field]
  asked[#asked + 1] = self.name:match "conferenceRecords/(.*)"
  local file = drive[self.name:match "[^/]+$"] or {}
  if file.kind then
    local err = core.error.new(file.kind, file.message or "no")
    err.origin, err.reason = file.origin or "google", file.reason
    return nil, err
  end
  return file.text or "text of " .. id
end

before_each(function()
  folder = tree.temporary()
  gateway = meet.testing.gateway { clock = function() return 0 end, now = NOW }
  space = gateway:add_space {}
  client = assert(meet.new {
    api_key = "test-key", transport = gateway.transport, clock = made_up_clock(),
  })
  drive, asked = {}, {}
  local of = core.shared.resources
  saved = { of.recording.download, of.transcript.document, of.smart_note.text }
  function of.recording.download(self, path, opts)
    local text, err = answer(self, "driveDestination", "file")
    if not text then return nil, err end
    tree.write(path, text)
    if opts and opts.on_progress then opts.on_progress(#text, #text) end
    return { path = path, bytes = #text, sha256 = "sum of " .. #text }
  end
  function of.transcript.document(self) return answer(self, "docsDestination", "document") end
  function of.smart_note.text(self) return answer(self, "docsDestination", "document") end
end)

after_each(function()
  local of = core.shared.resources
  of.recording.download, of.transcript.document, of.smart_note.text = table.unpack(saved, 1, 3)
  client:close()
  tree.remove(folder)
end)

--- Add a conference of an hour with a recording, a transcript and a smart note, each with its file.
local function add_conference(id, days_ago, state)
  local start = NOW - days_ago * DAY
  local record = gateway:add_record {
    id = id, space = space, start_time = start, end_time = start + HOUR,
  }
  gateway:add_recording(record, { id = "r-" .. id, state = state })
  gateway:add_transcript(record, { id = "t-" .. id })
  gateway:add_smart_note(record, { id = "n-" .. id })
  return record
end

local function open(kind, name)
  return assert(meet.archive[kind](folder .. "/" .. (name or kind)))
end

local function archive(store, opts)
  opts = opts or {}
  opts.now = opts.now or NOW
  if opts.files == nil then opts.files = true end
  asked = {}
  return meet.archive(client, store, opts)
end

--- The rows of a conference: what there is of each artifact.
local function rows(store, id)
  local words = {}
  for index, row in ipairs(assert(store:files("conferenceRecords/" .. id))) do
    words[index] = ("%s %s %s"):format(row.name:match "[^/]+$", row.state,
      row.text or row.sha256 or row.kind or "")
  end
  return words
end

local function asked_for()
  table.sort(asked)
  return table.concat(asked, " ")
end

for _, kind in ipairs { "sqlite", "directory" } do
  describe("archive with files into the store " .. kind, function()
    local store

    before_each(function() store = open(kind) end)
    after_each(function() store:close() end)

    it("keeps texts in the store, and recordings in a folder beside it", function()
      add_conference("a", 3)
      add_conference("b", 2)
      local summary = assert(archive(store))
      assert.same({ 2, 6, 0, {}, {} }, { summary.records, summary.files, summary.files_due,
        summary.unavailable, summary.failed })
      local list = assert(store:files "conferenceRecords/a")
      local recording = list[1]
      assert.equal("conferenceRecords/a/recordings/r-a", recording.name)
      assert.equal(assert(store:folder()) .. "/a.r-a.mp4", recording.path)
      assert.equal("text of " .. recording.file, tree.read(recording.path))
      assert.equal(#tree.read(recording.path), recording.bytes)
      assert.equal("sum of " .. recording.bytes, recording.sha256)
      for index, name in ipairs { "transcripts/t-a", "smartNotes/n-a" } do
        local row = list[index + 1]
        assert.equal("conferenceRecords/a/" .. name, row.name)
        assert.same({ "complete", "text", "text of " .. row.file, #row.text },
          { row.state, row.format, row.text, row.bytes })
      end
      local bytes = 0
      for _, id in ipairs { "a", "b" } do
        for _, row in ipairs(store:files("conferenceRecords/" .. id)) do
          bytes = bytes + row.bytes
        end
      end
      assert.equal(bytes, summary.bytes)
    end)

    it("asks for nothing twice", function()
      add_conference("a", 3)
      assert(archive(store))
      local summary = assert(archive(store))
      assert.same({ 0, 0, 1 }, { #asked, summary.files, summary.skipped })
    end)

    it("gets the files alone of a conference that was complete without them", function()
      add_conference("a", 3)
      assert(archive(store, { files = false }))
      assert.same({}, rows(store, "a"))
      gateway:clear_log()
      local summary = assert(archive(store))
      assert.same({ 0, 1, 3 }, { summary.records, summary.skipped, summary.files })
      assert.equal(2, #gateway.log) -- the list of records, and whether Drive can be asked
    end)

    it("keeps what it has in a run without files", function()
      local record = add_conference("a", 3, "ENDED")
      assert(archive(store))
      local before = rows(store, "a")
      assert.equal(2, #before)
      gateway:set_state(record.name .. "/recordings/r-a", "FILE_GENERATED")
      assert.equal(1, assert(archive(store, { files = false })).records)
      assert.same(before, rows(store, "a"))
      assert(archive(store))
      assert.equal("a/recordings/r-a", asked_for())
      assert.equal(3, #rows(store, "a"))
    end)

    it("gets the files of a conference that Meet has deleted", function()
      add_conference("a", 3, "ENDED")
      assert(archive(store, { files = false }))
      gateway:fail { on = "conferenceRecords.list", status = 200, body = {} }
      gateway:fail { on = "conferenceRecords.get", status = 404, times = 2 }
      local summary = assert(archive(store))
      assert.same({ "conferenceRecords/a" }, summary.gone)
      assert.equal(2, summary.files)
      assert.equal("r-a unavailable not_found", rows(store, "a")[1])
    end)

    it("asks for no file of a conference before the time asked for, unless it is due", function()
      add_conference("a", 9)
      add_conference("b", 2)
      assert(archive(store, { files = false }))
      assert(archive(store, { since = NOW - 5 * DAY }))
      assert.equal("b/recordings/r-b b/smartNotes/n-b b/transcripts/t-b", asked_for())
      drive["r-a"] = { kind = "timeout" }
      assert(archive(store))
      drive["r-a"] = nil
      assert(archive(store, { since = NOW - 5 * DAY }))
      assert.equal("a/recordings/r-a", asked_for())
    end)

    for kind_of_error in ("not_found permission too_large invalid"):gmatch "%S+" do
      it("notes a file that cannot be had, and asks no more for it: " .. kind_of_error, function()
        add_conference("a", 3)
        drive["r-a"] = { kind = kind_of_error, message = "it is not to be had" }
        drive["n-a"] = drive["r-a"]
        local summary = assert(archive(store))
        assert.same({ 1, 0, 2, {} }, { summary.files, summary.files_due, #summary.unavailable,
          summary.failed })
        local row = store:files("conferenceRecords/a")[1]
        assert.same({ "unavailable", kind_of_error, "it is not to be had" },
          { row.state, row.kind, row.message })
        assert(archive(store))
        assert.equal("", asked_for())
        drive = {}
        assert(archive(store, { files = "again" }))
        assert.equal("a/recordings/r-a a/smartNotes/n-a", asked_for())
        assert.equal("complete", store:files("conferenceRecords/a")[1].state)
      end)
    end

    for kind_of_error in ("timeout server transport rate_limited connection decode conflict")
      :gmatch "%S+" do
      it("asks again for a file that cannot be had now: " .. kind_of_error, function()
        add_conference("a", 3)
        add_conference("b", 2)
        drive["r-a"] = { kind = kind_of_error }
        local summary = assert(archive(store))
        assert.same({ 5, 1, "conferenceRecords/a", "conferenceRecords/a/recordings/r-a",
          kind_of_error }, { summary.files, summary.files_due, summary.failed[1].name,
          summary.failed[1].file, summary.failed[1].err.kind })
        assert.equal("r-a due " .. kind_of_error, rows(store, "a")[1])
        drive = {}
        assert(archive(store))
        assert.equal("a/recordings/r-a", asked_for())
      end)
    end

    for kind_of_error in ("auth config cancelled"):gmatch "%S+" do
      it("ends the run, and keeps what is there, at " .. kind_of_error, function()
        add_conference("a", 3)
        add_conference("b", 2)
        drive["r-a"] = { kind = kind_of_error }
        local summary, err, so_far = archive(store)
        assert.is_nil(summary)
        assert.equal(kind_of_error, err.kind)
        assert.same({ 2, 2 }, { so_far.records, so_far.files })
        assert.equal("r-a due ", rows(store, "a")[1])
        drive = {}
        assert.equal(4, assert(archive(store)).files)
        assert.equal("a/recordings/r-a b/recordings/r-b b/smartNotes/n-b b/transcripts/t-b",
          asked_for())
      end)
    end

    it("asks no more for a file that cannot be had, while the conference is due", function()
      add_conference("a", 3, "ENDED")
      drive["n-a"] = { kind = "not_found" }
      assert(archive(store))
      assert(archive(store))
      assert.equal("", asked_for())
      assert(archive(store, { files = "again" }))
      assert.equal("a/smartNotes/n-a", asked_for())
    end)

    it("gets another file where an artifact has another one", function()
      local record = add_conference("a", 3, "ENDED")
      assert(archive(store))
      local note = gateway:find(record.name .. "/smartNotes/n-a").resource
      note.docsDestination.document = "another"
      assert(archive(store))
      assert.equal("a/smartNotes/n-a", asked_for())
      assert.equal("n-a complete text of another", rows(store, "a")[2])
    end)

    it("keeps what it has of an artifact that the server lists no more", function()
      add_conference("a", 3, "ENDED")
      assert(archive(store))
      gateway:fail { on = "smartNotes.list", status = 200, body = {} }
      drive["t-a"] = { kind = "timeout" }
      store:put_files("conferenceRecords/a", { store:files("conferenceRecords/a")[2] })
      assert(archive(store))
      assert.equal("a/transcripts/t-a", asked_for())
      assert.equal("t-a due timeout", rows(store, "a")[1])
      assert.matches("^n%-a complete text of ", rows(store, "a")[2])
    end)

    it("notes what has no file and gets none any more, and reads it no more", function()
      local record = gateway:add_record {
        id = "a", space = space, start_time = NOW - 3 * DAY, end_time = NOW - 2 * DAY,
      }
      gateway:add_recording(record, { id = "r-a", state = "ENDED" })
      assert(archive(store))
      assert.same({}, rows(store, "a"))
      gateway:fail { on = "conferenceRecords.list", status = 200, body = {} }
      gateway:fail { on = "conferenceRecords.get", status = 404, times = 2 }
      assert(archive(store))
      assert.same({ "r-a unavailable not_found" }, rows(store, "a"))
      local reads, read = 0, store.read
      function store.read(...)
        reads = reads + 1
        return read(...)
      end
      gateway:fail { on = "conferenceRecords.list", status = 200, body = {} }
      assert(archive(store))
      assert.equal(0, reads)
    end)

    it("takes no refusal by the gateway, or of the whole connection, for one of a file", function()
      add_conference("a", 3)
      drive["n-a"] = { kind = "not_found", origin = "gateway" }
      assert.equal("n-a due not_found", assert(archive(store)) and rows(store, "a")[3])
      for _, more in ipairs { { origin = "gateway" }, { reason = "insufficientPermissions" },
        { reason = "ACCESS_TOKEN_SCOPE_INSUFFICIENT" } } do
        more.kind = "permission"
        drive["n-a"] = more
        local summary, err = archive(store)
        assert.is_nil(summary)
        assert.equal("permission", err.kind)
        assert.equal("n-a due ", rows(store, "a")[3])
      end
    end)

    it("removes what a killed run was about to write into the folder", function()
      add_conference("a", 3)
      local left = store:folder() .. "/.googlemeet-0123456789abcdef.part"
      tree.write(left, "half")
      assert(archive(store))
      assert.is_nil((io.open(left)))
    end)

    it("goes on past a conference whose rows cannot be kept, and ends where none can", function()
      add_conference("a", 3)
      add_conference("b", 2)
      local put = store.put_files
      local kind_of_error = "invalid"
      function store.put_files(self, name, list)
        if name == "conferenceRecords/a" then
          return nil, core.error.new(kind_of_error, "cannot be kept")
        end
        return put(self, name, list)
      end
      local summary = assert(archive(store))
      assert.same({ 3, "conferenceRecords/a" }, { #rows(store, "b"), summary.failed[1].name })
      assert.equal(3, summary.files_due)
      kind_of_error = "config"
      local ended, err = archive(store)
      assert.is_nil(ended)
      assert.equal("cannot be kept", err.message)
    end)

    it("gets a recording again that is not in the folder, or has another size", function()
      add_conference("a", 3)
      add_conference("b", 2)
      assert(archive(store))
      os.remove(store:folder() .. "/a.r-a.mp4")
      tree.write(store:folder() .. "/b.r-b.mp4", "short")
      assert.equal("due", store:files("conferenceRecords/a")[1].state)
      assert.equal(2, assert(archive(store)).files)
      assert.equal("a/recordings/r-a b/recordings/r-b", asked_for())
      assert.equal(0, assert(archive(store)).files)
    end)

    it("gets a text again that is not the one that was stored", function()
      add_conference("a", 3)
      assert(archive(store))
      if kind == "sqlite" then
        tree.lines(("sqlite3 %s/sqlite \"%s\""):format(folder,
          "UPDATE files SET resource = replace(resource, 'text of', 'test of')"))
      else
        local path = folder .. "/directory/files/a.jsonl"
        tree.write(path, (tree.read(path):gsub("text of", "test of")))
      end
      assert(archive(store))
      assert.equal("a/smartNotes/n-a a/transcripts/t-a", asked_for())
    end)

    it("keeps any text whole", function()
      add_conference("a", 3)
      local text = "It's\0a \u{1F600}\r\n\"'; --"
      drive["t-a"] = { text = text }
      drive["n-a"] = { text = "" }
      assert(archive(store))
      local list = store:files "conferenceRecords/a"
      assert.equal(text, list[2].text)
      assert.equal("", list[3].text)
      drive["n-a"] = nil
      assert.equal(0, assert(archive(store)).files)
    end)

    it("notes a text that is not UTF-8", function()
      add_conference("a", 3)
      drive["t-a"] = { text = "\xff" }
      local summary = assert(archive(store))
      assert.equal("decode", summary.unavailable[1].err.kind)
      assert.equal("t-a unavailable decode", rows(store, "a")[2])
    end)

    it("removes what is left of a download where there is nothing to go on with", function()
      add_conference("a", 3)
      local left = ("%s/.googlemeet-%s."):format(store:folder(), core.file.checksum "a.r-a.mp4")
      tree.write(left .. "partial", "half")
      tree.write(left .. "note", "{}")
      drive["r-a"] = { kind = "timeout" }
      assert(archive(store))
      assert.equal("half", tree.read(left .. "partial"))
      drive["r-a"] = { kind = "not_found" }
      assert(archive(store))
      assert.same({}, tree.lines(("ls -A %s | grep -v jsonl || true"):format(store:folder())))
    end)

    it("tells of each file, and of each conference when its files are there", function()
      add_conference("a", 3)
      assert(archive(store, { files = false }))
      local told = {}
      assert(archive(store, { on_progress = function(at)
        told[#told + 1] = ("%d/%d %s %s %s"):format(at.done, at.total, at.state,
          at.file and at.file:match "[^/]+$" or at.record, at.bytes == at.size)
      end }))
      assert.same({ "0/1 due t-a true", "0/1 due n-a true", "0/1 due r-a true",
        "0/1 due r-a true", "1/1 complete conferenceRecords/a true" }, told)
    end)
  end)
end

describe("archive with files", function()
  it("ends before everything where there is no connection to Drive", function()
    add_conference("a", 3)
    local own <close> = assert(meet.new {
      api_key = "test-key", rate = false, clock = made_up_clock(), transport = function(request)
        if request.url:find "google%-drive" then
          return { status = 401, body = "{}" }
        end
        return gateway.transport(request)
      end,
    })
    local store <close> = open "directory"
    local summary, err, so_far = meet.archive(own, store, { now = NOW, files = true })
    assert.is_nil(summary)
    assert.equal("auth", err.kind)
    assert.is_nil(so_far)
    assert.same({}, store:manifest())
  end)

  it("ends where file after file fails and Drive cannot be asked", function()
    for number = 1, 5 do
      add_conference("c" .. number, 20 - number)
      for letter in ("rtn"):gmatch "." do drive[letter .. "-c" .. number] = { kind = "server" } end
    end
    local is_down = false
    local own <close> = assert(meet.new {
      api_key = "test-key", rate = false, retry = false, clock = made_up_clock(),
      transport = function(request)
        if is_down and request.url:find "google%-drive" then return { status = 503, body = "" } end
        return gateway.transport(request)
      end,
    })
    local store <close> = open "directory"
    assert.equal(15, assert(meet.archive(own, store, { now = NOW, files = true })).files_due)
    local summary, err, so_far = meet.archive(own, store, { now = NOW, files = true,
      on_progress = function() is_down = true end })
    assert.is_nil(summary)
    assert.equal("server", err.kind)
    assert.equal(3, #so_far.failed)
  end)

  it("asks whether Drive can be asked where three files in a row fail, and goes on", function()
    for number = 1, 4 do
      add_conference("c" .. number, 20 - number)
      for letter in ("rtn"):gmatch "." do drive[letter .. "-c" .. number] = { kind = "server" } end
    end
    drive["r-c1"], drive["n-c2"], drive["t-c4"] = nil, nil, { kind = "not_found" }
    local store <close> = open "directory"
    assert.equal(9, #assert(archive(store)).failed)
    local asked_drive = 0
    for _, entry in ipairs(gateway.log) do
      if entry.path:find "google%-drive" then asked_drive = asked_drive + 1 end
    end
    assert.equal(2, asked_drive) -- at the beginning, and in the third conference
  end)

  it("needs a store that can keep them", function()
    local store = { manifest = print, put = print, read = print }
    local _, message = pcall(function() return (archive(store)) end)
    assert.matches("files_spec%.lua:%d+: archive: option 'files': a store with the methods read, "
      .. "files, put_files and folder expected$", message)
    local own <close> = open "directory"
    function own.files() return 5 end
    add_conference("a", 3)
    _, message = pcall(function() return (archive(own)) end)
    assert.matches("files_spec%.lua:%d+: archive: store:files gave 5: its value, or nil and an "
      .. "error, expected$", message)
    _, message = pcall(function() return (archive(open "directory", { files = "all" })) end)
    assert.matches("files_spec%.lua:%d+: archive: option 'files': true, false or \"again\" "
      .. "expected$", message)
  end)
end)
