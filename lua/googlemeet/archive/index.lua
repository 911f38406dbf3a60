--- The index of an SQLite archive for searches, by FTS5: brought up to date from what is stored.
--
-- `googlemeet_texts` has the texts, `googlemeet_indexed` a seal of what each conference had when it
-- was indexed: whoever has stored it, with or without FTS5, a conference whose seal differs is
-- indexed again. The first search makes both; whoever drops them loses nothing.

local database = require "googlemeet.archive.database"
local schema = require "googlemeet.archive.schema"
local tokens = require "googlemeet.archive.tokens"

local index = {}

local execute = database.execute

--- Bits of a text's number that count the texts of a conference; its id is above them.
index.BITS = 24

local AT_ONCE = 20 -- conferences in a transaction, so that others need not wait for all

local CREATE = {
  ('CREATE VIRTUAL TABLE IF NOT EXISTS googlemeet_texts USING fts5(text, name UNINDEXED, '
    .. 'participant UNINDEXED, tokenize = "%s")'):format(tokens.TOKENIZER),
  "CREATE TABLE IF NOT EXISTS googlemeet_indexed (id INTEGER PRIMARY KEY, "
    .. "record TEXT UNIQUE NOT NULL, seal TEXT NOT NULL)",
}
table.move(schema.CHECKSUMS, 1, #schema.CHECKSUMS, #CREATE + 1, CREATE)
table.move(schema.FILES, 1, #schema.FILES, #CREATE + 1, CREATE)

local DROP = { "DROP TABLE IF EXISTS googlemeet_indexed", "DROP TABLE IF EXISTS googlemeet_texts" }

local EXISTS = "SELECT name FROM sqlite_master WHERE name = 'googlemeet_indexed'"

--- The conferences whose seal differs. It changes with the checksum of a conference, which one that
-- an older module has stored lacks, and with the size of its notes.
local STALE = [[
SELECT given.name AS record, given.seal FROM (
  SELECT CAST(record.name AS TEXT) AS name,
    coalesce((SELECT checksum FROM checksums WHERE record = record.name),
      (SELECT count(*) || ' ' || total(length(text)) || ' ' || total(rowid) FROM transcript_entries
        WHERE record = record.name))
    || (SELECT ' ' || count(*) || ' ' || total(bytes) FROM files
        WHERE record = record.name AND name GLOB '*/smartNotes/*') AS seal
  FROM conference_records AS record
) AS given LEFT JOIN googlemeet_indexed AS indexed ON indexed.record = given.name
WHERE indexed.seal IS NOT given.seal]]

--- The texts of a conference in a fixed order: entries and notes. The documents of transcripts
-- repeat the entries.
local TEXTS = [[
SELECT name, CAST(text AS TEXT) AS text, participant, position FROM transcript_entries
WHERE record = $record AND text IS NOT NULL
UNION ALL SELECT name, CAST(text AS TEXT), NULL, position FROM files
WHERE record = $record AND text IS NOT NULL AND name GLOB '*/smartNotes/*' ORDER BY 4, 1]]

--- Index the texts of a conference in place of those that it had.
local function fill(connection, record, seal)
  local name = schema.literal(record)
  local ok, message = execute(connection, "INSERT OR IGNORE INTO googlemeet_indexed (record, seal) "
    .. ("VALUES (%s, '')"):format(name))
  if not ok then return nil, message end
  local found, why = execute(connection, "SELECT id FROM googlemeet_indexed WHERE record = "
    .. name)
  if not found then return nil, why end
  local id = math.tointeger(found[1].id)
  local texts, reason = execute(connection, (TEXTS:gsub("%$record", { ["$record"] = name })))
  if not texts then return nil, reason end
  local first = id << index.BITS
  local statements = { ("DELETE FROM googlemeet_texts WHERE rowid BETWEEN %d AND %d"):format(first,
    first + (1 << index.BITS) - 1) }
  for number, row in ipairs(texts) do
    statements[number + 1] = ("INSERT INTO googlemeet_texts (rowid, text, name, participant) "
      .. "VALUES (%d, %s, %s, %s)"):format(first + number, schema.literal(tokens.split(row.text)),
      schema.literal(row.name), schema.literal(row.participant))
  end
  statements[#statements + 1] = ("UPDATE googlemeet_indexed SET seal = %s WHERE id = %d"):format(
    schema.literal(seal), id)
  return database.execute_all(connection, statements)
end

--- Say whether all conferences are indexed as they are.
---@return boolean|nil
---@return string? message
local function is_whole(connection)
  local found, message = execute(connection, EXISTS)
  if not found or #found == 0 then return found and false, message end
  local stale, why = execute(connection, STALE .. " LIMIT 1")
  return stale and #stale == 0, why
end

--- Index some of the conferences that are not indexed as they are.
---@return { record: string }[]? indexed
---@return string? message
local function update(connection)
  local indexed
  local ok, message = database.in_transaction(connection, function()
    local created, problem = database.execute_all(connection, CREATE)
    if not created then return nil, problem end
    local stale, why = execute(connection, STALE .. " LIMIT " .. AT_ONCE)
    for _, one in ipairs(stale or {}) do
      local filled, reason = fill(connection, one.record, one.seal)
      if not filled then return nil, reason end
    end
    indexed = stale
    return stale, why
  end)
  return ok and indexed, message
end

--- Bring the index up to date, or build it.
---@param connection any
---@return true?
---@return string? message
function index.refresh(connection)
  local times = {}
  while true do
    local whole, message = is_whole(connection)
    if whole or message then return whole, message end
    local indexed, why = update(connection)
    if not indexed then return nil, why end
    for _, one in ipairs(indexed) do -- twice: another run may have stored it meanwhile
      times[one.record] = (times[one.record] or 0) + 1
      if times[one.record] > 2 then return nil, one.record .. " cannot be indexed" end
    end
  end
end

--- Mark the conference whose notes are about to change, where there is an index.
---@param connection any in the transaction that changes them
---@param record string resource name
---@return any
---@return string? message
function index.mark(connection, record)
  local found, message = execute(connection, EXISTS)
  if not found or #found == 0 then return found, message end
  return execute(connection, "UPDATE googlemeet_indexed SET seal = '' WHERE record = "
    .. schema.literal(record))
end

--- Bring an index that there is up to date with what has just been stored. What fails is left to
-- the next search: the archive matters more.
---@param connection any
function index.keep(connection)
  local found = execute(connection, EXISTS)
  if found and #found > 0 then update(connection) end
end

--- Remove an index that is damaged.
---@param connection any
---@return true?
---@return string? message
function index.drop(connection)
  return database.in_transaction(connection, function()
    return database.execute_all(connection, DROP)
  end)
end

return index
