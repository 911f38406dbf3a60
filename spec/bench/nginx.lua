--- A web server with static JSON bodies, started by the bench and ended by its process id.
-- Its log says what the drivers really sent, and over how many sockets.

local shell = require "spec.bench.shell"

local RECORD = "conferenceRecords/bench"
local PATH = "/google-meet/v2/" .. RECORD
local LONGEST = 1800 -- seconds until the server ends by itself
local TRIES = 10

-- $connection first; the rest says how two requests differ.
local LOG_FORMAT = "$connection $status $request_length|$request|$http_authorization|$http_accept"
  .. "|$http_user_agent|$http_accept_encoding|$http_connection"

local nginx = {}

local methods = {}

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
]]):format(RECORD)
end

--- Participants as the server writes them, 27 KB for 100.
local function participants(count)
  local items = {}
  for i = 1, count do
    items[i] = ([[
    {
      "name": "%s/participants/%012d",
      "earliestStartTime": "2024-05-01T09:%02d:02.114223Z",
      "latestEndTime": "2024-05-01T09:48:%02d.907112Z",
      "signedinUser": {"user": "users/%012d", "displayName": "Person %d%s"}
    }]]):format(RECORD, i, i % 40, i % 60, i, i, (" of many"):rep(i % 3))
  end
  return ('{\n  "participants": [\n%s\n  ]\n}\n'):format(table.concat(items, ",\n"))
end

local function configuration(folder, port)
  local lines = {
    -- One process: what is started is what is ended.
    "daemon off; master_process off; pid nginx.pid;",
    "events { worker_connections 512; }",
    "http {",
    ("  log_format bench '%s';"):format(LOG_FORMAT),
    "  access_log access.log bench;",
    "  default_type application/json;",
    "  open_file_cache max=16;",
    "  keepalive_requests 1000000000; keepalive_timeout 600s;",
  }
  for _, name in ipairs { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" } do
    lines[#lines + 1] = ("  %s_temp_path %s/%s;"):format(name, folder, name)
  end
  lines[#lines + 1] = ("  server { listen 127.0.0.1:%d;"):format(port)
  lines[#lines + 1] = ("    location = %s { alias %s/record; }"):format(PATH, folder)
  lines[#lines + 1] =
    ("    location = %s/participants { alias %s/participants; }"):format(PATH, folder)
  lines[#lines + 1] = "  }\n}\n"
  return table.concat(lines, "\n")
end

--- Start on a port; its process id, or nil when it does not listen.
local function try(folder, port, pin)
  local quoted = shell.quote(folder)
  shell.write(folder .. "/nginx.conf", configuration(folder, port))
  local pid = shell.output(
    ("%s timeout %d nginx -p %s/ -c nginx.conf -e error.log >%s/output 2>&1 & echo $!"):format(
      pin, LONGEST, quoted, quoted))
  for _ = 1, 100 do
    -- The file is written after the socket listens.
    if shell.has(("test -s %s/nginx.pid"):format(quoted)) then return pid end
    if not shell.has("kill -0 " .. pid) then return nil end
    shell.run "sleep 0.02"
  end
  shell.run("kill " .. pid .. " 2>/dev/null")
  return nil
end

--- Start a server in a folder; `pin` is a command that runs it on a processor of its own.
---@return table server with `url`; it ends with the variable that holds it
function nginx.start(folder, pin)
  shell.write(folder .. "/record", record())
  shell.write(folder .. "/participants", participants(100))
  for _ = 1, TRIES do
    local port = math.random(20000, 32000)
    local pid = try(folder, port, pin)
    if pid then
      return setmetatable({
        url = "http://127.0.0.1:" .. port, pid = pid, log = folder .. "/access.log", read = 0,
      }, { __index = methods, __close = methods.stop })
    end
  end
  error("nginx does not start: " .. shell.read(folder .. "/output"))
end

function methods:stop()
  shell.run("kill " .. self.pid .. " 2>/dev/null")
end

--- Whole lines of the log since last time.
local function new_lines(self)
  local file <close> = assert(io.open(self.log, "rb"))
  file:seek("set", self.read)
  return file:read("a"):match "^.*\n" or ""
end

--- Wait until the log has `expected` more requests, and take them.
---@return table seen { requests =, sockets =, kinds = the distinct requests, sorted }
function methods:take(expected)
  local text, requests
  for _ = 1, 100 do
    text = new_lines(self)
    requests = select(2, text:gsub("\n", ""))
    if requests >= expected then break end
    shell.run "sleep 0.02"
  end
  self.read = self.read + #text
  local sockets, kinds, seen = 0, {}, {}
  for connection, request in text:gmatch "(%d+) ([^\n]*)\n" do
    if not seen[connection] then
      seen[connection] = true
      sockets = sockets + 1
    end
    if not seen[request] then
      seen[request] = true
      kinds[#kinds + 1] = request
    end
  end
  table.sort(kinds)
  return { requests = requests, sockets = sockets, kinds = table.concat(kinds, "\n") }
end

return nginx
