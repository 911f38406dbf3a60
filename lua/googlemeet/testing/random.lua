--- Pseudo-random numbers that are the same in every run.

local random = {}

local Random = {}
local METATABLE = { __name = "googlemeet.testing.random", __index = Random }

--- Hash a text to 64 bits (FNV-1a).
---@param text string
---@return integer
function random.hash(text)
  local hash = -3750763034362895579 -- 0xcbf29ce484222325
  for i = 1, #text do
    hash = (hash ~ text:byte(i)) * 1099511628211
  end
  return hash
end

--- Make a generator (xorshift64*) from a seed text.
---@param seed string
function random.new(seed)
  local state = random.hash(seed)
  return setmetatable({ state = state ~= 0 and state or 1 }, METATABLE)
end

--- Return an integer from 0 to `limit - 1`.
---@param limit integer
---@return integer
function Random:below(limit)
  local state = self.state
  state = state ~ (state >> 12)
  state = state ~ (state << 25)
  state = state ~ (state >> 27)
  self.state = state
  return ((state * 2685821657736338717) >> 33) % limit
end

--- Return an integer from `low` to `high`.
function Random:between(low, high)
  return low + self:below(high - low + 1)
end

--- Return an item of an array.
function Random:pick(items)
  return items[self:below(#items) + 1]
end

--- Return `length` characters of an alphabet.
---@param alphabet string
---@param length integer
---@return string
function Random:text(alphabet, length)
  local characters = {}
  for i = 1, length do
    local at = self:below(#alphabet) + 1
    characters[i] = alphabet:sub(at, at)
  end
  return table.concat(characters)
end

return random
