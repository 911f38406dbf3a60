-- What finalizers, states and a module opened again may do in the middle of a call. The same at
-- every allocation is `make stress`.

local compiled = require "spec.support.compiled"
local made_up_clock = require "spec.support.clock"
local meet = require "googlemeet"
local server = require "spec.support.server"
local tree = require "spec.support.tree"

local SPACE = '{"name":"spaces/abc"}'
local RECORDS = '{"conferenceRecords":['
  .. '{"name":"conferenceRecords/1"},{"name":"conferenceRecords/2"}]}'

local function client_of(transport)
  return assert(meet.new { api_key = "test-key", rate = false, retry = false,
    clock = made_up_clock(), transport = transport })
end

--- Answers after one turn, so that the caller waits.
local function turning()
  coroutine.yield()
  return { status = 200, body = SPACE }
end

--- Have `act` run by the collector, once; what it raised or gave then.
local function finalized(act)
  local outcome
  setmetatable({}, { __gc = function() outcome = table.pack(pcall(act)) end })
  collectgarbage()
  collectgarbage()
  return table.unpack(outcome, 1, outcome.n)
end

describe("a finalizer", function()
  it("makes a request", function()
    local client <close> = client_of(function() return { status = 200, body = SPACE } end)
    local ok, space = finalized(function() return assert(client.spaces:get "abc") end)
    assert.same({ true, "spaces/abc" }, { ok, space.name })
  end)

  it("makes a request while another one is on its way", function()
    local inner <close> = client_of(function() return { status = 200, body = SPACE } end)
    local name
    local client <close> = client_of(function()
      name = select(2, finalized(function() return inner.spaces:get("abc").name end))
      return { status = 200, body = '{"name":"spaces/outer"}' }
    end)
    assert.same({ "spaces/outer", "spaces/abc" }, { client.spaces:get("x").name, name })
  end)

  it("closes the client in the middle of a gather: every task ends as cancelled", function()
    local client = client_of(turning)
    local _, failures = client:gather({
      function() return client.spaces:get "a" end,
      function() return client.spaces:get "b" end,
      function()
        finalized(function() client:close() end)
        return true
      end,
    }, { collect = true })
    assert.equal("cancelled", failures[1].kind)
    assert.equal("cancelled", failures[2].kind)
  end)

  it("resumes a thread whose request was collected: it raises, and the client goes on", function()
    local client <close> = client_of(turning)
    local seen
    do
      local kept = setmetatable({}, { __gc = function(self)
        seen = select(2, coroutine.resume(self.thread))
        coroutine.close(self.thread)
      end })
      kept.thread = coroutine.create(function() return client.spaces:get "x" end)
      assert(coroutine.resume(kept.thread))
    end
    collectgarbage()
    collectgarbage()
    assert.matches("the request was collected", seen)
    local thread = coroutine.wrap(function() return client.spaces:get "x" end)
    thread()
    assert.equal("spaces/abc", thread().name)
  end)

  for name, use in pairs {
    ["resumes a thread whose request was collected with it: it raises"] = {
      function(kept) return select(2, coroutine.resume(kept.thread)) end,
      "the request was collected",
    },
    ["asks a list that was collected with it: it raises"] = {
      function(kept) return select(2, pcall(kept.list.all, kept.list)) end,
      "the list was collected",
    },
    ["asks such a list for its next item: it raises"] = {
      function(kept) return select(2, pcall(kept.list)) end, "the list was collected",
    },
    ["closes such a list: that may be repeated"] = {
      function(kept) return "gave " .. select("#", kept.list:close()) end, "gave 0",
    },
    ["uses a client that was collected with it: it is closed"] = {
      function(kept) return select(2, pcall(kept.client.spaces.get, kept.client.spaces, "x")) end,
      "the client is closed",
    },
  } do
    it(name, function()
      local seen
      do
        -- finalized last, since it was marked first
        local kept = setmetatable({}, { __gc = function(self) seen = use[1](self) end })
        local client = client_of(turning)
        kept.client, kept.list = client, client.conference_records:list()
        kept.thread = coroutine.create(function() return client.spaces:get "x" end)
        assert(coroutine.resume(kept.thread))
      end
      collectgarbage()
      collectgarbage()
      assert.matches(use[2], seen)
    end)
  end

  it("that runs when the state closes may call, and may resume what waited", function()
    local output = tree.run(([[env -u LUA_INIT %s -e '
      local meet = require "googlemeet"
      local function client_of(transport)
        return assert(meet.new { api_key = "k", rate = false, retry = false, transport = transport,
          clock = { now = function() return 0 end, sleep = function() end } })
      end
      kept = setmetatable({}, { __gc = function(self)
        print(select(2, pcall(self.client.spaces.get, self.client.spaces, "x")))
        print(select(2, coroutine.resume(self.thread)))
      end })
      kept.client = client_of(function() return { status = 200, body = %q } end)
      kept.thread = coroutine.create(function()
        client_of(function() coroutine.yield() end).spaces:get "x"
      end)
      coroutine.resume(kept.thread)
      setmetatable({}, { __gc = function() print(kept.client.spaces:get("x").name) end })
    ']]):format(tree.lua(), SPACE))
    assert.matches("^spaces/abc\n.*the client is closed\n.*the request was collected\n$", output)
  end)
end)

describe("a client that is closed", function()
  it("in its transport ends that call as cancelled", function()
    local client
    client = client_of(function()
      client:close()
      return { status = 200, body = SPACE }
    end)
    assert.equal("cancelled", select(2, client.spaces:get "x").kind)
  end)

  it("in the body of its loop lets the page at hand end, and nothing is left", function()
    local client = client_of(function() return { status = 200, body = RECORDS } end)
    local names = {}
    for record in client.conference_records:list() do
      names[#names + 1] = record.name
      client:close()
    end
    assert.same({ "conferenceRecords/1", "conferenceRecords/2" }, names)
  end)
end)

describe("an error table", function()
  it("thrown through coroutines stays the same table", function()
    local client <close> = client_of(function() return { status = 404, body = "" } end)
    local _, err = client.spaces:get "x"
    local outer = coroutine.wrap(function()
      coroutine.wrap(function()
        local _ <close> = setmetatable({}, { __close = function() collectgarbage() end })
        error(err, 0)
      end)()
    end)
    assert.equal(err, select(2, pcall(outer)))
    assert.equal("not_found", err.kind)
  end)
end)

describe("the module opened again", function()
  it("leaves an old client's requests and lists going", function()
    local stub <close> = server.start()
    stub:script { { body = RECORDS:gsub("}$", ',"nextPageToken":"t"}') .. "" }, { body = SPACE },
      { body = SPACE }, { body = RECORDS } }
    local client <close> = assert(meet.new { api_key = "k", base_url = stub.url, rate = false })
    local list = client.conference_records:list { page_size = 2 }
    assert.equal("conferenceRecords/1", list().name)
    local task = client:submit(function() return client.spaces:get("abc").name end)
    client:step(0)
    local loaded = {}
    for name, module in pairs(package.loaded) do
      if name:find "^googlemeet" then loaded[name], package.loaded[name] = module, nil end
    end
    local again = require "googlemeet"
    local other <close> = assert(again.new { api_key = "k", base_url = stub.url, rate = false })
    assert.equal("spaces/abc", other.spaces:get("abc").name)
    assert.equal("spaces/abc", task:result())
    assert.equal(3, #list:all())
    for name, module in pairs(loaded) do package.loaded[name] = module end
  end)
end)

describe("two states in one thread", function()
  local folder, states, stub

  setup(function()
    folder = compiled.folder "states"
    states = assert(package.loadlib(folder .. "/states.so", "luaopen_states"))()
    stub = server.start()
  end)
  teardown(function()
    stub:close()
    tree.remove(folder)
  end)

  local function new_state()
    local state = states()
    state:run(("package.path, package.cpath = %q, %q"):format(package.path, package.cpath))
    state:run(([[client = assert(require "googlemeet".new {
      api_key = "k", base_url = %q, rate = false })]]):format(stub.url))
    return state
  end

  it("have requests under way at once, and end in any order", function()
    stub:script { { body = SPACE }, { body = SPACE }, { body = SPACE } }
    local one <close> = new_state()
    local other <close> = new_state()
    local submit = 'task = client:submit(function() return client.spaces:get("x").name end)'
    one:run(submit .. " client:step(0)")
    other:run(submit .. " client:step(0)")
    assert.equal("spaces/abc", other:run "return (task:result())")
    other:close()
    assert.equal("spaces/abc", one:run "return (task:result())")
    local client <close> = assert(meet.new { api_key = "k", base_url = stub.url, rate = false })
    assert.equal("spaces/abc", client.spaces:get("x").name)
  end)

  it("close with a request under way, and leave the other's alone", function()
    stub:script { { stall = true }, { body = SPACE } }
    local one = new_state()
    local other <close> = new_state()
    one:run 'task = client:submit(function() return client.spaces:get "x" end)'
    for _ = 1, 200 do
      one:run "client:step(0.05)"
      if #stub:requests() > 0 then break end
    end
    one:close()
    assert.equal("spaces/abc", other:run 'return client.spaces:get("x").name')
  end)
end)
