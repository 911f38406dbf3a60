--- The gateway's connections: each is the consent of one Google account.

local checked = require "googlemeet.testing.checked"
local errors = require "googlemeet.testing.errors"
local json = require "googlemeet.testing.json"
local organisation = require "googlemeet.testing.organisation"
local random = require "googlemeet.testing.random"
local time = require "googlemeet.time"

local connections = {}

local APP = "google-meet"
local URL = "https://connect.maton.ai/?session_token=example"
local STATUSES = { ACTIVE = true, PENDING = true, FAILED = true }
local METHODS = {
  API_KEY = true, BASIC = true, JWT = true, OAUTH1 = true, OAUTH2 = true, MCP = true,
}

--- Make an empty set of connections.
---@param now fun(): number epoch seconds
---@param create_answer "id"|"bare_id"|"flat"|"wrapped"
---@param page_size? integer of a list (all in one page)
function connections.new(now, create_answer, page_size)
  return {
    list = {}, now = now, create_answer = create_answer, page_size = page_size, traces = 0,
    random = random.new("connections"),
  }
end

local function new_id(set)
  local digits = set.random:text("0123456789abcdef", 31)
  return ("%s-%s-4%s-a%s-%s"):format(digits:sub(1, 8), digits:sub(9, 12), digits:sub(13, 15),
    digits:sub(16, 18), digits:sub(19, 30))
end

--- Make a trace id.
local function new_trace(set)
  set.traces = set.traces + 1
  return ("%016x"):format(random.hash("trace " .. set.traces))
end

--- Find a connection by its id, its node or a client's resource.
---@param id string|table
function connections.find(set, id)
  if type(id) == "table" then id = (rawget(id, "resource") or id).connection_id end
  for _, connection in ipairs(set.list) do
    if connection.resource.connection_id == id then
      return connection
    end
  end
end

--- Return the organisation of a new connection: that of its Google account, if there is one; for
-- another app than Meet the one that the first connection is of; else an empty one.
local function organisation_of(set, options, id)
  if options.organisation then return options.organisation end
  for _, connection in ipairs(options.account and set.list or {}) do
    if connection.organisation.key == options.account then return connection.organisation end
  end
  local is_alike = not options.account and options.app and options.app ~= APP
  return is_alike and set.list[1] and set.list[1].organisation
    or organisation.new(options.account or id, set.now)
end

--- Add a connection.
function connections.add(set, options)
  options = checked.options("add_connection", options, {
    id = "string", status = "string", app = "string", method = "string", metadata = "table",
    creation_time = checked.WHEN, organisation = "table", account = "string",
  })
  local status = options.status or "PENDING"
  checked.choice("add_connection: status", status, STATUSES)
  checked.choice("add_connection: method", options.method or "OAUTH2", METHODS)
  checked.json("add_connection: metadata", options.metadata or {})
  local id = options.id or new_id(set)
  checked.id("add_connection", id)
  if connections.find(set, id) then
    checked.misuse("add_connection: %s already exists", id)
  end
  local created = checked.instant("add_connection: creation_time",
    options.creation_time or set.now())
  local connection = {
    name = id,
    organisation = organisation_of(set, options, id),
    order = created,
    resource = {
      connection_id = id, status = status, creation_time = created.text,
      last_updated_time = created.text, url = URL, app = options.app or APP,
      method = options.method or "OAUTH2", metadata = options.metadata or {},
    },
  }
  table.insert(set.list, connection)
  return connection
end

--- Change the status of a connection.
function connections.set_status(set, id, status)
  local connection = connections.find(set, id)
  if not connection then
    checked.misuse("set_status: there is no connection %s", tostring(id))
  end
  checked.choice("set_status", status, STATUSES)
  connection.resource.status = status
  connection.resource.last_updated_time = time.format(set.now())
  return connection
end

local function older(left, right)
  if left.order.seconds ~= right.order.seconds then
    return left.order.seconds < right.order.seconds
  end
  return left.order.nanoseconds < right.order.nanoseconds
end

--- Choose the connection of a request to Google, or throw.
---@param app string such as `google-drive`
---@param id string? value of the Maton-Connection header
function connections.choose(set, app, id)
  if id and id ~= "" then
    local named = connections.find(set, id)
    if not named then
      errors.throw(errors.flat(404, "No connection " .. id, new_trace(set)))
    elseif named.resource.status ~= "ACTIVE" or named.resource.app ~= app then
      errors.throw(errors.nested(400,
        ("The connection %s is %s for %s and cannot be used here."):format(
          id, named.resource.status, named.resource.app)))
    end
    return named
  end
  local oldest
  for _, connection in ipairs(set.list) do
    local usable = connection.resource.status == "ACTIVE" and connection.resource.app == app
    if usable and (not oldest or older(connection, oldest)) then
      oldest = connection
    end
  end
  if not oldest then
    errors.throw(errors.nested(400,
      ("No active %s connection was found for this account."):format(app)))
  end
  return oldest
end

local function throw_invalid(message)
  errors.throw(errors.nested(400, message))
end

local function find_named(set, context)
  local connection = connections.find(set, context.names.connection)
  if not connection then
    errors.throw(errors.flat(404, "No connection " .. context.names.connection, new_trace(set)))
  end
  return connection
end

--- Checks of the query values of a list.
local QUERY = {
  app = function(text)
    return text:find("^[a-z0-9][a-z0-9-]*$")
  end,
  status = function(text)
    return STATUSES[text]
  end,
  method = function(text)
    return METHODS[text]
  end,
  limit = function(text)
    return text:find("^%d+$") and #text < 10
  end,
  next_token = function(text)
    return text:find("^after%-%d+$") and #text < 16
  end,
}

local function read_query(list, allowed)
  local query = {}
  for _, pair in ipairs(list) do
    local check = allowed[pair.name]
    if not check then
      throw_invalid(("Unknown query parameter %s."):format(pair.name))
    elseif query[pair.name] or not check(pair.value) then
      throw_invalid(("Invalid query parameter %s."):format(pair.name))
    end
    query[pair.name] = pair.value
  end
  return query
end

local handlers = {}

--- Return the connections that a list's query asks for.
local function matching(set, query)
  local found = {}
  for _, connection in ipairs(set.list) do
    local resource = connection.resource
    if (not query.app or resource.app == query.app)
      and (not query.status or resource.status == query.status)
      and (not query.method or resource.method == query.method) then
      found[#found + 1] = resource
    end
  end
  return found
end

--- Return one page, and the token of the next one if there is one. Maton documents no paging, but
-- its own SDK follows such a token.
handlers["connections.list"] = function(set, context)
  local query = read_query(context.query_list, QUERY)
  local all = matching(set, query)
  local size = tonumber(query.limit) or set.page_size or #all
  local before = query.next_token and tonumber(query.next_token:match "%d+") or 0
  local last = math.min(before + size, #all)
  local more = last > before and last < #all
  return {
    connections = json.array(table.move(all, before + 1, last, 1, {})),
    next_token = more and ("after-%d"):format(last) or nil,
  }
end

handlers["connections.get"] = function(set, context)
  read_query(context.query_list, {})
  return { connection = find_named(set, context).resource }
end

local function read_object(context)
  local content_type = (context.headers["content-type"] or ""):lower()
  local body = content_type:find("^application/json%s*;?") and json.decode(context.body_text or "")
  if type(body) ~= "table" or not context.body_text:find("^%s*{") then
    throw_invalid("A JSON object is required, with Content-Type: application/json.")
  end
  return body
end

local function read_create(context)
  local body = read_object(context)
  for name in pairs(body) do
    if name ~= "app" and name ~= "method" then
      throw_invalid(("Unknown field %s."):format(name))
    end
  end
  if type(body.app) ~= "string" or not QUERY.app(body.app) then
    throw_invalid("The field app is required: the name of an app such as google-meet.")
  elseif body.method ~= nil and not METHODS[body.method] then
    throw_invalid("The field method has an unknown value.")
  end
  return body
end

handlers["connections.create"] = function(set, context)
  read_query(context.query_list, {})
  local body = read_create(context)
  local resource = connections.add(set, { app = body.app, method = body.method }).resource
  if set.create_answer == "id" then
    return { connection_id = resource.connection_id }
  elseif set.create_answer == "bare_id" then -- the other name that Maton's own SDK reads
    return { id = resource.connection_id }
  elseif set.create_answer == "wrapped" then
    return { connection = resource }
  end
  return {
    connection_id = resource.connection_id, status = resource.status, url = resource.url,
    app = resource.app,
  }
end

handlers["connections.delete"] = function(set, context)
  read_query(context.query_list, {})
  local gone = find_named(set, context)
  for i, connection in ipairs(set.list) do
    if connection == gone then
      table.remove(set.list, i)
      break
    end
  end
  return {}
end

local function perform(set, context)
  local has_body = context.body_text ~= nil and context.body_text ~= ""
  if has_body and context.row.verb ~= "POST" then
    throw_invalid(("%s takes no body."):format(context.row.verb))
  end
  return {
    status = 200, headers = { ["Content-Type"] = "application/json" },
    body = json.encode(handlers[context.row.id](set, context)),
  }
end

--- Respond to a request to `/connections`.
---@param context table row, names, query_list, body_text, headers
---@return table response
function connections.answer(set, context)
  return errors.catch(perform, set, context)
end

return connections
