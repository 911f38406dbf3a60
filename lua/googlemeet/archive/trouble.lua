--- What is wrong with a store: the kind of the error, and what to do.

local core = require "googlemeet.core"

local trouble = {}

local REASONS = {
  absent = { "config", "make its folder, let this user write there, or give another path" },
  damaged = { "config", "set the file aside (sqlite3's '.recover' may read the rest of it), then "
    .. "begin a new archive: it gets all that the server still has" },
  denied = { "config", "let this user write the file and its folder, or give another path; a disk "
    .. "may be mounted to be read only. What an interrupted run left is undone by the first who "
    .. "may write" },
  full = { "config", "make room on the disk, then run it again: what is stored stays" },
  lacking = { "config", "use an SQLite that has FTS5, as Debian's has, or look with LIKE in the "
    .. "table transcript_entries" },
  locked = { "conflict", "run it again when the other run, or the program that holds the store, "
    .. "has ended; nothing was changed" },
  name = { "config", "give the store a shorter path" },
  size = { "too_large", "the store cannot hold so large a value" },
  type = { "config", "remove what is in the place of the file" },
  value = { "decode", "the server sent what it never should: it is asked again by the next run" },
}

--- What SQLite's messages begin with.
local MESSAGES = {
  { "database is locked", "locked" }, { "database table is locked", "locked" },
  { "database or disk is full", "full" }, { "attempt to write a readonly database", "denied" },
  { "access permission denied", "denied" },
  { "unable to open database file", "absent" },
  { "database disk image is malformed", "damaged" }, { "malformed database schema", "damaged" },
  { "file is not a database", "damaged" },
  { "no such module: fts5", "lacking" },
  { "string or blob too big", "size" }, { "statement too long", "size" },
  { "NOT NULL constraint failed", "value" }, { "UNIQUE constraint failed", "value" },
}

local function row_of(reason)
  local row = REASONS[reason]
  if row then return row[1], row[2] end
  return "config", "correct what the message names, then run it again: what is stored stays"
end

--- Return the kind and the hint for a file that cannot be used.
---@param number? integer the error's number
---@return googlemeet.Kind kind
---@return string hint
function trouble.of_file(number)
  return row_of(core.file.reason(number))
end

--- Return the kind and the hint for a message of SQLite.
---@param message string
---@return googlemeet.Kind kind
---@return string hint
function trouble.of_sqlite(message)
  for _, row in ipairs(MESSAGES) do
    if message:sub(1, #row[1]) == row[1] then return row_of(row[2]) end
  end
  return row_of(nil)
end

--- What to do where the server has sent what cannot be used or kept.
trouble.DATA = REASONS.value[2]

--- Return the kind and the hint for a store that another run has.
---@return googlemeet.Kind kind
---@return string hint
function trouble.locked()
  return row_of "locked"
end

return trouble
