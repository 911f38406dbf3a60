--- Selects the gateway's connection, or creates a new one.

local core = require "googlemeet.core"
local enums = require "googlemeet.enums"
local failure = require "googlemeet.failure"
local options = require "googlemeet.options"
local time = require "googlemeet.time"

local connections = {}

local MEET = "google-meet"
local CONSENT_HOST = "connect.maton.ai" -- contract/gateway.md, "Addresses"
local INTERVAL = 2 -- seconds between polls; contract/gateway.md, "Connections"
local DAY = 86400
local LONGEST_AGE = 10000 * 366 -- days that are reported; times end with the year 9999

--- Return when a connection was created, or nil if it does not say.
local function created_at(what, connection)
  if type(connection) ~= "table" then
    error(("connections.%s: a connection expected, got %s"):format(what, type(connection)), 3)
  end
  local created = connection.creation_time
  return type(created) == "string" and time.parse(created) or nil
end

local function seconds_of(now)
  if type(now) == "number" then return now end
  if now == nil then return os.time() end
  return time.read(now)
end

--- Return the seconds since a connection was created, or nil if it does not say when.
---@param connection table
---@param now? googlemeet.When (the machine's clock)
---@return number?
function connections.age(connection, now)
  local at, reason = seconds_of(now)
  if not at then error("connections.age: " .. reason, 2) end
  local created = created_at("age", connection)
  return created and at - created
end

--- Find an e-mail address in the metadata, which have no fixed form.
local function find_email(metadata)
  local found = {}
  for _, value in pairs(type(metadata) == "table" and metadata or {}) do
    if type(value) == "string" and value:find("^[%w._%%+-]+@[%w.-]+%.%a+$") then
      found[#found + 1] = value
    end
  end
  table.sort(found)
  return found[1]
end

--- Return a field that is a text, or the words to show in its place.
local function text_of(field, otherwise)
  return type(field) == "string" and field or otherwise
end

--- Say how old a connection is. Any `now` will do.
local function age_text(created, now)
  local at = seconds_of(now)
  local days = created and at and (at + 0.0 - created) // DAY
  if not days or days ~= days or days > LONGEST_AGE then return "age unknown" end
  return ("%.0f day%s old"):format(math.max(0, days), days == 1 and "" or "s")
end

--- Describe a connection in one line: id, status, age and, if there is one, an e-mail address.
-- The url is left out, because it holds a session token. Control characters are removed.
---@param connection table
---@param now? googlemeet.When (the machine's clock)
---@return string
function connections.describe(connection, now)
  local age = age_text(created_at("describe", connection), now)
  local email = find_email(connection.metadata)
  return core.text.plain(("%s (%s, %s%s)"):format(text_of(connection.connection_id, "nil"),
    text_of(connection.status, "status unknown"), age, email and ", " .. email or ""))
end

local function fail_with_candidates(client, message, candidates, hint)
  local lines = {}
  for index, connection in ipairs(candidates) do lines[index] = connections.describe(connection) end
  local listed = #lines == 0 and message or message .. ": " .. table.concat(lines, "; ")
  return nil, failure.quoting(client, "connection", listed, hint)
end

--- Return the items that `is_wanted` accepts.
local function wanted(items, is_wanted)
  local some = {}
  for _, item in ipairs(items) do
    if is_wanted(item) then some[#some + 1] = item end
  end
  return some
end

--- Return the connections of an app. Each one is checked: when memory is short, libcurl 7.88 may
-- send a request without its query, and the response then has the connections of all apps.
local function list_of(client, app)
  local all, err = client.connections:list({ app = app }):all()
  if not all then return nil, err end
  return wanted(all, function(connection) return (connection.app or app) == app end)
end

local function select_only(client, app)
  local all, err = list_of(client, app)
  if not all then return nil, err end
  local active = wanted(all, function(connection) return connection.status == "ACTIVE" end)
  if #active == 1 then return active[1] end
  local option, hint = core.app.find(app)
  if #active > 1 then
    return fail_with_candidates(client, ("several ACTIVE %s connections"):format(app), active,
      ("pass the id of one of them as the option '%s'"):format(option))
  end
  return fail_with_candidates(client, ("no ACTIVE %s connection"):format(app), all, hint)
end

local function select_by(client, choose, app)
  local all, err = list_of(client, app)
  if not all then return nil, err end
  local chosen = choose(all)
  if type(chosen) == "table" then return chosen end
  for _, connection in ipairs(all) do
    if connection.connection_id == chosen then return connection end
  end
  return fail_with_candidates(client,
    ("the connection function chose none of the %s connections"):format(app), all,
    select(2, core.app.find(app)))
end

local SELECT = { app = options.of "string" }

--- Select a connection.
---@param service table client.connections
---@param what string|table|fun(connections: table[]): table|string|nil
---  an id or a connection; "only": the one ACTIVE connection; or a function that picks from
---  all connections of the app
---@param opts? { app: string? } whose connection (google-meet)
---@return table|nil connection
---@return table|nil err of kind connection; its message lists the candidates
function connections.select(service, what, opts)
  local client = core.client.of_service(service)
  local app = options.merge(opts, SELECT, 3).app or MEET
  if what == "only" then return select_only(client, app) end
  if type(what) == "string" or type(what) == "table" then return service:get(what) end
  if type(what) == "function" then return select_by(client, what, app) end
  error('connections:select: an id, "only" or a function expected', 2)
end

--- Return scheme and host of a URL; nil for a URL that two parsers might assign to different hosts.
local function origin_of(url)
  if type(url) ~= "string" or url:find("[^\33-\126]") then return nil end
  local scheme, host = url:match("^(%a+)://([%w.-]+):?%d*%f[/?#\0]")
  if not host then scheme, host = url:match("^(%a+)://(%[[%x:.]+%]):?%d*%f[/?#\0]") end
  return scheme and scheme:lower(), host and host:lower()
end

local function is_loopback(host)
  return host == "localhost" or host == "[::1]" or host and host:find("^127%.%d+%.%d+%.%d+$") ~= nil
end

--- Check the page that a person will open: it is Maton's, or on loopback like the base URL.
local function check_url(client, connection)
  local scheme, host = origin_of(connection.url)
  if scheme == "https" and host == CONSENT_HOST then return true end
  local _, base_host = origin_of((core.client.settings(client)))
  if is_loopback(base_host) and is_loopback(host) then return true end
  return nil, failure.quoting(client, "decode",
    ("connection %s: its consent page is %s, not https://%s; the page was not shown"):format(
      connection.connection_id, host and ("at %s://%s"):format(scheme, host)
        or connection.url and "not a plain URL" or "missing", CONSENT_HOST),
    "check the base URL; check the connection at Maton, and delete it")
end

--- Read a connection every two seconds until `is_wanted` accepts it. When the time is up, return
-- nothing.
local function poll(client, id, ends, pause, is_wanted)
  repeat
    client:sleep(math.max(0, math.min(pause, ends - client:now())))
    pause = INTERVAL
    local limit = math.max(ends - client:now(), INTERVAL)
    local connection, err = client.connections:get(id, { deadline = limit })
    if not connection and not failure.is_temporary(err) then
      return nil, err
    elseif connection and connection.status == "FAILED" then
      return nil, failure.quoting(client, "connection",
        ("connection %s FAILED: the consent was refused or abandoned"):format(id),
        "create a new connection, wait until it is ACTIVE, then delete this one")
    elseif connection and is_wanted(connection) then
      return connection
    end
  until ends - client:now() <= 0
end

local function is_read() return true end
local function is_active(connection) return connection.status == "ACTIVE" end

--- Show the page of a new connection to a person. One form of the response leaves the page out.
local function show_page(client, made, ends, on_url)
  local err
  if not made.url then
    made, err = poll(client, made.connection_id, ends, 0, is_read)
    if not made then return nil, err end
  end
  if is_active(made) then return true end
  local fits, reason = check_url(client, made)
  if not fits then return nil, reason end
  on_url(made.url, made)
  return true
end

local CONNECT = {
  on_url = options.of "function", timeout = 300, app = options.of "string",
  method = options.of "string",
}

--- Create a connection, have a person approve it, and wait until it is ACTIVE.
--
-- It polls every two seconds, as Maton's own client does. A connection that FAILED and a permanent
-- failure (401, 403, 404, …) end it early; a temporary one (5xx, a lost socket) does not. When the
-- time is up, the pending connection is kept: its page can still be opened.
---@param service table client.connections
---@param opts googlemeet.ConnectOptions
---  `on_url` shows the page to a person; the url is a secret, since it holds a session token.
---  `timeout`: seconds to wait for the approval (300)
---@return table|nil connection read anew
---@return table|nil err of kind connection when it FAILED, deadline when nobody approved in time,
---  decode when the page is not on Maton's host
function connections.connect(service, opts)
  local client = core.client.of_service(service)
  opts = options.merge(opts, CONNECT, 3)
  if not opts.on_url then error("connections:connect: option 'on_url' is missing", 2) end
  if not (opts.timeout > 0 and opts.timeout <= DAY) then
    error("connections:connect: option 'timeout' must be above 0 and at most 86400", 2)
  end
  local ends = client:now() + opts.timeout
  local body = { app = opts.app or MEET, method = opts.method }
  local made, err = enums.explain(body, core.shared.operations["connections.create"](service, body))
  if not made then return nil, err end
  local id = made.connection_id
  if type(id) ~= "string" or not core.name.resolve("*", id) then
    return nil, failure.new("decode", "the response has no usable connection_id")
  end
  local shown, reason = show_page(client, made, ends, opts.on_url)
  if reason then return nil, reason end
  local connection, problem
  if shown then connection, problem = poll(client, id, ends, INTERVAL, is_active) end
  if connection or problem then return connection, problem end
  return nil, failure.quoting(client, "deadline",
    ("connection %s was not approved within %g seconds; it still exists"):format(id, opts.timeout),
    ("its page can still be opened; then pass its id as the option '%s', or delete it"):format(
      (core.app.find(body.app))))
end

return connections
