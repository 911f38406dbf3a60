-- Finalizers that run while a Lua state closes: some before the core's own, some after it. Lua
-- finalizes nothing that they make; the sanitized build (make asan) sees what then leaks.

local tree = require "spec.support.tree"

describe("while the Lua state closes", function()
  --- What a process prints where `first` runs before the core ends, and `last` when it has ended.
  local function run(first, last)
    return (tree.run(("%s -e %s"):format(tree.lua(), tree.quote(([[
      local kept, new = {}, nil
      _G.last = setmetatable({}, { __gc = function() %s end })
      local meet = require "googlemeet"
      function new(options)
        options.api_key, options.base_url = "k", "http://127.0.0.1:1"
        return assert(meet.new(options))
      end
      kept.client = new {}
      kept.clocked = new {
        transport = function() return { status = coroutine.yield "sent" or 503 } end,
        clock = {
          now = function() return 0 end, sleep = function() coroutine.yield "asleep" end,
        },
      }
      _G.first = setmetatable({}, { __gc = function() %s end })
      ]]):format(last, first)))))
  end

  it("a client that is made then cannot be used when the core has ended", function()
    assert.equal("the client is closed\nthe Lua state is closing\nthe Lua state is closing\n",
      run("kept.late = new {}", [[
      for _, act in ipairs {
        function() return kept.client.spaces:get "x" end,
        function() return kept.late.spaces:get "x" end,
        function() return new {} end,
      } do
        print((tostring(select(2, pcall(act))):gsub("^.-: ", "")))
      end]]))
  end)

  it("a client that is made then can be closed, with a call under way", function()
    assert.equal("googlemeet.client (closed)\n", run([[
      kept.late = new { rate = { per_second = 1 } }
      local function get() return kept.late.spaces:get "x" end
      kept.tasks = { kept.late:submit(get), kept.late:submit(get) }
      kept.late:step(0)]], [[
      for _, task in ipairs(kept.tasks) do task:cancel() end
      kept.late:close()
      print(kept.late)]]))
  end)

  it("a call that is made then on a client's own clock is abandoned", function()
    assert.equal("sent\nasleep\n", run([[
      local call = coroutine.wrap(function() return kept.clocked.spaces:get "x" end)
      print(call())
      print(call())
      kept.call = call]], ""))
  end)

  it("a client, its requests and its lists that are made then are freed", function()
    assert.equal("spaces/x\ngooglemeet.client (closed)\nthe list was collected\n", run([[
      kept.sibling = kept.clocked:with { user_agent = "s", clock = { now = os.time,
        sleep = print }, transport = function()
          return { status = 200, body = '{"name":"spaces/x"}' }
        end }
      print(kept.sibling.spaces:get "x".name)
      kept.list = kept.sibling.conference_records:list { page_token = "t" }
      kept.prepared = require "googlemeet.core".shared.prepare["spaces.patch"](
        kept.sibling.spaces, "x", {})]], [[
      print(kept.sibling)
      print((select(2, pcall(kept.list)):gsub("^.-: ", "")))]]))
  end)
end)
