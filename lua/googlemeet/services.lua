--- What the prelude adds to the core's services: several requests for one
-- call, and arguments made from others. The core's own methods stay under
-- `core.operations`; each method here ends in one of them.

local services = {}

--- Fields that a caller may write, by operation (the contract's request bodies).
local writable = {
  space = { "config" },
  member = { "email", "role" },
}

--- Resource name for a space given as anything; a meeting code is looked up.
-- Only spaces.get takes a code on the wire: elsewhere it answers 403, as if
-- it were a matter of rights.
---@return string|table|nil target the argument itself, or the space's name
---@return table|nil err
local function settle(core, service, target)
  local text = type(target) == "table" and target.name or target
  if type(text) ~= "string" then return target end
  local parent, rest = text:match("^(spaces/[^/]+)(/.+)$")
  local name, is_code = core.name("spaces/*", parent or text)
  if not (name and is_code) then return target end
  local client = core.client_of_service(service)
  local space, err = core.operations["spaces.get"](client.spaces, name, { fields = "name" })
  if not space then return nil, err end
  return space.name .. (rest or "")
end

--- Copy of an options table with one more option.
local function with(opts, name, value)
  local copy = {}
  for key, given in pairs(opts or {}) do copy[key] = given end
  copy[name] = value
  return copy
end

local function nothing_to_change(method, message)
  error(method .. ": " .. message, 3)
end

local function check_table(what, value)
  if type(value) ~= "table" then
    error(("%s: a table expected, got %s"):format(what, type(value)), 3)
  end
end

--- A patch method: the update mask is made from the fields given.
local function patch(core, id, kind)
  local send = core.operations[id]
  return function(self, target, body, opts)
    local mask = require "googlemeet.mask"
    check_table(id .. ": the body", body)
    local update_mask, fields = mask.of(body, writable[kind], 3)
    local given = type(opts) == "table" and opts.update_mask
    if not update_mask and not given then
      nothing_to_change(id, fields)
    end
    local name, err = settle(core, self, target)
    if not name then return nil, err end
    if given then return send(self, name, mask.writable(body, writable[kind], 3), opts) end
    return send(self, name, fields, with(opts, "update_mask", update_mask))
  end
end

--- A method whose first argument is a space, or below one.
local function settled(core, id)
  local send = core.operations[id]
  return function(self, target, ...)
    local name, err = settle(core, self, target)
    if not name then return nil, err end
    return send(self, name, ...)
  end
end

--- Ending a space with nothing active is no failure: true, "idle".
local function end_active_conference(core)
  local send = settled(core, "spaces.endActiveConference")
  return function(self, space, opts)
    local done, err = send(self, space, opts)
    if not done and err.status == 400 and err.reason == "FAILED_PRECONDITION" then
      return true, "idle"
    end
    return done, err
  end
end

--- Union of the children's leaf paths: without any mask the server would
-- clear what the children leave out.
local function batch_mask(requests)
  local mask = require "googlemeet.mask"
  local seen, paths = {}, {}
  for _, request in ipairs(requests) do
    check_table("members:batch_update: each request", request)
    check_table("members:batch_update: each request's member", request.member)
    if request.updateMask then return request.updateMask end
    for path in (mask.of(request.member, writable.member) or ""):gmatch("[^,]+") do
      if not seen[path] then
        seen[path] = true
        paths[#paths + 1] = path
      end
    end
  end
  table.sort(paths)
  return table.concat(paths, ",")
end

local function batch_update(core)
  local send = settled(core, "spaces.members.batchUpdate")
  return function(self, space, requests, opts)
    check_table("members:batch_update: requests", requests)
    if #requests < 1 or #requests > 500 then
      error("members:batch_update: 1 to 500 requests expected, got " .. #requests, 2)
    end
    if not (opts and opts.update_mask) then
      local update_mask = batch_mask(requests)
      if update_mask == "" then
        nothing_to_change("members:batch_update", "no request has a field that can be changed")
      end
      opts = with(opts, "update_mask", update_mask)
    end
    return send(self, space, requests, opts)
  end
end

--- Connections of all apps are seldom wanted: `app` is google-meet unless
-- given; `app = false` lists all.
local function list_connections(core)
  local send = core.operations["connections.list"]
  return function(self, opts)
    local app = opts and opts.app
    if app == nil then return send(self, with(opts, "app", "google-meet")) end
    if app == false then return send(self, with(opts, "app", nil)) end
    return send(self, opts)
  end
end

local function create_connection(core)
  local send = core.operations["connections.create"]
  return function(self, opts)
    local limits, body = {}, { app = "google-meet" }
    for name, value in pairs(opts or {}) do
      if name == "app" or name == "method" then body[name] = value else limits[name] = value end
    end
    return send(self, body, limits)
  end
end

--- Add to the core's shared method tables. May run twice.
function services.extend(core)
  local spaces, members = core.services.spaces, core.services.members
  local connections = core.services.connections
  spaces.patch = patch(core, "spaces.patch", "space")
  spaces.end_active_conference = end_active_conference(core)
  members.create = settled(core, "spaces.members.create")
  members.get = settled(core, "spaces.members.get")
  members.list = settled(core, "spaces.members.list")
  members.patch = patch(core, "spaces.members.patch", "member")
  members.delete = settled(core, "spaces.members.delete")
  members.batch_update = batch_update(core)
  connections.list = list_connections(core)
  connections.create = create_connection(core)
  connections.select = function(self, what)
    return require "googlemeet.connections".select(self, what)
  end
  core.hooks.connection = function(client, what)
    local connection, err = client.connections:select(what)
    if not connection then return nil, err end
    return connection.connection_id
  end
end

return services
