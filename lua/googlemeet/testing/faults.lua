--- Faults that a user orders: the requests they apply to, and the responses they give or lose.

local checked = require "googlemeet.testing.checked"
local errors = require "googlemeet.testing.errors"
local json = require "googlemeet.testing.json"
local operations = require "googlemeet.testing.operations"

local faults = {}

local OPTIONS = {
  on = "string or function", status = "number", body = "string or table", headers = "table",
  times = "number", shape = "string", message = "string", perform = "boolean",
  drop = "boolean", lost = "boolean", timeout = "boolean",
  after = "number", cut = "number", changed = "boolean", reason = "string",
}

local EXPORT = "drive.files.export"
local DRIVE_REASONS = {
  [400] = "badRequest", [401] = "authError", [403] = "forbidden", [404] = "notFound",
  [429] = "rateLimitExceeded", [500] = "internalError",
}
local NOT_WITH_CUT = {
  "lost", "timeout", "drop", "after", "status", "shape", "reason", "body", "headers",
  "message",
}

--- Messages of faults without an answer, by what happens to the request.
local SILENT = {
  drop = "the request was not sent: dropped by a fault",
  lost = "the connection was lost after the request was sent: by a fault",
  timeout = "no answer came in time: by a fault",
}

--- The same when some bytes of the answer have come.
local CUT_OFF = {
  lost = "the connection was lost amid the answer: by a fault",
  timeout = "nothing more of the answer came in time: by a fault",
}

--- Make a body: functions of status, message and reason.
local SHAPES = { google = errors.google, nested = errors.nested, flat = errors.flat }

function SHAPES.drive(status, message, reason)
  return errors.drive(status, reason or DRIVE_REASONS[status] or "backendError", message)
end

--- Say whether a fault applies to a request. One that breaks off bytes waits for such.
---@param fault { on: nil|string|fun(request: table): boolean, is_text: boolean }
---@param entry table log entry of the request
---@param request table as the transport received it
local function applies(fault, entry, request)
  local on = fault.on
  if fault.bytes and entry.query.alt ~= "media" and entry.operation ~= EXPORT then
    return false
  elseif on == nil then
    return true
  elseif type(on) == "function" then
    return on(request) and true or false
  elseif operations.exists(on) then
    return operations.named(entry.operation, on)
  end
  local line = entry.method .. " " .. entry.target
  return line:find(on, 1, true) ~= nil or not fault.is_text and line:find(on) ~= nil
end

--- Check which requests a fault is for. Return true for a part of an address that is no pattern,
-- such as "/spaces/a%20b".
local function check_on(on)
  if type(on) ~= "string" or operations.exists(on) then return false end
  if not on:find("[ /]") then
    checked.misuse("fail: on: %s; a pattern has a blank or a slash", operations.unknown(on))
  end
  local is_pattern, problem = pcall(string.find, on, on) -- Lua looks as far as it matches
  if is_pattern then return false end
  if not on:find "%%%x%x" then checked.misuse("fail: on: '%s': %s", on, problem) end
  return true
end

--- Return what happens to a request without an answer: "drop", "lost", "timeout", or nil.
local function check_silent(options)
  local silent
  for name in pairs(SILENT) do
    if options[name] and silent then
      checked.misuse("fail: only one of drop, lost and timeout")
    end
    silent = options[name] and name or silent
  end
  for _, name in ipairs(silent and { "status", "shape", "reason", "body", "headers" } or {}) do
    if options[name] ~= nil then
      checked.misuse("fail: %s: with '%s' no answer comes", name, silent)
    end
  end
  if silent == "drop" and options.perform then
    checked.misuse("fail: perform: with 'drop' nothing is sent; 'lost' loses the answer")
  end
  return silent
end

--- Check what is given beside `cut`.
local function check_cut(options)
  for _, name in ipairs(options.cut and NOT_WITH_CUT or {}) do
    if options[name] ~= nil then
      checked.misuse("fail: %s: with 'cut' the answer comes, a part of it", name)
    end
  end
end

--- Check the options that break off the bytes of a file; say whether there are any.
---@return boolean
local function check_bytes(options)
  local silent, has_bytes = options.silent, options.after ~= nil or options.cut ~= nil
  for _, name in ipairs { "after", "cut" } do
    if options[name] then checked.number("fail: " .. name, options[name], 0) end
  end
  if options.after and silent ~= "lost" and silent ~= "timeout" then
    checked.misuse("fail: after: with 'lost' or 'timeout', of which it is the time")
  elseif options.changed and not has_bytes then
    checked.misuse("fail: changed: only with 'after' or 'cut'")
  elseif has_bytes and options.perform == false then
    checked.misuse("fail: perform: with 'after' and 'cut' the operation is performed")
  end
  check_cut(options)
  return has_bytes
end

--- Check the status of a fault's answer. A success needs a body, because only that shows the fault:
-- a portal's page, or damaged data.
---@return integer status
local function check_status(options)
  local status = math.tointeger(options.status or 503)
  if not status or status < 200 or status > 599 then
    checked.misuse("fail: status must be a whole number from 300 to 599, or with a body from 200")
  elseif status < 300 and options.body == nil then
    checked.misuse("fail: status: %d is not a failure; give one from 300 to 599, or a body that is "
      .. "wrong", status)
  end
  return status
end

local function is_line(value)
  return type(value) == "string" and not value:find "%c" or type(value) == "number"
end

local function check_content(options)
  checked.choice("fail: shape", options.shape or "google", SHAPES)
  if options.reason and options.shape ~= "drive" then
    checked.misuse("fail: reason: only with the shape 'drive'")
  end
  if type(options.body) == "table" then checked.json("fail: body", options.body) end
  for name, value in pairs(options.headers or {}) do
    if type(name) ~= "string" or not is_line(name) or not is_line(value) then
      checked.misuse("fail: headers: names with strings of one line or numbers expected")
    end
  end
end

--- Order a fault.
---@param list table[] the faults so far
---@param options table as for `gateway:fail`
---@param can_wait boolean whether the gateway's clock has `sleep`
function faults.order(list, options, can_wait)
  options = checked.options("fail", options, OPTIONS)
  options.is_text = check_on(options.on)
  options.silent = check_silent(options)
  options.bytes = check_bytes(options)
  if not options.silent and not options.cut then
    options.status = check_status(options)
    check_content(options)
  end
  if options.timeout and not can_wait then
    checked.misuse("fail: timeout: the gateway needs clock = { now =, sleep = } for it")
  end
  options.left = options.times or 1
  if options.left < 1 or options.left % 1 ~= 0 and options.left ~= math.huge then
    checked.misuse("fail: times must be a whole number from 1, or math.huge, which never ends")
  end
  list[#list + 1] = options
  return options
end

--- Find the first fault that applies to a request.
function faults.find(list, entry, request)
  for _, fault in ipairs(list) do
    if fault.left > 0 and applies(fault, entry, request) then
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

--- Say whether the operation is performed, before the fault responds or the answer is lost.
function faults.performs(fault)
  if fault.bytes then return true end
  if fault.perform ~= nil then return fault.perform end
  return fault.silent == "lost" or fault.silent == "timeout"
end

--- Return the results of the transport for a request without an answer.
function faults.message(fault)
  return fault.message or fault.after and CUT_OFF[fault.silent] or SILENT[fault.silent]
end

--- Make the response of a fault.
---@param fault table
---@return table response
function faults.answer(fault)
  local status = fault.status
  local message = fault.message or errors.reason(status)
  local response = SHAPES[fault.shape or "google"](status, message, fault.reason)
  if fault.body then
    response.body = type(fault.body) == "table" and json.encode(fault.body) or fault.body
  end
  for name, value in pairs(fault.headers or {}) do
    response.headers[name] = tostring(value)
  end
  return response
end

return faults
