--- The SQL of the index for searches: its tables, and statements with literal values.
--
-- The table `words` of FTS5 has the texts, `searchable` how many of a conference; NULL marks one
-- whose texts have changed since. Triggers set the mark, in plain SQL, so that whoever writes does:
-- an older module, a program, an SQLite without FTS5. It only makes texts and uses no database.

local schema = require "googlemeet.archive.schema"
local tokens = require "googlemeet.archive.tokens"

local fts5 = {}

--- Bits of a row's number in `words` that count the texts of a conference; its id is above them.
local BITS = 24

local SNIPPET_TOKENS = 24

--- Mark a conference, which is new to the index where there is no row of it. Not OR IGNORE: the
-- clause of the statement that fires a trigger (OR REPLACE) counts in its place.
local MARK = "UPDATE searchable SET texts = NULL WHERE texts IS NOT NULL AND record IN (%s);"
local ADD = " INSERT INTO searchable (record) SELECT NEW.record WHERE NEW.record NOT IN "
  .. "(SELECT record FROM searchable);"

local function trigger(name, event, body)
  return ("CREATE TRIGGER IF NOT EXISTS searchable_%s_%s BEFORE %s ON %s BEGIN %s END"):format(name,
    event:lower(), event, name, (body:gsub("TABLE", name)))
end

--- OR REPLACE removes a row of the same name, of another conference too, and fires no trigger.
local REPLACED = "(SELECT record FROM TABLE WHERE name = NEW.name)"

local function add_triggers(statements, name)
  statements[#statements + 1] = trigger(name, "INSERT", MARK:format("NEW.record, " .. REPLACED)
    .. ADD)
  statements[#statements + 1] = trigger(name, "UPDATE",
    MARK:format("OLD.record, NEW.record, " .. REPLACED) .. ADD)
  statements[#statements + 1] = trigger(name, "DELETE", MARK:format "OLD.record")
end

--- Return the statements that create an empty index, with all conferences marked.
---@return string[]
function fts5.create()
  local statements = {
    ('CREATE VIRTUAL TABLE words USING fts5(text, name UNINDEXED, participant UNINDEXED, '
      .. 'tokenize = "%s")'):format(tokens.TOKENIZER),
    "CREATE TABLE searchable (id INTEGER PRIMARY KEY, record TEXT UNIQUE NOT NULL, texts INTEGER)",
    table.unpack(schema.FILES),
  }
  statements[#statements + 1] = "INSERT INTO searchable (record) "
    .. "SELECT record FROM transcript_entries UNION SELECT record FROM files"
  add_triggers(statements, "transcript_entries")
  add_triggers(statements, "files")
  return statements
end

--- The statements that remove it.
fts5.DROP = { "DROP TABLE IF EXISTS searchable", "DROP TABLE IF EXISTS words" }
for _, name in ipairs { "transcript_entries", "files" } do
  for _, event in ipairs { "insert", "update", "delete" } do
    table.insert(fts5.DROP, 1, ("DROP TRIGGER IF EXISTS searchable_%s_%s"):format(name, event))
  end
end

--- The statements that remove a table `words` that FTS5 cannot open, and so not drop.
fts5.DISCARD = {
  "PRAGMA writable_schema = 1", "DELETE FROM sqlite_master WHERE name = 'words'",
  "PRAGMA writable_schema = RESET",
}
for _, name in ipairs { "data", "idx", "content", "docsize", "config" } do
  fts5.DISCARD[#fts5.DISCARD + 1] = "DROP TABLE IF EXISTS words_" .. name
end

--- The statement that says whether there is an index.
fts5.EXISTS = "SELECT name FROM sqlite_master WHERE name = 'searchable'"

--- The statement that says whether the index is whole. FTS5 has a row for each text in
-- `words_docsize`.
fts5.IS_WHOLE = "SELECT (SELECT count(*) FROM words_docsize) = (SELECT total(texts) FROM "
  .. "searchable) AND NOT EXISTS (SELECT 1 FROM searchable WHERE texts IS NULL) AS is_whole"

--- Return the statement that lists the conferences that are marked.
---@param record? string resource name of the only one to be listed
---@return string
function fts5.marked(record)
  return "SELECT id FROM searchable WHERE texts IS NULL"
    .. (record and " AND record = " .. schema.literal(record) or "")
end

--- Return the statement that reads what a conference has for the index, in a fixed order: entries
-- and notes; the documents of transcripts repeat the entries.
---@param id integer
---@return string
function fts5.texts(id)
  local where = ("FROM %%s WHERE record = (SELECT record FROM searchable WHERE id = %d) AND text "
    .. "IS NOT NULL"):format(id)
  return "SELECT name, CAST(text AS TEXT) AS text, participant, position "
    .. where:format "transcript_entries" .. " UNION ALL SELECT name, CAST(text AS TEXT), NULL, "
    .. "position " .. where:format "files" .. " AND name GLOB '*/smartNotes/*' ORDER BY 4, 1"
end

--- Return the statement that removes the texts of a conference.
---@param id integer
---@return string
function fts5.forget(id)
  local first = id << BITS
  return ("DELETE FROM words WHERE rowid BETWEEN %d AND %d"):format(first, first + (1 << BITS) - 1)
end

--- Return the statement that adds a text.
---@param id integer
---@param number integer of the text in its conference
---@param row { name: string, text: string, participant?: string }
---@return string
function fts5.add(id, number, row)
  return ("INSERT INTO words (rowid, text, name, participant) VALUES (%d, %s, %s, %s)"):format(
    (id << BITS) + number, schema.literal(tokens.split(row.text)), schema.literal(row.name),
    schema.literal(row.participant))
end

--- Return the statement that takes the mark away.
---@param id integer
---@param texts integer how many there are
---@return string
function fts5.done(id, texts)
  return ("UPDATE searchable SET texts = %d WHERE id = %d"):format(texts, id)
end

--- The statement that lists the names of people.
fts5.NAMES = "SELECT DISTINCT display_name AS name FROM participants WHERE typeof(display_name) = "
  .. "'text'"

--- The best texts: as many as the limit, and those that are as good as the last of them; only then
-- does it look further. For snippets the index is asked once more, but not for each text: hence the
-- plus, which keeps SQLite from looking for one row after another.
local SEARCH = [[
WITH hits AS MATERIALIZED (
  SELECT rowid AS id, rank AS score FROM words WHERE words MATCH $query $conditions
), best AS MATERIALIZED (
  SELECT hits.id, score, words.name, coalesce(entry.start_time, note.start_time) AS time,
    entry.text, entry.participant, CASE WHEN entry.name IS NULL THEN 'note' ELSE 'entry' END AS kind
  FROM hits LEFT JOIN words ON words.rowid = hits.id
  LEFT JOIN transcript_entries AS entry ON entry.name = words.name
  LEFT JOIN smart_notes AS note ON note.name = words.name
  WHERE score <= coalesce((SELECT score FROM hits ORDER BY score LIMIT 1 OFFSET $limit - 1), 0)
  ORDER BY score, rtrim(time, 'Z'), words.name LIMIT $limit
), snippets AS MATERIALIZED (
  SELECT rowid AS id, snippet(words, 0, '', '', '…', $tokens) AS snippet FROM words
  WHERE words MATCH $query AND +rowid IN (SELECT id FROM best)
)
SELECT best.name, searchable.record, kind, display_name AS speaker, time, best.text, snippet
FROM best LEFT JOIN snippets ON snippets.id = best.id
LEFT JOIN searchable ON searchable.id = best.id >> $bits
LEFT JOIN participants ON participants.name = best.participant
ORDER BY score, rtrim(time, 'Z'), best.name]]

--- Return the statement that searches.
---@param query string of FTS5
---@param limit integer
---@param record? string resource name of the only conference
---@param speakers? string[] display names, one of which the speaker has
---@return string
function fts5.search(query, limit, record, speakers)
  local conditions = ""
  if record then
    local id = ("coalesce((SELECT id FROM searchable WHERE record = %s), -1)"):format(
      schema.literal(record))
    conditions = (" AND rowid BETWEEN %s << %d AND (%s + 1 << %d) - 1"):format(id, BITS, id, BITS)
  end
  if speakers then
    for place, name in ipairs(speakers) do speakers[place] = schema.literal(name) end
    conditions = conditions .. " AND participant IN (SELECT name FROM participants WHERE "
      .. ("display_name IN (%s))"):format(table.concat(speakers, ", "))
  end
  local instead = {
    query = schema.literal(query), conditions = conditions, limit = ("%d"):format(limit),
    tokens = SNIPPET_TOKENS, bits = BITS,
  }
  return (SEARCH:gsub("%$(%l+)", instead))
end

return fts5
