-- A module for Prosody: GET /meet/link makes a meeting link, while the server goes on.
-- Its configuration: plugin_paths = { "…/examples/hosts/prosody" }, modules_enabled = { "meet" }.
local meet = require "googlemeet"
local server, timer = require "net.server", require "util.timer"
local client = assert(meet.new()) -- with MATON_API_KEY
local watched, alarm = {}, nil

local function turn()
  for _, one in ipairs(watched) do one:close() end -- before the step, which may close sockets
  if alarm then timer.stop(alarm) end
  watched, alarm = {}, nil
  if not client:step(0) then return end
  local sockets, seconds = client:poll_set()
  for index, socket in ipairs(sockets) do
    watched[index] = server.watchfd(socket.fd, socket.read and turn, socket.write and turn)
  end
  alarm = timer.add_task(seconds, turn)
end

module:depends "http"
module:provides("http", { route = { ["GET /link"] = function(event)
  client:submit(function()
    local space, err = client.spaces:create()
    event.response.status_code = space and 200 or 503
    event.response:send((space and space.meetingUri or tostring(err)) .. "\n")
  end)
  turn()
  return true -- the answer follows
end } })
function module.unload() client:close() end
