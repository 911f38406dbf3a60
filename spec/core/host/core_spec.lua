-- The core below the prelude: what scripts do not call, and what differs from machine to machine.

local core = require "googlemeet.core"
local meet = require "googlemeet"
local Server = require "spec.support.server"
local tree = require "spec.support.tree"

--- What a chunk prints in its own process.
local function run(chunk) return (tree.run(tree.lua() .. " -e " .. tree.quote(chunk))) end

describe("the core", function()
  it("raises without a line when no function of Lua has called it", function()
    local _, message = coroutine.resume(coroutine.create(core.new), { api_key = "k", retrys = 1 })
    assert.equal("new: unknown option 'retrys'; did you mean 'retry'?", message)
  end)

  it("raises at the caller's line without the prelude", function()
    assert.matches("^[^\n]+:2: new: option 'timeout': number expected, got true\n[^\n]+:3: new: "
      .. "unknown option 'timeot'\n$", run [[
      local core = require "googlemeet.core"
      print(select(2, pcall(function() return (core.new { timeout = true }) end)))
      print(select(2, pcall(function() return (core.new { timeot = 1 }) end)))]])
  end)

  it("takes no closed file for a terminal", function()
    local file = io.tmpfile()
    assert.is_false(core.os.is_terminal(file))
    file:close()
    assert.is_false(core.os.is_terminal(file))
  end)

  it("raises for an error of an unknown kind", function()
    assert.error_matches(function() core.error.new("nobody's", "text") end, "unknown kind")
  end)

  it("raises for tasks, groups and locks that are none", function()
    assert.error_matches(function() core.task.start(print, print) end, "googlemeet.client expected")
    assert.error_matches(function() core.task.wait {} end, "googlemeet.lock expected")
    assert.error_matches(function() core.task.outcome {} end, "googlemeet.task expected")
  end)

  it("reads how a task has ended only when it has", function()
    local client <close> = assert(meet.new { api_key = "k" })
    local task = core.task.start(client, print)
    assert.error_matches(function() core.task.outcome(task) end, "it has not ended")
    core.task.cancel(task)
    assert.equal("cancelled", (core.task.outcome(task)))
  end)

  it("cancels what is started in a cancelled group", function()
    local group <close> = core.task.group(false)
    core.task.start(group, error, "bug")
    while core.task.turn() do assert.equal(0, core.task.ready()) end
    local late = core.task.start(group, print)
    assert.is_true(core.task.done(late))
    local how, err = core.task.outcome(late)
    assert.same({ "cancelled", "cancelled" }, { how, err.kind })
  end)

  it("lets a script resume a task's thread, which then drives the others", function()
    local client <close> = assert(meet.new { api_key = "k", transport = print })
    local thread
    local task = client:submit(function()
      thread = coroutine.running()
      coroutine.yield()
      return client:step(0)
    end)
    client:step(0)
    assert.same({ true, true }, { coroutine.resume(thread) }) -- the task itself is left
    while client:step(0) do assert.is_false(task:done()) end
    assert.is_true(task:done())
    assert.error_matches(function() task:result() end, "cannot resume dead coroutine")
  end)

  it("lets a script resume a thread that waits for a call: it then blocks", function()
    local stub <close> = Server.start()
    stub:script { { body = '{"name":"spaces/x"}' } }
    local client <close> = assert(meet.new { api_key = "k", base_url = stub.url, rate = false })
    local thread
    local task = client:submit(function()
      thread = coroutine.running()
      return (client.spaces:get "x").name
    end)
    client:step(0)
    assert.same({ true, "spaces/x" }, { coroutine.resume(thread) })
    while client:step(0) do assert.is_false(task:done()) end
    assert.same({ false, "cannot resume dead coroutine" }, { pcall(task.result, task) })
  end)

  it("takes a cjson that knows integers and marks arrays", function()
    assert.equal('integer\ttrue\t[]\t{}\n[[],[],{"a":1},[1]]\n', run [[
      local cjson, mark, empty_mark = require "cjson", {}, {}
      local empty = debug.upvalueid(function() return cjson end, 1) -- a light userdata
      local new = cjson.new
      function cjson.new()
        local made = new()
        local decode = made.decode
        function made.decode(text) return text == "7" and 7 or decode(text) end
        made.array_mt, made.empty_array_mt, made.empty_array = mark, empty_mark, empty
        return made
      end
      local core = require "googlemeet.core"
      print(math.type(core.decode "7"), core.decode "[1.5]"[1] == 1.5,
        core.encode(setmetatable({}, mark)), core.encode {})
      print(core.encode { setmetatable({}, empty_mark), empty,
        setmetatable({ a = 1 }, empty_mark), setmetatable({ 1 }, empty_mark) })]])
  end)
end)

describe("an operation below the prelude", function()
  local sent
  local client = assert(meet.new { api_key = "k", transport = function(request)
    sent = request
    return { status = 200, body = "{}" }
  end })
  teardown(function() client:close() end)

  it("takes a meeting code only where Google does", function()
    assert.error_matches(function()
      core.shared.operations["spaces.patch"](client.spaces, "abc-mnop-xyz", {})
    end, "spaces:patch: a meeting code is not a space id here; get the space first")
    assert(core.shared.operations["spaces.get"](client.spaces, "abc-mnop-xyz"))
    assert.matches("/spaces/abc%-mnop%-xyz$", sent.url)
  end)

  it("sends a batch with a mask or without", function()
    local update = core.shared.operations["spaces.members.batchUpdate"]
    assert(update(client.members, "spaces/x", { {} }, { update_mask = "role" }))
    assert.equal('{"requests":[{}],"updateMask":"role"}', sent.body)
    assert(update(client.members, "spaces/x", { {} }))
    assert.equal('{"requests":[{}]}', sent.body)
  end)
end)

describe("a method without its object", function()
  local client <const> = assert(meet.new { api_key = "k" })
  local pager = client.conference_records:list()
  teardown(function() client:close() end)

  for name, row in pairs {
    ["of a client"] = {
      debug.getmetatable(client).__index, "googlemeet.client expected, got table",
    },
    ["of a list"] = { debug.getmetatable(pager).__call, "googlemeet.pager expected, got table" },
    ["of a service"] = { client.spaces.get, "spaces:get: call it on the service, with a colon" },
    ["of a service, in Lua"] = { core.client.of_service, "call it on the service, with a colon" },
  } do
    it(name .. " is misuse", function()
      for kind, value in pairs { table = {}, ["FILE%%*"] = io.stdout, number = 5 } do
        assert.error_matches(function() row[1](value, "x") end, (row[2]:gsub("table", kind)))
      end
    end)
  end

  it("has no field whose name is no string", function()
    for _, name in ipairs { 1, true } do
      assert.error_matches(function() return client[name] end, "no service or method '")
    end
  end)
end)
