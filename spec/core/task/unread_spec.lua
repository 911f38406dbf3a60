-- A task that failed and whose result nobody takes says so on standard error, when it is collected.

local tree = require "spec.support.tree"

local PRELUDE = [[
local meet = require "googlemeet"
local clock = require "spec.support.clock"()
local client = assert(meet.new { api_key = "a-very-secret-key", clock = clock, rate = false,
  retry = false, transport = function(request)
    if request.url:find "slow" then coroutine.yield() end
    if request.url:find "lost" then error("cannot send " .. request.headers.Authorization) end
    return { status = 404, body = '{"error":{"code":404,"message":"none","status":"NOT_FOUND"}}' }
  end })
local function finish()
  while client:step(0) do end
end
local function collect()
  collectgarbage()
  collectgarbage()
end
]]

--- What a script writes, with the lines of PRELUDE not counted, and its status.
local function errors_of(script, redirection)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(PRELUDE, script)
  file:close()
  local output = tree.run(("%s %s %s; echo status $?"):format(tree.lua(), path,
    redirection or "2>&1"))
  os.remove(path)
  local text, status = output:match "^(.*)status (%d+)\n$"
  local before = select(2, PRELUDE:gsub("\n", ""))
  return (text:gsub(path:gsub("%p", "%%%0") .. ":(%d+)", function(line)
    return "script:" .. math.tointeger(line - before)
  end)), tonumber(status)
end

local REPORT = "googlemeet: nobody took the result of the task submitted at script:%d, "
  .. "which failed: %s\n"

describe("a task that failed and that nobody has asked", function()
  it("says so in one line, with the line that submitted it", function()
    local output = errors_of [[client:submit(function() return client.spaces:get "x" end)
      finish()
      collect()
      collect()]]
    assert.equal(REPORT:format(1, "GET /google-meet/v2/spaces/x: not_found (404 NOT_FOUND): none"),
      (output:gsub(" %[check [^\n]*%]", "")))
  end)

  local shown = {
    ["script:1: a bug"] = "error 'a bug'",
    ["two lines"] = "error('two\\nlines', 0)",
    ["just so"] = "return nil, 'just so'",
    [tostring(select(2, pcall(error)))] = "error()", -- a text since Lua 5.5
    ["an object"] = "error(setmetatable({}, { __tostring = function() return 'an object' end }))",
    ["(it cannot be shown)"] = "error(setmetatable({}, { __tostring = function() error() end }))",
    [("ä"):rep(500)] = "error(('ä'):rep(600), 0)",
  }
  for text, body in pairs(shown) do
    it("shows " .. text:sub(1, 20), function()
      assert.equal(REPORT:format(1, text), (errors_of(("client:submit(function() %s end)\n%s")
        :format(body, "finish() collect()"))))
    end)
  end

  it("never shows the key", function()
    local output = errors_of [[client:submit(function() return client.spaces:get "lost" end)
      finish() collect()]]
    assert.matches("which failed: .*cannot send", output)
    assert.is_nil(output:find("secret", 1, true))
  end)

  it("never shows the key of a client that is closed, nor one before it", function()
    for _, text in ipairs { "'a-very-secret-key'", "'(a-very-secret-key)(a-very-secret-key)'",
      "'cut ' .. ('x'):rep(980) .. 'a-very-secret-key'" } do
      local output = errors_of(([[client:submit(function() error(%s, 0) end)
        finish()
        client:close()]]):format(text))
      assert.matches("which failed: ", output)
      assert.is_nil(output:find("very", 1, true))
    end
    local output = errors_of [[
      local keys = { "one-secret-key", "other-secret-key" }
      local renewed <close> = assert(meet.new { api_key = function() return table.remove(keys) end,
        clock = clock, transport = function() return { status = 401 } end })
      renewed:submit(function()
        renewed.spaces:get "x"
        error("one-secret-key, other-secret-key", 0)
      end)
      finish()]]
    assert.matches("which failed: %*+, %*+\n$", output)
  end)

  it("knows no line where no script's line submitted it", function()
    local output = errors_of [[
      coroutine.resume(coroutine.create(client.submit), client, function() return nil, "lost" end)
      finish() collect()]]
    assert.matches("submitted at an unknown line, which failed: lost\n$", output)
  end)

  it("says so at the end of the state, too, once for each", function()
    local output, status = errors_of [[
      kept = client:submit(function() error("first", 0) end)
      client:submit(function() error("second", 0) end)
      finish()
      client:close()]]
    assert.equal(0, status)
    assert.same({ 1, 1, 2 }, { select(2, output:gsub("first", "")),
      select(2, output:gsub("second", "")), select(2, output:gsub("\n", "")) })
  end)

  it("says nothing where the program ends without closing the state", function()
    assert.same({ "", 3 }, { errors_of [[
      client:submit(function() error("lost", 0) end)
      finish()
      os.exit(3)]] })
  end)

  local silent = {
    ["whose result was taken"] = [[
      client:submit(function() return client.spaces:get "x" end):result()]],
    ["whose bug was raised again"] = [[
      local task = client:submit(function() error "bug" end)
      pcall(task.result, task)
      task = nil]],
    ["that returned no error"] = [[client:submit(function() client.spaces:get "x" end)]],
    ["that was cancelled before it began"] = [[client:submit(error):cancel()]],
    ["that was cancelled on its way"] = [[
      local task = client:submit(function() return client.spaces:get "slow" end)
      client:step(0)
      task:cancel()
      task = nil]],
    ["that ended as what it waited for was cancelled"] = [[
      local task = client:submit(coroutine.yield)
      client:submit(function() return task:result() end)
      client:step(0)
      task:cancel()
      task = nil]],
    ["that cancelled itself and then failed"] = [[
      local task
      task = client:submit(function() task:cancel() return nil, "over" end)]],
    ["that never ran"] = [[client:submit(error)]] .. " finish = collect",
    ["whose waiter took its result"] = [[
      local task = client:submit(function() return client.spaces:get "slow" end)
      client:submit(function() task:result() end)]],
    ["that belongs to a gather or a map"] = [[
      client:gather({ function() return client.spaces:get "x" end, function()
        error(select(2, client.spaces:get "y"))
      end }, { collect = true })
      client:map({ 1, 2 }, function() return nil, "failed" end)
      pcall(client.gather, client, { error, error })]],
  }
  for what, script in pairs(silent) do
    it("says nothing of one " .. what, function()
      assert.same({ "", 0 }, { errors_of(script .. "\nfinish() collect()") })
    end)
  end

  it("says the bug in the closing of a cancelled task", function()
    assert.equal(REPORT:format(1, "sour"), (errors_of [[local task = client:submit(function()
        local _ <close> = setmetatable({}, { __close = function() error("sour", 0) end })
        coroutine.yield()
      end)
      client:step(0)
      task:cancel()
      task = nil
      collect()]]))
  end)

  it("still gives its result to a finalizer that comes later, and says no more", function()
    local output = errors_of [[
      local holder = setmetatable({}, { __gc = function(self)
        local value, err = self.task:result()
        io.stderr:write(tostring(value), " ", err, "\n")
        io.stderr:write(tostring(self.task:done()), "\n")
      end })
      holder.task = client:submit(function() return nil, "failed" end)
      finish()
      holder = nil
      collect()]]
    assert.equal(1, select(2, output:gsub("nobody took", "")))
    assert.matches("nil failed\ntrue\n$", output)
  end)

  it("raises nothing and stays able to work where standard error is closed", function()
    assert.same({ "", 0 }, { errors_of([[
      for _ = 1, 10 do client:submit(function() error "lost" end) end
      finish() collect()
      assert(client:submit(function() return 5 end):result() == 5)]], "2>&-") })
  end)
end)
