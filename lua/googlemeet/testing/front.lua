--- The front of the gateway: log, key, rate limits, faults, choice of connection, forwarding.

local address = require "googlemeet.testing.address"
local calendar = require "googlemeet.testing.calendar.api"
local connections = require "googlemeet.testing.connections"
local drive = require "googlemeet.testing.drive.api"
local errors = require "googlemeet.testing.errors"
local faults = require "googlemeet.testing.faults"
local google = require "googlemeet.testing.google"
local operations = require "googlemeet.testing.operations"
local stream = require "googlemeet.testing.drive.stream"

local front = {}

local VERBS = { GET = true, POST = true, PUT = true, PATCH = true, DELETE = true }
--- The apps behind the gateway: the start of their paths, their operations, and who answers.
local APPS = {
  ["google-meet"] = { path = { "v2" }, rows = operations.google, api = google },
  ["google-drive"] = { path = { "drive", "v3" }, rows = operations.drive, api = drive.drive },
  ["google-calendar"] = { path = { "calendar", "v3" }, rows = operations.calendar, api = calendar },
  ["google-docs"] = { path = { "v1" }, rows = operations.docs, api = drive.docs },
}
local PATIENCE = 60 -- seconds to wait for an answer that never comes, where the sender names none

local function lower_names(headers)
  local lowered = {}
  for name, value in pairs(headers or {}) do
    lowered[name:lower()] = tostring(value)
  end
  return lowered
end

--- Find the operation of a request.
---@return string|nil side that the path belongs to: an app, or "gateway"
---@return table? row
---@return table|boolean names in the path, or whether another verb matches
local function route(method, path)
  local segments = address.segments(path)
  local side = segments[1]
  local app = APPS[side]
  if app then
    for i, segment in ipairs(app.path) do
      if segments[i + 1] ~= segment then return side, nil, false end
    end
    local rest = table.move(segments, #app.path + 2, #segments, 1, {})
    return side, operations.match(app.rows, method, rest, address.decode)
  elseif side == "connections" then
    return "gateway", operations.match(operations.gateway, method, segments, address.decode)
  end
  return nil, nil, false
end

--- Make the log entry of a request. It does not contain the key.
local function describe(gateway, request, headers, parsed)
  local entry = {
    method = request.method, path = parsed and parsed.path, query = {},
    target = request.url:match("^%a[%w+.-]*://[^/?]*(.*)$") or request.url,
    headers = headers, body = request.body, time = gateway.now(),
    authorized = headers.authorization == "Bearer " .. gateway.settings.api_key,
  }
  headers.authorization = nil
  for _, pair in ipairs(parsed and parsed.query or {}) do
    entry.query[pair.name] = pair.value
  end
  return entry
end

local function keep_entry(gateway, entry)
  local log = gateway.log
  log[#log + 1] = entry
  local limit = gateway.settings.log_limit
  if limit and #log >= 2 * limit then
    local first = #log - limit
    table.move(log, first + 1, #log, 1)
    for i = #log, limit + 1, -1 do
      log[i] = nil
    end
  end
end

--- Forward a request to Google, on the connection it names or the oldest one of its app.
local function forward(state, side, context)
  local api, id = APPS[side].api, context.headers["maton-connection"]
  local connection = connections.choose(state.connections, side, id)
  if not context.row then
    return api.no_operation(context.method, context.path, context.names)
  end
  context.organisation = connection.organisation
  return api.answer(context)
end

local function answer_routed(state, side, context)
  if not side or (side == "gateway" and not context.row) then
    return context.names and errors.nested(405, "Method Not Allowed")
      or errors.flat(404, ("No app at %s"):format(context.path))
  elseif side == "gateway" then
    return connections.answer(state.connections, context)
  end
  return errors.catch(forward, state, side, context)
end

--- Check key and rate limit, before any routing.
---@return table? refusal
local function admit(gateway, state, entry)
  if not entry.authorized then
    return errors.nested(401, "Invalid API key")
  end
  local rates = gateway.settings.limits
  if state.limits:take("gateway", rates and rates.per_second, 1, gateway.clock()) then
    return errors.nested(429, "Too many requests")
  end
end

--- Perform the operation of a request.
---@return table response
---@return table context it gets what the operation found: `file`
local function perform(gateway, state, seen)
  local context = {
    row = seen.row, names = seen.names, method = seen.request.method, path = seen.parsed.path,
    query_list = seen.parsed.query, body_text = seen.request.body, headers = seen.entry.headers,
    limits = state.limits, rates = gateway.settings.limits, clock = gateway.clock(),
    now = gateway.now, settings = gateway.settings,
  }
  return answer_routed(state, seen.side, context), context
end

--- Return the response of an operation as a fault changes it, and the fault.
local function finish(gateway, seen, fault, response, context)
  if fault and fault.bytes then
    response = stream.broken(fault, response, context, {
      message = faults.message(fault), seconds = seen.seconds, entry = seen.entry,
      sleep = gateway.sleep,
    })
  elseif fault and not fault.silent then
    response = faults.answer(fault)
  end
  return response, fault
end

--- Respond to a request that is not dropped. Only a request that is admitted uses up a fault.
---@return table? response nil when a fault lets no operation be performed and no answer come
---@return table? fault the one that was used up
local function respond(gateway, state, seen)
  local request, entry, parsed, fault = seen.request, seen.entry, seen.parsed, seen.fault
  local refusal = admit(gateway, state, entry)
  if refusal then
    return refusal
  elseif not parsed then
    return errors.nested(400, seen.problem)
  elseif not VERBS[request.method] then
    return errors.nested(405, "Method Not Allowed")
  end
  if fault then
    faults.spend(state.faults, fault)
    if not faults.performs(fault) then
      return not fault.silent and faults.answer(fault) or nil, fault
    end
  end
  return finish(gateway, seen, fault, perform(gateway, state, seen))
end

--- Return how many seconds pass before the answer to a request.
local function latency_of(gateway, request)
  local latency = gateway.settings.latency or 0
  if type(latency) ~= "function" then return latency end
  local seconds = latency(request)
  if type(seconds) == "number" and seconds >= 0 and seconds < math.huge then return seconds end
  error(("gateway: latency returned %s, not a number of seconds"):format(tostring(seconds)), 0)
end

--- Let time pass before the answer, at most as long as the sender waits; say whether it is late.
local function pass(gateway, seen, never)
  local delay = never and math.huge or latency_of(gateway, seen.request)
  local patience = seen.seconds or never and PATIENCE or math.huge
  if delay > 0 then gateway.sleep(math.min(delay, patience)) end
  return delay > patience
end

--- Give the answer when its time has come, unless it is late or a fault has lost it.
---@return table? response
---@return string? message
---@return "sent"? fate
---@return "timeout"|nil kind
local function deliver(gateway, seen, response, fault)
  local is_lost = fault and not fault.bytes and fault.silent
  local is_late = pass(gateway, seen, is_lost == "timeout")
  if not is_lost and not is_late then return response end
  seen.entry.lost = true
  if not is_late then return nil, faults.message(fault), "sent" end
  return nil, is_lost == "timeout" and faults.message(fault) or "no answer came in time", "sent",
    "timeout"
end

--- Respond to one request.
---@param gateway table
---@param state table the gateway's private parts
---@param request { method: string, url: string, headers: table, body: string? }
---@param seconds? number how long the sender waits
---@return table? response nil when a fault drops the request or loses the answer
---@return string? message
---@return "sent"? fate that of a request whose answer is lost
---@return "timeout"|nil kind where that is why
function front.handle(gateway, state, request, seconds)
  local parsed, problem = address.read(request.url)
  local entry = describe(gateway, request, lower_names(request.headers), parsed)
  keep_entry(gateway, entry)
  local seen = {
    request = request, seconds = seconds, entry = entry, parsed = parsed, problem = problem,
  }
  if parsed then seen.side, seen.row, seen.names = route(request.method, parsed.path) end
  entry.operation = seen.row and seen.row.id

  local fault = faults.find(state.faults, entry, request)
  if fault and fault.drop then
    faults.spend(state.faults, fault)
    entry.dropped = true
    return nil, faults.message(fault)
  end
  seen.fault = fault
  local response, used = respond(gateway, state, seen)
  entry.status = response and response.status
  if response then stream.count(response, entry) end
  return deliver(gateway, seen, response, used)
end

return front
