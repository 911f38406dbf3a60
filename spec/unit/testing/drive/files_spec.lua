local ask = require "spec.support.ask"
local testing = require "googlemeet.testing"

local FILES = "/google-drive/drive/v3/files/"

describe("the fake's files", function()
  local gateway

  before_each(function()
    gateway = testing.gateway { now = 1795341600.25, clock = function() return 0 end }
    gateway:add_connection { app = "google-drive", status = "ACTIVE" }
  end)

  --- Return what Drive shows of a file, and the response.
  local function show(id, query)
    return ask(gateway, "GET", FILES .. id .. (query or "?fields=*"))
  end

  it("answer with four fields by default, with those of a mask else", function()
    gateway:add_file { id = "a", name = "a.mp4", mime_type = "video/mp4", size = 12 }
    assert.same({ kind = "drive#file", id = "a", name = "a.mp4", mimeType = "video/mp4" },
      (show("a", "")))
    assert.same({ size = "12", capabilities = { canDownload = true } },
      (show("a", "?fields=size,capabilities/canDownload")))
    local answer, response = show("a", "?fields=length")
    assert.same({ 400, "invalidParameter", "fields" },
      { response.status, answer.error.errors[1].reason, answer.error.errors[1].location })
  end)

  it("have the checksum of their bytes, unless one is given or they are many", function()
    gateway:add_file { id = "abc", content = "abc" }
    assert.matches("^ba7816bf", show("abc").sha256Checksum)
    gateway:add_file { id = "given", size = 1 << 40, sha256 = "00ff", md5 = "11ee" }
    local given = show "given"
    assert.same({ "00ff", "11ee", "1099511627776" },
      { given.sha256Checksum, given.md5Checksum, given.size })
    gateway:add_file { id = "none", content = "abc", sha256 = false }
    assert.is_nil(show("none").sha256Checksum)
    gateway:add_file { id = "big", size = (16 << 20) + 1 }
    assert.is_nil(show("big").sha256Checksum)
  end)

  it("have no checksum of bytes that are gone", function()
    gateway:add_file { id = "a", content = "x", sha256 = "00ff", md5 = "11ee" }
    gateway:set_file("a", { content = "abc" })
    local shown = show "a"
    assert.matches("^ba7816bf", shown.sha256Checksum)
    assert.is_nil(shown.md5Checksum)
    gateway:set_file("a", { content = "x", sha256 = "22" })
    assert.equal("22", show("a").sha256Checksum)
  end)

  it("show what they are: in the bin, not to be downloaded, a shortcut, a document", function()
    gateway:add_file { id = "t", trashed = true, can_download = false }
    assert.same({ true, { canDownload = false } }, { show("t").trashed, show("t").capabilities })
    gateway:add_file { id = "s", shortcut = "t" }
    local shortcut = show "s"
    assert.equal("application/vnd.google-apps.shortcut", shortcut.mimeType)
    assert.same({ targetId = "t", targetMimeType = "application/octet-stream" },
      shortcut.shortcutDetails)
    assert.is_nil(shortcut.size)
    assert.is_nil(shortcut.sha256Checksum)
    gateway:add_file { id = "d", text = "x" }
    assert.equal("application/vnd.google-apps.document", show("d").mimeType)
    assert.is_nil(show("d").headRevisionId)
  end)

  local function is_missing(id, query)
    local answer, response = show(id, query)
    return response.status == 404 and answer.error.code // 1 == 404
      and answer.error.errors[1].reason == "notFound"
      and answer.error.message == ("File not found: %s."):format(id)
  end

  it("are not found where they are not, are deleted, or lie on a shared drive", function()
    assert.is_true(is_missing "none")
    local file = gateway:add_file { id = "a" }
    gateway:delete_file(file)
    assert.is_true(is_missing "a")
    gateway:add_file { id = "b", shared_drive = true }
    assert.is_true(is_missing "b")
    assert.equal("b", show("b", "?supportsAllDrives=true").id)
  end)

  it("are another account's, who alone sees them", function()
    gateway = testing.gateway { now = 1795341600 }
    gateway:add_file { id = "a" }
    gateway:add_connection { app = "google-drive", status = "ACTIVE", account = "bo" }
    assert.is_true(is_missing "a")
  end)

  it("become another revision when their bytes change, and only then", function()
    local function state(id)
      local shown = show(id)
      return shown.headRevisionId, shown.sha256Checksum, shown.modifiedTime, shown.size
    end
    for _, made in ipairs { { id = "a", size = 99 }, { id = "b", content = "abc" } } do
      local file = gateway:add_file(made)
      local revision, sum, modified = state(made.id)
      assert.equal("2026-11-22T10:00:00.250Z", modified)
      gateway:set_file(file, { name = "other", trashed = true })
      assert.equal(revision, (state(made.id)))
      gateway:set_file(file, { seed = "x", size = 98 })
      local later, other, _, size = state(made.id)
      assert.is_true(later ~= revision and other ~= sum)
      assert.equal("98", size)
    end
  end)

  it("may become something else", function()
    local file = gateway:add_file { id = "a", mime_type = "video/mp4", size = 9 }
    gateway:set_file(file, { text = "x" })
    assert.equal("application/vnd.google-apps.document", show("a").mimeType)
    gateway:set_file(file, { content = "x" })
    assert.equal("application/octet-stream", show("a").mimeType)
    gateway:set_file(file, { content = "xy", mime_type = "text/plain", modified_time = 0 })
    local shown = show "a"
    assert.same({ "text/plain", "2", "1970-01-01T00:00:00Z" },
      { shown.mimeType, shown.size, shown.modifiedTime })
  end)

  it("give their bytes to whoever looks", function()
    local file = gateway:add_file { size = 100000 }
    local whole = gateway:read_file(file)
    assert.equal(100000, #whole)
    assert.equal(whole:sub(70001, 70010), gateway:read_file(file.name, 70000, 10))
    assert.equal(file, gateway:file(file.id))
    assert.is_nil(gateway:file "none")
    assert.is_nil(gateway:file(nil))
  end)

  local misuse = {
    { "add_file: unknown option 'sise'; did you mean 'size'?", "add_file", { sise = 1 } },
    { "add_file: a already exists", "add_file", { id = "a" } },
    { "add_file: id 'a/b': letters", "add_file", { id = "a/b" } },
    { "only one of size (and seed), content, tabs, text", "add_file", { size = 1, text = "x" } },
    { "only one of size", "add_file", { tabs = { { text = "x" } }, text = "x" } },
    { "size: a whole number from 0 expected", "add_file", { size = 1.5 } },
    { "size: a whole number from 0 expected", "add_file", { size = -1 } },
    { "etag: 'w' is not one of none, strong, weak", "add_file", { etag = "w" } },
    { "export_tabs: 'one' is not one of all, first", "add_file", { export_tabs = "one" } },
    { "export_size: unknown option 'txt'", "add_file", { export_size = { txt = 1 } } },
    { "sha256: a text or false", "add_file", { sha256 = true } },
    { "shortcut: a file, or its id, expected", "add_file", { shortcut = {} } },
    { "tabs: an array of { title =, text = } expected", "add_file", { tabs = {} } },
    { "tabs: an array of { title =, text = } expected", "add_file", { tabs = { text = "x" } } },
    { "tabs: unknown option 'name'", "add_file", { tabs = { { name = "x" } } } },
    { "modified_time:", "add_file", { modified_time = "soon" } },
    { "set_file: a file, its id, or a recording", "set_file", "none", {} },
    { "expected, got 'none'", "delete_file", "none" },
    { "expected, got nil", "read_file" },
    { "unknown option 'id'", "set_file", "a", { id = "b" } },
    { "read_file: d has no bytes", "read_file", "d" },
    { "read_file: offset: a whole number from 0", "read_file", "a", -1 },
  }
  for _, case in ipairs(misuse) do
    it("raises: " .. case[1], function()
      gateway:add_file { id = "a" }
      gateway:add_file { id = "d", text = "x" }
      local ok, message = pcall(function() gateway[case[2]](gateway, case[3], case[4]) end)
      assert.is_false(ok)
      assert.is_truthy(message:find(case[1], 1, true), message)
      assert.matches("files_spec.lua:%d+: ", message)
    end)
  end
end)

describe("the files of what a conference leaves", function()
  local gateway, records

  before_each(function()
    gateway = testing.gateway { now = 1795341600, clock = function() return 0 end }
    records = gateway:seed { webinar = 8 }.records
  end)

  it("are there for every artifact with a destination, and for no other", function()
    for _, record in pairs(records) do
      for _, kind in ipairs { "recordings", "transcripts", "smartNotes" } do
        for _, node in ipairs(record[kind]) do
          local resource = node.resource
          local to = resource.driveDestination or resource.docsDestination
          local _, response = ask(gateway, "GET", FILES .. node.file)
          assert.equal(to and 200 or 404, response.status, node.name)
        end
      end
    end
  end)

  it("are a video of some hundred kilobytes, and documents", function()
    local video = gateway:file(records.planning.recordings[1]).resource
    assert.equal("video/mp4", video.mimeType)
    assert.is_true(tonumber(video.size) >= 200000)
    assert.equal("hpk-vtwd-ens (2026-11-15 09:00 UTC)", video.name)
    local document = gateway:file(records.webinar.transcripts[1])
    assert.equal("application/vnd.google-apps.document", document.resource.mimeType)
    assert.matches("Transcript$", document.resource.name)
  end)

  it("are found by the artifact's name, and by a client's resource", function()
    local node = records.planning.recordings[1]
    local file = gateway:file(node)
    assert.equal(file, gateway:file(node.name))
    assert.equal(file, gateway:file { name = node.name })
    assert.equal(file, gateway:file(node.resource.driveDestination.file))
    assert.equal(file, gateway:file { driveDestination = { file = file.id } })
  end)

  it("are two tabs of one document where notes and transcript share it", function()
    local note, transcript = records.planning.smartNotes[1], records.planning.transcripts[1]
    assert.equal(note.file, transcript.file)
    local answer = ask(gateway, "GET",
      "/google-docs/v1/documents/" .. note.file .. "?includeTabsContent=true")
    assert.same({ "Notes", "Transcript" },
      { answer.tabs[1].tabProperties.title, answer.tabs[2].tabProperties.title })
    local text = ask(gateway, "GET",
      FILES .. note.file .. "/export?mimeType=text%2Fplain")
    local said = transcript.entries[100].resource.text
    assert.is_truthy(text:find(said, 1, true))
  end)

  it("appear when the state says so, and stay away when they are deleted", function()
    local node = records.fresh.recordings[1]
    assert.is_nil(gateway:file(node.file))
    gateway:set_state(node, "FILE_GENERATED")
    assert.equal(node.file, gateway:file(node).id)
    gateway:delete_file(node)
    assert.is_nil(gateway:file(node))
    local _, response = ask(gateway, "GET", FILES .. node.file)
    assert.equal(404, response.status)
  end)

  it("may be replaced by one that a script adds", function()
    local node = records.fresh.recordings[1]
    gateway:add_file { id = node.file, content = "mine" }
    gateway:set_state(node, "FILE_GENERATED")
    assert.equal("mine", gateway:read_file(node))
  end)

  it("do not show those of spaces that the account has no part in", function()
    local node = gateway:add_recording(records.hidden)
    assert.is_nil(gateway:file(node))
  end)
end)
