-- Who drives the scheduler: a host's loop through step and poll_set, or a call that blocks.

local cqueues = require "cqueues"
local meet = require "googlemeet"
local Server = require "spec.support.server"
local turns = require "spec.support.turns"
local uv = require "luv"

local SPACE = '{"name":"spaces/abc"}'
local LATENCY = 0.25 -- no multiple of the 0.1 s after which a loop polls again anyway
local NOTICED = 0.04 -- seconds within which an answer must have been noticed
local TRIES = 20 -- load can only make it slower: the best one counts

local server, client

setup(function() server = Server.start() end)
teardown(function() server:close() end)

local function connect(options)
  options.api_key, options.base_url, options.rate = "key-of-loops", server.url, false
  return assert(meet.new(options))
end

before_each(function()
  client = connect {}
  turns.settle(client)
end)
after_each(function() client:close() end)

local function get() return assert(client.spaces:get "abc") end

local function script_late(requests)
  local answers = {}
  for index = 1, requests do answers[index] = { body = SPACE, delay = LATENCY } end
  server:script(answers)
end

it("a step of no number is refused where the script asks for it", function()
  for _, value in ipairs { "", {} } do
    local _, raised = pcall(function() client:step(value) end)
    assert.equal("spec/core/task/host_loop_spec.lua:40: step: a number of seconds expected, got "
      .. type(value), (raised:gsub("^.*/spec/", "spec/")))
  end
end)

--- Start a task that gets one space, and return when its request has arrived.
local function submit_get()
  local task = client:submit(get)
  while #server:requests() == 0 do client:step(0) end
  return task
end

local function run_other_loop()
  local controller, loop = cqueues.new(), meet.loop.cqueues(client)
  controller:wrap(loop.await, loop, client.sleep, client, 0.05)
  assert(controller:loop())
end

--- Load the prelude again, which all clients use until what is returned is closed.
local function load_again()
  local loaded = {}
  for name, module in pairs(package.loaded) do
    if name:find "^googlemeet" then loaded[name], package.loaded[name] = module, nil end
  end
  require "googlemeet"
  return setmetatable({}, { __close = function()
    for name, module in pairs(loaded) do package.loaded[name] = module end
  end })
end

for title, act in pairs {
  ["asks for them again"] = function() client:poll_set() end,
  ["runs another loop"] = run_other_loop,
  ["runs a loop of a prelude that was loaded before"] = run_other_loop,
} do
  it("the sockets of poll_set stay open when a host " .. title .. ", and until it steps", function()
    server:script { { stall = true } }
    meet.loop.cqueues(client)
    local _ <close> = title:find "loaded before" and load_again() or nil
    local task = submit_get()
    local sockets = client:poll_set()
    assert.equal(1, #sockets)
    local before = uv.fs_fstat(sockets[1].fd)
    task:cancel()
    act()
    assert.equal(before.ino, uv.fs_fstat(sockets[1].fd).ino)
    client:step(0)
    assert.is_nil(uv.fs_fstat(sockets[1].fd))
    server:release()
  end)
end

--- The least number of seconds that `act` takes beyond the server's latency.
local function delay_of(requests, act)
  local best = math.huge
  for _ = 1, TRIES do
    script_late(requests)
    local from = cqueues.monotime()
    act()
    best = math.min(best, cqueues.monotime() - from - LATENCY)
    if best < NOTICED then break end
  end
  return best
end

local function drive(wait)
  local steps, tasks = 0, {}
  for index = 1, 4 do tasks[index] = client:submit(get) end
  while client:step(0) do
    steps = steps + 1
    wait(client:poll_set())
  end
  for _, task in ipairs(tasks) do assert(task:result()) end
  return steps
end

--- Wait as a host's loop does.
local function poll(sockets, seconds)
  for _, one in ipairs(sockets) do
    one.pollfd, one.events = one.fd, (one.read and "r" or "") .. (one.write and "w" or "")
  end
  cqueues.poll(seconds, table.unpack(sockets))
  for _, one in ipairs(sockets) do cqueues.cancel(one.fd) end
end

describe("client:step", function()
  it("never blocks when given 0 seconds", function()
    server:script { { body = SPACE, stall = true } }
    local task = submit_get()
    local before = cqueues.monotime()
    for _ = 1, 1000 do assert.is_true(client:step(0)) end
    assert.is_true(cqueues.monotime() - before < 5) -- 1000 slices would be 100 s
    assert.is_false(task:done())
    server:release()
    assert.equal("spaces/abc", task:result().name)
  end)

  it("reports whether anything is left to do", function()
    local own <close> = turns.open()
    assert.is_false(own:step(0))
    local task = own:submit(turns.getting(own, "a1"))
    assert.is_true(own:step(0))
    while own:step(0) do assert.is_false(task:done()) end
    assert.is_true(task:done())
  end)

  it("waits until a task is ready, or the time is up", function()
    server:script { { body = SPACE, delay = LATENCY }, { body = SPACE, stall = true } }
    local task = submit_get()
    assert.is_true(client:step(5))
    client:step(0)
    assert.equal("spaces/abc", task:result().name)
    local silent = submit_get()
    local before = cqueues.monotime()
    assert.is_true(client:step(0.35))
    local waited = cqueues.monotime() - before
    assert(waited >= 0.35 and waited < 0.35 + 1, waited)
    silent:cancel()
    server:release()
  end)

  it("does not wait when a blocking call has brought a task's answer", function()
    local best = math.huge
    for _ = 1, TRIES do
      server:script { { body = SPACE, delay = 0.01 }, { body = SPACE, delay = 0.03 } }
      local task = submit_get()
      get()
      local before = cqueues.monotime()
      client:step(60)
      best = math.min(best, cqueues.monotime() - before)
      assert(task:result())
      if best < NOTICED then break end
    end
    assert(best < NOTICED, best) -- a slice is 0.1 s
  end)
end)

describe("client:poll_set", function()
  it("wakes a loop when a call's time is up", function()
    local late = math.huge
    for _ = 1, TRIES do
      server:script { { body = SPACE, stall = true } }
      local hurried <close> = client:with { timeout = LATENCY, retry = false }
      local task = hurried:submit(function() return hurried.spaces:get "abc" end)
      local from = cqueues.monotime()
      while hurried:step(0) do poll(hurried:poll_set()) end
      assert.equal("timeout", select(2, task:result()).kind)
      late = math.min(late, cqueues.monotime() - from - LATENCY)
      server:release()
      if late < NOTICED then break end
    end
    assert.is_true(late < NOTICED, late .. " s")
  end)

  it("names sockets and a wait, which is 0 when a task can go on", function()
    server:script { { body = SPACE, stall = true } }
    local task = client:submit(get)
    assert.equal(0, (select(2, client:poll_set())))
    while #server:requests() == 0 do client:step(0) end
    client:step(0)
    local sockets, seconds = client:poll_set()
    assert.equal(1, #sockets)
    assert.same({ "integer", true, false },
      { math.type(sockets[1].fd), sockets[1].read, sockets[1].write })
    assert.is_true(seconds > 0 and seconds <= 0.1)
    server:release()
    while not task:done() do
      assert.is_true(select(2, client:poll_set()) <= 0.1)
      client:step(0.01)
    end
  end)

  it("names no wait when a blocking call has brought a task's answer", function()
    server:script { { body = SPACE }, { body = SPACE, delay = 0.05 } }
    local task = submit_get()
    get()
    assert.equal(0, (select(2, client:poll_set())))
    client:step(0)
    client:step(0)
    assert.is_true(task:done())
  end)

  it("names no wait when several blocking calls have run a task to its end", function()
    local answer = { body = SPACE }
    server:script { answer, answer, answer, answer, answer }
    local task = client:submit(get)
    client:step(0)
    for _ = 1, 4 do get() end
    assert.equal(0, (select(2, client:poll_set())))
    assert(task:result())
  end)

  it("forgets the deadline of a call that is over", function()
    server:script { { body = SPACE } }
    local hasty <close> = connect { deadline = 0.9 }
    assert(hasty.spaces:get "abc")
    assert.is_true(select(2, hasty:poll_set()) >= 0.95)
  end)

  it("forgets the wait of a call that was cancelled", function()
    local own <close> = assert(meet.new { api_key = "key-of-a-wait", rate = { per_second = 1 },
      transport = function() return { status = 200, body = SPACE } end })
    assert(own.spaces:get "abc")
    local task = own:submit(function() return own.spaces:get "abc" end)
    for _ = 1, 5 do own:step(0) end
    own:sleep(0.1) -- less than a second is left
    local left = select(2, own:poll_set())
    assert.is_true(left > 0 and left < 1)
    task:cancel()
    own:step(0)
    assert.same({ {}, 1 }, { own:poll_set() })
  end)

  it("names a pause for tasks that only wait for their next turn", function()
    local own <close> = turns.open()
    local task = own:submit(coroutine.yield)
    own:step(0)
    local sockets, seconds = own:poll_set()
    assert.same({}, sockets)
    assert.is_true(seconds > 0 and seconds <= 0.01)
    task:cancel()
    own:step(0)
    assert.is_true(select(2, own:poll_set()) >= 1)
  end)

  it("names no socket and a wait of 1 s when nothing is left", function()
    local sockets, seconds = client:poll_set()
    assert.same({ {}, 1 }, { sockets, seconds })
    assert.is_false(client:step(0))
  end)
end)

describe("a host's loop", function()
  it("is woken by the sockets it watches, and not without a reason", function()
    local most = 0
    assert(delay_of(4, function() most = math.max(most, drive(poll)) end) < NOTICED)
    assert(most < 60, most .. " steps") -- 4 requests, on their own sockets
  end)

  it("may watch no socket, which only makes it slower", function()
    script_late(4)
    drive(function(_, seconds)
      assert(seconds >= 0 and seconds <= 1, seconds)
      cqueues.sleep(seconds)
    end)
  end)

  it("may close a coroutine in which a call's transport yields", function()
    local own <close>, ended, started = turns.open()
    local thread = coroutine.create(function() return own.spaces:get "a5" end)
    assert(coroutine.resume(thread))
    assert.same({ "a5" }, started)
    assert.is_true(coroutine.close(thread))
    assert.same({ "spaces/b1", n = 1 }, own:gather { turns.getting(own, "b1") })
    assert.same({ "b1" }, ended)
  end)
end)

describe("a call that waits for tasks", function()
  it("ends with the last of them: gather", function()
    assert(delay_of(3, function() assert(client:gather { get, get, get }) end) < NOTICED)
  end)

  it("ends with the last of them: task:result", function()
    assert(delay_of(1, function() assert(client:submit(get):result()) end) < NOTICED)
  end)
end)
