--- Debian's nginx, as the server of a scenario: the files of its folder over TLS, by HTTP/1.1 or
-- HTTP/2 as the client offers.
--
--   /files/NAME        a file; /files/N/NAME too
--   /slow/N/NAME       at N bytes a second, by nginx's own measure: in bursts
--   /small             a little JSON at once
--   /later             the same after 20 ms

local certificates = require "spec.bench.certificates"
local loop = require "spec.limiter.loop"
local luv = require "spec.support.luv"
local tree = require "spec.support.tree"
local uv = require "luv"

local nginx = {}

local TRIES = 5
local PATIENCE = 10 -- seconds to start

local CONFIGURATION = [[
load_module MODULES/ngx_http_echo_module.so;
daemon off; master_process off; pid FOLDER/nginx.pid;
error_log FOLDER/error.log;
events { worker_connections 1024; }
http {
  log_format download '$status $body_bytes_sent $server_protocol '
    '"$http_range" "$http_if_range" $uri';
  access_log FOLDER/access.log download;
  default_type application/octet-stream;
  sendfile on; keepalive_timeout 600s; keepalive_requests 1000000;
  ssl_certificate KEYS/server.pem; ssl_certificate_key KEYS/server.key;
  client_body_temp_path FOLDER/t1; proxy_temp_path FOLDER/t2; fastcgi_temp_path FOLDER/t3;
  uwsgi_temp_path FOLDER/t4; scgi_temp_path FOLDER/t5;
  server {
    listen 127.0.0.1:PORT ssl http2;
    location ~ ^/files/([0-9]+/)?(?<name>[a-z0-9]+)$ { alias FILES/$name; }
    location ~ ^/slow/(?<pace>[0-9]+)/(?<name>[a-z0-9]+)$ { alias FILES/$name; limit_rate $pace; }
    location = /small { default_type application/json; return 200 '{"ok":true}'; }
    location = /later { default_type application/json; echo_sleep 0.02; echo '{"ok":true}'; }
  }
}
]]

local Server = {}
local SERVER = { __index = Server }

local function modules()
  local folder = tree.run "nginx -V":match "%-%-modules%-path=(%S+)"
  return assert(folder, "no nginx")
end

local function try(world, folder, port)
  local values = { MODULES = modules(), FOLDER = folder, PORT = tostring(port),
    FILES = world.folder, KEYS = world.folder }
  tree.write(folder .. "/nginx.conf", (CONFIGURATION:gsub("%u%u%u%u+", values)))
  local child = world.children:start("nginx",
    { "-p", folder, "-c", folder .. "/nginx.conf", "-e", folder .. "/error.log" })
  loop.wait(PATIENCE, function()
    return not child:is_running() or uv.fs_stat(folder .. "/nginx.pid")
  end)
  return child:is_running() and child
end

--- Start one for a scenario. Several of them have the same files and the same certificate.
---@return table server `url`, `ca_file`, its `folder`
function nginx.start(world)
  world.webs = (world.webs or 0) + 1
  local folder = ("%s/nginx%d"):format(world.folder, world.webs)
  assert(uv.fs_mkdir(folder, 448)) -- 0700
  if world.webs == 1 then certificates.make(world.folder) end
  for _ = 1, TRIES do
    local port = luv.free_port() -- somebody else may have it a moment later
    local child = try(world, folder, port)
    if child then
      return setmetatable({ url = "https://127.0.0.1:" .. port, child = child,
        ca_file = world.folder .. "/authority.pem", folder = folder }, SERVER)
    end
  end
  error("nginx does not start: " .. tree.read(folder .. "/error.log"))
end

--- What it was asked for at a path, in order of the ends of its answers.
---@return table[] `status`, `sent`, `protocol`, `range`, `if_range`
function Server:asked(path)
  local asked = {}
  local pattern = '(%d+) (%d+) (%S+) "([^"\n]*)" "([^\n]-)" (%S+)\n'
  for status, sent, protocol, range, if_range, uri in
    tree.read(self.folder .. "/access.log"):gmatch(pattern) do
    if uri == path then
      asked[#asked + 1] = { status = tonumber(status), sent = tonumber(sent), protocol = protocol,
        range = range ~= "-" and range or nil, if_range = if_range ~= "-" and if_range or nil }
    end
  end
  return asked
end

return nginx
