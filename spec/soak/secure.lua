--- The served fake of spec/support/serve.lua, HTTP/2 over TLS, with the soak's journal.
-- Use: lua5.4 spec/soak/secure.lua SEED JOURNAL CERTIFICATE. Of the faults it has the statuses; the
-- sockets are cut by spec/soak/proxy.lua, and what lua-http has to say of that is not shown. Needs
-- luv and what serve.lua needs.

local fake = require "spec.soak.fake"
local testing = require "googlemeet.testing"

local seed, journal, certificate = table.unpack(arg, 1, 3)

local make = testing.gateway
testing.gateway = function(options)
  local gateway = make(options)
  local served = fake.wrap(gateway, gateway.transport, seed, "secure", journal)
  function gateway.transport(request)
    local fault = served:draw()
    return served:answer(request, fault and fault.order and fault or nil)
  end
  return gateway
end

local silent = setmetatable({ stderr = { write = function() end } }, { __index = io })
local words = {
  [0] = "spec/support/serve.lua", "--tls", "--cert-out", certificate, "--key", fake.KEY,
}
assert(loadfile(words[0], "t", setmetatable({ arg = words, io = silent }, { __index = _G })))()
