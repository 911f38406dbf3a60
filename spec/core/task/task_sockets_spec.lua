-- Tasks over real sockets, against a scripted server.

local meet = require "googlemeet"
local Server = require "spec.support.server"
local turns = require "spec.support.turns"

local SPACE = '{"name":"spaces/abc"}'

local server, client

local function getting(id) return turns.getting(client, id) end

describe("tasks on sockets", function()
  setup(function()
    collectgarbage() -- sockets close with the last client: those of other specs go first
    collectgarbage()
    server = Server.start()
  end)
  teardown(function() server:close() end)

  before_each(function()
    client = assert(meet.new { api_key = "key-of-tasks", base_url = server.url, rate = false,
      retry = false })
  end)
  after_each(function() client:close() end)

  local function script(count, answer)
    local answers = {}
    for i = 1, count do answers[i] = answer or { body = SPACE } end
    server:script(answers)
  end

  it("have all their requests under way at once", function()
    script(4, { body = SPACE, stall = true })
    local tasks = {}
    for i = 1, 4 do tasks[i] = client:submit(getting "abc") end
    client:step(0)
    while #server:requests() < 4 do client:step(0.01) end
    server:release()
    for i = 1, 4 do assert.equal("spaces/abc", tasks[i]:result()) end
    assert.equal(4, server:sockets())
  end)

  it("share at most 16 sockets over HTTP/1.1", function()
    script(60, { body = SPACE, delay = 0.005 })
    local functions = {}
    for i = 1, 60 do functions[i] = getting "abc" end
    assert.equal(60, assert(client:gather(functions)).n)
    assert.is_true(server:sockets() <= 16)
  end)

  it("may block in a generator, and in a callback of table.sort", function()
    script(8)
    local results = assert(client:gather {
      function()
        local each = coroutine.wrap(function() coroutine.yield(getting "abc" ()) end)
        return each()
      end,
      function()
        local list = { 2, 1 }
        table.sort(list, function(left, right)
          assert(client.spaces:get "abc")
          return left < right
        end)
        return table.concat(list)
      end,
      getting "abc",
    })
    assert.same({ "spaces/abc", "12", "spaces/abc", n = 3 }, results)
  end)

  it("close the socket of a cancelled request, and go on", function()
    server:script { { stall = true, body = SPACE }, { body = SPACE } }
    local _, err = client:gather { getting "abc", function()
      while #server:requests() < 1 do coroutine.yield() end
      return nil, "enough"
    end }
    assert.equal("enough", err)
    server:wait_for_close(1)
    assert.equal("spaces/abc", getting "abc" ())
  end)

  it("forget cancelled requests, which a collection then frees", function()
    script(3, { stall = true, body = SPACE })
    local first, second = client:submit(getting "abc"), client:submit(getting "abc")
    local third = client:submit(getting "abc")
    while #server:requests() < 3 do client:step(0.01) end
    first:cancel()
    second:cancel() -- two, since a client may keep one for its next call
    collectgarbage()
    collectgarbage()
    assert.is_true(client:step(0)) -- goes through every request that is waited for
    server:release()
    assert.equal("spaces/abc", third:result())
  end)

  it("have each event reported when it happens", function()
    server:script { { status = 503, headers = { ["Retry-After"] = "0" } },
      { body = SPACE, stall = true } }
    local seen = {}
    local listening <close> = client:with { retry = { max_attempts = 2 }, on_event = function(event)
      seen[#seen + 1] = event.type
    end }
    local task = client:submit(function() return listening.spaces:get "abc" end)
    while #server:requests() < 2 do client:step(0.01) end
    client:step(0.01)
    assert.same({ "attempt", "response", "retry", "attempt" }, seen)
    server:release()
    assert.equal("spaces/abc", task:result().name)
    assert.equal("response", seen[5])
  end)

  it("end with kind cancelled when the client is closed", function()
    script(3, { body = SPACE, stall = true })
    local results, errors = client:gather({ getting "abc", getting "abc", function()
      while #server:requests() < 2 do coroutine.yield() end
      client:close()
      return "closed"
    end }, { collect = true })
    assert.same({ nil, nil, "closed", n = 3 }, results)
    assert.is_true(turns.is_cancelled(errors[1]) and turns.is_cancelled(errors[2]))
  end)

  it("go on when a sibling of their client is closed", function()
    server:script { { body = SPACE, stall = true } }
    local sibling = client:with {}
    local task = client:submit(getting "abc")
    while #server:requests() < 1 do client:step(0.01) end
    sibling:close()
    server:release()
    assert.equal("spaces/abc", task:result())
  end)
end)
