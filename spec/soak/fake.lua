--- The gateway fake as the soak serves it: with faults, and a journal of what it carried out.
-- The journal outlives a kill: each write is a line in it before its answer leaves.

local uv = require "luv"
local faults = require "spec.soak.faults"
local random = require "googlemeet.testing.random"

local fake = {}

fake.KEY = "fake" -- the one that it knows; each caller of the soak has a separate one

local Fake = {}
local METATABLE = { __index = Fake }

--- Wrap a gateway; `life` is the number of this start: each has its own ids for new spaces.
---@param transport function the gateway's
function fake.wrap(gateway, transport, seed, life, path)
  local self = setmetatable({
    gateway = gateway, transport = transport, life = life,
    faults = faults.new(seed .. " " .. life),
    journal = assert(uv.fs_open(path, "a", tonumber("644", 8))),
  }, METATABLE)
  self:note("start", life)
  return self
end

function Fake:note(...)
  assert(uv.fs_write(self.journal, table.concat({ ... }, "\t") .. "\n", -1))
end

--- Draw what goes wrong with the next request, and note it.
function Fake:draw()
  local fault = self.faults and self.faults:draw()
  if fault then self:note("fault", fault.name, fault.stage or "-") end
  return fault
end

local function carry_out(self, request)
  local response = self.transport(request)
  if request.method ~= "GET" and response.status == 200 then
    self:note("write", request.headers["user-agent"]:match "^soak/(%d+)" or "0",
      request.url:match "^[^?]*" == "/google-meet/v2/spaces" and "create" or "other",
      response.body:match '"name": "([^"]+)"' or "-")
  end
  return response
end

--- Answer a request, or have a status of the fault's answer it.
function Fake:answer(request, fault)
  if not self.has_ids then
    self.has_ids = true
    self.gateway:organisation().random = random.new("soak life " .. self.life)
  end
  local headers = request.headers
  if headers.authorization and headers.authorization:find "^Bearer soak" then
    headers.authorization = "Bearer " .. fake.KEY
  end
  if not fault or not fault.order then return carry_out(self, request) end
  if fault.is_carried_out then carry_out(self, request) end
  self.gateway:fail(fault.order)
  return self.transport(request)
end

return fake
