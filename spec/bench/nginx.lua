--- A web server, started by the bench and ended by its process id.
-- Its log says what the drivers really sent, when, and over how many sockets.

local shell = require "spec.bench.shell"
local site = require "spec.bench.site"

local LONGEST = 1800 -- seconds until the server ends automatically
local TRIES = 10

local nginx = {}

local methods = {}

--- Start on a port; its process id, or nil when it does not listen.
local function try(folder, port, pin)
  local quoted = shell.quote(folder)
  shell.write(folder .. "/nginx.conf", site.configuration(folder, port))
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

--- Start a server in a folder that has its certificate; `pin` is a command that runs it on its
--- own processor.
---@return table server with `url`, `tls` (HTTP/2), `tls_1` (HTTP/1.1) and their `ports`; it ends
--- with the variable that holds it
function nginx.start(folder, pin)
  site.write(folder)
  for _ = 1, TRIES do
    local port = math.random(20000, 32000)
    local pid = try(folder, port, pin)
    if pid then
      return setmetatable({
        url = "http://127.0.0.1:" .. port, tls = "https://127.0.0.1:" .. port + 1,
        tls_1 = "https://127.0.0.1:" .. port + 2,
        ports = { url = port, tls = port + 1, tls_1 = port + 2 },
        pid = pid, log = folder .. "/access.log", read = 0,
      }, { __index = methods, __close = methods.stop })
    end
  end
  error("nginx does not start: " .. shell.read(folder .. "/output")
    .. shell.read(folder .. "/error.log"))
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

--- The most arrivals in any second; to the millisecond, as the log has them.
local function most_in_a_second(arrivals)
  table.sort(arrivals)
  local most, first = 0, 1
  for last, at in ipairs(arrivals) do
    while at - arrivals[first] > 0.9995 do first = first + 1 end
    most = math.max(most, last - first + 1)
  end
  return most
end

local function sorted_keys(set)
  local keys = {}
  for key in pairs(set) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

local function summary(text)
  local seen = { requests = 0, statuses = {} }
  local sockets, kinds, arrivals = {}, {}, {}
  for ended, took, connection, status, request in
    text:gmatch "(%S+) (%S+) (%d+) (%d+) ([^\n]*)\n" do
    seen.requests = seen.requests + 1
    seen.statuses[tonumber(status)] = (seen.statuses[tonumber(status)] or 0) + 1
    sockets[connection] = true
    -- What HTTP/2 needs for a request depends on those before it.
    if request:find("HTTP/2", 1, true) then request = request:gsub("^%d+", "") end
    kinds[status .. " " .. request] = true
    arrivals[seen.requests] = tonumber(ended) - tonumber(took)
  end
  seen.sockets, seen.kinds = #sorted_keys(sockets), table.concat(sorted_keys(kinds), "\n")
  seen.most = most_in_a_second(arrivals)
  return seen
end

--- Wait until the log has `expected` more requests, and take them.
---@return table seen { requests =, sockets =, kinds = the distinct requests, sorted,
--- statuses = counts, most = in any second }
function methods:take(expected)
  local text
  for _ = 1, 100 do
    text = new_lines(self)
    if select(2, text:gsub("\n", "")) >= expected then break end
    shell.run "sleep 0.02"
  end
  self.read = self.read + #text
  return summary(text)
end

return nginx
