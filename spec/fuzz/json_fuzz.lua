-- Any text: what is decoded is normalised, and is written and read back as the same.

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
      if math.type(key) == "integer" then indexes = indexes + 1 end
      check_value(item, depth + 1)
    end
    assert(indexes == 0 or indexes == count and #value == count, "an array has gaps")
  else
    assert(kind == "string" or kind == "boolean", kind)
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

local function is_utf8(value)
  if type(value) == "string" then return utf8.len(value) ~= nil end
  if type(value) ~= "table" then return true end
  for key, item in pairs(value) do
    if not is_utf8(key) or not is_utf8(item) then return false end
  end
  return true
end

return function(text)
  local value, problem = core.text.decode(text)
  if value == nil then
    assert(problem == nil or type(problem) == "string" and problem ~= "")
    return
  end
  check_value(value, 0)
  local written, why = core.text.encode(value)
  if not is_utf8(value) then
    assert(not written and why:find("UTF-8", 1, true), "what is no UTF-8 was written")
    return
  end
  assert(written, why)
  assert(same(value, (core.text.decode(written))), "it reads back as another value")
  assert(core.text.encode(core.text.decode(written)) == written, "it is written in two ways")
end
