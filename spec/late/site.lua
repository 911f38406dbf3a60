--- A server of a condition and the clients that call it: one that tries once, one that tries again,
-- one that waits for long, and one that writes.

local http2 = require "spec.late.http2"
local meet = require "googlemeet"
local servers = require "spec.late.servers"

local site = {}

local SOCKETS = 16 -- what the module opens to a host at most
local PATIENCE = 30 -- seconds of a write, and of what holds sockets
local HANDSHAKE = 6 -- seconds of a handshake that others wait for
local REST = 5 -- seconds that a list rests after two items
local AGAIN = { max_attempts = 100, initial = 0.02, multiplier = 1, max = 0.02 }

local Site = {}
local METATABLE = {
  __index = Site,
  __close = function(self) self:close() end,
}

--- Start the server and open the clients.
function site.open(behaviour)
  local is_name, is_http2 = behaviour == "name", http2.has(behaviour)
  local server = not is_name and servers.start(behaviour) or nil
  local has_certificate = is_http2 or behaviour == "holding_tls"
  local is_plain = not has_certificate and not behaviour:find "^handshak"
  local self = setmetatable({ server = server, is_http2 = is_http2, holders = {} }, METATABLE)
  local url = is_name and "https://slow.example"
    or ("%s://127.0.0.1:%d"):format(is_plain and "http" or "https", server.port)
  local function new(key, retry, timeout)
    return assert(meet.new {
      api_key = key, base_url = url, ca_file = has_certificate and server.certificate or nil,
      rate = false, retry = retry, timeout = timeout,
    })
  end
  self.once, self.again = new("late", false), new("late", AGAIN)
  self.patient = new("late-patient", false, PATIENCE)
  self.writer = new("late-writer", AGAIN, PATIENCE)
  return self
end

local holding = {}

--- Calls that are not answered.
function holding.calls(client)
  client.spaces:get "spaces/held"
end

--- Lists of which two items were taken: the next page has been sent for, and nobody waits for it.
function holding.pages(client)
  local pager <close> = client.conference_records:list()
  pager()
  pager()
  client:sleep(REST)
end

--- A handshake that the next calls may wait for.
function holding.handshake(client)
  client.spaces:get("spaces/held", { timeout = HANDSHAKE })
end

--- Keep something under way until `release`.
---@param what? "calls"|"pages"|"handshake"
function Site:hold(what)
  for _ = 1, what == "handshake" and 1 or what and SOCKETS or 0 do
    self.holders[#self.holders + 1] = self.patient:submit(function()
      while true do pcall(holding[what], self.patient) end
    end)
  end
end

function Site:release()
  for _, task in ipairs(self.holders) do task:cancel() end
  self.holders = {}
end

function Site:close()
  self:release()
  for _, client in ipairs { self.once, self.again, self.patient, self.writer } do client:close() end
  if self.server then self.server:close() end
end

return site
