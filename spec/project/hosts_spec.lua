-- The scripts of examples/hosts/ in their hosts, against the served fake.

local served = require "spec.support.served"
local socket = require "cqueues.socket"
local tree = require "spec.support.tree"

local LATENCY = 0.5 -- seconds of a call
local PATIENCE = 100 -- tenths of a second for a host to start

local HERE = tree.lines("pwd")[1]

local fake, folder, host

setup(function() fake = served.start { arguments = "--key host-key --latency " .. LATENCY } end)
teardown(function() fake:close() end)
before_each(function() folder = tree.temporary() end)
after_each(function()
  if host then tree.run(("kill %s; tail --pid=%s -f /dev/null"):format(host, host)) end
  host = nil
  tree.remove(folder)
end)

local function free_port()
  local listener = socket.listen { host = "127.0.0.1", port = 0 }
  local _, _, port = listener:localname()
  listener:close()
  return math.tointeger(port)
end

--- Answers to GET for the paths, asked for at once: status, seconds and body of each.
local function get(port, paths)
  local commands = {}
  for index, path in ipairs(paths) do
    commands[index] = ("curl -s -m 20 -w '%%{http_code} %%{time_total}' -o %s/%d "
      .. "-H 'Host: localhost' http://127.0.0.1:%d%s >%s/%d.code &"):format(folder, index, port,
      path, folder, index)
  end
  tree.run(table.concat(commands, "\n") .. "\nwait")
  local answers = {}
  for index in ipairs(paths) do
    local status, seconds = tree.read(("%s/%d.code"):format(folder, index)):match "(%d+) (%S+)"
    local file <close> = io.open(("%s/%d"):format(folder, index)) or io.tmpfile()
    answers[index] = { status = math.tointeger(status), seconds = tonumber(seconds),
      body = file:read "a" }
  end
  return answers
end

--- Start a host in the background, with the module of this tree; wait until it answers.
local function start(name, command, config, port)
  local path = folder .. "/config.cfg.lua" -- Prosody goes by the name
  local file = assert(io.open(path, "w"))
  file:write(config)
  file:close()
  host = tree.lines(([[
    export MATON_API_KEY=host-key MATON_API_URL=%s
    export LUA_PATH='%s/lua/?.lua;%s/lua/?/init.lua;;' LUA_CPATH='%s/build/?.so;;'
    %s >%s/log 2>&1 & echo $!]]):format(fake.url, HERE, HERE, HERE, command:format(path),
    folder))[1]
  for _ = 1, PATIENCE do
    local status = get(port, { "/none" })[1].status
    if status and status > 0 then return end
    os.execute "sleep 0.1"
  end
  error(("%s does not start: %s"):format(name, tree.read(folder .. "/log")))
end

local function is_link(answer)
  return answer.status == 200 and answer.body:find "^https://meet%.google%.com/%l+%-%l+%-%l+\n$"
end

--- As `it`, where the host is installed.
local function it_in(program, title, check)
  local _, is_there = tree.run("command -v " .. program)
  it(title, is_there and check or function()
    pending(program .. " is not there: `make hosts` installs it")
  end)
end

describe("a module of Prosody", function()
  it_in("prosody", "makes links while the server answers others", function()
    local port = free_port()
    start("prosody", "exec prosody --root -F --config %s", ([[
      data_path = "%s"
      plugin_paths = { "%s/examples/hosts/prosody" }
      modules_enabled = { "http", "meet" }
      modules_disabled = { "s2s", "c2s" }
      http_ports = { %d }
      http_interfaces = { "127.0.0.1" }
      https_ports = {}
      log = { warn = "*console" }
      VirtualHost "localhost"
    ]]):format(folder, HERE, port), port)
    local paths = {}
    for index = 1, 8 do paths[index] = "/meet/link" end
    paths[9] = "/none"
    local answers = get(port, paths)
    for index = 1, 8 do assert.truthy(is_link(answers[index]), answers[index].body) end
    assert.equal(404, answers[9].status)
    print(("prosody: 8 links in %.2f s beside another answer in %.3f s"):format(
      answers[8].seconds, answers[9].seconds))
    assert(answers[8].seconds < 4 * LATENCY, "one after the other")
    assert(answers[9].seconds < LATENCY, "the server stood still")
  end)
end)

describe("a script of lighttpd's mod_magnet", function()
  it_in("lighttpd", "makes links, over one socket", function()
    local port = free_port()
    start("lighttpd", "exec lighttpd -D -f %s", ([[
      server.document-root = "%s"
      server.bind = "127.0.0.1"
      server.port = %d
      server.modules += ("mod_magnet")
      $HTTP["url"] == "/link" {
        magnet.attract-raw-url-to = ("%s/examples/hosts/lighttpd.lua")
      }
    ]]):format(folder, port, HERE), port)
    for _ = 1, 3 do
      local answer = get(port, { "/link" })[1]
      assert.truthy(is_link(answer), answer.body)
    end
  end)
end)
