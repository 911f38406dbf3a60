--- Questions about the files behind the links: contract/drive-docs.md.

local answer = require "spec.live.answer"

local say = answer.say

local FILES, DOCUMENTS = "/google-drive/drive/v3/files/", "/google-docs/v1/documents/"
local FIELDS = "id,name,mimeType,size,sha256Checksum,md5Checksum,headRevisionId,modifiedTime,"
  .. "trashed,shortcutDetails,capabilities/canDownload"
local WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
local MOST = 64 << 10 -- bytes of an answer where a part is asked for
local MOST_EXPORT, MOST_SECONDS = 12 << 20, 60
local BEYOND = "bytes=9000000000000-"
local LONG_TEXT = 20 -- characters by which a tab is known
local MOST_DEPTH = 50 -- of a document's tabs

local DRIVE, DOCS = "google-drive", "google-docs"

--- Make a row that needs a connection of an app, and a file of it.
local function of_file(app, kind, find, run)
  return function(here)
    if not here:connection_of(app) then return say.no_connection(answer.term("app", app)) end
    local id = find(here)
    if not id then return say.none_seen(answer.term("thing", kind)) end
    return run(here, id)
  end
end

local function id_of(item, destination, field)
  local place = type(item) == "table" and item[destination]
  local id = type(place) == "table" and place[field]
  return type(id) == "string" and id:find "^[%w_-]+$" and id or nil
end

local function recording_of(here)
  return id_of(here.found.recording, "driveDestination", "file")
end

local function document_of(here)
  return id_of(here.found["smart note"], "docsDestination", "document")
    or id_of(here.found.transcript, "docsDestination", "document")
end

local function drive(run)
  return of_file(DRIVE, "recording with a file", recording_of, run)
end

local function document(app, run)
  return of_file(app, "smart note or transcript with a document", document_of, run)
end

--- Ask for a part of a file; a whole that comes instead is cut off soon. The client is a sibling.
---@return table? answer where there is no part
---@return any bytes
---@return table response
local function part_of(here, id, headers, path, query)
  local short = here:sibling { max_response_bytes = MOST, retry = false }
  local bytes, response = here:get((path or FILES) .. id, {
    query = query or { alt = "media", supportsAllDrives = true }, headers = headers,
  }, short)
  if bytes ~= nil then return nil, bytes, response end
  if response.kind == "too_large" then return say.whole(), nil, response end
  if response.status and response.status // 100 == 3 then
    return say.redirect(answer.failure(response)), nil, response
  end
  return answer.failure(response), nil, response
end

local function length_of(bytes) return type(bytes) == "string" and #bytes or 0 end

local function describe_part(problem, bytes, response)
  if problem then return problem end
  if response.status == 200 then return say.whole() end
  return say.part(response.status, response.headers["content-range"] ~= nil, length_of(bytes))
end

local function range(headers, path)
  return drive(function(here, id) return describe_part(part_of(here, id, headers, path)) end)
end

local function first_validator(headers)
  local etag, modified = headers.etag, headers["last-modified"]
  return etag and not etag:find "^W/" and etag or modified
end

local function validators(here, id)
  local problem, _, response = part_of(here, id, { Range = "bytes=0-99" })
  if problem then return problem end
  local headers = response.headers
  return say.validators(headers.etag ~= nil, headers["last-modified"] ~= nil,
    headers["accept-ranges"] ~= nil, answer.headers(headers))
end

local function if_range(is_same)
  return function(here, id)
    local validator = '"no-such-validator"'
    if is_same then
      local problem, _, response = part_of(here, id, { Range = "bytes=0-99" })
      if problem then return problem end
      validator = first_validator(response.headers)
      if not validator then return say.no_validator() end
    end
    local problem, bytes, response = part_of(here, id,
      { Range = "bytes=0-99", ["If-Range"] = validator })
    if is_same then return describe_part(problem, bytes, response) end
    local is_whole = response.kind == "too_large" or bytes ~= nil and response.status == 200
    if is_whole then return say.changed() end
    return problem or say.ignored(answer.number(response.status))
  end
end

local function two_ranges(here, id)
  local problem, _, response = part_of(here, id, { Range = "bytes=0-0,2-2" })
  if problem then return problem end
  local kind = response.headers["content-type"] or ""
  return say.multipart(response.status, kind:find("multipart/byteranges", 1, true) ~= nil)
end

local function metadata(here, id)
  local result, body = here:outcome(FILES .. id,
    { query = { fields = FIELDS, supportsAllDrives = true } })
  return body == nil and result or say.ok_fields(result, answer.fields("File", { body }))
end

local function without_fields(here, id)
  local result, body = here:outcome(FILES .. id, { query = { supportsAllDrives = true } })
  return body == nil and result or say.ok_fields(result, answer.fields("File", { body }))
end

--- Export a document; nil and an answer when it cannot be.
local function export(here, id, format)
  local parts, total = {}, 0
  local bytes, response = here:get(FILES .. id .. "/export", {
    query = { mimeType = format }, deadline = MOST_SECONDS, sink = function(chunk)
      total = total + #chunk
      parts[#parts + 1] = chunk
      return total <= MOST_EXPORT
    end,
  })
  if not bytes then return nil, answer.failure(response) end
  local text = table.concat(parts)
  here.redact:note(text)
  return text, response
end

local function text_export(format)
  return document(DRIVE, function(here, id)
    local text, response = export(here, id, format)
    if not text then return response end
    return say.export(response.status, answer.bytes(#text), text:find "^\u{FEFF}" ~= nil,
      text:find "\r\n" ~= nil)
  end)
end

local function binary_export(format)
  return document(DRIVE, function(here, id)
    local text, response = export(here, id, format)
    return text and say.export_bytes(response.status, answer.bytes(#text)) or response
  end)
end

local function get_document(here, id, query)
  return here:outcome(DOCUMENTS .. id, { query = query })
end

--- Return the tabs of a document, those within others included.
local function tabs_of(body)
  local tabs = {}
  local function add(list, depth)
    for _, tab in ipairs(type(list) == "table" and depth < MOST_DEPTH and list or {}) do
      if type(tab) == "table" then
        tabs[#tabs + 1] = tab
        add(tab.childTabs, depth + 1)
      end
    end
  end
  add(type(body) == "table" and body.tabs, 0)
  return tabs
end

--- Return the longest line of text of a tab.
local function mark_of(tab)
  local longest = ""
  local function look(value, depth)
    if type(value) ~= "table" or depth > MOST_DEPTH then return end
    local run = type(value.textRun) == "table" and value.textRun.content
    local text = type(run) == "string" and run:gsub("%s+$", "") or ""
    if #text > #longest and not text:find "[%c*_#\\]" then longest = text end
    for name, item in next, value do
      if name ~= "childTabs" then look(item, depth + 1) end
    end
  end
  look(tab, 0)
  return #longest >= LONG_TEXT and longest or nil
end

--- Return a text for each tab that no other has, or nil.
local function marks_of(tabs)
  local marks, seen = {}, {}
  for _, tab in ipairs(tabs) do
    local mark = mark_of(tab)
    if mark and not seen[mark] then marks[#marks + 1] = mark end
    seen[mark or ""] = true
  end
  return #marks >= 2 and marks or nil
end

local function tabs_in(format)
  return document(DRIVE, function(here, id)
    if not here:connection_of(DOCS) then return say.no_connection(answer.term("app", DOCS)) end
    local result, body = get_document(here, id, { includeTabsContent = true })
    if body == nil then return result end
    local marks = marks_of(tabs_of(body))
    if not marks then return say.no_text() end
    local text, response = export(here, id, format)
    if not text then return response end
    local held = 0
    for _, mark in ipairs(marks) do held = held + (text:find(mark, 1, true) and 1 or 0) end
    return say.tabs(held, #marks)
  end)
end

local function tab_count(query)
  return document(DOCS, function(here, id)
    local result, body = get_document(here, id, query)
    return body == nil and result or say.tab_count(say.ok_fields(result,
      answer.fields("Document", { body })), #tabs_of(body))
  end)
end

local function missing(app, path)
  return function(here)
    if not here:connection_of(app) then return say.no_connection(answer.term("app", app)) end
    return (here:outcome(path .. "no-such-file"))
  end
end

return {
  { "Drive: metadata of a recording", drive(metadata) },
  { "Drive: metadata without fields", drive(without_fields) },
  { "Drive: a file that there is not", missing(DRIVE, FILES) },
  { "Drive: the first 100 bytes, or a redirect", range { Range = "bytes=0-99" } },
  { "Drive: header fields of a part", drive(validators) },
  { "Drive: a part behind the end", range { Range = BEYOND } },
  { "Drive: two parts", drive(two_ranges) },
  { "Drive: If-Range with its validator", drive(if_range(true)) },
  { "Drive: If-Range with another one", drive(if_range(false)) },
  { "Drive: /download/drive/v3", range({ Range = "bytes=0-99" },
    "/google-drive/download/drive/v3/files/") },
  { "Drive: bytes of a document", document(DRIVE, function(here, id)
    return describe_part(part_of(here, id, { Range = "bytes=0-99" }))
  end) },
  { "Drive: is a long body held back, or cut off", answer.cannot "needs_slow" },
  { "export: text", text_export "text/plain" },
  { "export: Markdown", text_export "text/markdown" },
  { "export: PDF", binary_export "application/pdf" },
  { "export: Word", binary_export(WORD) },
  { "export: a part", document(DRIVE, function(here, id)
    return describe_part(part_of(here, id .. "/export", { Range = "bytes=0-99" }, FILES,
      { mimeType = "text/plain" }))
  end) },
  { "export: a format that there is not", binary_export "no/such-format" },
  { "export: tabs in text", tabs_in "text/plain" },
  { "export: tabs in Markdown", tabs_in "text/markdown" },
  { "Docs: a document", tab_count() },
  { "Docs: includeTabsContent=true", tab_count { includeTabsContent = true } },
  { "Docs: fields=tabs", tab_count { fields = "tabs" } },
  { "Docs: a document that there is not", missing(DOCS, DOCUMENTS) },
}
