--- Errors of a store: their kinds, and hints about what to do.

local core = require "googlemeet.core"

local hints = {}

local REASONS = {
  absent = { "config", "create its folder, let this user write there, or give another path" },
  damaged = { "config", "move the file away (sqlite3's '.recover' may read the rest of it), then "
    .. "start a new archive: it gets everything that the server still has" },
  denied = { "config", "let this user write to the file and its folder, or give another path; the "
    .. "disk may be mounted read-only. The first run that may write undoes what an interrupted run "
    .. "left" },
  full = { "config", "free some disk space, then run it again: what is stored stays" },
  lacking = { "config", "use an SQLite that has FTS5, as Debian's has, or search the table "
    .. "transcript_entries with LIKE" },
  locked = { "conflict", "run it again when the other run, or the program that holds the store, "
    .. "has ended; nothing was changed" },
  name = { "config", "give the store a shorter path" },
  size = { "too_large", "the store cannot hold so large a value" },
  type = { "config", "remove what has the file's name" },
  value = { "decode", "the server sent a malformed resource: the next run asks for it again" },
}

--- The first words of SQLite's messages.
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
function hints.of_file(number)
  return row_of(core.file.reason(number))
end

--- Return the kind and the hint for a message of SQLite.
---@param message string
---@return googlemeet.Kind kind
---@return string hint
function hints.of_sqlite(message)
  for _, row in ipairs(MESSAGES) do
    if message:sub(1, #row[1]) == row[1] then return row_of(row[2]) end
  end
  return row_of(nil)
end

--- The hint for a malformed resource from the server.
hints.DATA = REASONS.value[2]

--- Return the kind and the hint for a store that another run holds.
---@return googlemeet.Kind kind
---@return string hint
function hints.locked()
  return row_of "locked"
end

return hints
