--- An archive store: an SQLite database with one transaction per conference.
--
-- The tables are those of `googlemeet.archive.tables`, with the columns of `archive.schema`,
-- `manifest`, `checksums`, and `files` with the rows of files, texts among them; the first search
-- adds an index (see `archive.index`). SQLite's journal guarantees that a killed process or a power
-- failure leaves all of a conference or nothing. One run at a time holds the lock `PATH-lock`;
-- reading takes none, and changes nothing. Recordings lie in the folder `PATH-files`. It requires
-- the module luasql.sqlite3.

local core = require "googlemeet.core"
local database = require "googlemeet.archive.database"
local entry = require "googlemeet.archive.entry"
local failure = require "googlemeet.failure"
local folder = require "googlemeet.archive.folder"
local hints = require "googlemeet.archive.hints"
local index = require "googlemeet.archive.index"
local lines = require "googlemeet.archive.lines"
local lock = require "googlemeet.archive.lock"
local misuse = require "googlemeet.misuse"
local plan = require "googlemeet.archive.plan"
local rows_of = require "googlemeet.archive.file_rows"
local schema = require "googlemeet.archive.schema"
local search = require "googlemeet.archive.search"
local tables = require "googlemeet.archive.tables"

local sqlite = {}

--- Milliseconds to wait for another process that writes.
local BUSY_TIMEOUT = 10000
local IN_MEMORY = ":memory:"

local execute, in_transaction = database.execute, database.in_transaction

local Store = misuse.guard({ __name = "googlemeet.archive.sqlite", __index = {} }, "a store")

local function fail(kind, hint, format, ...)
  return nil, failure.new(kind, "archive.sqlite: " .. format:format(...), hint)
end

--- Return an error from a message of SQLite.
local function fail_with(self, message)
  local kind, hint = hints.of_sqlite(message)
  return fail(kind, hint, "%s: %s", self.path, message)
end

--- Say whether the database is an archive, without a lock.
---@return boolean|nil is_archive false: it is empty
---@return string? message why it is none, or cannot be read
local function look(connection)
  local rows, message = execute(connection, schema.LOOK)
  if not rows then return nil, message end
  local application, version = math.tointeger(rows[1].application), math.tointeger(rows[1].version)
  if application == schema.APPLICATION then
    if version == schema.VERSION then return true end
    return nil, ("it is an archive of version %d; this module supports version %d"):format(version,
      schema.VERSION)
  end
  if application == 0 and version == 0 and tonumber(rows[1].objects) == 0 then return false end
  return nil, "it is not an archive but another database"
end

--- Create the tables of a new database; refuse any other database and another version.
local function prepare(connection)
  local is_archive, message = look(connection) -- another process may have made it meanwhile
  if is_archive ~= false then return is_archive, message end
  return database.execute_all(connection, schema.create())
end

local function check_open(self)
  if not self.connection then error("the store is closed", 3) end
end

--- Lock the store against other runs, of this process too.
---@return googlemeet.ArchiveLock? lock to be closed
---@return googlemeet.Error? err of kind `conflict` when another run has it
function Store.__index:lock()
  check_open(self)
  return lock.take(self, self.path ~= IN_MEMORY and self.path .. "-lock" or nil)
end

--- Return the rows of a query of a table that an archive may lack: then there are none.
local function query_newer(connection, name, query)
  local rows, message = execute(connection,
    ("SELECT 1 FROM sqlite_master WHERE name = '%s'"):format(name))
  if not rows or #rows == 0 then return rows, message end
  return execute(connection, query)
end

--- Return the checksums by conference.
local function read_checksums(connection)
  local rows, message = query_newer(connection, "checksums",
    "SELECT record, checksum FROM checksums")
  if not rows then return nil, message end
  local checksums = {}
  for _, row in ipairs(rows) do
    if row.record then checksums[row.record] = row.checksum end -- a damaged row may lack it
  end
  return checksums
end

--- Say whether a conference has the resources that were stored.
local function is_intact(connection, name, checksum)
  local rows, message = execute(connection, schema.content(name))
  if not rows then return nil, message end
  for number, row in ipairs(rows) do
    rows[number] = lines.row(tables.all[math.tointeger(row.place)], row.resource)
  end
  return core.file.checksum(table.concat(rows)) == checksum
end

--- Return the stored resources of a conference by table; nil when there are none to be read.
---@param name string
---@return table<string, table[]>? found
function Store.__index:read(name)
  if type(name) ~= "string" then error("store:read: the name of a record expected", 2) end
  check_open(self)
  local rows = execute(self.connection, schema.content(name))
  for number, row in ipairs(rows or {}) do
    rows[number] = lines.row(tables.all[math.tointeger(row.place)], row.resource)
  end
  return rows and lines.read(table.concat(rows))
end

--- Mark complete conferences as due again whose resources are not those that were stored.
local function verify(connection, entries)
  local checksums, message = read_checksums(connection)
  if not checksums then return nil, message end
  for _, kept in ipairs(entries) do
    if kept.state == "complete" and checksums[kept.name] then
      local intact, why = is_intact(connection, kept.name, checksums[kept.name])
      if intact == nil then return nil, why end
      if not intact then kept.state = "due" end
    end
  end
  return true
end

--- Return the entries of all stored conferences, the next to expire first. Within a lock they are
-- verified by their checksums: elsewhere that would keep a run from writing.
---@return googlemeet.ArchiveEntry[]?
---@return googlemeet.Error? err
function Store.__index:manifest()
  check_open(self)
  local rows, message = execute(self.connection, "SELECT * FROM manifest")
  if not rows then return fail_with(self, message) end
  local entries = {}
  for _, row in ipairs(rows) do
    row.counts = row
    entries[#entries + 1] = entry.read(row)
  end
  if lock.is_held(self) then
    local ok, why = verify(self.connection, entries)
    if not ok then return fail_with(self, why) end
  end
  return plan.sort(entries)
end

--- Replace the resources of a conference.
---@return true|nil
---@return string? message
---@return string? reason why a resource cannot be kept, whatever the database
local function replace(connection, record, found)
  local rows = {}
  local ok, message = database.execute_all(connection, schema.CHECKSUMS)
  if not ok then return nil, message end
  for _, name in ipairs(tables.all) do
    ok, message = execute(connection, schema.clear(name, record))
    if not ok then return nil, message end
    for position, resource in ipairs(found[name]) do
      local statement, json = schema.keep(name, record, position, resource)
      if not statement then return nil, json, json end
      ok, message = execute(connection, statement)
      if not ok then return nil, message end
      rows[#rows + 1] = lines.row(name, json)
    end
  end
  return execute(connection, schema.seal(record, core.file.checksum(table.concat(rows))))
end

--- Store a conference in one transaction.
---@param given googlemeet.ArchiveEntry
---@param found? table<string, table[]> resources by table; without it the stored resources stay
---@return true|nil
---@return googlemeet.Error? err
function Store.__index:put(given, found)
  check_open(self)
  local new = entry.read(given)
  if not new then error("store:put: an entry with a name expected", 2) end
  local reason -- why the data cannot be kept
  local ok, message = in_transaction(self.connection, function(connection)
    if found then
      local replaced, why
      replaced, why, reason = replace(connection, new.name, found)
      if not replaced then return nil, why end
    end
    return execute(connection, schema.note(new))
  end)
  if reason then return fail("decode", hints.DATA, "%s: %s", new.name, reason) end
  if not ok then return fail_with(self, message) end
  if found then index.keep(self.connection, new.name) end
  return true
end

--- Return the path of the folder of recordings, which is made if it does not exist.
---@return string? path
---@return googlemeet.Error? err
function Store.__index:folder()
  check_open(self)
  if self.path == IN_MEMORY then
    return fail("config", "give the path of a file", "a database in memory has no folder for "
      .. "recordings")
  end
  return folder.make(self.path .. "-files")
end

--- Return the rows of a conference's files; those that are damaged are left out.
---@param name string
---@return googlemeet.ArchiveFile[]?
---@return googlemeet.Error? err
function Store.__index:files(name)
  if type(name) ~= "string" then error("store:files: the name of a record expected", 2) end
  check_open(self)
  local rows, message = query_newer(self.connection, "files", schema.files(name))
  if not rows then return fail_with(self, message) end
  local list = {}
  for _, row in ipairs(rows) do list[#list + 1] = rows_of.decode(row.resource, row.checksum) end
  return folder.verify(list, self.path .. "-files")
end

--- Store the rows of a conference's files in place of those stored before, in one transaction.
---@param name string
---@param list googlemeet.ArchiveFile[]
---@return true|nil
---@return googlemeet.Error? err
function Store.__index:put_files(name, list)
  if type(name) ~= "string" then error("store:put_files: the name of a record expected", 2) end
  check_open(self)
  local reason
  index.mark(self.connection, name)
  local ok, message = in_transaction(self.connection, function(connection)
    local statements = { table.unpack(schema.FILES) }
    statements[#statements + 1] = schema.clear("files", name)
    for position, row in ipairs(list) do
      statements[#statements + 1], reason = schema.keep_file(name, position, row)
      if reason then return nil, reason end
    end
    return database.execute_all(connection, statements)
  end)
  if reason then return fail("decode", hints.DATA, "%s: %s", name, reason) end
  if not ok then return fail_with(self, message) end
  index.mark(self.connection, name) -- a search may have indexed the old ones meanwhile
  index.keep(self.connection, name)
  return true
end

--- Find entries of transcripts, and notes whose texts are there, that have all words.
---@param words string of any kind: nothing in it is syntax
---@param opts? googlemeet.ArchiveSearchOptions
---@return googlemeet.ArchiveHit[]? hits the best first
---@return googlemeet.Error? err of kind `config`: SQLite lacks FTS5, or the index cannot be written
function Store.__index:search(words, opts)
  local wanted, problem = search.read(words, opts)
  if not wanted then error("store:search: " .. problem, 2) end
  check_open(self)
  if wanted.count > search.MOST_WORDS then
    return fail("invalid", "search for fewer words", "search: %d words, and %d are the most",
      wanted.count, search.MOST_WORDS)
  end
  local hits, message = search.find(self.connection, wanted)
  if not hits then return fail_with(self, message) end
  return hits
end

--- Close the database; may be repeated.
function Store.__index:close()
  local connection = self.connection
  self.connection = nil
  if connection then
    connection:close()
    self.environment:close()
  end
  return true
end

Store.__close = Store.__index.close

--- Load LuaSQL, or return nil and an error.
local function load_module()
  local ok, module = pcall(function() return require "luasql.sqlite3" end)
  if ok then return module end
  local reason = tostring(module):match "^[^\n]*"
  return fail("config", "install it", "the Lua module luasql.sqlite3 is required (Debian's package "
    .. "lua-sql-sqlite3, the rock luasql-sqlite3): %s", reason)
end

--- Create the file of a new database: SQLite would make it readable to everybody, and follow a
-- link.
local function make(path)
  if path == IN_MEMORY then return true end
  if core.file.list(path) then
    return fail("config", "give the path of a file, or open it as a directory's archive",
      "%s: unable to open database file: it is a directory", path)
  end
  local made, message, number = core.file.touch(path)
  if made or core.file.reason(number) ~= "type" then return true end -- SQLite says the rest
  local kind, hint = hints.of_file(number)
  return fail(kind, hint, "%s", message)
end

--- Check a path. LuaSQL takes one with ":memory:" in it for a database in memory, and one that
-- begins with "file:" for a URI, which may name such a database.
local function check_path(path)
  if type(path) ~= "string" or path == "" or path:find("\0", 1, true) then
    error("archive.sqlite: the path of a database expected", 3)
  end
  if path ~= IN_MEMORY and (path:find(IN_MEMORY, 1, true) or path:find "^file:") then
    error(("archive.sqlite: the path of a database expected, not %q: with ':memory:' in it, or "
      .. "'file:' before it, SQLite would keep nothing"):format(path), 3)
  end
end

--- Open a database as a store; it is created if it does not exist.
---@param path string
---@return googlemeet.ArchiveStore? store
---@return googlemeet.Error? err of kind config: no module luasql.sqlite3, or not an archive
function sqlite.open(path)
  check_path(path)
  local luasql, err = load_module()
  if not luasql then return nil, err end
  local made, reason = make(path)
  if not made then return nil, reason end
  local environment = luasql.sqlite3()
  local connection, message = environment:connect(path)
  if not connection then
    environment:close()
    return fail_with({ path = path }, database.message(message))
  end
  local store = setmetatable({
    path = path, environment = environment, connection = connection,
  }, Store)
  local ok, why = execute(connection, "PRAGMA busy_timeout = " .. BUSY_TIMEOUT)
  if ok then ok, why = look(connection) end
  if ok == false then ok, why = in_transaction(connection, prepare) end
  if ok then return store end
  store:close()
  return fail_with(store, why)
end

return sqlite
