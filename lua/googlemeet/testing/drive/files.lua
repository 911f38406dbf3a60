--- The files of a Google account: bytes, documents of Google Docs, shortcuts.
-- A file is a node: `name` (its id), `resource` (as Drive shows it, but for the checksum, which
-- takes time), `organisation`, and `content`, `tabs` or `target`.

local checked = require "googlemeet.testing.checked"
local content = require "googlemeet.testing.drive.content"
local documents = require "googlemeet.testing.drive.documents"
local random = require "googlemeet.testing.random"
local time = require "googlemeet.time"

local files = {}

files.DOCUMENT = "application/vnd.google-apps.document"
files.SHORTCUT = "application/vnd.google-apps.shortcut"

local ID_CHARACTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789_-"
local DEFAULT_SIZE = 65536
local LARGEST_SUM = 16 << 20 -- bytes of a file whose checksum is computed; it takes four seconds

local CHANGES = {
  name = "string", mime_type = "string", size = "number", seed = "string", content = "string",
  tabs = "table", text = "string", shortcut = "table or string",
  trashed = "boolean", can_download = "boolean", shared_drive = "boolean",
  ranges = "boolean", etag = "string", sha256 = "string or boolean", md5 = "string",
  modified_time = checked.WHEN, export_tabs = "string", export_size = "number or table",
}
local OPTIONS = { id = "string", organisation = "table" }
for name, kinds in pairs(CHANGES) do OPTIONS[name] = kinds end

local ETAGS = { strong = true, weak = true, none = true }
local EXPORT_TABS = { all = true, first = true }
local FORMATS = { text = "number", markdown = "number", pdf = "number", docx = "number" }

--- Options that are kept as they are, and the names that they have in the node and the resource.
local SETTINGS = {
  shared_drive = "shared_drive", ranges = "ranges", etag = "etag", sha256 = "sha256",
  export_tabs = "export_tabs", export_size = "export_size",
}
local SHOWN = { name = "name", mime_type = "mimeType", md5 = "md5Checksum", trashed = "trashed" }

--- The content of a file, by option; only one of these may be given.
local KINDS = {
  size = "blob", seed = "blob", content = "given", tabs = "document", text = "document",
  shortcut = "shortcut",
}

local function kind_of(what, options)
  local kind
  for name, of in pairs(KINDS) do
    if options[name] ~= nil then
      if kind and kind ~= of or options.tabs and options.text then
        checked.misuse("%s: only one of size (and seed), content, tabs, text and shortcut", what)
      end
      kind = of
    end
  end
  return kind
end

local function check(what, options)
  if options.size then checked.number(what .. ": size", options.size, 0) end
  if options.etag then checked.choice(what .. ": etag", options.etag, ETAGS) end
  if options.export_tabs then
    checked.choice(what .. ": export_tabs", options.export_tabs, EXPORT_TABS)
  end
  local sizes = options.export_size
  if type(sizes) == "number" then sizes = { text = sizes } end
  for name, size in pairs(checked.options(what .. ": export_size", sizes, FORMATS)) do
    checked.number(("%s: export_size: %s"):format(what, name), size, 0)
  end
  if options.sha256 == true then checked.misuse("%s: sha256: a text or false expected", what) end
end

--- Set what depends on the bytes: another revision each time.
local function revise(file)
  local now = file.organisation.now()
  file.revision = (file.revision or 0) + 1
  file.resource.modifiedTime = time.format(now // 1, now % 1 * 1000 // 1 * 1000000)
  local is_blob = file.content ~= nil
  file.resource.size = is_blob and ("%d"):format(file.content.size) or nil
  file.resource.headRevisionId = is_blob and ("0B1Example%s%d"):format(
    random.new("revision " .. file.name):text(ID_CHARACTERS, 20), file.revision) or nil
end

local MAKE = {}

function MAKE.blob(file, options)
  local size = math.tointeger(options.size) or file.content and file.content.size or DEFAULT_SIZE
  file.seed = options.seed or file.seed or file.name
  file.content = content.made(("%s %d"):format(file.seed, file.revision or 0), size)
  return "application/octet-stream"
end

function MAKE.given(file, options)
  file.content = content.given(options.content)
  return "application/octet-stream"
end

function MAKE.document(file, options, what)
  file.tabs = documents.read(what, options.tabs or { { text = options.text } })
  documents.name(file.tabs)
  return files.DOCUMENT
end

function MAKE.shortcut(file, options, what, target_of)
  local target = target_of(options.shortcut)
  file.target = target
  file.resource.shortcutDetails = {
    targetId = target and target.name or options.shortcut,
    targetMimeType = target and target.resource.mimeType or "video/mp4",
  }
  if type(file.resource.shortcutDetails.targetId) ~= "string" then
    checked.misuse("%s: shortcut: a file, or its id, expected", what)
  end
  return files.SHORTCUT
end

--- Set the content of a file by the options: bytes, a document, a shortcut.
local function remake(what, file, kind, options, target_of)
  local resource, had_bytes = file.resource, file.content ~= nil
  file.tabs, file.target, resource.shortcutDetails = nil, nil, nil
  file.sha256, resource.md5Checksum = nil, nil
  if kind ~= "blob" then file.content = nil end
  local mime_type = MAKE[kind](file, options, what, target_of)
  if not (had_bytes and file.content) then resource.mimeType = mime_type end
  revise(file)
end

local function copy_given(names, options, target)
  for option, name in pairs(names) do
    if options[option] ~= nil then target[name] = options[option] end
  end
end

--- Apply options to a file, which are checked.
local function apply(what, file, options, target_of)
  local kind = kind_of(what, options)
  if kind then remake(what, file, kind, options, target_of) end
  if options.modified_time then
    file.resource.modifiedTime =
      checked.instant(what .. ": modified_time", options.modified_time).text
  end
  copy_given(SETTINGS, options, file)
  copy_given(SHOWN, options, file.resource)
  copy_given({ can_download = "canDownload" }, options, file.resource.capabilities)
end

--- Add a file to an account.
---@param org table organisation
---@param options table as of `gateway:add_file`
---@param target_of fun(given: any): table? finds a file
---@return table file
function files.add(org, options, target_of)
  options = checked.options("add_file", options, OPTIONS)
  check("add_file", options)
  org.files = org.files or {}
  org.file_dice = org.file_dice or random.new("files " .. org.key)
  local id = options.id or "1Example" .. org.file_dice:text(ID_CHARACTERS, 25)
  checked.id("add_file", id)
  if org.files[id] then checked.misuse("add_file: %s already exists", id) end
  local file = {
    name = id, id = id, organisation = org, is_file = true, ranges = true, etag = "none",
    export_tabs = "all",
    resource = {
      kind = "drive#file", id = id, name = options.name or "Untitled", trashed = false,
      capabilities = { canDownload = true },
    },
  }
  if not kind_of("add_file", options) then options.size = DEFAULT_SIZE end
  apply("add_file", file, options, target_of)
  file.resource.createdTime = file.resource.modifiedTime
  org.files[id] = file
  return file
end

--- Change a file.
---@param file table
---@param options table as of `gateway:set_file`
---@param target_of fun(given: any): table?
function files.set(file, options, target_of)
  options = checked.options("set_file", options, CHANGES)
  check("set_file", options)
  apply("set_file", file, options, target_of)
end

--- Replace the bytes of a file by as many others, or its document by another revision.
function files.change(file)
  if file.content and file.content.bytes then
    file.content = content.given(file.content.bytes:reverse())
  elseif file.content then
    MAKE.blob(file, {})
  end
  file.sha256, file.resource.md5Checksum = nil, nil
  revise(file)
end

--- Delete a file for good.
function files.delete(file)
  file.organisation.files[file.id] = false
end

--- Return what Drive shows of a file.
---@param file table
---@param with_checksum boolean
---@return table
function files.view(file, with_checksum)
  local view = {}
  for name, value in pairs(file.resource) do view[name] = value end
  if with_checksum and file.content and file.sha256 ~= false then
    view.sha256Checksum = file.sha256
      or file.content.size <= LARGEST_SUM and file.content:sha256() or nil
  end
  return view
end

return files
