--- `googlemeet serve`: the demo account behind a base URL, for scripts and their tests.

local core = require "googlemeet.core"
local output = require "googlemeet.command.output"

local MOST_PORT = 65535

local TEXT = [[
serve answers as the Maton gateway and Google do, over HTTP/1.1 and HTTP/2, and
sends nothing anywhere. It listens on 127.0.0.1 until Ctrl-C. The first line on
standard output is the base URL, for MATON_API_URL. Each run starts with the
same people and conferences. Subcommands that use this server use up the shared
rate limit of your real key, unless they have --no-limiter.

These requests need no key:

  POST /-/fail    order a fault: the body has the options of gateway:fail
  POST /-/call    {"name": "set_state", "arguments": [...]}: call another
                  method of the gateway
  GET /-/stats    print the counts of sockets and requests, and the requests
  POST /-/reset   set the counts to 0, and forget the requests

The fields of a fault are:

  "on"      an operation by its name in the API, such as "spaces.create" or
            "participants.list"; without it, any request
  "times"   how often the fault happens (default 1)

The other fields say what happens:

  "status": 503      an error with this status
  "drop": true       the socket closes before the operation is performed
  "lost": true       the socket closes after the operation is performed
  "timeout": true    no response comes for a minute
  "after": 1000      with "lost" or "timeout": 1000 bytes of a file come first

serve requires lua-http: the Debian package lua-http, or the rock http.
]]

local EXPORT = [[

This is the demo account. To use it, paste this into another shell:

  export MATON_API_URL=%s MATON_API_KEY=%s

Then try: googlemeet attendance
Ctrl-C ends this server.
]]

local EXPORT_TLS = [[

A client needs the certificate, as the option `ca_file` of meet.new: --cert-out FILE writes it.
]]

--- Quote a word for the shell, if it needs quotes.
local function quote(word)
  if word:find "^[%w_.:/-]+$" then return word end
  return "'" .. word:gsub("'", [['\'']]) .. "'"
end

--- Load the server, or end with a line that names the package it lacks.
local function load_server()
  -- Debian installs the pure Lua files of lua-http for Lua 5.1 only; they run on any.
  package.path = package.path .. ";/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua"
  local loaded, server = pcall(function() return require "googlemeet.command.serve.server" end)
  if loaded then return server end
  if output.is_interrupt(server) then output.fail(server) end
  local why = tostring(server):match "module '[^\n]-' not found" or tostring(server):match "[^\n]*"
  output.fail(("lua-http cannot be loaded: install the Debian package lua-http, or the rock http "
    .. "(luarocks install http); %s"):format(why))
end

local function port_of(given)
  local port = math.tointeger(tonumber(given or "0"))
  if port and port >= 0 and port <= MOST_PORT then return port end
  output.refuse(("--port: a number from 0 to %d expected, not '%s'"):format(MOST_PORT, given))
end

--- Return what to do once requests are accepted.
local function announce(options, key)
  return function(url, certificate)
    if options["cert-out"] then output.write(certificate, options["cert-out"]) end
    output.print(url)
    if not core.os.is_terminal(io.stdout) then return end
    output.write(EXPORT:format(url, quote(key)))
    if options.tls then output.write(EXPORT_TLS) end
  end
end

local function log_request(request, response)
  io.stderr:write(output.one_line(("%s %s %s"):format(request.method, request.url,
    response and response.status or "no answer")), "\n")
end

local function run(options)
  local port, key = port_of(options.port), options.key or "test-key"
  if options["cert-out"] and not options.tls then output.refuse "--cert-out needs --tls" end
  local ended, problem = load_server().run {
    port = port, key = key, tls = options.tls or false, limits = options.limits or false,
    latency = options.latency or 0, short_pages = options["short-pages"] or false,
    until_end_of_input = options["until-eof"], on_url = announce(options, key),
    on_request = options.log and log_request or function() end,
    on_problem = function(text)
      io.stderr:write("googlemeet serve: ", output.one_line(text), "\n")
    end,
  }
  if not ended then output.fail(problem) end
end

return {
  name = "serve",
  summary = "Serve the demo account on this machine, for scripts and tests",
  synopsis = "[OPTION]...",
  options = {
    { "port", "PORT", "listen on PORT (default 0: any free port)" },
    { "key", "KEY", "accept KEY as the API key (default test-key)" },
    { "log", false, "write each request to standard error" },
    { "limits", false, "refuse requests over the rate limits of the gateway and of Google" },
    { "latency", "SECONDS", "wait before each response" },
    { "short-pages", false, "return short and empty pages" },
    { "tls", false, "serve TLS" },
    { "cert-out", "FILE", "write the certificate into FILE, for the option ca_file" },
    { "until-eof", false, "end when standard input ends" },
  },
  common = {},
  words = { 0, 0 },
  text = TEXT,
  examples = {
    { "googlemeet serve --port 8123", "serve at http://127.0.0.1:8123" },
    { [[curl -d '{"on": "spaces.get", "status": 503}' http://127.0.0.1:8123/-/fail]],
      "the next request for a space fails with status 503" },
  },
  run = run,
}
