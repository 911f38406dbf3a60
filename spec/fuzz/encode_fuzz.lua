-- A value built from the bytes is written and reads back as the same, or it is refused in words.

local core = require "googlemeet.core"
local meet = require "googlemeet"

--- A cursor over the bytes; zeros follow the last one.
local Bytes = {}
Bytes.__index = Bytes

function Bytes:byte()
  self.at = self.at + 1
  return self.text:byte(self.at) or 0
end

function Bytes:string(length)
  local taken = self.text:sub(self.at + 1, self.at + length)
  self.at = self.at + length
  return taken
end

local MAKE = {}

function MAKE.integer(bytes) return (string.unpack("<i4", (bytes:string(4) .. "\0\0\0\0"))) end
function MAKE.number(bytes)
  local number = string.unpack("<d", bytes:string(8) .. ("\0"):rep(8))
  return number
end
function MAKE.fraction(bytes)
  return bytes:byte() / (1 + bytes:byte()) * 10.0 ^ (bytes:byte() % 40 - 20)
end
function MAKE.string(bytes) return bytes:string(bytes:byte() % 24) end
function MAKE.character(bytes) return utf8.char(bytes:byte() << 12 | bytes:byte() << 5 | 1) end
function MAKE.truth(bytes) return bytes:byte() % 2 == 0 end
function MAKE.thing() return print end
function MAKE.cjson_null() return require "cjson".null end

local make

local function key(bytes, index)
  local choice = bytes:byte() % 16
  if choice == 0 then return bytes:byte() - 4 end
  if choice == 1 then return bytes:byte() / 2 end
  if choice == 2 then return true end
  return ("k%d"):format(index % (choice + 1)) .. bytes:string(choice % 3)
end

function MAKE.object(bytes, depth)
  local object = {}
  for index = 1, bytes:byte() % 6 do object[key(bytes, index)] = make(bytes, depth + 1) end
  return object
end

function MAKE.array(bytes, depth)
  local array = {}
  for index = 1, bytes:byte() % 6 do array[index] = make(bytes, depth + 1) end
  return bytes:byte() % 2 == 0 and array or meet.array(array)
end

local KINDS = {
  "integer", "number", "fraction", "string", "character", "truth", "object", "array", "object",
  "array", "object", "array", "thing", "cjson_null",
}

function make(bytes, depth)
  if bytes.at > #bytes.text or depth > 80 then return depth end
  local choice = bytes:byte()
  if choice >= 250 then -- deep ones are rarely built by chance
    local value = make(bytes, depth + 8)
    for _ = 1, 8 do value = { value } end
    return value
  end
  return MAKE[KINDS[choice % #KINDS + 1]](bytes, depth)
end

local function same_number(one, other)
  one = math.tointeger(one) or one -- as the reader does with each float that an integer can hold
  return one == other and math.type(one) == math.type(other)
end

local function is_null(value)
  return value == nil or type(value) == "userdata"
end

--- What is left of a table: nulls in an array close up.
local function without_gaps(one)
  local left, indexes = {}, 0
  for name, item in pairs(one) do
    if math.type(name) == "integer" then indexes = indexes + 1 else left[name] = item end
  end
  for index = 1, indexes do
    if not is_null(one[index]) then left[#left + 1] = one[index] end
  end
  return left
end

--- Absent fields and null are the same.
local function same(one, other)
  if is_null(one) then return other == nil end
  if type(one) == "number" and type(other) == "number" then return same_number(one, other) end
  if type(one) ~= "table" or type(other) ~= "table" then return one == other end
  local left = without_gaps(one)
  for name, item in pairs(left) do
    if not same(item, other[name]) then return false end
  end
  for name in pairs(other) do
    if left[name] == nil then return false end
  end
  return true
end

return function(text)
  local value = make(setmetatable({ text = text, at = 0 }, Bytes), 0)
  local written, why = core.encode(value)
  if not written then
    assert(why:find("^the value cannot be written as JSON: %C+$"), why)
    return
  end
  local again, problem = core.decode(written)
  assert(not problem, problem)
  assert(same(value, again), written)
  assert(core.encode(value) == written, "it is written in two ways")
end
