--- SHA-256 (FIPS 180-4), for the checksums that Drive reports.

local sha256 = {}

local BLOCK = 64
local FORMAT = ">" .. ("I4"):rep(16)
local WORD = 0xffffffff

--- Return the first 32 bits of the fraction of a root. A double has 17 more than the largest needs.
local function fraction(prime, degree)
  local root = degree == 2 and math.sqrt(prime) or prime ^ (1 / 3)
  return math.floor(root * 2.0 ^ 32) & WORD
end

local function constants(count, degree)
  local found, candidate = {}, 2
  while #found < count do
    local is_prime = true
    for divisor = 2, math.floor(math.sqrt(candidate)) do
      is_prime = is_prime and candidate % divisor ~= 0
    end
    if is_prime then found[#found + 1] = fraction(candidate, degree) end
    candidate = candidate + 1
  end
  return found
end

local START = constants(8, 2)
local ROUND = constants(64, 3)

local function mix(state, text, at)
  local w = { FORMAT:unpack(text, at) }
  for i = 17, 64 do
    local x, y = w[i - 15], w[i - 2]
    x, y = x | x << 32, y | y << 32 -- a rotation is a shift of the word beside itself
    w[i] = w[i - 16] + w[i - 7] + ((x >> 7 ~ x >> 18 ~ (x & WORD) >> 3)
      + (y >> 17 ~ y >> 19 ~ (y & WORD) >> 10) & WORD) & WORD
  end
  local a, b, c, d, e, f, g, h = table.unpack(state)
  for i = 1, 64 do
    local x, y = e | e << 32, a | a << 32
    local first = h + ((x >> 6 ~ x >> 11 ~ x >> 25) & WORD) + (e & f ~ ~e & g) + ROUND[i] + w[i]
    local second = ((y >> 2 ~ y >> 13 ~ y >> 22) & WORD) + (a & b ~ a & c ~ b & c)
    h, g, f, e, d, c, b, a = g, f, e, d + first & WORD, c, b, a, first + second & WORD
  end
  local mixed = { a, b, c, d, e, f, g, h }
  for i = 1, 8 do state[i] = state[i] + mixed[i] & WORD end
end

--- Return the checksum of chunks, in hexadecimal.
---@param next_chunk fun(): string? the chunks' lengths are multiples of 64, but for the last one's
---@return string
function sha256.of(next_chunk)
  local state, total, rest = table.move(START, 1, 8, 1, {}), 0, ""
  for chunk in next_chunk do
    total = total + #chunk
    local whole = #chunk - #chunk % BLOCK
    for at = 1, whole, BLOCK do mix(state, chunk, at) end
    rest = chunk:sub(whole + 1)
  end
  local tail = rest .. "\128" .. ("\0"):rep((BLOCK - 9 - #rest) % BLOCK) .. (">I8"):pack(total * 8)
  for at = 1, #tail, BLOCK do mix(state, tail, at) end
  return (("%08x"):rep(8):format(table.unpack(state)))
end

return sha256
