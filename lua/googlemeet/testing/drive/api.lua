--- Drive and Docs of the fake: checks of a request, and its operation.

local artifacts = require "googlemeet.testing.drive.artifacts"
local documents = require "googlemeet.testing.drive.documents"
local errors = require "googlemeet.testing.errors"
local exports = require "googlemeet.testing.drive.exports"
local fields = require "googlemeet.testing.fields"
local files = require "googlemeet.testing.drive.files"
local media = require "googlemeet.testing.drive.media"
local query = require "googlemeet.testing.query"

local api = { drive = {}, docs = {} }

local function refuse(status, reason, message, parameter)
  errors.throw(errors.drive(status, reason, message, parameter))
end

local function refuse_parameter(name, message)
  refuse(400, "invalidParameter", message, name)
end

--- Find the file of a request, or throw.
local function find_file(context)
  local id = context.names.fileId
  local file = artifacts.file(context.organisation, id)
  local is_hidden = file and file.shared_drive and context.row.id == "drive.files.get"
    and not query.is_true(context.query.supportsAllDrives)
  if not file or is_hidden then
    refuse(404, "notFound", ("File not found: %s."):format(id), "fileId")
  end
  context.file = file
  return file
end

local function check_download(file)
  if not file.resource.capabilities.canDownload then
    refuse(403, "cannotDownloadFile", "This file cannot be downloaded by the user.")
  end
end

local handlers = {}

handlers["drive.files.get"] = function(context)
  local file = find_file(context)
  if context.query.alt ~= "media" then
    local view = files.view(file, fields.selects(context.fields, "sha256Checksum"))
    return query.response(context.query, context.fields, view)
  elseif not file.content then
    refuse(403, "fileNotDownloadable", "Only files with binary content can be downloaded. "
      .. "Use Export with Docs Editors files.", "alt")
  end
  check_download(file)
  return media.response(file, context.headers)
end

handlers["drive.files.export"] = function(context)
  local mime_type = context.query.mimeType
  if not mime_type or mime_type == "" then
    refuse(400, "required", "Required parameter: mimeType", "mimeType")
  end
  local file = find_file(context)
  if not file.tabs then
    refuse(403, "fileNotExportable", "Export only supports Docs Editors files.")
  elseif not exports.knows(mime_type) then
    refuse(400, "badRequest", "The requested conversion is not supported.", "convertTo")
  end
  check_download(file)
  local bytes = exports.write(file, mime_type)
  if not bytes then
    refuse(403, "exportSizeLimitExceeded", "This file is too large to be exported.")
  end
  return { status = 200, headers = { ["Content-Type"] = mime_type }, body = bytes }
end

handlers["docs.documents.get"] = function(context)
  local file = artifacts.file(context.organisation, context.names.documentId)
  if not file then
    errors.throw(errors.google("NOT_FOUND", "Requested entity was not found."))
  elseif not file.tabs then
    errors.throw(errors.google("FAILED_PRECONDITION",
      "This operation is not supported for this document"))
  end
  context.file = file
  local asked = context.query.fields
  local with_tabs = query.is_true(context.query.includeTabsContent)
    or asked ~= nil and asked ~= "" and context.fields.tabs ~= nil
  return query.response(context.query, context.fields, documents.view(file, with_tabs))
end

local function perform(context, refusal)
  local row = context.row
  if context.body_text ~= nil and context.body_text ~= "" then
    refusal("", ("%s takes no body."):format(row.verb))
  end
  context.query = query.read(row, context.query_list, refusal)
  context.fields = row.response and query.mask(row, context.query, refusal)
  return handlers[row.id](context)
end

--- Respond to a request to Drive that the gateway has forwarded.
---@param context table row, names, query_list, body_text, headers, organisation, …; it gets `file`
---@return table response
function api.drive.answer(context)
  return errors.catch(perform, context, refuse_parameter)
end

--- Respond to a request to Drive that no operation matches.
function api.drive.no_operation(method, path)
  return errors.drive(404, "notFound", ("There is no %s %s."):format(method, path))
end

--- Respond to a request to Docs that the gateway has forwarded.
---@param context table as of `drive.answer`
---@return table response
function api.docs.answer(context)
  return errors.catch(perform, context, errors.invalid)
end

--- Respond to a request to Docs that no operation matches.
function api.docs.no_operation(method, path)
  return errors.google("NOT_FOUND", ("There is no %s %s."):format(method, path))
end

return api
