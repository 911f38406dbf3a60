-- The scripts of examples/hosts/ in their hosts, against the served fake. Each prints its figures.

local daemon = require "spec.support.daemon"
local served = require "spec.support.served"
local tree = require "spec.support.tree"

local LATENCY = 0.05 -- seconds of a call
local SOON = 0.25 -- seconds within which a host answers others meanwhile

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

local function start(port, command, config)
  host = daemon.start(folder, fake.url, port, command, config)
end

local function is_link(body) return body:find "^https://meet%.google%.com/%l+%-%l+%-%l+$" end

--- Ask for links, as many at once, beside `/none`; each must be one. Return the longest that
-- `/none` took.
local function load(title, count)
  local answers, others = host:get("/link", count, "/none")
  print(("%s: %d links at once, slowest %.2f s, another answer at most %.3f s"):format(title, count,
    answers.slowest, others.slowest))
  assert.equal(count, #answers)
  for index, status in ipairs(answers) do
    assert(status == 200 and is_link(answers.bodies[index] or ""),
      ("%d %s\n%s"):format(status, answers.bodies[index], host:log()))
  end
  assert(#others > 1, "none beside")
  for _, status in ipairs(others) do assert.equal(404, status) end
  return others.slowest
end

local function stop(title, signal)
  local files, memory = host:size()
  local status, seconds = host:stop(signal)
  print(("%s: %d descriptors, %.1f MiB; its end takes %.2f s"):format(title, files, memory, seconds))
  assert.equal(0, status)
  return files
end

--- As `it`, where the host is installed and has such a Lua.
local function it_in(program, title, check)
  local _, is_there = tree.run("command -v " .. program)
  local lua = tree.run(program .. " -vv"):match "Built with Lua version : Lua (5%.%d)"
  it(title, is_there and (lua or "5.4") == "5.4" and check or function()
    pending(is_there and ("%s has Lua %s"):format(program, lua)
      or program .. " is not there: `make hosts` installs it")
  end)
end

describe("a script of HAProxy", function()
  --- Start it, with `script` in place of the example's.
  local function start_haproxy(options)
    local port = daemon.free_port()
    daemon.write(folder .. "/link.lua", options.script
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
    ]]):format(options.threads, options.yield and "tune.lua.forced-yield " .. options.yield or "",
      options.load or "lua-load", folder, options.more or "", port))
  end

  for _, threads in ipairs { 1, 2 } do
    for _, way in ipairs { "lua-load", "lua-load-per-thread" } do
      for _, yield in ipairs { false, 5000, 500 } do
        local title = ("haproxy, %d threads, %s, forced-yield %s"):format(threads, way,
          yield or "default")
        it_in("haproxy", title, function()
          start_haproxy { threads = threads, load = way, yield = yield }
          load(title, 200)
          stop(title, "USR1")
        end)
      end
    end
  end
end)
