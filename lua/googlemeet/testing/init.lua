--- The gateway fake: the Maton gateway, and Google Meet, Drive, Docs and Calendar behind it.
-- All is in memory. It replaces the servers, so it shares no knowledge of the API with the client:
-- it reads requests strictly and has its own list of operations. A fake is a value; two fakes are
-- independent.
--
--     local gateway = require "googlemeet.testing".gateway {}
--     gateway:seed()
--     local client = meet.new { api_key = "test-key", transport = gateway.transport }

local build = require "googlemeet.testing.build"
local calendar_methods = require "googlemeet.testing.calendar.methods"
local checked = require "googlemeet.testing.checked"
local connections = require "googlemeet.testing.connections"
local demo = require "googlemeet.testing.demo"
local faults = require "googlemeet.testing.faults"
local file_methods = require "googlemeet.testing.drive.methods"
local front = require "googlemeet.testing.front"
local limits = require "googlemeet.testing.limits"
local nodes = require "googlemeet.testing.nodes"
local operations = require "googlemeet.testing.operations"
local organisation = require "googlemeet.testing.organisation"
local time = require "googlemeet.time"

local testing = {}

local DEFAULT_NOW = 1795341600 -- 2026-11-22T10:00:00Z
local EPOCH_CLOCK = 1000000000 -- a clock that shows less does not count from 1970
local FIRST_CONNECTION = "5b0f7c7e-3a64-4f0e-9d5c-2c1f6b7a8d90"

local OPTIONS = {
  api_key = "string", clock = "function or table", latency = "number or function",
  now = checked.WHEN,
  limits = "table or boolean", create_answer = "string", connections = "boolean",
  short_pages = "boolean", unknown_space_status = "number", log_limit = "number",
  connections_per_page = "number",
}

local RATES = {
  per_second = 10, reads_per_minute = 600, writes_per_minute = 100, creates_per_minute = 10,
}

local CREATE_ANSWERS = { id = true, bare_id = true, flat = true, wrapped = true }
local UNKNOWN_SPACE = { [403] = true, [404] = true }

local Gateway = {}
local METATABLE = { __name = "googlemeet.testing.gateway", __index = Gateway }

--- Read the rate limits: `true` means the defaults, a table overrides some of them.
local function read_limits(given)
  if not given then
    return nil
  end
  local allowed, rates = {}, {}
  for name, value in pairs(RATES) do
    allowed[name], rates[name] = "number", value
  end
  local own = checked.options("gateway: limits", given ~= true and given or {}, allowed)
  for name, value in pairs(own) do
    checked.number("gateway: limits: " .. name, value, 0.0)
    rates[name] = value
  end
  return rates
end

--- Read the clock: a function that returns seconds, or a table with it and `sleep`.
---@return fun(): number now
---@return nil|fun(seconds: number) sleep
local function read_clock(clock)
  if type(clock) ~= "table" then
    return clock or os.time, nil
  elseif type(clock.now) ~= "function" or type(clock.sleep) ~= "function" then
    checked.misuse("gateway: clock: a function, or { now =, sleep = } expected")
  end
  return clock.now, clock.sleep
end

local function read_settings(options)
  local settings = checked.options("gateway", options, OPTIONS)
  settings.create_answer = settings.create_answer or "flat"
  checked.choice("gateway: create_answer", settings.create_answer, CREATE_ANSWERS)
  settings.api_key = settings.api_key or "test-key"
  if settings.now then
    local seconds = checked.instant("gateway: now", settings.now).seconds
    if type(settings.now) ~= "number" then settings.now = seconds end
  end
  settings.unknown_space_status = settings.unknown_space_status or 404
  checked.choice("gateway: unknown_space_status", settings.unknown_space_status, UNKNOWN_SPACE)
  settings.limits = read_limits(settings.limits)
  for _, name in ipairs { "log_limit", "connections_per_page" } do
    if settings[name] then checked.number("gateway: " .. name, settings[name], 1) end
  end
  settings.clock, settings.sleep = read_clock(settings.clock)
  if type(settings.latency) == "number" then
    checked.number("gateway: latency", settings.latency, 0.0)
  end
  if settings.latency and not settings.sleep then
    checked.misuse("gateway: latency: it needs clock = { now =, sleep = }")
  end
  return settings
end

--- Make a function that returns epoch seconds, from a clock with any starting point.
local function wall_clock(clock, now)
  local start = clock()
  now = now or (start >= EPOCH_CLOCK and start or DEFAULT_NOW)
  return function()
    return now + (clock() - start)
  end
end

--- Make a gateway fake.
-- It starts with one ACTIVE connection to an empty organisation, unless `connections` is false.
-- `clock` returns seconds (default `os.time`), or is `{ now =, sleep = }`; rate windows and the
-- current time follow it. `now` is the time at the start; by default the clock's, or
-- 2026-11-22T10:00:00Z when the clock does not count from 1970. `latency` is the seconds before
-- each answer, slept on the clock, or a function of the request that returns them. `limits` is
-- false (no rate limits), true (the defaults), or a table over the defaults. `short_pages` makes
-- lists return short and empty pages. `unknown_space_status` (404 or 403) is the response for a
-- space that does not exist. `connections_per_page` makes a list of connections come in pages.
---@param options? table
function testing.gateway(options)
  local settings = read_settings(options)
  local clock = settings.clock
  local now = wall_clock(clock, settings.now)
  local state = {
    connections = connections.new(now, settings.create_answer, settings.connections_per_page),
    limits = limits.new(),
    faults = {},
  }
  local gateway = setmetatable({
    log = {}, settings = settings, clock = clock, sleep = settings.sleep, now = now, state = state,
  }, METATABLE)
  function gateway.transport(request, seconds)
    if type(request) ~= "table" or type(request.url) ~= "string"
      or type(request.method) ~= "string" then
      error("transport: a request with method and url expected", 2)
    end
    return front.handle(gateway, state, request, seconds)
  end
  if settings.connections ~= false then
    connections.add(state.connections, {
      id = FIRST_CONNECTION, status = "ACTIVE", creation_time = now() - 51 * 86400,
    })
  end
  return gateway
end

--- Order a fault: `on` (operation, `"VERB /path"` or pattern, function; nil: any request), `times`
-- (1; `math.huge`: for ever), and what happens: an answer of `status` (503), `shape` ("google",
-- "drive", "nested", "flat", "text", "html", "empty"), `message`, `reason` (of "drive"), `body`,
-- `headers`, and with `perform` the operation before it; or `drop`: the request is not sent;
-- `lost`: the connection is lost before the answer; `timeout`: no answer comes. With `lost` and
-- `timeout` the operation is performed, unless `perform` is false. A status of 200 to 299 needs a
-- body.
-- The bytes of a file break off `after` so many, by `lost` or `timeout`, or are `cut`; the file may
-- have `changed` from then on.
---@param options table
function Gateway:fail(options)
  faults.order(self.state.faults, options, self.sleep ~= nil)
end

--- Return the log entries of an operation, by its id or the last parts of it.
---@param name? string such as `participants.list`; without it all entries
---@return table[]
function Gateway:requests(name)
  if name ~= nil and (type(name) ~= "string" or not operations.exists(name)) then
    checked.misuse("requests: %s", operations.unknown(name))
  end
  local found = {}
  for _, entry in ipairs(self.log) do
    if name == nil or operations.named(entry.operation, name) then
      found[#found + 1] = entry
    end
  end
  return found
end

--- Clear the log.
function Gateway:clear_log()
  for i = #self.log, 1, -1 do
    self.log[i] = nil
  end
end

--- Fill the first connection's organisation with realistic data; see `googlemeet.testing.demo`.
---@param options? { accounts: integer?, webinar: integer? }
function Gateway:seed(options)
  options = checked.options("seed", options, { accounts = "number", webinar = "number" })
  for name, value in pairs(options) do checked.number("seed: " .. name, value, 1) end
  return demo.fill(self, options)
end

--- Add a connection: `id`, `status` (PENDING), `app`, `method`, `metadata`, `creation_time`,
-- `account` (name of the Google account) or `organisation` (of another connection).
---@return table connection with `resource` and `organisation`
function Gateway:add_connection(options)
  return connections.add(self.state.connections, options)
end

--- Make a connection ACTIVE, as if a person had opened its page. It may be given as its id, as the
-- node, or as a client's resource.
function Gateway:activate(id)
  connections.set_status(self.state.connections, id, "ACTIVE")
end

--- Change the status of a connection, given as for `activate`.
function Gateway:set_status(id, status)
  connections.set_status(self.state.connections, id, status)
end

--- Return the organisation of a connection, given as for `activate`, by default the first one.
---@param id? string|table
function Gateway:organisation(id)
  local set = self.state.connections
  local connection = id == nil and set.list[1] or connections.find(set, id)
  if not connection then
    checked.misuse("organisation: there is no connection %s", tostring(id))
  end
  return connection.organisation
end

--- Find a node by its resource name, in any organisation.
---@param name string
---@return table? node
function Gateway:find(name)
  if name == nil then return nil end
  for _, connection in ipairs(self.state.connections.list) do
    local node = connection.organisation.index[name]
    if node then
      return node
    end
  end
end

--- Add a space: `id`, `code`, `role` ("owner", "participant", "other"), `config`, `phone_access`,
-- `sip_access`, `organisation`.
---@return table node with `name` and `resource`
function Gateway:add_space(options)
  return build.space(nodes.organisation(self, "add_space", options), options)
end

--- Add a conference record to a space: `start_time`, `end_time` (without it the conference is
-- live), `id`. The space may also be among the options, as `space`.
function Gateway:add_record(space, options)
  if type(space) == "table" and space.name == nil and options == nil then
    space, options = space.space, space
  end
  return build.record(nodes.of(self, "add_record", space, "members"), options)
end

--- What is added to a node, and a field that such a node has: see `nodes`.
local PARENTS = {
  member = "members", participant = "participants", session = "participantSessions",
  recording = "participants", transcript = "participants", smart_note = "participants",
  entry = "entries",
}

-- The options are those of `build`; `types/testing.lua` describes them.
for kind, field in pairs(PARENTS) do
  local method = "add_" .. kind
  Gateway[method] = function(self, parent, options)
    return build[kind](nodes.of(self, method, parent, field), options)
  end
end

--- End a running conference, at `at` or now.
---@param record table|string
---@param at? number|string
function Gateway:end_conference(record, at)
  local node = nodes.of(self, "end_conference", record, "participants")
  local stop = checked.instant("end_conference", at or self.now())
  checked.order("end_conference", node, stop)
  organisation.end_record(node, stop.text)
end

--- Make a participant leave: all open sessions end, at `at` or now.
function Gateway:leave(participant, at)
  local node = nodes.of(self, "leave", participant, "participantSessions")
  local stop = checked.instant("leave", at or self.now())
  for _, session in ipairs(node.participantSessions) do
    if not session.resource.endTime then checked.order("leave", session, stop) end
    organisation.end_session(session, stop.text)
  end
end

--- Change the state of a recording, transcript or smart note; FILE_GENERATED adds its file.
---@param artifact table|string
---@param state "STARTED"|"ENDED"|"FILE_GENERATED"
function Gateway:set_state(artifact, state)
  local node = nodes.of(self, "set_state", artifact, "destination")
  checked.choice("set_state", state, organisation.states)
  organisation.set_state(node, state, time.format(self.now()))
end

for _, methods in ipairs { file_methods, calendar_methods } do
  for name, method in pairs(methods) do Gateway[name] = method end
end

--- Check whether a limiter keeps the rules: see `googlemeet.testing.check_limiter`.
---@param make fun(number: integer): table
---@param options? { clock: table? }
---@return boolean ok
---@return { check: string, ok: boolean?, detail: string }[] rows
function testing.check_limiter(make, options)
  return require("googlemeet.testing.check_limiter")(make, options)
end

for name, method in pairs(Gateway) do
  Gateway[name] = checked.public(function(self, ...)
    if getmetatable(self) ~= METATABLE then
      checked.misuse("%s: call it on the gateway, with a colon", name)
    end
    return method(self, ...)
  end)
end
testing.gateway = checked.public(testing.gateway)
testing.check_limiter = checked.public(testing.check_limiter)

return testing
