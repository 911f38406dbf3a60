--- What goes wrong with which request: drawn from a seed, in the shares of the soak.
-- Pure: says what is to happen; the server makes it happen.

local random = require "googlemeet.testing.random"

local faults = {}

local WHOLE = 100000

--- Where in a request's life its socket dies. "idle": after the whole answer, while nothing is
--- asked for, or while the next request is on its way.
local STAGES = { "unread", "carried_out", "middle", "idle" }
local ADVICE = { false, "0", "1" } -- Retry-After of a 429
local SHAPES = { "google", "nested", "flat", "text", "html", "empty" }
local SLOWEST = 0.8 -- seconds, of a spike that a timeout lets pass
local SILENCE = 8.0 -- seconds, of one that none does: longer than any deadline

local DRAW = {}

--- The socket dies: by a reset, or by an end as after too long a rest.
function DRAW.reset(self)
  return {
    name = "reset", stage = self.random:pick(STAGES), is_abrupt = self.random:below(2) == 0,
    at = self.random:below(WHOLE) / WHOLE, -- of the answer's bytes, in the middle
  }
end

function DRAW.unavailable(self)
  return {
    name = "unavailable", is_carried_out = self.random:below(2) == 0,
    order = { status = 503, shape = self.random:pick(SHAPES) },
  }
end

function DRAW.refused(self)
  local advice = self.random:pick(ADVICE)
  return {
    name = "refused",
    order = {
      status = 429, shape = self.random:below(2) == 0 and "google" or "nested",
      headers = advice and { ["Retry-After"] = advice } or nil,
    },
  }
end

function DRAW.slow(self)
  return { name = "slow", seconds = self.random:between(50, SLOWEST * 1000) / 1000 }
end

function DRAW.silent()
  return { name = "silent", seconds = SILENCE }
end

--- Share of all requests, in 1/100000.
local SHARES = {
  { 5000, DRAW.reset }, { 2000, DRAW.unavailable }, { 1000, DRAW.refused }, { 500, DRAW.slow },
  { 100, DRAW.silent },
}

local Faults = {}
local METATABLE = { __index = Faults }

---@param seed string
function faults.new(seed)
  return setmetatable({ random = random.new("soak faults " .. seed) }, METATABLE)
end

--- Say what goes wrong with the next request; nil: nothing.
function Faults:draw()
  local number = self.random:below(WHOLE)
  for _, share in ipairs(SHARES) do
    if number < share[1] then return share[2](self) end
    number = number - share[1]
  end
end

return faults
