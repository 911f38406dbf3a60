--- The files behind the links: recordings from Drive, the texts of documents from Drive or Docs.
-- Drive is asked about a file first, so that each obstacle gets its kind and hint.

local document = require "googlemeet.drive.document"
local files = require "googlemeet.files"
local options = require "googlemeet.options"
local request_group = require "googlemeet.request_group"
local requests = require "googlemeet.drive.requests"

local drive = {}

local FILES, DOCUMENTS = "/google-drive/drive/v3/files/", "/google-docs/v1/documents/"
local FIELDS = "id,name,mimeType,size,sha256Checksum,md5Checksum,headRevisionId,modifiedTime,"
  .. "trashed,shortcutDetails,capabilities/canDownload"
local NATIVE = "application/vnd.google-apps." -- types of files without bytes
local SHORTCUT, DOCUMENT = NATIVE .. "shortcut", NATIVE .. "document"
local MOST = 32 * 1024 * 1024 -- bytes of an export; Drive gives at most 10 MB
local ATTEMPTS, BROKEN = 5, { transport = true, timeout = true }

local FORMATS = {
  text = "text/plain", markdown = "text/markdown", pdf = "application/pdf",
  docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
local SECONDS, CONNECTION = options.of "number", options.of "string or table"
local DOWNLOAD = {
  on_progress = options.of "function", timeout = SECONDS, deadline = SECONDS,
  connection = CONNECTION,
}
local TEXT = { format = "text", timeout = SECONDS, deadline = SECONDS, connection = CONNECTION }

local function is_id(value)
  return type(value) == "string" and #value <= 128 and value:find "^[%w_-]+$" ~= nil
end

--- Return the id of the file behind the resource. There is none until the file is made.
local function id_of(group, destination)
  local id, state = files.id_of(group.resource), group.resource.state
  if is_id(id) then return id end
  if group.resource[destination] ~= nil then
    return request_group.fail(group, "decode",
      "its " .. destination .. " has no id that can be used")
  elseif state == nil or state == "FILE_GENERATED" then
    return request_group.fail(group, "not_found", "it came without its " .. destination,
      "call reload() on it, and use the result")
  end
  return request_group.fail(group, "not_found",
    "it has no file yet: its state is " .. tostring(state),
    "call wait_for_file() on it, and use the result")
end

local function read_file(group, id)
  local file, err = requests.ask(group, "google-drive", FILES .. id,
    { supportsAllDrives = true, fields = FIELDS })
  if not file then return nil, err end
  local is_file = type(file) == "table" and file.id == id and type(file.mimeType) == "string"
  if is_file then return file end
  return request_group.fail(group, "decode", "Drive did not answer with the file " .. id)
end

--- Find the file behind the resource, past a shortcut, and check that it can be read.
local function find_file(group, destination)
  local id, problem = id_of(group, destination)
  if not id then return nil, problem end
  local file, err = read_file(group, id)
  if file and file.mimeType == SHORTCUT then
    local details = file.shortcutDetails
    local target = type(details) == "table" and details.targetId
    if not is_id(target) then
      return request_group.fail(group, "decode", "its file is a shortcut without a target")
    end
    file, err = read_file(group, target)
    if err then err.message = "the target of a shortcut: " .. err.message end
  end
  if not file then return nil, err end
  local can = file.capabilities
  if file.trashed == true then
    return request_group.fail(group, "not_found", "its file is in the bin",
      "restore it from the bin of Drive")
  elseif type(can) == "table" and can.canDownload == false then
    return request_group.fail(group, "permission", "its file can be seen, but not downloaded",
      "its owner has disabled downloads for viewers: ask for the right to edit")
  end
  return file
end

--- Return a text that identifies the content of the file.
local function version_of(file)
  for _, field in ipairs { "sha256Checksum", "headRevisionId", "md5Checksum", "modifiedTime" } do
    local value = file[field]
    if type(value) == "string" and value:find "^[%w.:_-]+$" and #value <= 128 then return value end
  end
end

--- Check that the file is the same as before.
local function check_same(group, file)
  local again, err = read_file(group, file.id)
  if not again then return nil, err end
  if version_of(again) == version_of(file) then return true end
  return request_group.fail(group, "conflict", "its file changed while it was downloaded",
    "call download() again")
end

--- Request the bytes of a file. Before it gets its name, their number is compared with Drive's, and
-- the version with the one at the start, because it could hold bytes of two versions.
local function fetch(group, file, path)
  local size, on_progress = math.tointeger(tonumber(file.size)), group.on_progress
  local function check(bytes)
    if size and bytes ~= size then
      return request_group.fail(group, "decode", ("it has %d bytes, but %d were sent"):format(size,
        bytes), "its file has changed: call download() again")
    end
    return check_same(group, file)
  end
  return requests.ask(group, "google-drive", FILES .. file.id,
    { alt = "media", supportsAllDrives = true }, {
      sink = path, version = version_of(file), check = check,
      on_progress = on_progress and function(done, total)
        return on_progress(done, size or total)
      end,
    })
end

--- Download the recording into a file, which has its name when it is whole.
---@param client googlemeet.Client
---@param resource googlemeet.Recording
---@param path string
---@param opts? googlemeet.DownloadOptions
---@return googlemeet.Download?, googlemeet.Error?
function drive.download(client, resource, path, opts)
  local group = request_group.begin(client, resource, opts, DOWNLOAD)
  if type(path) ~= "string" or path == "" or path:find("\0", 1, true) then
    error("download: the path of a file expected", 2)
  end
  local file, problem = find_file(group, "driveDestination")
  if not file then return nil, problem end
  if file.mimeType:find(NATIVE, 1, true) == 1 then
    return request_group.fail(group, "invalid",
      "its file has no bytes: it is of type " .. file.mimeType)
  end
  local bytes, err = fetch(group, file, path)
  if not bytes then return nil, err end
  local sum = file.sha256Checksum
  return { path = path, bytes = bytes, sha256 = type(sum) == "string" and sum or nil }
end

--- Export a document in one of Drive's formats. A sink takes it, because `client:request` would
-- decode an export that looks like JSON. A broken export starts again: it has no ranges.
local function export(group, id, format)
  for attempt = 1, ATTEMPTS do
    local parts, total = {}, 0
    local bytes, err = requests.ask(group, "google-drive", FILES .. id .. "/export",
      { mimeType = format }, { sink = function(chunk)
        total = total + #chunk
        parts[#parts + 1] = chunk
        return total <= MOST
      end })
    if bytes then return table.concat(parts) end
    if total > MOST then
      return request_group.fail(group, "too_large", "Drive sends an export that does not end")
    end
    local is_broken = total > 0 and BROKEN[err.kind]
    if is_broken then err.hint = "call it again" end -- the sink is not the script's
    if attempt == ATTEMPTS or not is_broken then return nil, err end
  end
end

--- Read a document from Docs, for which Drive's limit of an export does not hold.
local function read_document(group, id)
  local body, err = requests.ask(group, "google-docs", DOCUMENTS .. id, {
    includeTabsContent = true, suggestionsViewMode = "PREVIEW_WITHOUT_SUGGESTIONS",
    prettyPrint = false,
  })
  if not body then return nil, err end
  local text = document.write(body, group.format)
  if text then return text end
  return request_group.fail(group, "decode", "Docs did not answer with the document")
end

--- Read the document of a smart note or a transcript.
---@param client googlemeet.Client
---@param resource googlemeet.SmartNote|googlemeet.Transcript
---@param opts? googlemeet.DocumentOptions
---@return string?, googlemeet.Error?
function drive.document(client, resource, opts)
  local group = request_group.begin(client, resource, opts, TEXT)
  local format = FORMATS[group.format]
  if not format then error(options.unknown("unknown format", group.format, FORMATS), 2) end
  local file, err = find_file(group, "docsDestination")
  if not file then return nil, err end
  if file.mimeType ~= DOCUMENT then
    return request_group.fail(group, "invalid",
      "its file is not a document of Docs: it is of type " .. file.mimeType)
  end
  local is_text = group.format == "text" or group.format == "markdown"
  local text, reason = export(group, file.id, format)
  if not text and is_text and reason.kind == "too_large" and reason.status == 403 then
    return read_document(group, file.id)
  elseif not text or not is_text then
    return text, reason
  end
  return (text:gsub("^\u{FEFF}", ""):gsub("\r\n?", "\n"))
end

return drive
