-- meet.loop: calls awaited in coroutines of cqueues and of luv, over real sockets.

local condition = require "cqueues.condition"
local cqueues = require "cqueues"
local meet = require "googlemeet"
local Server = require "spec.support.server"
local tree = require "spec.support.tree"
local uv = require "luv"

local SPACE = '{"name":"spaces/abc"}'
local LAST = { ["Connection"] = "close" } -- the socket ends, and says so: no call comes too late
local LATENCY = 0.25
local NOTICED = 0.04 -- seconds within which the end of a call must have been noticed
local TRIES = 20 -- load can only make it slower: the best one counts

local server, client

setup(function() server = Server.start() end)
teardown(function() server:close() end)
before_each(function()
  client = assert(meet.new { api_key = "key-of-loops", base_url = server.url, rate = false,
    retry = false })
end)
after_each(function() client:close() end)

local function script(count, answer)
  local answers = {}
  for index = 1, count do answers[index] = answer end
  server:script(answers)
end

--- What the two have in common: run(f) runs f in a coroutine of the loop until nothing is left;
-- spawn(f) starts another one, sleep(seconds) suspends one.
local hosts = {}

hosts.cqueues = {
  run = function(f)
    local loop = cqueues.new()
    loop:wrap(f)
    assert(loop:loop())
  end,
  spawn = function(f) cqueues.running():wrap(f) end,
  sleep = cqueues.sleep,
}

local function resume(thread)
  local ok, problem = coroutine.resume(thread)
  if not ok then error(problem, 0) end
end

hosts.luv = {
  run = function(f)
    local problem
    coroutine.wrap(function()
      local ok, why = xpcall(f, debug.traceback)
      problem = not ok and why
    end)()
    uv.run()
    assert(not problem, problem)
  end,
  spawn = function(f) coroutine.wrap(f)() end,
  sleep = function(seconds)
    local thread, timer = coroutine.running(), uv.new_timer()
    timer:start(math.ceil(seconds * 1000), 0, function()
      timer:close()
      resume(thread)
    end)
    coroutine.yield()
  end,
}

for name, host in pairs(hosts) do
  describe("meet.loop." .. name, function()
    local loop
    before_each(function() loop = meet.loop[name](client) end)

    it("gives what a function returns to the coroutine that awaits it", function()
      script(1, { body = SPACE })
      local seen
      host.run(function()
        seen = table.pack(loop:await(function(...)
          return client.spaces:get "abc".name, nil, ...
        end, 1, nil))
      end)
      assert.same({ "spaces/abc", nil, 1, nil, n = 4 }, seen)
    end)

    it("gives what failed as nil and an error, and raises what was raised", function()
      script(1, { status = 404, body = "{}" })
      local err, raised
      host.run(function()
        err = select(2, loop:await(client.spaces.get, client.spaces, "abc"))
        raised = select(2, pcall(loop.await, loop, function() error("a bug", 0) end))
      end)
      assert.equal("not_found", err.kind)
      assert.equal("a bug", raised)
    end)

    it("makes fifty calls at once, and those that are too late end in time", function()
      local answers = {}
      for index = 1, 50 do
        answers[index] = { body = SPACE, delay = index % 10 == 0 and 4 or 0.05 }
      end
      server:script(answers)
      local kinds, from, longest, last = {}, cqueues.monotime(), 0, cqueues.monotime()
      host.run(function()
        local left = 50
        for _ = 1, 50 do
          host.spawn(function()
            local space, err = loop:await(client.spaces.get, client.spaces, "abc",
              { timeout = 2 })
            local kind = space and "ok" or err.kind
            kinds[kind], left = (kinds[kind] or 0) + 1, left - 1
          end)
        end
        while left > 0 do
          host.sleep(0.01)
          longest, last = math.max(longest, cqueues.monotime() - last), cqueues.monotime()
        end
      end)
      print(("50 calls in a loop of %s: %.2f s, the loop's longest stall %.0f ms"):format(name,
        cqueues.monotime() - from, longest * 1e3))
      assert.same({ ok = 45, timeout = 5 }, kinds)
    end)

    it("is woken by new work at once", function()
      local best = math.huge
      for _ = 1, TRIES do
        script(2, { body = SPACE, delay = LATENCY })
        host.run(function()
          host.spawn(function() assert(loop:await(client.spaces.get, client.spaces, "abc")) end)
          host.sleep(0.03) -- it waits for the socket of the first
          local from = cqueues.monotime()
          assert(loop:await(client.spaces.get, client.spaces, "abc"))
          best = math.min(best, cqueues.monotime() - from - LATENCY)
        end)
        if best < NOTICED then break end
      end
      assert(best < NOTICED, best)
    end)

    it("lets several coroutines await one task, before its end and after", function()
      script(1, { body = SPACE, delay = 0.05 })
      local names = {}
      host.run(function()
        local task = client:submit(function() return client.spaces:get "abc".name end)
        for index = 1, 3 do
          host.spawn(function() names[index] = task:await() end)
        end
        names[4] = task:await()
        names[5] = task:await()
      end)
      assert.same({ "spaces/abc", "spaces/abc", "spaces/abc", "spaces/abc", "spaces/abc" }, names)
    end)

    it("resumes who awaits a task that is cancelled, before it began too", function()
      script(1, { stall = true })
      local kinds = {}
      host.run(function()
        for index = 1, 2 do
          local task = client:submit(function() return client.spaces:get "abc" end)
          host.spawn(function() kinds[index] = select(2, task:await()).kind end)
          if index == 2 then host.sleep(0.05) end
          task:cancel()
        end
      end)
      server:release()
      assert.same({ "cancelled", "cancelled" }, kinds)
    end)

    it("resumes who awaits when the client is closed", function()
      script(1, { stall = true })
      local kind
      host.run(function()
        host.spawn(function()
          kind = select(2, loop:await(client.spaces.get, client.spaces, "abc")).kind
        end)
        host.sleep(0.05)
        client:close()
      end)
      server:release()
      assert.equal("cancelled", kind)
    end)

    it("ends with its last task, and begins again", function()
      for _ = 1, 3 do
        script(1, { body = SPACE })
        local done
        host.run(function() done = loop:await(client.spaces.get, client.spaces, "abc") end)
        assert.equal("spaces/abc", done.name)
      end
    end)

    it("lets a task await another one as any function does", function()
      script(2, { body = SPACE, delay = 0.3 })
      local seen = {}
      local busy = os.clock()
      host.run(function()
        seen[1] = loop:await(function()
          seen[2] = client:submit(client.spaces.get, client.spaces, "abc"):await()
          return loop:await(client.spaces.get, client.spaces, "abc")
        end)
      end)
      assert.equal("spaces/abc", seen[1].name)
      assert.equal("spaces/abc", seen[2].name)
      assert(os.clock() - busy < 0.3, "it asked again and again")
    end)

    it("goes through a thousand awaits", function()
      script(1000, { body = SPACE })
      local count, longest, last = 0, 0, nil
      host.run(function()
        for _ = 1, 1000 do
          host.spawn(function()
            assert(loop:await(client.spaces.get, client.spaces, "abc"))
            count = count + 1
          end)
        end
        last = cqueues.monotime()
        while count < 1000 do
          host.sleep(0.01)
          longest, last = math.max(longest, cqueues.monotime() - last), cqueues.monotime()
        end
      end)
      print(("1000 awaits in a loop of %s: its longest stall %.0f ms"):format(name, longest * 1e3))
    end)

    it("goes on beside calls that block it", function()
      script(10, { body = SPACE, delay = 0.05 })
      local count = 0
      host.run(function()
        for _ = 1, 8 do
          host.spawn(function()
            assert(loop:await(client.spaces.get, client.spaces, "abc"))
            count = count + 1
          end)
        end
        host.sleep(0.02)
        assert(client.spaces:get "abc")
        client:step(0)
        assert(client.spaces:get "abc")
      end)
      assert.equal(8, count)
    end)

    it("resumes at once who awaits a sleeping task that is cancelled", function()
      local best = math.huge
      for _ = 1, TRIES do
        local ended
        host.run(function()
          local task = client:submit(client.sleep, client, 5)
          host.spawn(function()
            task:await()
            ended = cqueues.monotime()
          end)
          host.sleep(0.05)
          local from = cqueues.monotime()
          task:cancel()
          while not ended do host.sleep(0.001) end
          best = math.min(best, ended - from)
        end)
        if best < NOTICED then break end
      end
      assert(best < NOTICED, best)
    end)

    it("closes no socket that it watches, whoever steps", function()
      script(2, { stall = true })
      local over = false
      host.run(function()
        for _ = 1, 2 do
          client:submit(function() client.spaces:get("abc", { timeout = 0.2 }) end)
        end
        loop:await(client.sleep, client, 0.05)
        client:sleep(0.3) -- blocks the loop, and ends both calls
        client:step(0) -- libuv aborts the process when it finds closed what it is to watch
        client:poll_set()
        over = true
      end)
      server:release()
      assert.is_true(over)
    end)

    it("leaves nothing behind of what could not be awaited", function()
      local ran
      pcall(loop.await, loop, function() ran = true end)
      client:step(0)
      assert.is_nil(ran)
    end)

    it("says where it cannot be awaited", function()
      local _, raised = pcall(function() loop:await(print) end)
      assert.matches("loop_spec%.lua:%d+: await: call it in a coroutine of the loop", raised)
      _, raised = pcall(function() loop:await "x" end)
      assert.matches("loop_spec%.lua:%d+: await: a function expected, got string", raised)
      _, raised = pcall(function() loop.await(print) end)
      assert.matches("loop_spec%.lua:%d+: await: call it on a loop, with a colon", raised)
      _, raised = pcall(function() meet.loop[name] {} end)
      assert.matches("loop_spec%.lua:%d+: loop%." .. name .. ": a client expected, got table",
        raised)
    end)
  end)
end

it("a loop of cqueues is woken by a task that somebody else submits", function()
  script(1, { body = SPACE })
  local seen
  local work = condition.new()
  local loop = cqueues.new()
  meet.loop.cqueues(client)
  loop:wrap(function()
    client:submit(function()
      seen = client.spaces:get "abc"
      work:signal()
    end)
    work:wait(10)
  end)
  assert(loop:loop())
  assert.equal("spaces/abc", seen.name)
end)

it("a loop is woken by a task of a prelude that was loaded anew", function()
  script(1, { body = SPACE })
  local opened, loaded = meet.loop.cqueues(client), {}
  for name, module in pairs(package.loaded) do
    if name:find "^googlemeet" then loaded[name], package.loaded[name] = module, nil end
  end
  local again = require "googlemeet"
  local seen, controller, work = nil, cqueues.new(), condition.new()
  controller:wrap(function()
    client:submit(function()
      seen = client.spaces:get "abc"
      work:signal()
    end)
    work:wait(10)
    assert(seen)
    assert.equal(opened.host, again.loop.cqueues(client).host)
  end)
  local ok, problem = controller:loop()
  for name in pairs(package.loaded) do
    if name:find "^googlemeet" then package.loaded[name] = nil end
  end
  for name, module in pairs(loaded) do package.loaded[name] = module end
  assert(ok, problem)
  assert.equal("spaces/abc", seen.name)
end)

it("an error that was no coroutine's leaves nobody asleep in a loop of cqueues", function()
  local output, ok = tree.run(("%s - <<'END'\n%s\nEND"):format(tree.lua(), [[
    local cqueues = require "cqueues"
    local meet = require "googlemeet"
    local tasks = require "googlemeet.tasks"
    local client = assert(meet.new { api_key = "k", transport = function()
      return { status = 200, body = '{"name":"spaces/abc"}' }
    end })
    local loop, controller, drive = meet.loop.cqueues(client), cqueues.new(), tasks.drive
    function tasks.drive() -- as Ctrl-C does
      tasks.drive = drive
      error("interrupted!", 0)
    end
    controller:wrap(function() print(loop:await(client.spaces.get, client.spaces, "abc").name) end)
    print((select(2, controller:loop(5))))
    print(controller:loop(5))]]))
  assert.equal("interrupted!\nspaces/abc\ntrue\n", output)
  assert.is_true(ok)
end)

it("a loop of cqueues that lacked memory for its driver gets one later", function()
  local loop, controller, seen = meet.loop.cqueues(client), cqueues.new(), {}
  local methods = getmetatable(controller).__index
  local wrap = methods.wrap
  script(2, { body = SPACE })
  local function get() return loop:await(client.spaces.get, client.spaces, "abc") end
  controller:wrap(function()
    function methods.wrap()
      methods.wrap = wrap
      error("not enough memory", 0)
    end
    seen[1] = select(2, pcall(get))
    seen[2] = get()
  end)
  assert(controller:loop(5))
  assert.equal("not enough memory", seen[1])
  assert.equal("spaces/abc", seen[2].name)
end)

--- The URL of a port that lets nobody in: its queue is full. Nothing may run luv's loop meanwhile.
local function crowd()
  local listener <const> = uv.new_tcp()
  listener:bind("127.0.0.1", 0)
  listener:listen(1, function() end)
  local port = listener:getsockname().port
  local guests = { listener }
  for index = 2, 9 do
    guests[index] = uv.new_tcp()
    guests[index]:connect("127.0.0.1", port)
  end
  return "http://127.0.0.1:" .. port, setmetatable(guests, { __close = function()
    for _, guest in ipairs(guests) do guest:close() end
    uv.run "nowait"
  end })
end

for title, cancel in pairs {
  ["its call is cancelled"] = function(_, task) task:cancel() end,
  ["its client is closed"] = function(hanging) hanging:close() end,
} do
  it("a loop of cqueues bears that a socket connects when " .. title, function()
    local url, guests <close> = crowd()
    local hanging = assert(meet.new { api_key = "k", base_url = url, retry = false })
    local loop, controller, seen, task = meet.loop.cqueues(client), cqueues.new(), {}, nil
    script(3, { body = SPACE, delay = 0.02 })
    controller:wrap(function()
      task = hanging:submit(hanging.spaces.get, hanging.spaces, "abc", { timeout = 5 })
      local _, err = task:await()
      seen[#seen + 1] = err.kind
    end)
    for _ = 1, 5 do assert(controller:step(0.02)) end
    assert.is_not_nil(guests)
    cancel(hanging, task)
    for _ = 1, 3 do
      controller:wrap(function()
        local space = loop:await(client.spaces.get, client.spaces, "abc")
        seen[#seen + 1] = space.name
      end)
    end
    assert(controller:loop(5))
    assert.same({ "cancelled", "spaces/abc", "spaces/abc", "spaces/abc" }, seen)
  end)
end

it("two controllers of cqueues have tasks at once, one driving those of both", function()
  script(2, { body = SPACE, delay = 0.6 })
  local loop, both, seen = meet.loop.cqueues(client), cqueues.new(), {}
  local busy = os.clock()
  for index = 1, 2 do
    local one = cqueues.new()
    one:wrap(function() seen[index] = loop:await(client.spaces.get, client.spaces, "abc") end)
    both:wrap(function() assert(one:loop()) end)
  end
  assert(both:loop())
  assert(os.clock() - busy < 0.3, "they woke each other again and again")
  assert.equal("spaces/abc", seen[1].name)
  assert.equal("spaces/abc", seen[2].name)
end)

it("a controller of cqueues that is given up in the middle of a call holds up no other", function()
  script(2, { body = SPACE, delay = 0.1 })
  local loop, given_up, seen = meet.loop.cqueues(client), cqueues.new(), nil
  local function get() return loop:await(client.spaces.get, client.spaces, "abc") end
  given_up:wrap(get)
  assert(given_up:step(0.02))
  local controller = cqueues.new()
  controller:wrap(function() seen = get() end)
  assert(controller:loop())
  assert.equal("spaces/abc", seen.name)
end)

it("a task is awaited in the loop whose coroutine it is, whichever came last", function()
  script(2, { body = SPACE, delay = 0.05 })
  local controller, seen = cqueues.new(), {}
  meet.loop.cqueues(client)
  local second = meet.loop.luv(client)
  local function get() return client.spaces:get "abc" end
  local raised
  controller:wrap(function()
    raised = select(2, pcall(second.await, second, get))
    seen[1] = client:submit(get):await()
  end)
  coroutine.wrap(function() seen[2] = client:submit(get):await() end)()
  local ends = cqueues.monotime() + 5 -- what one has ended the other notices within a second
  repeat
    assert(controller:step(0.01))
    uv.run "nowait"
  until seen[1] and seen[2] or cqueues.monotime() > ends
  assert.matches("await: call it in a coroutine of the loop", raised)
  assert.equal("spaces/abc", seen[1].name)
  assert.equal("spaces/abc", seen[2].name)
end)

it("closes no socket that another loop watches, while both are busy", function()
  local answers, left, problems = {}, 0, {}
  for index = 1, 300 do
    local ends = index % 2 == 0
    answers[index] = { body = SPACE, delay = index % 5 * 0.002, close_after = ends,
      headers = ends and LAST or nil }
  end
  server:script(answers)
  local function get_often(loop)
    left = left + 1
    for _ = 1, 10 do assert(loop:await(client.spaces.get, client.spaces, "abc")) end
    left = left - 1
  end
  local controllers, turn = { cqueues.new(), cqueues.new() }, uv.new_timer()
  for _ = 1, 10 do
    for _, controller in ipairs(controllers) do
      controller:wrap(get_often, meet.loop.cqueues(client))
    end
    coroutine.wrap(get_often)(meet.loop.luv(client))
  end
  local ends = cqueues.monotime() + 20
  turn:start(0, 1, function()
    for _, controller in ipairs(controllers) do
      local ok, problem = controller:step(0)
      if not ok then problems[problem] = true end
    end
    if left == 0 or cqueues.monotime() > ends then turn:close() end
  end)
  uv.run()
  assert.same({}, problems)
  assert.equal(0, left)
end)

it("what a loop watches stays open, however long it does not turn", function()
  local COUNT <const> = 12
  local answers = {}
  for index = 1, 21 * COUNT do -- the first sockets end first
    answers[index] = { body = SPACE, close_after = true, headers = LAST,
      delay = index <= COUNT and 0.1 or 0.02 }
  end
  server:script(answers)
  local controller, loops, seen = cqueues.new(), { meet.loop.luv(client) }, 0
  loops[2] = meet.loop.cqueues(client)
  local function get_often(loop, count)
    for _ = 1, count do assert(loop:await(client.spaces.get, client.spaces, "abc")) end
    seen = seen + count
  end
  for _ = 1, COUNT do controller:wrap(get_often, loops[2], 1) end
  repeat assert(controller:step(0.01)) until #server:requests() == COUNT
  assert(controller:step(0.01)) -- it watches all of their sockets
  for _ = 1, COUNT do coroutine.wrap(get_often)(loops[1], 20) end
  uv.run()
  assert(controller:loop(5))
  assert.equal(21 * COUNT, seen)
end)

it("a task may turn luv's loop", function()
  script(3, { body = SPACE, delay = 0.05 })
  local loop, seen = meet.loop.luv(client), {}
  local function get(index)
    local space = client.spaces:get "abc"
    seen[index] = space.name
  end
  client:submit(function()
    get(1)
    client:submit(get, 2)
    for _ = 1, 5 do uv.run "nowait" end
    get(3)
  end)
  uv.run()
  assert.is_not_nil(loop)
  assert.same({ "spaces/abc", "spaces/abc", "spaces/abc" }, seen)
end)

it("a coroutine that waits in luv may be resumed or closed by somebody else", function()
  script(2, { body = SPACE, delay = 0.05 })
  local loop, seen = meet.loop.luv(client), {}
  local function get()
    seen[#seen + 1] = loop:await(client.spaces.get, client.spaces, "abc").name
    seen[#seen + 1] = coroutine.yield() or "again"
  end
  local resumed, closed = coroutine.create(get), coroutine.create(get)
  for _ = 1, 3 do assert(coroutine.resume(resumed, "early")) end
  assert(coroutine.resume(closed))
  coroutine.close(closed)
  uv.run()
  assert.same({ "spaces/abc" }, seen)
  assert.equal("suspended", coroutine.status(resumed))
end)

it("what coroutines raise behind an await is raised in luv's loop, once all went on", function()
  local output, ok = tree.run(("%s - <<'END'\n%s\nEND"):format(tree.lua(), [[
    local meet = require "googlemeet"
    local client = assert(meet.new { api_key = "k", transport = function()
      return { status = 200, body = "{}" }
    end })
    local loop = meet.loop.luv(client)
    for _, bug in ipairs { "a bug", "another one" } do
      coroutine.wrap(function()
        loop:await(client.spaces.get, client.spaces, "x")
        error(bug, 0)
      end)()
    end
    require "luv".run()]]))
  assert.is_false(ok)
  for _, bug in ipairs { "a bug", "another one" } do assert.matches(bug, output, 1, true) end
end)

--- Say whether luv runs functions in its threads: 1.51 does not under Lua 5.5.
local function has_threads()
  local ran
  uv.new_work(function() return true end, function(answer) ran = answer end):queue()
  uv.run()
  return ran
end

it("threads of luv's pool make calls, each in its own state", function()
  if not has_threads() then return pending "this luv runs no function in a thread" end
  script(4, { body = SPACE, delay = 0.1 })
  local names = {}
  local work = uv.new_work(function(url)
    local ok, name = pcall(function()
      local own <close> = assert(require "googlemeet".new { api_key = "key", base_url = url })
      return assert(own.spaces:get "abc").name
    end)
    return ok, tostring(name)
  end, function(_, name) names[#names + 1] = name end)
  for _ = 1, 4 do work:queue(server.url) end
  uv.run()
  assert.same({ "spaces/abc", "spaces/abc", "spaces/abc", "spaces/abc" }, names)
end)

it("a task that is awaited where no loop was made says what to make", function()
  local output = tree.run(tree.lua() .. [[ -e 'local meet = require "googlemeet"
    local client = assert(meet.new { api_key = "k", transport = function() end })
    local task = client:submit(function() return 1 end)
    print(pcall(task.await, task))
    client:step(0)
    print(task:await())']])
  assert.matches("^false\t[^\n]*:4: await: make a loop first, with meet.loop\n1\n$", output)
end)
