--- Serve the gateway fake on loopback: HTTP/1.1, HTTP/2 in clear text, and both over TLS.
-- `--help` says how it is used. Needs lua-http, cqueues and luaossl.

local HELP = [[
Use: lua5.4 spec/support/serve.lua [options]

Serves the gateway fake on 127.0.0.1, over HTTP/1.1 and HTTP/2. The one line on standard output is
the base URL. The process ends when its standard input does, unless --no-stdin is given.

  --port N           port (0: any that is free)
  --key KEY          key that is accepted (MATON_API_KEY, else test-key)
  --tls              serve TLS
  --cert-out FILE    write the certificate to FILE, for `ca_file`
  --limits           refuse what is over the rate limits of the gateway and of Google
  --latency SECONDS  wait before each answer
  --short-pages      give short and empty pages
  --no-stdin         go on when standard input ends
  --help             show this

Beside the fake there are, without a key:

  GET /-/stats       {"connections": sockets that carried requests to the fake, "accepted": all
                     sockets, those of these controls too, "requests": n, "versions": {"2": n},
                     "log": [...], "memory": bytes in use by Lua}
  POST /-/fail       orders a fault; the body is the options of gateway:fail, such as
                     {"on": "spaces.create", "status": 503, "times": 2}. With "drop" and "lost"
                     the socket dies, before and after the operation is performed; with "timeout"
                     no answer comes for a minute. With "after": 1000 so many bytes of a file
                     come first.
  POST /-/call       {"name": "set_state", "arguments": [...]}: any other method of the gateway
  POST /-/reset      empties the log and sets the counts to 0

  curl -d '{"on": "participants.list", "status": 429}' http://127.0.0.1:8123/-/fail
]]

local root = arg[0]:match("^(.*)spec/support/[^/]*$") or ""
package.path = ("%slua/?.lua;%slua/?/init.lua;"):format(root, root) .. package.path
-- A distribution may install the pure Lua files of lua-http for one version of Lua only.
package.path = package.path .. ";/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua"

local cqueues = require "cqueues"
local http_headers = require "http.headers"
local http_server = require "http.server"
local http_tls = require "http.tls"
local json = require "googlemeet.testing.json"
local testing = require "googlemeet.testing"
local altname = require "openssl.x509.altname"
local certificate = require "openssl.x509"
local distinguished_name = require "openssl.x509.name"
local private_key = require "openssl.pkey"

local HOST = "127.0.0.1"
local IDLE = 600 -- seconds a socket may rest between two requests
local LOG_LIMIT = 5000 -- entries kept at least
local DAY = 86400
local WEAK = { __mode = "k" }

local FLAGS = { tls = true, limits = true, ["no-stdin"] = true, ["short-pages"] = true }
local VALUES = { port = true, key = true, latency = true, ["cert-out"] = true }

local function usage(problem)
  io.stderr:write("serve.lua: ", problem, "; --help shows the options\n")
  os.exit(2)
end

local function read_arguments(words)
  local options, i = {}, 1
  while words[i] do
    local name = words[i]:match("^%-%-(.+)$")
    if name == "help" then
      io.write(HELP)
      os.exit(0, true)
    elseif FLAGS[name] then
      options[name] = true
    elseif VALUES[name] then
      i = i + 1
      options[name] = words[i] or usage("a value expected after --" .. name)
    else
      usage("unknown option " .. words[i])
    end
    i = i + 1
  end
  options.port = math.tointeger(tonumber(options.port or "0")) or usage("--port: a number")
  options.latency = tonumber(options.latency or "0") or usage("--latency: a number of seconds")
  return options
end

--- Make a certificate for loopback that signs itself, good for a day.
local function make_certificate()
  local key = private_key.new { type = "EC", curve = "prime256v1" }
  local name = distinguished_name.new()
  name:add("CN", "localhost")
  local names = altname.new()
  names:add("IP", HOST)
  names:add("DNS", "localhost")
  local cert = certificate.new()
  cert:setVersion(3)
  cert:setSerial(os.time())
  cert:setSubject(name)
  cert:setIssuer(name)
  cert:setSubjectAlt(names)
  cert:setLifetime(os.time() - DAY, os.time() + DAY)
  cert:setBasicConstraints { CA = true }
  cert:setBasicConstraintsCritical(true)
  cert:setPublicKey(key)
  cert:sign(key)
  return cert, key
end

--- Choose the protocol: HTTP/2 when the client offers it.
local function select_protocol(_, offered)
  local has = {}
  for _, protocol in ipairs(offered) do
    has[protocol] = true
  end
  return has.h2 and "h2" or has["http/1.1"] and "http/1.1" or nil
end

local function make_tls_context(path)
  local cert, key = make_certificate()
  local context = http_tls.new_server_context()
  context:setAlpnSelect(select_protocol)
  context:setPrivateKey(key)
  context:setCertificate(cert)
  if path then
    local file = assert(io.open(path, "w"))
    file:write(cert:toPEM())
    file:close()
  end
  return context
end

--- Epoch seconds with a fraction that never go back.
local function steady_clock()
  local offset = os.time() - cqueues.monotime()
  return function()
    return offset + cqueues.monotime()
  end
end

local function make_gateway(options)
  local key = options.key or os.getenv("MATON_API_KEY") or "test-key"
  local gateway = testing.gateway {
    api_key = key, clock = { now = steady_clock(), sleep = cqueues.sleep },
    limits = options.limits or false, short_pages = options["short-pages"] or false,
    log_limit = LOG_LIMIT,
  }
  gateway:seed()
  return gateway
end

local function json_response(status, body)
  return {
    status = status, headers = { ["Content-Type"] = "application/json" }, body = json.encode(body),
  }
end

local controls = {}

controls["GET /-/stats"] = function(served)
  local log = json.array {}
  for i, entry in ipairs(served.gateway.log) do
    log[i] = {
      method = entry.method, path = entry.path, query = entry.query, operation = entry.operation,
      status = entry.status, headers = entry.headers, body = entry.body, sent = entry.sent,
      authorized = entry.authorized,
    }
  end
  return {
    connections = served.connections, accepted = served.accepted, requests = served.requests,
    versions = served.versions, log = log, memory = collectgarbage "count" * 1024 // 1,
  }
end

controls["POST /-/fail"] = function(served, body)
  served.gateway:fail(body)
  return {}
end

controls["POST /-/call"] = function(served, body)
  local method = served.gateway[body.name]
  if type(method) ~= "function" then
    error(("the gateway has no method '%s'"):format(body.name), 0)
  end
  method(served.gateway, table.unpack(body.arguments or {}))
  return {}
end

controls["POST /-/reset"] = function(served)
  served.gateway:clear_log()
  served.connections, served.accepted, served.requests = 0, 0, 0
  served.seen, served.versions = setmetatable({}, WEAK), {}
  return {}
end

local function control(served, request)
  local run = controls[request.method .. " " .. request.url]
  if not run then
    return json_response(404, { message = "no control at " .. request.url })
  end
  local ok, answer = pcall(run, served, json.decode(request.body or "{}"))
  return ok and json_response(200, answer) or json_response(400, { message = tostring(answer) })
end

--- Read a request of lua-http into one that the transport takes.
local function read_request(stream)
  local headers = assert(stream:get_headers())
  local request = {
    method = headers:get(":method"), url = headers:get(":path"), headers = {},
  }
  for name, value in headers:each() do
    if name:sub(1, 1) ~= ":" then
      request.headers[name] = value
    end
  end
  local body = assert(stream:get_body_as_string())
  request.body = body ~= "" and body or nil
  return request
end

--- Write a body that comes chunk by chunk, no faster than the client takes it. A line that breaks
-- on its way is one that breaks.
local function write_chunks(stream, next_chunk)
  local chunk, problem = next_chunk()
  while chunk do
    if not stream:write_chunk(chunk, false) then return end
    chunk, problem = next_chunk()
  end
  if not problem then return stream:write_chunk("", true) end
  local socket = stream.connection.socket
  socket:flush() -- what has come before arrives; to read on keeps it from being taken back
  socket:shutdown("w")
end

--- Write a response of the transport; without one the socket dies without a word.
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

local function count(served, connection)
  local version = tostring(connection.version)
  served.requests = served.requests + 1
  served.versions[version] = (served.versions[version] or 0) + 1
  if not served.seen[connection] then
    served.seen[connection] = true
    served.connections = served.connections + 1
  end
end

local function answer_stream(served, stream)
  local request = read_request(stream)
  if request.url:find("^/%-/") then
    return write_response(stream, control(served, request))
  end
  count(served, stream.connection)
  if served.latency > 0 then
    cqueues.sleep(served.latency)
  end
  write_response(stream, (served.gateway.transport(request)))
end

--- Say what went wrong, unless a client has only gone away.
local function report(_, _, operation, problem)
  if operation == "onstream" and not tostring(problem):find("Broken pipe", 1, true) then
    io.stderr:write("serve.lua: ", tostring(problem), "\n")
  end
end

--- Wait until standard input ends.
-- In a controller of its own: one that cannot wait for this kind of file (/dev/null, say) fails as
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

--- Most threads of lua-http that may fail.
local PATIENCE = 1000

--- Serve for ever. A thread of lua-http's own may fail where clients go away all the time (a socket
-- whose errors nobody has looked at, a hundred of them): the others go on.
local function serve(controller)
  for _ = 1, PATIENCE do
    local ok, problem = controller:loop()
    if ok then return end
    report(nil, nil, "onstream", problem)
  end
  error "serve.lua: too much fails"
end

local function main(words)
  local options = read_arguments(words)
  local served = {
    gateway = make_gateway(options), latency = options.latency,
  }
  controls["POST /-/reset"](served)
  local controller = cqueues.new()
  local server = assert(http_server.listen {
    cq = controller, host = HOST, port = options.port, tls = options.tls or false,
    ctx = options.tls and make_tls_context(options["cert-out"]) or nil,
    intra_stream_timeout = IDLE, onerror = report,
    onstream = function(_, stream)
      answer_stream(served, stream)
    end,
  })
  local add_socket = server.add_socket
  function server:add_socket(socket)
    served.accepted = served.accepted + 1
    return add_socket(self, socket)
  end
  assert(server:listen())
  local _, _, port = server:localname()
  print(("%s://%s:%d"):format(options.tls and "https" or "http", HOST, port))
  io.stdout:flush()
  if not options["no-stdin"] then
    controller:wrap(function()
      wait_for_end_of_input()
      os.exit(0)
    end)
  end
  serve(controller)
end

main(arg)
