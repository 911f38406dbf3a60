--- A scripted loopback server for specs: it answers as scripted and remembers what it was asked.
-- The server is a separate process (`spec.support.stub`), for a spec's thread sits in a call of
-- the client under test; this module starts it and speaks to it. Needs cqueues; luaossl for TLS,
-- the commands `gzip` for `gzip = true` and `lua5.4` (or what LUA says) for the process.
--
-- Answers serve the requests in order over all sockets; see `Answer` for what one can do.
-- A request beyond the script gets status 500 and the text "script is over".

local socket = require "cqueues.socket"
local stub = require "spec.support.stub"

local PATIENCE = 5 -- seconds that `wait_for` waits
local MARGIN = 5 -- seconds more until the process counts as lost

---@class Answer
---@field status? integer 200 if not given
---@field headers? table name -> value, or array of { name, value }; ours yield to them
---@field body? string sent with its Content-Length
---@field chunked? string[] the body in pieces, with Transfer-Encoding: chunked
---@field gzip? boolean send the body compressed
---@field truncate? integer declare all, send so many bytes of the body (pieces if chunked), close
---@field stall_after? integer send the head and so many bytes, the rest after `release()`
---@field stall? boolean send nothing before `release()`
---@field delay? number seconds to wait before answering
---@field informational? boolean|integer send a 103 first, or a 100
---@field early? boolean answer (and log) when the head is there, then read the body
---@field refuse? boolean close when the head is there, while the body is still being sent
---@field close? boolean read the request, then close (FIN) without an answer
---@field reset? boolean read the request, then reset (RST; under TLS a FIN without a goodbye)
---@field close_after? boolean answer, then close without having announced it
---@field drop_on_reuse? boolean answer; read the next request on this socket, log it, close (FIN)
---@field raw? string send these bytes and nothing else, then close

local FIELDS = {
  status = "number", headers = "table", body = "string", chunked = "table", gzip = "boolean",
  truncate = "number", stall_after = "number", stall = "boolean", delay = "number",
  early = "boolean", refuse = "boolean", close = "boolean", reset = "boolean",
  close_after = "boolean",
  drop_on_reuse = "boolean", raw = "string", informational = "boolean or number",
}

---@class Server
---@field url string where it listens, without a path
---@field cert? string file with the certificate to trust (TLS only)
local methods = {}

local Server = { __name = "Server", __index = methods }

--- Read all that `command` writes.
local function output_of(command)
  local pipe <close> = assert(io.popen(command, "r"))
  return pipe:read "a"
end

local function compress(text)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  local bytes = output_of(("gzip -n -c < '%s'"):format(path))
  os.remove(path)
  return bytes
end

--- Turn a table of header fields into an array of pairs in a fixed order.
local function list_headers(headers)
  local fields = {}
  for _, field in ipairs(headers) do
    fields[#fields + 1] = { field[1], tostring(field[2]) }
  end
  for name, value in pairs(headers) do
    if type(name) == "string" then
      fields[#fields + 1] = { name, tostring(value) }
    end
  end
  if #headers == 0 then
    table.sort(fields, function(left, right) return left[1] < right[1] end)
  end
  return fields
end

local function copy_answer(answer)
  local copy = {}
  for name, value in pairs(answer) do
    local expected = FIELDS[name]
    if not expected then
      error(("an answer has no field %q"):format(tostring(name)), 4)
    elseif not expected:find(type(value), 1, true) then
      error(("field %q of an answer: %s expected, got %s"):format(name, expected, type(value)), 4)
    end
    copy[name] = value
  end
  return copy
end

local function compress_answer(answer)
  local bytes = compress(answer.chunked and table.concat(answer.chunked) or answer.body or "")
  if answer.chunked then
    answer.chunked = { bytes:sub(1, #bytes // 2), bytes:sub(#bytes // 2 + 1) }
  else
    answer.body = bytes
  end
  table.insert(answer.headers, { "Content-Encoding", "gzip" })
end

--- Make `answer` what the process understands; the caller's table stays as it is.
local function prepare(answer)
  local prepared = copy_answer(answer)
  prepared.headers = list_headers(prepared.headers or {})
  prepared.informational = prepared.informational == true and 103 or prepared.informational or nil
  if prepared.gzip then
    compress_answer(prepared)
  end
  return prepared
end

local function decode(text)
  return (text:gsub("+", " "):gsub("%%(%x%x)", function(code)
    return string.char(tonumber(code, 16))
  end))
end

--- Add what follows from the target: `path` as it was sent, `query` decoded (last value wins).
local function split_target(request)
  local target = request.target:gsub("^%a+://[^/]*", "")
  local path, query = target:match("^([^?]*)%??(.*)$")
  request.path, request.query = path, {}
  for name, value in query:gmatch("([^&=]+)=?([^&]*)") do
    request.query[decode(name)] = decode(value)
  end
  return request
end

local function call(server, command, message)
  local control = server.control
  if not control then
    error("the server is closed", 3)
  end
  message = message or {}
  message.command = command
  local answer = stub.write_message(control, message) and stub.read_message(control)
  if answer == nil then
    error(("the server's process is gone (%s)"):format(command), 3)
  end
  return answer
end

local function connect(port)
  local control = socket.connect { host = "127.0.0.1", port = port, nodelay = true }
  control:onerror(function(_, _, why) return why end)
  control:setmode("b", "bf")
  control:settimeout(PATIENCE + MARGIN)
  assert(control:connect())
  return control
end

--- Start a server process. With `tls = true` it speaks TLS only.
---@param options? { tls?: boolean }
---@return Server
function Server.start(options)
  local certificate = options and options.tls and os.tmpname() or nil
  local program = assert(package.searchpath("spec.support.stub", package.path))
  -- Sanitizers are for the client under test; what this process leaks is of no interest.
  local command = "LD_PRELOAD= ASAN_OPTIONS=detect_leaks=0 exec %s '%s' serve %s"
  local pipe = assert(io.popen(command:format(os.getenv("LUA") or "lua5.4", program,
    certificate and "'" .. certificate .. "'" or "")))
  local port, control_port = pipe:read("n", "n")
  if not control_port then
    error("the server's process does not start", 2)
  end
  return setmetatable({
    url = ("%s://127.0.0.1:%d"):format(certificate and "https" or "http", port),
    cert = certificate,
    pipe = pipe, -- before `control`, so that a collection ends the process before awaiting it
    control = connect(control_port),
  }, Server)
end

--- Give the answers for the requests to come; forget the log, the counters and held answers.
---@param answers Answer[]
function methods:script(answers)
  local prepared = {}
  for index, answer in ipairs(answers) do
    prepared[index] = prepare(answer)
  end
  call(self, "script", { answers = prepared })
end

--- Give each socket to come a list of steps (spec.support.steps), the last one all the further.
---@param plays (string|table)[][]
function methods:play(plays)
  call(self, "script", { answers = {}, plays = plays })
end

--- Let go the answers that are stalled now.
function methods:release()
  call(self, "release")
end

local function await(server, what, count)
  local seen = call(server, "wait", { what = what, count = count, seconds = PATIENCE })
  if seen < count then
    error(("%d of %d %s within %d seconds"):format(seen, count, what, PATIENCE), 3)
  end
end

--- Wait until `count` requests have been read whole since the last script; raise after 5 s.
---@param count integer
function methods:wait_for(count)
  await(self, "requests", count)
end

--- Wait until clients have ended `count` of the sockets opened since the last script.
---@param count integer
function methods:wait_for_close(count)
  await(self, "closed sockets", count)
end

---@class LoggedRequest
---@field head string all of the request up to its body, as sent
---@field method string
---@field target string as sent
---@field path string the target up to "?", as sent
---@field query table<string, string> decoded; the last value of a name wins
---@field headers table<string, string> lower-case name -> value; several values joined by ", "
---@field raw_headers string[][] array of { name, value } as sent
---@field body string without its last byte where `reset` left that unread
---@field unread? integer how many bytes of the body `reset` left unread
---@field socket integer number of the TCP connection
---@field time number when it was read, in seconds of the monotonic clock

--- The requests read whole since the last script, in order.
---@return LoggedRequest[]
function methods:requests()
  local requests = call(self, "requests")
  for _, request in ipairs(requests) do
    split_target(request)
  end
  return requests
end

--- The values of one query name, one for each request, "" where it is missing.
---@param name string
---@return string[]
function methods:queries(name)
  local values = {}
  for index, request in ipairs(self:requests()) do
    values[index] = request.query[name] or ""
  end
  return values
end

--- How many TCP connections have been accepted since the last script.
---@return integer
function methods:sockets()
  return call(self, "sockets")
end

--- End the process. May be repeated.
function methods:close()
  if self.control then
    self.control:shutdown("rw")
    self.control:close()
    self.pipe:close()
    self.control, self.pipe = nil, nil
  end
end

Server.__close = methods.close

return Server
