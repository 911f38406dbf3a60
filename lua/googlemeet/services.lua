--- Methods of services that take several requests, or derive arguments from others.
-- The core's own methods stay under `core.shared.operations`; each method here ends in one of them.
-- Modules that few scripts need are loaded at their first use.

local mask = require "googlemeet.mask"
local misuse = require "googlemeet.misuse"
local options = require "googlemeet.options"
local validate = require "googlemeet.validate"

local services = {}

--- Fields that a caller may write, by resource (contract/meet-v2.json, request bodies).
local writable = {
  space = { "config" },
  member = { "email", "role" },
}

--- Return the options of a lookup on behalf of a call.
local function lookup_options(opts)
  opts = opts or {}
  return {
    fields = "name", connection = opts.connection, timeout = opts.timeout, deadline = opts.deadline,
  }
end

--- Return the space that a meeting code names, and the rest of the name; nothing without a code.
local function split_code(core, target)
  local text = type(target) == "table" and target.name or target
  if type(text) ~= "string" then return nil end
  local parent, rest = text:match("^(spaces/[^/]+)(/.+)$")
  local name, is_code = core.name.resolve("spaces/*", parent or text)
  if name and is_code then return name, rest or "" end
end

local function look_up(core, service, code, opts)
  local client = core.client.of_service(service)
  local space, err = core.shared.operations["spaces.get"](client.spaces, code, lookup_options(opts))
  if space then space, err = validate.resource(space, "spaces/*") end
  return space and space.name, err
end

--- Add to an error of a call the documented values of a field with an unknown one.
local function explained(body, value, err)
  if value then return value, err end
  return require("googlemeet.enums").explain(body, value, err)
end

--- Make the call `id` on a target that may hold a meeting code, which is looked up first.
-- Only spaces.get accepts a code: other operations respond with 403, as if permission were missing.
-- Misuse raises before the lookup, which has the options of the call.
local function call(core, id, service, target, ...)
  local code, rest = split_code(core, target)
  if not code then return core.shared.operations[id](service, target, ...) end
  local prepared = core.shared.prepare[id](service, "spaces/id" .. rest, ...)
  local name, err = look_up(core, service, code, (select(select("#", ...), ...)))
  if not name then return nil, err end
  return core.call.send(prepared, name .. rest)
end

local function check_table(what, value, level)
  if type(value) ~= "table" then
    error(("%s: a table expected, got %s"):format(what, type(value)), level or 3)
  end
end

--- Make a patch method, which derives the update mask from the fields given.
local function patch(core, id, kind)
  return function(self, target, body, opts)
    check_table(id .. ": the body", body)
    local update_mask, fields = mask.of(body, writable[kind], 3)
    local given = type(opts) == "table" and opts.update_mask
    if not update_mask and not given then error(id .. ": " .. fields, 2) end
    if given then
      fields = mask.writable(body, writable[kind], 3)
    else
      opts = options.with(opts, "update_mask", update_mask)
    end
    return explained(fields, call(core, id, self, target, fields, opts))
  end
end

--- Make a method whose first argument is a space, or a resource below one.
local function accepting_code(core, id)
  return function(self, target, opts) return call(core, id, self, target, opts) end
end

--- The same for a method with a body before the options.
local function accepting_code_and_body(core, id)
  return function(self, target, body, opts)
    return explained(body, call(core, id, self, target, body, opts))
  end
end

local function create_space(core)
  local send = core.shared.operations["spaces.create"]
  return function(self, body, opts) return explained(body, send(self, body, opts)) end
end

--- A list always returns a pager, so a code is looked up when the first page is needed.
local function list_members(core)
  local list = core.shared.operations["spaces.members.list"]
  return function(self, target, opts)
    local code = split_code(core, target)
    if not code then return list(self, target, opts) end
    local pager, state, control, closing = list(self, "spaces/id", opts)
    local kept = options.with(opts, "fields", opts and opts.fields)
    core.list.defer(pager, function() return look_up(core, self, code, kept) end)
    return pager, state, control, closing
  end
end

--- Ending the conference of a space that has none is not a failure: true, "idle".
local function end_active_conference(core)
  local send = accepting_code(core, "spaces.endActiveConference")
  return function(self, space, opts)
    local done, err = send(self, space, opts)
    if not done and err.status == 400 and err.reason == "FAILED_PRECONDITION" then
      return true, "idle"
    end
    return done, err
  end
end

--- Return the mask of a batch. It applies to every child, and without a mask the server clears what
-- a child leaves out: so all children must change the same fields.
local function batch_mask(requests)
  local common
  for _, request in ipairs(requests) do
    check_table("members:batch_update: each request", request, 4)
    check_table("members:batch_update: each request's member", request.member, 4)
    local own = request.updateMask or mask.of(request.member, writable.member, 4)
    if not own then error("members:batch_update: a request has no field to change", 3) end
    if common and own ~= common then
      error(("members:batch_update: requests change different fields (%s; %s): send a batch for "
        .. "each, or give update_mask"):format(common, own), 3)
    end
    common = own
  end
  return common
end

local function batch_update(core)
  local send = accepting_code_and_body(core, "spaces.members.batchUpdate")
  return function(self, space, requests, opts)
    check_table("members:batch_update: requests", requests)
    if #requests < 1 or #requests > 500 then
      error("members:batch_update: 1 to 500 requests expected, got " .. #requests, 2)
    end
    if not (type(opts) == "table" and opts.update_mask) then
      opts = options.with(opts, "update_mask", batch_mask(requests))
    end
    return send(self, space, requests, opts)
  end
end

--- Make a list whose filter may be a table.
local function filtered_list(core, id)
  local send = core.shared.operations[id]
  return function(self, first, second)
    local opts = second == nil and first or second
    if type(opts) ~= "table" or type(opts.filter) ~= "table" then
      return send(self, first, second)
    end
    return require "googlemeet.filtered_lists".open(core, id, self, first, second)
  end
end

--- Make the list of connections: `app` defaults to google-meet, `app = false` lists all apps.
local function list_connections(core)
  local send = core.shared.operations["connections.list"]
  return function(self, opts)
    if opts ~= nil and type(opts) ~= "table" then return send(self, opts) end
    local app = opts and opts.app
    if app == nil then return send(self, options.with(opts, "app", "google-meet")) end
    if app == false then return send(self, options.with(opts, "app", nil)) end
    return send(self, opts)
  end
end

--- Read a connection that was just created. If the read fails, the error says that it exists.
local function read_made(get, id)
  local connection
  local named, err = validate.resource({ name = id }, "*")
  if named then connection, err = get() end
  if connection then return connection end
  err.message = ("%s was created but cannot be read: %s"):format(
    named and "connection " .. id or "a connection", err.message)
  err.ambiguous = true
  return nil, err
end

local CREATE = { app = true, method = true, timeout = true, deadline = true }

--- Create a connection. Its url is needed; if the response leaves it out, the connection is read.
local function create_connection(core)
  local operations = core.shared.operations
  local send, get = operations["connections.create"], operations["connections.get"]
  return function(self, opts)
    local limits, body = {}, { app = "google-meet" }
    if opts ~= nil then check_table("connections:create: options", opts) end
    for name, value in pairs(opts or {}) do
      if not CREATE[name] then
        error(options.unknown("connections:create: unknown option", name, CREATE), 2)
      end
      if name == "app" or name == "method" then body[name] = value else limits[name] = value end
    end
    local made, err = explained(body, send(self, body, limits))
    if not made or made.url then return made, err end
    return read_made(function() return get(self, made, limits) end, made.connection_id)
  end
end

--- Make absent names of clients, services and lists raise.
local function refuse_absent(core)
  local function refuse(methods, by, service)
    setmetatable(methods, { __index = function(_, name) by(name, service) end })
  end
  refuse(core.shared.client, misuse.of_client)
  refuse(core.shared.pager, misuse.of_list)
  for service, methods in pairs(core.shared.services) do
    refuse(methods, misuse.of_service, service)
  end
end

--- Make a method of clients, which refuses to be called with a dot.
local function of_client(name, method)
  return misuse.with_colon("googlemeet.client", "the client", name, method)
end

--- Add the methods to the core's shared method tables. May run twice.
function services.extend(core)
  local spaces, members = core.shared.services.spaces, core.shared.services.members
  local connections = core.shared.services.connections
  for service, id in pairs {
    conference_records = "conferenceRecords.list",
    participants = "conferenceRecords.participants.list",
    participant_sessions = "conferenceRecords.participants.participantSessions.list",
  } do
    core.shared.services[service].list = filtered_list(core, id)
  end
  spaces.create = create_space(core)
  spaces.patch = patch(core, "spaces.patch", "space")
  spaces.end_active_conference = end_active_conference(core)
  members.create = accepting_code_and_body(core, "spaces.members.create")
  members.get = accepting_code(core, "spaces.members.get")
  members.list = list_members(core)
  members.patch = patch(core, "spaces.members.patch", "member")
  members.delete = accepting_code(core, "spaces.members.delete")
  members.batch_update = batch_update(core)
  connections.list = list_connections(core)
  connections.create = create_connection(core)
  for _, name in ipairs { "select", "connect" } do
    connections[name] = function(...) return require "googlemeet.connections"[name](...) end
  end
  local client = core.shared.client
  for _, name in ipairs { "step", "poll_set" } do
    client[name] = of_client(name, function(_, ...)
      return require "googlemeet.tasks"[name](...)
    end)
  end
  for _, name in ipairs { "gather", "map", "submit", "now", "sleep" } do
    client[name] = of_client(name, function(...) return require "googlemeet.tasks"[name](...) end)
  end
  client.request = of_client("request", function(self, method, path, opts)
    if type(opts) == "table" and rawget(opts, "sink") ~= nil then
      return require "googlemeet.sink".request(self, method, path, opts)
    end
    return core.call.request(self, method, path, opts)
  end)
  client.doctor = of_client("doctor", function(self)
    return require "googlemeet.doctor".rows(self)
  end)
  core.shared.hooks.unknown = options.problem
  core.shared.hooks.connection = function(asking, what, app)
    local connection, err = asking.connections:select(what, { app = app })
    if not connection then return nil, err end
    return connection.connection_id
  end
  refuse_absent(core)
end

return services
