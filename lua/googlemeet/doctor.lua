--- Diagnoses why calls fail: one row for each step of contract/gateway.md, "Troubleshooting".
-- It sends a few reads. No row contains a secret.

local connections = require "googlemeet.connections"
local core = require "googlemeet.core"
local http_date = require "googlemeet.http_date"

local doctor = {}

local DEADLINE = 30 -- seconds for each read
local APP = "google-meet" -- contract/gateway.md, "Addresses"
local MOST_SKEW = 60 -- seconds; a header says whole ones, and took a while
local LAPSES = 30 * 86400 -- seconds after which a consent may lapse; contract/gateway.md, 500

local RECONNECT = "create a new connection (client.connections:connect), wait until it is ACTIVE, "
  .. "then delete the old one"
local APPROVE = "create a connection with client.connections:connect, and have a person approve it"

--- The checks, in order. One for each entry of the option `connections` follows.
local CHECKS = {
  "key set", "proxy", "limiter", "base URL", "clock", "key good", "connections",
  "connection chosen", "connection age", "app segment", "read",
}

--- Describe an error in one line, without its hint.
local function describe(err)
  local status = err.status and (" (%d)"):format(err.status) or ""
  return ("%s%s: %s"):format(err.kind, status, err.message)
end

--- Set the row of a check.
local function set(found, check, ok, detail, advice)
  found[check] = { check = check, ok = ok, detail = detail, advice = advice }
end

--- Return the name of the check of an entry of the option `connections`.
local function check_of(entry)
  return "connection for " .. entry.option:match "%.(.*)"
end

--- Return the names of all checks of a client. Without a shared limit there is no check of the
-- limiter.
local function checks_of(found, client)
  local checks = {}
  for _, check in ipairs(CHECKS) do
    if found[check] or check ~= "limiter" then checks[#checks + 1] = check end
  end
  for _, entry in ipairs(client and core.app.given(client) or {}) do
    checks[#checks + 1] = check_of(entry)
  end
  return checks
end

--- Return all rows in order, fit to be shown. A check without a row was not reached.
local function rows_of(found, client)
  local function show(text)
    if not text then return nil end
    return client and core.text.shown(client, text) or core.text.plain(text)
  end
  local rows = {}
  for index, check in ipairs(checks_of(found, client)) do
    local row = found[check] or { check = check, detail = "not checked" }
    row.detail, row.advice = show(row.detail), show(row.advice)
    rows[index] = row
  end
  return rows
end

--- The check that a failed first read belongs to, by kind of error; others are about the base URL.
local BLAMED = {
  auth = "key good", permission = "key good", rate_limited = "key good",
  server = "key good",
}

local ADVICE = {
  ["key set"] = "set MATON_API_KEY in this shell to a key from Maton's settings",
  ["base URL"] = "use the gateway's root, such as https://api.maton.ai, without /google-meet",
  ["key good"] = "copy the key from Maton's settings; in some shells a pipe loses the variable",
  proxy = "the proxy may have caused the failure: check it, or name the gateway's host in no_proxy",
}

--- Set the row of the proxy, without its user and password.
local function check_proxy(found, proxy)
  if not proxy then return set(found, "proxy", true, "none is used") end
  local scheme = proxy:match "^%w+://" or ""
  local host = proxy:sub(#scheme + 1):gsub("^.*@", "")
  set(found, "proxy", true, scheme .. host .. ", unless no_proxy names the gateway's host")
end

--- Return the names of a table in order, each as `format` shows it and its number.
local function list_of(numbers, format)
  local lines = {}
  for name, number in pairs(numbers) do lines[#lines + 1] = format:format(name, number) end
  table.sort(lines)
  return table.concat(lines, ", ")
end

--- Describe the status of a limiter.
local function describe_limiter(status)
  local users, parts = status.users or 0, {}
  local taken, paused = status.taken or {}, status.paused or {}
  if type(users) == "table" then
    local processes = #users > 0 and ": " .. table.concat(users, ", ") or ""
    parts[1] = ("processes with a place now or in the last minute: %d%s"):format(#users, processes)
  else
    parts[1] = ("users in the last minute: %s"):format(users)
  end
  if next(taken) then parts[2] = "places taken: " .. list_of(taken, "%s %s") end
  if next(paused) then
    parts[#parts + 1] = "paused after a 429: " .. list_of(paused, "%s for %.0f s")
  end
  return table.concat(parts, "; ")
end

--- Set the row of the limiter that the client shares; false when it cannot be asked.
local function check_limiter(found, limiter)
  if not limiter then return true end
  if not limiter.status then
    set(found, "limiter", true, "custom, without status")
    return true
  end
  local status, err = limiter.status()
  if status then
    set(found, "limiter", true, describe_limiter(status))
  else
    local is_table = type(err) == "table"
    set(found, "limiter", false, is_table and describe(err) or tostring(err), is_table and err.hint
      or "find out why it cannot be asked: nothing is sent without it")
  end
  return status ~= nil
end

--- Words in the message about a malformed setting, and the checks that they belong to.
local SETTINGS = {
  { "MATON_API_URL", "base URL" }, { "base URL", "base URL" },
  { "MATON_CONNECTION", "connection chosen" }, { "connection", "connection chosen" },
  { "proxy", "proxy" },
}

--- Set the row of a malformed setting.
local function blame_setting(found, err)
  local check = "key set"
  for _, row in ipairs(SETTINGS) do
    if err.message:find(row[1], 1, true) then check = row[2] break end
  end
  set(found, check, false, describe(err), check ~= "proxy" and ADVICE[check] or err.hint)
end

--- Set the rows that a failed first read decides. 429 and 5xx say nothing about the key.
local function blame(found, err, base_url, proxy)
  if err.kind == "config" then return blame_setting(found, err) end
  local check = BLAMED[err.kind] or "base URL"
  if proxy and check == "base URL" then -- it stands between
    set(found, "proxy", nil, found.proxy.detail, ADVICE.proxy)
  end
  if check == "key good" then set(found, "base URL", true, base_url .. " answers") end
  if err.kind == "rate_limited" or err.kind == "server" then
    set(found, check, nil, describe(err), err.hint)
  else
    local answered = err.status and err.kind ~= "transport" -- else the kind's hint fits
    set(found, check, false, describe(err), not answered and err.hint or ADVICE[check])
  end
end

--- Compare this machine's clock with the server's.
local function check_clock(found, client)
  local body, response = client:request("GET", "/connections",
    { query = { app = APP }, deadline = DEADLINE })
  local now = body ~= nil and http_date(response.headers.date)
  if not now then
    return set(found, "clock", nil, "the server sends no date")
  end
  local ahead = os.time() - now
  if math.abs(ahead) <= MOST_SKEW then
    return set(found, "clock", true, "this machine's clock agrees with the server's")
  end
  set(found, "clock", true, ("this machine's clock is %d s %s the server's"):format(
    math.abs(ahead), ahead > 0 and "ahead of" or "behind"),
    "set it: filters by time, waits for files and minutes of presence depend on it")
end

--- Return the connections of a status.
local function with_status(list, status)
  local some = {}
  for _, connection in ipairs(list) do
    if connection.status == status then some[#some + 1] = connection end
  end
  return some
end

local function describe_all(list)
  local lines = {}
  for index, connection in ipairs(list) do lines[index] = connections.describe(connection) end
  return table.concat(lines, "; ")
end

local function check_connections(found, list)
  local active, pending = with_status(list, "ACTIVE"), with_status(list, "PENDING")
  local waits = #pending > 0 and ("%d PENDING: a person has to open its page, the url of "
    .. "client.connections:get(id)"):format(#pending) or nil
  local failed = #with_status(list, "FAILED") > 0 and "FAILED ones can be deleted" or nil
  set(found, "connections", #active > 0, #list == 0 and "there are none" or describe_all(list),
    waits or #active == 0 and APPROVE or failed)
end

local function find(list, id)
  for _, connection in ipairs(list) do
    if connection.connection_id == id then return connection end
  end
end

--- Explain an id that is not among the connections of the app.
local function describe_stranger(client, id, app)
  local other, err = client.connections:get(id, { deadline = DEADLINE })
  if other and other.app and other.app ~= app then
    return ("%s is a connection of the app %s, not of %s"):format(id, tostring(other.app), app)
  end
  return ("%s is not a %s connection%s"):format(id, app, err and "; " .. describe(err) or "")
end

--- Check which connection calls use; return the candidates.
local function check_choice(found, client, list, id, err)
  local active = with_status(list, "ACTIVE")
  if not id then
    if err and err.kind == "connection" and not err.status then -- "only", or a function
      set(found, "connection chosen", false, describe(err), err.hint)
    elseif #active == 1 then
      set(found, "connection chosen", true, "none given, the only ACTIVE one is used")
    elseif #active > 1 then
      set(found, "connection chosen", true, ("none given, %d are ACTIVE"):format(#active),
        "the gateway picks one, possibly of the wrong account: set the option 'connection'")
    end
    return active
  end
  local chosen = find(list, id)
  local good = chosen ~= nil and chosen.status == "ACTIVE"
  set(found, "connection chosen", good,
    chosen and connections.describe(chosen) or describe_stranger(client, id, APP),
    not good and "pass the id of an ACTIVE one as the option 'connection', or in MATON_CONNECTION"
      or nil)
  return { chosen }
end

local function oldest_age(list)
  local oldest
  for _, connection in ipairs(list) do
    local age = connections.age(connection)
    if age and (not oldest or age > oldest) then oldest = age end
  end
  return oldest
end

--- Check the age: a consent may lapse after about a month, and the gateway then responds with 500.
local function check_age(found, candidates, err)
  local age = oldest_age(candidates)
  if not age then return end
  local detail, advice, broken = ("%d days"):format(math.max(0, age) // 86400), nil, false
  if age > LAPSES then
    broken = err ~= nil and err.status == 500 and err.origin == "gateway"
    advice = broken and RECONNECT or "over a month: if calls fail with 500, " .. RECONNECT
  end
  set(found, "connection age", not broken, detail, advice)
end

--- Check whether the second read reached Google through /google-meet/.
local function check_segment(found, err)
  local segment = "calls go to /google-meet/v2"
  if not err or err.origin == "google" or err.kind == "connection" and err.status then
    set(found, "app segment", true, segment)
  elseif err.status == 404 or err.status == 405 then
    set(found, "app segment", false, segment .. ", which the gateway does not have: "
      .. describe(err), ADVICE["base URL"])
  end
end

local function check_read(found, record, err)
  if err then
    set(found, "read", false, "conference_records:list: " .. describe(err), err.hint)
  else
    set(found, "read", true, "conference_records:list answers"
      .. (record and "" or ", but there is no conference in the last 30 days"))
  end
end

--- Return the connection that an entry of the option `connections` names, or nil and an error; nil
-- and a text where the id is not one of the app.
local function find_given(client, entry)
  local asking <close> = client:with { deadline = DEADLINE }
  local what = entry.connection
  if what == "only" or type(what) == "function" then
    return asking.connections:select(what, { app = entry.app })
  end
  local list, err = asking.connections:list({ app = entry.app }):all()
  if not list then return nil, err end
  local connection = find(list, what)
  return connection, not connection and describe_stranger(asking, what, entry.app) or nil
end

--- Check the connection of another app, by reads of the gateway only.
local function check_app(found, client, entry)
  local check, connection, err = check_of(entry), find_given(client, entry)
  if type(err) == "table" then
    local ok -- open, unless "only" or a function was answered
    if err.kind == "connection" and not err.status then ok = false end
    set(found, check, ok, describe(err), err.hint)
  elseif not connection or connection.status ~= "ACTIVE" then
    set(found, check, false, err or connections.describe(connection),
      select(2, core.app.find(entry.app)))
  else
    local age = connections.age(connection)
    set(found, check, true, connections.describe(connection),
      age and age > LAPSES and "over a month: if calls fail with 500, " .. RECONNECT or nil)
  end
end

--- Diagnose the result of `meet.new`: `meet.doctor.rows(meet.new())`, or `client:doctor()`.
--
-- `ok` is true, false, or nil for a check that an earlier failure prevented. `advice` says what to
-- do, if anything; with `ok = true` it is a warning. Failures of network and servers are reported
-- in the rows, never raised.
---@param client googlemeet.Client|nil
---@param err? googlemeet.Error why there is no client
---@return { check: string, ok: boolean?, detail: string, advice: string? }[] rows
function doctor.rows(client, err)
  local found, is_failure = {}, client == nil and type(err) == "table"
  if type(client) ~= "userdata" and not is_failure then
    error("doctor.rows: a client, or nil and err, expected", 2)
  end
  if not client then
    blame_setting(found, err)
    return rows_of(found)
  end
  local base_url, _, proxy, limiter = core.client.settings(client)
  set(found, "key set", true, "not shown")
  check_proxy(found, proxy)
  if not check_limiter(found, limiter) then return rows_of(found, client) end
  local list, refused = client.connections:list({ deadline = DEADLINE }):all()
  if not list then
    blame(found, refused, base_url, proxy)
    return rows_of(found, client)
  end
  set(found, "base URL", true, base_url .. " answers")
  set(found, "key good", true, "the gateway accepts it")
  check_clock(found, client)
  check_connections(found, list)
  local record, failure = client.conference_records:list({ limit = 1, deadline = DEADLINE }):first()
  local _, id = core.client.settings(client) -- resolved by now, if a function chooses
  check_age(found, check_choice(found, client, list, id, failure), failure)
  check_segment(found, failure)
  check_read(found, record, failure)
  for _, entry in ipairs(core.app.given(client)) do check_app(found, client, entry) end
  return rows_of(found, client)
end

return doctor
