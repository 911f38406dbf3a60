--- client:request with a function as its sink, against a scripted server.

local meet = require "googlemeet"
local Server = require "spec.support.server"
local tree = require "spec.support.tree"

local TEXT = ("0123456789"):rep(60000)
local TAG = { ETag = '"a"' }

local server, chunks

local function connect(options)
  options = options or {}
  options.api_key, options.base_url, options.rate = "key-of-the-spec", server.url, false
  options.retry = options.retry or { initial = 0, max = 0 }
  return assert(meet.new(options))
end

local function keep(chunk) chunks[#chunks + 1] = chunk end

local function download(client, options)
  options = options or {}
  options.sink = options.sink or keep
  return client:request("GET", "/thing", options)
end

local function rest_from(first, tag)
  return {
    status = 206, body = TEXT:sub(first + 1), headers = {
      ETag = tag or '"a"', ["Content-Range"] = ("bytes %d-%d/%d"):format(first, #TEXT - 1, #TEXT),
    },
  }
end

setup(function() server = Server.start() end)
teardown(function() server:close() end)
before_each(function()
  collectgarbage()
  collectgarbage()
  chunks = {}
end)

describe("client:request with a function as its sink", function()
  it("gives it all bytes in order, in chunks", function()
    server:script { { body = TEXT } }
    local client <close> = connect()
    local bytes, response = download(client)
    assert.equal(#TEXT, bytes)
    assert.equal(200, response.status)
    assert.equal(TEXT, table.concat(chunks))
    assert.is_true(#chunks > 1)
    for _, chunk in ipairs(chunks) do assert.is_true(#chunk <= 128 * 1024) end
  end)

  it("reports at most ten times a second, and at the end", function()
    server:script { { body = TEXT } }
    local client <close> = connect()
    local seen, began = {}, client:now()
    assert.equal(#TEXT, download(client, { on_progress = function(bytes, total)
      seen[#seen + 1] = { bytes, total }
    end }))
    assert.same({ #TEXT, #TEXT }, seen[#seen])
    assert.is_true(#seen <= 2 + (client:now() - began) * 10, #seen .. " reports")
  end)

  it("goes on behind each answer that brings something, however small", function()
    local answers = { { body = TEXT, headers = TAG, truncate = 50000 } }
    for first = 50000, #TEXT - 1, 50000 do
      local answer = rest_from(first)
      answer.truncate = first + 50000 < #TEXT and 50000 or nil
      answers[#answers + 1] = answer
    end
    server:script(answers)
    local client <close> = connect { retry = false }
    assert.equal(#TEXT, download(client))
    assert.equal(TEXT, table.concat(chunks))
    assert.equal(12, #server:requests())
  end)

  it("gives it no byte twice where the line breaks", function()
    server:script {
      { body = TEXT, headers = TAG, truncate = 100001 },
      { body = TEXT, headers = TAG, truncate = 300000 }, -- ignores the range, and breaks
      rest_from(300000),
    }
    local client <close> = connect()
    assert.equal(#TEXT, download(client))
    assert.equal(TEXT, table.concat(chunks))
    assert.equal("bytes=300000-", server:requests()[3].headers.range)
  end)

  it("drops what it has had of an answer that breaks before that", function()
    server:script {
      { body = TEXT, headers = TAG, truncate = 100000 },
      { body = TEXT, headers = TAG, truncate = 50000 },
      { body = TEXT, headers = TAG },
    }
    local slept = 0
    local client <close> = connect()
    local sibling = client:with { timeout = 5 }
    assert.equal(#TEXT, download(sibling, { on_progress = function() slept = slept + 1 end }))
    assert.equal(TEXT, table.concat(chunks))
  end)

  for what, answer in pairs {
    ["has changed"] = { body = TEXT, headers = { ETag = '"b"' } },
    ["is of another version in part"] = rest_from(100000, '"b"'),
    ["is shorter now"] = { status = 416 },
  } do
    it("ends with a conflict where the thing " .. what, function()
      server:script { { body = TEXT, headers = TAG, truncate = 100000 }, answer }
      local client <close> = connect()
      local bytes, err = download(client)
      assert.is_nil(bytes)
      assert.equal("conflict", err.kind)
      assert.equal(TEXT:sub(1, 100000), table.concat(chunks))
    end)
  end

  it("ends where the line breaks and nothing names the version", function()
    server:script { { body = TEXT, truncate = 100000 } }
    local client <close> = connect()
    local _, err = download(client)
    assert.equal("transport", err.kind)
    assert.truthy(err.hint:find("give a path as the sink", 1, true))
  end)

  it("has no limit of size", function()
    server:script { { body = TEXT } }
    local client <close> = connect { max_response_bytes = 1024 }
    assert.equal(#TEXT, download(client))
  end)

  it("gets nothing of an answer that is none", function()
    server:script { { status = 404, body = "not here" } }
    local client <close> = connect()
    local _, err = download(client)
    assert.equal("not_found", err.kind)
    assert.same({}, chunks)
  end)

  it("may raise: the error comes out, and the client goes on", function()
    server:script { { body = TEXT }, { body = '{"name":"spaces/a"}' } }
    local client <close> = connect()
    local boom = {}
    local ok, raised = pcall(download, client, { sink = function() error(boom) end })
    assert.is_false(ok)
    assert.equal(boom, raised)
    assert.equal("spaces/a", client.spaces:get("a").name)
  end)

  it("gets nothing behind the deadline", function()
    server:script { { body = TEXT } }
    local client <close> = connect()
    local _, err = download(client, { deadline = 0.6, sink = function(chunk)
      keep(chunk)
      local began = os.clock()
      repeat until os.clock() - began > 0.7
    end })
    assert.same({ "deadline", 1 }, { err.kind, #chunks })
  end)

  it("may end it", function()
    server:script { { body = TEXT } }
    local client <close> = connect()
    local _, err = download(client, { sink = function() return false end })
    assert.equal("cancelled", err.kind)
  end)

  it("may close its client", function()
    for _, size in ipairs { 10, #TEXT } do
      server:script { { body = TEXT:sub(1, size) } }
      local client <close> = connect()
      local bytes, err = download(client, {
        sink = function() client:close() end, on_progress = function() end,
      })
      assert(bytes == 10 or err.kind == "cancelled")
    end
  end)

  it("may make its own calls", function()
    server:script { { body = TEXT }, { body = '{"name":"spaces/a"}' } }
    local client <close> = connect()
    local names = {}
    assert(download(client, { sink = function()
      if #names == 0 then names[1] = client.spaces:get("a").name end
    end }))
    assert.same({ "spaces/a" }, names)
  end)

  it("may yield in a task: other tasks go on meanwhile", function()
    server:script { { body = TEXT }, { body = '{"name":"spaces/a"}' } }
    local client <close> = connect()
    local order = {}
    local results = client:gather {
      function()
        return (download(client, { sink = function(chunk)
          keep(chunk)
          if not order[1] then
            repeat client:sleep(0.001) until order[1]
          end
        end }))
      end,
      function()
        repeat client:sleep(0.001) until chunks[1]
        order[1] = client.spaces:get("a").name
        return order[1]
      end,
    }
    assert.same({ n = 2, #TEXT, "spaces/a" }, results)
    assert.equal(TEXT, table.concat(chunks))
  end)

  it("may yield to a host's own coroutines", function()
    server:script { { body = TEXT } }
    local client <close> = connect()
    local yielded, bytes = 0, nil
    local thread = coroutine.create(function()
      bytes = download(client, { sink = function(chunk)
        keep(chunk)
        coroutine.yield "host"
      end })
    end)
    while coroutine.status(thread) ~= "dead" do
      local ok, what = coroutine.resume(thread)
      assert(ok, what)
      if what == "host" then yielded = yielded + 1 end
    end
    assert.equal(#TEXT, bytes)
    assert.equal(#chunks, yielded)
  end)

  it("may be as slow as it likes: the timeout counts the server's silence", function()
    server:script { { body = TEXT, headers = TAG } }
    local client <close> = connect()
    local last
    assert.equal(#TEXT, download(client, { timeout = 0.5, sink = function(chunk)
      keep(chunk)
      if not last then
        last = os.clock()
        repeat until os.clock() - last > 0.7 -- works, and drives nothing
      end
    end }))
    assert.equal(1, #server:requests())
  end)

  it("may be slow while the client does other things", function()
    server:script { { body = TEXT, headers = TAG } }
    local client <close> = connect()
    assert.equal(#TEXT, download(client, { timeout = 0.5, sink = function(chunk)
      if not chunks[1] then client:sleep(0.7) end
      keep(chunk)
    end }))
    assert.equal(1, #server:requests())
  end)

  it("counts for no limit of sockets: a call goes on beside many", function()
    local client <close> = connect()
    local answers, functions, begun = {}, {}, 0
    for index = 1, 17 do -- one more than calls have
      answers[index] = { body = TEXT, stall_after = 1000 }
      functions[index] = function()
        local has_begun = false
        return download(client, { sink = function()
          begun, has_begun = begun + (has_begun and 0 or 1), true
        end })
      end
    end
    answers[18] = { body = '{"name":"spaces/a"}' }
    server:script(answers)
    functions[18] = function()
      repeat client:sleep(0.001) until begun == 17
      local name = client.spaces:get("a").name
      server:release()
      return name
    end
    local results = assert(client:gather(functions, { deadline = 20 }))
    assert.equal("spaces/a", results[18])
    assert.equal(#TEXT, results[17])
  end)

  it("holds no more than it takes: memory stays flat", function()
    local big = ("x"):rep(8 * 1024 * 1024)
    server:script { { body = big } }
    local client <close> = connect()
    local most, bytes = 0, 0
    collectgarbage()
    collectgarbage()
    local before = collectgarbage "count"
    assert.equal(#big, download(client, { sink = function(chunk)
      bytes = bytes + #chunk
      collectgarbage()
      most = math.max(most, collectgarbage "count" - before)
    end }))
    assert.equal(#big, bytes)
    assert.is_true(most < 400, most .. " KiB")
  end)

  it("ends with its task", function()
    server:script { { body = TEXT, stall_after = 1000 } }
    local client <close> = connect()
    local results, err = client:gather({
      function() return download(client) end,
      function()
        repeat client:sleep(0.01) until #chunks > 0
        return nil, "enough"
      end,
    })
    server:release()
    assert.is_nil(results)
    assert.equal("enough", err)
    assert.equal(TEXT:sub(1, 1000), table.concat(chunks))
  end)
end)

describe("a transport whose body is a function", function()
  local function with(answers, options)
    options = options or {}
    options.api_key, options.rate = options.api_key or "k", false
    if options.retry == nil then options.retry = { initial = 0, max = 0 } end
    options.transport = function()
      return table.remove(answers, 1)
    end
    return assert(meet.new(options))
  end

  --- A body that gives the pieces; a table is a message in place of one.
  local function body(pieces)
    return function()
      local piece = table.remove(pieces, 1)
      if type(piece) == "table" then return nil, piece[1] end
      return piece
    end
  end

  it("is read into memory for a call without a sink", function()
    local client <close> = with { { status = 200, body = body { '{"name":', '"spaces/a"}' } } }
    assert.equal("spaces/a", client.spaces:get("a").name)
  end)

  it("is read for an error, too", function()
    local client <close> = with { { status = 404, body = body {
      '{"error":{"code":404,', '"message":"gone","status":"NOT_FOUND"}}' } } }
    local _, err = client:request("GET", "/x", { sink = keep })
    assert.equal("gone", err.message)
  end)

  it("is asked for again where it breaks, by a read", function()
    local client <close> = with {
      { status = 200, body = body { "half", { "the line broke" } } },
      { status = 200, body = body { '{"name":"spaces/a"}' } },
    }
    assert.equal("spaces/a", client.spaces:get("a").name)
    assert.equal(2, client:stats().attempts)
  end)

  it("is too large where it has more than the client takes", function()
    local client <close> = with({
      { status = 200, body = body { ("x"):rep(1000), ("x"):rep(100) } },
    }, { max_response_bytes = 1024 })
    local _, err = client:request("GET", "/x")
    assert.equal("too_large", err.kind)
  end)

  it("goes to a sink chunk by chunk, and has no limit there", function()
    local client <close> = with({
      { status = 200, body = body { ("x"):rep(1000), ("y"):rep(1000) } },
    }, { max_response_bytes = 1024 })
    assert.equal(2000, (client:request("GET", "/x", { sink = keep })))
    assert.same({ ("x"):rep(1000), ("y"):rep(1000) }, chunks)
  end)

  it("is gone on with by a sink where it breaks", function()
    local headers = { ETag = '"a"', ["Content-Length"] = "10" }
    local client <close> = with {
      { status = 200, headers = headers, body = body { "01234", { "the line broke" } } },
      { status = 206, body = "56789", headers = {
        ETag = '"a"', ["Content-Length"] = "5", ["Content-Range"] = "bytes 5-9/10" } },
    }
    assert.equal(10, (client:request("GET", "/x", { sink = keep })))
    assert.equal("0123456789", table.concat(chunks))
  end)

  --- Answers that break: each of a thing of 100 bytes, from `first` on, of which `count` come.
  local function breaking(parts)
    local answers = {}
    for index, part in ipairs(parts) do
      local first, count = part[1], part[2]
      answers[index] = { status = first == 0 and 200 or 206, headers = {
        ETag = part.tag ~= false and '"a"' or nil,
        ["Content-Length"] = tostring(100 - first),
        ["Content-Range"] = first > 0 and ("bytes %d-99/100"):format(first) or nil,
      }, body = body { ("x"):rep(count), not part.is_over and { "the line broke" } or nil } }
    end
    return answers
  end

  --- Download by a custom clock; give what is left of the answers, and how long it took.
  local function take(answers, options)
    local now, folder = 0, tree.temporary()
    local client <close> = with(answers, {
      clock = { now = function() return now end, sleep = function(s) now = now + s end },
    })
    options = options or {}
    options.sink = folder .. "/x"
    local bytes, err = client:request("GET", "/x", options)
    tree.remove(folder)
    return bytes, err, #answers, now
  end

  it("is asked for again five times with nothing new, after ever longer pauses", function()
    local parts = {}
    for index = 1, 9 do parts[index] = { 0, index % 2 == 1 and 5 or 3, tag = false } end
    local bytes, err, left, now = take(breaking(parts))
    assert.is_nil(bytes)
    assert.equal("transport", err.kind)
    assert.equal(3, left) -- the first, and five more
    assert.is_true(math.abs(now - (1 + 1.3 + 1.69 + 2.197)) < 1e-6, now)
  end)

  it("is asked for again from the first pause on, behind something new", function()
    local parts = { { 0, 10 } }
    for _ = 1, 4 do parts[#parts + 1] = { 10, 0 } end
    parts[#parts + 1] = { 10, 10 }
    for _ = 1, 4 do parts[#parts + 1] = { 20, 0 } end
    parts[#parts + 1] = { 20, 80, is_over = true }
    local bytes, err, left, now = take(breaking(parts))
    assert.equal(100, bytes, err)
    assert.equal(0, left)
    assert.is_true(math.abs(now - 2 * (1 + 1.3 + 1.69 + 2.197)) < 1e-6, now)
  end)

  it("is not asked for again past the deadline", function()
    local _, err, _, now = take(breaking { { 0, 10 }, { 10, 0 }, { 10, 0 }, { 10, 0 } },
      { deadline = 2 })
    assert.equal("transport", err.kind)
    assert.equal(1, now)
  end)

  it("is a broken one where it ends before its length", function()
    local parts = { { 0, 60, is_over = true } }
    for _ = 1, 9 do parts[#parts + 1] = { 60, 0, is_over = true } end
    local _, err, left = take(breaking(parts))
    assert.equal("transport", err.kind)
    assert.equal(4, left) -- the first, and five more
  end)

  it("is refused where it has more than its length", function()
    local _, err = take(breaking { { 0, 60 }, { 60, 41, is_over = true } })
    assert.equal("decode", err.kind)
  end)

  for kind, options in pairs { timeout = { timeout = 5 }, deadline = { deadline = 15 } } do
    it("has its " .. kind .. " with a sink, too", function()
      local now = 0
      local answer = { status = 200, body = function()
        now = now + 6
        return "x"
      end }
      local client <close> = with({ answer, answer, answer, answer, answer },
        { clock = { now = function() return now end, sleep = function() end } })
      options.sink = keep
      local _, err = client:request("GET", "/x", options)
      assert.equal(kind, err.kind)
      assert.equal(kind == "deadline" and 2 or 0, #chunks)
    end)
  end

  it("says in one line, without the key, why it broke", function()
    local client <close> = with({
      { status = 200, body = body { { "sent: Bearer secret-k\27[31m" } } },
    }, { api_key = "secret-k", retry = false })
    local _, err = client:request("GET", "/x", { sink = keep })
    assert.is_nil(err.message:find "secret")
    assert.is_nil(err.message:find "%c")
  end)

  it("is refused where it is shorter than what has arrived of the same version", function()
    local headers = { ETag = '"a"' }
    local client <close> = with {
      { status = 200, headers = headers, body = body { "0123456789", { "the line broke" } } },
      { status = 200, headers = headers, body = body { "0123" } },
    }
    local _, err = client:request("GET", "/x", { sink = keep })
    assert.equal("decode", err.kind)
    assert.equal("0123456789", table.concat(chunks))
  end)

  it("may be a number, as without a sink", function()
    local client <close> = with { { status = 200, body = 12345 } }
    assert.equal(5, (client:request("GET", "/x", { sink = keep })))
  end)

  it("raises where it gives neither a string nor nil", function()
    local client <close> = with { { status = 200, body = body { 5 } }, { status = 200,
      body = body { 5 } } }
    for _, options in ipairs { {}, { sink = keep } } do
      local ok, message = pcall(client.request, client, "GET", "/x", options)
      assert.is_false(ok)
      assert.truthy(message:find("transport: 'body' gave a number, not a string", 1, true))
    end
  end)

  it("ends in time in a task", function()
    local client <close> = with({ { status = 200, body = function()
      while true do coroutine.yield() end
    end } }, { timeout = 0.1, retry = false })
    local results, err = client:gather { function() return client:request("GET", "/x") end }
    assert.is_nil(results)
    assert.equal("timeout", err.kind)
  end)
end)
