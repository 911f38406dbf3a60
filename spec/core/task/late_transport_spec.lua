-- Transports that do not return: in a task their calls end all the same, by the machine's clock.

local Server = require "spec.support.server"
local meet = require "googlemeet"

local keys = 0 -- one for each client, since those of a key share their pace

local LONGEST = 2 -- seconds that a transport goes on which nothing ends, so that no spec hangs

--- Yields far longer than any call here may take.
local function yield_for_ever()
  local ends = os.clock() + LONGEST
  repeat coroutine.yield() until os.clock() > ends
end

--- Calls `f` as long.
local function for_ever(f, ...)
  local ends = os.clock() + LONGEST
  repeat pcall(f, ...) until os.clock() > ends
end

--- A client whose attempts have a twentieth of a second each by default.
local function client_of(transport, options)
  options = options or {}
  keys = keys + 1
  options.api_key, options.transport = "secret-key-" .. keys, transport
  options.timeout, options.deadline = options.timeout or 0.05, options.deadline or 0.2
  return assert(meet.new(options))
end

local function get(client) return function() return client.spaces:get "x" end end

--- What the call gives inside a task.
local function in_task(client, call)
  local results
  assert(client:gather { function() results = table.pack(call()) return true end })
  return table.unpack(results, 1, results.n)
end

describe("a transport that is called behind others' work", function()
  it("has its whole timeout from then on", function()
    local client <close> = client_of(function(request)
      if request.method == "POST" then coroutine.yield() end
      return { status = 200, body = '{"name":"spaces/x"}' }
    end, { timeout = 0.4, deadline = 5, rate = { per_second = 2 } })
    for _ = 1, 2 do assert(client.spaces:get "x") end
    local results = assert(client:gather { function() -- both have to wait for a second
      assert(client.spaces:get "x")
      local stop = client:now() + 0.5 -- longer than the timeout
      repeat until client:now() > stop
      return true
    end, function() return client.spaces:create() end })
    assert.equal("spaces/x", results[2].name)
  end)
end)

describe("a transport that yields for ever", function()
  it("ends with its attempt's timeout, inside the task", function()
    local client <close> = client_of(yield_for_ever, { retry = false })
    local space, err = in_task(client, get(client))
    assert.is_nil(space)
    assert.same({ "timeout", "the transport did not return in time", "transport", 1 },
      { err.kind, err.message, err.origin, err.attempts })
  end)

  local waits = {
    ["a sleep"] = function(other) other:sleep(5) end,
    ["gather"] = function(other) other:gather { function() return other.spaces:get "x" end } end,
    ["the result of a task"] = function(other)
      local task <close> = setmetatable({ task = other:submit(function() other:sleep(5) end) }, {
        __close = function(self) self.task:cancel() end, -- nothing else ends it
      })
      task.task:result()
    end,
    ["map"] = function(other) other:map({ 5 }, function(seconds) other:sleep(seconds) end) end,
    ["a call"] = function(other) return other.spaces:get "x" end,
  }
  for name, wait in pairs(waits) do
    it("ends in time while it waits for " .. name, function()
      local other <close> = assert(meet.new { api_key = "another-secret-key", timeout = 5,
        transport = yield_for_ever, retry = false })
      local closed = false
      local client <close> = client_of(function()
        local _ <close> = setmetatable({}, { __close = function() closed = true end })
        wait(other)
      end, { retry = false })
      local begin = client:now()
      local _, err = in_task(client, get(client))
      assert.same({ "timeout", "the transport did not return in time", true },
        { err.kind, err.message, closed })
      assert.is_true(client:now() - begin < 1.5)
    end)
  end

  it("is called again for a read while there is time", function()
    local client <close> = client_of(yield_for_ever, { deadline = 1,
      retry = { initial = 0, max = 0 } })
    local _, err = in_task(client, get(client))
    assert.is_true(err.kind == "timeout" or err.kind == "deadline")
    assert.is_true(err.attempts > 1)
  end)

  it("makes a write ambiguous, which is not tried again", function()
    local client <close> = client_of(yield_for_ever)
    local _, err = in_task(client, function() return client.spaces:create() end)
    assert.same({ "timeout", true, 1 }, { err.kind, err.ambiguous, err.attempts })
  end)

  it("leaves the key to others", function()
    local client <close> = client_of(yield_for_ever, { retry = false, rate = { per_second = 2 } })
    local failed = 0
    local calls = {}
    for index = 1, 2 do
      calls[index] = function()
        local _, err = client.spaces:get "x"
        if err.kind == "timeout" then failed = failed + 1 end
      end
    end
    client:gather(calls)
    local other <close> = client:with { deadline = 5, transport = function()
      return { status = 200, body = '{"name":"spaces/x"}' }
    end }
    assert.equal("spaces/x", assert(other.spaces:get "x").name)
    assert.equal(2, failed)
  end)

  it("is not held by its own pcall", function()
    local client <close> = client_of(function()
      for_ever(pcall, yield_for_ever)
    end, { retry = false })
    assert.equal("timeout", select(2, in_task(client, get(client))).kind)
  end)

  it("closes its variables, and is not held by what catches the error meanwhile", function()
    local closed = {}
    local function holding(name, f)
      local _ <close> = setmetatable({}, { __close = function()
        closed[#closed + 1] = name
        pcall(error)
      end })
      f()
    end
    local client <close> = client_of(function()
      holding("outer", function()
        for_ever(holding, "inner", yield_for_ever)
      end)
    end, { retry = false })
    assert.equal("timeout", select(2, in_task(client, get(client))).kind)
    assert.same({ "inner", "outer" }, closed)
  end)

  it("leaves the coroutines and tasks alone that it makes as it closes a variable", function()
    local kept, task
    local other <close> = client_of(yield_for_ever)
    local client <close> = client_of(function()
      local _ <close> = setmetatable({}, { __close = function()
        kept = coroutine.create(function() return 1 + 1 end)
        task = other:submit(function() return 2 + 1 end)
      end })
      yield_for_ever()
    end, { retry = false })
    assert.equal("timeout", select(2, in_task(client, get(client))).kind)
    assert.same({ true, 2 }, { coroutine.resume(kept) })
    assert.is_nil((debug.gethook(kept)))
    assert.equal(3, task:result())
  end)

  it("ends though it sets a hook, which stays as the script leaves it", function()
    local closed, own = 0, function() end
    local client <close> = client_of(function()
      pcall(function()
        debug.sethook(own, "", 1000000)
        local _ <close> = setmetatable({}, { __close = function()
          debug.sethook()
          closed = closed + 1
        end })
        yield_for_ever()
      end)
      yield_for_ever()
    end, { retry = false })
    local hook, err = nil, nil
    assert(client:gather { function()
      err = select(2, client.spaces:get "x")
      hook = debug.gethook()
      return true
    end })
    assert.same({ "timeout", true }, { err.kind, closed == 1 })
    assert.is_false(hook == own)
  end)

  local callers = {
    ["table.sort"] = function(f) table.sort({ 2, 1 }, function() f() return false end) end,
    ["string.gsub"] = function(f) ("x"):gsub("x", f) end,
    ["__tostring"] = function(f)
      tostring(setmetatable({}, { __tostring = function() f() return "" end }))
    end,
  }
  for caller, call in pairs(callers) do
    it("ends in time while it waits for a call in " .. caller, function()
      local server <close> = Server.start()
      server:script { { stall = true } }
      local slow <close> = assert(meet.new { api_key = "another-secret-key", timeout = 3,
        base_url = server.url, retry = false })
      local client <close> = client_of(function()
        call(function() slow.spaces:get "x" end)
      end, { retry = false })
      local begin = client:now()
      local _, err = in_task(client, get(client))
      assert.same({ "timeout", true }, { err.kind, client:now() - begin < 1.5 })
    end)
  end

  it("is not held by what yields for ever as it closes a variable", function()
    local client <close> = client_of(function()
      local _ <close> = setmetatable({}, { __close = yield_for_ever })
      yield_for_ever()
    end, { retry = false })
    assert.equal("timeout", select(2, in_task(client, get(client))).kind)
  end)

  it("may make a call that is late as well: each ends alone", function()
    local inner <close> = client_of(yield_for_ever, { retry = false, deadline = 5 })
    local kind
    local client <close> = client_of(function()
      kind = select(2, inner.spaces:get "x").kind
      yield_for_ever()
    end, { retry = false, deadline = 5 })
    local slower <close> = client:with { timeout = 0.1 }
    local _, err = in_task(client, function()
      client:submit(function() -- when it is over, both calls are late
        coroutine.yield()
        local ends = client:now() + 0.2
        while client:now() < ends do end
      end)
      return get(slower)()
    end)
    assert.same({ "timeout", "timeout" }, { kind, err.kind })
  end)

  it("asks for no turn while a call in the same thread is late, too, and must end first", function()
    local client, seconds
    local function block() -- in a separate coroutine, with both calls below it
      local ends = client:now() + 0.2
      while client:now() < ends do end
      client:step(0)
      client:step(0)
      seconds = select(2, client:poll_set())
    end
    local inner <close> = client_of(function()
      coroutine.wrap(block)()
      yield_for_ever()
    end, { retry = false })
    client = client_of(function() inner.spaces:get "x" end, { retry = false })
    local _ <close> = client
    assert.equal("timeout", select(2, in_task(client, get(client))).kind)
    assert.is_true(seconds > 0, seconds .. " s")
  end)

  it("gives the thread its own hook back, and the task goes on", function()
    local client <close> = client_of(yield_for_ever, { retry = false })
    local function hook() end
    local seen
    assert(client:gather { function()
      debug.sethook(hook, "", 1000000)
      local _, err = client.spaces:get "x"
      seen = { err.kind, debug.gethook() }
      return true
    end })
    assert.same({ "timeout", hook, "", 1000000 }, seen)
  end)

  it("can be cancelled before", function()
    local client <close> = client_of(yield_for_ever, { deadline = 60 })
    local task = client:submit(get(client))
    client:step(0)
    client:step(0)
    task:cancel()
    assert.equal("cancelled", select(2, task:result()).kind)
  end)
end)

describe("a transport in a task", function()
  it("raises its own errors there", function()
    local thrown = setmetatable({}, {})
    local client <close> = client_of(function() error(thrown) end)
    assert(client:gather { function()
      local raised, value = pcall(client.spaces.get, client.spaces, "x")
      assert.same({ false, true }, { raised, rawequal(value, thrown) })
      return true
    end })
  end)

  it("that returns in time is none the worse for its yields", function()
    local client <close> = client_of(function()
      for _ = 1, 3 do coroutine.yield() end
      return { status = 200, body = '{"name":"spaces/x"}' }
    end, { timeout = 1, deadline = 1 })
    assert.equal("spaces/x", assert(in_task(client, get(client))).name)
  end)
end)
