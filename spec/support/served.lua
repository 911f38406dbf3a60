--- Starts the served fake (spec/support/serve.lua) as a separate process.

local cjson = require("cjson").new()
local socket = require "cqueues.socket"

local PATIENCE = 20 -- seconds to start; a sanitizer or valgrind slows it down

local served = {}
served.__index = served

local function read_line(path)
  local file <close> = io.open(path)
  return file and file:read "l"
end

--- Start it; `options.tls` serves TLS, `options.arguments` are handed on.
---@param options? { tls?: boolean, arguments?: string }
---@return table served with `url` and, under TLS, `cert`
function served.start(options)
  options = options or {}
  local output, cert = os.tmpname(), options.tls and os.tmpname() or nil
  local command = ("LD_PRELOAD= exec %s spec/support/serve.lua --port 0 %s %s >'%s'"):format(
    os.getenv("LUA") or "lua5.4", cert and "--tls --cert-out '" .. cert .. "'" or "",
    options.arguments or "", output)
  local self = setmetatable({ cert = cert, output = output }, served)
  self.pipe = assert(io.popen(command, "w")) -- the process ends when this does
  local limit = os.time() + PATIENCE
  repeat
    self.url = read_line(output)
    assert(self.url or os.time() < limit, "the served fake does not start")
    os.execute "sleep 0.02"
  until self.url
  return self
end

--- Ask one of the server's controls over a separate socket; the decoded answer.
function served:control(method, path, body)
  local text = body and cjson.encode(body) or ""
  local port = self.url:match("%d+$")
  local tap = socket.connect { host = "127.0.0.1", port = port }
  tap:setmode("b", "bf")
  tap:settimeout(PATIENCE)
  if self.cert then tap:starttls() end
  tap:write(("%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s")
    :format(method, path, #text, text))
  tap:flush()
  local answer = tap:read "*a"
  tap:close()
  return cjson.decode(answer:match("\r\n\r\n(.*)$"))
end

--- Counts and log since the last reset.
function served:stats()
  return self:control("GET", "/-/stats")
end

--- How often an operation was asked for since the last reset.
function served:count(operation)
  local found = 0
  for _, entry in ipairs(self:stats().log) do
    if entry.operation == operation then found = found + 1 end
  end
  return found
end

--- Have the next requests fail as the options of the fake's `fail` say.
function served:fail(options)
  return self:control("POST", "/-/fail", options)
end

function served:reset()
  return self:control("POST", "/-/reset")
end

--- End the process. May be repeated.
function served:close()
  if not self.pipe then return end
  self.pipe:close()
  self.pipe = nil
  os.remove(self.output)
  if self.cert then os.remove(self.cert) end
end

return served
