--- Faults that a user orders: the requests they apply to, and the responses they give.

local checked = require "googlemeet.testing.checked"
local errors = require "googlemeet.testing.errors"
local json = require "googlemeet.testing.json"
local operations = require "googlemeet.testing.operations"

local faults = {}

local OPTIONS = {
  on = "string or function", status = "number", body = "string or table", headers = "table",
  times = "number", shape = "string", drop = "boolean", perform = "boolean", message = "string",
}

local SHAPES = {}

--- Say whether a fault applies to a request.
---@param on nil|string|fun(request: table): boolean
---@param entry table log entry of the request
---@param request table as the transport received it
local function applies(on, entry, request)
  if on == nil then
    return true
  elseif type(on) == "function" then
    return on(request) and true or false
  elseif operations.exists(on) then
    return operations.named(entry.operation, on)
  end
  local line = entry.method .. " " .. entry.target
  return line:find(on, 1, true) ~= nil or line:find(on) ~= nil
end

--- Order a fault.
function faults.order(list, options)
  options = checked.options("fail", options, OPTIONS)
  checked.choice("fail: shape", options.shape or "google", SHAPES)
  local on = options.on
  if type(on) == "string" and not operations.exists(on) and not on:find("[ /]") then
    checked.misuse("fail: on: there is no operation '%s'; a pattern has a blank or a slash", on)
  end
  options.status = math.tointeger(options.status or 503)
  if not options.status or options.status < 100 or options.status > 599 then
    checked.misuse("fail: status must be a whole number from 100 to 599")
  end
  options.left = options.times or 1
  list[#list + 1] = options
  return options
end

--- Find the first fault that applies to a request.
function faults.find(list, entry, request)
  for _, fault in ipairs(list) do
    if fault.left > 0 and applies(fault.on, entry, request) then
      return fault
    end
  end
end

--- Count one use of a fault; remove it after the last.
function faults.spend(list, fault)
  fault.left = fault.left - 1
  if fault.left > 0 then
    return
  end
  for i, other in ipairs(list) do
    if other == fault then
      table.remove(list, i)
      return
    end
  end
end

function SHAPES.google(status, message)
  return errors.google(status, message)
end

function SHAPES.nested(status, message)
  return errors.nested(status, message)
end

function SHAPES.flat(status, message)
  return errors.flat(status, message)
end

function SHAPES.text(status, message)
  return { status = status, headers = { ["Content-Type"] = "text/plain" }, body = message }
end

function SHAPES.html(status, message)
  return {
    status = status,
    headers = { ["Content-Type"] = "text/html; charset=UTF-8" },
    body = ("<!DOCTYPE html>\n<html><head><title>%d %s</title></head>\n"
      .. "<body><h1>%s</h1></body></html>\n"):format(status, errors.reason(status), message),
  }
end

function SHAPES.empty(status)
  return { status = status, headers = {}, body = "" }
end

--- Make the response of a fault.
---@param fault table
---@return table response
function faults.answer(fault)
  local status = fault.status
  local message = fault.message or errors.reason(status)
  local response = SHAPES[fault.shape or "google"](status, message)
  if fault.body then
    response.body = type(fault.body) == "table" and json.encode(fault.body) or fault.body
  end
  for name, value in pairs(fault.headers or {}) do
    response.headers[name] = tostring(value)
  end
  return response
end

return faults
