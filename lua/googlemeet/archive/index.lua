--- Keeps the index for searches in step with the archive.
--
-- The first search builds it, so that an archive that nobody searches pays nothing. From then on
-- `index.keep` brings it up to date, in the transaction that changes the archive. Whoever writes
-- without it leaves a conference marked (see `archive.fts5`), for the next search.

local database = require "googlemeet.archive.database"
local fts5 = require "googlemeet.archive.fts5"

local index = {}

local execute, execute_all = database.execute, database.execute_all

--- Index the texts of a conference in place of those that it had.
local function fill(connection, id)
  local rows, message = execute(connection, fts5.texts(id))
  if not rows then return nil, message end
  local statements = { fts5.forget(id) }
  for number, row in ipairs(rows) do statements[number + 1] = fts5.add(id, number, row) end
  statements[#statements + 1] = fts5.done(id, #rows)
  return execute_all(connection, statements)
end

--- Bring the index up to date: that of one conference, or all.
local function update(connection, record)
  local rows, message = execute(connection, fts5.marked(record))
  for _, row in ipairs(rows or {}) do
    local ok, why = fill(connection, math.tointeger(row.id))
    if not ok then return nil, why end
  end
  return rows, message
end

local function has_index(connection)
  local rows, message = execute(connection, fts5.EXISTS)
  return rows and #rows > 0, message
end

--- Bring the index of a conference up to date, in the transaction that has changed it. Without an
-- index nothing is done. A failure leaves the conference marked: the archive matters more.
---@param connection any
---@param record string resource name
---@return boolean|nil
---@return string? message why the transaction is lost
function index.keep(connection, record)
  local exists, message = has_index(connection)
  if not exists then return exists ~= nil, message end
  local ok
  ok, message = execute(connection, "SAVEPOINT marked")
  if not ok then return nil, message end
  ok, message = update(connection, record)
  -- A second one has FTS5 write what it holds in memory, which a damaged index may refuse.
  if ok then ok, message = execute(connection, "SAVEPOINT written") end
  if not ok and not execute(connection, "ROLLBACK TO marked") then return nil, message end
  local released, why = execute(connection, "RELEASE marked")
  return released and true, why
end

--- Build the index if there is none, and bring it up to date.
---@param connection any in a transaction
---@return any
---@return string? message
function index.build(connection)
  local exists, message = has_index(connection)
  if exists == false then exists, message = execute_all(connection, fts5.create()) end
  if not exists then return nil, message end
  return update(connection)
end

--- Build the index anew, for it is damaged.
---@param connection any in a transaction
---@return any
---@return string? message
function index.rebuild(connection)
  local ok, message = execute_all(connection, fts5.DROP)
  if not ok and message:find "^no such module" then return nil, message end
  if not ok then
    ok, message = execute_all(connection, fts5.DISCARD)
    execute(connection, "PRAGMA writable_schema = 0") -- where it has failed halfway
  end
  if not ok then return nil, message end
  return index.build(connection)
end

return index
