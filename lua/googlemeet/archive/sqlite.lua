--- An archive store: an SQLite database with one transaction per conference.
--
-- The tables are those of `googlemeet.archive.tables`, with the columns of `archive.schema`, and
-- `manifest`. SQLite's journal guarantees that a killed process or a power failure leaves all of a
-- conference or nothing. It requires the module luasql.sqlite3.

local core = require "googlemeet.core"
local plan = require "googlemeet.archive.plan"
local schema = require "googlemeet.archive.schema"
local tables = require "googlemeet.archive.tables"

local sqlite = {}

--- Milliseconds to wait for another process that writes.
local BUSY_TIMEOUT = 10000

local Store = { __name = "googlemeet.archive.sqlite", __index = {} }

local function fail(kind, format, ...)
  return nil, core.error.new(kind, "archive.sqlite: " .. format:format(...))
end

--- Run a statement; return its rows, or nil and a message.
local function execute(connection, statement)
  local cursor, message = connection:execute(statement)
  if not cursor then return nil, (message:gsub("^LuaSQL: ", "")) end
  local rows = {}
  if type(cursor) == "number" then return rows end
  local row
  repeat
    row, message = cursor:fetch({}, "a")
    rows[#rows + 1] = row
  until not row
  cursor:close()
  if message then return nil, (message:gsub("^LuaSQL: ", "")) end
  return rows
end

--- Call `act(connection)` in a transaction, which is rolled back unless it returns true.
---@return true|nil
---@return string? message
local function in_transaction(connection, act)
  local ok, message = execute(connection, "BEGIN IMMEDIATE")
  if not ok then return nil, message end
  local is_over = false
  local _ <close> = setmetatable({}, { __close = function()
    if not is_over then execute(connection, "ROLLBACK") end
  end })
  ok, message = act(connection)
  if ok then ok, message = execute(connection, "COMMIT") end
  is_over = ok ~= nil
  if not ok then return nil, message end
  return true
end

local function number_of(connection, statement, name)
  local rows, message = execute(connection, statement)
  if not rows then return nil, message end
  return math.tointeger(rows[1][name])
end

--- Create the tables of a new database; refuse any other database and another version.
local function prepare(connection)
  local application, message = number_of(connection, "PRAGMA application_id", "application_id")
  if not application then return nil, message end
  local version = number_of(connection, "PRAGMA user_version", "user_version")
  if application == schema.APPLICATION and version == schema.VERSION then return true end
  if application == schema.APPLICATION then
    return nil, ("it is an archive of version %d; this module supports version %d"):format(version,
      schema.VERSION)
  end
  local objects = number_of(connection, "SELECT count(*) AS n FROM sqlite_master", "n")
  if application ~= 0 or version ~= 0 or objects ~= 0 then
    return nil, "it is not an archive but another database"
  end
  for _, statement in ipairs(schema.create()) do
    local ok, why = execute(connection, statement)
    if not ok then return nil, why end
  end
  return true
end

local function check_open(self)
  if not self.connection then error("the store is closed", 3) end
end

--- Return the entries of all stored conferences, the next to expire first.
---@return googlemeet.ArchiveEntry[]?
---@return googlemeet.Error? err
function Store.__index:manifest()
  check_open(self)
  local rows, message = execute(self.connection, "SELECT * FROM manifest")
  if not rows then return fail("config", "%s: %s", self.path, message) end
  for _, row in ipairs(rows) do
    row.counts = {}
    for _, part in ipairs(tables.parts) do row.counts[part], row[part] = row[part], nil end
  end
  return plan.sort(rows)
end

--- Replace the resources of a conference.
local function replace(connection, record, found)
  for _, name in ipairs(tables.all) do
    local ok, message = execute(connection, schema.clear(name, record))
    if not ok then return nil, message end
    for position, resource in ipairs(found[name]) do
      local statement
      statement, message = schema.keep(name, record, position, resource)
      if not statement then return nil, message end
      ok, message = execute(connection, statement)
      if not ok then return nil, message end
    end
  end
  return true
end

--- Store a conference in one transaction.
---@param entry googlemeet.ArchiveEntry
---@param found? table<string, table[]> resources by table; without it the stored resources stay
---@return true|nil
---@return googlemeet.Error? err
function Store.__index:put(entry, found)
  check_open(self)
  local ok, message = in_transaction(self.connection, function(connection)
    if found then
      local replaced, why = replace(connection, entry.name, found)
      if not replaced then return nil, why end
    end
    return execute(connection, schema.note(entry))
  end)
  if not ok then return fail("config", "%s: %s", self.path, message) end
  return true
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
  return fail("config", "the Lua module luasql.sqlite3 is required (Debian's package "
    .. "lua-sql-sqlite3, the rock luasql-sqlite3): %s", reason)
end

--- Open a database as a store; it is created if it does not exist.
---@param path string
---@return googlemeet.ArchiveStore? store
---@return googlemeet.Error? err of kind config: no module luasql.sqlite3, or not an archive
function sqlite.open(path)
  if type(path) ~= "string" or path == "" or path:find("\0", 1, true) then
    error("archive.sqlite: the path of a database expected", 2)
  end
  local luasql, err = load_module()
  if not luasql then return nil, err end
  local environment = luasql.sqlite3()
  local connection, message = environment:connect(path)
  if not connection then
    environment:close()
    return fail("config", "%s: %s", path, (message:gsub("^LuaSQL: ", "")))
  end
  local store = setmetatable({
    path = path, environment = environment, connection = connection,
  }, Store)
  local ok, why = execute(connection, "PRAGMA busy_timeout = " .. BUSY_TIMEOUT)
  if ok then ok, why = in_transaction(connection, prepare) end
  if ok then return store end
  store:close()
  return fail("config", "%s: %s", path, why)
end

return sqlite
