--- Starts spec/support/serve.lua and talks to it with curl's command line.
-- The server ends with this process: it reads its standard input, which is ours to close.

local json = require "googlemeet.testing.json"

local loopback = {}

local KEY = "test-key"
-- A sanitizer preloaded into this process is not for those it starts.
local PLAIN = "LD_PRELOAD= "

local Loopback = {}
local METATABLE = {
  __name = "spec.support.loopback", __index = Loopback,
  __close = function(self)
    self:close()
  end,
}

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function run(command)
  local pipe = assert(io.popen(PLAIN .. command))
  local output = pipe:read("a")
  return pipe:close(), output
end

--- Start a server. Its first line comes through a named pipe, so that nobody has to poll.
---@param options? { tls: boolean?, arguments: string[]? }
function loopback.start(options)
  options = options or {}
  local fifo, certificate = os.tmpname(), options.tls and os.tmpname() or nil
  os.remove(fifo)
  assert(run("mkfifo " .. quote(fifo)))
  local words = {
    PLAIN .. "exec", quote(os.getenv("LUA") or "lua5.4"), "spec/support/serve.lua --port 0 --key",
    KEY, certificate and "--tls --cert-out " .. quote(certificate) or "",
  }
  for _, word in ipairs(options.arguments or {}) do
    words[#words + 1] = quote(word)
  end
  local input = assert(io.popen(table.concat(words, " ") .. " >" .. quote(fifo), "w"))
  local output = assert(io.open(fifo))
  local url = output:read("l")
  output:close()
  os.remove(fifo)
  return setmetatable({
    url = assert(url, "the server did not start"), input = input, certificate = certificate,
  }, METATABLE)
end

--- Run curl on targets of the server; give its output, or nil where it fails.
---@param arguments string options of curl, quoted for a shell
---@param ... string targets such as `/connections`; `[1-9]` in one makes nine requests
function Loopback:curl(arguments, ...)
  local words = { "curl -s", self.certificate and "--cacert " .. quote(self.certificate) or "",
    "-H", quote("Authorization: Bearer " .. KEY), arguments }
  for _, target in ipairs { ... } do
    words[#words + 1] = quote(self.url .. target)
  end
  local ok, output = run(table.concat(words, " "))
  return ok and output or nil
end

--- Give what the server counted and logged.
function Loopback:stats()
  return json.decode(assert(self:curl("", "/-/stats")))
end

--- Order a fault.
---@param options table of gateway:fail, what JSON can hold
function Loopback:fail(options)
  assert(self:curl("-f -d " .. quote(json.encode(options)), "/-/fail"))
end

--- Call another method of the gateway, with arguments that JSON can hold.
function Loopback:call(name, ...)
  local body = json.encode { name = name, arguments = json.array { ... } }
  assert(self:curl("-f -d " .. quote(body), "/-/call"))
end

--- End the server. May be repeated.
function Loopback:close()
  if not self.input then
    return
  end
  self.input:close()
  self.input = nil
  if self.certificate then
    os.remove(self.certificate)
  end
end

return loopback
