local core = require "googlemeet.core"
local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"
local served = require "spec.support.served"
local tree = require "spec.support.tree"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z
local HOUR, DAY = 3600, 86400

local folder, gateway, client, space

--- A client with separate pacing that tries each call once, on the gateway or another transport.
local function new_client(transport)
  return assert(meet.new {
    api_key = "test-key", rate = false, retry = false, clock = made_up_clock(),
    transport = transport or gateway.transport,
  })
end

before_each(function()
  folder = tree.temporary()
  gateway = meet.testing.gateway { clock = function() return 0 end, now = NOW }
  for _, app in ipairs { "google-drive", "google-docs" } do
    gateway:add_connection { app = app, status = "ACTIVE" }
  end
  space = gateway:add_space {}
  client = new_client()
end)

after_each(function()
  client:close()
  tree.remove(folder)
end)

--- The checksum that Drive has of a recording.
local function sum_of(id)
  return core.file.checksum(id):rep(4)
end

--- Add a conference of an hour with a recording, a transcript and a smart note, each with its file.
local function add_conference(id, days_ago, state)
  local start = NOW - days_ago * DAY
  local record = gateway:add_record {
    id = id, space = space, start_time = start, end_time = start + HOUR,
  }
  gateway:add_recording(record, { id = "r-" .. id, state = state, file = "1r-" .. id })
  gateway:add_file { id = "1r-" .. id, content = "bytes of " .. id, sha256 = sum_of(id) }
  gateway:add_transcript(record, { id = "t-" .. id, file = "1t-" .. id })
  gateway:add_file { id = "1t-" .. id, text = "said in " .. id }
  gateway:add_smart_note(record, { id = "n-" .. id, file = "1n-" .. id })
  gateway:add_file { id = "1n-" .. id, text = "notes of " .. id }
  return record
end

--- Let Drive fail for a file, in so many requests, as `gateway:fail` does.
local function fail(id, fault)
  fault.on = "/files/1" .. id:gsub("%-", "%%-") .. (fault.at or "")
  fault.at = nil
  gateway:fail(fault)
end

local function open(kind, name)
  return assert(meet.archive[kind](folder .. "/" .. (name or kind)))
end

--- Archive with files as of NOW; the log of the gateway is that of this run.
local function archive(store, opts)
  opts = opts or {}
  opts.now = opts.now or NOW
  if opts.files == nil then opts.files = true end
  gateway:clear_log()
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

--- The files that Drive was asked for in the last run, such as "n-a r-a".
local function asked_for()
  local ids, seen = {}, {}
  for _, request in ipairs(gateway.log) do
    local id = request.path:match "/drive/v3/files/1([^/]+)"
    if id and not seen[id] then ids[#ids + 1], seen[id] = id, true end
  end
  table.sort(ids)
  return table.concat(ids, " ")
end

--- Let the line break behind 1.5 MB of a recording, and there be none any more in this run.
local function break_off()
  gateway:fail { on = "drive.files.get", after = 1500000, lost = true }
  gateway:fail { on = function(request) return request.headers.Range ~= nil end, lost = true }
end

--- Files that cannot be had, and the kind of error: what is done to a recording and a smart note.
local LOST = {
  ["deleted"] = { "not_found", function(file) gateway:delete_file(file) end },
  ["in the bin"] = { "not_found", function(file) gateway:set_file(file, { trashed = true }) end },
  ["not to be downloaded"] = { "permission", function(file)
    gateway:set_file(file, { can_download = false })
  end },
  ["of another type"] = { "invalid", function(file)
    gateway:set_file(file, file == "1r-a" and { text = "" } or { content = "" })
  end },
}

--- Faults after which a file may be had by the next run, by the kind of error.
local PASSING = {
  server = { status = 503 }, rate_limited = { status = 429 }, transport = { lost = true },
  decode = { status = 200, body = "{" },
  conflict = { after = 3, lost = true, changed = true },
}

for _, kind in ipairs { "sqlite", "directory" } do
  describe("archive with files into the store " .. kind, function()
    local store

    before_each(function() store = open(kind) end)
    after_each(function() store:close() end)

    it("keeps texts in the store, and recordings in a folder beside it", function()
      add_conference("a", 3)
      add_conference("b", 2)
      local summary = assert(archive(store))
      assert.same({ 2, 6, 58, 0, {}, {} }, { summary.records, summary.files, summary.bytes,
        summary.files_due, summary.unavailable, summary.failed })
      local path = folder .. (kind == "sqlite" and "/sqlite-files" or "/directory/files")
      assert.same({
        { name = "conferenceRecords/a/recordings/r-a", file = "1r-a", state = "complete",
          bytes = 10, sha256 = sum_of "a", path = path .. "/a.r-a.mp4" },
        { name = "conferenceRecords/a/transcripts/t-a", file = "1t-a", state = "complete",
          bytes = 9, format = "text", text = "said in a" },
        { name = "conferenceRecords/a/smartNotes/n-a", file = "1n-a", state = "complete",
          bytes = 10, format = "text", text = "notes of a" },
      }, store:files "conferenceRecords/a")
      assert.equal("bytes of a", tree.read(path .. "/a.r-a.mp4"))
      assert.equal("bytes of b", tree.read(store:folder() .. "/b.r-b.mp4"))
    end)

    it("asks for nothing twice", function()
      add_conference("a", 3)
      assert(archive(store))
      local summary = assert(archive(store))
      assert.same({ "", 0, 1 }, { asked_for(), summary.files, summary.skipped })
      assert.equal(2, #gateway.log) -- the list of records, and whether Drive can be asked
    end)

    it("gets the files alone of a conference that was complete without them", function()
      add_conference("a", 3)
      assert(archive(store, { files = false }))
      assert.same({}, rows(store, "a"))
      local summary = assert(archive(store))
      assert.same({ 0, 1, 3 }, { summary.records, summary.skipped, summary.files })
      assert.equal(0, #gateway:requests "conferenceRecords.participants.list")
    end)

    it("keeps what it has in a run without files", function()
      local record = add_conference("a", 3, "ENDED")
      assert(archive(store))
      local before = rows(store, "a")
      assert.equal(2, #before)
      gateway:set_state(record.name .. "/recordings/r-a", "FILE_GENERATED")
      gateway:find(record.name .. "/recordings/r-a").resource.driveDestination.file = "1r-a"
      assert.equal(1, assert(archive(store, { files = false })).records)
      assert.same(before, rows(store, "a"))
      assert(archive(store))
      assert.equal("r-a", asked_for())
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
      assert.equal(0, #gateway:requests "connections.list")
    end)

    it("asks for no file of a conference before the time asked for, unless it is due", function()
      add_conference("a", 9)
      add_conference("b", 2)
      assert(archive(store, { files = false }))
      assert(archive(store, { since = NOW - 5 * DAY }))
      assert.equal("n-b r-b t-b", asked_for())
      fail("r-a", { status = 503 })
      assert(archive(store))
      assert(archive(store, { since = NOW - 5 * DAY }))
      assert.equal("r-a", asked_for())
    end)

    for title, lost in pairs(LOST) do
      it("notes a file that is " .. title .. ", and asks no more for it", function()
        add_conference("a", 3)
        for _, file in ipairs { "1r-a", "1n-a" } do lost[2](file) end
        local summary = assert(archive(store))
        assert.same({ 1, 0, 2, {} }, { summary.files, summary.files_due, #summary.unavailable,
          summary.failed })
        for index, one in pairs { [1] = 2, [3] = 1 } do -- texts come first
          local row = store:files("conferenceRecords/a")[index]
          assert.same({ "unavailable", lost[1], row.message, row.name }, { row.state, row.kind,
            summary.unavailable[one].err.message, summary.unavailable[one].name })
        end
        assert(archive(store))
        assert.equal("", asked_for())
        if title == "deleted" then return end
        gateway:set_file("1r-a", { trashed = false, can_download = true, content = "again" })
        gateway:set_file("1n-a", { trashed = false, can_download = true, text = "again" })
        assert.equal(2, assert(archive(store, { files = "again" })).files)
        assert.equal("n-a r-a", asked_for())
        assert.equal("again", tree.read(store:files("conferenceRecords/a")[1].path))
      end)
    end

    it("notes a text that is too large for the client", function()
      add_conference("a", 3)
      gateway:set_file("1n-a", { text = ("x"):rep(100000), export_size = 11000000 })
      local own <close> = assert(meet.new {
        api_key = "test-key", rate = false, transport = gateway.transport,
        max_response_bytes = 65536, clock = made_up_clock(),
      })
      local summary = assert(meet.archive(own, store, { now = NOW, files = true }))
      assert.equal("too_large", summary.unavailable[1].err.kind)
      assert.equal(1, assert(archive(store, { files = "again" })).files)
    end)

    for kind_of_error, fault in pairs(PASSING) do
      it("gets by the next run what cannot be had now: " .. kind_of_error, function()
        add_conference("a", 3)
        add_conference("b", 2)
        local order = {}
        for name, value in pairs(fault) do order[name] = value end
        fail("r-a", order)
        local summary = assert(archive(store))
        assert.same({ 5, 1, 1, "conferenceRecords/a", "conferenceRecords/a/recordings/r-a",
          kind_of_error }, { summary.files, summary.files_due, #summary.failed,
          summary.failed[1].name, summary.failed[1].file, summary.failed[1].err.kind })
        assert.equal("r-a due " .. kind_of_error, rows(store, "a")[1])
        assert.equal(1, assert(archive(store)).files)
        assert.equal("r-a", asked_for())
      end)
    end

    for title, fault in pairs {
      ["the key"] = { "auth", { status = 401 } },
      ["the connection"] = { "permission", { status = 403, shape = "flat" } },
      ["its scopes"] = { "permission", { status = 403, body = { error = { code = 403,
        message = "no", errors = { { reason = "insufficientPermissions" } } } } } },
      ["the scopes of its token"] = { "permission", { status = 403, body = { error = { code = 403,
        message = "no", status = "PERMISSION_DENIED", details = { {
          ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
          reason = "ACCESS_TOKEN_SCOPE_INSUFFICIENT" } } } } } },
    } do
      it("ends, and keeps what is there, where the trouble is " .. title, function()
        add_conference("a", 3)
        add_conference("b", 2)
        fail("r-a", fault[2])
        local summary, err, so_far = archive(store)
        assert.is_nil(summary)
        assert.equal(fault[1], err.kind)
        assert.same({ 2, 2 }, { so_far.records, so_far.files })
        assert.equal("r-a due ", rows(store, "a")[1])
        assert.equal(4, assert(archive(store)).files)
        assert.equal("n-b r-a r-b t-b", asked_for())
      end)
    end

    it("takes no refusal by the gateway for one of a file", function()
      add_conference("a", 3)
      fail("n-a", { status = 404, shape = "flat" })
      assert(archive(store))
      assert.equal("n-a due not_found", rows(store, "a")[3])
    end)

    it("ends where the folder cannot be written, and keeps what is there", function()
      add_conference("a", 3)
      tree.lines(("mkdir -p %s/a.r-a.mp4"):format(assert(store:folder())))
      local summary, err, so_far = archive(store)
      assert.is_nil(summary)
      assert.equal("config", err.kind)
      assert.equal(2, so_far.files)
      tree.lines(("rmdir %s/a.r-a.mp4"):format(store:folder()))
      assert.equal(1, assert(archive(store)).files)
    end)

    it("asks no more for a file that cannot be had, while the conference is due", function()
      add_conference("a", 3, "ENDED")
      gateway:delete_file "1n-a"
      assert(archive(store))
      assert(archive(store))
      assert.equal("", asked_for())
      assert(archive(store, { files = "again" }))
      assert.equal("n-a", asked_for())
    end)

    it("gets another file where an artifact has another one", function()
      local record = add_conference("a", 3, "ENDED")
      assert(archive(store))
      gateway:add_file { id = "1another", text = "others" }
      gateway:find(record.name .. "/smartNotes/n-a").resource.docsDestination.document = "1another"
      assert(archive(store))
      assert.equal("another", asked_for())
      assert.equal("n-a complete others", rows(store, "a")[2])
    end)

    it("keeps what it has of an artifact that the server lists no more", function()
      add_conference("a", 3, "ENDED")
      assert(archive(store))
      gateway:fail { on = "smartNotes.list", status = 200, body = {} }
      fail("t-a", { status = 503 })
      store:put_files("conferenceRecords/a", { store:files("conferenceRecords/a")[2] })
      assert(archive(store))
      assert.same({ "t-a due server", "n-a complete notes of a" }, rows(store, "a"))
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

    it("goes on with a recording that broke off in another run", function()
      add_conference("a", 3)
      gateway:set_file("1r-a", { size = 2000000, sha256 = "sum", etag = "strong" })
      break_off()
      assert.equal("r-a due transport", assert(archive(store)) and rows(store, "a")[1])
      assert(archive(store))
      local ranges = {}
      for _, request in ipairs(gateway:requests "drive.files.get") do
        ranges[#ranges + 1] = request.headers.range
      end
      assert.equal("complete", store:files("conferenceRecords/a")[1].state)
      assert.is_true(tree.read(store:folder() .. "/a.r-a.mp4") == gateway:read_file "1r-a")
      assert.same({ "bytes=1500000-" }, ranges)
    end)

    it("removes what a killed run was about to write into the folder", function()
      add_conference("a", 3)
      local left = store:folder() .. "/.googlemeet-0123456789abcdef.part"
      tree.write(left, "half")
      assert(archive(store))
      assert.is_nil((io.open(left)))
    end)

    it("removes what is left of a download where there is nothing to go on with", function()
      add_conference("a", 3)
      gateway:set_file("1r-a", { size = 2000000, sha256 = "sum" })
      break_off()
      assert(archive(store))
      local left = ("ls -A %s | grep -v jsonl || true"):format(store:folder())
      assert.equal(2, #tree.lines(left))
      gateway:delete_file "1r-a"
      assert(archive(store))
      assert.same({}, tree.lines(left))
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
      assert.equal("r-a r-b", asked_for())
      assert.equal(0, assert(archive(store)).files)
    end)

    it("gets a text again that is not the one that was stored", function()
      add_conference("a", 3)
      assert(archive(store))
      if kind == "sqlite" then
        tree.lines(("sqlite3 %s/sqlite \"%s\""):format(folder,
          "UPDATE files SET resource = replace(resource, 'said in', 'said on')"))
      else
        local path = folder .. "/directory/files/a.jsonl"
        tree.write(path, (tree.read(path):gsub("said in", "said on")))
      end
      assert(archive(store))
      assert.equal("t-a", asked_for())
    end)

    it("keeps any text whole", function()
      add_conference("a", 3)
      local text = "It's \u{1F600} \u{1}\"'; --"
      gateway:set_file("1t-a", { text = text })
      gateway:set_file("1n-a", { text = "" })
      assert(archive(store))
      local list = store:files "conferenceRecords/a"
      assert.equal(text, list[2].text)
      assert.equal("", list[3].text)
      assert.equal(0, assert(archive(store)).files)
    end)

    it("keeps only what can be kept of a file", function()
      add_conference("a", 3)
      gateway:set_file("1r-a", { sha256 = "'\xff" })
      gateway:set_file("1n-a", { mime_type = "\xff" })
      assert.equal(2, assert(archive(store)).files)
      assert.same({ "r-a complete ", "n-a unavailable invalid" },
        { rows(store, "a")[1], rows(store, "a")[3] })
    end)

    it("notes a text that is not UTF-8", function()
      add_conference("a", 3)
      fail("t-a", { at = "/export", status = 200, body = "\xff" })
      local summary = assert(archive(store))
      assert.equal("decode", summary.unavailable[1].err.kind)
      assert.equal("t-a unavailable decode", rows(store, "a")[2])
    end)

    it("reports each file, and of each conference when its files are there", function()
      add_conference("a", 3)
      assert(archive(store, { files = false }))
      local reports = {}
      assert(archive(store, { on_progress = function(at)
        local line = ("%d/%d %s %s %s/%s"):format(at.done, at.total, at.state,
          (at.file or at.record):match "[^/]+$", at.bytes, at.size)
        local is_same = line == reports[#reports] -- at the end of a download, and when it is stored
        if at.bytes == at.size and not is_same then reports[#reports + 1] = line end
      end }))
      assert.same({ "0/1 due t-a 9/9", "0/1 due n-a 10/10", "0/1 due r-a 10/10",
        "1/1 complete a nil/nil" }, reports)
    end)

    it("reports how far a recording is while it comes", function()
      add_conference("a", 3)
      gateway:set_file("1r-a", { size = 2000000, sha256 = "5a" })
      local seen = false
      assert(archive(store, { on_progress = function(at)
        if at.file and at.size == 2000000 and at.bytes < at.size then seen = true end
      end }))
      assert.is_true(seen)
    end)
  end)
end

describe("archive with files", function()
  it("ends before everything where there is no connection to Drive", function()
    gateway = meet.testing.gateway { clock = function() return 0 end, now = NOW }
    space = gateway:add_space {}
    add_conference("a", 3)
    local own <close> = new_client()
    local store <close> = open "directory"
    local summary, err, so_far = meet.archive(own, store, { now = NOW, files = true })
    assert.is_nil(summary)
    assert.equal("connection", err.kind)
    assert.matches("google%-drive", err.message)
    assert.is_nil(so_far)
    assert.same({}, store:manifest())
    assert.equal(1, #gateway.log)
  end)

  it("gets the other files where there is no connection to Docs for large documents", function()
    gateway = meet.testing.gateway { clock = function() return 0 end, now = NOW }
    gateway:add_connection { app = "google-drive", status = "ACTIVE" }
    space = gateway:add_space {}
    for number = 1, 4 do add_conference("c" .. number, 20 - number) end
    for number = 1, 3 do gateway:set_file("1n-c" .. number, { export_size = 11000000 }) end
    local own <close> = new_client()
    local store <close> = open "directory"
    local summary = assert(meet.archive(own, store, { now = NOW, files = true }))
    assert.same({ 9, 3, 3 }, { summary.files, summary.files_due, #summary.failed })
    assert.equal("connection", summary.failed[1].err.kind)
    assert.matches("google%-docs", summary.failed[1].err.hint)
  end)

  it("runs over HTTP, on separate tasks", function()
    local fake = served.start()
    local _ <close> = setmetatable({}, { __close = function() fake:close() end })
    local own <close> = assert(meet.new {
      api_key = "test-key", base_url = fake.url, rate = false,
    })
    local store <close> = open "sqlite"
    local task = own:submit(meet.archive, own, store, { files = true })
    assert.equal(9, assert(task:result()).files)
  end)

  --- Conferences whose files fail, but for those named.
  local function add_failing(count, but)
    for number = 1, count do
      add_conference("c" .. number, 20 - number)
      for letter in ("rtn"):gmatch "." do
        local id = ("%s-c%d"):format(letter, number)
        if not but[id] then fail(id, { status = 503, times = 2 }) end
      end
    end
  end

  it("asks for files though the account cannot see what Drive is tried with", function()
    add_conference("a", 3)
    local store <close> = open "directory"
    gateway:fail { on = "/files/root", status = 404, shape = "flat" }
    assert.equal(3, assert(archive(store)).files)
    gateway:fail { on = "/files/root", status = 400, shape = "flat" }
    local summary, err = archive(store)
    assert.is_nil(summary)
    assert.equal("gateway", err.origin)
  end)

  it("copies the conferences though Drive cannot be asked at the beginning", function()
    add_conference("a", 3)
    gateway:fail { on = "drive.files.get", status = 503, times = 4 }
    local store <close> = open "directory"
    local summary = assert(archive(store))
    assert.same({ 1, 0, 3 }, { summary.records, summary.files, summary.files_due })
  end)

  it("ends where file after file fails and Drive cannot be asked", function()
    add_failing(5, {})
    local is_down = false
    local own <close> = new_client(function(request)
      if is_down and request.url:find "google%-drive" then return nil, "the line is down" end
      return gateway.transport(request)
    end)
    local store <close> = open "directory"
    assert.equal(15, assert(meet.archive(own, store, { now = NOW, files = true })).files_due)
    local summary, err, so_far = meet.archive(own, store, { now = NOW, files = true,
      on_progress = function() is_down = true end })
    assert.is_nil(summary)
    assert.equal("transport", err.kind)
    assert.equal(3, #so_far.failed)
  end)

  it("asks whether Drive can be asked where three files in a row fail, and goes on", function()
    add_failing(4, { ["r-c1"] = true, ["n-c2"] = true, ["t-c4"] = true })
    gateway:delete_file "1t-c4"
    local store <close> = open "directory"
    assert.equal(9, #assert(archive(store)).failed)
    local probes = 0
    for _, request in ipairs(gateway.log) do
      probes = probes + (request.path:find "/files/root$" and 1 or 0)
    end
    assert.equal(2, probes) -- at the beginning, and in the third conference
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
