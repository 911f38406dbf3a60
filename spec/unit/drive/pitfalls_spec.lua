--- What keeps people from the files behind the links, on the fake: each has its kind, and a hint.

local contract = require "spec.support.contract"
local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"

local NOW = 1795341600 -- 2026-11-22T10:00:00Z
local MB = 1000000
local VIEWER = "viewer@example.com" -- another Google account

local gateway, client, record

--- Ask the fake for what Google's discovery documents allow.
local function ask(request, seconds)
  assert(contract.check(request))
  return gateway.transport(request, seconds)
end

--- A conference that is over, with an account that has connections to these apps.
local function begin(apps)
  local clock = manual_clock()
  gateway = meet.testing.gateway { now = NOW, clock = clock }
  for _, app in ipairs(apps or { "google-drive", "google-docs" }) do
    gateway:add_connection { app = app, status = "ACTIVE" }
  end
  record = gateway:add_record {
    space = gateway:add_space(), id = "cr", start_time = "2026-11-22T09:00:00Z",
    end_time = "2026-11-22T09:50:00Z",
  }
  client = assert(meet.new {
    api_key = "test-key", transport = ask, clock = clock, retry = false,
  })
end

--- A note and a transcript that are tabs of one document.
local function begin_with_tabs(options)
  begin(options and options.apps)
  local file = gateway:add_file { id = "1Document", tabs = {
    { title = "Notes", text = "# Summary\nWe met.\n- **Ada** writes\n  - soon" },
    { title = "Transcript", text = "Ada: Hello." },
  }, export_size = options and options.export_size }
  gateway:add_smart_note(record, { id = "sn", file = file.name })
  gateway:add_transcript(record, { id = "tr", file = file.name })
  return file
end

local function note()
  return assert(client.smart_notes:get "conferenceRecords/cr/smartNotes/sn")
end

local function transcript()
  return assert(client.transcripts:get "conferenceRecords/cr/transcripts/tr")
end

--- Kind and hint of the error that something ends with.
local function failure_of(value, err)
  assert.is_nil(value)
  return err.kind, err.hint
end

after_each(function()
  if client then client:close() end
end)

describe("two tabs of one document", function()
  it("are both in what Drive exports", function()
    begin_with_tabs()
    for _, text in ipairs { assert(note():text()), assert(transcript():document()) } do
      assert.matches("^Notes\nSummary\nWe met%.\n.*\nTranscript\nAda: Hello%.", text)
    end
    local markdown = assert(note():text { format = "markdown" })
    assert.matches("^# Notes\n\n# Summary\n\nWe met%.\n.*\n# Transcript\n\nAda: Hello%.", markdown)
    assert.matches("^%%PDF", (note():text { format = "pdf" }))
    assert.matches("^PK\3\4", (note():text { format = "docx" }))
    assert.equal(0, #gateway:requests "docs.documents.get")
  end)

  it("are both in what comes from Docs, where Drive exports no more", function()
    begin_with_tabs { export_size = 11 * MB }
    assert.equal("Notes\n\nSummary\nWe met.\n- Ada writes\n  - soon\n\nTranscript\n\n"
      .. "Ada: Hello.\n", assert(note():text()))
    begin_with_tabs { export_size = { markdown = 11 * MB } }
    assert.equal("# Notes\n\n# Summary\n\nWe met.\n\n- **Ada** writes\n    - soon\n\n"
      .. "# Transcript\n\nAda: Hello.\n", assert(transcript():document { format = "markdown" }))
    assert.matches("^Notes\nSummary", (note():text()))
  end)

  it("are too large as PDF and DOCX there", function()
    begin_with_tabs { export_size = { pdf = 11 * MB, docx = 11 * MB } }
    for _, format in ipairs { "pdf", "docx" } do
      local kind, hint = failure_of(note():text { format = format })
      assert.equal("too_large", kind)
      assert.matches("'markdown'", hint)
    end
    assert(note():text())
  end)
end)

describe("a document", function()
  it("needs a connection to Drive", function()
    begin_with_tabs { apps = { "google-docs" } }
    local kind, hint = failure_of(note():text())
    assert.equal("connection", kind)
    assert.matches("google%-drive", hint)
  end)

  it("needs one to Docs, too, where Drive exports no more", function()
    begin_with_tabs { apps = { "google-drive" }, export_size = 11 * MB }
    local kind, hint = failure_of(note():text())
    assert.equal("connection", kind)
    assert.matches("google%-docs", hint)
    assert.equal("too_large", (failure_of(note():text { format = "pdf" })))
  end)

  it("is not found by another Google account", function()
    begin_with_tabs { apps = { "google-docs" } }
    gateway:add_connection { app = "google-drive", status = "ACTIVE", account = VIEWER }
    local kind, hint = failure_of(note():text())
    assert.equal("not_found", kind)
    assert.matches("account of the google%-drive connection", hint)
  end)

  it("is read on the connection that is named", function()
    begin_with_tabs { apps = { "google-docs" } }
    gateway:add_connection { app = "google-drive", status = "ACTIVE", account = VIEWER,
      creation_time = NOW - 86400 }
    local good = gateway:add_connection { app = "google-drive", status = "ACTIVE" }
    assert.equal("not_found", (failure_of(note():text())))
    assert(note():text { connection = good.name })
    local kind, hint = failure_of(note():text { connection = "no-such-connection" })
    assert.equal("connection", kind)
    assert.matches("google%-drive", hint)
  end)

  it("is not found when it is deleted, or in the bin", function()
    local file = begin_with_tabs()
    gateway:set_file(file, { trashed = true })
    local kind, hint = failure_of(note():text())
    assert.equal("not_found", kind)
    assert.matches("bin", hint)
    gateway:delete_file(file)
    kind, hint = failure_of(note():text())
    assert.equal("not_found", kind)
    assert.matches("deleted", hint)
  end)

  it("may be seen, and not downloaded", function()
    begin_with_tabs()
    gateway:set_file("1Document", { can_download = false })
    assert.equal("permission", (failure_of(note():text())))
    assert.equal(0, #gateway:requests "drive.files.export")
  end)

  it("is waited for no longer than the call allows", function()
    begin_with_tabs()
    local clock_before = client:now()
    gateway:fail { on = "drive.files.export", timeout = true }
    assert.equal("timeout", (failure_of(note():text { timeout = 3 })))
    assert.equal(3, client:now() - clock_before)
  end)

  it("lies on a shared drive", function()
    begin_with_tabs()
    gateway:set_file("1Document", { shared_drive = true })
    assert(note():text())
  end)

  it("hides behind a shortcut", function()
    begin_with_tabs()
    local shortcut = gateway:add_file { shortcut = "1Document" }
    gateway:add_smart_note(record, { id = "held", file = shortcut.name })
    local held = assert(client.smart_notes:get "conferenceRecords/cr/smartNotes/held")
    assert.matches("^Notes\n", (held:text()))
    gateway:delete_file "1Document"
    local kind, hint = failure_of(held:text())
    assert.equal("not_found", kind)
    assert.matches("deleted", hint)
  end)

  it("appears while it is waited for", function()
    begin_with_tabs()
    gateway:set_state("conferenceRecords/cr/smartNotes/sn", "ENDED")
    local waiting = note()
    local kind, hint = failure_of(waiting:text())
    assert.equal("not_found", kind)
    assert.matches("wait_for_file", hint)
    local ready = assert(waiting:wait_for_file { on_wait = function()
      gateway:set_state("conferenceRecords/cr/smartNotes/sn", "FILE_GENERATED")
    end })
    assert.matches("^Notes\n", (ready:text()))
  end)
end)
