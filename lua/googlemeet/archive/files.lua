--- Gets the files of conferences that are in the store: texts of documents into rows, recordings
-- into the store's folder.
--
-- It reads only the stored resources, after all conferences have been copied. A file stays in Drive
-- when Meet deletes its conference, so a long download makes no conference wait.

local drive = require "googlemeet.drive"
local failure = require "googlemeet.failure"
local file_name = require "googlemeet.archive.file_name"
local folder = require "googlemeet.archive.folder"
local plan = require "googlemeet.archive.plan"
local ready = require "googlemeet.files"
local rows = require "googlemeet.archive.file_rows"
local store = require "googlemeet.archive.store"
local time = require "googlemeet.time"

local files = {}

local PARTS = { "recordings", "transcripts", "smart_notes" }

--- A file that every account has: reading it shows whether Drive can be reached.
local ANY_FILE = "/google-drive/drive/v3/files/root"

--- Kinds of error that every other file would meet too.
local OF_ALL = { auth = true, config = true, cancelled = true }

--- Kinds of error that the next run would get again.
local OF_FILE = { not_found = true, permission = true, too_large = true, invalid = true }

--- Reasons of a 403 that is about the connection and no file.
local OF_CONNECTION = {
  ACCESS_TOKEN_SCOPE_INSUFFICIENT = true, insufficientPermissions = true,
  SERVICE_DISABLED = true, accessNotConfigured = true,
}

--- After so many failures in a row that are not about a single file, Drive is checked again.
local PATIENCE = 3

--- Say whether a 403 is about the connection: it lacks a scope, or the app is not permitted.
local function is_of_connection(err)
  if err.origin == "gateway" then return true end
  for _, detail in ipairs(err.details or {}) do
    if type(detail) == "table" and OF_CONNECTION[detail.reason] then return true end
  end
  return false
end

--- Say whether an error is about all files.
local function is_of_all(err)
  return OF_ALL[err.kind] or err.kind == "permission" and is_of_connection(err) or false
end

--- Say whether an error is about one file, and permanent.
local function is_of_file(err)
  return OF_FILE[err.kind] == true and err.origin ~= "gateway"
end

--- Check that files can be read at all; return the error if not, or if the check fails.
local function probe(client)
  local _, err = client:request("GET", ANY_FILE, {
    query = { fields = "id", supportsAllDrives = true },
  })
  if not err or failure.is_temporary(err) then return err end
  if err.kind == "not_found" then return nil end -- an account may not see even this one
  local is_refused = err.kind == "connection" or err.origin == "gateway" or is_of_all(err)
  return is_refused and err or nil
end

--- Check that there is a connection to Drive, before anything else is done.
---@param client googlemeet.Client
---@return true|nil
---@return googlemeet.Error? err
function files.check(client)
  local err = probe(client)
  if err and not failure.is_temporary(err) then return nil, err end
  return true
end

local function is_kept(run, row, id)
  if row.file ~= id then return false end
  return row.state == "complete" or row.state == "unavailable" and not run.is_again
end

--- Return the row for an artifact; nil when its file may still appear. The row is due when the file
-- has to be fetched.
local function row_of(run, entry, artifact, old)
  local id = ready.is_ready(artifact) and ready.id_of(artifact)
  if id then
    if old and is_kept(run, old, id) then return old end
    return { name = artifact.name, file = id, state = "due" }
  end
  if old or entry.state == "due" then return old end
  return {
    name = artifact.name, state = "unavailable", kind = "not_found",
    message = "the conference is over, and this has no file",
  }
end

--- Lay out the row of an artifact.
local function lay(laid, run, entry, part, artifact, before)
  local row = row_of(run, entry, artifact, before)
  laid.is_new = laid.is_new or row ~= before
  if not row then return end
  local place = #laid.list + 1
  laid.list[place] = row
  if row.state == "due" and row ~= before then
    table.insert(laid.todo, { artifact = artifact, part = part, place = place })
  end
end

--- Return the rows of a conference, and the files to fetch. The store keeps what it has of an
-- artifact that the server no longer lists.
---@return { list: table[], todo: table[], is_new: boolean }
local function lay_out(run, entry, found, kept)
  local laid, old = { list = {}, todo = {}, is_new = false }, {}
  for _, row in ipairs(kept) do old[row.name] = row end
  for _, part in ipairs(PARTS) do
    for _, artifact in ipairs(found[part] or {}) do
      lay(laid, run, entry, part, artifact, old[artifact.name])
      old[artifact.name] = nil
    end
  end
  for _, row in ipairs(kept) do
    if old[row.name] == row and row.state ~= "due" then laid.list[#laid.list + 1] = row end
  end
  return laid
end

--- Say whether a conference has no file to fetch, as far as its rows show.
local function is_settled(entry, kept)
  local counts = entry.counts
  local artifacts = counts.recordings + counts.transcripts + counts.smart_notes
  if artifacts == 0 then return true end
  for _, row in ipairs(kept) do
    if not rows.is_settled(row) then return false end
  end
  return entry.state ~= "due" and #kept == artifacts
end

--- Return the rows of a conference and the files to fetch; false when there is nothing to do.
local function look(run, entry)
  local kept, err = store.ask(run.store, "files", entry.name)
  if not kept then return nil, err end
  if not run.is_again and is_settled(entry, kept) then return false end
  local began = time.instant(entry.start_time)
  if run.since and began and began < run.since and #kept == 0 then return false end
  local found = run.store:read(entry.name)
  if not found then return false end -- the manifest says that it is due
  local laid = lay_out(run, entry, found, kept)
  return (#laid.todo > 0 or laid.is_new) and laid
end

--- Return the row of a file that could not be fetched.
local function failed_row(row, err)
  if is_of_all(err) then return row end
  return {
    name = row.name, file = row.file, state = is_of_file(err) and "unavailable" or "due",
    kind = err.kind, message = err.message,
  }
end

--- Get the text of a document.
---@return table row
---@return googlemeet.Error? err
local function get_text(run, task, row)
  local text, err = drive.document(run.client, task.artifact)
  if not text then return failed_row(row, err), err end
  local got = {
    name = row.name, file = row.file, state = "complete", format = "text", bytes = #text,
    text = text,
  }
  if rows.encode(got) then return got end
  err = failure.new("decode", "archive: the text of " .. row.name .. " is not UTF-8")
  local lacking = failed_row(row, err)
  lacking.state = "unavailable"
  return lacking, err
end

--- Report the progress of a conference's files.
local function report(run, entry, more)
  if not run.on_progress then return end
  local at = {
    done = run.done, total = run.total, record = entry.name, state = "due", counts = entry.counts,
  }
  for name, value in pairs(more) do at[name] = value end
  run.on_progress(at)
end

--- Return the folder of recordings, without what a killed run was about to write there.
local function folder_of(run)
  if not run.folder then
    local path, err = store.ask(run.store, "folder")
    if not path then return nil, err end
    folder.sweep(path)
    run.folder = path
  end
  return run.folder
end

--- Get the file of a recording.
---@return table row
---@return googlemeet.Error? err
local function get_recording(run, entry, task, row)
  local path, err = folder_of(run)
  if not path then return failed_row(row, err), err end
  local name = file_name.of_recording(row.name)
  local got, why = drive.download(run.client, task.artifact, path .. "/" .. name, {
    on_progress = run.on_progress and function(bytes, size)
      report(run, entry, { file = row.name, bytes = bytes, size = size })
    end,
  })
  if got then
    local sum = got.sha256 and got.sha256:find "^%x+$" and got.sha256 or nil
    return { name = row.name, file = row.file, state = "complete", bytes = got.bytes, sha256 = sum }
  end
  local lacking = failed_row(row, why)
  if rows.is_settled(lacking) then folder.forget(path, name) end
  return lacking, why
end

--- Count a file, or note why it could not be fetched; nil and the error if that ends the run.
local function settle(run, entry, row, err)
  local summary = run.summary
  report(run, entry, { file = row.name, bytes = row.bytes, size = row.bytes })
  if not err then
    summary.files, summary.bytes = summary.files + 1, summary.bytes + row.bytes
    run.in_a_row = 0
    return true
  elseif is_of_all(err) then
    return nil, err
  elseif row.state == "unavailable" then
    table.insert(summary.unavailable, { name = row.name, err = err })
    run.in_a_row = 0
    return true
  end
  table.insert(summary.failed, { name = entry.name, file = row.name, err = err })
  run.in_a_row = run.in_a_row + 1
  if run.in_a_row < PATIENCE then return true end
  run.in_a_row = 0
  local why = probe(run.client)
  if why then return nil, why end
  return true
end

--- Store the rows of a conference, or note why they cannot be stored; nil and the error if that
-- ends the run.
local function put(run, entry, laid)
  local ok, err = store.ask(run.store, "put_files", entry.name, laid.list)
  if ok then return true end
  if not store.is_of_data(err) then return nil, err end
  table.insert(run.summary.failed, { name = entry.name, err = err })
  laid.is_lost = true
  return true
end

--- Get all texts of a conference at once, then one recording after another. Each is stored before
-- the next one is begun.
local function get_all(run, entry, laid)
  local texts, recordings = {}, {}
  for _, task in ipairs(laid.todo) do
    local list = task.part == "recordings" and recordings or texts
    list[#list + 1] = task
  end
  local results, err = run.client:map(texts, function(task)
    local row, why = get_text(run, task, laid.list[task.place])
    return { row = row, err = why }
  end)
  if not results then return nil, err end
  for index, task in ipairs(texts) do laid.list[task.place] = results[index].row end
  local ok, why = put(run, entry, laid)
  if not ok then return nil, why end
  for _, result in ipairs(results) do
    ok, why = settle(run, entry, result.row, result.err)
    if not ok then return nil, why end
  end
  for _, task in ipairs(recordings) do
    laid.list[task.place], err = get_recording(run, entry, task, laid.list[task.place])
    ok, why = put(run, entry, laid)
    if not ok then return nil, why end
    ok, why = settle(run, entry, laid.list[task.place], err)
    if not ok then return nil, why end
  end
  return true
end

--- Get the files of one conference, and count those that are due. Its rows are read again: they
-- hold texts, and those of all conferences would fill the memory.
local function copy(run, entry)
  local laid, err = look(run, entry)
  if laid == nil then return nil, err end
  local due = 0
  if laid then
    local ok, why = get_all(run, entry, laid)
    if not ok then return nil, why end
    for _, row in ipairs(laid.list) do
      due = due + (rows.is_settled(row) and not laid.is_lost and 0 or 1)
    end
  end
  run.done, run.summary.files_due = run.done + 1, run.summary.files_due + due
  report(run, entry, { state = due == 0 and "complete" or "due" })
  return true
end

--- Return the conferences with files to fetch, the next to expire first.
local function conferences(run)
  local list, chosen = {}, {}
  for _, entry in pairs(run.entries) do list[#list + 1] = entry end
  for _, entry in ipairs(plan.sort(list)) do
    local laid, err = look(run, entry)
    if laid == nil then return nil, err end
    if laid then chosen[#chosen + 1] = entry end
  end
  return chosen
end

--- Fetch the files of all conferences in the store that lack some.
---@param run table of `archive`
---@return true|nil
---@return googlemeet.Error? err
function files.copy(run)
  local chosen, err = conferences(run)
  if not chosen then return nil, err end
  if #chosen == 0 then return true end
  run.done, run.total, run.in_a_row = 0, #chosen, 0
  for _, entry in ipairs(chosen) do
    local ok, why = copy(run, entry)
    if not ok then return nil, why end
  end
  return true
end

return files
