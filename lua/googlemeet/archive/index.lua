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

local DROP = { "DROP TABLE IF EXISTS googlemeet_indexed", "DROP TABLE IF EXISTS googlemeet_texts" }

local CREATE = {
  DROP[1], DROP[2], -- one may be there without the other
  ('CREATE VIRTUAL TABLE googlemeet_texts USING fts5(text, name UNINDEXED, '
    .. 'participant UNINDEXED, tokenize = "%s")'):format(tokens.TOKENIZER),
  "CREATE TABLE googlemeet_indexed (id INTEGER PRIMARY KEY, "
    .. "record TEXT UNIQUE NOT NULL, seal TEXT NOT NULL)",
}
table.move(schema.CHECKSUMS, 1, #schema.CHECKSUMS, #CREATE + 1, CREATE)
table.move(schema.FILES, 1, #schema.FILES, #CREATE + 1, CREATE)

local EXISTS = "SELECT name FROM sqlite_master "
  .. "WHERE name IN ('googlemeet_indexed', 'googlemeet_texts') AND type = 'table'"

--- The conferences whose seal differs, of all or of one. It changes with the checksum of a
-- conference, which one that an older module has stored lacks, and with the size of its notes.
local STALE = [[
SELECT given.name AS record, given.seal FROM (
  SELECT record.name, coalesce((SELECT checksum FROM checksums WHERE record = record.name),
      (SELECT count(*) || ' ' || total(length(text)) || ' ' || total(rowid) FROM transcript_entries
        WHERE record = record.name))
    || (SELECT ' ' || count(*) || ' ' || total(bytes) FROM files
        WHERE record = record.name AND name GLOB '*/smartNotes/*') AS seal
  FROM conference_records AS record WHERE typeof(record.name) = 'text' $which
) AS given LEFT JOIN googlemeet_indexed AS indexed ON indexed.record = given.name
WHERE indexed.seal IS NOT given.seal]]

local GONE = "SELECT id FROM googlemeet_indexed WHERE NOT EXISTS "
  .. "(SELECT 1 FROM conference_records AS known WHERE known.name = googlemeet_indexed.record)"

--- The texts of a conference in a fixed order: entries and notes. The documents of transcripts
-- repeat the entries.
local TEXTS = [[
SELECT name, CAST(text AS TEXT) AS text, participant, position FROM transcript_entries
WHERE record = $record AND text IS NOT NULL
UNION ALL SELECT name, CAST(text AS TEXT), NULL, position FROM files
WHERE record = $record AND text IS NOT NULL AND name GLOB '*/smartNotes/*' ORDER BY 4, 1]]

--- Return the statement that removes the texts of a conference.
local function forgetting(id)
  local first = id << index.BITS
  return ("DELETE FROM googlemeet_texts WHERE rowid BETWEEN %d AND %d"):format(first,
    first + (1 << index.BITS) - 1)
end

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
  local first, statements = id << index.BITS, { forgetting(id) }
  for number, row in ipairs(texts) do
    statements[number + 1] = ("INSERT INTO googlemeet_texts (rowid, text, name, participant) "
      .. "VALUES (%d, %s, %s, %s)"):format(first + number, schema.literal(tokens.split(row.text)),
      schema.literal(row.name), schema.literal(row.participant))
  end
  statements[#statements + 1] = ("UPDATE googlemeet_indexed SET seal = %s WHERE id = %d"):format(
    schema.literal(seal), id)
  return database.execute_all(connection, statements)
end

--- Remove the texts of conferences that are stored no more.
local function sweep(connection)
  local gone, message = execute(connection, GONE)
  if not gone or #gone == 0 then return gone, message end
  return database.in_transaction(connection, function()
    local statements = {}
    for _, one in ipairs(gone) do
      local id = math.tointeger(one.id)
      statements[#statements + 1] = forgetting(id)
      statements[#statements + 1] = ("DELETE FROM googlemeet_indexed WHERE id = %d"):format(id)
    end
    return database.execute_all(connection, statements)
  end)
end

--- Index the conferences that are not indexed as they are, some in each transaction.
local function update(connection, which)
  local stale, message = execute(connection, (STALE:gsub("%$which", { ["$which"] = which })))
  for first = 1, #(stale or {}), AT_ONCE do
    local ok, why = database.in_transaction(connection, function()
      for place = first, math.min(first + AT_ONCE - 1, #stale) do
        local filled, reason = fill(connection, stale[place].record, stale[place].seal)
        if not filled then return nil, reason end
      end
      return true
    end)
    if not ok then return nil, why end
  end
  return stale, message
end

local function has_index(connection)
  local found, message = execute(connection, EXISTS)
  return found and #found == 2, message
end

--- Say whether there is an index, with all conferences as they are stored.
---@param connection any
---@return boolean|nil
---@return string? message
function index.is_whole(connection)
  local exists, message = has_index(connection)
  if not exists then return exists, message end
  local stale, why = execute(connection, (STALE:gsub("%$which", "")) .. " LIMIT 1")
  local gone, reason = execute(connection, GONE .. " LIMIT 1")
  return stale and gone and #stale + #gone == 0, why or reason
end

--- Bring the index up to date, or build it.
---@param connection any
---@return any
---@return string? message
function index.refresh(connection)
  local exists, message = has_index(connection)
  if exists == false then
    exists, message = database.in_transaction(connection, function()
      if has_index(connection) then return true end -- another process has made it meanwhile
      return database.execute_all(connection, CREATE)
    end)
  end
  if not exists then return nil, message end
  local swept, why = sweep(connection)
  if not swept then return nil, why end
  return update(connection, "")
end

--- Mark the conference whose notes are about to change, where there is an index.
---@param connection any
---@param record string resource name
function index.mark(connection, record)
  if not has_index(connection) then return end
  execute(connection, "UPDATE googlemeet_indexed SET seal = '' WHERE record = "
    .. schema.literal(record))
end

--- Bring an index that there is up to date with what has just been stored. What fails is left to
-- the next search: the archive matters more.
---@param connection any
---@param record string resource name
function index.keep(connection, record)
  if not has_index(connection) then return end
  update(connection, "AND record.name = " .. schema.literal(record))
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
