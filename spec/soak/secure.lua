--- The served fake of `googlemeet serve`, HTTP/2 over TLS, with the soak's journal.
-- Use: lua5.4 spec/soak/secure.lua SEED JOURNAL CERTIFICATE. Of the faults it has the statuses; the
-- sockets are cut by spec/soak/proxy.lua, and what lua-http reports of that is not shown. Needs luv
-- and lua-http.

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

-- Debian installs the pure Lua files of lua-http for Lua 5.1 only.
package.path = package.path .. ";/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua"
require "googlemeet.command.serve.server".run {
  port = 0, key = fake.KEY, tls = true, limits = false, latency = 0, short_pages = false,
  until_end_of_input = true,
  on_url = function(url, pem)
    local file <close> = assert(io.open(certificate, "w"))
    assert(file:write(pem))
    print(url)
    io.stdout:flush()
  end,
  on_request = function() end, on_problem = function() end,
}
