--- Serves the fake as `googlemeet serve` does, with its options, for the tests: without the core,
-- which may be one that only a sanitizer's host loads. The process ends when its standard input
-- does, unless --no-stdin is given.

local root = arg[0]:match("^(.*)spec/support/[^/]*$") or ""
package.path = ("%slua/?.lua;%slua/?/init.lua;"):format(root, root) .. package.path
-- Debian installs the pure Lua files of lua-http for Lua 5.1 only.
package.path = package.path .. ";/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua"

local server = require "googlemeet.command.serve.server"

local FLAGS = { tls = true, limits = true, ["no-stdin"] = true, ["short-pages"] = true }
local VALUES = { port = "0", key = "test-key", latency = "0", ["cert-out"] = false }

local function stop(problem, status)
  io.stderr:write("serve.lua: ", tostring(problem), "\n")
  os.exit(status)
end

local given, place = setmetatable({}, { __index = VALUES }), 1
while arg[place] do
  local name = arg[place]:match "^%-%-(.+)$"
  if FLAGS[name] then
    given[name] = true
  elseif VALUES[name] ~= nil then
    place = place + 1
    given[name] = arg[place]
  else
    stop("unknown option " .. arg[place], 2)
  end
  place = place + 1
end

local ended, problem = server.run {
  port = tonumber(given.port), key = given.key, tls = given.tls, limits = given.limits or false,
  latency = tonumber(given.latency), short_pages = given["short-pages"] or false,
  until_end_of_input = not given["no-stdin"],
  on_url = function(url, certificate)
    if given["cert-out"] then
      local file <close> = assert(io.open(given["cert-out"], "w"))
      file:write(certificate)
    end
    io.stdout:write(url, "\n")
    io.stdout:flush()
  end,
  on_request = function() end,
  on_problem = function(text) io.stderr:write("serve.lua: ", tostring(text), "\n") end,
}
if not ended then stop(problem, 1) end
