--- Documents by their links, over answers that each spec gives.

local core = require "googlemeet.core"
local manual_clock = require "spec.support.clock"
local meet = require "googlemeet"

local DRIVE, DOCS = "/google-drive/drive/v3/files/", "/google-docs/v1/documents/"
local NOTE = "conferenceRecords/cr/smartNotes/sn"
local TRANSCRIPT = "conferenceRecords/cr/transcripts/tr"
local DOCUMENT_TYPE = "application/vnd.google-apps.document"

local client, clock, answers, asked

--- What the path of a request is answered with: a table, or a function that gives one. A table
-- without a status is the body of a 200, as JSON.
local function answer(request)
  local path, query = request.url:match "^https://[^/]+([^?]*)%??(.*)$"
  asked[#asked + 1] = { path = path, query = query, headers = request.headers }
  local given = answers[path:gsub("^/google%-meet/v2/", "")] or answers[path .. "?" .. query]
  if query:find("alt=media", 1, true) then given = answers[path .. "?alt=media"] end
  if type(given) == "function" then given = given(request) end
  if given == nil then return { status = 404, body = "" } end
  if type(given) == "table" and not given.status then
    return { status = 200, body = core.encode(given) }
  end
  return given
end

--- The refusal of a request in the form that Drive has.
local function refusal(status, reason)
  return { status = status, body = core.encode { error = {
    errors = { { domain = "global", reason = reason, message = "No." } }, code = status,
    message = "No.",
  } } }
end

--- Begin with a note and a transcript whose documents are there.
local function begin(options)
  clock, asked = manual_clock(), {}
  local function document(name)
    return { name = name, state = "FILE_GENERATED", docsDestination = { document = "doc-1" } }
  end
  answers = {
    [NOTE] = document(NOTE), [TRANSCRIPT] = document(TRANSCRIPT),
    [DRIVE .. "doc-1"] = {
      id = "doc-1", mimeType = DOCUMENT_TYPE, capabilities = { canDownload = true },
    },
    [DRIVE .. "doc-1/export"] = { status = 200, body = "\u{FEFF}Notes\r\n\r\nWe met.\r\n" },
    [DOCS .. "doc-1"] = { tabs = {
      { tabProperties = { title = "Notes" }, documentTab = { body = { content = {
        { paragraph = { elements = { { textRun = { content = "We met.\n" } } } } } } } } },
      { tabProperties = { title = "Transcript" }, documentTab = { body = { content = {
        { paragraph = { elements = { { textRun = { content = "Ada: *Hi*\n" } } } } } } } } },
    } },
  }
  local settings = { api_key = "test-key", transport = answer, clock = clock, retry = false }
  for name, value in pairs(options or {}) do settings[name] = value end
  client = assert(meet.new(settings))
end

local function note()
  return assert(client.smart_notes:get(NOTE))
end

--- The kind of the error that something ends with, its message and its hint.
local function failure_of(value, err)
  assert.is_nil(value)
  return err.kind, err.message, err.hint
end

--- The paths that were asked for under Drive and Docs.
local function paths()
  local found = {}
  for _, request in ipairs(asked) do
    local path = request.path:match "^/google%-d.*"
    if path then found[#found + 1] = path end
  end
  return found
end

after_each(function()
  if client then client:close() end
end)

describe("smart_note:text", function()
  it("exports the document as a text, with line ends and without a mark at its start", function()
    begin()
    assert.equal("Notes\n\nWe met.\n", assert(note():text()))
    assert.same({ DRIVE .. "doc-1", DRIVE .. "doc-1/export" }, paths())
    assert.equal("mimeType=text%2Fplain", asked[3].query)
    assert.matches("supportsAllDrives=true", asked[2].query)
  end)

  it("exports the other formats, and leaves their bytes as they are", function()
    for format, mime in pairs {
      markdown = "text%2Fmarkdown", pdf = "application%2Fpdf",
      docx = "application%2Fvnd.openxmlformats-officedocument.wordprocessingml.document",
    } do
      begin()
      local given = "a\r\nb\0\xFF"
      answers[DRIVE .. "doc-1/export"] = { status = 200, body = given }
      local text = assert(note():text { format = format })
      assert.equal("mimeType=" .. mime, asked[3].query)
      assert.equal(format == "markdown" and "a\nb\0\xFF" or given, text)
    end
  end)

  it("gives a text that could be JSON as it is", function()
    for _, given in ipairs { "12", "1e3", "null", '{"a": 1}', "[]", '"x"', "true", "" } do
      begin()
      answers[DRIVE .. "doc-1/export"] = { status = 200, body = given }
      assert.equal(given, (note():text { format = "markdown" }))
    end
  end)

  it("takes both tabs from Docs where the export is over Drive's limit", function()
    begin()
    answers[DRIVE .. "doc-1/export"] = refusal(403, "exportSizeLimitExceeded")
    assert.equal("Notes\n\nWe met.\n\nTranscript\n\nAda: *Hi*\n", assert(note():text()))
    assert.equal(DOCS .. "doc-1", paths()[3])
    assert.matches("includeTabsContent=true", asked[4].query)
    assert.matches("suggestionsViewMode=PREVIEW_WITHOUT_SUGGESTIONS", asked[4].query)
    assert.equal("# Notes\n\nWe met.\n\n# Transcript\n\nAda: \\*Hi\\*\n",
      assert(note():text { format = "markdown" }))
  end)

  it("takes that reason from among details too", function()
    begin()
    answers[DRIVE .. "doc-1/export"] = { status = 403, body = core.encode { error = {
      status = "PERMISSION_DENIED", message = "No.",
      details = { "x", { reason = {} }, { reason = "exportSizeLimitExceeded" }, { reason = "y" } },
    } } }
    assert.matches("^Notes\n", (note():text()))
  end)

  it("begins anew where the line breaks, a few times", function()
    begin()
    local times = 0
    answers[DRIVE .. "doc-1/export"] = function()
      times = times + 1
      local chunks = times < 5 and { "No" } or { "Notes", "." }
      return { status = 200, headers = {}, body = function()
        local chunk = table.remove(chunks, 1)
        if chunk or times >= 5 then return chunk end
        return nil, "the line broke"
      end }
    end
    assert.equal("Notes.", assert(note():text()))
    times = -1
    local kind, _, hint = failure_of(note():text())
    assert.equal("transport", kind)
    assert.equal("call it again", hint)
    assert.equal(4, times)
  end)

  it("is too large where an export does not end", function()
    begin()
    local chunk, count = ("x"):rep(1 << 20), 0
    answers[DRIVE .. "doc-1/export"] = { status = 200, headers = {}, body = function()
      count = count + 1
      return chunk
    end }
    assert.equal("too_large", (failure_of(note():text())))
    assert.equal(33, count)
  end)

  it("is too large as a PDF or DOCX then", function()
    for _, format in ipairs { "pdf", "docx" } do
      begin()
      answers[DRIVE .. "doc-1/export"] = refusal(403, "exportSizeLimitExceeded")
      local kind, _, hint = failure_of(note():text { format = format })
      assert.equal("too_large", kind)
      assert.matches("10 MB.*'text' or 'markdown'", hint)
      assert.equal(2, #paths())
    end
  end)

  it("fails with what Docs answers: its connection is another one", function()
    begin()
    answers[DRIVE .. "doc-1/export"] = refusal(403, "exportSizeLimitExceeded")
    answers[DOCS .. "doc-1"] = { status = 404, body = core.encode { error = {
      code = 404, message = "Requested entity was not found.", status = "NOT_FOUND" } } }
    local kind, _, hint = failure_of(note():text())
    assert.equal("not_found", kind)
    assert.matches("google%-docs connection", hint)
  end)

  it("sends the connection of a call to Drive, not to Docs", function()
    begin()
    answers[DRIVE .. "doc-1/export"] = refusal(403, "exportSizeLimitExceeded")
    assert(note():text { connection = { connection_id = "drive-1" } })
    local sent = {}
    for index = 2, 4 do
      for name, value in pairs(asked[index].headers) do
        if name:lower() == "maton-connection" then sent[#sent + 1] = value end
      end
    end
    assert.same({ "drive-1", "drive-1" }, sent)
  end)

  it("gives no document for what Docs answers instead", function()
    for _, body in ipairs { "[]", "{}", '{"tabs":7}', "7", "" } do
      begin()
      answers[DRIVE .. "doc-1/export"] = refusal(403, "exportSizeLimitExceeded")
      answers[DOCS .. "doc-1"] = { status = 200, body = body }
      assert.equal("decode", (failure_of(note():text())))
    end
  end)

  it("is invalid where the file is no document of Docs", function()
    begin()
    answers[DRIVE .. "doc-1"].mimeType = "video/mp4"
    local kind, message = failure_of(note():text())
    assert.equal("invalid", kind)
    assert.matches("smartNotes/sn: its file is not a document of Docs: it is of type video/mp4",
      message)
  end)

  it("keeps to one deadline for all its requests", function()
    begin()
    local requests = 0
    answers[DRIVE .. "doc-1"] = function()
      clock.sleep(4)
      requests = requests + 1
      return { id = "doc-1", mimeType = DOCUMENT_TYPE }
    end
    assert.equal("deadline", (failure_of(note():text { deadline = 4 })))
    assert(note():text { deadline = 5 })
    assert.equal(2, requests)
  end)

  it("refuses what it cannot use at the script's line", function()
    begin()
    for problem, opts in pairs {
      ["unknown option 'formt'; did you mean 'format'?"] = { formt = "pdf" },
      ["unknown format 'markdwon'; did you mean 'markdown'?"] = { format = "markdwon" },
      ["option 'timeout': number expected, got string"] = { timeout = "5" },
      ["table of options expected, got string"] = "pdf",
    } do
      local _, raised = pcall(function()
        local text = note():text(opts)
        return text
      end)
      assert.matches("^spec/unit/drive_spec.lua:%d+: " .. problem:gsub("%p", "%%%0") .. "$", raised)
    end
    local _, raised = pcall(function()
      local text = note().text { docsDestination = { document = "doc-1" } }
      return text
    end)
    assert.matches("^spec/unit/drive_spec.lua:%d+: call it with a colon on a resource", raised)
    assert.same({}, paths())
  end)
end)

describe("transcript:document", function()
  it("is the text of the transcript's document", function()
    begin()
    local transcript = assert(client.transcripts:get(TRANSCRIPT))
    assert.equal("Notes\n\nWe met.\n", assert(transcript:document()))
  end)
end)

describe("a file", function()
  it("follows a shortcut, once", function()
    begin()
    answers[DRIVE .. "doc-1"] = {
      id = "doc-1", mimeType = "application/vnd.google-apps.shortcut", trashed = true,
      shortcutDetails = { targetId = "doc-2", targetMimeType = DOCUMENT_TYPE },
    }
    answers[DRIVE .. "doc-2"] = { id = "doc-2", mimeType = DOCUMENT_TYPE }
    answers[DRIVE .. "doc-2/export"] = { status = 200, body = "there" }
    assert.equal("there", assert(note():text()))
    answers[DRIVE .. "doc-2"] = {
      id = "doc-2", mimeType = "application/vnd.google-apps.shortcut",
      shortcutDetails = { targetId = "doc-1" },
    }
    asked = {}
    assert.equal("invalid", (failure_of(note():text())))
    assert.equal(2, #paths())
  end)

  it("is not found behind a shortcut that leads to one that is deleted, or to nothing", function()
    begin()
    answers[DRIVE .. "doc-1"] = {
      id = "doc-1", mimeType = "application/vnd.google-apps.shortcut",
      shortcutDetails = { targetId = "doc-2" },
    }
    answers[DRIVE .. "doc-2"] = refusal(404, "notFound")
    local kind, message, hint = failure_of(note():text())
    assert.equal("not_found", kind)
    assert.matches("^the target of a shortcut: ", message)
    assert.matches("deleted", hint)
    for _, details in ipairs { 7, {}, { targetId = 7 }, { targetId = "../x" } } do
      answers[DRIVE .. "doc-1"].shortcutDetails = details
      assert.equal("decode", (failure_of(note():text())))
    end
  end)

  it("is not found where it is deleted, or another account's", function()
    begin()
    answers[DRIVE .. "doc-1"] = refusal(404, "notFound")
    local kind, _, hint = failure_of(note():text())
    assert.equal("not_found", kind)
    assert.matches("deleted.*account of the google%-drive connection.*organiser", hint)
  end)

  it("is not found in the bin, with what helps", function()
    begin()
    answers[DRIVE .. "doc-1"].trashed = true
    local kind, message, hint = failure_of(note():text())
    assert.equal("not_found", kind)
    assert.matches("in the bin", message)
    assert.matches("restore", hint)
    assert.equal(1, #paths())
  end)

  it("that may be seen and not downloaded lacks a permission", function()
    begin()
    answers[DRIVE .. "doc-1"].capabilities.canDownload = false
    local kind, message = failure_of(note():text())
    assert.equal("permission", kind)
    assert.matches("can be seen, but not downloaded", message)
    assert.equal(1, #paths())
  end)

  it("that is not there yet is waited for", function()
    for _, state in ipairs { "STARTED", "ENDED" } do
      begin()
      answers[NOTE] = { name = NOTE, state = state }
      local kind, message, hint = failure_of(note():text())
      assert.equal("not_found", kind)
      assert.matches("smartNotes/sn: it has no file yet: its state is " .. state, message)
      assert.matches("wait_for_file", hint)
      assert.same({}, paths())
    end
  end)

  it("is read after the wait for it", function()
    begin()
    answers[NOTE] = { name = NOTE, state = "ENDED" }
    local waiting = note()
    answers[NOTE] = {
      name = NOTE, state = "FILE_GENERATED", docsDestination = { document = "doc-1" },
    }
    assert.equal("Notes\n\nWe met.\n", assert(assert(waiting:wait_for_file()):text()))
  end)

  it("of a resource that came without it is read again", function()
    for _, partial in ipairs { { name = NOTE }, { name = NOTE, state = "FILE_GENERATED" } } do
      begin()
      answers[NOTE] = partial
      local kind, _, hint = failure_of(note():text())
      assert.equal("not_found", kind)
      assert.matches("reload", hint)
    end
  end)

  it("has an id that a path can hold", function()
    for _, place in ipairs {
      7, "x", {}, { document = 7 }, { document = "" }, { document = "a/b" }, { document = ".." },
      { document = ("x"):rep(129) }, { document = "a b" },
    } do
      begin()
      answers[NOTE].docsDestination = place
      assert.equal("decode", (failure_of(note():text())))
      assert.same({}, paths())
    end
  end)

  it("is the one that was asked for", function()
    for _, body in ipairs {
      "7", "[]", "{}", "", '"x"', '{"id":"doc-2","mimeType":"x"}', '{"id":"doc-1"}',
      '{"id":"doc-1","mimeType":{}}', '{"id":["doc-1"],"mimeType":"x"}',
    } do
      begin()
      answers[DRIVE .. "doc-1"] = { status = 200, body = body }
      assert.equal("decode", (failure_of(note():text())))
    end
  end)

  it("is read though other fields are of wrong types", function()
    begin()
    local file = answers[DRIVE .. "doc-1"]
    file.trashed, file.capabilities, file.shortcutDetails, file.size = "no", "x", 7, {}
    assert(note():text())
    file.capabilities = { canDownload = "false" }
    assert(note():text())
  end)

  it("is refused by a redirect, which is not followed", function()
    begin()
    answers[DRIVE .. "doc-1/export"] = {
      status = 302, headers = { Location = "https://files.example.com/secret" }, body = "",
    }
    local kind, message, hint = failure_of(note():text())
    assert.equal("transport", kind)
    assert.matches("302, a redirect to https://files%.example%.com", message)
    assert.matches("not followed, because the key would go with it", hint)
  end)

  it("is refused where Drive is asked too often, though that is a 403", function()
    for _, reason in ipairs {
      "userRateLimitExceeded", "rateLimitExceeded", "downloadQuotaExceeded",
    } do
      begin()
      answers[DRIVE .. "doc-1"] = refusal(403, reason)
      assert.equal("rate_limited", (failure_of(note():text())))
    end
  end)

  it("is refused for other reasons as any other is", function()
    begin()
    answers[DRIVE .. "doc-1/export"] = refusal(403, "insufficientFilePermissions")
    assert.equal("permission", (failure_of(note():text())))
    answers[DRIVE .. "doc-1/export"] = { status = 401, body = "" }
    assert.equal("auth", (failure_of(note():text())))
    answers[DRIVE .. "doc-1/export"] = { status = 500, body = "" }
    assert.equal("server", (failure_of(note():text())))
  end)
end)
