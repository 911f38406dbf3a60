--- The bytes of a file: given, or made from a seed, any range of them without the others.
-- Made ones come in blocks that differ from one another and hold no repetition inside, so that a
-- range at the wrong place is seen.

local random = require "googlemeet.testing.random"
local sha256 = require "googlemeet.testing.drive.sha256"

local content = {}

local BLOCK = 4096
local STAMP = 16 -- bytes of a block that are its own
local CHUNK = 65536

local Content = {}
local METATABLE = { __name = "googlemeet.testing.drive.content", __index = Content }

--- Make content of given bytes.
---@param bytes string
function content.given(bytes)
  return setmetatable({ size = #bytes, bytes = bytes }, METATABLE)
end

--- Make content of a seed, of any size.
---@param seed string
---@param size integer
function content.made(seed, size)
  local dice, words = random.new("content " .. seed), {}
  for i = 1, (BLOCK - STAMP) // 4 do words[i] = ("<I4"):pack(dice:below(1 << 31)) end
  return setmetatable({ size = size, common = table.concat(words) }, METATABLE)
end

local function block(self, number)
  return ("<i8i8"):pack(number, random.hash(tostring(number))) .. self.common
end

--- Return bytes: `count` of them from an offset, fewer at the end.
---@param offset integer from 0
---@param count integer
---@return string
function Content:read(offset, count)
  count = math.max(0, math.min(count, self.size - offset))
  if self.bytes then return self.bytes:sub(offset + 1, offset + count) end
  local blocks, first = {}, offset // BLOCK
  for number = first, (offset + count - 1) // BLOCK do
    blocks[#blocks + 1] = block(self, number)
  end
  local from = offset - first * BLOCK
  return table.concat(blocks):sub(from + 1, from + count)
end

--- Return a function that returns one chunk after the other of a range, nothing at its end.
---@param offset? integer (0)
---@param count? integer (all)
---@return fun(): string?
function Content:chunks(offset, count)
  offset = offset or 0
  local stop = math.min(self.size, offset + (count or self.size))
  return function()
    if offset >= stop then return nil end
    local chunk = self:read(offset, math.min(CHUNK, stop - offset))
    offset = offset + #chunk
    return chunk
  end
end

--- Return the SHA-256 of all bytes, in hexadecimal.
---@return string
function Content:sha256()
  self.checksum = self.checksum or sha256.of(self:chunks())
  return self.checksum
end

return content
