--- The controls of the served fake: requests under /-/, which need no key.

local json = require "googlemeet.testing.json"

local control = {}

local WEAK = { __mode = "k" }

--- Set the counts to 0, and empty the log.
function control.reset(served)
  served.gateway:clear_log()
  served.connections, served.accepted, served.requests = 0, 0, 0
  served.seen, served.versions = setmetatable({}, WEAK), {}
  return {}
end

local function stats(served)
  local log = json.array {}
  for i, entry in ipairs(served.gateway.log) do
    log[i] = {
      method = entry.method, path = entry.path, query = entry.query, operation = entry.operation,
      status = entry.status, headers = entry.headers, body = entry.body, sent = entry.sent,
      authorized = entry.authorized,
    }
  end
  return {
    connections = served.connections, accepted = served.accepted, requests = served.requests,
    versions = served.versions, log = log, memory = collectgarbage "count" * 1024 // 1,
  }
end

local function fail(served, options)
  served.gateway:fail(options)
  return {}
end

local function call(served, body)
  local method = served.gateway[body.name]
  if type(method) ~= "function" then
    error(("the gateway has no method '%s'"):format(body.name), 0)
  end
  local arguments = body.arguments or {}
  if type(arguments) ~= "table" then error("the arguments are no JSON array", 0) end
  method(served.gateway, table.unpack(arguments))
  return {}
end

local CONTROLS <const> = {
  ["GET /-/stats"] = stats,
  ["POST /-/fail"] = fail,
  ["POST /-/call"] = call,
  ["POST /-/reset"] = control.reset,
}

local function response(status, body)
  return {
    status = status, headers = { ["Content-Type"] = "application/json" }, body = json.encode(body),
  }
end

--- Count a request to the fake, and its socket if that is new.
---@param served table
---@param connection table of lua-http
function control.count(served, connection)
  local version = tostring(connection.version)
  served.requests = served.requests + 1
  served.versions[version] = (served.versions[version] or 0) + 1
  if not served.seen[connection] then
    served.seen[connection] = true
    served.connections = served.connections + 1
  end
end

--- Respond to a request under /-/.
---@param served table
---@param request table as a transport takes it
---@return table response as a transport returns it
function control.answer(served, request)
  local run = CONTROLS[request.method .. " " .. request.url]
  if not run then
    return response(404, { message = "no control at " .. request.url })
  end
  local ok, answer = pcall(function()
    local body = json.decode(request.body or "{}")
    if type(body) ~= "table" then error("the body is no JSON object", 0) end
    return run(served, body)
  end)
  if ok then return response(200, answer) end
  return response(400, { message = (tostring(answer):gsub("^[^\n]-%.lua:%d+: ", "")) })
end

return control
