-- Copy the conferences of the last week into an SQLite database, before Google deletes them, and
-- find who said some words in any of them: lua5.4 archive_search.lua FILE WORDS
-- Run it weekly: what is complete in FILE is not requested again.
local meet = require "googlemeet"

local path, words = arg[1], assert(arg[2], "usage: lua5.4 archive_search.lua FILE WORDS")
local client <close> = assert(meet.new()) -- the key comes from MATON_API_KEY
local store <close> = assert(meet.archive.sqlite(path)) -- Debian: lua-sql-sqlite3

local summary = assert(meet.archive(client, store, { since = os.time() - 8 * 86400 }))
print(("%d conferences copied, %d not complete yet, %d failed; %d were complete before"):format(
  summary.records, summary.due, #summary.failed, summary.skipped))
for _, found in ipairs(assert(store:search(words, { limit = 5 }))) do -- the best match first
  local minute = found.time and found.time:sub(1, 16) or "(no time)"
  print(("%s  %s: %s"):format(minute, found.speaker or "(note)", found.snippet))
end
