--- The SQL of the SQLite store: its tables, and statements with literal values.
-- It only makes texts and uses no database. LuaSQL cannot bind values, hence the literals.

local core = require "googlemeet.core"
local identity = require "googlemeet.identity"
local rows = require "googlemeet.archive.file_rows"
local tables = require "googlemeet.archive.tables"

local schema = {}

--- "GMar" in the header of the file (PRAGMA application_id) marks the database as an archive.
schema.APPLICATION = 0x474D6172
schema.VERSION = 1 -- PRAGMA user_version

--- The statement that says what a database is.
schema.LOOK = "SELECT application_id AS application, user_version AS version, "
  .. "(SELECT count(*) FROM sqlite_master) AS objects "
  .. "FROM pragma_application_id, pragma_user_version"

local function field(name)
  return function(resource) return resource[name] end
end

--- Read a field of an object that may be absent.
local function inside(outer, name)
  return function(resource)
    local object = resource[outer]
    return type(object) == "table" and object[name] or nil
  end
end

--- Return the name of the parent resource: "a/1/b/2" for "a/1/b/2/c/3".
local function parent(resource) return (resource.name:match "^(.+)/[^/]+/[^/]+$") end

local function document_columns(outer, name)
  return {
    { "state", field "state" },
    { "start_time", field "startTime" },
    { "end_time", field "endTime" },
    { name, inside(outer, name) },
    { "export_uri", inside(outer, "exportUri") },
  }
end

--- The columns of each table besides name, record, position and the resource as JSON: the name of
-- the column, and the function that reads its value from a resource.
local columns = {
  conference_records = {
    { "space", field "space" },
    { "start_time", field "startTime" },
    { "end_time", field "endTime" },
    { "expire_time", field "expireTime" },
  },
  participants = {
    { "display_name", identity.display_name },
    { "identity", function(participant) return (identity.of(participant)) end },
    { "user", inside("signedinUser", "user") },
    { "earliest_start_time", field "earliestStartTime" },
    { "latest_end_time", field "latestEndTime" },
  },
  participant_sessions = {
    { "participant", parent },
    { "start_time", field "startTime" },
    { "end_time", field "endTime" },
  },
  recordings = document_columns("driveDestination", "file"),
  transcripts = document_columns("docsDestination", "document"),
  smart_notes = document_columns("docsDestination", "document"),
  transcript_entries = {
    { "transcript", parent },
    { "participant", field "participant" },
    { "language_code", field "languageCode" },
    { "start_time", field "startTime" },
    { "end_time", field "endTime" },
    { "text", field "text" },
  },
}

--- Write a value as an SQL literal. A text with a NUL byte, which would end the statement for
-- SQLite, is written in hexadecimal. A value that is neither text nor number becomes NULL; the JSON
-- has it.
---@param value any
---@return string
function schema.literal(value)
  if type(value) == "number" then return core.encode(value) or "NULL" end -- no comma
  if type(value) ~= "string" then return "NULL" end
  if value:find("\0", 1, true) then
    local digits = value:gsub(".", function(byte) return ("%02X"):format(byte:byte()) end)
    return "CAST(X'" .. digits .. "' AS TEXT)"
  end
  return "'" .. value:gsub("'", "''") .. "'"
end

local function insert(name, values)
  for index = 1, values.n do values[index] = schema.literal(values[index]) end
  return ("INSERT OR REPLACE INTO %s VALUES (%s)"):format(name, table.concat(values, ", ", 1,
    values.n))
end

--- The statements that create the table of checksums, which an older archive lacks: of the lines
-- that a directory would have for the conference (see `archive.lines`). An older module that stores
-- a conference again knows of no checksum: the trigger removes the one that fits no more.
schema.CHECKSUMS = {
  "CREATE TABLE IF NOT EXISTS checksums (record TEXT PRIMARY KEY NOT NULL, checksum TEXT NOT NULL)",
  "CREATE TRIGGER IF NOT EXISTS unseal AFTER INSERT ON conference_records "
    .. "BEGIN DELETE FROM checksums WHERE record = NEW.record; END",
}

--- The statements that create the table of files, which an archive lacks until it has any or is
-- searched. An older module leaves it alone.
schema.FILES = {
  "CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY NOT NULL, record TEXT NOT NULL, "
    .. "position INTEGER NOT NULL, file TEXT, state TEXT NOT NULL, kind TEXT, message TEXT, "
    .. "bytes INTEGER, sha256 TEXT, path TEXT, format TEXT, text TEXT, resource TEXT NOT NULL, "
    .. "checksum TEXT NOT NULL)",
  "CREATE INDEX IF NOT EXISTS files_by_record ON files (record, position)",
}

--- Return the statements that create the tables in an empty database.
---@return string[]
function schema.create()
  local statements = {}
  for _, name in ipairs(tables.all) do
    local names = {}
    for index, column in ipairs(columns[name]) do names[index] = column[1] .. " TEXT, " end
    statements[#statements + 1] = ("CREATE TABLE %s (name TEXT PRIMARY KEY NOT NULL, "
      .. "record TEXT NOT NULL, position INTEGER NOT NULL, %sresource TEXT NOT NULL)"):format(name,
      table.concat(names))
    statements[#statements + 1] = ("CREATE INDEX %s_by_record ON %s (record, position)"):format(
      name, name)
  end
  local counts = {}
  for index, part in ipairs(tables.parts) do counts[index] = part .. " INTEGER NOT NULL" end
  statements[#statements + 1] = ("CREATE TABLE manifest (name TEXT PRIMARY KEY NOT NULL, "
    .. "start_time TEXT, end_time TEXT, expire_time TEXT, state TEXT NOT NULL, %s)"):format(
    table.concat(counts, ", "))
  table.move(schema.CHECKSUMS, 1, #schema.CHECKSUMS, #statements + 1, statements)
  statements[#statements + 1] = "PRAGMA application_id = " .. schema.APPLICATION
  statements[#statements + 1] = "PRAGMA user_version = " .. schema.VERSION
  return statements
end

--- Return the statement that removes the rows of a conference from a table.
---@param name string table
---@param record string resource name
---@return string
function schema.clear(name, record)
  return ("DELETE FROM %s WHERE record = %s"):format(name, schema.literal(record))
end

--- Return the statement that inserts a resource into its table.
---@param name string table
---@param record string name of the conference record
---@param position integer of the resource in the server's list, from 1
---@param resource table
---@return string? statement
---@return string json the resource as the statement has it, or why it cannot be written
function schema.keep(name, record, position, resource)
  local json, message = core.encode(resource)
  if not json then return nil, message end
  local values = { resource.name, record, position, n = 3 }
  for _, column in ipairs(columns[name]) do
    values.n = values.n + 1
    values[values.n] = column[2](resource)
  end
  values.n = values.n + 1
  values[values.n] = json
  return insert(name, values), json
end

--- Return the statement that keeps the checksum of a conference.
---@param record string resource name
---@param checksum string
---@return string
function schema.seal(record, checksum)
  return insert("checksums", { record, checksum, n = 2 })
end

--- Return the statement that reads all resources of a conference, in the order of `tables.all`:
-- `place` is the table's.
---@param record string resource name
---@return string
function schema.content(record)
  local selects = {}
  for place, name in ipairs(tables.all) do
    selects[place] = ("SELECT %d AS place, position, resource FROM %s WHERE record = %s"):format(
      place, name, schema.literal(record))
  end
  return table.concat(selects, " UNION ALL ") .. " ORDER BY 1, 2"
end

--- Return the statement that inserts the row of a file.
---@param record string name of the conference record
---@param position integer
---@param row googlemeet.ArchiveFile
---@return string? statement
---@return string? message why it cannot be written
function schema.keep_file(record, position, row)
  local json, checksum = rows.encode(row)
  if not json then return nil, checksum end
  local kept = rows.read(row)
  return insert("files", {
    kept.name, record, position, kept.file, kept.state, kept.kind, kept.message, kept.bytes,
    kept.sha256, kept.path, kept.format, kept.text, json, checksum, n = 14,
  })
end

--- Return the statement that reads the rows of a conference's files.
---@param record string resource name
---@return string
function schema.files(record)
  return ("SELECT resource, checksum FROM files WHERE record = %s ORDER BY position"):format(
    schema.literal(record))
end

--- Return the statement that inserts an entry into the manifest.
---@param entry googlemeet.ArchiveEntry
---@return string
function schema.note(entry)
  local values = {
    entry.name, entry.start_time, entry.end_time, entry.expire_time, entry.state, n = 5,
  }
  for _, part in ipairs(tables.parts) do
    values.n = values.n + 1
    values[values.n] = entry.counts[part] or 0
  end
  return insert("manifest", values)
end

return schema
