--- A strict judge of requests and responses, by the facts in spec/contract/: Meet and the gateway,
-- and what is used of Drive, Docs and Calendar.
-- Where the servers are known to be lenient this is not: what it refuses need not fail out there,
-- but a client that stands by the contract has no reason to send it. It shares no code with the
-- fake, so that each can be held against the other.

local facts = require "spec.support.contract.facts"
local message = require "spec.support.contract.message"
local query = require "spec.support.contract.query"
local cjson = require("cjson").new()

local contract = {}

local BODY_TYPE = "^application/json%s*$"
local BODY_TYPE_UTF8 = "^application/json%s*;%s*charset=[uU][tT][fF]%-8%s*$"

--- The rows of the operations of Meet and the gateway, in the order of the document.
contract.operations = facts.operations
contract.schemas = facts.schemas
contract.enums = facts.enums
contract.filters = facts.filters
--- The same of the other apps: `operations`, `schemas`, `enums`.
contract.others = facts.others

local function find_row(fits)
  for _, rows in ipairs { facts.operations, facts.others.operations } do
    for _, row in ipairs(rows) do
      if fits(row) then return row end
    end
  end
end

--- Find the row of an operation by its id.
---@param id string
function contract.operation(id)
  return find_row(function(row) return row.id == id end)
    or error("the contract has no operation " .. tostring(id), 2)
end

--- Match one segment; give the variable it is for and its decoded value.
local function match_segment(template, segment)
  local variable, verb = template:match("^{(%a+)}(.*)$")
  if not variable then
    return template == segment
  elseif verb == "" and segment:find(":", 1, true) then
    return false
  elseif verb ~= "" and segment:sub(-#verb) ~= verb then
    return false
  end
  return true, variable, segment:sub(1, #segment - #verb)
end

local function match_path(row, path)
  local templates, segments = facts.split(row.path, "/"), facts.split(path, "/")
  if #templates ~= #segments then
    return nil
  end
  local values = {}
  for i, template in ipairs(templates) do
    local fits, variable, value = match_segment(template, segments[i])
    if not fits then
      return nil
    elseif variable then
      values[variable] = value
    end
  end
  return values
end

local function find_operation(method, path)
  local values
  local row = find_row(function(row)
    values = row.verb == method and match_path(row, path)
    return values
  end)
  return row, values
end

local function check_segments(row, values)
  for _, parameter in ipairs(row.pathParams) do
    local rule = facts.segments[parameter.segment]
    local value = facts.percent_decode(values[parameter.name])
    if not value or #value > rule.max or not value:find("^[" .. rule.characters .. "]+$") then
      return ("%s: %q is not an id"):format(parameter.name, values[parameter.name])
    elseif rule.neverCode and value:find("^%a%a%a%-%a%a%a%a%-%a%a%a$") then
      return ("%s: a meeting code where only an id may stand"):format(parameter.name)
    end
  end
end

local function read_headers(headers)
  local lowered = {}
  for name, value in pairs(headers or {}) do
    local key = type(name) == "string" and name:lower() or ""
    if not key:find("^[%w-]+$") or type(value) ~= "string" or value:find("%c") then
      return nil, ("headers: %s is malformed"):format(tostring(name))
    elseif lowered[key] then
      return nil, ("headers: %s is given twice"):format(key)
    end
    lowered[key] = value
  end
  return lowered
end

local function check_headers(headers, body)
  local key, content_type = headers.authorization, headers["content-type"]
  local connection = headers["maton-connection"]
  if not key or not key:find("^Bearer %S+$") then
    return "headers: Authorization must be Bearer and a key"
  elseif connection and not connection:find("^[%w._-]+$") then
    return "headers: Maton-Connection is no id"
  elseif not body then
    return content_type and "headers: a Content-Type without a body"
  elseif not content_type
    or not (content_type:find(BODY_TYPE) or content_type:find(BODY_TYPE_UTF8)) then
    return "headers: a body needs Content-Type: application/json"
  end
end

local function contains(list, wanted)
  for _, item in ipairs(list) do
    if item == wanted then
      return true
    end
  end
  return false
end

local function check_body(row, text)
  local rule = row.requestBody
  if not text then
    return rule and rule.required and "body: missing" or nil
  elseif not rule then
    return ("body: %s takes none"):format(row.id)
  end
  local ok, body = pcall(cjson.decode, text)
  if not ok or not text:find("^%s*{") then
    return "body: not a JSON object"
  end
  for name in pairs(body) do
    if not contains(rule.fields, name) then
      return ("body.%s: not a field that %s takes"):format(name, row.id)
    end
  end
  return message.check_needs(rule.needs, body, "body")
    or message.check_object(row.request, body, "body", true)
end

--- Judge a request as a transport gets it.
---@param request { method: string, url: string, headers: table<string, string>, body: string? }
---@return string? operation id of the operation
---@return string? problem
function contract.check(request)
  if request.url:find("[^\33-\126]") or request.url:find("#", 1, true) then
    return nil, "url: characters that must be encoded"
  end
  local path, text = request.url:match("^https?://[^/?]+(/[^?]*)%??(.*)$")
  if not path then
    return nil, "url: not an absolute one of http or https"
  end
  local row, values = find_operation(request.method, path)
  if not row then
    return nil, ("no operation %s %s"):format(request.method, path)
  end
  local headers, malformed = read_headers(request.headers)
  local problem = malformed or check_segments(row, values)
    or query.check(row, request.url:find("?", 1, true) and text or nil)
    or check_headers(headers, request.body) or check_body(row, request.body)
  if problem then
    return nil, ("%s: %s"):format(row.id, problem)
  end
  return row.id
end

--- Judge the body of a good response in JSON.
---@param id string operation
---@param body table|string decoded, or JSON text
---@return boolean ok
---@return string? problem
function contract.response_ok(id, body)
  local row = contract.operation(id)
  if not row.response then
    return false, id .. " answers no JSON"
  end
  if type(body) == "string" then
    local ok, decoded = pcall(cjson.decode, body)
    if not ok then
      return false, "not JSON: " .. decoded
    end
    body = decoded
  end
  local problem = message.check_object(row.response, body, row.response, false)
  return problem == nil, problem
end

return contract
