local cqueues = require "cqueues"
local meet = require "googlemeet"
local socket = require "cqueues.socket"
local program = require "spec.support.program"
local tree = require "spec.support.tree"

local PATIENCE = 20 -- seconds

describe("googlemeet serve", function()
  local folder

  before_each(function() folder = tree.temporary() end)
  after_each(function() tree.remove(folder) end)

  --- Run it until it ends; return what it printed, on standard error too, and its status.
  local function run(arguments, before)
    local output = tree.run(("%s %s serve %s; echo status $?"):format(before or "",
      program.path(), arguments))
    local text, status = output:match "^(.*)status (%d+)\n$"
    return text, tonumber(status)
  end

  --- Wait until a file of the folder matches.
  local function wait_for(name, pattern)
    local limit = os.time() + PATIENCE
    repeat
      local file <close> = io.open(folder .. "/" .. name, "rb")
      local text = file and file:read "a" or ""
      if text:find(pattern) then return text end
      cqueues.sleep(0.01)
    until os.time() > limit
    error(name .. " has not " .. pattern)
  end

  --- Start it in the background, do something with its base URL, and press Ctrl-C; return what it
  -- printed on standard output and standard error, and its status.
  local function with_server(arguments, action)
    tree.lines(([[{ cd %s && MATON_API_KEY=real sh -c 'echo $$ >pid; exec %s serve %s >out 2>err'
      echo $? >status; } </dev/null >/dev/null 2>&1 &]]):format(folder, program.path(), arguments))
    local url = wait_for("out", "\n"):match "^[^\n]+"
    local ok, problem = pcall(action, url)
    tree.lines(("kill -INT $(cat %s/pid)"):format(folder))
    local status = wait_for("status", "\n")
    assert(ok, problem)
    return tree.read(folder .. "/out"), tree.read(folder .. "/err"), tonumber(status)
  end

  local function curl(arguments)
    return (tree.run("curl -s -H 'Authorization: Bearer test-key' " .. arguments))
  end

  it("prints the base URL alone, and serves until Ctrl-C, whatever standard input is", function()
    local out, err, status = with_server("", function(url)
      local client <close> = assert(meet.new { api_key = "test-key", base_url = url })
      local space = assert(client.spaces:get "hpk-vtwd-ens")
      assert.equal("spaces/Qm7xT2kLw9Za", space.name)
    end)
    assert.matches("^http://127%.0%.0%.1:%d+\n$", out)
    assert.equal("googlemeet serve: interrupted\n", err)
    assert.equal(130, status)
  end)

  it("prints what to paste on a terminal", function()
    local printed = tree.run_on_terminal(program.path() .. " serve --until-eof --key 'a b'")
    if not printed then return pending "there is no terminal" end
    local url = printed:match "^(http://127%.0%.0%.1:%d+)\r\n"
    assert(printed:find("export MATON_API_URL=" .. url .. " MATON_API_KEY='a b'\r\n", 1, true))
  end)

  it("takes its key from --key only, so that a real one is neither accepted nor shown", function()
    local out = with_server("--key mine", function(url)
      local status = "-o /dev/null -w '%{http_code}' " .. url .. "/connections"
      assert.equal("401", curl(status))
      assert.equal("200", curl("-H 'Authorization: Bearer mine' " .. status):sub(1, 3))
    end)
    assert.not_matches("mine", out)
    assert.not_matches("real", out)
  end)

  it("fails as its help shows", function()
    local help = run "--help"
    local order = help:match "\n  (curl [^\n]+)\n"
    with_server("", function(url)
      tree.lines((order:gsub("http://127.0.0.1:8123", url)))
      local get = "-o /dev/null -w '%{http_code}' " .. url .. "/google-meet/v2/spaces/Qm7xT2kLw9Za"
      assert.equal("503", curl(get))
      assert.equal("200", curl(get))
    end)
  end)

  it("says what a fault lacks", function()
    with_server("", function(url)
      local answer = curl("-d '{\"statsu\": 1}' " .. url .. "/-/fail")
      assert.matches('"message":"[^"]*unknown option', answer)
      assert.matches("the body is no JSON object", (curl("-d 'a=b' " .. url .. "/-/fail")))
      assert.equal([[{"message":"fail: times must be a whole number from 1, or math.huge, which ]]
        .. [[never ends"}]], curl("-d '{\"times\": -1}' " .. url .. "/-/fail"))
      assert.equal([[{"message":"the arguments are no JSON array"}]],
        curl("-d '{\"name\": \"seed\", \"arguments\": 5}' " .. url .. "/-/call"))
    end)
  end)

  it("goes on after a request that is cut, or has no length that can be", function()
    local _, err = with_server("", function(url)
      local statuses = {}
      for index, rest in ipairs { "5\r\n\r\nabc", "1e99\r\n\r\n", "-5\r\n\r\n" } do
        local tap = socket.connect { host = "127.0.0.1", port = url:match "%d+$" }
        tap:setmode("b", "bf")
        tap:settimeout(PATIENCE)
        tap:write("POST /-/fail HTTP/1.1\r\nHost: x\r\nContent-Length: ", rest)
        tap:flush()
        tap:shutdown "w"
        statuses[index] = (tap:read "*l" or ""):match "%d%d%d"
        tap:close()
        assert.matches('"requests":0', curl("-m 5 " .. url .. "/-/stats"), 1, true)
      end
      assert.same({ "400", "400", "400" }, statuses)
    end)
    assert.equal("googlemeet serve: a request cannot be read: invalid content-length\n"
      .. "googlemeet serve: a request cannot be read: invalid length: -5\n"
      .. "googlemeet serve: interrupted\n", err)
  end)

  it("refuses a request without a path", function()
    local _, err = with_server("", function(url)
      local tap = socket.connect { host = "127.0.0.1", port = url:match "%d+$" }
      tap:setmode("b", "bf")
      tap:settimeout(PATIENCE)
      tap:write "CONNECT x:1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
      tap:flush()
      assert.matches("^HTTP/1.1 503", tap:read "*l")
      tap:close()
    end)
    assert.equal("googlemeet serve: a request cannot be read: it has no path\n"
      .. "googlemeet serve: interrupted\n", err)
  end)

  it("writes its requests to standard error", function()
    local _, err = with_server("--log", function(url)
      curl(url .. "/connections '" .. url .. "/google-meet/v2/spaces/x%1b'")
    end)
    assert.matches("^GET /connections 200\nGET /google%-meet/v2/spaces/x%%1[bB] 4%d%d\n", err)
  end)

  it("serves TLS with the certificate that it writes", function()
    with_server("--tls --cert-out cert.pem", function(url)
      assert.matches("^https://", url)
      local options = { api_key = "test-key", base_url = url, ca_file = folder .. "/cert.pem" }
      local client <close> = assert(meet.new(options))
      assert(client.connections:list():first())
    end)
  end)

  it("refuses options that cannot be used", function()
    for arguments, message in pairs {
      ["--port 65536"] = "--port: a number from 0 to 65535 expected, not '65536'",
      ["--port http"] = "--port: a number from 0 to 65535 expected, not 'http'",
      ["--cert-out x"] = "--cert-out needs --tls",
      ["here"] = "one argument too many: here",
    } do
      assert.same({ ("googlemeet serve: %s (see googlemeet serve --help)\n"):format(message), 2 },
        { run(arguments) })
    end
  end)

  it("says that a port is taken", function()
    with_server("", function(url)
      local port = url:match "%d+$"
      assert.same({ ("googlemeet serve: port %s: Address already in use\n"):format(port), 1 },
        { run("--port " .. port) })
    end)
  end)

  it("names the package that it lacks", function()
    for _, name in ipairs { "http.server", "cqueues", "openssl.pkey" } do
      local hide = ([[for i = 2, 4 do
        local search = package.searchers[i]
        package.searchers[i] = function(name)
          if name == "%s" then return "\n\tno file" end
          return search(name)
        end
      end]]):format(name)
      local output, status = tree.run(("%s -e %s lua/googlemeet/command/googlemeet.lua serve")
        :format(tree.lua(), tree.quote(hide)))
      assert.is_false(status)
      assert.equal("googlemeet serve: lua-http cannot be loaded: install the Debian package "
        .. "lua-http, or the rock http (luarocks install http); module '" .. name
        .. "' not found\n", output)
    end
  end)
end)
