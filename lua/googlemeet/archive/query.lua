--- The SQL statement of a search, with literal values. It only makes a text.

local index = require "googlemeet.archive.index"
local schema = require "googlemeet.archive.schema"

local query = {}

local SNIPPET_TOKENS = 24
local LONGEST = 20000 -- letters of a text for FTS5's snippet, which takes the square of how often
-- the words are in it; in longer ones the first word is shown

--- The best texts: as many as the limit, and those that are as good as the last of them; only then
-- does it look further, and cut snippets.
local SEARCH = [[
WITH hits AS (
  SELECT rowid AS id, rank AS score FROM googlemeet_texts WHERE googlemeet_texts MATCH $query
    $conditions
), best AS (
  SELECT hits.id, score, texts.name, coalesce(entry.start_time, note.start_time) AS time,
    entry.text, entry.participant, note.name IS NOT NULL AS is_note, length(texts.text) AS size
  FROM hits JOIN googlemeet_texts AS texts ON texts.rowid = hits.id
  LEFT JOIN transcript_entries AS entry ON entry.name = texts.name
  LEFT JOIN smart_notes AS note ON note.name = texts.name
  WHERE score <= coalesce((SELECT score FROM hits ORDER BY score LIMIT 1 OFFSET $limit - 1), 0)
    AND coalesce(entry.name, note.name) IS NOT NULL
  ORDER BY score, rtrim(time, 'Z'), texts.name LIMIT $limit
)
SELECT best.name, indexed.record, time, best.text, display_name AS speaker,
  CASE WHEN is_note THEN 'note' ELSE 'entry' END AS kind,
  CASE WHEN best.size > $longest THEN (SELECT '…' || substr(text, max(1, instr(lower(text), $first)
      - 80), 200) || '…' FROM googlemeet_texts WHERE rowid = best.id) ELSE
    (SELECT snippet(googlemeet_texts, 0, '', '', '…', $tokens) FROM googlemeet_texts
      WHERE googlemeet_texts MATCH $query AND rowid = best.id) END AS snippet
FROM best JOIN googlemeet_indexed AS indexed ON indexed.id = best.id >> $bits
LEFT JOIN participants ON participants.name = best.participant
ORDER BY score, rtrim(time, 'Z'), best.name]]

--- The statement that lists the display names of people.
query.NAMES = "SELECT DISTINCT display_name AS name FROM participants "
  .. "WHERE typeof(display_name) = 'text'"

--- Return the statement of a search.
---@param words string query of FTS5
---@param limit integer
---@param record? string resource name of the only conference
---@param speakers? string[] display names, one of which the speaker has
---@return string
function query.statement(words, limit, record, speakers)
  local conditions = ""
  if record then
    local id = "coalesce((SELECT id FROM googlemeet_indexed WHERE record = %s), -1)"
    id = id:format(schema.literal(record))
    conditions = (" AND rowid BETWEEN %s << %d AND (%s + 1 << %d) - 1"):format(id, index.BITS, id,
      index.BITS)
  end
  if speakers then
    local list = {}
    for place, name in ipairs(speakers) do list[place] = schema.literal(name) end
    conditions = conditions .. " AND participant IN (SELECT name FROM participants WHERE "
      .. ("display_name IN (%s))"):format(table.concat(list, ", "))
  end
  return (SEARCH:gsub("%$(%l+)", {
    query = schema.literal(words), first = schema.literal(words:match '^"([^"]*)':lower()),
    longest = LONGEST, conditions = conditions, bits = index.BITS,
    limit = ("%d"):format(limit), tokens = SNIPPET_TOKENS,
  }))
end

return query
