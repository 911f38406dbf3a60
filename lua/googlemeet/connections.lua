--- Choose the gateway's connection, or make a new one.

local core = require "googlemeet.core"
local options = require "googlemeet.options"
local time = require "googlemeet.time"

local connections = {}

local CONSENT_HOST = "connect.maton.ai" -- contract/gateway.md, "Addresses"
local INTERVAL = 2 -- seconds from poll to poll; contract/gateway.md, "Connections"
local DAY = 86400

--- An error of our own with a hint that fits better than that of its kind.
local function refuse(kind, message, hint)
  local err = core.error.new(kind, message)
  err.message, err.hint = message, hint or err.hint -- the core's is cut at 511 bytes
  return nil, err
end

--- Seconds since a connection was made, or nil where it does not say when.
---@param connection table
---@param now? number epoch seconds (the machine's clock)
---@return number?
function connections.age(connection, now)
  local created = connection.creation_time
  local seconds = type(created) == "string" and time.parse(created)
  return seconds and (now or os.time()) - seconds or nil
end

--- An e-mail address in the metadata, which have no fixed form.
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

--- Describe a connection in one line: id, status, age and, where it has one, an e-mail address.
-- Never its url, which holds a session token.
---@param connection table
---@param now? number epoch seconds (the machine's clock)
---@return string
function connections.describe(connection, now)
  local age, email = connections.age(connection, now), find_email(connection.metadata)
  return ("%s (%s, %s%s)"):format(connection.connection_id, connection.status or "status unknown",
    age and ("%d days old"):format(math.max(0, age) // DAY) or "age unknown",
    email and ", " .. email or "")
end

local function name_candidates(message, candidates)
  local lines = {}
  for index, connection in ipairs(candidates) do lines[index] = connections.describe(connection) end
  return #lines == 0 and message or message .. ": " .. table.concat(lines, "; ")
end

local function select_only(service)
  local active, err = service:list({ status = "ACTIVE" }):all()
  if not active then return nil, err end
  if #active == 1 then return active[1] end
  if #active > 1 then
    return refuse("connection",
      name_candidates("several ACTIVE google-meet connections", active),
      "give the id of one of them as the option 'connection'")
  end
  local others = service:list():all() or {} -- what waits for a person, say
  return refuse("connection", name_candidates("no ACTIVE google-meet connection", others))
end

local function select_by(service, choose)
  local all, err = service:list():all()
  if not all then return nil, err end
  local chosen = choose(all)
  if type(chosen) == "table" then return chosen end
  for _, connection in ipairs(all) do
    if connection.connection_id == chosen then return connection end
  end
  return refuse("connection",
    name_candidates("the connection function chose none of the candidates", all))
end

--- Select the connection to work with.
---@param service table client.connections
---@param what string|fun(connections: table[]): table|string|nil
---  an id; "only": the one ACTIVE connection; or a function that picks from
---  all connections of google-meet
---@return table|nil connection
---@return table|nil err of kind connection; lists the candidates
function connections.select(service, what)
  if what == "only" then return select_only(service) end
  if type(what) == "string" then return service:get(what) end
  if type(what) == "function" then return select_by(service, what) end
  error('connections:select: an id, "only" or a function expected', 2)
end

--- Scheme and host of a URL; nil for one that two readers might take for different hosts.
local function origin_of(url)
  if type(url) ~= "string" or url:find("[^\33-\126]") then return nil end
  local scheme, host = url:match("^(%a+)://([%w.-]+):?%d*%f[/?#\0]")
  if not host then scheme, host = url:match("^(%a+)://(%[[%x:.]+%]):?%d*%f[/?#\0]") end
  return scheme and scheme:lower(), host and host:lower()
end

local function is_loopback(host)
  return host == "localhost" or host == "[::1]" or host and host:find("^127%.%d+%.%d+%.%d+$") ~= nil
end

--- Check the page that a person is to open: Maton's, or a double's beside the double.
local function check_url(client, connection)
  local scheme, host = origin_of(connection.url)
  if scheme == "https" and host == CONSENT_HOST then return true end
  local _, base_host = origin_of((core.client.settings(client)))
  if is_loopback(base_host) and is_loopback(host) then return true end
  return refuse("decode",
    ("connection %s: its consent page is %s, not https://%s; nobody was asked to open it"):format(
      connection.connection_id, host and ("at %s://%s"):format(scheme, host)
        or connection.url and "no plain URL" or "missing", CONSENT_HOST),
    "is the base URL right? Look at the connection at Maton, and delete it")
end

--- Failures of one read that say nothing about the connection.
local PASSING = {
  server = true, transport = true, timeout = true, deadline = true, rate_limited = true,
}

--- Read a connection every two seconds until it is as wanted, or until the time is up: nil, nil.
local function poll(client, id, ends, pause, is_wanted)
  repeat
    client:sleep(math.max(0, math.min(pause, ends - client:now())))
    pause = INTERVAL
    local limit = math.max(ends - client:now(), INTERVAL)
    local connection, err = client.connections:get(id, { deadline = limit })
    if not connection and not PASSING[err.kind] then
      return nil, err
    elseif connection and connection.status == "FAILED" then
      return refuse("connection", ("connection %s FAILED: the consent was refused, or broke off")
        :format(id), "make a new one, see it ACTIVE, then delete this one")
    elseif connection and is_wanted(connection) then
      return connection
    end
  until ends - client:now() <= 0
end

local function is_read() return true end
local function is_active(connection) return connection.status == "ACTIVE" end

--- Show the page of a new connection to a person; one form of the answer leaves it out.
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

--- Make a connection, have a person approve it, and wait until it is ACTIVE.
--
-- Asks for it every two seconds, as Maton's own client does. It ends early when the connection
-- FAILED, and on any refusal (401, 403, 404, …); what passes (5xx, a lost socket) does not end it.
-- When the time is up the pending connection is left as it is: its page can still be opened.
---@param service table client.connections
---@param opts googlemeet.ConnectOptions
---  `on_url` shows the page to a person; its url is a secret, since it holds a session token.
---  `timeout`: seconds to wait for the approval (300)
---@return table|nil connection read anew
---@return table|nil err of kind connection when it FAILED, deadline when nobody approved in time,
---  decode when the page is not on Maton's host
function connections.connect(service, opts)
  opts = options.merge(opts, CONNECT, 3)
  if not opts.on_url then error("connections:connect: option 'on_url' is missing", 2) end
  if not (opts.timeout > 0 and opts.timeout <= DAY) then
    error("connections:connect: option 'timeout' must be above 0, and 86400 at the most", 2)
  end
  local client = core.client.of_service(service)
  local ends = client:now() + opts.timeout
  local made, err = core.shared.operations["connections.create"](service,
    { app = opts.app or "google-meet", method = opts.method })
  if not made then return nil, err end
  local id = made.connection_id
  if type(id) ~= "string" or not core.name.resolve("*", id) then
    return refuse("decode", "the answer to the new connection has no connection_id to use")
  end
  local shown, reason = show_page(client, made, ends, opts.on_url)
  if reason then return nil, reason end
  local connection, failure
  if shown then connection, failure = poll(client, id, ends, INTERVAL, is_active) end
  if connection or failure then return connection, failure end
  return refuse("deadline", ("connection %s was not approved within %g seconds; it is still there")
    :format(id, opts.timeout),
    "its page can still be opened: then give its id as the option 'connection'; or delete it")
end

return connections
