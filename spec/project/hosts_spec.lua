-- The scripts of examples/hosts/ in their hosts, against the served fake. Each prints its figures.

local daemon = require "spec.support.daemon"
local served = require "spec.support.served"
local tree = require "spec.support.tree"

local LATENCY = 0.01 -- seconds of a call

local HERE = tree.lines("pwd")[1]
local UNPACED = { "meet%.new%(%)", "meet.new { rate = false }" } -- 10 links a minute otherwise

local fake, folder, host

setup(function() fake = served.start { arguments = "--key host-key --latency " .. LATENCY } end)
teardown(function() fake:close() end)
before_each(function() folder = tree.temporary() end)
after_each(function()
  if host then host:stop "KILL" end
  host = nil
  tree.remove(folder)
end)

local function start(port, command, config, url)
  host = daemon.start(folder, url or fake.url, port, command, config)
end

--- Run a function with a fake that takes a second for each answer.
local function with_slow_fake(f)
  local slow = served.start { arguments = "--key host-key --latency 1" }
  local _ <close> = setmetatable({}, { __close = function() slow:close() end })
  f(slow)
end

local function is_link(body) return body:find "^https://meet%.google%.com/%l+%-%l+%-%l+$" end

local function check_links(count, answers)
  assert.equal(count, #answers)
  for index, status in ipairs(answers) do
    assert(status == 200 and is_link(answers.bodies[index] or ""),
      ("%d %s\n%s"):format(status, answers.bodies[index], host:log()))
  end
end

--- Ask for links, as many at once, beside `/none`; each must be one. Return the longest that
-- `/none` took.
local function load(title, count)
  local answers, others = host:get_beside("/none", "/link", count)
  print(("%s: %d links at once, slowest %.2f s, another answer at most %.3f s"):format(title, count,
    answers.slowest, others.slowest))
  check_links(count, answers)
  assert(#others > 1, "none beside")
  for _, status in ipairs(others) do assert.equal(404, status) end
  return others.slowest
end

local function stop(title, signal)
  local files, memory = host:size()
  local status, seconds = host:stop(signal)
  print(("%s: %d descriptors, %.1f MiB; its end took %.2f s"):format(title, files, memory,
    seconds))
  assert.equal(0, status)
  return files
end

--- As `describe`, where the host is installed and has such a Lua.
local function describe_in(program, title, specs)
  local _, is_there = tree.run("command -v " .. program)
  local lua = program == "haproxy"
    and tree.run("haproxy -vv"):match "Built with Lua version : Lua (5%.%d)"
  local why = not os.getenv "HOSTS" and "`make hosts` runs it"
    or not is_there and program .. " is not there"
    or lua and lua ~= "5.4" and ("%s has Lua %s"):format(program, lua)
  describe(title, why and function()
    it("works", function() pending(why) end)
  end or specs)
end

describe_in("haproxy", "a script of HAProxy", function()
  --- Start it, with `script` in place of the example's.
  local function start_haproxy(options)
    local port = daemon.free_port()
    tree.write(folder .. "/link.lua", options.script
      or daemon.example("examples/hosts/haproxy.lua", table.unpack(UNPACED)))
    start(port, "haproxy -W -f %s", ([[
      global
        nbthread %d
        %s
        %s %s/link.lua
        %s
      defaults
        mode http
        timeout client 60s
        timeout server 60s
        timeout connect 60s
      frontend all
        bind 127.0.0.1:%d
        http-request return status 404 if { path /none }
        http-request use-service lua.link if { path /link }
        %s
    ]]):format(options.threads, options.yield and "tune.lua.forced-yield " .. options.yield or "",
      options.load or "lua-load", folder, options.more or "", port,
      options.route or ""), options.url)
  end

  for _, threads in ipairs { 1, 2 } do
    for _, way in ipairs { "lua-load", "lua-load-per-thread" } do
      for _, yield in ipairs { false, 5000, 500 } do
        local title = ("haproxy, %d threads, %s, forced-yield %s"):format(threads, way,
          yield or "default")
        it(title, function()
          start_haproxy { threads = threads, load = way, yield = yield }
          load(title, 200)
          stop(title, "USR1")
        end)
      end
    end
  end

  it("works in an empty chroot", function()
    tree.lines(("mkdir %s/new"):format(folder))
    start_haproxy { threads = 2, more = ("chroot %s/new"):format(folder) }
    load("haproxy in a chroot", 50)
    stop("haproxy in a chroot", "USR1")
  end)

  --- A service that says how many KiB of Lua are in use. What the process has shows no leak: it
  -- grows for 10 000 requests, and then falls.
  local MEMORY <const> = [[
core.register_service("memory", "http", function(applet)
  collectgarbage()
  collectgarbage()
  local body = ("%d"):format(collectgarbage "count" // 1)
  applet:set_status(200)
  applet:add_header("content-length", #body)
  applet:start_response()
  applet:send(body)
end)
]]

  it("loses no call and no memory when clients leave", function()
    local function size()
      return host:size(), tonumber(host:get("/memory", 1).bodies[1])
    end
    start_haproxy { threads = 2, route = "http-request use-service lua.memory if { path /memory }",
      script = daemon.example("examples/hosts/haproxy.lua", table.unpack(UNPACED)) .. MEMORY }
    load("haproxy", 100)
    local files, memory = size()
    for _ = 1, 5 do host:get("/link", 100, 0.01) end
    load("haproxy, after 500 clients that left", 100)
    local files_after, memory_after = size()
    print(("haproxy: %d -> %d descriptors, %d -> %d KiB of Lua"):format(files, files_after, memory,
      memory_after))
    assert(files_after <= files + 4 and memory_after < memory + 100, "a leak")
  end)

  it("finishes what it does before it reloads or ends", function()
    with_slow_fake(function(slow)
      start_haproxy { threads = 2, url = slow.url }
      for _, signal in ipairs { "USR2", "USR1" } do
        local before = slow:stats().requests
        host:ask_at_once("/link", 12)
        for _ = 1, 200 do
          if slow:stats().requests == before + 12 then break end
          os.execute "sleep 0.05"
        end
        host:signal(signal)
        check_links(12, host:answers "at_once")
        if signal == "USR2" then host:get("/none", 1) end -- by the new one
      end
      assert.equal(0, (host:stop "0")) -- it has ended
    end)
  end)

  it("holds up the others when it calls without a task", function()
    local script = daemon.example("examples/hosts/haproxy.lua", table.unpack(UNPACED))
    local count
    script, count = script:gsub("local task = .-task:result%(%)",
      "local space, err = client.spaces:create()")
    assert.equal(1, count)
    start_haproxy { threads = 1, script = script }
    assert(load("haproxy, blocking calls", 20) > LATENCY / 2)
  end)
end)

describe_in("prosody", "a module of Prosody", function()
  local function start_prosody(url)
    local port = daemon.free_port()
    tree.lines(("mkdir %s/modules"):format(folder))
    tree.write(folder .. "/modules/mod_meet.lua",
      daemon.example("examples/hosts/prosody/mod_meet.lua", table.unpack(UNPACED)))
    start(port, "prosody --root -F --config %s", ([[
      data_path = "%s"
      plugin_paths = { "%s/modules" }
      modules_enabled = { "http", "meet", "admin_shell" }
      modules_disabled = { "s2s", "c2s" }
      run_as_root = true
      http_paths = { meet = "/" }
      http_ports = { %d }
      http_interfaces = { "127.0.0.1" }
      https_ports = {}
      log = { warn = "*console" }
      VirtualHost "localhost"
    ]]):format(folder, folder, port), url)
  end

  it("makes links at once", function()
    with_slow_fake(function(slow)
      start_prosody(slow.url)
      local answers = host:get("/link", 8)
      check_links(8, answers)
      assert(answers.slowest < 4, "one after the other")
    end)
  end)

  it("makes links while the server answers others, reloads and ends", function()
    start_prosody()
    load("prosody", 300)
    local output = tree.run(("prosodyctl --root --config %s/config.cfg.lua shell module reload meet"
      ):format(folder))
    assert.matches("reloaded", output)
    load("prosody, reloaded", 20)
    stop("prosody", "TERM")
  end)
end)

describe_in("lighttpd", "a script of lighttpd's mod_magnet", function()
  local function start_lighttpd(script, more)
    local port = daemon.free_port()
    start(port, "lighttpd -D -f %s", ([[
      server.document-root = "/"
      server.bind = "127.0.0.1"
      server.port = %d
      server.modules += ("mod_magnet")
      $HTTP["url"] == "/link" { magnet.attract-raw-url-to = ("%s") }
      %s
    ]]):format(port, script, more or ""))
  end

  it("makes links one after the other, over few sockets", function()
    tree.write(folder .. "/link.lua", daemon.example("examples/hosts/lighttpd.lua",
      table.unpack(UNPACED)))
    fake:reset()
    start_lighttpd(folder .. "/link.lua")
    load("lighttpd", 300)
    host:signal "USR1" -- a graceful restart
    os.execute "sleep 0.1"
    load("lighttpd, restarted", 20)
    local sockets = fake:stats().connections
    assert(sockets < 10, sockets) -- one or two of each process, not one of each of 320 requests
    stop("lighttpd", "TERM")
  end)

  it("refuses at once a link that the pace would delay, and the server with it", function()
    start_lighttpd(HERE .. "/examples/hosts/lighttpd.lua")
    local answers = host:get("/link", 12)
    table.sort(answers)
    assert.same({ 200, 503, 503 }, { answers[10], answers[11], answers[12] })
    assert.matches("deadline", table.concat(answers.bodies))
    assert(answers.slowest < 5, answers.slowest)
  end)

  it("works in a chroot that has the files it needs", function()
    local root = folder .. "/new"
    tree.lines(([[
      mkdir -p %s/lua %s/build/googlemeet
      cp -r lua %s/; cp build/googlemeet/core.so %s/build/googlemeet/
      cp "$(%s -e 'io.write(package.searchpath("cjson", package.cpath))')" %s/build/cjson.so
      ldd build/googlemeet/core.so | sed -n 's/.* => \(\S*\) .*/\1/p' | xargs cp -L --parents -t %s
    ]]):format(root, root, root, root, tree.lua(), root, root))
    local script = daemon.example("examples/hosts/lighttpd.lua", table.unpack(UNPACED))
    tree.write(root .. "/link.lua",
      "package.path, package.cpath = '/lua/?.lua;/lua/?/init.lua', '/build/?.so'\n" .. script)
    start_lighttpd("/link.lua", ('server.chroot = "%s"'):format(root))
    load("lighttpd in a chroot", 20)
    stop("lighttpd in a chroot", "TERM")
  end)
end)

describe_in("neomutt", "a script of neomutt", function()
  it("puts a link below each message", function()
    local output = tree.run(daemon.environment(fake.url)
      .. " neomutt -n -F /dev/null -e 'lua-source examples/hosts/neomutt.lua' -D")
    assert.matches('signature = "echo https://meet%.google%.com/%l+%-%l+%-%l+|"', output)
  end)
end)
