--- Asks a gateway fake, and holds both sides against the contract.
-- `ask(gateway, method, target, body, headers)` gives the decoded body and the response. A request
-- that the contract refuses is an error, and so is a good answer that breaks it; `ask.loosely` is
-- for requests that are wrong on purpose.

local contract = require "spec.support.contract"
local json = require "googlemeet.testing.json"

local ask = {}

local BASE = "https://fake.example"
local MEET = "/google-meet/v2/"

--- Build a request: `target` is below /google-meet/v2/ unless it begins with a slash.
local function request_of(method, target, body, headers)
  local request = {
    method = method, headers = { Authorization = "Bearer test-key" },
    url = BASE .. (target:sub(1, 1) == "/" and target or MEET .. target),
    body = type(body) == "table" and json.encode(body) or body,
  }
  if body then
    request.headers["Content-Type"] = "application/json"
  end
  for name, value in pairs(headers or {}) do
    request.headers[name] = value
  end
  return request
end

--- Ask without regard for the contract.
function ask.loosely(gateway, method, target, body, headers)
  local response, message = gateway.transport(request_of(method, target, body, headers))
  if not response then
    return nil, message
  end
  return type(response.body) == "string" and json.decode(response.body) or response.body, response
end

--- Ask, and check request and answer.
local function strictly(_, gateway, method, target, body, headers)
  local id = assert(contract.check(request_of(method, target, body, headers)))
  local answer, response = ask.loosely(gateway, method, target, body, headers)
  local is_good = answer and response.status == 200
  if is_good and (response.headers["Content-Type"] or ""):find "^application/json" then
    assert(contract.response_ok(id, response.body))
  end
  return answer, response
end

return setmetatable(ask, { __call = strictly })
