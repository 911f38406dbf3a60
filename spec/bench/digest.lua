--- Digest of a decoded answer: every key and every leaf, in a fixed order.
-- Both drivers run it on what they decoded, so a field that one of them loses or changes shows.
-- Numbers count by value (an integer equals its float), and null as absent.

local function sorted_keys(value)
  local keys = {}
  for key in pairs(value) do keys[#keys + 1] = key end
  table.sort(keys, function(left, right) return tostring(left) < tostring(right) end)
  return keys
end

local function append(parts, value)
  if type(value) == "table" then
    parts[#parts + 1] = "{"
    for _, key in ipairs(sorted_keys(value)) do
      if type(value[key]) ~= "userdata" then
        parts[#parts + 1] = tostring(key)
        append(parts, value[key])
      end
    end
    parts[#parts + 1] = "}"
  elseif type(value) == "number" then
    parts[#parts + 1] = ("%.14g"):format(value)
  else
    parts[#parts + 1] = tostring(value)
  end
end

return function(value)
  local parts, hash = {}, 5381
  append(parts, value)
  local text = table.concat(parts, "\0")
  for at = 1, #text do hash = (hash * 33 + text:byte(at)) & 0xFFFFFFFF end
  return ("%08x-%d"):format(hash, #text)
end
