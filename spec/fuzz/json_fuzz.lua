-- Any text: what is decoded is normalised and UTF-8, and is written and read back as the same.

local core = require "googlemeet.core"

local DEEPEST = 64

--- Numbers are finite, whole ones integers; nothing is null; arrays have no gaps.
---@param depth integer tables around the value
local function check_value(value, depth)
  local kind = type(value)
  if kind == "number" then
    assert(value == value and value ~= math.huge and value ~= -math.huge, "it is not finite")
    assert(math.type(value) == "integer" or not math.tointeger(value),
      "a whole number is no integer")
  elseif kind == "table" then
    assert(depth < DEEPEST, "it is too deep")
    local count, indexes = 0, 0
    for key, item in pairs(value) do
      count = count + 1
      if math.type(key) == "integer" then indexes = indexes + 1 else assert(utf8.len(key)) end
      check_value(item, depth + 1)
    end
    assert(indexes == 0 or indexes == count and #value == count, "an array has gaps")
  elseif kind == "string" then
    assert(utf8.len(value), "it is no UTF-8")
  else
    assert(kind == "boolean", kind)
  end
end

local function same(one, other)
  if type(one) ~= "table" or type(other) ~= "table" then
    return one == other and math.type(one) == math.type(other)
  end
  for key, value in pairs(one) do
    if not same(value, other[key]) then return false end
  end
  for key in pairs(other) do
    if one[key] == nil then return false end
  end
  return true
end

--- A whole number keeps all its digits, as an integer or, where that is too small, as a text.
local function check_digits(text)
  local digits = text:gsub("%D", ""):match "^0*(%d+)$"
  if digits then
    assert(tostring(assert(core.decode(digits))) == digits, "a digit has changed")
    assert(tostring(assert(core.decode("[-1" .. digits .. "]"))[1]) == "-1" .. digits)
  end
end

return function(text)
  check_digits(text)
  local value, problem = core.decode(text)
  if value == nil then
    assert(problem == nil or type(problem) == "string" and problem ~= "")
    return
  end
  check_value(value, 0)
  local written = assert(core.encode(value))
  assert(same(value, (core.decode(written))), "it reads back as another value")
  assert(core.encode(core.decode(written)) == written, "it is written in two ways")
end
