--- The fake behind a socket of loopback: HTTP/1.1, HTTP/2 in clear text, and both over TLS.
-- It requires lua-http, and with it cqueues and luaossl.

local cqueues = require "cqueues"
local http_headers = require "http.headers"
local http_server = require "http.server"

local certificate = require "googlemeet.command.serve.certificate"
local control = require "googlemeet.command.serve.control"
local testing = require "googlemeet.testing"

local server = {}

local HOST = "127.0.0.1"
local IDLE = 600 -- seconds a socket may rest between two requests
local LOG_LIMIT = 5000 -- entries kept at least
local PATIENCE = 1000 -- threads of lua-http that may fail

--- Return a clock of epoch seconds, with a fraction, that never goes back.
local function steady_clock()
  local offset = os.time() - cqueues.monotime()
  return function() return offset + cqueues.monotime() end
end

local function make_gateway(options)
  local gateway = testing.gateway {
    api_key = options.key, clock = { now = steady_clock(), sleep = cqueues.sleep },
    limits = options.limits, short_pages = options.short_pages, log_limit = LOG_LIMIT,
  }
  gateway:seed()
  return gateway
end

--- Read a request of lua-http into one that the transport takes.
local function read_request(stream)
  local headers = assert(stream:get_headers())
  local request = {
    method = headers:get(":method"), url = assert(headers:get(":path"), "it has no path"),
    headers = {},
  }
  for name, value in headers:each() do
    if name:sub(1, 1) ~= ":" then request.headers[name] = value end
  end
  local body = assert(stream:get_body_as_string())
  request.body = body ~= "" and body or nil
  return request
end

--- Write a body that comes chunk by chunk, no faster than the client takes it. A source that breaks
-- off breaks the response off.
local function write_chunks(stream, next_chunk)
  local chunk, problem = next_chunk()
  while chunk do
    if not stream:write_chunk(chunk, false) then return end
    chunk, problem = next_chunk()
  end
  if not problem then return stream:write_chunk("", true) end
  local socket = stream.connection.socket
  socket:flush() -- the client gets what came before; reading on keeps it from being discarded
  socket:shutdown("w")
end

--- Write a response of the transport; without one the socket is closed.
local function write_response(stream, response)
  if not response then
    stream.connection.socket:shutdown("rw")
    return
  end
  local body, headers = response.body, http_headers.new()
  headers:append(":status", tostring(response.status))
  for name, value in pairs(response.headers) do
    headers:append(name:lower(), value)
  end
  if type(body) == "string" and not headers:has "content-length" then
    headers:append("content-length", tostring(#body))
  end
  if not stream:write_headers(headers, body == "") or body == "" then return end
  if type(body) == "function" then return write_chunks(stream, body) end
  stream:write_chunk(body, true)
end

--- Refuse a request of HTTP/1 that is malformed, or cut. lua-http would search for its end, and
-- answer nobody meanwhile, so the socket is taken away.
local function refuse(stream)
  write_response(stream, { status = 400, headers = {}, body = "" })
  local socket = stream.connection:take_socket()
  if socket then socket:close() end
end

local function answer_stream(served, stream)
  local is_read, request = pcall(read_request, stream)
  if stream.state == "open" and stream.connection.version < 2 then refuse(stream) end
  if not is_read then
    error("a request cannot be read: " .. tostring(request):gsub("^[^\n]-%.lua:%d+: ", ""), 0)
  end
  if not stream.connection.socket then return end
  if request.url:find("^/%-/") then
    return write_response(stream, control.answer(served, request))
  end
  control.count(served, stream.connection)
  if served.latency > 0 then cqueues.sleep(served.latency) end
  local response = served.gateway.transport(request)
  served.on_request(request, response)
  write_response(stream, response)
end

--- Wait until standard input ends.
-- In a separate controller: one that cannot wait for this kind of file (/dev/null, say) fails as
-- a whole, and that counts as the end.
local function wait_for_end_of_input()
  local input = {
    pollfd = function() return 0 end,
    events = function() return "r" end,
  }
  io.stdin:setvbuf("no")
  local controller = cqueues.new()
  controller:wrap(function()
    repeat
      cqueues.poll(input)
    until not io.stdin:read(1)
  end)
  return controller:loop()
end

--- Run until `served.is_over`. A thread of lua-http may fail where clients disconnect all the time
-- (a socket whose errors nobody has read, a hundred of them): the others go on.
local function run(served, controller)
  local failures = 0
  while not served.is_over do
    local ok, problem = controller:step()
    if not ok then
      failures = failures + 1
      if failures > PATIENCE then return nil, problem end
      served.on_problem(problem)
    end
  end
  return true
end

local function listen(served, controller, options, context)
  local listener = assert(http_server.listen {
    cq = controller, host = HOST, port = options.port, tls = options.tls, ctx = context,
    intra_stream_timeout = IDLE,
    onstream = function(_, stream)
      answer_stream(served, stream)
    end,
    onerror = function(_, _, operation, problem)
      if operation == "onstream" then served.on_problem(problem) end
    end,
  })
  local add_socket = listener.add_socket
  function listener:add_socket(socket)
    served.accepted = served.accepted + 1
    return add_socket(self, socket)
  end
  return listener
end

--- Serve the demo account.
--
--   port         number (0: any that is free)
--   key          the key that is accepted
--   tls          serve TLS
--   limits       refuse requests over the rate limits
--   latency      seconds before each response
--   short_pages  return short and empty pages
--   until_end_of_input  end when standard input ends
--   on_url(url, pem)  called once requests are accepted; `pem` is the certificate
--   on_request(request, response)  called for each request to the fake
--   on_problem(problem)            called for a request that could not be answered
---@param options table
---@return true? ended after the end of standard input
---@return string? problem
function server.run(options)
  local served = {
    gateway = make_gateway(options), latency = options.latency,
    on_request = options.on_request,
    on_problem = function(problem)
      local text = tostring(problem)
      if not text:find("Broken pipe", 1, true) then options.on_problem(text) end -- a client left
    end,
  }
  control.reset(served)
  local controller, context, pem = cqueues.new(), nil, nil
  if options.tls then context, pem = certificate.context(HOST) end
  local listener = listen(served, controller, options, context)
  local listening, problem = listener:listen()
  if not listening then return nil, ("port %d: %s"):format(options.port, problem) end
  local _, _, port = listener:localname()
  options.on_url(("%s://%s:%d"):format(options.tls and "https" or "http", HOST, port), pem)
  if options.until_end_of_input then
    controller:wrap(function()
      wait_for_end_of_input()
      served.is_over = true
    end)
  end
  return run(served, controller)
end

return server
