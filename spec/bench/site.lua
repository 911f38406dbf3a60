--- What the bench's web server serves: its files, and its configuration.

local shell = require "spec.bench.shell"

local ROOT = "/google-meet/v2/conferenceRecords/"
local LATENCY = 0.05 -- seconds, of the record "slow"

--- Lists of so many pages of 250 participants.
local CHAINS = { slow = 100, long = 1000 }

--- Records behind `limit_req`: { requests a second, burst }.
local LIMITS = { limited = { 10, 10 }, strict = { 5, 5 } }

-- When it was answered, how long that took, $connection; the rest says how two requests differ.
local LOG_FORMAT = "$msec $request_time $connection $status $request_length|$request"
  .. "|$http_authorization|$http_accept|$http_user_agent|$http_accept_encoding|$http_connection"

local site = {}

--- One small conference record, 230 bytes.
local function record()
  return ([[
{
  "name": "%s",
  "startTime": "2024-05-01T09:00:02.114223Z",
  "endTime": "2024-05-01T09:48:31.907112Z",
  "expireTime": "2024-05-31T09:48:31.907112Z",
  "space": "spaces/jQCFfuBOdN5z"
}
]]):format "conferenceRecords/bench"
end

--- Participants as the server writes them, 27 KB for 100, without the brackets around.
local function participants(count, record_id)
  local items = {}
  for i = 1, count do
    items[i] = ([[
    {
      "name": "conferenceRecords/%s/participants/%012d",
      "earliestStartTime": "2024-05-01T09:%02d:02.114223Z",
      "latestEndTime": "2024-05-01T09:48:%02d.907112Z",
      "signedinUser": {"user": "users/%012d", "displayName": "Person %d%s"}
    }]]):format(record_id or "bench", i, i % 40, i % 60, i, i, (" of many"):rep(i % 3))
  end
  return ('  "participants": [\n%s\n  ]\n}\n'):format(table.concat(items, ",\n"))
end

local SESSIONS = [[
{ "participantSessions": [ {
    "name": "conferenceRecords/bench/participants/1/participantSessions/1",
    "startTime": "2024-05-01T09:00:02.114223Z", "endTime": "2024-05-01T09:48:31.907112Z"
} ] }
]]

function site.write(folder)
  shell.write(folder .. "/record", record())
  shell.write(folder .. "/participants", "{\n" .. participants(100))
  shell.write(folder .. "/page", participants(250))
  shell.write(folder .. "/sessions", SESSIONS)
  shell.write(folder .. "/people", "{\n" .. participants(200, "limited"))
end

--- Folder of nginx's modules, or nil when the one that waits is not there.
local function module_folder()
  local folder = shell.run "nginx -V 2>&1":match "%-%-modules%-path=(%S+)"
  if folder and shell.has("test -e " .. folder .. "/ngx_http_echo_module.so") then
    return folder
  end
  return nil
end

--- The token of page n is "tN"; the page behind the last has none.
local function chain(name, pages)
  local lines = { ("  map $arg_pageToken $next_%s {\n    '' t2;"):format(name) }
  for page = 2, pages - 1 do lines[page] = ("    t%d t%d;"):format(page, page + 1) end
  lines[#lines + 1] = ("    t%d '';\n  }"):format(pages)
  return table.concat(lines, "\n")
end

--- Locations of a list in pages, each after `seconds` if given.
local function paged(name, folder, seconds)
  local page = ([[
      echo_before_body '{"nextPageToken":"$next_%s",';
      alias %s/page;]]):format(name, folder)
  if not seconds then
    return ("    location = %s%s/participants {\n%s\n    }"):format(ROOT, name, page)
  end
  return ([[
    location = %s%s/participants { echo_sleep %g; echo_exec /page/%s $args; }
    location = /page/%s { internal;
%s
    }]]):format(ROOT, name, seconds, name, name, page)
end

local function limited(name, folder)
  local limit = ("limit_req zone=%s burst=%d nodelay;"):format(name, LIMITS[name][2])
  return ([[
    location = %s%s { %s alias %s/record; }
    location = %s%s/participants { %s alias %s/people; }
    location ~ ^%s%s/participants/ { %s alias %s/sessions; }]]):format(
    ROOT, name, limit, folder, ROOT, name, limit, folder, ROOT, name, limit, folder)
end

local function locations(folder)
  local lines = {
    ("    location = %sbench { alias %s/record; }"):format(ROOT, folder),
    ("    location = %sbench/participants { alias %s/participants; }"):format(ROOT, folder),
    ("    location = %sslow { echo_sleep %g; echo_exec /record; }"):format(ROOT, LATENCY),
    ("    location = /record { internal; alias %s/record; }"):format(folder),
    paged("slow", folder, LATENCY),
    paged("long", folder),
  }
  for name in pairs(LIMITS) do lines[#lines + 1] = limited(name, folder) end
  return table.concat(lines, "\n") .. "\n"
end

--- Three servers with the same files: HTTP on `port`, TLS with HTTP/2 on the next, TLS with
--- HTTP/1.1 on the one after.
function site.configuration(folder, port)
  local modules = assert(module_folder(), "nginx has no module echo")
  local lines = {
    ("load_module %s/ngx_http_echo_module.so;"):format(modules),
    -- One process: what is started is what is ended.
    "daemon off; master_process off; pid nginx.pid;",
    "events { worker_connections 1024; }",
    "http {",
    ("  log_format bench '%s';"):format(LOG_FORMAT),
    "  access_log access.log bench;",
    "  default_type application/json;",
    "  open_file_cache max=16; limit_req_status 429; map_hash_max_size 8192;",
    "  keepalive_requests 1000000000; keepalive_timeout 600s;",
    ("  ssl_certificate %s/server.pem; ssl_certificate_key %s/server.key;"):format(folder, folder),
  }
  for _, name in ipairs { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" } do
    lines[#lines + 1] = ("  %s_temp_path %s/%s;"):format(name, folder, name)
  end
  for name, limit in pairs(LIMITS) do
    lines[#lines + 1] = ("  limit_req_zone $server_name zone=%s:1m rate=%dr/s;"):format(
      name, limit[1])
  end
  for name, pages in pairs(CHAINS) do lines[#lines + 1] = chain(name, pages) end
  shell.write(folder .. "/locations", locations(folder))
  for at, kind in ipairs { "", " ssl http2", " ssl" } do
    lines[#lines + 1] = ("  server { listen 127.0.0.1:%d%s; server_name s%d;"):format(
      port + at - 1, kind, at)
    lines[#lines + 1] = ("    include %s/locations; }"):format(folder)
  end
  return table.concat(lines, "\n") .. "\n}\n"
end

return site
