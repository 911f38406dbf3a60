-- A script for HAProxy with Lua 5.4: each request of the service makes a meeting link, and no other
-- waits for it. One task of HAProxy drives all calls.
--   global
--     lua-load …/examples/hosts/haproxy.lua
--   frontend …
--     http-request use-service lua.link if { path /link }
local meet = require "googlemeet"

meet.preload() -- HAProxy may call chroot, and then no file is found
local client = assert(meet.new()) -- with MATON_API_KEY

core.register_task(function()
  while true do
    while client:step(0) do core.msleep(1) end
    core.msleep(5)
  end
end)

core.register_service("link", "http", function(applet)
  local task = client:submit(function() return client.spaces:create() end)
  while not task:done() do core.msleep(2) end
  local space, err = task:result()
  local body = (space and space.meetingUri or tostring(err)) .. "\n"
  applet:set_status(space and 200 or 503)
  applet:add_header("content-length", #body)
  applet:start_response()
  applet:send(body)
end)
