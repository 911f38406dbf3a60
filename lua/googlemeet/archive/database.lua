--- Statements and transactions of an SQLite database, by LuaSQL.

local database = {}

--- Return a message of LuaSQL without its prefix.
---@param text any
---@return string
function database.message(text)
  return (tostring(text):gsub("^LuaSQL: ", ""))
end

--- Run a statement; return its rows, or nil and a message.
---@param connection any
---@param statement string
---@return table<string, any>[]? rows
---@return string? message
function database.execute(connection, statement)
  local cursor, message = connection:execute(statement)
  if not cursor then return nil, database.message(message) end
  local rows = {}
  if type(cursor) == "number" then return rows end
  -- A connection with an open cursor cannot be closed.
  local _ <close> = setmetatable({}, { __close = function() cursor:close() end })
  local row
  repeat
    row, message = cursor:fetch({}, "a")
    -- LuaSQL 2.8 gives one empty row where there is none. No statement's rows have nulls alone.
    if row and next(row) ~= nil then rows[#rows + 1] = row end
  until not row
  if message then return nil, database.message(message) end
  return rows
end

--- Run statements, one after another, until one fails.
---@param connection any
---@param statements string[]
---@return true?
---@return string? message
function database.execute_all(connection, statements)
  for _, statement in ipairs(statements) do
    local ok, message = database.execute(connection, statement)
    if not ok then return nil, message end
  end
  return true
end

--- Call `act(connection)` in a transaction, which is rolled back unless it returns true.
---@param connection any
---@param act fun(connection: any): any, string?
---@param kind? "DEFERRED" for what only reads: it waits for nobody who writes
---@return true?
---@return string? message
function database.in_transaction(connection, act, kind)
  local ok, message = database.execute(connection, "BEGIN " .. (kind or "IMMEDIATE"))
  if not ok then return nil, message end
  local is_over = false
  local _ <close> = setmetatable({}, { __close = function()
    if not is_over then database.execute(connection, "ROLLBACK") end
  end })
  ok, message = act(connection)
  if ok then ok, message = database.execute(connection, "COMMIT") end
  is_over = ok and true or false
  if not ok then return nil, message end
  return true
end

return database
