--- Judges the query of a request; see spec/support/contract.lua.

local facts = require "spec.support.contract.facts"
local message = require "spec.support.contract.message"

local query = {}

local VALUES = {
  time = "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.?%d*[Z+-][%d:]*$",
  name = "^spaces/[%w_-]+$",
  code = "^%a+%-%a+%-%a+$",
}

local function check_term(term, fields)
  local name = term:match("^([%l_.]+) IS NULL$")
  local operator, value = "IS NULL", nil
  if not name then
    name, operator, value = term:match('^([%l_.]+)%s*([<>=]+)%s*"([^"\\]*)"$')
  end
  local field = name and fields[name]
  if not field then
    return ("filter: %q is no documented term"):format(term)
  end
  for _, allowed in ipairs(field.ops) do
    if allowed == operator then
      local fits = value == nil or value:find(VALUES[field.type])
      return not fits and ("filter: %q is no %s"):format(value, field.type) or nil
    end
  end
  return ("filter: no %s on %s"):format(operator, name)
end

local function check_filter(text, list)
  local at = 1
  while true do
    local from, to = text:find(" AND ", at, true)
    local problem = check_term(text:sub(at, (from or 0) - 1), facts.filters[list])
    if problem or not from then
      return problem
    end
    at = to + 1
  end
end

local function check_fields(text)
  local depth = 0
  for mark in text:gmatch("[()]") do
    depth = depth + (mark == "(" and 1 or -1)
    if depth < 0 then
      break
    end
  end
  if depth ~= 0 or not text:find("^[%a_*][%w_*/,()]*$") then
    return ("fields: %q is malformed"):format(text)
  end
end

local function check_enum(name, value, values)
  for _, known in ipairs(values) do
    if known == value then
      return nil
    end
  end
  return ("%s: %q is not a choice"):format(name, value)
end

local function check_text(rule, value)
  local pattern = rule.format == "date-time" and VALUES.time
    or rule.pattern and "^[%l%d][%l%d-]*$"
  if pattern and not value:find(pattern) then
    return ("%s: %q is malformed"):format(rule.name, value)
  elseif value == "" or #value > (rule.maxLength or math.huge) then
    return ("%s: empty or too long"):format(rule.name)
  end
end

local TYPES = {}

function TYPES.integer(rule, value)
  local number = value:find("^%d+$") and math.tointeger(tonumber(value))
  if not number or number > 2147483647 then
    return ("%s: %q is no int32 from 0"):format(rule.name, value)
  elseif number < (rule.min or 0) then
    return ("%s: %q is less than %d"):format(rule.name, value, rule.min)
  end
end

function TYPES.boolean(rule, value)
  return check_enum(rule.name, value, { "true", "false" })
end

function TYPES.string(rule, value)
  if rule.filter then
    return check_filter(value, rule.filter)
  elseif rule.maskOf then
    return message.check_mask(value, rule.maskOf)
  elseif rule.name == "fields" then
    return check_fields(value)
  elseif rule.enum then
    return check_enum(rule.name, value, rule.enum.values or rule.enum)
  end
  return check_text(rule, value)
end

local function find_rule(row, name)
  for _, rule in ipairs(row.query) do
    if rule.name == name then
      return rule
    end
  end
  for _, rule in ipairs(row.standardQuery) do
    if rule.name == name then
      return rule
    end
  end
end

local function check_value(row, rule, value)
  if rule.name == "alt" and value ~= "json" and not (value == "media" and row.media) then
    return ("alt: %q is not for %s"):format(value, row.id)
  elseif type(rule.enum) == "string" then
    return check_enum(rule.name, value, facts.enum(rule.enum).values)
  end
  return TYPES[rule.type](rule, value)
end

local function check_parameter(row, part, seen)
  local name, value = part:match("^([^=]+)=(.*)$")
  name, value = name and facts.percent_decode(name), value and facts.percent_decode(value)
  if not name or not value or not utf8.len(value) then
    return ("query: %q is malformed"):format(part)
  elseif seen[name] then
    return ("query: %s is given twice"):format(name)
  end
  seen[name] = true
  local rule = find_rule(row, name)
  if not rule or rule.confirmed == false then
    return ("query: %s is not a parameter of %s"):format(name, row.id)
  end
  return check_value(row, rule, value)
end

--- Judge a query string, nil when the URL has none; give the problem or nil.
function query.check(row, text)
  if text == "" then
    return "query: an empty one after the question mark"
  elseif text and text:find("+", 1, true) then
    return "query: a bare + (a blank is %20)"
  end
  local seen = {}
  for _, part in ipairs(text and facts.split(text, "&") or {}) do
    local problem = check_parameter(row, part, seen)
    if problem then
      return problem
    end
  end
  for _, rule in ipairs(row.query) do
    if rule.required and not seen[rule.name] then
      return ("query: %s is missing"):format(rule.name)
    end
  end
end

return query
