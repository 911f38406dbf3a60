-- Who drives the scheduler: a call that blocks, or a host's loop through step and poll_set.

local cqueues = require "cqueues"
local meet = require "googlemeet"
local server = require "spec.support.server"

local LATENCY = 0.25 -- no multiple of the 0.1 s after which a loop looks again anyway
local NOTICED = 0.04 -- seconds within which an answer must have been noticed
local TRIES = 5 -- load can only make it slower: the best one counts

local stub, client

setup(function()
  stub = server.start()
  client = assert(meet.new { api_key = "k", base_url = stub.url, rate = false })
end)

teardown(function()
  client:close()
  stub:close()
end)

local function get() return assert(client.spaces:get "x") end

local function script(requests)
  local answers = {}
  for index = 1, requests do
    answers[index] = { body = '{"name":"spaces/x"}', delay = LATENCY }
  end
  stub:script(answers)
end

--- The least number of seconds that `act` takes beyond the server's latency.
local function delay_of(requests, act)
  local best = math.huge
  for _ = 1, TRIES do
    script(requests)
    local from = cqueues.monotime()
    act()
    best = math.min(best, cqueues.monotime() - from - LATENCY)
    if best < NOTICED then break end
  end
  return best
end

local function drive(wait)
  local steps, done = 0, {}
  for index = 1, 4 do done[index] = client:submit(get) end
  while client:step(0) do
    steps = steps + 1
    wait(client:poll_set())
  end
  for _, task in ipairs(done) do assert(task:result()) end
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

describe("what waits for tasks", function()
  it("ends with the last of them: gather", function()
    assert(delay_of(3, function() assert(client:gather { get, get, get }) end) < NOTICED)
  end)

  it("ends with the last of them: result", function()
    assert(delay_of(1, function() assert(client:submit(get):result()) end) < NOTICED)
  end)
end)

describe("a host's loop", function()
  it("is woken by what it watches, and not for nothing", function()
    local most = 0
    assert(delay_of(4, function() most = math.max(most, drive(poll)) end) < NOTICED)
    assert(most < 60, most .. " steps") -- 4 requests, on sockets of their own
  end)

  it("gets on without a socket to watch, only more slowly", function()
    script(4)
    drive(function(_, seconds)
      assert(seconds >= 0 and seconds <= 1, seconds)
      cqueues.sleep(seconds)
    end)
  end)

  it("need not wait for a task that a call outside of tasks has driven", function()
    local answer = { body = '{"name":"spaces/x"}' }
    stub:script { answer, answer, answer, answer, answer }
    local task = client:submit(get)
    client:step(0)
    for _ = 1, 4 do get() end
    assert.equal(0, (select(2, client:poll_set())))
    assert(task:result())
  end)

  it("is told a number of seconds when nothing is left", function()
    local sockets, seconds = client:poll_set()
    assert.same({ {}, 1 }, { sockets, seconds })
    assert.is_false(client:step(0))
  end)
end)
